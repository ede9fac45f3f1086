"""Slopes found by moving one node of batch norm, and what they say of its gradients."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.batch_norm_pass_trace import trace_batch_norm_pass
from engine.batch_norm_slopes import batch_norm_slopes
from engine.trace import Trace

UPSTREAM = [0.5, -0.2, 0.1, 0.3]


def told(x, back=UPSTREAM, *, behind="grad_output", gamma=1.0, beta=0.0, eps=1e-5, graph="lecture"):
    x, back = (np.array(each, dtype=float)[:, np.newaxis] for each in (x, back))
    return trace_batch_norm_pass(
        x, np.array([gamma]), np.array([beta]), eps=eps, graph=graph, **{behind: back}
    )


def slopes(*args, eps=1e-5, **settings):
    return batch_norm_slopes(told(*args, eps=eps, **settings), eps=eps)


@pytest.mark.parametrize("graph", ["lecture", "gates"])
@settings(deadline=None, max_examples=60, derandomize=True)
@given(
    seed=st.integers(0, 2**32 - 1),
    m=st.integers(3, 16),
    spread=st.sampled_from([1e-3, 1.0, 1e4]),
    offset=st.sampled_from([0.0, 5.0, -1234.5678]),
    eps=st.sampled_from([1e-8, 1e-5, 1.0]),
    behind=st.sampled_from(["grad_output", "target"]),
)
@example(seed=738738, m=11, spread=1e-3, offset=0.0, eps=1e-8, behind="target")
def test_every_gradient_of_an_ordinary_batch_agrees(seed, m, spread, offset, eps, behind, graph):
    rng = np.random.default_rng(seed)
    x, back = offset + spread * rng.normal(size=m), rng.normal(size=m)

    checks = slopes(x, back, behind=behind, gamma=rng.normal(), eps=eps, graph=graph)

    assert {node: check.relative_error for node, check in checks.items() if not check.agrees} == {}
    assert {check.why for check in checks.values()} <= {None, "Both are zero but for rounding."}
    assert {"x", "gamma", "beta", "xhat", "sigma2", "mu", "y"} <= checks.keys()


@pytest.mark.parametrize("node", ["x", "mu", "sigma2", "xhat", "gamma", "beta", "y"])
def test_wrong_gradient_does_not_agree(node):
    right = told([1, 2, 4, 7], behind="target")
    wrong = right.tensors[f"grad_{node}"]
    wrong = replace(wrong, values=wrong.values * 1.00001)
    tensors = [wrong if t.name == wrong.name else t for t in right.tensors.values()]

    check = batch_norm_slopes(Trace("wrong", tensors, right.phases), eps=1e-5)[node]

    assert (check.agrees, check.why) == (False, None)
    assert check.relative_error == pytest.approx(1e-5, rel=0.01)


def test_slopes_of_the_spoken_slips_of_the_lecture_are_not_found():
    checks = slopes([1, 2, 4, 7])

    assert checks["mu"].numeric == pytest.approx([-0.3055], abs=5e-5)
    assert checks["x"].numeric == pytest.approx([0.1496, -0.159, -0.0343, 0.0436], abs=5e-5)


@pytest.mark.parametrize("eps", [1e-8, 1e-5, 1e-3, 1.0])
@pytest.mark.parametrize("value", [3.0, 0.1, -120.0])
def test_constant_batch_is_checked_within_its_eps(value, eps):
    checks = slopes([value] * 4, eps=eps)

    assert all(check.agrees and check.why is None for check in checks.values())
    assert checks["x"].numeric == pytest.approx(checks["x"].analytic, rel=1e-6)


def test_single_sample_has_zeros_that_agree():
    check = slopes([5.0], [0.5])["x"]

    assert (check.analytic, check.numeric, check.relative_error, check.agrees) == (
        (0.0,),
        (0.0,),
        0.0,
        True,
    )


def test_two_samples_have_tiny_gradients_that_agree_all_the_same():
    check = slopes([1.0, 4.0], [0.5, -0.2])["x"]

    assert 0 < max(check.analytic) < 1e-5
    assert check.agrees


def test_gradient_that_rounding_hides_is_not_said_to_agree():
    check = slopes([-500.0, 480.0], [1.0, 2.5], eps=1e-7)["x"]

    assert not check.agrees
    assert "rounding disturbs its slope" in check.why


def test_zero_but_for_rounding_agrees_and_says_so():
    check = slopes([1.0, 2.0, 4.0, 7.0], [1.1, 2.2, -3.3, 0.0])["beta"]

    assert (check.agrees, check.relative_error) == (True, 0.0)
    assert check.why == "Both are zero but for rounding."
    assert (check.analytic, check.numeric) == ((0.0,), (0.0,))


@pytest.mark.parametrize(
    ("x", "eps"),
    [pytest.param([3.0] * 4, 1e-30, id="eps"), pytest.param([1e6] * 4, 1e-14, id="offset")],
)
def test_batch_too_coarse_for_its_eps_has_no_slopes_and_says_why(x, eps):
    checks = slopes(x, eps=eps)

    for node in ("x", "mu"):
        assert not checks[node].agrees
        assert np.isnan(checks[node].numeric).all()
        assert "too coarse beside the root of sigma2 + eps" in checks[node].why
    assert checks["gamma"].agrees
