"""Every way of computing the three sums against their definition, at the seams of its blocks."""

from __future__ import annotations

import itertools
import tracemalloc
from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import im2col, row_products, small_pictures, strategies
from engine.conv2d import conv2d
from engine.errors import ParameterError
from engine.geometry import check_geometry
from engine.strategies import correlate, gradient_of_input, gradient_of_weight

MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}
PLAIN = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1, "padding_mode": "zeros"}


def seen_cells(geometry, mode, size):
    """Number the input cell that each tap of each window sees, row by row; -1 is none."""
    cells = np.arange(geometry.input[0] * geometry.input[1]).reshape(geometry.input)
    fill = {"constant_values": -1} if mode == "zeros" else {}
    padded = np.pad(cells, geometry.padding, mode=MODES[mode], **fill)
    rows, columns = (
        [[d * tap + s * at for at in range(count)] for tap in range(taps)]
        for d, s, taps, count in zip(
            geometry.dilation, geometry.stride, geometry.filter, size, strict=True
        )
    )
    return padded[np.array(rows)[:, None, :, None], np.array(columns)[:, None]]


def definition(x, weight, grad, geometry, mode):
    """The three sums, tap by tap: maps, gradient of the input, gradient of the weight."""
    groups, (images, channels) = geometry.groups, x.shape[:2]
    seen = seen_cells(geometry, mode, grad.shape[2:])
    # One cell more than the input has: what -1 points at.
    flat = np.zeros((images, groups, channels // groups, x[0, 0].size + 1))
    flat[..., :-1] = x.reshape(*flat.shape[:-1], -1)
    filters = weight.reshape(groups, -1, *weight.shape[1:])
    upstream = grad.reshape(images, groups, -1, *grad.shape[2:])
    maps, dx, dweight = np.zeros(upstream.shape), np.zeros(flat.shape), np.zeros(filters.shape)
    for tap in itertools.product(*map(range, geometry.filter)):
        windows, taps = flat[..., seen[tap]], filters[(..., *tap)]
        maps += np.einsum("ngcij,gkc->ngkij", windows, taps)
        dweight[(..., *tap)] = np.einsum("ngkij,ngcij->gkc", upstream, windows, optimize=True)
        np.add.at(dx, (..., seen[tap]), np.einsum("ngkij,gkc->ngcij", upstream, taps))
    return maps.reshape(grad.shape), dx[..., :-1].reshape(x.shape), dweight.reshape(weight.shape)


def computed(x, weight, grad, geometry, mode):
    """The same three by the engine."""
    maps, dx, dweight = (np.full(a.shape, np.nan, weight.dtype) for a in (grad, x, weight))
    correlate(x, weight, geometry, mode, out=maps)
    gradient_of_input(grad, weight, geometry, mode, out=dx)
    gradient_of_weight(grad, x, geometry, mode, out=dweight)
    return maps, dx, dweight


def assert_as_defined(x, weight, options, *, rtol=1e-9, size=None):
    """Compare all three sums with their definition."""
    geometry = check_geometry(x.shape, weight.shape, **options)
    shape = (len(x), len(weight), *(size or geometry.output))
    grad = np.random.default_rng(5).normal(size=shape).astype(x.dtype)
    mode = options["padding_mode"]

    ours = computed(x, weight, grad, geometry, mode)

    wide = (array.astype(np.float64) for array in (x, weight, grad))
    for values, expected in zip(ours, definition(*wide, geometry, mode), strict=True):
        np.testing.assert_allclose(values, expected, rtol=rtol, atol=rtol * np.abs(expected).max())


def case(name, x, weight, strategy, mode="zeros", **options):
    options = PLAIN | options | {"padding_mode": mode}
    return pytest.param(x, weight, strategy, options, id=f"{strategy}, {name}")


CASES = [
    case("a lab picture", (3, 3, 7, 5), (2, 3, 3, 2), "small"),
    case("two groups", (2, 4, 7, 5), (6, 2, 3, 2), "small", "circular", groups=2, padding=1),
    case("different steps", (2, 4, 7, 9), (3, 4, 3, 2), "small", stride=(2, 1), dilation=(1, 2)),
    case("more images than fit", (200, 2, 9, 11), (3, 2, 3, 3), "small"),
    case("two blocks", (2, 24, 23, 29), (5, 24, 3, 3), "rows", padding=1),
    case("one row left over", (2, 24, 17, 32), (5, 24, 3, 3), "rows"),
    case("stripes of wide maps", (2, 24, 19, 131), (5, 24, 3, 3), "rows", padding=(1, 2)),
    case("windows in the border only", (2, 24, 11, 13), (5, 24, 3, 3), "rows", padding=6),
    case("mirrored", (1, 24, 13, 67), (5, 24, 3, 3), "rows", "reflect", padding=3),
    case("copies", (1, 24, 13, 67), (5, 24, 2, 4), "rows", "replicate", padding=((2, 0), (1, 5))),
    case(
        "copies below", (2, 24, 13, 17), (5, 24, 4, 3), "rows", "circular", padding=((0, 3), (2, 0))
    ),
    case("dilated", (2, 24, 29, 31), (3, 24, 3, 4), "rows", dilation=(5, 3), padding=(4, 6)),
    case("steps of columns", (2, 24, 13, 89), (3, 24, 3, 5), "rows", stride=(1, 3), padding=2),
    case("one filter of one column", (1, 67, 16, 19), (1, 67, 2, 1), "rows"),
    case("a block's height waits", (1, 24, 21, 67), (2, 24, 9, 3), "rows"),
    case("taller than can wait", (2, 24, 41, 67), (3, 24, 3, 3), "blocks", dilation=(7, 1)),
    case("rows of windows", (1, 3, 131, 127), (7, 3, 11, 11), "blocks", stride=4),
    case("parts of a row", (2, 20, 1, 5003), (3, 20, 1, 9), "blocks", padding=(0, 4)),
    case("a single tap", (2, 5, 61, 67), (7, 5, 1, 1), "blocks"),
    case("a single tap in steps", (2, 11, 61, 67), (7, 11, 1, 1), "blocks", stride=2),
    case("steps beyond the filter", (2, 5, 97, 101), (7, 5, 2, 3), "blocks", stride=(3, 5)),
    case("a step beyond everything", (2, 97, 9, 11), (3, 97, 9, 11), "blocks", stride=10**30),
    case("a shared divisor", (1, 8, 41, 43), (3, 8, 3, 3), "blocks", stride=(4, 2), dilation=6),
    case("groups", (2, 12, 29, 31), (10, 6, 3, 3), "blocks", groups=2, padding=1),
    case("some groups at a time", (2, 22, 43, 47), (22, 1, 3, 3), "blocks", "reflect", groups=22),
    case(
        "three filters a channel", (2, 7, 29, 31), (21, 1, 3, 5), "blocks", groups=7, stride=(2, 1)
    ),
]


# In float32, up to 5,000 products of either sign to a sum.
@pytest.mark.parametrize(("dtype", "rtol"), [(np.float64, 1e-9), (np.float32, 2e-6)])
@pytest.mark.parametrize(("x", "weight", "strategy", "options"), CASES)
def test_each_strategy_agrees_with_the_definition(rng, x, weight, strategy, options, dtype, rtol):
    arrays = (rng.normal(size=shape).astype(dtype) for shape in (x, weight))

    assert_as_defined(*arrays, options, rtol=rtol)


@pytest.mark.parametrize(("x", "weight", "strategy", "options"), CASES)
def test_the_strategy_is_chosen_by_shape(rng, monkeypatch, x, weight, strategy, options):
    chosen = []
    for name in ("small", "rows", "blocks"):
        monkeypatch.setattr(
            strategies, f"correlate_{name}", lambda *_, name=name, **__: chosen.append(name)
        )
    geometry = check_geometry(x, weight, **options)

    for images in (1, 500):
        given = np.broadcast_to(0.0, (images, *x[1:])), np.zeros(weight)
        out = np.broadcast_to(0.0, (images, weight[0], *geometry.output))
        correlate(*given, geometry, options["padding_mode"], out=out)

    assert chosen == [strategy, strategy]


# Small pictures, rows where they suit, blocks.
STRATEGIES = [{"small": 2000}, {"rows": 1}, {}]


@contextmanager
def tiny_blocks(**strategy):
    """Make blocks of a few cells, so that small layers have every seam."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(small_pictures, "_MOST_CELLS", strategy.get("small", 0))
        patch.setattr(small_pictures, "_BLOCK_CELLS", 2000)
        patch.setattr(row_products, "_LEAST_PRODUCTS", strategy.get("rows", 10**9))
        patch.setattr(row_products, "_BLOCK_CELLS", 12)
        patch.setattr(row_products, "_STRIPE", 3)
        patch.setattr(im2col, "_BLOCK_BYTES", 1500)
        patch.setattr(im2col, "_LEAST_COLUMNS", 4)
        patch.setattr(strategies, "_BLOCK_CELLS", 50)
        yield


@pytest.mark.parametrize("strategy", STRATEGIES)
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_every_option_agrees_with_the_definition_across_seams(strategy, data, layers):
    layer = data.draw(layers())

    with tiny_blocks(**strategy):
        assert_as_defined(layer.x, layer.weight, layer.options)


@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_windows_that_the_maps_do_not_have_are_not_used(data, layers):
    layer = data.draw(layers())
    output = check_geometry(layer.x.shape, layer.weight.shape, **layer.options).output
    fewer = tuple(data.draw(st.integers(max(1, count - 2), count)) for count in output)

    with tiny_blocks(rows=1):
        assert_as_defined(layer.x, layer.weight, layer.options, size=fewer)


@pytest.mark.parametrize(("x", "weight", "strategy", "options"), CASES)
def test_a_map_does_not_depend_on_the_images_it_travels_with(rng, x, weight, strategy, options):
    geometry = check_geometry(x, weight, **options)
    mode, filters, bias = (
        options["padding_mode"],
        rng.normal(size=weight),
        rng.normal(size=weight[0]),
    )
    volumes = rng.normal(size=(3, *x[1:]))
    together, alone = (np.empty((n, weight[0], *geometry.output)) for n in (3, 1))

    correlate(volumes, filters, geometry, mode, out=together, bias=bias)

    correlate(volumes[1:2], filters, geometry, mode, out=alone, bias=bias)
    np.testing.assert_array_equal(together[1:2], alone)


@settings(deadline=None, max_examples=30)
@given(data=st.data(), strategy=st.sampled_from(STRATEGIES))
def test_bias_is_added_to_every_cell(data, strategy, layers):
    layer = data.draw(layers())
    geometry = check_geometry(layer.x.shape, layer.weight.shape, **layer.options)
    biased, plain = np.empty((2, len(layer.x), len(layer.weight), *geometry.output))
    given, bias = (
        (layer.x, layer.weight, geometry, layer.options["padding_mode"]),
        np.arange(1.0, 1 + len(layer.weight)),
    )

    with tiny_blocks(**strategy):
        correlate(*given, out=biased, bias=bias)
        correlate(*given, out=plain)

    np.testing.assert_allclose(biased, plain + bias[:, None, None], rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize(
    "arrange",
    [
        pytest.param(np.asfortranarray, id="column-major"),
        pytest.param(lambda a: np.repeat(a, 2, axis=-1)[..., ::2], id="every second cell"),
        pytest.param(lambda a: a[:, ::-1, ::-1].copy()[:, ::-1, ::-1], id="negative strides"),
        pytest.param(lambda a: a.astype(a.dtype.newbyteorder()), id="other byte order"),
    ],
)
@pytest.mark.parametrize(("x", "weight", "strategy", "options"), CASES)
def test_memory_layout_does_not_matter(rng, arrange, x, weight, strategy, options):
    geometry, mode = check_geometry(x, weight, **options), options["padding_mode"]
    shapes = x, weight, (x[0], weight[0], *geometry.output)
    arrays = [rng.normal(size=shape) for shape in shapes]
    volumes, filters, grad = map(arrange, arrays)
    for array in (volumes, grad):
        array.flags.writeable = False

    arranged = computed(volumes, filters.astype(np.float64), grad, geometry, mode)

    for ours, plain in zip(arranged, computed(*arrays, geometry, mode), strict=True):
        np.testing.assert_allclose(ours, plain, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize(
    ("x", "weight", "options"),
    [
        pytest.param((30, 1, 28, 28), (4, 1, 3, 3), {}, id="small"),
        pytest.param((4, 24, 56, 56), (24, 24, 3, 3), {"padding": 1}, id="rows"),
        pytest.param((10, 8, 57, 61), (24, 8, 5, 5), {"stride": 2}, id="blocks"),
    ],
)
def test_memory_beyond_the_result_does_not_grow_with_the_batch(rng, x, weight, options):
    geometry, filters = check_geometry(x, weight, **PLAIN | options), rng.normal(size=weight)

    def beyond(images):
        volumes = rng.normal(size=(images, *x[1:]))
        grad = rng.normal(size=(images, weight[0], *geometry.output))
        tracemalloc.start()
        results = computed(volumes, filters, grad, geometry, "zeros")
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak - sum(array.nbytes for array in results)

    assert beyond(3 * x[0]) <= 1.05 * beyond(x[0])


@pytest.mark.parametrize("stride", [True, 1.0, (1.0, 1), (1, True), [1, 1.0]])
def test_a_setting_is_refused_though_it_equals_one_that_was_accepted(rng, stride):
    x, weight = rng.normal(size=(1, 1, 5, 7)), rng.normal(size=(1, 1, 3, 3))
    for accepted in (1, (1, 1)):
        conv2d(x, weight, stride=accepted)

    with pytest.raises(ParameterError, match="is not an integer"):
        conv2d(x, weight, stride=stride)


@pytest.mark.parametrize("convert", [memoryview, np.int64, np.float32, np.ndarray.tolist])
def test_an_array_is_refused_though_one_of_its_shape_was_accepted(rng, convert):
    x, weight = rng.normal(size=(1, 1, 5, 7)), rng.normal(size=(1, 1, 3, 3))
    conv2d(x, weight)

    with pytest.raises(ParameterError):
        conv2d(convert(x), weight)
