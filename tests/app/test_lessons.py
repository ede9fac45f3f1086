import re
from textwrap import dedent

import pytest

from app.lessons import SHIPPED, check, load

FRONT = "---\ntitle: Good\nslug: good\norder: 1\n---\n"
STEP = "## A step\n\nSome words.\n"
VIZ = ":::viz conv2d\nstride: 2\nshow: [window, sum]\n:::\n"  # 7x7, 3x3: the output is 3x3


def write(folder, name, text):
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


@pytest.fixture
def step_of(tmp_path):
    def read(body):
        write(tmp_path, "good.md", FRONT + "## A step\n" + dedent(body))
        return load([tmp_path]).lessons[0].steps[0]

    return read


def test_a_heading_starts_a_step(tmp_path):
    write(tmp_path, "good.md", FRONT + STEP + "## Another *one*\n\nMore.\n")

    steps = load([tmp_path]).lessons[0].steps

    assert [step.title for step in steps] == ["A step", "Another *one*"]
    assert steps[1].heading == "Another <em>one</em>"
    assert steps[1].prose == "<p>More.</p>"


def test_lessons_stand_in_the_order_of_their_folders_and_then_of_their_own(tmp_path):
    for folder, slug, order in (("a", "x", 2), ("a", "y", 1), ("b", "z", 1)):
        (tmp_path / folder).mkdir(exist_ok=True)
        text = FRONT.replace("slug: good", f"slug: {slug}").replace("order: 1", f"order: {order}")
        write(tmp_path / folder, f"{slug}.md", text + STEP)

    assert [lesson.slug for lesson in load([tmp_path / "a", tmp_path / "b"])] == ["y", "x", "z"]


def test_a_figure_is_computed_by_the_engine(step_of):
    figure = step_of(VIZ).figure

    assert figure.names["W2"] == 3
    assert '"tensors"' in figure.reply
    assert figure.show == ("window", "sum")


def test_controls_and_locked_settings_keep_the_order_of_the_model(step_of):
    settings = step_of(
        """
        :::viz conv2d
        stride: 2
        controls: [stride, x.width]
        lock: [padding]
        :::
        """
    ).figure.settings

    assert [(item.control.path, item.value, item.locked) for item in settings] == [
        ("x.width", "7", False),
        ("stride", "2", False),
        ("padding", "0", True),
    ]


def test_a_text_takes_its_numbers_from_the_figure(step_of):
    step = step_of("It becomes {=W2} wide, $W_2 = {=W2}$.\n\n" + VIZ)

    assert "It becomes 3 wide" in step.prose
    assert "<mn>3</mn>" in step.prose


def test_an_answer_is_looked_up_in_the_figure_above(step_of):
    question = step_of(VIZ + ":::predict\nquestion: How wide?\nanswer: =W2\n:::\n").question

    assert (question.answer.shown, question.answer.key) == ("3", "3")


def test_yes_and_no_are_words(step_of):
    question = step_of(
        ":::predict\nquestion: Really?\nchoices: [yes, no]\nanswer: no\n:::\n"
    ).question

    assert [choice.shown for choice in question.choices] == ["yes", "no"]


def test_a_text_answer_is_compared_without_spaces_and_signs(step_of):
    question = step_of(":::predict\nquestion: Which shape?\nanswer: 3 × 3\n:::\n").question

    assert question.answer.key == "3x3"


def test_a_dollar_can_be_written(step_of):
    assert step_of("It costs \\$5.\n").prose == "<p>It costs $5.</p>"


def test_a_note_holds_markdown(step_of):
    prose = step_of(":::note\nMind **this**.\n:::\n").prose

    assert prose == '<aside class="note"><p>Mind <strong>this</strong>.</p></aside>'


def test_an_exercise_begins_with_the_given_task(step_of):
    exercise = step_of(
        ":::exercise output-size\nfirst: {size: 227, filter: 11, stride: 4}\n:::\n"
    ).exercise

    assert exercise.first.answer == 55


def test_a_slug_and_an_order_are_used_once(tmp_path):
    write(tmp_path, "a.md", FRONT + STEP)
    write(tmp_path, "b.md", FRONT + STEP)

    assert check(tmp_path, beside=[]) == [
        f"{tmp_path}/b.md:3: slug: good is taken by a.md:3",
        f"{tmp_path}/b.md:4: order: 1 is taken by a.md:4",
    ]


def lesson(folder, slug, order, needs):
    front = f"---\ntitle: {slug}\nslug: {slug}\norder: {order}\nneeds: {needs}\n---\n"
    write(folder, f"{slug}.md", front + STEP)


def test_needs_that_point_nowhere_are_told(tmp_path):
    lesson(tmp_path, "padding", 1, "[]")
    lesson(tmp_path, "size", 2, "[padding, pading]")

    assert check(tmp_path, beside=[]) == [
        f'{tmp_path}/size.md:5: needs: no lesson pading (did you mean "padding"?)'
    ]


def test_needs_in_a_circle_are_told_once(tmp_path):
    lesson(tmp_path, "a", 1, "b")
    lesson(tmp_path, "b", 2, "c")
    lesson(tmp_path, "c", 3, "a")

    found = check(tmp_path, beside=[])

    assert len(found) == 1
    assert re.search("needs: in a circle: (.) needs . needs . needs \\1$", found[0])


def test_a_teachers_lesson_may_need_a_shipped_one(tmp_path):
    lesson(tmp_path, "mine", 1, "stride")

    assert check(tmp_path) == []


def test_the_shipped_lessons_have_no_fault():
    assert check(SHIPPED) == []


@pytest.fixture(scope="module")
def stride():
    return load([SHIPPED]).find("stride")


def test_the_stride_lesson_predicts_what_the_engine_computes(stride):
    answers = [step.question.answer.key for step in stride.steps if step.question]

    assert answers == ["5", "3", "4", "4", "3", "5"]


def test_the_stride_lesson_meets_three_wrong_answers_at_every_question(stride):
    assert all(len(step.question.wrong) >= 3 for step in stride.steps if step.question)


def test_the_stride_lesson_ends_with_alexnet(stride):
    assert stride.steps[-1].exercise.first.answer == 55
