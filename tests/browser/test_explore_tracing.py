"""Pointing at a cell shows what it belongs to, forward and backward."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}

# Focus every cell of a grid in turn: what is said of it, and which cells of another are marked.
_FOCUS_ALL = """([name, other, mark]) => {
  const grid = name => [...document.querySelectorAll("[role=grid]")]
    .find(grid => grid.getAttribute("aria-label") === name);
  const place = cell => cell.getAttribute("aria-label").match(/\\d+/g).slice(0, 2).join();
  const unpin = [...document.querySelectorAll("button")].find(b => b.textContent === "Unpin");
  const said = unpin.parentElement.querySelector("p");
  return Object.fromEntries([...grid(name).querySelectorAll("[role=gridcell]")].map(cell => {
    cell.focus();
    const marked = [...grid(other).querySelectorAll(`[role=gridcell][${mark}]`)].map(place);
    return [place(cell), [said.textContent, marked]];
  }));
}"""


class Layer:
    """Which cells meet, counted by walking over every window of a padded map of places."""

    def __init__(self, side=6, filter_side=3, stride=1, padding=0, dilation=1, mode="zeros"):
        self.query = f"w={side}&h={side}&fw={filter_side}&fh={filter_side}&s={stride}"
        self.query += f"&p={padding}&dil={dilation}&mode={mode}"
        places = np.arange(side * side).reshape(side, side)
        beyond = {"constant_values": -1} if mode == "zeros" else {}
        padded = np.pad(places, padding, mode=_MODES[mode], **beyond)
        extent = dilation * (filter_side - 1) + 1
        self.side, self.taps = side, filter_side
        starts = range(0, len(padded) - extent + 1, stride)
        self.windows = {
            f"{r + 1},{c + 1}": padded[
                top : top + extent : dilation, left : left + extent : dilation
            ]
            for r, top in enumerate(starts)
            for c, left in enumerate(starts)
        }

    def outputs_of_inputs(self):
        """For every input cell the outputs that use it."""
        return {
            f"{place // self.side + 1},{place % self.side + 1}": [
                output for output, window in self.windows.items() if place in window
            ]
            for place in range(self.side**2)
        }

    def inputs_of_taps(self):
        """For every weight the input cells that it meets."""
        met = np.stack(list(self.windows.values()))
        return {
            f"{r + 1},{c + 1}": sorted(set(met[:, r, c].tolist()) - {-1})
            for r in range(self.taps)
            for c in range(self.taps)
        }

    def inputs_of_outputs(self):
        """For every output the input cells in its window."""
        return {
            output: sorted(set(w.ravel().tolist()) - {-1}) for output, w in self.windows.items()
        }

    def number(self, place):
        row, column = map(int, place.split(","))
        return (row - 1) * self.side + column - 1


LAYERS = [
    pytest.param({}, id="plain"),
    pytest.param({"side": 8, "stride": 2}, id="a stride that leaves a row and a column over"),
    pytest.param({"side": 5, "padding": 1}, id="zeros around"),
    pytest.param({"side": 5, "padding": 2, "mode": "reflect"}, id="reflected around"),
    pytest.param({"side": 4, "padding": 2, "mode": "replicate", "stride": 2}, id="replicated"),
    pytest.param({"side": 5, "padding": 2, "mode": "circular", "filter_side": 2}, id="wrapped"),
    pytest.param({"side": 7, "dilation": 2, "padding": 1}, id="taps two apart"),
]


def count_in(sentence, pattern):
    found = re.search(pattern, sentence)
    return int(found[1]) if found else 0


def told_of(visit, layer, *what):
    return visit(layer.query).page.evaluate(_FOCUS_ALL, list(what))


@pytest.mark.parametrize("geometry", LAYERS)
def test_an_input_leads_to_every_output_that_uses_it(visit, geometry):
    layer = Layer(**geometry)
    expected = layer.outputs_of_inputs()

    told = told_of(visit, layer, "Input", "Output", "data-into")

    assert {cell: marked for cell, (_, marked) in told.items()} == expected
    counts = {cell: count_in(said, r"goes into (\d+) outputs?") for cell, (said, _) in told.items()}
    assert counts == {cell: len(outputs) for cell, outputs in expected.items()}


@pytest.mark.parametrize("geometry", LAYERS)
def test_a_weight_leads_to_every_input_it_meets_and_to_all_outputs(visit, geometry):
    layer = Layer(**geometry)
    expected = layer.inputs_of_taps()

    told = told_of(visit, layer, "Filter", "Input", "data-meets")

    counts = {cell: count_in(said, r"meets (\d+) input cells?") for cell, (said, _) in told.items()}
    assert counts == {cell: len(met) for cell, met in expected.items()}
    outputs = {count_in(said, r"used for (\d+) outputs?") for said, _ in told.values()}
    assert outputs == {len(layer.windows)}


@pytest.mark.parametrize("geometry", [LAYERS[0], LAYERS[1], LAYERS[2], LAYERS[6]])
def test_the_inputs_that_a_weight_meets_are_marked(visit, geometry):
    layer = Layer(**geometry)

    told = told_of(visit, layer, "Filter", "Input", "data-meets")

    marked = {cell: [layer.number(place) for place in marks] for cell, (_, marks) in told.items()}
    assert marked == layer.inputs_of_taps()


@pytest.mark.parametrize("geometry", [LAYERS[0], LAYERS[1], LAYERS[2], LAYERS[6]])
def test_an_output_leads_to_its_window(visit, geometry):
    layer = Layer(**geometry)

    told = told_of(visit, layer, "Output", "Input", "data-in")

    marked = {cell: [layer.number(place) for place in marks] for cell, (_, marks) in told.items()}
    assert marked == layer.inputs_of_outputs()


@pytest.mark.parametrize(
    ("query", "cell", "window"),
    [
        pytest.param("", (2, 3), "rows 2 to 4 and columns 3 to 5 of the input", id="plain"),
        pytest.param("s=2", (2, 3), "rows 3 to 5 and columns 5 to 7 of the input", id="stride 2"),
        pytest.param(
            "p=1", (1, 1), "rows 1 to 3 and columns 1 to 3 of the padded input", id="padded corner"
        ),
        pytest.param(
            "dil=2,1", (1, 2), "rows 1, 3 and 5 and columns 2 to 4 of the input", id="dilated rows"
        ),
    ],
)
def test_hovering_an_output_names_its_window(visit, query, cell, window):
    explore = visit(query)
    explore.button("Last step").click()
    value = f"{explore.values('Output')[cell[0] - 1, cell[1] - 1]:g}".replace("-", "\u2212")

    explore.cell("Output", *cell).hover()

    name = f"Output row {cell[0]}, column {cell[1]}"
    expect(explore.readout).to_have_text(f"{name}: {value}. Its window covers {window}.")


def test_an_output_not_yet_computed_is_traced_without_telling_its_value(visit):
    explore = visit()
    explore.step_to(0)

    explore.cell("Output", 5, 5).hover()

    expect(explore.readout).to_contain_text("not yet computed. Its window covers rows 5 to 7")
    assert explore.marked("Input", "data-in") == {(r, c) for r in (5, 6, 7) for c in (5, 6, 7)}
    assert np.isnan(explore.values("Output")).all()


@pytest.mark.parametrize(("padding", "uses"), [(0, "1 output"), (1, "4 outputs")])
def test_a_corner_is_used_once_and_with_padding_four_times(visit, padding, uses):
    explore = visit(f"p={padding}")

    explore.cell("Input", 1, 1).hover()

    expect(explore.readout).to_contain_text(f"It goes into {uses}.")


def test_a_cell_that_no_window_visits_says_so_and_is_crossed_out(visit):
    explore = visit("w=8&h=7&s=2")

    explore.cell("Input", 3, 8).hover()

    expect(explore.readout).to_contain_text("No window visits it: it reaches no output.")
    assert explore.marked("Input", "data-never") == {(row, 8) for row in range(1, 8)}


def test_with_several_filters_an_input_counts_the_outputs_of_all_maps(visit):
    explore = visit("d=3&k=2")

    explore.cell("Input channel 2", 4, 4).hover()

    expect(explore.readout).to_contain_text("It goes into 18 outputs.")
    nine = {(r, c) for r in (2, 3, 4) for c in (2, 3, 4)}
    assert explore.marked("Output map 1", "data-into") == nine
    assert explore.marked("Output map 2", "data-into") == nine


def test_with_groups_an_input_goes_into_the_maps_of_its_group_only(visit):
    explore = visit("d=2&k=2&g=2")

    explore.cell("Input channel 2", 1, 1).hover()

    assert explore.marked("Output map 1", "data-into") == set()
    assert explore.marked("Output map 2", "data-into") == {(1, 1)}


def test_a_bias_is_added_to_every_cell_of_its_map(visit):
    explore = visit("k=2&b=1")

    explore.cell("Bias", 1, 2).hover()

    expect(explore.readout).to_contain_text("It is added to 25 outputs.")
    assert len(explore.marked("Output map 2", "data-into")) == 25
    assert not explore.marked("Output map 1", "data-into")


def test_marked_cells_look_different(visit):
    explore = visit()
    explore.button("Last step").click()
    explore.page.mouse.move(2, 2)
    cell = explore.cell("Output", 4, 4)
    before = cell.screenshot()

    explore.cell("Input", 5, 5).hover()

    assert cell.screenshot() != before


def test_leaving_lets_go_of_what_is_not_pinned(visit):
    explore = visit()
    explore.cell("Input", 4, 4).hover()

    explore.page.mouse.move(2, 2)

    expect(explore.readout).to_contain_text("Point at any cell")
    assert explore.marked("Output", "data-into") == set()


@pytest.mark.parametrize(
    ("grid", "name"),
    [
        ("Filter 2 channel 3", "Filter 2, channel 3, row 1, column 2: "),
        ("Bias", "Bias of filter 2: "),
        ("Output map 2", "Output map 2, row 1, column 2: "),
    ],
)
def test_a_cell_is_called_by_its_place_without_saying_a_word_twice(visit, grid, name):
    explore = visit("d=3&k=2&b=1")
    explore.button("Last step").click()

    explore.cell(grid, 1, 2).hover()

    expect(explore.readout).to_contain_text(name)


def test_the_step_steps_back_while_another_cell_is_traced(visit):
    explore = visit()
    faint = "() => getComputedStyle(document.querySelector('.window')).opacity"
    explore.page.mouse.move(2, 2)
    assert explore.page.evaluate(faint) == "1"

    explore.cell("Input", 5, 5).hover()

    assert float(explore.page.evaluate(faint)) < 0.5
