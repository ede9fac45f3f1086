"""Training and inference on the batch-norm page: batches are fed, and two modes compared."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from engine import batch_norm, batch_norm_inference, update_running_stats
from engine.training_batches import training_batches

ONE, ZERO = np.ones(1), np.zeros(1)


def followed(batches, momentum=0.1):
    """Feed batches to the running statistics, as PyTorch does."""
    running = [(ZERO, ONE)]
    for batch in batches:
        forward = batch_norm(batch[:, None], ONE, ZERO)
        running.append(update_running_stats(*running[-1], forward, momentum=momentum))
    return running


BATCHES = training_batches("steady", (8, 4))
RUNNING = followed(BATCHES)


@pytest.fixture
def running(open_page):
    """Open the page at its training."""

    def show(query="", **options):
        page = open_page(f"/batch-norm{query}", **options)
        page.locator(".running-card").scroll_into_view_if_needed()
        expect(page.locator(".batch-row").first).to_be_visible()
        return page

    return show


def section(page):
    return page.get_by_role("region", name="Training and inference")


def button(page, name):
    return section(page).get_by_role("button", name=name, exact=True)


def sentence(page):
    return page.locator(".running-sentence")


def shown(value):
    """Write a number as the page does."""
    text = f"{value:.4f}".rstrip("0").rstrip(".").replace("-", "\u2212")
    return f"{'=' if abs(value - round(value, 4)) < 1e-9 else '≈'} {text}"


def said(page):
    return " ".join(sentence(page).inner_text().split())


def full(cells):
    """Read numbers in full, from the titles of their cells."""
    return [float(title) for title in cells.evaluate_all("all => all.map(one => one.title)")]


def outputs(page):
    rows = page.locator(".modes-table tbody tr").all()
    return np.array([full(row.locator("td")) for row in rows])


def test_batches_are_fed_one_by_one(running):
    page = running("?rt=2")
    fed = page.locator('.batch-row[data-state="fed"]')
    expect(fed).to_have_count(2)

    button(page, "Next step").click()

    expect(fed).to_have_count(3)
    expect(sentence(page)).to_contain_text("Batch 3 of 8")
    mean, var = (shown(part[0]) for part in RUNNING[3])
    assert f"running mean {mean} and the running variance {var}" in said(page)
    told = section(page).locator(".running-told .told-line", has_text="Move the running mean")
    numbers = re.sub(r"\s", "", told.locator(".numbers").inner_text())
    # Both are exact: 1.1675 from the batches before, 7.5 of this one.
    assert (RUNNING[2][0][0], BATCHES[2].mean()) == (pytest.approx(1.1675), 7.5)
    assert numbers == "=(1−0.1)⋅1.1675+0.1⋅7.5≈1.8008"


def test_first_last_and_keys_step_too(running):
    page = running()
    count = section(page).locator(".transport .count")
    expect(count).to_have_text("Batch 8 of 8")

    button(page, "First step").click()
    expect(count).to_have_text("Batch 1 of 8")
    page.keyboard.press("ArrowRight")
    expect(count).to_have_text("Batch 2 of 8")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(sentence(page)).to_contain_text("Before the first batch")
    page.keyboard.press("End")
    expect(count).to_have_text("Batch 8 of 8")


def test_table_has_every_statistic_of_every_batch(running):
    page = running()
    section(page).get_by_text("All statistics, batch by batch").click()

    rows = page.locator(".running-numbers tbody tr").all()[1:]
    found = np.array([full(row.locator("td")) for row in rows])

    expected = np.stack(
        [BATCHES.mean(1), BATCHES.var(1), BATCHES.var(1, ddof=1),
         *np.array(RUNNING[1:])[..., 0].T], axis=1,
    )  # fmt: skip
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize("momentum", [0, 1])
def test_momentum_0_keeps_the_start_and_1_the_last_batch(running, momentum):
    page = running()

    with page.expect_response("**/api/trace"):
        section(page).get_by_label("Momentum, number").fill(str(momentum))

    mean, var = (0, 1) if momentum == 0 else (BATCHES[-1].mean(), BATCHES[-1].var(ddof=1))
    words = f"running mean {shown(mean)} and the running variance {shown(var)}"
    expect(sentence(page)).to_contain_text(words)


def test_same_x_has_two_outputs(running):
    page = running()

    last = BATCHES[-1][:, None]
    expected = [batch_norm(last, ONE, ZERO).y, batch_norm_inference(last, ONE, ZERO, *RUNNING[-1])]
    np.testing.assert_allclose(outputs(page), np.concatenate(expected, axis=1), atol=1e-12)
    expect(page.locator(".modes-why")).to_contain_text("who else is in its batch")

    button(page, "Inference").click()
    page.locator(".modes-table tbody button").nth(1).click()

    expect(page.locator(".modes-why")).to_contain_text("another ruler")
    expect(page.locator(".modes-told h4").first).to_have_text("Inference: sample 2 in numbers")


def test_one_sample_has_an_answer_at_inference_only(running):
    page = running()
    before = outputs(page)[0, 1]

    with page.expect_response("**/api/trace"):
        button(page, "First sample alone").click()

    expect(page.locator(".modes-table tbody tr")).to_have_count(1)
    np.testing.assert_allclose(outputs(page), [[0, before]])
    expect(page.locator(".modes-why")).to_contain_text("PyTorch refuses such a batch")


def test_a_link_brings_batches_position_mode_and_sample_back(running):
    page = running("?rx=drift&rk=5&rn=3&rm=0.5&rs=7&rt=2&rmode=inference&ri=3")

    mean = followed(training_batches("drift", (5, 3), 7), 0.5)[2][0][0]
    expect(sentence(page)).to_contain_text("Batch 2 of 5: mean")
    expect(sentence(page)).to_contain_text(f"running mean {shown(mean)} and")
    expect(page.locator(".modes-told h4").first).to_have_text("Inference: sample 3 in numbers")
    button(page, "Next step").click()
    expect(page).to_have_url(re.compile(r"[?&]rt=3(&|$)"))
    wanted = {"rx=drift", "rk=5", "rn=3", "rm=0.5", "rs=7", "rmode=inference", "ri=3"}
    assert wanted <= set(page.url.partition("?")[2].split("&"))


def test_undo_and_reset_take_changes_back(running):
    page = running()
    samples = section(page).get_by_label("Samples in a batch")
    with page.expect_response("**/api/trace"):
        samples.press("ArrowUp")
    expect(page.locator(".batch-row").first.locator(".sample")).to_have_count(5)

    with page.expect_response("**/api/trace"):
        button(page, "Undo in the training").click()

    expect(samples).to_have_value("4")
    expect(page.locator(".batch-row").first.locator(".sample")).to_have_count(4)
    expect(button(page, "Undo in the training")).to_be_disabled()


def test_phone_stacks_charts_below_batches(running, assert_no_sideways_scroll):
    page = running("?rk=12&rn=8", width=390, height=844, touch=True)

    rows, chart = (page.locator(name).first.bounding_box() for name in
                   (".running-batches", ".running-chart"))  # fmt: skip
    assert chart["y"] >= rows["y"] + rows["height"]
    assert_no_sideways_scroll(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_accessible(running, assert_accessible, theme):
    page = running("?rt=3&rmode=inference", theme=theme, reduced_motion=True)

    assert_accessible(page)
