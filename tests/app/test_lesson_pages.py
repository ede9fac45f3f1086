import json
import re

import pytest


def scripts(page):
    """Parse the JSON that a page carries."""
    found = re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)
    return [json.loads(text) for text in found]


def test_the_list_leads_to_every_lesson(client):
    page = client.get("/lessons")

    assert page.status_code == 200
    assert 'href="/lessons/stride"' in page.text
    assert 'data-steps="7"' in page.text


def test_a_lesson_starts_with_its_first_step(client):
    first, named = client.get("/lessons/stride"), client.get("/lessons/stride/1")

    assert "Step 1 of 7" in first.text
    assert first.text == named.text


@pytest.mark.parametrize("step", range(1, 8))
def test_every_step_is_a_page_of_its_own(client, step):
    page = client.get(f"/lessons/stride/{step}")

    assert page.status_code == 200
    assert f"Step {step} of 7" in page.text
    assert len(re.findall("<h1", page.text)) == 1


@pytest.mark.parametrize("step", range(1, 8))
def test_a_step_has_nothing_that_the_content_policy_blocks(client, step):
    page = client.get(f"/lessons/stride/{step}").text

    assert not re.search(r'<[^>]+ (style|on\w+)="', page)
    assert all('type="' in script for script in re.findall("<script[^>]*>", page))


def test_a_step_carries_its_figure_and_what_was_asked(client):
    reply, request = scripts(client.get("/lessons/stride/5").text)

    assert reply["names"]["W2"] == 3
    assert request["paths"]["w"] == "x.width"
    assert client.post("/api/trace", json=request["body"]).json() == reply


def test_a_question_carries_the_answer_that_the_engine_computed(client):
    page = client.get("/lessons/stride/2").text

    assert 'data-answer="3" data-kind="number"' in page
    assert '<template data-wrong="2.5">' in page


def test_a_formula_is_mathml_and_not_escaped(client):
    assert "<mfrac>" in client.get("/lessons/stride/4").text


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/lessons/strides", "There is no lesson strides (did you mean &#34;stride&#34;?)."),
        ("/lessons/stride/8", "The lesson Stride has the steps 1 to 7."),
        ("/lessons/stride/0", "The lesson Stride has the steps 1 to 7."),
        ("/lessons/stride/one", "There is nothing at /lessons/stride/one; check the address."),
    ],
)
def test_a_page_that_does_not_exist_says_so(client, address, sentence):
    page = client.get(address)

    assert page.status_code == 404
    assert sentence in page.text


def test_the_exercise_page_begins_with_alexnet(client):
    (task,) = scripts(client.get("/lessons/stride/7").text)

    assert task["answer"] == 55
    assert task["working"]["tensors"]["W2"]["values"] == [55]


def test_an_exercise_is_the_same_for_the_same_seed(client):
    first, again, other = (
        client.get(f"/api/exercises/output-size?seed={seed}").json() for seed in (3, 3, 4)
    )

    assert first == again != other


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        (
            "/api/exercises/output-sise",
            404,
            'There is no exercise output-sise (did you mean "output-size"?)',
        ),
        ("/api/exercises/output-size?seed=-1", 422, 'seed: "-1" is too small; use at least 0'),
        ("/api/exercises/output-size?seed=x", 422, 'seed: "x" is not a whole number'),
    ],
)
def test_an_exercise_that_does_not_exist_says_so(client, address, status, sentence):
    reply = client.get(address)

    assert reply.status_code == status
    assert reply.json()["detail"]["message"].startswith(sentence)


def test_a_teachers_folder_is_added_behind_the_shipped_lessons(client_with, tmp_path):
    front = "---\ntitle: Mine\nslug: mine\norder: 1\nneeds: stride\n---\n"
    (tmp_path / "mine.md").write_text(front + "## One\n\nWords & more.\n", encoding="utf-8")

    client = client_with(lessons=tmp_path)

    assert client.get("/lessons").text.index("Stride") < client.get("/lessons").text.index("Mine")
    page = client.get("/lessons/mine").text
    assert 'Comes after <a href="/lessons/stride">Stride</a>' in page
    assert "Words &amp; more." in page
