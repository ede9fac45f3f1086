"""Presets: the same numbers for the same name, size and seed; small, whole, and what they say."""

from __future__ import annotations

import numpy as np
import pytest

from engine import ParameterError, ShapeError, conv2d, kernels
from engine.presets import FILTERS, INPUTS, bias_vector, filter_bank, input_volume

WHOLE = [name for name in INPUTS if name != "random"]


@pytest.mark.parametrize("name", WHOLE)
def test_inputs_are_whole_numbers(name):
    volume = input_volume(name, (3, 7, 11))

    assert volume.shape == (3, 7, 11)
    assert volume.dtype == np.float64
    np.testing.assert_array_equal(volume, np.rint(volume))


@pytest.mark.parametrize("name", [name for name in FILTERS if name != "random"])
def test_filters_are_whole_numbers(name):
    taps, divisor = filter_bank(name, (2, 3, 5, 7))

    assert taps.shape == (2, 3, 5, 7)
    np.testing.assert_array_equal(taps, np.rint(taps))
    assert divisor == np.rint(divisor) >= 1


def test_integers_stay_within_their_range_and_are_mostly_small():
    volume, (taps, _) = (
        input_volume("integers", (8, 24, 24)),
        filter_bank("integers", (8, 8, 11, 11)),
    )

    assert sorted(set(volume.ravel())) == [-3, -2, -1, 0, 1, 2, 3]
    assert sorted(set(taps.ravel())) == [-2, -1, 0, 1, 2]
    assert np.mean(abs(volume) <= 1) > 0.6


def test_random_numbers_have_one_decimal():
    volume = input_volume("random", (1, 24, 24))

    np.testing.assert_array_equal(volume, np.round(volume, 1))
    assert (volume.min(), volume.max()) == (-2.0, 2.0)


def test_numbers_of_a_link_never_change():
    assert input_volume("integers", (1, 2, 4), seed=7)[0].tolist() == [
        [0, -3, -1, -3],
        [2, 0, -3, 0],
    ]
    assert filter_bank("integers", (1, 1, 2, 3), seed=7)[0][0, 0].tolist() == [
        [1, 2, -1],
        [1, -1, -2],
    ]
    assert bias_vector(5, seed=7).tolist() == [2, 1, -2, 1, -1]


@pytest.mark.parametrize("name", ["integers", "random"])
def test_a_volume_that_grows_keeps_its_cells(name):
    small, large = input_volume(name, (2, 5, 7), 3), input_volume(name, (3, 8, 11), 3)

    np.testing.assert_array_equal(large[:2, :5, :7], small)


def test_another_seed_gives_other_numbers():
    assert (input_volume("integers", seed=1) != input_volume("integers", seed=2)).any()


def test_impulse_shows_the_filter_turned(rng):
    x, weight = input_volume("impulse", (1, 7, 7))[None], rng.normal(size=(1, 1, 3, 3))

    np.testing.assert_array_equal(conv2d(x, weight)[0, 0, 1:4, 1:4], weight[0, 0, ::-1, ::-1])


def test_edges_run_both_ways_and_every_digit_differs():
    edges = input_volume("edges", (1, 7, 7))[None]
    digits = {input_volume("digit", (1, 9, 7), seed).tobytes() for seed in range(10)}

    assert all(conv2d(edges, filter_bank(name)[0]).any() for name in ("sobel_x", "sobel_y"))
    assert len(digits) == 10


def test_blank_is_empty_and_ramps_run_along_alternate_axes():
    assert not input_volume("blank").any()
    assert input_volume("ramp", (2, 2, 3)).tolist() == [
        [[0, 1, 2], [0, 1, 2]],
        [[0, 0, 0], [1, 1, 1]],
    ]


@pytest.mark.parametrize("shape", [(1, 1, 1), (2, 3, 1), (1, 2, 5), (1, 24, 24)])
@pytest.mark.parametrize("name", list(INPUTS))
def test_every_input_exists_in_every_size(name, shape):
    assert input_volume(name, shape, 5).shape == shape


def test_filter_k_is_turned_by_k_quarter_turns():
    taps, _ = filter_bank("sobel_x", (4, 2, 3, 3))

    np.testing.assert_array_equal(taps[1, 0], kernels["sobel_y"].taps)
    np.testing.assert_array_equal(taps[2, 1], -kernels["sobel_x"].taps)
    np.testing.assert_array_equal(taps[3, 0], -kernels["sobel_y"].taps)


def test_named_kernel_stands_in_the_middle_of_a_larger_frame():
    taps, divisor = filter_bank("box_blur_3x3", (1, 1, 5, 7))

    np.testing.assert_array_equal(taps[0, 0], np.pad(np.ones((3, 3)), [(1, 1), (2, 2)]))
    assert divisor == 9.0


def test_biases_are_never_zero():
    assert bias_vector(100).all()


def test_frame_too_small_for_a_kernel_is_refused_with_the_size_it_needs():
    with pytest.raises(ShapeError) as refusal:
        filter_bank("gaussian_blur_5x5", (1, 1, 3, 7))

    assert str(refusal.value) == (
        'weight: "gaussian_blur_5x5" has 5x5 taps and does not fit into a filter of 3x7; '
        "use a filter of at least 5x5"
    )
    assert refusal.value.remedies[0].changes == {"filter_height": 5, "filter_width": 7}


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        pytest.param(
            lambda: input_volume("digits"),
            "name: 'digits' is no preset; use one of integers, edges, ramp, checker, digit, "
            "impulse, blank, random; did you mean 'digit'?",
            id="an unknown name",
        ),
        pytest.param(
            lambda: input_volume("ramp", (1, 7, 7), -1),
            "seed: -1 is too small, it must be at least 0; use 0 or more",
            id="a negative seed",
        ),
        pytest.param(
            lambda: bias_vector(0),
            "filters: 0 is too small, it must be at least 1; use 1 or more",
            id="no filter",
        ),
        pytest.param(
            lambda: filter_bank("integers", (1, 1, 0, 3)),
            "shape: 0 is too small, it must be at least 1; use 1 or more",
            id="an empty frame",
        ),
    ],
)
def test_what_no_preset_can_be_is_refused(call, sentence):
    with pytest.raises(ParameterError) as refusal:
        call()

    assert str(refusal.value) == sentence
