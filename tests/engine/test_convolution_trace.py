"""The convolution of mathematics, explained in its own indices."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import convolve2d as scipy_convolve2d

from engine.convolution import convolve1d
from engine.convolution_trace import trace_convolve1d, trace_convolve2d

SIZE, TAPS = st.integers(1, 6), st.integers(1, 5)


@settings(deadline=None, max_examples=40)
@given(size=SIZE, taps=TAPS, divisor=st.sampled_from([1, 9, -2.5]))
def test_replay_gives_the_convolution_of_a_signal(size, taps, divisor, assert_replays):
    numbers = np.random.default_rng(size * 10 + taps)
    signal, kernel = numbers.normal(size=size), numbers.normal(size=taps)
    trace = trace_convolve1d(signal, kernel, divisor=divisor)

    y = trace.replay()["y"]

    np.testing.assert_allclose(y, convolve1d(signal, kernel) / divisor, rtol=1e-9, atol=1e-12)
    assert_replays(trace)


@settings(deadline=None, max_examples=40)
@given(size=st.tuples(SIZE, SIZE), taps=st.tuples(TAPS, TAPS))
def test_replay_gives_the_convolution_of_a_picture(size, taps, assert_replays):
    numbers = np.random.default_rng(31)
    image, kernel = numbers.normal(size=size), numbers.normal(size=taps)
    trace = trace_convolve2d(image, kernel)

    y = trace.replay()["y"]

    full = scipy_convolve2d(image, kernel)
    same = full[taps[0] // 2 :, taps[1] // 2 :][: size[0], : size[1]]
    np.testing.assert_allclose(y, same, rtol=1e-9, atol=1e-12)
    assert_replays(trace)


@pytest.mark.parametrize(
    ("taps", "first", "last"),
    [
        pytest.param(3, -1, 1, id="a from -1 to 1"),
        pytest.param(4, -2, 1, id="a from -2 to 1"),
        pytest.param(5, -2, 2, id="a from -2 to 2"),
        pytest.param(2, -1, 0, id="a from -1 to 0"),
    ],
)
def test_terms_run_through_a_from_minus_half_the_kernel_up(taps, first, last):
    # X(n) = n, and W(floor(K/2) + a) = 1: the terms are the indices i - a.
    trace = trace_convolve1d(np.arange(11.0), np.ones(taps))

    step = trace.step(1, 5)

    assert step.terms == tuple(5.0 - a for a in range(first, last + 1))
    assert step.bind["w"] == ((0, taps, 1),)
    assert step.bind["x"][0][1:] == (taps, -1)


def test_signal_is_read_backwards_under_a_kernel_read_forwards():
    x, w = np.array([1.0, 10.0, 100.0]), np.array([2.0, 3.0, 4.0])

    trace = trace_convolve1d(x, w)

    assert [trace.step(1, n).terms for n in range(3)] == [
        (20.0, 3.0, 0.0),
        (200.0, 30.0, 4.0),
        (0.0, 300.0, 40.0),
    ]


def test_zeros_are_set_up_around_the_signal_and_a_single_tap_needs_none():
    x = np.array([1.0, 2.0, 3.0])

    even, single = trace_convolve1d(x, np.ones(4)), trace_convolve1d(x, np.ones(1))

    padded = even.tensors["padded"]
    np.testing.assert_array_equal(padded.values, [0, 1, 2, 3, 0, 0])
    assert (padded.extends, padded.offset, even.phases[0].setup) == ("x", (1,), True)
    assert list(single.tensors) == ["x", "weight", "y"]


HALF = r"\sum_{%s=-\lfloor K%s/2 \rfloor}^{\lceil K%s/2 \rceil - 1} "


@pytest.mark.parametrize(
    ("taps", "formula"),
    [
        pytest.param(
            (5,),
            r"\sym{y}{Y(i)} = \sum_{u=-k}^{k} \sym{w}{W(u)} \cdot \sym{x}{X(i - u)}",
            id="odd, 1-D",
        ),
        pytest.param(
            (4,),
            rf"\sym{{y}}{{Y(i)}} = {HALF % ('a', '', '')}"
            r"\sym{w}{W(\lfloor K/2 \rfloor + a)} \cdot \sym{x}{X(i - a)}",
            id="even, 1-D",
        ),
        pytest.param(
            (3, 3),
            r"\sym{y}{Y(i, j)} = \sum_{u=-k}^{k} \sum_{v=-k}^{k} "
            r"\sym{w}{W(u, v)} \cdot \sym{x}{X(i - u, j - v)}",
            id="odd, 2-D",
        ),
        pytest.param(
            (3, 5),
            r"\sym{y}{Y(i, j)} = \sum_{u=-k_1}^{k_1} \sum_{v=-k_2}^{k_2} "
            r"\sym{w}{W(u, v)} \cdot \sym{x}{X(i - u, j - v)}",
            id="two odd sizes",
        ),
        pytest.param(
            (2, 3),
            rf"\sym{{y}}{{Y(i, j)}} = {HALF % ('a', '_1', '_1')}{HALF % ('b', '_2', '_2')}"
            r"\sym{w}{W(\lfloor K_1/2 \rfloor + a, \lfloor K_2/2 \rfloor + b)} "
            r"\cdot \sym{x}{X(i - a, j - b)}",
            id="an even size and an odd one",
        ),
    ],
)
def test_formula_has_the_indices_of_the_lecture(taps, formula):
    explain = (trace_convolve1d, trace_convolve2d)[len(taps) - 1]

    trace = explain(np.ones((7, 11)[: len(taps)]), np.ones(taps))

    assert trace.phases[-1].formula == formula


@pytest.mark.parametrize("taps", [(1, 1), (3, 3), (4, 3)])
def test_symbols_of_a_formula_are_what_its_phase_binds(taps):
    trace = trace_convolve2d(np.ones((5, 6)), np.ones(taps), divisor=4)

    for phase in trace.phases:
        assert set(re.findall(r"\\sym\{(\w+)\}", phase.formula)) == {*phase.reads, phase.writes}


def test_one_step_of_a_picture_can_be_checked_by_hand():
    image = np.array([[1.0, 2.0], [3.0, 4.0]])
    kernel = np.array([[1.0, 10.0], [100.0, 1000.0]])

    step = trace_convolve2d(image, kernel, divisor=2).step(1, 0)

    assert step.terms == (4.0, 30.0, 200.0, 1000.0)
    assert step.running == (4.0, 34.0, 234.0, 1234.0, 617.0)
