"""Batch norm as one play: the lecture's numbers from the batch to the loss and back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import ParameterError, ShapeError
from engine.batch_norm import batch_norm
from engine.batch_norm_backward import batch_norm_backward
from engine.batch_norm_pass_trace import trace_batch_norm_pass

BATCH = np.array([[1.0], [2.0], [4.0], [7.0]])
UPSTREAM = np.array([[0.5], [-0.2], [0.1], [0.3]])
ONE, ZERO = np.ones(1), np.zeros(1)
GRAPHS = pytest.mark.parametrize("graph", ["lecture", "gates"])


def lecture(**changed):
    given_ = {"x": BATCH, "gamma": ONE, "beta": ZERO, "grad_output": UPSTREAM} | changed
    return trace_batch_norm_pass(**given_)


def values(trace, name):
    return trace.tensors[name].values.ravel()


@GRAPHS
def test_worked_example_of_the_lecture(graph):
    trace = lecture(graph=graph)

    found = {
        name: values(trace, name).round(4).tolist() for name in trace.tensors if "grad" in name
    }
    assert values(trace, "xhat").round(4).tolist() == [-1.0911, -0.6547, 0.2182, 1.5275]
    assert found["grad_beta"] == [0.7]
    assert found["grad_gamma"] == [0.0655]
    assert found["grad_xhat"] == [0.5, -0.2, 0.1, 0.3]
    assert found["grad_sigma2"] == [-0.0062]
    assert found["grad_mu"] == [-0.3055]
    assert found["grad_x"] == [0.1496, -0.159, -0.0343, 0.0436]


def test_play_goes_forward_to_the_loss_and_back_in_the_order_of_the_lecture():
    trace = lecture()

    assert [phase.writes for phase in trace.phases] == [
        "mu", "sigma2", "xhat", "y", "loss", "grad_beta", "grad_gamma", "grad_xhat",
        "grad_sigma2", "grad_mu", "grad_mu", "grad_x", "grad_x", "grad_x",
    ]  # fmt: skip
    assert not any(phase.setup for phase in trace.phases)


@GRAPHS
@settings(deadline=None, max_examples=25)
@given(
    seed=st.integers(0, 2**32 - 1),
    m=st.integers(1, 16),
    eps=st.sampled_from([1e-8, 1e-5, 1.0]),
    scale=st.sampled_from([1e-3, 1.0, 1234.5]),
    behind=st.sampled_from(["grad_output", "target"]),
)
def test_random_batches_are_those_of_the_fast_operation(
    seed, m, eps, scale, behind, graph, assert_replays
):
    rng = np.random.default_rng(seed)
    x, back = scale * rng.normal(size=(m, 1)), rng.normal(size=(m, 1))
    gamma, beta = rng.normal(size=1), rng.normal(size=1)

    trace = trace_batch_norm_pass(x, gamma, beta, eps=eps, graph=graph, **{behind: back})

    forward = batch_norm(x, gamma, beta, eps=eps)
    gradients = batch_norm_backward(back if behind == "grad_output" else forward.y - back, forward)
    size = np.abs(gradients.x_hat).max() / np.sqrt(forward.var[0] + eps)
    np.testing.assert_allclose(trace.tensors["y"].values, forward.y, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(trace.tensors["grad_x"].values, gradients.x, atol=1e-12 * size)
    assert_replays(trace)


@GRAPHS
def test_given_gradient_is_an_input_and_the_slope_of_the_loss(graph):
    trace = lecture(graph=graph)

    assert "grad_y" not in {phase.writes for phase in trace.phases}
    assert values(trace, "loss")[0] == pytest.approx((values(trace, "y") * UPSTREAM.ravel()).sum())


@GRAPHS
def test_gradient_from_a_loss_is_output_minus_target(graph):
    trace = lecture(grad_output=None, target=UPSTREAM, graph=graph)

    apart = values(trace, "y") - UPSTREAM.ravel()
    np.testing.assert_allclose(values(trace, "grad_y"), apart, rtol=1e-15)
    assert values(trace, "loss")[0] == pytest.approx((apart**2).sum() / 2)
    written = [phase.writes for phase in trace.phases]
    assert written.index("loss") + 1 == written.index("grad_y") < written.index("grad_beta")


def test_loss_counts_its_samples_by_the_letter_of_the_batch():
    trace = lecture(grad_output=None, target=UPSTREAM)

    loss, slope = (p for p in trace.phases if p.writes in ("loss", "grad_y"))
    assert r"\frac{1}{2} \sum_{i=1}^{m} (\sym{y}{y_i} - \sym{t}{t_i})^2" in loss.formula
    assert slope.term == r"\sym{y}{y_i} - \sym{t}{t_i}"


@GRAPHS
def test_tensors_have_one_cell_a_sample_or_one_in_all(graph):
    trace = lecture(grad_output=None, target=UPSTREAM, graph=graph)

    shapes = {tensor.axes: tensor.shape for tensor in trace.tensors.values()}
    assert shapes == {("sample", "feature"): (4, 1), ("feature",): (1,)}
    assert trace.tensors["loss"].axes == ("feature",)


def test_second_route_to_the_mean_cancels_and_says_so():
    trace = lecture(x=np.array([[0.1], [0.7], [0.4]]), grad_output=UPSTREAM[:3])

    first, second = [n for n, phase in enumerate(trace.phases) if phase.writes == "grad_mu"]
    assert (trace.step(second, 0).cancels, trace.step(second, 0).results) == (True, (0,))
    assert any(trace.step(second, 0).terms)
    assert not trace.step(first, 0).cancels


@GRAPHS
@settings(deadline=None)
@given(st.floats(-1e6, 1e6), st.floats(-1e3, 1e3), st.floats(-10, 10))
def test_single_sample_has_no_gradient_and_no_rounding(graph, x, upstream, gamma):
    trace = lecture(
        x=np.array([[x]]),
        gamma=np.array([gamma]),
        grad_output=np.array([[upstream]]),
        graph=graph,
    )

    assert (values(trace, "xhat")[0], values(trace, "grad_x")[0]) == (0, 0)


@GRAPHS
def test_steps_write_every_tensor_to_the_last_bit_but_where_rounded_routes_meet(graph):
    trace = lecture(x=np.array([[0.1], [-1234.5678], [1e-9], [7.0]]), graph=graph)

    replayed = trace.replay()

    shares = dict.fromkeys(trace.tensors, 0.0)
    for step in trace:
        phase = trace.phases[step.phase]
        shares[phase.writes] += phase.adds * sum(map(abs, step.results))
    for name, tensor in trace.tensors.items():
        apart = abs(replayed[name] - tensor.values).max()
        assert apart <= 2e-16 * shares[name]


def test_two_samples_are_one_apart_whatever_they_are():
    trace = lecture(x=np.array([[3.0], [-11.0]]), grad_output=UPSTREAM[:2])

    np.testing.assert_allclose(values(trace, "xhat"), [1, -1], atol=1e-6)
    np.testing.assert_allclose(values(trace, "grad_x"), 0, atol=1e-7)


def test_constant_batch_has_gradients_as_large_as_eps_lets_them():
    trace = lecture(x=np.full((4, 1), 3.0), eps=1e-4)

    np.testing.assert_allclose(
        values(trace, "grad_x"), 100 * (UPSTREAM - UPSTREAM.mean()).ravel(), rtol=1e-12
    )


@pytest.mark.parametrize(
    ("changed", "error", "sentence"),
    [
        pytest.param(
            {"x": np.ones((4, 2)), "gamma": np.ones(2), "beta": np.ones(2)},
            ShapeError,
            r"^x: shape \(4, 2\) has more than one activation a sample",
            id="two features",
        ),
        pytest.param(
            {"grad_output": UPSTREAM[:3]},
            ShapeError,
            r"^grad_output: shape \(3, 1\) is not the shape \(4, 1\) of y",
            id="gradient of another shape",
        ),
        pytest.param(
            {"target": UPSTREAM},
            ParameterError,
            "^grad_output: either the gradient of y, or a target",
            id="gradient and target",
        ),
        pytest.param(
            {"grad_output": None},
            ParameterError,
            "^grad_output: either the gradient of y, or a target",
            id="neither",
        ),
        pytest.param(
            {"graph": "closed"},
            ParameterError,
            '^graph: \'closed\' is not known; use "lecture" or "gates"',
            id="no such graph",
        ),
        pytest.param({"eps": 0.0}, ParameterError, "^eps: 0.0", id="no eps"),
    ],
)
def test_what_cannot_be_told_is_refused(changed, error, sentence):
    with pytest.raises(error, match=sentence):
        lecture(**changed)
