"""The computational graph step by step: what is said, what has come, digits, a projector."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.graph_page import MET, SHOW, badge, button, title


@pytest.fixture
def graph(open_page):
    """The page with the lecture's batch, its last sample shown."""
    page = open_page("/batch-norm?i=4", reduced_motion=True)
    expect(page.locator("trace-graph .graph-node").first).to_be_visible()
    return page


def test_what_is_chosen_is_said_with_its_number(graph):
    button(graph, "Gradient of mu: about -0.3055").click()

    said = graph.locator("trace-graph [role=status]")
    expect(said).to_have_text("Gradient of the mean: two routes, one sum. about -0.3055")
    expect(graph.locator(".graph-ticks [data-hand]")).to_have_text("μ")


def test_on_the_way_there_a_node_shows_how_it_is_made(graph):
    button(graph, "Forward").click()
    button(graph, "Next step").click()

    button(graph, "Node mu, mean: 3.5").click()

    expect(title(graph)).to_have_text("Mean")
    said = graph.locator(".graph-line-of-sum").inner_text()
    assert said == "= 1 + 2 + 4 + 7 = 14 ÷ 4 = 3.5"
    expect(graph.locator('.graph-wire[data-look="forward"]')).to_have_count(1)
    expect(graph).to_have_url(re.compile("n=mu"))

    graph.locator('.graph-node[data-tensor="loss"]').click()

    expect(title(graph)).to_have_text("Loss")


def test_a_gradient_has_no_total_before_its_last_route_has_come(open_page):
    page = open_page("/batch-norm?graph=gates&i=4", reduced_motion=True)
    total = page.locator('.graph-total[data-of="centred"]')
    drawn = page.locator('.graph-wire[data-look]:not([data-look^="context"])')
    button(page, "Backward").click()
    for _ in range(6):
        button(page, "Next step").click()

    expect(title(page)).to_have_text(
        "Backward, step 6 of 13: gradient of the centred input, first of two routes"
    )
    assert re.search(r"≈ \+0\.1309 via .* – .* –", badge(page))
    expect(page.locator(".graph-numbers math")).to_have_count(1)
    expect(page.locator(".graph-check")).to_be_hidden()
    expect(total).to_be_hidden()
    expect(drawn).to_have_count(1)

    for _ in range(5):
        button(page, "Next step").click()

    expect(title(page)).to_have_text(
        "Backward, step 11 of 13: gradient of the centred input, two routes, one sum"
    )
    assert re.search(r"≈ \+0\.1309.*≈ −0\.0109.*≈ \+0\.1200", badge(page))
    expect(total).to_have_text(re.compile("0.1200"))
    expect(drawn).to_have_count(2)


def test_small_results_keep_digits_and_re_add_on_their_scale(open_page):
    page = open_page("/batch-norm?m=2&i=2", reduced_motion=True)

    line = page.locator(".graph-line-of-sum").last
    expect(line).to_have_text("≈ −0.3999920 + 0.6999580 − 0.2999940 = −0.0000280")
    expect(page.locator(".graph-check")).to_contain_text(
        re.compile("analytic ≈ −2.79983.* × 10⁻⁵.*numeric ≈ −2.79983.* × 10⁻⁵")
    )

    page = open_page("/batch-norm?m=3&i=1#x=0:-1234.5678,1e-9,123456.789", reduced_motion=True)

    line = page.locator(".graph-line-of-sum").last
    expect(line).to_have_text("≈ (8.548 − 0.319 − 2.280) × 10⁻⁶ = 5.949 × 10⁻⁶")
    sigma2 = page.locator('.graph-amount[data-tensor="sigma2"][data-kind="value"]')
    expect(sigma2.locator(".graph-number")).to_have_text("3.421×10⁹")
    expect(sigma2).to_have_attribute("data-rounded", "")


def test_a_batch_of_one_has_gradient_0_without_a_mark_of_rounding(open_page):
    page = open_page("/batch-norm?m=1", reduced_motion=True)

    assert re.search(r"≈ \+158\.1139.* 0 .*≈ −158\.1139.* 0$", badge(page).strip())
    expect(button(page, "Gradient of x: 0")).to_be_visible()


@pytest.mark.parametrize("nodes", ["lecture", "gates"])
def test_the_player_stays_where_it_is_while_one_steps(open_page, nodes):
    page = open_page(f"/batch-norm?graph={nodes}", reduced_motion=True)
    step = button(page, "Next step")
    heights = set()
    for way in ("Forward", "Backward"):
        button(page, way).click()
        while step.is_enabled():
            step.click()
            box, graph = step.bounding_box(), page.locator("trace-graph").bounding_box()
            heights.add(round(box["y"] - graph["y"]))

    assert len(heights) == 1


@pytest.mark.parametrize("size", [(1280, 720), (1440, 900)])
@pytest.mark.parametrize("query", ["n=grad_mu", "graph=gates", "up=loss", "m=16&up=loss"])
def test_all_of_graph_and_formula_is_seen_on_a_projector(open_page, size, query):
    width, height = size
    page = open_page(f"/batch-norm?present=1&{query}", width=width, height=height)
    expect(page.locator(".graph-check")).to_contain_text("agrees")
    page.wait_for_timeout(600)

    found = page.evaluate("""() => {
      const bottom = name => Math.max(...[...document.querySelectorAll(name)].map(
        part => part.getBoundingClientRect().bottom));
      const bar = document.querySelector(".graph-bar").getBoundingClientRect();
      return [bottom(".graph-panel > *"), bottom(".graph-node, .graph-fan"), bar.top, bar.bottom];
    }""")
    panel, nodes, top, foot = found
    assert max(panel, nodes) <= top + 1
    assert foot <= height + 1
    assert page.evaluate(MET) == []


def test_gradients_follow_one_another_as_they_are_computed(graph):
    names = graph.locator("button:is(.graph-amount, .graph-total)").evaluate_all(
        "all => all.map(one => one.dataset.gradient.slice(5))"
    )

    assert names == ["y", "beta", "gamma", "xhat", "sigma2", "mu", "x"]


@pytest.mark.parametrize("m", [1, 2, 3, 4, 8])
def test_each_other_sample_has_one_line_to_the_statistic(graph, m):
    graph.evaluate(SHOW, [{"x": {"size": m}}, 0])

    circles = graph.locator(".graph-fan > :visible").count()
    assert graph.locator(".graph-ray:not([hidden])").count() == circles
