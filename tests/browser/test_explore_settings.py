"""Every control changes the picture, and the formula of the size follows."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect
from scipy.signal import convolve2d

from tests.browser.explore_page import ExplorePage, expect_shape

NUMBERS = [
    # control, query it starts from, typed, grid to look at, its rows and columns
    pytest.param("Input width", "", 9, "Output", (5, 7), id="input width"),
    pytest.param("Input height", "", 10, "Output", (8, 5), id="input height"),
    pytest.param("Channels", "", 3, "Input channel 3", (7, 7), id="channels"),
    pytest.param("Filter width", "", 5, "Output", (5, 3), id="filter width"),
    pytest.param("Filter height", "", 2, "Output", (6, 5), id="filter height"),
    pytest.param("Filters", "", 3, "Output map 3", (5, 5), id="filters"),
    pytest.param("Stride", "", 2, "Output", (3, 3), id="stride"),
    pytest.param("Padding", "", 2, "Output", (9, 9), id="padding"),
    pytest.param("Dilation", "", 3, "Output", (1, 1), id="dilation"),
    pytest.param("Stride, rows", "s=1,2", 3, "Output", (2, 3), id="stride along rows"),
    pytest.param("Stride, columns", "s=1,2", 4, "Output", (5, 2), id="stride along columns"),
    pytest.param("Dilation, rows", "s=1,2", 2, "Output", (3, 3), id="dilation along rows"),
    pytest.param("Padding, top", "p=1,0,0,0", 3, "Output", (8, 5), id="padding above"),
    pytest.param("Padding, bottom", "p=1,0,0,0", 1, "Output", (7, 5), id="padding below"),
    pytest.param("Padding, left", "p=1,0,0,0", 2, "Output", (6, 7), id="padding to the left"),
    pytest.param("Padding, right", "p=1,0,0,0", 4, "Output", (6, 9), id="padding to the right"),
]


@pytest.mark.parametrize(("control", "query", "value", "name", "shape"), NUMBERS)
def test_a_number_changes_the_picture(visit, control, query, value, name, shape):
    explore = visit(query)

    explore.set(control, value)

    expect_shape(explore, name, *shape)
    expect(explore.control(control)).to_have_value(str(value))


def test_groups_take_the_other_channels_from_a_filter(visit):
    explore = visit("d=2&k=2")
    expect(explore.grid("Filter 1 channel 2")).to_be_visible()

    explore.set("Groups", 2)

    expect(explore.grid("Filter 1 channel 1")).to_be_visible()
    expect(explore.grid("Filter 1 channel 2")).to_have_count(0)


def test_rows_and_columns_can_be_set_apart_and_together_again(open_page):
    explore = ExplorePage(open_page("/explore"))
    differ = explore.control("Rows and columns differ")
    expect(explore.control("Stride, rows")).to_be_hidden()

    differ.check()
    expect(explore.control("Stride")).to_be_hidden()
    explore.set("Stride, rows", 2)
    expect_shape(explore, "Output", 3, 5)
    explore.click(differ)

    expect(explore.control("Stride, rows")).to_be_hidden()
    expect(explore.control("Stride")).to_have_value("2")
    expect_shape(explore, "Output", 3, 3)


def test_padding_modes_fill_the_border_each_in_its_way(visit):
    explore = visit("p=1&x=ramp&fx=box_blur_3x3&w=6&h=5")
    explore.button("Last step").click()
    corners = [explore.values("Output")[0, 0]]

    corners += [corner_with(explore, mode) for mode in ("reflect", "replicate", "circular")]

    # A row of the ramp is 0 1 2 3 4 5: its corner sees 0 1, 1 0 1, 0 0 1 and 5 0 1.
    np.testing.assert_allclose(corners, [2 / 9, 6 / 9, 3 / 9, 18 / 9], rtol=0, atol=1e-9)


def corner_with(explore, mode):
    explore.set("Padding mode", mode)
    return explore.values("Output")[0, 0]


def test_input_presets_change_the_numbers(visit):
    explore = visit()

    explore.set("Input preset", "ramp")

    explore.eventually("Input", np.tile(np.arange(7), (7, 1)))


def test_filter_presets_change_the_weights(visit):
    explore = visit()

    explore.set("Filter preset", "sobel_x")

    explore.eventually("Filter", [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])


@pytest.mark.parametrize(("button", "name"), [("input", "Input"), ("filter", "Filter")])
def test_new_numbers_are_drawn_at_a_press(visit, button, name):
    explore = visit()
    before = explore.values(name)

    explore.click(explore.button(f"New {button} numbers"))

    assert (explore.values(name) != before).any()
    assert explore.values(name).shape == before.shape


def test_a_bias_appears_and_is_added(visit):
    explore = visit("w=5&h=5")
    explore.button("Last step").click()
    sums = explore.values("Output")

    explore.click(explore.control("Bias"))

    explore.eventually("Output", sums + explore.values("Bias")[0, 0])


def test_flipping_the_filter_makes_it_the_mathematical_convolution(visit):
    explore = visit()
    explore.button("Last step").click()
    expected = convolve2d(explore.values("Input"), explore.values("Filter"), mode="valid")

    explore.click(explore.control("Flip filter"))

    explore.eventually("Output", expected)


def test_the_operation_is_named(visit):
    explore = visit()

    expect(explore.control("Operation")).to_have_value("conv2d")


def test_a_finished_output_stays_finished_when_a_setting_changes(visit):
    explore = visit()
    explore.button("Last step").click()

    explore.set("Padding", 1)

    assert np.isfinite(explore.values("Output")).all()


def test_the_latest_of_quick_changes_wins(visit):
    explore = visit()
    width = explore.control("Input width")
    width.focus()

    explore.page.keyboard.press("ArrowUp")
    explore.page.keyboard.press("ArrowUp")
    explore.page.keyboard.press("ArrowUp")

    expect(width).to_have_value("10")
    expect_shape(explore, "Output", 5, 8)


def test_a_setting_of_the_address_stands_in_its_control(visit):
    explore = visit("s=2,1&p=1,0,2,0&w=9&fx=emboss&flip=1")

    expect(explore.control("Rows and columns differ")).to_be_checked()
    expect(explore.control("Stride, rows")).to_have_value("2")
    expect(explore.control("Padding, left")).to_have_value("2")
    expect(explore.control("Filter preset")).to_have_value("emboss")
    expect(explore.control("Flip filter")).to_be_checked()


def numbers_of(explore, *names):
    """The numbers that the size formula shows for its letters."""
    slots = {name: explore.size.locator(f"[data-slot='{name}']").first for name in names}
    return {name: int(slot.text_content()) for name, slot in slots.items()}


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        pytest.param("", {"W1": 7, "F": 3, "P": 0, "S": 1, "W2": 5}, id="defaults"),
        pytest.param(
            "w=9&h=9&fw=5&fh=5&p=2&s=2", {"W1": 9, "F": 5, "P": 2, "S": 2, "W2": 5}, id="all sizes"
        ),
        pytest.param("w=8&h=8&s=2", {"W1": 8, "F": 3, "P": 0, "S": 2, "W2": 3}, id="floored"),
        pytest.param("h=9&fh=2", {"W1": 7, "F": 3, "W2": 5, "H1": 9, "H2": 8}, id="rows differ"),
    ],
)
def test_the_size_formula_has_the_numbers_of_the_picture(visit, query, numbers):
    explore = visit(query)

    assert numbers_of(explore, *numbers) == numbers
    expect_shape(explore, "Output", numbers.get("H2", numbers["W2"]), numbers["W2"])


def test_the_size_formula_follows_a_control(visit):
    explore = visit()

    explore.set("Stride", 2)

    assert numbers_of(explore, "S", "W2") == {"S": 2, "W2": 3}
    expect(explore.size).to_contain_text("3×3×1")


def test_parameters_and_multiplications_are_counted(visit):
    explore = visit("d=3&k=2&b=1")

    text = explore.size.inner_text()

    assert "2·(3·3·3+1) = 56" in text
    assert re.search(r"Multiplications.*= 1,?350", text)


def test_what_the_stride_leaves_over_is_named_and_crossed_out(visit):
    explore = visit("w=8&h=8&s=2")

    expect(explore.size).to_contain_text("5 does not divide by 2.")
    expect(explore.size).to_contain_text("The floor keeps 2 moves; 1 column is left over.")
    expect(explore.size).to_contain_text("15 of 64 input cells")
    last = {(8, n) for n in range(1, 9)} | {(n, 8) for n in range(1, 9)}
    assert explore.marked("Input", "data-never") == last


def test_every_offer_makes_the_stride_divide(visit):
    explore = visit("w=8&h=8&s=2")
    offers = explore.size.get_by_role("button").filter(has_text="output").all()
    labels = [offer.inner_text() for offer in offers]
    assert len(labels) >= 3

    fitted = [fits(explore, label) for label in labels]

    assert fitted == labels


def fits(explore, label):
    """Take an offer, see that nothing is left over and that it gives what it says; go back."""
    explore.click(explore.size.get_by_role("button", name=label, exact=True))
    expect(explore.size).not_to_contain_text("does not divide", use_inner_text=True)
    assert not explore.marked("Input", "data-never")
    rows, columns = explore.values("Output").shape
    assert f"{rows}×{columns} output" in label
    explore.click(explore.button("Undo"))
    expect(explore.size).to_contain_text("5 does not divide by 2.")
    return label


def test_padding_alone_left_over_is_not_called_lost(visit):
    explore = visit("w=5&h=5&s=2&p=0,1,0,1")

    expect(explore.size).to_contain_text("Only padding is left over")
    assert not explore.marked("Input", "data-never")


@pytest.mark.parametrize(
    ("query", "told"),
    [
        pytest.param("w=6&h=6&d=3&k=2", "6×6×3⋆2 filters 3×3×3=4×4×2", id="as deep as the input"),
        pytest.param("w=6&h=6&d=4&k=2&g=2", "6×6×4⋆2 filters 3×3×2=4×4×2", id="of one group"),
        pytest.param("w=6&h=6&flip=1", "6×6\u22173×3=4×4", id="turned"),
        pytest.param(
            "op=conv_transpose2d&w=4&h=4&d=2&k=3", "4×4×2stamps3 filters 3×3×2→9×9×3", id="stamped"
        ),
        pytest.param("op=max_pool2d&w=6&h=6&d=2", "6×6×2→3×3×2", id="without a filter"),
    ],
)
def test_the_sizes_beside_the_tabs_name_every_filter(visit, query, told):
    expect(visit(query).page.locator(".shapes")).to_have_text(told)
