"""How the arguments of a convolution lie in memory changes nothing, and nothing changes them."""

from __future__ import annotations

from dataclasses import astuple, is_dataclass

import numpy as np
import pytest

from engine.conv1d import conv1d, conv1d_backward
from engine.conv2d_backward import conv2d_backward
from engine.conv_transpose2d import conv_transpose2d, conv_transpose2d_backward

MIRRORED_2D = {"groups": 2, "padding": ((1, 2), (0, 1)), "padding_mode": "reflect"}
MIRRORED_1D = {"groups": 2, "padding": (1, 3), "padding_mode": "reflect", "stride": 2}
TURNED = {"groups": 2, "padding": (1, 0), "stride": (2, 3), "output_padding": (1, 2)}
OPERATIONS = [
    pytest.param(
        conv2d_backward,
        [(2, 6, 8, 5), (2, 4, 7, 5), (6, 2, 3, 2)],
        MIRRORED_2D,
        id="conv2d_backward",
    ),
    pytest.param(conv1d, [(2, 4, 7), (6, 2, 3), (6,)], MIRRORED_1D, id="conv1d"),
    pytest.param(
        conv1d_backward, [(2, 6, 5), (2, 4, 7), (6, 2, 3)], MIRRORED_1D, id="conv1d_backward"
    ),
    pytest.param(
        conv_transpose2d, [(2, 4, 3, 5), (4, 3, 3, 2), (6,)], TURNED, id="conv_transpose2d"
    ),
    pytest.param(
        conv_transpose2d_backward,
        [(2, 6, 6, 16), (2, 4, 3, 5), (4, 3, 3, 2)],
        TURNED,
        id="conv_transpose2d_backward",
    ),
]
# Nothing to pad and nothing to add up: what passes through could be passed on.
UNCHANGED = [
    pytest.param(conv2d_backward, [(1, 1, 3, 5), (1, 1, 3, 5), (1, 1, 1, 1)], id="conv2d_backward"),
    pytest.param(conv1d, [(1, 1, 5), (1, 1, 1)], id="conv1d"),
    pytest.param(conv1d_backward, [(1, 1, 5), (1, 1, 5), (1, 1, 1)], id="conv1d_backward"),
    pytest.param(conv_transpose2d, [(1, 1, 3, 5), (1, 1, 1, 1)], id="conv_transpose2d"),
    pytest.param(
        conv_transpose2d_backward,
        [(1, 1, 3, 5), (1, 1, 3, 5), (1, 1, 1, 1)],
        id="conv_transpose2d_backward",
    ),
]


def results(value):
    return astuple(value) if is_dataclass(value) else (value,)


@pytest.mark.parametrize(
    "arrange",
    [
        pytest.param(lambda a: np.asfortranarray(a), id="column-major"),
        pytest.param(lambda a: np.repeat(a, 2, axis=-1)[..., ::2], id="every second cell"),
        pytest.param(lambda a: a[..., ::-1].copy()[..., ::-1], id="negative strides"),
        pytest.param(lambda a: np.moveaxis(np.moveaxis(a, 0, -1).copy(), -1, 0), id="images last"),
        pytest.param(lambda a: a.astype(a.dtype.newbyteorder()), id="other byte order"),
    ],
)
@pytest.mark.parametrize(("operation", "shapes", "options"), OPERATIONS)
def test_memory_layout_does_not_matter(rng, operation, shapes, options, arrange):
    arrays = [rng.normal(size=shape) for shape in shapes]

    arranged = results(operation(*map(arrange, arrays), **options))

    for ours, plain in zip(arranged, results(operation(*arrays, **options)), strict=True):
        np.testing.assert_allclose(ours, plain, rtol=1e-12, atol=1e-14)
        assert ours.dtype.isnative


@pytest.mark.parametrize(("operation", "shapes", "options"), OPERATIONS)
def test_one_number_repeated_without_memory_of_its_own_is_read_as_any_other(
    rng, operation, shapes, options
):
    arrays = [np.broadcast_to(rng.normal(), shape) for shape in shapes]

    spread = results(operation(*arrays, **options))

    copied = results(operation(*(array.copy() for array in arrays), **options))
    for ours, plain in zip(spread, copied, strict=True):
        np.testing.assert_allclose(ours, plain, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(("operation", "shapes", "options"), OPERATIONS)
def test_read_only_arguments_are_accepted_and_stay_as_they_were(rng, operation, shapes, options):
    arrays = [rng.normal(size=shape) for shape in shapes]
    before = [array.tobytes() for array in arrays]
    for array in arrays:
        array.flags.writeable = False

    computed = results(operation(*arrays, **options))

    assert [array.tobytes() for array in arrays] == before
    assert all(array.flags.writeable for array in computed)


@pytest.mark.parametrize(("operation", "shapes"), UNCHANGED)
def test_results_share_no_memory_with_read_only_arguments_that_pass_through(operation, shapes):
    arrays = [np.full(shape, 3.0) for shape in shapes]
    for array in arrays:
        array.flags.writeable = False

    computed = results(operation(*arrays))

    assert not any(np.shares_memory(ours, array) for ours in computed for array in arrays)
    assert all(ours.flags.writeable for ours in computed)


@pytest.mark.parametrize(("operation", "shapes", "options"), OPERATIONS)
def test_a_result_is_not_overwritten_by_the_next_call(rng, operation, shapes, options):
    arrays = [rng.normal(size=shape) for shape in shapes]
    first = results(operation(*arrays, **options))
    before = [array.copy() for array in first]

    operation(*(rng.normal(size=shape) for shape in shapes), **options)

    for ours, kept in zip(first, before, strict=True):
        np.testing.assert_array_equal(ours, kept)
