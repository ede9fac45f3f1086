"""The fast convolution against SciPy, torch's numbers, the lecture, and its own laws."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import convolve2d, correlate

from engine import conv2d

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "conv2d.json").read_text())
NUMPY_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


def sides_of(padding, taps, dilation):
    """The padding on each side, spelt out independently of the engine."""
    if padding == "valid":
        return [(0, 0), (0, 0)]
    if padding == "same":
        totals = [d * (f - 1) for f, d in zip(taps, dilation, strict=True)]
        return [(total // 2, total - total // 2) for total in totals]
    pair = padding if isinstance(padding, tuple) else (padding, padding)
    return [side if isinstance(side, tuple) else (side, side) for side in pair]


def reference(x, weight, bias, *, stride, padding, dilation, groups, padding_mode):
    """The same convolution by SciPy: pad, spread the taps, correlate everywhere, then skip."""
    (sh, sw), (dh, dw) = (v if isinstance(v, tuple) else (v, v) for v in (stride, dilation))
    borders = [(0, 0), (0, 0), *sides_of(padding, weight.shape[2:], (dh, dw))]
    padded = np.pad(x, borders, mode=NUMPY_MODES[padding_mode])
    rows, columns = ((f - 1) * d + 1 for f, d in zip(weight.shape[2:], (dh, dw), strict=True))
    spread = np.zeros((*weight.shape[:2], rows, columns))
    spread[:, :, ::dh, ::dw] = weight
    inputs = np.split(padded, groups, axis=1)
    filters = np.split(spread, groups, axis=0)
    maps = [
        [
            correlate(volume, taps, "valid", "direct")[0, ::sh, ::sw]
            for part, bank in zip(inputs, filters, strict=True)
            for volume in [part[n]]
            for taps in bank
        ]
        for n in range(len(x))
    ]
    return np.array(maps) + (0 if bias is None else bias[:, None, None])


@settings(deadline=None, max_examples=150)
@given(data=st.data())
def test_every_option_agrees_with_scipy(data, layers):
    layer = data.draw(layers())

    y = conv2d(layer.x, layer.weight, layer.bias, **layer.options)

    expected = reference(layer.x, layer.weight, layer.bias, **layer.options)
    np.testing.assert_allclose(y, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("case", [pytest.param(c, id=c["id"]) for c in GOLDEN])
def test_whole_numbers_give_exactly_what_torch_gives(case):
    x, weight, expected = (np.array(case[name], dtype=float) for name in ("x", "weight", "y"))
    bias = None if case["bias"] is None else np.array(case["bias"], dtype=float)

    y = conv2d(x, weight, bias, **case["options"])

    np.testing.assert_array_equal(y, expected)


@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_float32_stays_float32_and_close_to_float64(data, layers):
    layer = data.draw(layers(dtype=np.float32))
    wide = [None if a is None else a.astype(float) for a in (layer.x, layer.weight, layer.bias)]

    y = conv2d(layer.x, layer.weight, layer.bias, **layer.options)

    assert y.dtype == np.float32
    # Sums of up to 36 float32 products of normal numbers.
    np.testing.assert_allclose(y, conv2d(*wide, **layer.options), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    ("taps", "options", "size"),
    [
        pytest.param(3, {}, 5, id="a 3x3 filter shrinks 7x7 to 5x5"),
        pytest.param(5, {}, 3, id="a 5x5 filter shrinks 7x7 to 3x3"),
        pytest.param(3, {"padding": 1}, 7, id="padding 1 keeps 7x7"),
        pytest.param(3, {"stride": 2}, 3, id="stride 2 halves 7x7 to 3x3"),
        pytest.param(3, {"stride": 2, "padding": 1}, 4, id="stride 2 with padding gives 4x4"),
        pytest.param(5, {"padding": "same"}, 7, id="same keeps 7x7"),
    ],
)
def test_sizes_of_the_lecture(rng, taps, options, size):
    x, weight = rng.normal(size=(1, 1, 7, 7)), rng.normal(size=(1, 1, taps, taps))

    assert conv2d(x, weight, **options).shape == (1, 1, size, size)


def test_alexnet_first_layer_is_55_by_55_by_96(rng):
    x, weight = rng.normal(size=(1, 3, 227, 227)), rng.normal(size=(96, 3, 11, 11))

    y = conv2d(x, weight, stride=4)

    assert y.shape == (1, 96, 55, 55)
    assert y[0, 95, 54, 2] == pytest.approx((x[0, :, 216:, 8:19] * weight[95]).sum(), rel=1e-9)


def test_numbers_of_a_window_can_be_checked_by_hand():
    x = np.array([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]])
    weight = np.array([[[[1.0, 0.0], [0.0, -1.0]]]])

    y = conv2d(x, weight, np.array([10.0]))

    np.testing.assert_array_equal(y, [[[[6.0, 6.0]]]])


def test_kernel_is_not_turned_unlike_in_mathematical_convolution(rng):
    x, weight = rng.normal(size=(1, 1, 7, 5)), rng.normal(size=(1, 1, 3, 2))

    y = conv2d(x, weight[:, :, ::-1, ::-1])

    np.testing.assert_allclose(y[0, 0], convolve2d(x[0, 0], weight[0, 0], "valid"), rtol=1e-9)


def test_even_filter_under_same_reaches_further_to_the_bottom_right():
    x = np.arange(1.0, 5.0).reshape(1, 1, 2, 2)

    y = conv2d(x, np.ones((1, 1, 2, 2)), padding="same")

    np.testing.assert_array_equal(y, [[[[10.0, 6.0], [7.0, 4.0]]]])


def test_shifting_the_input_shifts_the_output(rng):
    x, weight = rng.normal(size=(1, 2, 9, 11)), rng.normal(size=(3, 2, 3, 3))

    shifted = conv2d(np.roll(x, (2, 1), (2, 3)), weight, padding=1, padding_mode="circular")

    still = conv2d(x, weight, padding=1, padding_mode="circular")
    np.testing.assert_allclose(shifted, np.roll(still, (2, 1), (2, 3)), rtol=1e-9)


def test_output_is_linear_in_the_input(rng):
    a, b = rng.normal(size=(2, 1, 2, 7, 5))
    weight = rng.normal(size=(3, 2, 3, 3))

    np.testing.assert_allclose(
        conv2d(2 * a - b, weight), 2 * conv2d(a, weight) - conv2d(b, weight), rtol=1e-9, atol=1e-12
    )


def test_one_filter_sees_only_the_channels_of_its_group(rng):
    x, weight = rng.normal(size=(1, 4, 5, 7)), rng.normal(size=(6, 2, 3, 3))
    changed = x.copy()
    changed[:, 2:] += 1

    before, after = (conv2d(v, weight, groups=2) for v in (x, changed))

    np.testing.assert_array_equal(before[:, :3], after[:, :3])
    assert (before[:, 3:] != after[:, 3:]).all()


@pytest.mark.parametrize(
    "arrange",
    [
        pytest.param(lambda a: np.asfortranarray(a), id="column-major"),
        pytest.param(lambda a: np.repeat(a, 2, axis=-1)[..., ::2], id="every second cell"),
        pytest.param(lambda a: a[..., ::-1].copy()[..., ::-1], id="negative strides"),
        pytest.param(lambda a: a.astype(a.dtype.newbyteorder()), id="other byte order"),
    ],
)
def test_memory_layout_does_not_matter(rng, arrange):
    x, weight, bias = (
        rng.normal(size=(2, 4, 7, 5)),
        rng.normal(size=(6, 2, 3, 2)),
        rng.normal(size=6),
    )
    options = {"groups": 2, "padding": ((1, 2), (0, 1)), "padding_mode": "reflect"}

    y = conv2d(*map(arrange, (x, weight, bias)), **options)

    np.testing.assert_array_equal(y, conv2d(x, weight, bias, **options))
    assert y.dtype.isnative


def test_one_row_repeated_without_memory_of_its_own_is_read_as_any_other(rng):
    row = rng.normal(size=5)
    x, weight = np.broadcast_to(row, (1, 2, 7, 5)), rng.normal(size=(3, 2, 3, 3))

    np.testing.assert_allclose(conv2d(x, weight), conv2d(x.copy(), weight), rtol=1e-12)


@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular"])
def test_read_only_arguments_are_accepted_and_stay_as_they_were(rng, mode):
    arrays = [rng.normal(size=s) for s in ((2, 3, 5, 7), (2, 3, 3, 3), (2,))]
    before = [array.tobytes() for array in arrays]
    for array in arrays:
        array.flags.writeable = False

    y = conv2d(*arrays, padding=1, padding_mode=mode)

    assert [array.tobytes() for array in arrays] == before
    assert y.flags.writeable


def test_result_shares_no_memory_with_an_input_that_passes_through_unchanged(rng):
    x = rng.normal(size=(1, 1, 3, 5))

    y = conv2d(x, np.ones((1, 1, 1, 1)))

    np.testing.assert_array_equal(y, x)
    assert not np.shares_memory(x, y)


def test_output_does_not_depend_on_how_many_images_travel_together(rng):
    x, weight = rng.normal(size=(5, 2, 7, 11)), rng.normal(size=(3, 2, 3, 3))

    np.testing.assert_array_equal(conv2d(x, weight)[3:4], conv2d(x[3:4], weight))


def test_large_outputs_are_computed_in_blocks_without_a_seam(rng):
    x, weight = rng.normal(size=(1, 8, 97, 89)), rng.normal(size=(2, 8, 5, 5))

    y = conv2d(x, weight)

    expected = [correlate(x[0], taps, "valid", "direct")[0] for taps in weight]
    np.testing.assert_allclose(y[0], expected, rtol=1e-9, atol=1e-11)


def test_numpy_integers_are_integers(rng):
    x, weight = rng.normal(size=(1, 1, 7, 9)), rng.normal(size=(1, 1, 3, 3))

    y = conv2d(x, weight, stride=np.int64(2), padding=(np.uint8(1), 0), dilation=[1, np.int32(2)])

    np.testing.assert_array_equal(y, conv2d(x, weight, stride=2, padding=(1, 0), dilation=(1, 2)))


def test_stride_beyond_the_input_leaves_one_window(rng):
    x, weight = rng.normal(size=(1, 1, 5, 7)), rng.normal(size=(1, 1, 3, 3))

    y = conv2d(x, weight, stride=10**30)

    np.testing.assert_allclose(y, conv2d(x, weight)[:, :, :1, :1], rtol=1e-12)
