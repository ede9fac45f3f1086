from textwrap import dedent

import pytest

from app.lessons import LessonError, check, load

FRONT = "---\ntitle: Good\nslug: good\norder: 1\n---\n"
STEP = "## A step\n\nSome words.\n"
VIZ = ":::viz conv2d\nstride: 2\nshow: [window, sum]\n:::\n"  # 7x7, 3x3: the output is 3x3


def write(folder, name, text):
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def faults(folder, text, name="bad.md"):
    """Check one lesson and return its faults without the folder."""
    write(folder, name, text)
    return [told.removeprefix(f"{folder}/") for told in check(folder, beside=[])]


def step_faults(folder, body):
    """Check one step; its heading is in line 6."""
    return faults(folder, FRONT + "## A step\n" + dedent(body))


@pytest.mark.parametrize(
    ("body", "told"),
    [
        pytest.param("# Big\n\n", "7: a heading inside a step", id="level 1"),
        pytest.param("\n### Small\n", "8: a heading inside a step", id="level 3"),
        pytest.param("![x](y.png)\n", "7: a picture: the figures of a lesson are", id="picture"),
        pytest.param("\nA <b>tag</b>.\n", "8: <b>: HTML is not read", id="html"),
        pytest.param("one\ntwo $x\n", "8: a $ that opens or closes no formula", id="lone dollar"),
        pytest.param(
            "one\ntwo $\\frac{1$ three\n",
            '8: formula "\\frac{1", character 8: Expected closing token "}"',
            id="formula",
        ),
        pytest.param(
            "$$\n\\fooo\n$$\n", '7: formula "\\fooo", character 1: Unknown command', id="display"
        ),
        pytest.param("one {=W2}\n", "7: =W2: looks into a figure, but no :::viz", id="no figure"),
        pytest.param("word " * 61, "6: 61 words in one step: say it in 60", id="too long"),
        pytest.param(
            ":::vis conv2d\n:::\n", '7: :::vis: unknown block (did you mean "viz"?)', id="block"
        ),
        pytest.param(
            ":::viz conv2\n:::\n",
            '7: :::viz: conv2 is unknown (did you mean "conv2d"?)',
            id="operation",
        ),
        pytest.param(":::note big\nx\n:::\n", "7: :::note takes nothing behind it", id="argument"),
        pytest.param(
            ":::exercise size\n:::\n", "7: :::exercise: size is unknown", id="exercise kind"
        ),
        pytest.param(":::note\nnever closed\n", "7: :::note is never closed", id="unclosed"),
        pytest.param(
            "- a\n\n  :::note\n  x\n  :::\n", "9: a ::: block inside another", id="nested"
        ),
        pytest.param(VIZ + VIZ, "11: a second figure: a step shows one", id="two figures"),
        pytest.param(
            2 * ":::predict\nquestion: a?\nanswer: 1\n:::\n",
            "11: a second question: a step asks one",
            id="two questions",
        ),
        pytest.param("", "6: this step is empty", id="empty"),
    ],
)
def test_a_fault_of_a_step_is_told_with_its_line(tmp_path, body, told):
    found = step_faults(tmp_path, body)

    assert len(found) == 1
    assert found[0].startswith(f"bad.md:{told}")


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        pytest.param(
            "stride: 1\nstrid: 2",
            '9: viz conv2d: unknown field "strid" (did you mean "stride"?)',
            id="unknown setting",
        ),
        pytest.param(
            "shwo: [sum]",
            '8: viz conv2d: unknown field "shwo" (did you mean "show"?)',
            id="unknown presentation",
        ),
        pytest.param(
            "x:\n  preset: ramp\n  widht: 3",
            '10: viz conv2d: unknown field "widht" (did you mean "width"?)',
            id="unknown inner setting",
        ),
        pytest.param("stride: 0", "8: viz conv2d: stride", id="out of bounds"),
        pytest.param(
            "stride: 1\nstride: 2", "9: stride: given twice (first in line 8)", id="twice"
        ),
        pytest.param("stride: [1,", "9: not valid YAML:", id="yaml"),
        pytest.param("stride: &a 1\npadding: *a", "9: *a: aliases are not read", id="alias"),
        pytest.param("- 1", "8: expected settings, one a line", id="list"),
        pytest.param(
            "show:\n  - window\n  - summ",
            '10: viz conv2d: show: no summ here (did you mean "sum"?)',
            id="unknown part",
        ),
        pytest.param(
            "controls: [strides]",
            '8: viz conv2d: controls: no strides here (did you mean "stride"?)',
            id="unknown control",
        ),
        pytest.param(
            "controls: [stride]\nlock: [stride]",
            "9: viz conv2d: lock: stride is among the controls",
            id="free and locked",
        ),
        pytest.param("at: 99", "8: viz conv2d: at: 99 is past the last step, 25", id="too late"),
        pytest.param(
            "padding: 0\nx: {width: 2, height: 2}",
            "7: viz conv2d: weight: a 3x3 filter does not fit into the padded input of 2x2",
            id="refused by the engine",
        ),
    ],
)
def test_a_fault_of_a_figure_is_told_with_its_line(tmp_path, settings, told):
    found = step_faults(tmp_path, f":::viz conv2d\n{settings}\n:::\n")

    assert len(found) == 1
    assert found[0].startswith(f"bad.md:{told}")


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        pytest.param("answer: 1", "11: predict: question: is missing", id="no question"),
        pytest.param("question: a?\nanswer: true", "13: predict: answer", id="neither"),
        pytest.param(
            "question: a?\nanswer: =W3",
            "13: =W3: the engine computed no W3 for this figure; it knows W1, H1",
            id="unknown lookup",
        ),
        pytest.param(
            "question: a?\nanswer: =parameter",
            '13: =parameter: the engine computed no parameter for this figure (did you mean "par',
            id="misspelt lookup",
        ),
        pytest.param(
            "question: a?\nanswer: 3\nwrong:\n  - answer: =W2\n    because: b",
            "15: predict: wrong: 3 is the right answer too",
            id="wrong is right",
        ),
        pytest.param(
            "question: a\nanswer: 3\nwrong:\n"
            "- {answer: 4, because: b}\n- {answer: 4.0, because: b}",
            "16: predict: wrong: 4 is wrong answer 1 too",
            id="twice wrong",
        ),
        pytest.param(
            "question: a?\nanswer: 3\nwrong:\n- {answer: many, because: b}",
            "15: predict: wrong: many is a text, the right answer a number",
            id="kinds",
        ),
        pytest.param(
            "question: a?\nanswer: 3\nchoices: [4, 5]",
            "13: predict: answer: 3 is not among the choices",
            id="no such choice",
        ),
        pytest.param(
            "question: a?\nanswer: 3\nchoices: [3, 3.0, 5]",
            "14: predict: choices: 3 stands there twice",
            id="choice twice",
        ),
        pytest.param(
            "question: a?\nanswer: 3\nwrong:\n- answer: 4\n  becuase: b",
            '16: predict: unknown field "becuase" (did you mean "because"?)',
            id="unknown inner setting",
        ),
        pytest.param(
            "question: a $\\x$?\nanswer: 3", '12: formula "\\x", character 1', id="formula"
        ),
    ],
)
def test_a_fault_of_a_question_is_told_with_its_line(tmp_path, settings, told):
    found = step_faults(tmp_path, f"{VIZ}:::predict\n{settings}\n:::\n")

    assert any(line.startswith(f"bad.md:{told}") for line in found), found


def test_an_answer_cannot_look_into_a_figure_below(tmp_path):
    found = step_faults(tmp_path, f":::predict\nquestion: a?\nanswer: =W2\n:::\n{VIZ}")

    assert found == ["bad.md:9: =W2: looks into a figure, but no :::viz stands above"]


def test_a_broken_figure_is_one_fault_not_two(tmp_path):
    found = step_faults(
        tmp_path,
        "{=W2}\n\n:::viz conv2d\nstride: 0\n:::\n:::predict\nquestion: a?\nanswer: =W2\n:::\n",
    )

    assert len(found) == 1


@pytest.mark.parametrize(
    ("front", "told"),
    [
        pytest.param("", "1: starts without front matter", id="none"),
        pytest.param(
            "---\ntitle: a\nslug: a\n---\n", "1: front matter: order: is missing", id="missing"
        ),
        pytest.param(
            "---\ntitle: a\nslug: a b\norder: 1\n---\n", "3: front matter: slug", id="slug"
        ),
        pytest.param(
            "---\ntitle: a\nslug: a\norder: one\n---\n", "4: front matter: order", id="order"
        ),
        pytest.param(
            "---\ntitle: a\nslug: a\norder: 1\nminuts: 3\n---\n",
            '5: front matter: unknown field "minuts" (did you mean "minutes"?)',
            id="unknown",
        ),
        pytest.param(FRONT + "Early.\n\n", "6: text before the first step", id="early text"),
    ],
)
def test_a_fault_of_the_front_matter_is_told_with_its_line(tmp_path, front, told):
    found = faults(tmp_path, front + STEP)

    assert found[0].startswith(f"bad.md:{told}")


def test_a_lesson_without_a_step_is_refused(tmp_path):
    assert faults(tmp_path, FRONT) == ["bad.md:1: no step: a step starts with a ## heading"]


def test_a_file_that_is_not_utf8_is_refused(tmp_path):
    (tmp_path / "bad.md").write_bytes(FRONT.encode() + b"## caf\xe9\n")

    assert check(tmp_path, beside=[]) == [
        f"{tmp_path}/bad.md:6: not UTF-8 text; save the file as UTF-8"
    ]


def test_windows_line_ends_and_a_byte_order_mark_change_no_line(tmp_path):
    text = "\ufeff" + (FRONT + "## A step\n\ntwo $\\x$\n").replace("\n", "\r\n")
    (tmp_path / "bad.md").write_bytes(text.encode())

    assert check(tmp_path, beside=[])[0].startswith(f"{tmp_path}/bad.md:8: formula")


@pytest.mark.parametrize(
    ("exists", "told"), [(True, "no lesson (*.md) in it"), (False, "no such folder")]
)
def test_a_folder_without_lessons_is_told(tmp_path, exists, told):
    folder = tmp_path if exists else tmp_path / "missing"

    assert check(folder, beside=[]) == [f"{folder}: {told}"]


def test_all_faults_of_all_files_are_told_at_once_in_the_order_of_lines(tmp_path):
    write(tmp_path, "a.md", FRONT + "## A\n\n$\\x$\n\n## B\n\n$\\y$\n")
    write(tmp_path, "b.md", "no front")

    with pytest.raises(LessonError) as caught:
        load([tmp_path])

    assert [told.removeprefix(f"{tmp_path}/")[:6] for told in caught.value.faults] == [
        "a.md:8", "a.md:1", "b.md:1",
    ]  # fmt: skip
