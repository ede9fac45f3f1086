"""Slopes by extrapolated central differences."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.ridders import slope


@given(st.floats(-3, 3), st.floats(0.01, 0.5))
def test_slope_of_a_smooth_function_has_eleven_digits(at, step):
    assert slope(math.sin, at, step).value == pytest.approx(math.cos(at), abs=2e-11)


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e12])
def test_scale_of_the_function_does_not_matter(scale):
    found = slope(lambda x: scale * math.exp(x / scale), scale, scale / 4)

    assert found.value == pytest.approx(math.e, rel=1e-11)


def test_parabola_is_exact():
    assert slope(lambda x: x * x, 3.0, 1.0).value == pytest.approx(6, rel=1e-15)


def test_constant_has_no_slope_and_no_doubt():
    assert slope(lambda x: 7.0, 2.0, 0.5) == (0.0, 0.0)


def test_doubt_tells_of_a_function_that_is_noise():
    noisy = slope(lambda x: math.sin(1e9 * x), 1.0, 0.1)

    assert noisy.doubt > 0.1
