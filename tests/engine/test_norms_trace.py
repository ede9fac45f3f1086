"""The norms explained: one mechanism, of which only the cells that share a mean differ."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.batch_norm_trace import trace_batch_norm
from engine.errors import ParameterError, ShapeError
from engine.feature_maps import feature_maps
from engine.norms import group_norm
from engine.norms_trace import trace_norm

SHAPE = (3, 4, 2, 5)


def traced(rng, kind, shape=SHAPE, groups=2):
    x, gamma, beta = (rng.normal(size=size) for size in (shape, shape[1], shape[1]))
    return x, trace_norm(x, gamma, beta, kind=kind, groups=groups)


@settings(deadline=None, max_examples=40)
@given(
    shape=st.tuples(*[st.integers(1, 4)] * 4),
    kind=st.sampled_from(["batch", "layer", "instance", "group"]),
    seed=st.integers(0, 99),
)
def test_replay_gives_the_fast_operation(shape, kind, seed, assert_replays):
    _, trace = traced(np.random.default_rng(seed), kind, shape, groups=shape[1])

    assert_replays(trace)


@pytest.mark.parametrize(
    ("kind", "axes", "cells"),
    [
        ("batch", ("channel",), ((0, 3, 1), (1, 1, 1), (0, 2, 1), (0, 5, 1))),
        ("layer", ("image",), ((1, 1, 1), (0, 4, 1), (0, 2, 1), (0, 5, 1))),
        ("instance", ("image", "channel"), ((0, 1, 1), (1, 1, 1), (0, 2, 1), (0, 5, 1))),
        ("group", ("image", "group"), ((0, 1, 1), (2, 2, 1), (0, 2, 1), (0, 5, 1))),
    ],
)
def test_second_mean_is_of_the_cells_that_share_it_and_no_others(rng, kind, axes, cells):
    x, trace = traced(rng, kind)

    step = trace[1]

    where = tuple(slice(start, start + count) for start, count, _ in cells)
    assert (trace.tensors["mu"].axes, step.bind["x"]) == (axes, cells)
    assert step.terms == tuple(x[where].ravel())
    assert step.results[0] == pytest.approx(x[where].mean(), rel=1e-12)


@pytest.mark.parametrize(
    ("kind", "mean", "sum_over"),
    [
        ("batch", r"\mu_{c}", "{n,i,j}"),
        ("layer", r"\mu_{n}", "{c,i,j}"),
        ("instance", r"\mu_{n,c}", "{i,j}"),
        ("group", r"\mu_{n,g}", r"{c \in g,i,j}"),
    ],
)
def test_indices_say_over_what_the_mean_is_taken(rng, kind, mean, sum_over):
    _, trace = traced(rng, kind)

    assert trace.phases[0].formula == (
        rf"\sym{{mu}}{{{mean}}} = \frac{{1}}{{m}} \sum_{sum_over} \sym{{x}}{{x_{{n,c,i,j}}}}"
    )


def test_of_batch_kind_it_tells_what_batch_norm_tells(rng):
    x, gamma, beta = rng.normal(size=SHAPE), rng.normal(size=4), rng.normal(size=4)

    steps = [list(make(x, gamma, beta)) for make in (trace_norm, trace_batch_norm)]

    assert steps[0] == steps[1]


def test_gamma_and_beta_are_always_those_of_the_channel(rng):
    x, gamma, beta = rng.normal(size=(2, 6, 3)), rng.normal(size=6), rng.normal(size=6)
    trace = trace_norm(x, gamma, beta, kind="group", groups=3)

    last = trace.phases[-1]

    read = [(step.bind["y"][1][0], step.bind["gamma"][0][0]) for step in trace if step.phase == 3]
    assert (last.writes, len(read)) == ("y", 36)
    assert all(channel == of_gamma for channel, of_gamma in read)
    expected = group_norm(x, gamma, beta, groups=3).y
    np.testing.assert_allclose(trace.replay()["y"], expected, rtol=1e-12)


def test_cells_that_share_a_mean_are_normalised_one_after_the_other(rng):
    _, trace = traced(rng, "group", (1, 4, 1, 2))

    places = [tuple(at for at, _, _ in s.bind["xhat"])[1:] for s in trace if s.phase == 2]

    assert places == [(c, 0, j) for c in range(4) for j in range(2)]


def test_levels_of_channels_vanish_by_batch_norm_and_those_of_samples_by_layer_norm():
    x = feature_maps("levels", (3, 4, 4, 4))
    one, zero = np.ones(4), np.zeros(4)

    batch, layer = (
        trace_norm(x, one, zero, kind=k).tensors["xhat"].values for k in ("batch", "layer")
    )

    np.testing.assert_allclose(batch.mean(axis=(0, 2, 3)), 0, atol=1e-12)
    np.testing.assert_allclose(layer.mean(axis=(1, 2, 3)), 0, atol=1e-12)
    assert np.ptp(batch.mean(axis=(1, 2, 3))) > 1.5
    assert np.ptp(layer.mean(axis=(0, 2, 3))) > 1.5


def test_unknown_kind_and_what_the_operation_refuses_are_refused(rng):
    arrays = rng.normal(size=(2, 4)), np.ones(4), np.zeros(4)

    with pytest.raises(ParameterError) as refusal:
        trace_norm(*arrays, kind="weight")
    assert str(refusal.value) == (
        "kind: 'weight' is none of the norms; use batch, layer, instance, group"
    )
    with pytest.raises(ShapeError, match="each would be its own mean"):
        trace_norm(*arrays, kind="instance")
