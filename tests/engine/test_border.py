"""What the stride leaves over, found by visiting every window, and settings that leave nothing."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine import ParameterError, ShapeError, conv2d_output_shape
from engine.border import fits, leftover

SIDE = st.integers(0, 4)
AXIS = {
    "size": st.integers(1, 14),
    "taps": st.integers(1, 4),
    "stride": st.integers(1, 6),
    "padding": st.tuples(SIDE, SIDE),
    "dilation": st.integers(1, 3),
}


def unvisited_tail(size, taps, stride, padding, dilation):
    """Slide a window until it no longer fits and list the padded cells behind its last reach."""
    padded, extent, start, reach = size + sum(padding), dilation * (taps - 1) + 1, 0, 0
    while start + extent <= padded:
        reach = start + extent
        start += stride
    return list(range(reach, padded))


@settings(deadline=None, max_examples=200)
@given(rows=st.fixed_dictionaries(AXIS), columns=st.fixed_dictionaries(AXIS))
def test_leftovers_are_the_cells_behind_the_last_window(rows, columns):
    axes = (rows, columns)
    assume(all(a["size"] + sum(a["padding"]) >= a["dilation"] * (a["taps"] - 1) + 1 for a in axes))
    options = {name: tuple(a[name] for a in axes) for name in ("stride", "padding", "dilation")}

    rest = leftover(
        (1, 1, rows["size"], columns["size"]), (1, 1, rows["taps"], columns["taps"]), **options
    )

    tails = [unvisited_tail(**axis) for axis in axes]
    assert [list(rest.padded_rows), list(rest.padded_columns)] == tails
    assert [list(rest.rows), list(rest.columns)] == [
        [n - a["padding"][0] for n in tail if 0 <= n - a["padding"][0] < a["size"]]
        for tail, a in zip(tails, axes, strict=True)
    ]


def healed(axis, changes, letter):
    """Apply a remedy to the settings of one axis."""
    size, side = (
        ("input_width", "padding_right") if letter == "W" else ("input_height", "padding_bottom")
    )
    before, after = axis["padding"]
    both = changes.get("padding")
    return axis | {
        "size": changes.get(size, axis["size"]),
        "stride": changes.get("stride", axis["stride"]),
        "padding": (both, both) if both is not None else (before, changes.get(side, after)),
    }


@settings(deadline=None, max_examples=200)
@given(axis=st.fixed_dictionaries(AXIS), name=st.sampled_from(["row", "column"]))
def test_every_setting_proposed_leaves_nothing_over_and_changes_one_thing(axis, name):
    assume(axis["size"] + sum(axis["padding"]) >= axis["dilation"] * (axis["taps"] - 1) + 1)
    options = {key: axis[key] for key in ("stride", "padding", "dilation")}

    remedies = fits(axis["size"], axis["taps"], axis=name, **options)

    assert bool(remedies) == bool(unvisited_tail(**axis))
    assert all(len(remedy.changes) == 1 for remedy in remedies)
    letter = "W" if name == "column" else "H"
    assert not any(unvisited_tail(**healed(axis, r.changes, letter)) for r in remedies)


@settings(deadline=None, max_examples=100)
@given(axis=st.fixed_dictionaries(AXIS))
def test_no_stride_between_the_proposed_ones_divides(axis):
    assume(axis["size"] + sum(axis["padding"]) >= axis["dilation"] * (axis["taps"] - 1) + 1)
    options = {key: axis[key] for key in ("stride", "padding", "dilation")}
    strides = [
        r.changes["stride"]
        for r in fits(axis["size"], axis["taps"], **options)
        if "stride" in r.changes
    ]

    between = range(min(strides, default=0) + 1, max(strides, default=0))

    assert all(unvisited_tail(**axis | {"stride": s}) for s in between if strides)


def test_an_8_wide_input_under_stride_2_loses_its_last_column():
    rest = leftover((1, 1, 7, 8), (1, 1, 3, 3), stride=2)

    assert (list(rest.rows), list(rest.columns)) == ([], [7])
    assert [remedy.label for remedy in fits(8, 3, stride=2)] == [
        "S = 1",
        "S = 5",
        "P right = 1",
        "W1 = 7",
        "W1 = 9",
    ]


def test_only_padding_can_be_left_over():
    rest = leftover((1, 1, 7, 6), (1, 1, 3, 3), stride=2, padding=1)

    assert (list(rest.padded_columns), list(rest.columns)) == ([7], [])
    assert bool(rest)


def test_nothing_is_left_over_where_the_stride_divides():
    assert not leftover((1, 3, 227, 227), (96, 3, 11, 11), stride=4)
    assert fits(227, 11, stride=4) == ()


def test_the_largest_size_of_the_calculator_is_quick_to_fit():
    labels = [remedy.label for remedy in fits(100_000, 2, stride=3, axis="row")]

    assert labels == ["S = 2", "S = 49999", "P = 2", "P bottom = 1", "H1 = 99998", "H1 = 100001"]


def test_remedies_apply_to_shapes_as_they_are():
    (remedy,) = (r for r in fits(8, 3, stride=2) if r.label == "W1 = 9")

    assert conv2d_output_shape(
        (1, 1, 7, remedy.changes["input_width"]), (1, 1, 3, 3), stride=2
    ) == (1, 1, 3, 4)


def test_filter_that_does_not_fit_is_refused_with_ways_out():
    with pytest.raises(ShapeError) as refusal:
        fits(5, 3, dilation=4, axis="row")

    assert str(refusal.value) == (
        "filter: a filter of 3, which spans 9, does not fit into the padded height of 5; "
        "use padding >= 2 or a smaller filter"
    )
    assert [r.changes for r in refusal.value.remedies] == [{"padding": 2}, {"filter_height": 2}]


def test_an_axis_without_cells_is_refused():
    with pytest.raises(ParameterError) as refusal:
        fits(0, 3)

    assert str(refusal.value) == "size: 0 is too small, it must be at least 1; use 1 or more"
    assert refusal.value.remedies == ()
