"""The chain rule of batch norm explained: six gradients, three ways that agree."""

from __future__ import annotations

import inspect
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.batch_norm import batch_norm
from engine.batch_norm_backward import batch_norm_backward
from engine.batch_norm_backward_trace import trace_batch_norm_backward
from engine.errors import ParameterError, ShapeError

LECTURE = np.array([[1.0], [2.0], [4.0], [7.0]])
UPSTREAM = np.array([[0.5], [-0.2], [0.1], [0.3]])
ONE, ZERO = np.ones(1), np.zeros(1)
GRAPHS = ["lecture", "gates", "closed"]
SIZE = st.integers(1, 3)
SHAPES = (
    st.tuples(st.integers(1, 7), SIZE)
    | st.tuples(SIZE, SIZE, st.integers(1, 5))
    | st.tuples(SIZE, SIZE, SIZE, st.integers(1, 4))
)
each_graph = pytest.mark.parametrize("graph", GRAPHS)


def random_arguments(shape, seed, offset=0.0):
    numbers = np.random.default_rng(seed)
    cells = numbers.normal(size=shape), numbers.normal(offset, 2, size=shape)
    return *cells, numbers.normal(size=shape[1]), numbers.normal(size=shape[1])


@st.composite
def passes(draw):
    """Draw an upstream gradient, x, gamma and beta."""
    offset = draw(st.sampled_from([0.0, 31.0]))
    return random_arguments(draw(SHAPES), draw(st.integers(0, 2**32 - 1)), offset)


@settings(deadline=None, max_examples=100)
@given(arguments=passes(), graph=st.sampled_from(GRAPHS), eps=st.sampled_from([1e-5, 0.1]))
def test_replay_gives_the_fast_operation_on_every_graph(arguments, graph, eps, assert_replays):
    trace = trace_batch_norm_backward(*arguments, eps=eps, graph=graph)

    fast = batch_norm_backward(arguments[0], batch_norm(*arguments[1:], eps=eps))
    replayed = trace.replay()
    names = {"grad_x": fast.x, "grad_gamma": fast.gamma, "grad_beta": fast.beta}
    for name, values in names.items():
        np.testing.assert_allclose(replayed[name], values, rtol=1e-9, atol=1e-10)
    assert_replays(trace)


@settings(deadline=None, max_examples=40)
@given(arguments=passes(), eps=st.sampled_from([1e-5, 0.1]))
def test_three_ways_to_the_gradients_agree(arguments, eps):
    lecture, gates, closed = (
        trace_batch_norm_backward(*arguments, eps=eps, graph=graph).replay() for graph in GRAPHS
    )

    assert len(lecture.keys() & gates.keys()) == len(lecture) == 14
    for name in lecture:
        np.testing.assert_allclose(gates[name], lecture[name], rtol=1e-9, atol=1e-9)
    for name in closed:
        np.testing.assert_allclose(closed[name], lecture[name], rtol=1e-9, atol=1e-9)


@settings(deadline=None, max_examples=15)
@given(data=st.data(), arguments=passes(), graph=st.sampled_from(GRAPHS))
def test_a_step_is_the_same_whenever_it_is_asked_for(data, arguments, graph):
    trace = trace_batch_norm_backward(*arguments, graph=graph)
    order = data.draw(st.lists(st.integers(0, len(trace) - 1), min_size=1, max_size=20))

    picked = [trace[n] for n in order]

    again = trace_batch_norm_backward(*arguments, graph=graph)
    assert picked == [again[n] for n in order]


@each_graph
def test_six_results_of_the_lecture(graph):
    # PyTorch's automatic differentiation of the four lines, in float64.
    expected = {
        "grad_beta": [0.7],
        "grad_gamma": [0.06546530472291817],
        "grad_xhat": [[0.5], [-0.2], [0.1], [0.3]],
        "grad_sigma2": [-0.006234779050222583],
        "grad_mu": [-0.305504755373618],
        "grad_x": [
            [0.14963496737910087],
            [-0.15898717751962843],
            [-0.03429134712401471],
            [0.043643557264542276],
        ],
    }

    replayed = trace_batch_norm_backward(UPSTREAM, LECTURE, ONE, ZERO, graph=graph).replay()

    told = expected.keys() & replayed.keys()
    assert len(told) == (3 if graph == "closed" else 6)
    for name in told:
        np.testing.assert_allclose(replayed[name], expected[name], rtol=1e-12)


def loss(arguments, eps, **held):
    """Compute the loss in plain NumPy, with some nodes of the graph held at given values."""
    grad_output, x, gamma, beta = arguments
    x, gamma, beta = held.get("x", x), held.get("gamma", gamma), held.get("beta", beta)
    mu = held.get("mu", x.mean(axis=0))
    sigma2 = held.get("sigma2", ((x - mu) ** 2).mean(axis=0))
    xhat = held.get("xhat", (x - mu) / np.sqrt(sigma2 + eps))
    return (grad_output * (gamma * xhat + beta)).sum()


def central_differences(of, at, step=1e-5):
    slope = np.empty_like(at)
    for cell in np.ndindex(at.shape):
        nudge = np.zeros_like(at)
        nudge[cell] = step
        slope[cell] = (of(at + nudge) - of(at - nudge)) / (2 * step)
    return slope


@each_graph
@pytest.mark.parametrize("node", ["beta", "gamma", "xhat", "sigma2", "mu", "x"])
def test_gradient_of_each_node_is_the_slope_of_the_loss(graph, node):
    arguments = random_arguments((5, 3), seed=31)
    trace = trace_batch_norm_backward(*arguments, eps=0.01, graph=graph)
    gradient = trace.replay().get(f"grad_{node}")

    slope = central_differences(
        lambda values: loss(arguments, 0.01, **{node: values}), trace.tensors[node].values
    )

    assert (gradient is None) == (graph == "closed" and node in ("xhat", "sigma2", "mu"))
    if gradient is not None:
        np.testing.assert_allclose(gradient, slope, rtol=1e-6, atol=1e-8)


@each_graph
@settings(deadline=None, max_examples=20)
@given(arguments=passes())
def test_gradient_of_a_batch_sums_to_zero_and_is_orthogonal_to_what_is_normalised(graph, arguments):
    replayed = trace_batch_norm_backward(*arguments, eps=1e-12, graph=graph).replay()

    cells = (0, *range(2, replayed["x"].ndim))
    size = np.abs(replayed["grad_xhat" if "grad_xhat" in replayed else "grad_y"]).max() / np.sqrt(
        replayed["sigma2"].min() + 1e-12
    )
    assert np.abs(replayed["grad_x"].sum(axis=cells)).max() <= 1e-9 * size
    assert np.abs((replayed["grad_x"] * replayed["xhat"]).sum(axis=cells)).max() <= 1e-6 * size


@each_graph
def test_batch_of_two_sends_almost_nothing_back(graph):
    x, grad_output = np.array([[1.0], [3.0]]), np.array([[0.5], [-0.2]])

    replayed = trace_batch_norm_backward(grad_output, x, ONE, ZERO, graph=graph).replay()

    np.testing.assert_allclose(replayed["xhat"], [[-0.999995], [0.999995]], rtol=1e-9)
    np.testing.assert_allclose(replayed["grad_x"], [[3.499947e-6], [-3.499947e-6]], rtol=1e-6)


@each_graph
def test_batch_of_one_sends_nothing_back(graph, assert_replays):
    grad_output, x = np.array([[0.7, -0.3]]), np.array([[3.0, -7.5]])
    gamma, beta = np.array([2.0, 3.0]), np.array([0.5, -1.0])

    trace = trace_batch_norm_backward(grad_output, x, gamma, beta, graph=graph)

    replayed = trace.replay()
    np.testing.assert_allclose(replayed["grad_x"], [[0, 0]], atol=1e-12)
    np.testing.assert_array_equal(replayed["grad_beta"], [0.7, -0.3])
    np.testing.assert_array_equal(replayed["grad_gamma"], [0, 0])
    assert_replays(trace)


@each_graph
def test_constant_batch_takes_the_mean_from_its_gradient_and_scales_by_eps(graph, assert_replays):
    x, grad_output = np.full((3, 1), 5.0), np.array([[0.5], [-0.2], [0.3]])

    trace = trace_batch_norm_backward(grad_output, x, ONE, ZERO, eps=0.01, graph=graph)

    np.testing.assert_allclose(trace.replay()["grad_x"], [[3], [-4], [1]], rtol=1e-12)
    assert_replays(trace)


@each_graph
@pytest.mark.parametrize("shape", [(4, 1), (4, 3), (2, 3, 5), (2, 3, 2, 5)])
def test_formula_names_what_it_binds_and_term_is_called_in_its_order(graph, shape):
    trace = trace_batch_norm_backward(*random_arguments(shape, seed=7), graph=graph)

    assert set(re.findall(r"\\sym\{(\w+)\}", trace.formula)) <= set(trace.tensors)
    for phase in trace.phases:
        named = re.findall(r"\\sym\{(\w+)\}", phase.formula)
        in_term = list(dict.fromkeys(re.findall(r"\\sym\{(\w+)\}", phase.term)))
        assert named[0] == phase.writes
        assert set(named) == {phase.writes, *phase.reads} == set(phase.boxes_at(0))
        assert in_term == list(phase.reads) == list(inspect.signature(phase.evaluate).parameters)
        assert phase.formula.endswith(phase.term)
        assert (r"\mathrel{+}=" in phase.formula) == phase.adds


@each_graph
def test_every_gradient_belongs_to_a_tensor_of_its_shape(graph):
    trace = trace_batch_norm_backward(*random_arguments((2, 3, 5, 7), seed=7), graph=graph)

    gradients = [tensor for tensor in trace.tensors.values() if tensor.role == "gradient"]

    assert all(tensor.name == f"grad_{tensor.gradient_of}" for tensor in gradients)
    belongs_to = [trace.tensors[tensor.gradient_of] for tensor in gradients]
    assert [(t.axes, t.shape) for t in gradients] == [(t.axes, t.shape) for t in belongs_to]


def test_arguments_may_be_float32_and_are_explained_in_float64():
    arguments = [array.astype(np.float32) for array in random_arguments((5, 3), seed=31)]

    trace = trace_batch_norm_backward(*arguments)

    exact = trace_batch_norm_backward(*(array.astype(np.float64) for array in arguments))
    np.testing.assert_array_equal(trace.tensors["grad_x"].values, exact.tensors["grad_x"].values)


@each_graph
def test_trace_keeps_its_own_copy_of_the_arguments(graph):
    arguments = random_arguments((5, 3), seed=31)
    trace = trace_batch_norm_backward(*arguments, graph=graph)
    before = list(trace)

    for array in arguments:
        array[...] = 0

    assert list(trace) == before


@pytest.mark.parametrize("graph", ["Lecture", "", None, ["lecture"]])
def test_unknown_graph_is_refused(graph):
    with pytest.raises(ParameterError) as refusal:
        trace_batch_norm_backward(UPSTREAM, LECTURE, ONE, ZERO, graph=graph)

    assert str(refusal.value) == (
        f'graph: {graph!r} is not known; use "lecture", "gates" or "closed"'
    )


def test_upstream_gradient_of_another_shape_or_type_is_refused():
    with pytest.raises(ShapeError) as of_shape:
        trace_batch_norm_backward(UPSTREAM.T, LECTURE, ONE, ZERO)
    with pytest.raises(ParameterError) as of_type:
        trace_batch_norm_backward(UPSTREAM.astype(np.float32), LECTURE, ONE, ZERO)

    assert str(of_shape.value) == (
        "grad_output: shape (1, 4) is not the shape (4, 1) of the output; "
        "use one gradient for each output cell"
    )
    assert str(of_type.value) == (
        "grad_output: float32 does not go with x, which is float64; "
        "convert one of them, e.g. with grad_output.astype(np.float64)"
    )
