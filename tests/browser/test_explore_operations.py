"""Every operation of the Forward tab: its output from the numbers shown, its traces, its words."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.explore_page import until_drawn
from tests.browser.test_explore_values import Shown, pair


def given_in(query):
    return dict(part.split("=") for part in query.split("&"))


def windows(plane, given):
    """Where the window of each output cell lies: cells of a frame of NaN around the plane."""
    size, padding = pair(given.get("ks", "2")), pair(given.get("p", "0"))
    stride, apart = pair(given.get("s", "2")), pair(given.get("dil", "1"))
    counts = []
    for axis in (0, 1):
        extent = apart[axis] * (size[axis] - 1) + 1
        room = plane.shape[axis] + 2 * padding[axis] - extent
        rounded = -(-room // stride[axis]) if given.get("ceil") == "1" else room // stride[axis]
        beyond = rounded * stride[axis] >= plane.shape[axis] + padding[axis]
        counts.append(rounded + 1 - (given.get("ceil") == "1" and beyond))
    wide = [(padding[axis], padding[axis] + 40) for axis in (0, 1)]
    framed = np.pad(plane, wide, constant_values=np.nan)
    for row in range(counts[0]):
        for column in range(counts[1]):
            rows = row * stride[0] + apart[0] * np.arange(size[0])
            columns = column * stride[1] + apart[1] * np.arange(size[1])
            yield (row, column), (rows, columns), framed[np.ix_(rows, columns)]


def largest(plane, given):
    return grid_of({at: np.nanmax(cells) for at, _, cells in windows(plane, given)})


def average(plane, given):
    padding = pair(given.get("p", "0"))
    means = {}
    for at, (rows, columns), cells in windows(plane, given):
        counted = np.count_nonzero(~np.isnan(cells))
        if given.get("cip", "1") == "1":
            height, width = (n + 2 * p for n, p in zip(plane.shape, padding, strict=True))
            counted = np.sum(rows < height) * np.sum(columns < width)
        means[at] = np.nansum(cells) / counted
    return grid_of(means)


def grid_of(cells):
    values = np.zeros(np.max(list(cells), axis=0) + 1)
    for at, value in cells.items():
        values[at] = value
    return values


def stamped(x, weight, bias, given):
    """Put each input cell times the filter into the output, and cut the border off."""
    step, apart = pair(given.get("s", "2")), pair(given.get("dil", "1"))
    cut, more = pair(given.get("p", "0")), pair(given.get("outp", "0"))
    maps, depth, *taps = weight.shape
    size = [
        (x.shape[1 + axis] - 1) * step[axis] + apart[axis] * (taps[axis] - 1) + 1 + more[axis]
        for axis in (0, 1)
    ]
    y = np.zeros((maps, *size))
    groups = len(x) // depth
    for k in range(maps):
        first = k * groups // maps * depth
        for c, row, column in np.ndindex(depth, *x.shape[1:]):
            for u, v in np.ndindex(*taps):
                at = row * step[0] + u * apart[0], column * step[1] + v * apart[1]
                y[(k, *at)] += x[first + c, row, column] * weight[k, c, u, v]
    rows, columns = (slice(p, n - p) for p, n in zip(cut, size, strict=True))
    return y[:, rows, columns] + np.reshape(bias, (-1, 1, 1))


POOLED = [
    pytest.param("w=6&h=4", id="side by side"),
    pytest.param("w=9&h=7&ks=3,2&s=2,3&xs=2", id="unequal windows and strides"),
    pytest.param("w=7&h=8&ks=3&s=2&p=1&xs=3", id="a border"),
    pytest.param("w=8&h=7&ks=3&s=3&ceil=1&xs=4", id="rounded up"),
    pytest.param("w=7&h=6&ks=3&s=2&p=1&ceil=1&xs=5&d=2", id="border, rounded up, two channels"),
    pytest.param("w=6&h=5&ks=2&s=1&d=3&xs=6&x=random", id="overlapping, three channels, decimals"),
]


@pytest.mark.parametrize("query", [*POOLED, pytest.param("w=9&h=8&ks=2,3&s=2&dil=2,3", id="holes")])
def test_max_pooling_shows_the_largest_of_every_window(go, query):
    assert_each_channel(go, "max_pool2d", query, largest)


@pytest.mark.parametrize(
    "query", [*POOLED, pytest.param("w=7&h=8&ks=3&s=2&p=1&cip=0", id="padding not counted")]
)
def test_average_pooling_shows_the_mean_of_every_window(go, query):
    assert_each_channel(go, "avg_pool2d", query, average)


@pytest.mark.parametrize("query", ["w=5&h=4", "d=3&w=4&h=6&x=random&xs=3"])
def test_relu_shows_what_is_positive(go, query):
    assert_each_channel(go, "relu", query, lambda plane, _: np.maximum(plane, 0))


def assert_each_channel(go, op, query, pool):
    given = given_in(query)
    channels = int(given.get("d", 1))
    shown = Shown(go(f"op={op}&{query}").page)
    shown.button("Last step").click()

    x, output = shown.input(channels), shown.maps()

    expected = np.array([pool(plane, given) for plane in x])
    np.testing.assert_allclose(output, expected, rtol=0, atol=1e-9)
    assert expected.std() > 0


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("w=3&h=4&xs=1", id="zeros between"),
        pytest.param("w=4&h=3&s=1&p=1&xs=2", id="stride 1 with padding"),
        pytest.param("w=3&h=4&s=2,3&fw=2&fh=3&p=1,0&outp=1,2&xs=3", id="all of them unequal"),
        pytest.param("w=3&h=3&dil=2&d=2&k=3&b=1&xs=4", id="holes, channels, filters, bias"),
        pytest.param("w=3&h=4&d=4&k=4&g=2&xs=5&fs=2", id="groups"),
        pytest.param("w=4&h=4&fw=1&fh=1&k=2&d=2&xs=6", id="a filter of one tap"),
        pytest.param("w=3&h=3&x=random&fx=box_blur_3x3&outp=1&xs=6", id="decimals"),
    ],
)
def test_transposed_convolution_shows_the_sum_of_the_stamps(go, query):
    given = given_in(query)
    channels, maps = int(given.get("d", 1)), int(given.get("k", 1))
    groups = int(given.get("g", 1))
    shown = Shown(go(f"op=conv_transpose2d&{query}").page)
    shown.button("Last step").click()

    x, output = shown.input(channels), shown.maps()
    weight = np.array([shown.filter(k, maps, channels, groups) for k in range(maps)])

    expected = stamped(x, weight, shown.bias(maps), given)
    np.testing.assert_allclose(output, expected, rtol=0, atol=1e-9)
    assert expected.std() > 0


def test_an_edited_weight_of_a_transposed_convolution_is_the_one_that_was_pointed_at(go):
    shown = go("op=conv_transpose2d&d=2&k=2&w=3&h=3")

    shown.type_cell("Filter 1 channel 2", 1, 3, "5")

    expected = shown.values("Filter 1 channel 2").copy()
    expected[0, 2] = 5
    shown.eventually("Filter 1 channel 2", expected)


def test_inserted_zeros_are_no_cells_of_the_input(go):
    shown = go("op=conv_transpose2d&w=3&h=2&s=2&outp=1")

    assert shown.values("Input").shape == (2, 3)
    shown.cell("Input", 1, 1).focus()
    shown.page.keyboard.press("ArrowRight")
    label = shown.page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert label.startswith("row 1, column 2: ")


def test_the_size_of_a_transposed_convolution_is_told_from_its_stamps(go):
    shown = go("op=conv_transpose2d&w=4&h=3&s=2&p=1&outp=1")

    told = shown.page.locator(".size-card")
    expect(told.locator(".chain .value")).to_have_text(["6", "9", "7", "8", "6×8×1"])
    expect(told.locator(".formula-line > b")).to_have_text(["8", "6"])
    assert shown.values("Output").shape == (6, 8)


def outputs_using(row, column, given, shape):
    """The outputs whose window holds a cell, from 1."""
    plane = np.zeros(shape)
    plane[row, column] = 1
    return {(r + 1, c + 1) for (r, c), _, cells in windows(plane, given) if np.nansum(cells) > 0}


@pytest.mark.parametrize("query", ["w=7&h=5&ks=3&s=2&p=1", "w=6&h=6&ks=2&s=1&dil=3"])
def test_pointing_at_an_input_shows_every_window_that_holds_it(go, query):
    shown = go(f"op=max_pool2d&{query}")
    given = given_in(query)
    shape = shown.values("Input").shape

    for row, column in [(0, 0), (1, 2), (4, 3)]:
        shown.cell("Input", row + 1, column + 1).focus()
        assert shown.marked("Output", "data-into") == outputs_using(row, column, given, shape)


def test_pointing_goes_through_the_zeros_between(go):
    shown = go("op=conv_transpose2d&w=3&h=3&s=2")

    shown.cell("Input", 2, 3).focus()
    stamp = {(row, column) for row in (3, 4, 5) for column in (5, 6, 7)}
    assert shown.marked("Output", "data-into") == stamp
    shown.cell("Output", 5, 5).focus()
    inputs = {(2, 2), (2, 3), (3, 2), (3, 3)}
    assert shown.marked("Input", "data-in") == inputs
    shown.cell("Filter", 1, 1).focus()
    assert len(shown.marked("Input", "data-meets")) == 9


def test_the_cell_that_wins_is_marked_in_the_input_and_the_window(go):
    shown = go("op=max_pool2d&x=ramp&w=6&h=6&t=5")

    assert shown.marked("Input", "data-pick") == {(3, 4)}
    assert shown.marked("Window", "data-pick") == {(1, 2)}
    shown.slider("Term").fill("1")
    assert shown.marked("Input", "data-pick") == {(3, 3)}


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("op=max_pool2d&x=ramp&w=4&h=4", "4 terms, largest = "),
        ("op=avg_pool2d&x=ramp&w=4&h=4", "4 terms ÷ 4 = "),
        ("op=avg_pool2d&x=ramp&w=4&h=4&ks=3&p=1&s=2&cip=0", "4 terms ÷ 4 = "),
        ("op=relu&x=ramp", "1 term = "),
    ],
)
def test_the_line_of_terms_says_what_they_come_to(go, query, words):
    shown = go(query)

    said = shown.page.locator("output").first
    expect(said).to_have_text(re.compile(f"^{words}"))
    text = said.text_content()
    value = float(text.split("=")[1].replace("\u2212", "-"))
    assert value == pytest.approx(shown.values("Output")[0, 0])


def test_a_clipped_window_says_which_rows_and_columns_it_covers(go):
    shown = go("op=avg_pool2d&w=7&h=7&ks=3&s=2&p=1&cip=0")

    shown.cell("Output", 1, 4).focus()

    expect(shown.readout).to_contain_text("covers rows 1 and 2 and columns 6 and 7 of the input")


@pytest.mark.parametrize(
    ("query", "sentence", "offer"),
    [
        ("op=max_pool2d&p=2", "more than half of a window", "P = 1"),
        ("op=avg_pool2d&ks=7&s=7", "does not fit", "F = 6"),
        ("op=conv_transpose2d&outp=2", "below neither the stride", "output padding = 1"),
        ("op=conv_transpose2d&g=3&d=2", "must divide", "groups = 1"),
    ],
)
def test_a_setting_that_cannot_be_is_explained_and_its_offers_work(
    open_page, query, sentence, offer
):
    shown = Shown(open_page(f"/explore?{query}", refusals=True))

    expect(shown.problem).to_contain_text(sentence)
    shown.click(shown.problem.get_by_role("button", name=offer))
    expect(shown.problem).to_be_hidden()
    assert shown.values("Output").size


@pytest.mark.parametrize("op", ["max_pool2d", "avg_pool2d", "relu", "conv_transpose2d"])
def test_an_operation_is_chosen_above_and_its_settings_change_the_output(go, op):
    shown = go("")

    shown.control("Operation").select_option(op)
    shown.page.wait_for_url(f"**?op={op}*")
    until_drawn(shown.page)
    before = shown.values("Output").shape
    shown.set("Input width", 9)

    assert shown.values("Output").shape > before


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize(
    "query",
    [
        "op=max_pool2d&d=3&ks=3&p=1&s=2&t=4",
        "op=avg_pool2d&ks=3&p=1&ceil=1&w=7&t=2",
        "op=relu&t=9",
        "op=conv_transpose2d&d=2&k=2&b=1&t=20",
    ],
)
def test_axe_finds_nothing(
    open_page, assert_accessible, assert_no_sideways_scroll, query, width, theme
):
    page = open_page(f"/explore?{query}", width=width, theme=theme)
    page.get_by_role("button", name="Next step").click()

    assert_no_sideways_scroll(page)
    assert_accessible(page)
