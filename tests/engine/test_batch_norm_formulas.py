"""The formulas of batch norm are true: read as arithmetic, they give the numbers of the steps."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from engine.batch_norm_backward_trace import trace_batch_norm_backward
from engine.batch_norm_gates_trace import trace_batch_norm_gates
from engine.batch_norm_inference_trace import trace_batch_norm_inference, trace_running_stats
from engine.batch_norm_trace import trace_batch_norm

EPS, MOMENTUM = 0.25, 0.3
# Groups are replaced from the inside out; what stands side by side is a product.
WORDS = {r"\left": "", r"\right": "", r"\cdot": "*", r"\varepsilon": "eps", r"\alpha": "alpha"}
GROUPS = [
    (r"\\sqrt\{([^{}]*)\}", r"sqrt(\1)"),
    (r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1) / (\2))"),
    (r"\^\{([^{}]*)\}", r"**(\1)"),
]


def with_names(latex):
    """Leave nothing of a symbol but its name."""
    before, _, symbol = latex.partition(r"\sym{")
    name, _, typeset = symbol.partition("}{")
    depth = 1
    for end, sign in enumerate(typeset, 1):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if depth == 0:
            return f"{before} {name} {with_names(typeset[end:])}"
    return before


def arithmetic(latex):
    """Translate a formula into Python."""
    text = with_names(latex)
    for word, python in WORDS.items():
        text = text.replace(word, python)
    for _ in range(text.count("{")):
        for group, python in GROUPS:
            text = re.sub(group, python, text)
    text = text.replace("^", "**")
    return re.sub(r"(?<=[\w)])\s+(?=[\w(])", "*", text).strip()


def value(formula, numbers, m):
    constants = {"sqrt": math.sqrt, "m": m, "eps": EPS, "alpha": MOMENTUM}
    return eval(arithmetic(formula), {"__builtins__": {}}, constants | numbers)


def arguments(shape):
    numbers = np.random.default_rng(31)
    cells = numbers.normal(size=shape), numbers.normal(size=shape)
    return *cells, *(numbers.uniform(0.5, 2, size=shape[1]) for _ in range(4))


def every_trace(shape):
    grad_output, x, gamma, beta, mean, variance = arguments(shape)
    return {
        "forward": trace_batch_norm(x, gamma, beta, eps=EPS),
        "gates": trace_batch_norm_gates(x, gamma, beta, eps=EPS),
        "inference": trace_batch_norm_inference(x, gamma, beta, mean, variance, eps=EPS),
        "running": trace_running_stats(mean, variance, x, momentum=MOMENTUM),
    } | {
        f"backward, {graph}": trace_batch_norm_backward(
            grad_output, x, gamma, beta, eps=EPS, graph=graph
        )
        for graph in ("lecture", "gates", "closed")
    }


NAMES = list(every_trace((2, 1)))
each_trace = pytest.mark.parametrize("name", NAMES)


@pytest.mark.parametrize(
    ("latex", "number"),
    [
        (r"\frac{2 (\sym{x}{x_{i}} - \sym{mu}{\mu})}{m}", 2 * (7 - 3) / 4),
        (r"\sym{x}{x} \cdot \left( -\frac{1}{2} \right) (\sym{mu}{\mu} + 1)^{-3/2}", -7 / 16),
        (r"\frac{-1}{\sym{mu}{\mu}^2} + \sqrt{m \sym{x}{\hat{x}} - 3}", -1 / 9 + 5),
    ],
)
def test_formulas_are_read_as_people_read_them(latex, number):
    assert value(latex, {"x": 7, "mu": 3}, m=4) == pytest.approx(number)


@each_trace
def test_terms_are_what_their_formula_says(name):
    trace = every_trace((5, 3))[name]

    for step in trace:
        phase = trace.phases[step.phase]
        read = {name: trace.read(tensor, step.bind[name]) for name, tensor in phase.reads.items()}

        for n, term in enumerate(step.terms):
            numbers = {name: cells[n % len(cells)] for name, cells in read.items()}
            assert value(phase.term, numbers, m=5) == pytest.approx(term, rel=1e-12)


@each_trace
def test_what_stands_before_the_term_says_how_terms_are_combined(name):
    for phase in every_trace((5, 3))[name].phases:
        before = phase.formula.removesuffix(phase.term).partition("= ")[2].strip()

        total = r"\sum_{i=1}^{m}"
        assert (
            before == {"mean": rf"\frac{{1}}{{m}} {total}", "sum": total, "each": ""}[phase.combine]
        )


@pytest.mark.parametrize("name", [name for name in NAMES if name != "running"])
def test_formula_of_the_whole_gives_the_result(name):
    trace = every_trace((5, 3))[name]
    left, _, right = trace.formula.partition(" = ")
    numbers = {
        name: float(tensor.values[(4, 2) if tensor.values.ndim == 2 else 2])
        for name, tensor in trace.tensors.items()
    }

    assert value(right, numbers, m=5) == pytest.approx(numbers[arithmetic(left)], rel=1e-9)
