"""The fast poolings against windows cut out one by one, torch's numbers, and their own laws."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.ndimage import maximum_filter, uniform_filter

from engine.errors import EngineError
from engine.pooling import avg_pool2d, max_pool2d

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "pooling.json").read_text())
POOLINGS = {"max_pool2d": max_pool2d, "avg_pool2d": avg_pool2d}
ARRANGEMENTS = [
    pytest.param(lambda a: np.asfortranarray(a), id="column-major"),
    pytest.param(lambda a: np.repeat(a, 2, axis=-1)[..., ::2], id="every second cell"),
    pytest.param(lambda a: a[..., ::-1].copy()[..., ::-1], id="negative strides"),
    pytest.param(lambda a: a.astype(a.dtype.newbyteorder()), id="other byte order"),
]


def both(value):
    return value if isinstance(value, tuple) else (value, value)


@st.composite
def poolings(draw, ranges=(3, 3, 2)):
    """An input, the size of a window, and the options that both poolings share."""
    steps, cells, border = (st.integers(n != 2, most) for n, most in enumerate(ranges))
    kernel = draw(st.integers(1, 5) | st.tuples(st.integers(1, 5), st.integers(1, 4)))
    options = {
        "stride": draw(st.none() | steps | st.tuples(steps, steps)),
        "padding": draw(border | st.tuples(border, border)),
        "ceil_mode": draw(st.booleans()),
    }
    assume(all(p <= k // 2 for p, k in zip(both(options["padding"]), both(kernel), strict=True)))
    shape = draw(st.tuples(cells, cells, st.integers(1, 9), st.integers(1, 8)))
    numbers = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return numbers.normal(size=shape), kernel, options


def starts(size, kernel, stride, padding, dilation, ceil_mode):
    """Where windows start in the padded input, tried one after the other."""
    fitting = []
    for start in range(0, size + padding if ceil_mode else size + 2 * padding, stride):
        over = start + dilation * (kernel - 1) + 1 - (size + 2 * padding)
        if over <= 0 or (ceil_mode and over < stride):
            fitting.append(start)
    return fitting


def cut_out(x, kernel_size, *, stride, padding, ceil_mode, dilation=1, border):
    """Every window as an array of its own, NaN where it leaves the padded input."""
    kernel = both(kernel_size)
    per_axis = [kernel, both(stride or kernel), both(padding), both(dilation)]
    rows, columns = (
        starts(size, *numbers, ceil_mode)
        for size, *numbers in zip(x.shape[2:], *per_axis, strict=True)
    )
    (ph, pw), (dh, dw) = per_axis[2], per_axis[3]
    padded = np.pad(x, [(0, 0), (0, 0), (ph, ph), (pw, pw)], constant_values=border)
    room = np.pad(padded, [(0, 0), (0, 0), (0, 40), (0, 40)], constant_values=np.nan)
    windows = [
        [room[:, :, r : r + dh * kernel[0] : dh, c : c + dw * kernel[1] : dw] for c in columns]
        for r in rows
    ]
    return windows if rows and columns else None


def reduced(windows, reduce):
    return np.array([[reduce(w, axis=(2, 3)) for w in row] for row in windows]).transpose(
        2, 3, 0, 1
    )


@settings(deadline=None, max_examples=80)
@given(pooling=poolings(), dilation=st.integers(1, 3) | st.tuples(*[st.integers(1, 2)] * 2))
def test_maximum_is_that_of_each_window_padded_with_minus_infinity(pooling, dilation):
    x, kernel, options = pooling
    windows = cut_out(x, kernel, **options, dilation=dilation, border=-np.inf)

    if windows is None:
        with pytest.raises(EngineError, match="does not fit"):
            max_pool2d(x, kernel, **options, dilation=dilation)
    else:
        y = max_pool2d(x, kernel, **options, dilation=dilation)
        np.testing.assert_array_equal(y, reduced(windows, np.nanmax))


@settings(deadline=None, max_examples=80)
@given(pooling=poolings(), counted=st.booleans())
def test_average_is_that_of_each_window_with_or_without_the_zeros_around(pooling, counted):
    x, kernel, options = pooling
    windows = cut_out(x, kernel, **options, border=0.0 if counted else np.nan)
    assume(windows is not None)

    y = avg_pool2d(x, kernel, **options, count_include_pad=counted)

    np.testing.assert_allclose(y, reduced(windows, np.nanmean), rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("case", [pytest.param(c, id=c["id"]) for c in GOLDEN])
def test_whole_numbers_give_exactly_what_torch_gives(case):
    x, expected = (np.array(case[name], dtype=float) for name in ("x", "y"))

    y = POOLINGS[case["op"]](x, case["kernel_size"], **case["options"])

    np.testing.assert_array_equal(y, expected)


def test_windows_moved_cell_by_cell_are_a_filter_of_scipy(rng):
    x = rng.normal(size=(1, 1, 11, 13))
    inside = x[0, 0]

    largest, average = (pool(x, 3, stride=1, padding=1)[0, 0] for pool in POOLINGS.values())

    around = {"size": 3, "mode": "constant"}
    np.testing.assert_array_equal(largest, maximum_filter(inside, **around, cval=-np.inf))
    np.testing.assert_allclose(average, uniform_filter(inside, **around), atol=1e-12)


@pytest.mark.parametrize("pool", POOLINGS.values(), ids=POOLINGS)
@pytest.mark.parametrize(
    ("size", "options", "expected"),
    [
        pytest.param(2, {}, (3, 3), id="side by side, what is left over is not visited"),
        pytest.param(2, {"ceil_mode": True}, (4, 4), id="rounded up, the rest is a window"),
        pytest.param(3, {"stride": 2}, (3, 3), id="overlapping, as in AlexNet"),
        pytest.param(3, {"stride": 2, "padding": 1}, (4, 4), id="with a border"),
        pytest.param((7, 1), {}, (1, 7), id="the whole height"),
        pytest.param(
            2,
            {"stride": 3, "padding": 1, "ceil_mode": True},
            (3, 3),
            id="a window that would start in the padding behind is dropped",
        ),
        pytest.param(9, {"ceil_mode": True}, (1, 1), id="a window larger than the input"),
        pytest.param(10**30, {"ceil_mode": True}, (1, 1), id="a window of any size"),
        pytest.param(2, {"stride": 10**30}, (1, 1), id="a stride beyond the input"),
        pytest.param(10**6, {"padding": 500_000, "stride": 2}, (4, 4), id="a vast border"),
    ],
)
def test_size_of_the_output(rng, pool, size, options, expected):
    x = rng.normal(size=(2, 3, 7, 7))

    assert pool(x, size, **options).shape == (2, 3, *expected)


def test_numbers_of_a_window_can_be_checked_by_hand():
    x = np.array([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]]])

    np.testing.assert_array_equal(max_pool2d(x, 2), [[[[5.0]]]])
    np.testing.assert_array_equal(avg_pool2d(x, 2), [[[[3.0]]]])
    np.testing.assert_array_equal(max_pool2d(x, 2, ceil_mode=True), [[[[5, 6], [8, 9]]]])
    np.testing.assert_array_equal(avg_pool2d(x, 2, ceil_mode=True), [[[[3, 4.5], [7.5, 9]]]])


@pytest.mark.parametrize(
    ("counted", "corner"),
    [
        pytest.param(True, 3.0, id="four cells of the padded input"),
        pytest.param(False, 12.0, id="one cell of the input"),
    ],
)
def test_average_of_a_corner_is_divided_by_the_cells_that_count(counted, corner):
    x = np.full((1, 1, 4, 4), 12.0)

    y = avg_pool2d(x, 2, padding=1, count_include_pad=counted)

    assert (y[0, 0, 0, 0], y[0, 0, 1, 1]) == (corner, 12.0)


def test_cells_that_hang_over_the_padded_input_never_count():
    x = np.full((1, 1, 3, 3), 8.0)

    y = avg_pool2d(x, 2, stride=2, padding=(1, 0), ceil_mode=True)

    np.testing.assert_array_equal(y[0, 0], [[4.0, 4.0], [8.0, 8.0]])


@pytest.mark.parametrize(
    ("x", "y"),
    [
        pytest.param([1.0, np.nan, 9.0, 2.0], np.nan, id="NaN wins over any number"),
        pytest.param([-np.inf] * 4, -np.inf, id="minus infinity everywhere"),
        pytest.param([-3.0, -1.0, -2.0, -7.0], -1.0, id="all negative: the border is no zero"),
    ],
)
def test_maximum_of_numbers_that_are_no_ordinary_ones(x, y):
    x = np.array(x).reshape(1, 1, 2, 2)

    np.testing.assert_array_equal(max_pool2d(x, 2, padding=1, stride=3), x[:, :, ::3, ::3])
    np.testing.assert_array_equal(max_pool2d(x, 2), [[[[y]]]])


def test_window_whose_cells_all_lie_in_the_padding_gives_minus_infinity():
    x = np.ones((1, 1, 2, 3))

    y = max_pool2d(x, (2, 1), stride=1, padding=(1, 0), dilation=(3, 1))

    np.testing.assert_array_equal(y, np.full((1, 1, 1, 3), -np.inf))


@pytest.mark.parametrize("pool", POOLINGS.values(), ids=POOLINGS)
def test_float32_stays_float32_and_close_to_float64(rng, pool):
    x = rng.normal(size=(2, 3, 11, 13)).astype(np.float32)

    y = pool(x, (3, 5), stride=2, padding=1, ceil_mode=True)

    assert y.dtype == np.float32
    wide = pool(x.astype(float), (3, 5), stride=2, padding=1, ceil_mode=True)
    np.testing.assert_allclose(y, wide, rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("pool", POOLINGS.values(), ids=POOLINGS)
@pytest.mark.parametrize("arrange", ARRANGEMENTS)
def test_memory_layout_does_not_matter(rng, pool, arrange):
    x = rng.normal(size=(2, 3, 7, 5))

    y = pool(arrange(x), (3, 2), stride=(2, 1), padding=1)

    np.testing.assert_array_equal(y, pool(x, (3, 2), stride=(2, 1), padding=1))
    assert y.dtype.isnative


@pytest.mark.parametrize("pool", POOLINGS.values(), ids=POOLINGS)
def test_read_only_argument_stays_as_it_was_and_is_not_handed_out(rng, pool):
    x = rng.normal(size=(2, 3, 5, 7))
    before = x.tobytes()
    x.flags.writeable = False

    y = pool(x, 1)

    np.testing.assert_array_equal(y, x)
    assert x.tobytes() == before
    assert y.flags.writeable
    assert not np.shares_memory(x, y)


@pytest.mark.parametrize("pool", POOLINGS.values(), ids=POOLINGS)
def test_numpy_integers_and_bools_are_integers_and_bools(rng, pool):
    x = rng.normal(size=(1, 2, 7, 9))

    y = pool(x, np.int64(3), stride=[2, np.uint8(1)], padding=(1, 0), ceil_mode=np.True_)

    expected = pool(x, 3, stride=(2, 1), padding=(1, 0), ceil_mode=True)
    np.testing.assert_array_equal(y, expected)


def test_maximum_commutes_with_every_growing_function(rng):
    x, options = rng.normal(size=(2, 3, 7, 8)), {"stride": 2, "padding": 1, "dilation": 2}

    y = max_pool2d(np.exp(x), 3, **options)

    np.testing.assert_array_equal(y, np.exp(max_pool2d(x, 3, **options)))


def test_average_is_linear_in_the_input(rng):
    a, b = rng.normal(size=(2, 1, 2, 7, 5))
    options = {"padding": 1, "ceil_mode": True, "count_include_pad": False}

    together = avg_pool2d(2 * a - b, 3, **options)

    apart = 2 * avg_pool2d(a, 3, **options) - avg_pool2d(b, 3, **options)
    np.testing.assert_allclose(together, apart, rtol=1e-12, atol=1e-13)


def test_average_of_ones_is_one_where_the_border_does_not_count():
    y = avg_pool2d(np.ones((1, 1, 7, 8)), 4, padding=2, ceil_mode=True, count_include_pad=False)

    np.testing.assert_array_equal(y, np.ones_like(y))


@settings(deadline=None, max_examples=30)
@given(pooling=poolings())
def test_average_never_exceeds_the_maximum(pooling):
    x, kernel, options = pooling
    assume(cut_out(x, kernel, **options, border=0.0) is not None)

    average = avg_pool2d(x, kernel, **options, count_include_pad=False)

    assert (average <= max_pool2d(x, kernel, **options) + 1e-12).all()
    assert not math.isnan(average.sum())
