"""Traces behind each other: values flow, names follow, nothing is done twice."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import ParameterError, ShapeError, conv2d, trace_conv2d, trace_output_size
from engine.boxes import span
from engine.chain import chain, renamed
from engine.phases import Phase, Tensor
from engine.trace import Trace

SECOND = {"x": "y", "padded": "padded2", "weight": "weight2", "bias": "bias2", "y": "y2"}


def two_layers(first, second):
    """Trace one convolution, then another on its output."""
    trace = trace_conv2d(first.x, first.weight, first.bias, **first.options)
    y = trace.tensors["y"].values
    behind = trace_conv2d(y, second, np.ones(len(second)), padding=1, padding_mode="replicate")
    names = {old: new for old, new in SECOND.items() if old in behind.tensors}
    return chain("two_layers", [trace, renamed(behind, names)])


@settings(deadline=None, max_examples=12)
@given(data=st.data(), taps=st.integers(1, 3))
def test_two_convolutions_behind_each_other_replay(data, taps, layers, assert_replays):
    first = data.draw(layers())
    second = np.random.default_rng(taps).normal(size=(2, len(first.weight), taps, taps))
    trace = two_layers(first, second)

    y = conv2d(first.x, first.weight, first.bias, **first.options)
    y2 = conv2d(y, second, np.ones(2), padding=1, padding_mode="replicate")
    np.testing.assert_allclose(trace.tensors["y2"].values, y2, rtol=1e-9, atol=1e-12)
    assert_replays(trace)


def tensor(name, values, **more):
    values = np.array(values, dtype=np.float64)
    axes = ("sample",) * values.ndim
    settings = {"label": f"the {name}", "role": "input", "axes": axes}
    return Tensor(name=name, values=values, **settings | more)


def copying(source, target, values, *, factor=1.0, steps=3, **settings):
    """Trace a tensor that is a multiple of another, one cell a step."""
    rule = Phase(
        title=f"Make {target}",
        formula=rf"\sym{{{target}}}{{y_i}} = {factor} \sym{{s}}{{x_i}}",
        term=rf"{factor} \sym{{s}}{{x_i}}",
        evaluate=lambda s: factor * s,
        reads={"s": source},
        writes=target,
        loop={"at": steps},
        bind={"s": [span(at=1)], target: [span(at=1)]},
        **settings,
    )
    values = np.array(values)
    return Trace(
        f"{source}_{target}", [tensor(source, values), tensor(target, factor * values)], [rule]
    )


def test_what_one_part_writes_the_next_one_reads():
    trace = chain(
        "ends",
        [copying("x", "y", [1, 2, 4], factor=3.0), copying("y", "L", [3, 6, 12], factor=0.5)],
        formula="L",
    )

    assert (trace.op, trace.formula, list(trace.tensors)) == ("ends", "L", ["x", "y", "L"])
    assert [step.results for step in trace] == [(3.0,), (6.0,), (12.0,), (1.5,), (3.0,), (6.0,)]
    np.testing.assert_array_equal(trace.replay()["L"], [1.5, 3, 6])


def test_forward_and_backward_meet_in_the_values_of_the_forward_pass():
    forward = copying("x", "y", [1, 2, 4], factor=3.0)
    again = copying("x", "y", [1, 2, 4], factor=3.0, setup=True)
    send_back = copying("grad_y", "grad_x", [0.5, -1, 2], factor=3.0)
    backward = Trace(
        "backward",
        [*again.tensors.values(), *send_back.tensors.values()],
        [*again.phases, *send_back.phases],
    )

    trace = chain("both", [forward, backward])

    assert [phase.writes for phase in trace.phases] == ["y", "grad_x"]
    assert [phase.setup for phase in trace.phases] == [False, False]
    np.testing.assert_array_equal(trace.replay()["grad_x"], [1.5, -3, 6])


def test_of_tensors_of_one_name_the_first_sets_label_role_and_axes():
    first = copying("x", "y", [1, 2, np.nan])
    second = copying("y", "z", [1, 2, np.nan])
    seen_first = tensor("y", [1, 2, np.nan], label="Map", role="output", axes=("map",))
    first = Trace("first", [first.tensors["x"], seen_first], first.phases)

    trace = chain("both", [first, second])

    assert trace.tensors["y"] is seen_first


def test_subtotals_run_along_the_axis_as_the_first_part_calls_it():
    values = np.arange(6.0).reshape(2, 3)
    maps = tensor("x", values, axes=("map", "row"))
    rule = Phase(
        title="Add",
        formula="",
        term="",
        evaluate=lambda x: x,
        reads={"x": "x"},
        writes="t",
        loop={"once": 1},
        bind={"x": [span(count=2), span(count=3)], "t": []},
        subtotals="channel",
    )
    tensors = [tensor("x", values, axes=("channel", "row")), tensor("t", 15)]

    trace = chain("both", [Trace("given", [maps], []), Trace("add", tensors, [rule])])

    assert trace.phases[0].subtotals == "map"
    assert trace[0].partial == (0.0, 1.0, 3.0, 3.0, 7.0, 12.0)


def test_groups_of_different_parts_do_not_advance_together():
    parts = [copying("x", name, [1, 2], steps=2, group="g") for name in "yz"]

    trace = chain("both", parts)

    assert [step.phase for step in trace] == [0, 0, 1, 1]


def test_what_prepares_is_played_where_it_reads_what_was_played():
    parts = [copying(*pair, [1, 2, 4], setup=pair != "bc") for pair in ("ab", "bc", "cd", "de")]

    trace = chain("ends", [*parts[:2], chain("middle", parts[2:])])

    assert [phase.setup for phase in trace.phases] == [True, False, False, False]


def test_chains_are_links_of_longer_chains():
    one, two, three = (copying(*pair, [1, 2, 4]) for pair in ("ab", "bc", "cd"))

    nested, flat = chain("n", [chain("m", [one, two]), three]), chain("n", [one, two, three])

    assert list(nested) == list(flat)
    assert list(nested.tensors) == list(flat.tensors)


@pytest.mark.parametrize(
    ("parts", "kind", "sentence"),
    [
        (
            [copying("x", "y", [1, 2]), copying("y", "z", [1, 2, 4])],
            ShapeError,
            "traces: 'y' has shape (2,) in one and (3,) in another; "
            "give one of the tensors another name",
        ),
        (
            [copying("x", "y", [1, 2]), copying("y", "z", [1, 2.001])],
            ParameterError,
            "traces: 'y' has other values in one than in another; make each from what the one "
            "before it gives, or give one of the tensors another name",
        ),
        (
            [copying("y", "z", [1, 2]), copying("x", "y", [1, 2])],
            ParameterError,
            "traces: an earlier one is given 'y', which 'x_y' computes; "
            "put that before it, or give one of the tensors another name",
        ),
    ],
)
def test_parts_that_do_not_go_together_are_refused(parts, kind, sentence):
    with pytest.raises(kind) as refusal:
        chain("both", parts)

    assert str(refusal.value) == sentence
    assert refusal.value.parameter == "traces"


@settings(deadline=None, max_examples=12)
@given(data=st.data())
def test_renaming_changes_names_and_no_step(data, layers):
    layer = data.draw(layers())
    trace = trace_conv2d(layer.x, layer.weight, layer.bias, **layer.options)

    copy = renamed(trace, {"y": "conv_y"}, prefix="conv_")

    assert list(copy.tensors) == [f"conv_{name}" for name in trace.tensors]
    assert [step.running for step in copy] == [step.running for step in trace]
    back = renamed(copy, dict(zip(copy.tensors, trace.tensors, strict=True)))
    assert list(back) == list(trace)
    assert [p.formula for p in back.phases] == [p.formula for p in trace.phases]


def test_symbols_of_a_renamed_phase_are_its_reads_and_what_it_writes(rng):
    trace = trace_conv2d(rng.normal(size=(1, 2, 5, 7)), rng.normal(size=(3, 2, 3, 3)), padding=1)

    copy = renamed(trace, {"padded": "frame", "y": "maps", "x": "picture"})

    pad, multiply = copy.phases
    assert (pad.reads, pad.writes) == ({"x": "picture"}, "frame")
    assert set(pad.boxes[0]) == {"x", "frame"}
    assert pad.formula == r"\sym{frame}{\tilde{x}_{i + P, j + P}} = \sym{x}{x_{i, j}}"
    assert (multiply.reads, multiply.writes) == ({"w": "weight", "x": "frame"}, "maps")
    assert set(re.findall(r"\\sym\{(\w+)\}", multiply.formula)) == {"w", "x", "maps"}
    assert copy.tensors["frame"].extends == "picture"


def test_what_tensors_refer_to_is_renamed_with_them():
    grad = tensor("grad_y", [1, 2], gradient_of="y")
    trace = Trace("back", [grad, tensor("W1", 2.0, measures=("x", "sample"))], [])

    copy = renamed(trace, {"y": "conv_y", "grad_y": "grad_conv_y", "x": "y"})

    assert copy.tensors["grad_conv_y"].gradient_of == "conv_y"
    assert copy.tensors["W1"].measures == ("y", "sample")


def test_formula_of_the_whole_and_symbols_read_elsewhere_follow_a_new_name():
    trace = trace_output_size(7, 3, stride=2)

    copy = renamed(trace, {"W2": "out", "W1": "size"}, prefix="a_")

    names = set(re.findall(r"\\sym\{(\w+)\}", copy.formula))
    assert names == {"out", "size", "a_F", "a_P", "a_S"}
    assert copy.phases[0].reads == {"W1": "size", "F": "a_F"}


def test_phase_that_reads_what_it_adds_to_keeps_one_symbol_for_both():
    rule = Phase(
        title="Double",
        formula=r"\sym{y}{y} \mathrel{+}= \sym{y}{y}",
        term=r"\sym{y}{y}",
        evaluate=lambda y: y,
        reads={"y": "y"},
        writes="y",
        boxes=[{"y": ((0, 1, 1),)}],
        adds=True,
        extra=("y",),
    )

    copy = renamed(Trace("double", [tensor("y", [1])], [rule]), {"y": "total"}).phases[0]

    assert (copy.reads, copy.writes, copy.extra) == ({"total": "total"}, "total", ("total",))
    assert (copy.boxes[0], copy.term) == ({"total": ((0, 1, 1),)}, r"\sym{total}{y}")


def test_labels_roles_and_letters_go_by_new_name():
    plain = copying("x", "grad_y", [1, 2])
    formula = r"\sym{grad_y}{\frac{\partial L}{\partial y_i}} = 2 \sym{s}{\hat{x}_i}"
    trace = Trace("t", [*plain.tensors.values()], [replace(plain.phases[0], formula=formula)])

    copy = renamed(
        trace,
        {"x": "u", "grad_y": "grad_z"},
        labels={"u": "Start"},
        roles={"grad_z": "gradient"},
        letters={"u": "u", "grad_z": r"\zeta"},
    )

    assert [t.label for t in copy.tensors.values()] == ["Start", "the grad_y"]
    assert [t.role for t in copy.tensors.values()] == ["input", "gradient"]
    assert copy.phases[0].formula == (
        r"\sym{grad_z}{\frac{\partial L}{\partial \zeta_i}} = 2 \sym{s}{u_i}"
    )


@pytest.mark.parametrize(
    ("names", "options", "sentence"),
    [
        ({"z": "y2"}, {}, "names: there is no tensor 'z'; use some of x, y"),
        (
            {"y": "2y"},
            {},
            "names: '2y' is no name for a tensor; use a letter, then letters, digits and "
            "underscores",
        ),
        ({"y": "x"}, {}, "names: two tensors would be called 'x'; give one of them another name"),
        (
            {"y": "s"},
            {},
            "names: 's' is already a symbol of the phase 'Make y'; give 'y' another name",
        ),
        ({"y": "z"}, {"labels": {"y": "Y"}}, "labels: there is no tensor 'y'; use some of x, z"),
    ],
)
def test_names_that_cannot_be_are_refused(names, options, sentence):
    with pytest.raises(ParameterError) as refusal:
        renamed(copying("x", "y", [1, 2]), names, **options)

    assert str(refusal.value) == sentence
    assert refusal.value.parameter == sentence.partition(":")[0]
