import re

import pytest

from app.math import FormulaError, mathml, mathml_slots, symbols

SIZE = (
    r"\sym{W2}{W_2} = \left\lfloor \frac{\sym{W1}{W_1} - \sym{F}{F} + 2 \sym{P}{P}}{\sym{S}{S}}"
    r" \right\rfloor + 1"
)


def test_a_symbol_is_typeset_and_carries_its_name():
    assert '<mrow data-symbol="W1"><msub><mi>W</mi><mn>1</mn></msub></mrow>' in mathml(SIZE)


def test_a_slot_is_empty_and_carries_its_name():
    converted = mathml_slots(SIZE)

    assert '<mn data-slot="W1"></mn>' in converted
    assert "<mi>" not in converted


@pytest.mark.parametrize("read", [mathml, mathml_slots])
def test_nothing_of_the_carrier_is_left(read):
    assert not re.search("[«»]|mtext|sym\\b", read(SIZE))


def test_symbols_are_listed_once_in_the_order_of_use():
    assert symbols(r"\sym{b}{b} + \sym{a}{a} + \sym{b}{b}") == ("b", "a")


def test_a_symbol_used_twice_is_marked_twice():
    assert mathml(r"\sym{x}{x} \cdot \sym{x}{x}").count('data-symbol="x"') == 2


def test_more_than_ten_symbols_keep_their_own_names():
    names = [f"x{index}" for index in range(12)]
    latex = "+".join(rf"\sym{{{name}}}{{a}}" for name in names)

    assert re.findall('data-slot="(.*?)"', mathml_slots(latex)) == names


def test_a_symbol_takes_scripts_and_accents():
    assert "<msup><mn data-slot" in mathml_slots(r"\sym{x}{x}^2")
    assert '<mover accent="true"><mrow data-symbol' in mathml(r"\hat{\sym{x}{x}}")


def test_braces_nest_inside_the_typeset_argument():
    assert "<mfrac>" in mathml(r"\sym{q}{\frac{a}{b_{\{}}}")


def test_a_symbol_may_have_an_underscore_in_its_name():
    assert 'data-slot="grad_output"' in mathml_slots(r"\sym{grad_output}{g}")


def test_display_is_a_block():
    assert mathml("x", display=True).startswith('<math display="block">')


@pytest.mark.parametrize(
    "latex",
    [
        pytest.param(r"\begin{aligned} a &= b \\ c &= d \end{aligned}", id="aligned"),
        pytest.param(r"\begin{cases} a & b \\ c & d \end{cases}", id="cases"),
        pytest.param(r"\begin{array}{l|r} a & b \\ \hline c & d \end{array}", id="array"),
        pytest.param(r"a\!b", id="negative space"),
    ],
)
def test_inline_styles_become_classes(latex):
    converted = mathml(latex)

    assert "style=" not in re.sub("displaystyle=", "", converted)
    assert 'class="math-' in converted


@pytest.mark.parametrize(
    ("latex", "position", "message"),
    [
        pytest.param(r"a + \fooo", 4, 'Unknown command "\\fooo".', id="unknown command"),
        pytest.param(r"\sym{x}{x} + \fooo", 13, 'Unknown command "\\fooo".', id="after a symbol"),
        pytest.param(r"a \sym{x}{\fooo}", 10, 'Unknown command "\\fooo".', id="inside a symbol"),
        pytest.param(r"\frac{1}{2", 10, 'Expected closing token "}"', id="unclosed brace"),
        pytest.param(r"a \sym{x}{b", 9, "has no closing brace", id="unclosed typeset"),
        pytest.param(r"a \sym{x}", 2, "takes two braced arguments", id="one argument"),
        pytest.param(r"\sym{2x}{x}", 5, '"2x" is no symbol name', id="bad name"),
        pytest.param(r"\sym{x}{\sym{y}{y}}", 8, r"\sym inside \sym", id="nested"),
        pytest.param(r"\sym{x}{ }", 8, "typesets nothing", id="empty"),
        pytest.param("a «x»", 2, "reserved", id="carrier in the source"),
        pytest.param(r"\textcolor{red}{x}", 0, "which pages refuse", id="colour"),
    ],
)
def test_a_bad_formula_is_refused_with_its_position(latex, position, message):
    with pytest.raises(FormulaError) as caught:
        mathml(latex)

    assert caught.value.position == position
    assert message in caught.value.message
    assert "\x1b" not in str(caught.value)
