"""The named filters: integer taps, and what each of them promises."""

from __future__ import annotations

import numpy as np
import pytest

import engine
from engine import kernels

BLURS = [name for name in kernels if "blur" in name]
EDGES = ["sobel_x", "prewitt_x", "scharr_x", "laplacian_4", "laplacian_8", "outline"]


def test_engine_exports_the_mapping_not_a_module():
    assert engine.kernels["sobel_x"].name == "Sobel, vertical edges"


def test_sobel_answers_growth_to_the_right_without_being_turned():
    assert kernels["sobel_x"].taps.tolist() == [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
    assert kernels["sobel_y"].taps.tolist() == [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]


@pytest.mark.parametrize("kernel", [pytest.param(k, id=name) for name, k in kernels.items()])
def test_every_kernel_is_complete_and_cannot_be_changed(kernel):
    assert kernel.taps.dtype == np.int64
    assert not kernel.taps.flags.writeable
    assert all(size % 2 == 1 for size in kernel.taps.shape)
    assert kernel.about.endswith(".")
    assert kernel.source


def test_mapping_cannot_be_changed():
    with pytest.raises(TypeError):
        kernels["mine"] = kernels["identity"]


@pytest.mark.parametrize("name", [*BLURS, "identity", "pointwise", "sharpen", "unsharp_mask"])
def test_taps_divided_add_up_to_one_so_that_brightness_stays(name):
    assert kernels[name].taps.sum() == kernels[name].divisor


@pytest.mark.parametrize("name", EDGES)
def test_taps_of_edge_filters_add_up_to_zero_so_that_flat_ground_gives_nothing(name):
    assert kernels[name].taps.sum() == 0


@pytest.mark.parametrize("name", ["sobel", "prewitt", "scharr"])
def test_filter_for_horizontal_edges_is_the_one_for_vertical_edges_transposed(name):
    np.testing.assert_array_equal(kernels[f"{name}_y"].taps, kernels[f"{name}_x"].taps.T)


@pytest.mark.parametrize(("name", "row"), [("3x3", [1, 2, 1]), ("5x5", [1, 4, 6, 4, 1])])
def test_gaussian_is_a_row_of_pascals_triangle_times_itself(name, row):
    np.testing.assert_array_equal(kernels[f"gaussian_blur_{name}"].taps, np.outer(row, row))


def test_unsharp_mask_is_twice_the_picture_less_its_blur():
    twice = np.zeros((5, 5), dtype=int)
    twice[2, 2] = 2 * 256

    np.testing.assert_array_equal(
        kernels["unsharp_mask"].taps, twice - kernels["gaussian_blur_5x5"].taps
    )
