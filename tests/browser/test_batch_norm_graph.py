"""The computational graph of batch norm: nodes, routes that meet, player, formulas, the list."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.graph_page import MET, SHOW, badge, button, title

LONG = [-1234.5678, 987.654, 1e-9, -0.0001]


@pytest.fixture
def graph(open_page):
    """The page with the lecture's batch, its last sample shown."""
    page = open_page("/batch-norm?i=4", reduced_motion=True)
    expect(page.locator("trace-graph .graph-node").first).to_be_visible()
    return page


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("beta", "0.7"),
        ("gamma", "about 0.0655"),
        ("xhat", "0.3"),
        ("sigma2", "about -0.0062"),
        ("mu", "about -0.3055"),
        ("x", "about 0.0436"),
    ],
)
def test_the_graph_shows_the_six_gradients_of_the_lecture(graph, name, value):
    expect(button(graph, f"Gradient of {name}: {value}")).to_be_visible()


def test_three_routes_to_x_are_listed_before_they_are_added(graph):
    assert re.search(r"≈ \+0\.1309.*≈ −0\.0109.*≈ −0\.0764.*≈ \+0\.0436", badge(graph))
    line = graph.locator(".graph-line-of-sum").last
    expect(line).to_have_text("≈ 0.1309 − 0.0109 − 0.0764 = 0.0436")


def test_of_two_routes_to_mu_one_is_0_with_the_terms_that_cancel(graph):
    button(graph, "Previous step").click()

    expect(title(graph)).to_have_text(
        "Backward, step 5 of 6: gradient of the mean, two routes, one sum"
    )
    assert re.search(r"−0\.3055.*\b0\b.*≈ −0\.3055", badge(graph))
    terms = graph.locator('[data-kind="terms"]:visible')
    expect(terms).to_have_text(re.compile("−.?0.0078 −.?0.0047 \\+0.0016 \\+0.0109"))


@pytest.mark.parametrize(
    ("address", "route"),
    [
        pytest.param("graph=gates&up=loss&m=16&x=random", 2, id="gates"),
        pytest.param("up=loss&gamma=-12.3456#x=0:-1234.5678,987.654,1e-9", 3, id="lecture"),
    ],
)
def test_gradient_of_the_mean_that_cancels_is_0_in_graph_and_table(open_page, address, route):
    page = open_page(f"/batch-norm?{address}", reduced_motion=True)

    expect(button(page, "Gradient of mu: 0")).to_be_visible()
    via_mu = page.locator(f'value-table td[data-route="{route}"]')
    page.locator("value-table").scroll_into_view_if_needed()
    expect(via_mu.first).to_be_visible()
    assert {*via_mu.all_inner_texts()} == {"0"}


def test_backward_stops_in_the_order_of_the_lecture(graph):
    button(graph, "Backward").click()

    titles = []
    for _ in range(6):
        button(graph, "Next step").click()
        titles.append(title(graph).inner_text().partition(": ")[2])
    assert titles == [
        "gradient of the shift",
        "gradient of the scale",
        "gradient of the normalised input",
        "gradient of the variance",
        "gradient of the mean, two routes, one sum",
        "gradient of input, three routes, one sum",
    ]


def test_values_appear_when_they_are_written(graph):
    button(graph, "Forward").click()
    mu = graph.get_by_role("img", name=re.compile("^Value of mu: "))
    expect(mu).to_have_count(0)

    button(graph, "Next step").click()

    expect(mu.first).to_be_visible()
    expect(title(graph)).to_have_text("Forward, step 1 of 5: mean of the batch")


def test_keys_step_turn_and_jump(graph):
    def done() -> int:
        return graph.evaluate("document.querySelector('trace-graph').position")

    button(graph, "Node mu, mean: 3.5").focus()
    found = []
    for key in ("Home", "ArrowRight", "PageDown", "ArrowLeft", "End"):
        graph.keyboard.press(key)
        found.append(done())

    assert found == [6, 7, 8, 7, 11]


def test_playing_goes_there_and_back(graph):
    button(graph, "Forward").click()
    graph.get_by_role("slider", name="Speed").fill("5")

    button(graph, "Play").click()

    expect(title(graph)).to_have_text(re.compile("Backward, step 6 of 6"), timeout=15_000)
    expect(button(graph, "Play")).to_be_visible()


def test_the_numbers_of_a_formula_stand_where_its_letters_stood(open_page):
    page = open_page("/batch-norm?graph=gates&i=4&n=grad_centred", reduced_motion=True)

    said = page.locator(".graph-numbers").inner_text()
    assert re.sub(r"\s", "", said) == "≈0.3⋅0.4364+(−0.0016)⋅2⋅3.5"


def test_a_fraction_keeps_its_two_parts(graph):
    parts = graph.locator(".graph-numbers mfrac").evaluate_all(
        "all => all.map(one => one.children.length)"
    )

    assert parts == [2, 2, 2]


def test_a_gradient_that_is_clicked_shows_its_formula_and_check_until_escape(graph):
    gamma = button(graph, "Gradient of gamma: about 0.0655")
    gamma.click()

    expect(gamma).to_have_attribute("aria-pressed", "true")
    expect(title(graph)).to_have_text("Gradient of the scale")
    expect(graph.locator(".graph-check")).to_contain_text("✓ agrees")
    expect(graph.locator('.graph-wire[data-look="single"]')).to_have_count(1)

    graph.keyboard.press("Escape")

    expect(title(graph)).to_have_text(
        "Backward, step 6 of 6: gradient of input, three routes, one sum"
    )


def test_another_sample_is_shown_by_its_button(graph):
    button(graph, "Sample 1").click()

    expect(button(graph, "Gradient of x: about 0.1496")).to_be_visible()


def test_all_samples_have_bars_of_their_own(graph):
    button(graph, "All samples").click()

    expect(graph.locator(".graph-bars [data-route=total]")).to_have_count(4)
    gradients = button(graph, "Gradient of x: about 0.1496, -0.1590, -0.0343, 0.0436")
    expect(gradients).to_be_visible()
    # Each sample has the tint of its number.
    shades = gradients.locator(".graph-strip i").evaluate_all(
        "all => all.map(one => getComputedStyle(one).backgroundColor)"
    )
    assert len(set(shades)) > 2


@pytest.mark.parametrize("upstream", ["given", "loss"])
@pytest.mark.parametrize("nodes", ["lecture", "gates"])
@pytest.mark.parametrize("sample", [0, None], ids=["one sample", "all samples"])
@pytest.mark.parametrize("m", [2, 4, 16])
def test_long_numbers_overlap_nothing(graph, m, sample, nodes, upstream):
    numbers = [LONG[i % 4] * (i + 1) for i in range(m)]
    body = {"x": numbers, "grad_y": numbers[::-1], "gamma": -12.3456, "beta": 1234.5678}

    graph.evaluate(SHOW, [{**body, "graph": nodes, "upstream": upstream}, sample])

    assert graph.evaluate(MET) == []


@pytest.mark.parametrize("nodes", ["lecture", "gates"])
@pytest.mark.parametrize("m", [2, 4, 16])
def test_terms_that_cancel_overlap_nothing(graph, m, nodes):
    graph.evaluate(SHOW, [{"x": {"size": m}, "upstream": "loss", "graph": nodes}, 0])

    assert graph.evaluate(MET) == []
    for _ in range(4):
        button(graph, "Previous step").click()
        assert graph.evaluate(MET) == []


def test_on_a_phone_the_graph_is_a_list_and_the_player_stays(open_page, assert_no_sideways_scroll):
    page = open_page("/batch-norm?i=4", width=390, height=844)

    expect(page.locator(".graph-list")).to_be_visible()
    expect(button(page, "Gradient of x: about 0.0436")).to_have_text(re.compile("\\+0.0436"))
    page.locator(".graph-list").scroll_into_view_if_needed()
    expect(button(page, "Play")).to_be_in_viewport()
    assert_no_sideways_scroll(page)


def test_a_list_holds_long_numbers(open_page):
    page = open_page("/batch-norm", width=390, height=844)
    page.locator(".graph-list").wait_for()

    page.evaluate(SHOW, [{"x": LONG, "grad_y": LONG[::-1], "gamma": -12.3456}, 0])

    assert page.evaluate(MET) == []
