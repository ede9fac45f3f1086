"""Each way to filter a picture against SciPy, and at the borders between the ways."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from engine.filter_image import filter_image
from engine.image_strategies import factorise, shifts, transform, two_passes, windows

SCIPY_MODES = {
    "zeros": "constant",
    "reflect": "mirror",
    "replicate": "nearest",
    "circular": "grid-wrap",
}


def reference(image, taps, mode="reflect"):
    """Sums in float64 by SciPy, channel by channel; its even kernels reach up, ours down."""
    origin = [-1 if size % 2 == 0 else 0 for size in taps.shape]
    planes = image.astype(np.float64).reshape(*image.shape[:2], -1)
    filtered = [
        ndimage.correlate(plane, taps.astype(np.float64), mode=SCIPY_MODES[mode], origin=origin)
        for plane in np.moveaxis(planes, 2, 0)
    ]
    return np.stack(filtered, axis=2).reshape(image.shape)


def relative_error(result, exact):
    return np.abs(result.astype(np.float64) - exact).max() / np.abs(exact).max()


def gaussian(height, width):
    rows, columns = (np.exp(-((np.arange(n) - n // 2) ** 2) / n) for n in (height, width))
    return np.outer(rows, columns)


def whole_taps(height, width, seed=0):
    return np.random.default_rng(seed).integers(-9, 10, (height, width))


KERNELS = [
    pytest.param(np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]), id="shifts"),
    pytest.param(np.array([[0, 0], [10**11, 1]]), id="shifts of large sums"),
    pytest.param(whole_taps(5, 3), id="windows of small integers"),
    pytest.param(whole_taps(4, 2) * 1001, id="windows in float32"),
    pytest.param(whole_taps(7, 6) * 10**5, id="windows in float64"),
    pytest.param(whole_taps(14, 13) * 10**9, id="windows instead of a transform"),
    pytest.param(np.rint(40 * gaussian(9, 10)[:, :1]) @ [[1, -2, 5, 7, 2, 3]], id="two passes"),
    pytest.param(whole_taps(22, 21), id="transform"),
]
FLOATING = [
    pytest.param(np.random.default_rng(1).normal(size=(2, 3)), id="windows"),
    pytest.param(np.random.default_rng(0).normal(size=(12, 11)), id="many windows"),
    pytest.param(gaussian(31, 31), id="two passes"),
    pytest.param(gaussian(6, 34), id="two passes, even sizes"),
    pytest.param(np.random.default_rng(0).normal(size=(21, 24)), id="transform"),
]
MODES = [pytest.param(mode, id=mode) for mode in SCIPY_MODES]
COLOURS = [pytest.param((), id="grey"), pytest.param((3,), id="colours")]


@pytest.mark.parametrize("colours", COLOURS)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kernel", KERNELS)
def test_whole_taps_give_exact_bytes_in_every_way(rng, kernel, mode, colours):
    image, kernel = rng.integers(0, 256, (41, 53, *colours), dtype=np.uint8), kernel.astype(int)
    divisor = max(1, int(np.abs(kernel.sum())))

    filtered = filter_image(image, kernel, padding_mode=mode, divisor=divisor)

    expected = np.rint(reference(image, kernel, mode) / divisor).clip(0, 255)
    np.testing.assert_array_equal(filtered, expected)


@pytest.mark.parametrize("colours", COLOURS)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kernel", FLOATING)
def test_float32_levels_are_exact_to_a_millionth_in_every_way(rng, kernel, mode, colours):
    image = rng.normal(size=(47, 59, *colours)).astype(np.float32)

    filtered = filter_image(image, kernel, padding_mode=mode)

    assert relative_error(filtered, reference(image, kernel, mode)) < 1e-6


@pytest.mark.parametrize("kernel", FLOATING)
def test_float64_taps_round_bytes_as_float64_sums_do(rng, kernel):
    image = rng.integers(0, 256, (43, 61, 3), dtype=np.uint8)

    filtered = filter_image(image, kernel)

    np.testing.assert_array_equal(filtered, np.rint(reference(image, kernel)).clip(0, 255))


@pytest.mark.parametrize(
    ("shape", "kernel"),
    [
        pytest.param((523, 257, 3), whole_taps(3, 3), id="windows, many strips"),
        pytest.param((1301, 211), np.ones((9, 9), int), id="two passes, many strips"),
        pytest.param((263, 281, 3), whole_taps(21, 22), id="transform, tiles both ways"),
    ],
)
def test_strips_and_tiles_leave_no_seam(rng, shape, kernel):
    image = rng.integers(0, 256, shape, dtype=np.uint8)

    filtered = filter_image(image, kernel, divisor=83)

    np.testing.assert_array_equal(filtered, np.rint(reference(image, kernel) / 83).clip(0, 255))


@pytest.mark.parametrize("mode", ["zeros", "replicate"])
@pytest.mark.parametrize("size", [(1, 1), (1, 5), (2, 3), (4, 1)])
@pytest.mark.parametrize("taps", [(3, 3), (8, 7), (23, 22)])
def test_pictures_may_be_smaller_than_the_kernel(rng, mode, size, taps):
    image, kernel = rng.integers(0, 256, (*size, 3), dtype=np.uint8), whole_taps(*taps)

    filtered = filter_image(image, kernel, padding_mode=mode, divisor=77)

    expected = np.rint(reference(image, kernel, mode) / 77).clip(0, 255)
    np.testing.assert_array_equal(filtered, expected)


@pytest.mark.parametrize("kernel", [whole_taps(3, 5), gaussian(9, 9), whole_taps(24, 22)])
def test_what_is_under_a_zero_has_no_influence_not_even_if_it_is_no_number(rng, kernel):
    image = rng.normal(size=(31, 37)).astype(np.float32)
    kernel = kernel.astype(float)
    kernel[1, 2:4] = 0
    blemished = image.copy()
    blemished[14:16, 17:19] = [[np.nan, np.inf], [-np.inf, np.nan]]
    reached = reference(~np.isfinite(blemished), np.abs(kernel)) > 0

    # Infinities of both signs meet: their sum is no number, and NumPy says so.
    with np.errstate(invalid="ignore"):
        filtered = filter_image(blemished, kernel)

    np.testing.assert_array_equal(np.isfinite(filtered), ~reached)
    untouched = filter_image(image, kernel)[~reached]
    np.testing.assert_allclose(filtered[~reached], untouched, rtol=1e-5, atol=1e-5)


@settings(deadline=None, max_examples=60)
@given(
    taps=st.lists(st.integers(-140, 140), min_size=1, max_size=6),
    divisor=st.sampled_from([1, 2, 7, -3, 0.5, 2.5]),
    seed=st.integers(0, 2**32 - 1),
)
def test_black_and_white_reach_the_ends_of_the_small_integers(taps, divisor, seed):
    rng, kernel = np.random.default_rng(seed), np.array([taps])
    image = 255 * rng.integers(0, 2, (5, 13), dtype=np.uint8)

    filtered = filter_image(image, kernel, padding_mode="replicate", divisor=divisor)

    sums = reference(image, kernel, "replicate")
    np.testing.assert_array_equal(filtered, np.rint(sums / divisor).clip(0, 255))


@settings(deadline=None, max_examples=60)
@given(tap=st.integers(-300, 300), divisor=st.integers(-70_000, 70_000).filter(bool))
def test_every_quotient_is_rounded_exactly_and_halves_to_the_even_level(tap, divisor):
    image = np.arange(256, dtype=np.uint8)[np.newaxis]

    filtered = filter_image(image, np.array([[tap]]), divisor=divisor)

    exact = [round(Fraction(level * tap, divisor)) for level in range(256)]
    assert filtered[0].tolist() == [min(max(level, 0), 255) for level in exact]


def test_float32_taps_give_bytes_within_a_level_of_float64_sums(rng):
    image = rng.integers(0, 256, (23, 29, 3), dtype=np.uint8)
    kernel = rng.normal(size=(3, 4)).astype(np.float32)

    filtered = filter_image(image, kernel, divisor=3)

    exact = (reference(image, kernel) / 3).clip(0, 255)
    np.testing.assert_allclose(filtered, exact, rtol=0, atol=0.5001)


def test_float32_taps_may_have_sums_beyond_float32():
    image, kernel = np.full((2, 3), 200, np.uint8), np.array([[3e38, -2e38]], dtype=np.float32)

    filtered = filter_image(image, kernel, padding_mode="replicate", divisor=1e38)

    assert filtered.tolist() == [[200] * 3] * 2


@pytest.mark.parametrize("far", [1e-2, 1e-4, 1e-6, 1e-9])
def test_kernels_that_are_nearly_a_column_times_a_row_are_not_taken_for_one(rng, far):
    image, kernel = rng.random((57, 43), dtype=np.float32), gaussian(13, 15)
    kernel[3, 11] += far * kernel.max()

    filtered = filter_image(image, kernel)

    assert relative_error(filtered, reference(image, kernel)) < 1e-6


@settings(deadline=None, max_examples=60)
@given(
    column=st.lists(st.integers(-999, 999), min_size=1, max_size=9).filter(any),
    row=st.lists(st.integers(-999, 999), min_size=1, max_size=9).filter(any),
)
def test_whole_kernels_have_whole_factors(column, row):
    kernel = np.outer(column, row).astype(float)

    down, along = factorise(kernel, 1e-16)

    np.testing.assert_array_equal(np.outer(down, along), kernel)
    np.testing.assert_array_equal([*down, *along], np.rint([*down, *along]))


@pytest.mark.parametrize(
    "kernel",
    [
        pytest.param(np.zeros((7, 7)), id="zeros only"),
        pytest.param(np.eye(7), id="a diagonal"),
        pytest.param(np.outer([1, 2, 3], [4, 5, 6]) + np.eye(3) * 1e-3, id="a small difference"),
        pytest.param(np.outer([1e6, 1], [1e6, 1]) + np.eye(2), id="whole, off by one"),
        pytest.param(np.array([[1.0, 1e-20], [1e-20, 0]]), id="a zero that must stay one"),
    ],
)
def test_other_kernels_have_no_factors(kernel):
    assert factorise(kernel, np.finfo(np.float32).eps) is None


@pytest.mark.parametrize(
    "strategy",
    [
        pytest.param(lambda k, *given: shifts(k, *given), id="shifts"),
        pytest.param(lambda k, *given: windows(k, *given), id="windows"),
        pytest.param(lambda k, *given: two_passes(k[:, 0], k[0] / k[0, 0], *given), id="passes"),
        pytest.param(lambda k, shape, _: transform(k, shape, whole=True), id="transform"),
    ],
)
@pytest.mark.parametrize("channels", [1, 3])
def test_all_ways_give_the_same_sums(rng, strategy, channels):
    kernel = np.outer([2.0, -3.0, 1.0, 5.0], [1.0, 4.0, 0.0, -2.0, 7.0])
    picture = rng.integers(0, 256, (11 + 3, 17 + 4, channels)).astype(float)
    prepared = strategy(kernel, (11, 17, channels), np.dtype(float))
    first, sums = min(prepared.rows, 11), np.empty((11, 17 * channels))

    lines = picture.reshape(14, -1)
    prepared.fill(lines[: first + 3], sums[:first])
    if first < 11:
        prepared.fill(lines[first:], sums[first:])

    whole = reference(picture, kernel)[1:12, 2:19].reshape(11, -1)
    np.testing.assert_allclose(sums, whole, rtol=1e-12)
