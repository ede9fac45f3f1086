from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from app.catalogue import OPERATIONS
from app.controls import body_of, controls_of, query_text, values_of
from app.schemas import Conv2dRequest, OutputSizeRequest

CONTROLS = controls_of(Conv2dRequest)
SHOWN = [control for control in CONTROLS if control.kind != "cells"]
NUMBERS = [pytest.param(control, id=control.key) for control in SHOWN if control.kind == "number"]


def request(query):
    return Conv2dRequest.model_validate({"op": "conv2d", **body_of(Conv2dRequest, query)})


def texts(control):
    """Give a strategy of what the query string may say of a control, in its shortest form."""
    if control.kind == "choice":
        return st.sampled_from([option["value"] for option in control.options])
    if control.kind == "switch":
        return st.sampled_from(["0", "1"])
    whole = st.integers(control.minimum, control.maximum)
    one = whole.map(str)
    if not control.parts:
        return one
    several = st.tuples(*[whole] * len(control.parts)).filter(lambda parts: len(set(parts)) > 1)
    return one | several.map(lambda parts: ",".join(map(str, parts)))


queries = st.fixed_dictionaries({}, optional={c.key: texts(c) for c in SHOWN})


@settings(deadline=None)
@given(queries)
def test_query_survives_the_way_through_the_request(query):
    usual = {control.key: control.query for control in SHOWN}

    assert values_of(request(query)) == usual | query


@pytest.mark.parametrize("word", ["same", "valid"])
def test_padding_by_name_keeps_its_name(word):
    assert values_of(request({"p": word}))["p"] == word


def test_query_that_says_nothing_new_gives_the_default_request():
    usual = {control.key: control.query for control in SHOWN}

    assert request(usual) == request({}) == Conv2dRequest(op="conv2d")


@pytest.mark.parametrize("control", NUMBERS)
def test_bounds_shown_to_people_are_those_that_are_checked(control):
    for bound in (control.minimum, control.maximum):
        assert values_of(request({control.key: str(bound)}))[control.key] == str(bound)
    for beyond in (control.minimum - 1, control.maximum + 1):
        with pytest.raises(ValidationError):
            request({control.key: str(beyond)})


def test_controls_are_told_apart_by_key_path_and_label():
    for name in ("key", "path", "label"):
        given = [getattr(control, name) for control in CONTROLS]
        assert len(set(given)) == len(given)


def test_controls_carry_the_names_that_assistive_technology_reads():
    labels = {control.label for control in CONTROLS}

    assert labels >= {
        "Input width", "Input height", "Channels", "Filter width", "Filter height", "Filters",
        "Stride", "Padding", "Dilation", "Padding mode", "Groups", "Bias", "Flip filter",
        "Strict sizes", "Input preset", "Filter preset",
    }  # fmt: skip


def test_cells_changed_by_hand_are_no_part_of_the_query():
    cells = {control.key: control.path for control in CONTROLS if control.kind == "cells"}

    assert cells == {"#x": "x.edits", "#w": "weight.edits", "#b": "bias.edits"}
    assert not cells.keys() & values_of(request({})).keys()


def test_every_choice_explains_itself():
    options = [option for control in CONTROLS for option in control.options]

    assert all(option["label"] and option["about"].endswith(".") for option in options)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3, "3"),
        (True, "1"),
        (False, "0"),
        ("same", "same"),
        (1.0, "1"),
        (-2.5, "-2.5"),
        (1e-5, "1e-5"),
        (1e-12, "1e-12"),
        (1e6, "1000000"),
        ((2, 2), "2"),
        ((2, 1), "2,1"),
        (((1, 1), (1, 1)), "1"),
        (((1, 1), (2, 2)), "1,1,2,2"),
        ([[0, 1], [2, 3]], "0,1,2,3"),
    ],
)
def test_setting_is_written_as_short_as_the_query_can(value, text):
    assert query_text(value) == text


def test_settings_of_one_tensor_stand_together_in_the_body():
    body = body_of(Conv2dRequest, {"w": "5", "s": "2,1", "x": "ramp", "fw": "2"})

    assert body == {
        "x": {"width": "5", "preset": "ramp"},
        "stride": "2,1",
        "weight": {"width": "2"},
    }


@pytest.mark.parametrize(
    "query", [{"zzz": "1"}, {"weight": "5", "fw": "3"}, {"b": "1", "bias": "1"}]
)
def test_key_that_is_no_controls_is_refused_and_never_swallowed(query):
    with pytest.raises(ValidationError) as refusal:
        request(query)

    assert refusal.value.errors()[0]["loc"][0] in query


@pytest.mark.parametrize("text", ["1", "-1234.5678", "1e-5", "0.5", "-1000000"])
def test_decimal_survives_the_way_through_the_request(text):
    model = OPERATIONS["batch_norm_pass"].request
    decimals = {c.key for c in controls_of(model) if c.kind == "decimal"}

    request = model.model_validate({"op": "batch_norm_pass", **body_of(model, {"gamma": text})})

    assert decimals == {"gamma", "beta", "eps"}
    assert values_of(request)["gamma"] == text


def test_operation_without_settings_for_people_has_no_controls():
    assert controls_of(OutputSizeRequest) == ()


def test_every_control_stands_in_a_section_of_the_rail():
    sections = {
        control.section
        for operation in OPERATIONS.values()
        for control in controls_of(operation.request)
    }

    explored = {"Input", "Filter", "Sliding", "Gradient", "Rules"}
    assert sections <= explored | {"Batch", "Scale", "Graph", "Maps", "Running", "Block"}
