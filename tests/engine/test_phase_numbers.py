"""All steps of a phase at once give what the steps one by one give, to the last bit."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import phase_numbers as module
from engine.boxes import cells, span
from engine.conv2d_backward_trace import trace_conv2d_backward
from engine.conv2d_trace import trace_conv2d
from engine.phase_numbers import cells_written, gathered, phase_numbers
from engine.trace import Trace
from tests.engine.small_traces import phase, tensor
from tests.engine.traced import TRACES

PARTS = ("terms", "running", "partial", "results")


@pytest.fixture(autouse=True)
def _however_few(monkeypatch):
    monkeypatch.setattr(module, "_FEW", 0)


def assert_same_as_one_by_one(trace):
    for index, rule in enumerate(trace.phases):
        steps = [trace.step(index, turn) for turn in range(rule.steps)]
        found, wanted = phase_numbers(trace, index), gathered(steps)
        for part in PARTS:
            one, other = (np.asarray(getattr(made, part)) for made in (found, wanted))
            np.testing.assert_array_equal(one, other, err_msg=f"{part} of {rule.title}")
        assert list(found.picks) == list(wanted.picks)
        assert list(found.cancels) == list(wanted.cancels)
        written = trace.tensors[rule.writes]
        places = [cell for step in steps for cell in cells(step.bind[rule.writes])]
        flat = [np.ravel_multi_index(cell, written.shape) if cell else 0 for cell in places]
        assert cells_written(rule, written).tolist() == flat


@pytest.mark.parametrize("whole", [False, True], ids=["reals", "integers"])
@pytest.mark.parametrize("make", TRACES.values(), ids=TRACES.keys())
def test_of_every_trace(make, whole):
    numbers = np.random.default_rng(47)

    def draw(*shape):
        values = numbers.normal(size=shape, scale=3.0)
        return np.rint(values) if whole else values

    assert_same_as_one_by_one(make(draw))


# Few sizes, so that sums cancel often: exactly, but for rounding, or nearly.
cancelling = st.sampled_from([0.1, 0.2, -0.3, 0.30000000000000004, -0.1, 1e-17, -2.0, 1e16, 0.0])
anything = cancelling | st.sampled_from([math.nan, math.inf, -math.inf, 1e308, -1e308, 5e-324])


def windows(values, taps, bias, **settings):
    """Trace a sliding sum of products, with a bias."""
    positions = len(values) - len(taps) + 1
    rule = phase(
        lambda x, w: x * w,
        reads=("x", "w", "b"),
        loop={"at": positions},
        bind={
            "x": [span(count=len(taps), at=1)],
            "w": [span(count=len(taps))],
            "b": [],
            "y": [span(at=1)],
        },
        extra=("b",),
        **settings,
    )
    written = tensor("y", np.zeros(positions))
    given_ones = [tensor("x", values), tensor("w", taps), tensor("b", bias)]
    return Trace("windows", [*given_ones, written], [rule])


@given(
    values=st.lists(anything, min_size=3, max_size=12),
    taps=st.lists(cancelling | st.just(1.0), min_size=1, max_size=3),
    bias=cancelling,
    divisor=st.sampled_from([1.0, 9.0, 0.1]),
    mean=st.booleans(),
)
def test_of_sums_that_cancel_overflow_or_are_no_numbers(values, taps, bias, divisor, mean):
    settings = {"combine": "mean"} if mean else {"divisor": divisor}

    assert_same_as_one_by_one(windows(values, taps, bias, **settings))


@given(
    x=st.lists(cancelling, min_size=32, max_size=32), w=st.lists(cancelling, min_size=8, max_size=8)
)
def test_of_partial_sums_that_cancel(x, w):
    volume, taps = np.reshape(x, (1, 2, 4, 4)), np.reshape(w, (1, 2, 2, 2))

    assert_same_as_one_by_one(trace_conv2d(volume, taps, np.array([0.3])))
    assert_same_as_one_by_one(trace_conv2d_backward(volume[:, :1, :3, :3], volume, taps))


@given(values=st.lists(anything, min_size=4, max_size=12))
def test_of_maxima_of_anything(values):
    rule = phase(
        loop={"at": len(values) - 2},
        bind={"x": [span(count=3, at=1)], "y": [span(at=1)]},
        combine="max",
    )
    written = tensor("y", np.zeros(len(values) - 2))

    assert_same_as_one_by_one(Trace("maxima", [tensor("x", values), written], [rule]))
