"""Filtered pictures against SciPy in every mode and type."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from engine import ParameterError, ShapeError, filter_image, kernels

SCIPY_MODES = {
    "zeros": "constant",
    "reflect": "mirror",
    "replicate": "nearest",
    "circular": "grid-wrap",
}


def reference(image, taps, mode):
    """Sums in float64 by SciPy, channel by channel; its even kernels reach up, ours down."""
    origin = [-1 if size % 2 == 0 else 0 for size in taps.shape]
    planes = image.astype(np.float64).reshape(*image.shape[:2], -1)
    filtered = [
        ndimage.correlate(plane, taps.astype(np.float64), mode=SCIPY_MODES[mode], origin=origin)
        for plane in np.moveaxis(planes, 2, 0)
    ]
    return np.stack(filtered, axis=2).reshape(image.shape)


PICTURES = {
    "mode": st.sampled_from(list(SCIPY_MODES)),
    "size": st.tuples(st.integers(5, 23), st.integers(5, 29)),
    "colours": st.sampled_from([(), (3,)]),
    "taps": st.tuples(st.integers(1, 6), st.integers(1, 5)),
    "seed": st.integers(0, 2**32 - 1),
}


@settings(deadline=None, max_examples=80)
@given(**PICTURES, divisor=st.sampled_from([1, 3, 9, 16, 256]))
def test_bytes_are_rounded_and_cut_off_like_the_exact_sums(
    mode, size, colours, taps, seed, divisor
):
    rng = np.random.default_rng(seed)
    image = rng.integers(0, 256, (*size, *colours), dtype=np.uint8)
    kernel = rng.integers(-9, 10, taps)

    filtered = filter_image(image, kernel, padding_mode=mode, divisor=divisor)

    expected = np.rint(reference(image, kernel, mode) / divisor).clip(0, 255).astype(np.uint8)
    assert filtered.dtype == np.uint8
    np.testing.assert_array_equal(filtered, expected)


@settings(deadline=None, max_examples=60)
@given(**PICTURES)
def test_float32_levels_are_neither_rounded_nor_cut_off(mode, size, colours, taps, seed):
    rng = np.random.default_rng(seed)
    image = rng.normal(size=(*size, *colours)).astype(np.float32)
    kernel = rng.normal(size=taps)

    filtered = filter_image(image, kernel, padding_mode=mode)

    assert filtered.dtype == np.float32
    expected = reference(image, kernel, mode)
    np.testing.assert_allclose(filtered, expected, rtol=0, atol=1e-6 * np.abs(expected).max())


@pytest.mark.parametrize("name", list(kernels))
def test_every_named_kernel_gives_whole_levels_exactly(rng, name):
    image, kernel = rng.integers(0, 256, (31, 37, 3), dtype=np.uint8), kernels[name]

    filtered = filter_image(image, kernel.taps, divisor=kernel.divisor)

    sums = reference(image, kernel.taps, "reflect") / kernel.divisor
    np.testing.assert_array_equal(filtered, np.rint(sums).clip(0, 255))


def test_identity_gives_back_the_picture(rng):
    image = rng.integers(0, 256, (13, 17, 3), dtype=np.uint8)

    np.testing.assert_array_equal(filter_image(image, kernels["identity"].taps), image)


def test_border_is_mirrored_unless_said_otherwise(rng):
    image, kernel = rng.integers(0, 256, (7, 11), dtype=np.uint8), np.ones((3, 5), dtype=int)

    default = filter_image(image, kernel, divisor=15)

    np.testing.assert_array_equal(
        default, filter_image(image, kernel, divisor=15, padding_mode="reflect")
    )


def test_halves_go_to_the_even_level_and_large_taps_stay_exact():
    image = np.array([[1, 3, 5]], dtype=np.uint8)

    assert filter_image(image, np.array([[1]]), divisor=2).tolist() == [[0, 2, 2]]
    assert filter_image(image, np.array([[10**9 + 1]]), divisor=10**9).tolist() == [[1, 3, 5]]


def test_pictures_taller_than_a_strip_show_no_seam(rng):
    image = rng.integers(0, 256, (701, 499), dtype=np.uint8)

    filtered = filter_image(image, kernels["gaussian_blur_5x5"].taps, divisor=256)

    expected = reference(image, kernels["gaussian_blur_5x5"].taps, "reflect") / 256
    np.testing.assert_array_equal(filtered, np.rint(expected))


@pytest.mark.parametrize("mode", list(SCIPY_MODES))
def test_arguments_are_read_in_any_layout_and_stay_as_they_were(rng, mode):
    image = np.asfortranarray(rng.integers(0, 256, (9, 14, 3), dtype=np.uint8))[::-1, ::2]
    kernel = np.array([[1, 2, 1], [0, 0, 0], [-1, -2, -1]])[:, ::-1]
    image.flags.writeable = kernel.flags.writeable = False

    filtered = filter_image(image, kernel, padding_mode=mode)

    expected = filter_image(image.copy(), kernel.copy(), padding_mode=mode)
    np.testing.assert_array_equal(filtered, expected)


def test_float32_levels_are_read_in_any_layout_and_byte_order(rng):
    image = rng.normal(size=(26, 17, 3)).astype(">f4").transpose(1, 0, 2)[:, ::-2]
    image.flags.writeable = False

    filtered = filter_image(image, np.ones((5, 6)), divisor=-0.5)

    native = np.ascontiguousarray(image, dtype=np.float32)
    np.testing.assert_array_equal(filtered, filter_image(native, np.ones((5, 6)), divisor=-0.5))
    assert filtered.dtype.isnative


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_result_is_a_picture_of_its_own(rng, dtype):
    image = rng.integers(0, 256, (5, 7, 3)).astype(dtype)

    assert not np.shares_memory(filter_image(image, np.array([[1]])), image)


@pytest.mark.parametrize(
    ("image", "kernel", "options", "error", "sentence"),
    [
        pytest.param(
            np.ones((4, 5)),
            np.ones((3, 3)),
            {},
            ParameterError,
            "image: levels of type float64 are not accepted, only uint8 and float32; "
            "convert them with image.astype(np.float32)",
            id="float64 levels",
        ),
        pytest.param(
            [[1]],
            np.ones((3, 3)),
            {},
            ParameterError,
            "image: expected a NumPy array, got list; convert it with np.asarray(image)",
            id="a list",
        ),
        pytest.param(
            np.ones((4, 5, 4), np.uint8),
            np.ones((3, 3)),
            {},
            ShapeError,
            "image: shape (4, 5, 4) is no picture; use (H, W) for grey levels "
            "or (H, W, 3) for red, green and blue",
            id="four channels",
        ),
        pytest.param(
            np.ones((4, 5), np.uint8),
            np.ones((3, 3, 3)),
            {},
            ShapeError,
            "kernel: expected 2 axes (Fh, Fw), got shape (3, 3, 3); "
            "use one filter for all channels",
            id="a kernel with depth",
        ),
        pytest.param(
            np.ones((4, 5), np.uint8),
            np.ones((3, 3), bool),
            {},
            ParameterError,
            "kernel: expected a NumPy array of numbers, got bool; "
            "convert it with np.array(kernel, dtype=float)",
            id="truth values as taps",
        ),
        pytest.param(
            np.ones((4, 5), np.uint8),
            np.full((3, 3), np.inf),
            {},
            ParameterError,
            "kernel: a tap is infinite or not a number; use finite taps",
            id="an infinite tap",
        ),
        pytest.param(
            np.ones((4, 5), np.uint8),
            np.full((3, 3), 1e307),
            {},
            ParameterError,
            "kernel: the taps are so large that their sum, divided, is no number any more; "
            "use smaller taps or a larger divisor",
            id="taps whose sum overflows",
        ),
        pytest.param(
            np.ones((4, 5), np.float32),
            np.full((3, 3), 1e38),
            {},
            ParameterError,
            "kernel: the taps are so large that their sum, divided, is no number any more; "
            "use smaller taps or a larger divisor",
            id="taps whose sum overflows float32",
        ),
        pytest.param(
            np.ones((4, 5), np.uint8),
            np.ones((3, 3)),
            {"divisor": 0},
            ParameterError,
            "divisor: a sum cannot be divided by 0; use 1 to leave the sum as it is",
            id="division by zero",
        ),
        pytest.param(
            np.ones((4, 5), np.uint8),
            np.ones((9, 9)),
            {},
            ParameterError,
            "padding: 4 is too much for reflect padding of an input with 4 rows, it can be at "
            "most 3, since the edge itself is not repeated; use a padding of 3 or less, "
            "or padding_mode='replicate'",
            id="a kernel that reaches beyond the mirror",
        ),
    ],
)
def test_pictures_and_kernels_that_cannot_be_are_refused(image, kernel, options, error, sentence):
    with pytest.raises(error) as refusal:
        filter_image(image, kernel, **options)

    assert str(refusal.value) == sentence
    assert refusal.value.parameter == sentence.partition(":")[0]
