"""Gradients checked all at once, and programs that compute the numbers of the page."""

from __future__ import annotations

import re
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings

from app.checks import CHECKS
from app.programs import PROGRAMS
from engine import batch_norm, batch_norm_backward
from tests.app.drawn_norms import BODIES

NODES = ("x", "gamma", "beta", "xhat", "sigma2", "mu", "y")


def post(client, route, **body):
    return client.post(f"/api/{route}", json={"op": "batch_norm_pass", **body})


def checked(client, **body):
    return post(client, "checks", **body).json()["gradients"]


def test_every_gradient_of_the_worked_example_agrees(client):
    gradients = checked(client)

    assert gradients.keys() == set(NODES)
    assert all(check["agrees"] and check["why"] is None for check in gradients.values())
    assert max(check["relative_error"] for check in gradients.values()) < 1e-10
    assert np.round(gradients["x"]["numeric"], 4).tolist() == [0.1496, -0.159, -0.0343, 0.0436]


def test_analytic_gradients_are_those_of_the_fast_operation(client):
    x, upstream, gamma = [3, -1.5, 0.25, 8, 2], [1, -2, 0.5, 0, 3], -1.25
    forward = batch_norm(np.array(x, float)[:, None], np.array([gamma]), np.array([0.5]), eps=0.1)
    back = batch_norm_backward(np.array(upstream, float)[:, None], forward)

    gradients = checked(client, x=x, grad_y=upstream, gamma=gamma, beta=0.5, eps=0.1)

    arrays = {"x": back.x, "gamma": back.gamma, "beta": back.beta, "xhat": back.x_hat}
    arrays |= {"sigma2": back.var, "mu": back.mean, "y": back.grad_output}
    for node, array in arrays.items():
        for kind in ("analytic", "numeric"):
            np.testing.assert_allclose(gradients[node][kind], array.ravel(), rtol=1e-8, atol=1e-12)


@settings(deadline=None, max_examples=60)
@given(body=BODIES["batch_norm_pass"])
def test_gradients_of_random_batches_agree_or_say_why(client, body):
    gradients = client.post("/api/checks", json=body).json()["gradients"]

    assert gradients.keys() >= set(NODES)
    assert all(check["agrees"] or check["why"] for check in gradients.values())
    assert all(check["relative_error"] < 1e-6 for check in gradients.values() if check["agrees"])


def test_slopes_that_cannot_be_found_are_null(client):
    check = checked(client, x={"preset": "constant"}, eps=1e-30)["x"]

    assert (check["numeric"], check["relative_error"], check["agrees"]) == ([None] * 4, None, False)
    assert check["why"].startswith("x is stored to within 3e-16, too coarse beside the root")


def test_nodes_of_the_fine_graph_are_checked_too(client):
    gradients = checked(client, graph="gates", upstream="loss")

    fine = {"centred", "squared", "shifted", "root", "inverse", "scaled"}
    assert gradients.keys() == set(NODES) | fine
    assert all(check["agrees"] for check in gradients.values())


@pytest.mark.parametrize(
    ("route", "known"), [("checks", '"batch_norm_pass" or "block"'), ("code", '"batch_norm_pass"')]
)
def test_other_operations_are_refused(client, route, known):
    reply = client.post(f"/api/{route}", json={"op": "conv2d"})

    assert reply.status_code == 422
    assert reply.json()["detail"]["message"] == f'op: "conv2d" is not known; use {known}'


SETTINGS = pytest.mark.parametrize(
    "body",
    [
        pytest.param({}, id="as it opens"),
        pytest.param({"upstream": "loss", "gamma": -2.5, "beta": 0.5}, id="from a loss"),
        pytest.param({"x": {"size": 16}, "gamma": -1234.5678, "eps": 0.25}, id="sixteen"),
        pytest.param({"x": [-1234.5678, 1e-9], "grad_y": [1e-9, 3]}, id="two, large and small"),
        pytest.param({"x": [5]}, id="one"),
        pytest.param({"x": {"preset": "constant"}, "graph": "gates"}, id="constant"),
    ],
)


def printed(program):
    """Run a program and read the numbers behind each name that it prints."""
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stderr == ""
    found = re.findall(r"^([a-z]\w*) +((?:.|\n (?! *[a-z]))*)", run.stdout, re.MULTILINE)
    return {name: np.array(re.findall(r"[-+.\de]+", text), float) for name, text in found}


@SETTINGS
def test_numpy_program_prints_the_numbers_of_the_trace(client, body):
    tensors = post(client, "trace", **body).json()["tensors"]

    numbers = printed(post(client, "code", **body).json()["numpy"])

    assert numbers.keys() >= {"mu", "sigma2", "xhat", "y", "loss", *map("grad_{}".format, NODES)}
    for name, values in numbers.items():
        expected = np.array(tensors[name]["values"])
        # NumPy prints eight digits of the largest number of an array; 1e-15 is rounding.
        scale = max(1e-8, np.abs(expected).max())
        np.testing.assert_allclose(values, expected, rtol=1e-6, atol=1e-7 * scale)


@SETTINGS
def test_pytorch_program_is_a_program_with_the_same_numbers(client, body):
    tensors = post(client, "trace", **body).json()["tensors"]

    program = post(client, "code", **body).json()["pytorch"]

    compile(program, "program.py", "exec")
    x = re.search(r"x = torch.tensor\(\[([^]]*)\]\)", program)[1]
    assert [float(each) for each in x.split(",") if each.strip()] == tensors["x"]["values"]
    assert ("F.batch_norm(x" in program) == (len(tensors["x"]["values"]) > 1)


@SETTINGS
@pytest.mark.parametrize("library", ["numpy", "pytorch"])
def test_lines_of_a_program_fit_on_a_page(client, body, library):
    program = post(client, "code", **body).json()[library]

    assert max(map(len, program.splitlines())) <= 88


def test_gradients_of_the_program_come_in_the_order_of_the_lecture(client):
    program = post(client, "code").json()["numpy"]

    assigned = re.findall(r"^grad_(\w+) =", program.split("# Backward")[1], re.MULTILINE)
    assert assigned == ["beta", "gamma", "xhat", "sigma2", "mu", "x"]


def test_tables_of_checks_and_programs_name_operations(client):
    known = {row["id"] for row in client.get("/api/operations").json()}

    assert known >= CHECKS.keys() | PROGRAMS.keys()
