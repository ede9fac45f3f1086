"""What a stride leaves over, against windows counted one by one, and ways out that lead out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.border import along, describe_border
from app.catalogue import OPERATIONS
from app.controls import body_of, values_of
from app.explain import refusal
from app.schemas import Conv2dRequest
from engine.errors import EngineError

explain = OPERATIONS["conv2d"].explain


def request(**body):
    return Conv2dRequest.model_validate({"op": "conv2d", **body})


def square(size, taps, stride, padding=0, **more):
    return request(
        x={"width": size, "height": size},
        weight={"width": taps, "height": taps},
        stride=stride,
        padding=padding,
        **more,
    )


def cells_behind_the_last_window(size, taps, stride, before, after, dilation):
    """Slide a window until it no longer fits, and see which cells of the input lie behind."""
    start = 0
    while start + stride + dilation * (taps - 1) < before + size + after:
        start += stride
    end = start + dilation * (taps - 1)
    return [cell for cell in range(size) if cell + before > end]


@st.composite
def layers(draw):
    pair = st.tuples(st.integers(1, 4), st.integers(1, 4))
    taps, dilation = draw(pair), draw(st.tuples(st.integers(1, 2), st.integers(1, 2)))
    least = [d * (f - 1) + 1 for d, f in zip(dilation, taps, strict=True)]
    height, width = (size + draw(st.integers(0, 6)) for size in least)
    return request(
        x={"height": height, "width": width},
        weight={"height": taps[0], "width": taps[1]},
        stride=draw(pair),
        dilation=dilation,
        padding=draw(st.tuples(*[st.integers(0, 2)] * 4)),
    )


@settings(deadline=None)
@given(layers())
def test_rows_and_columns_never_visited_are_those_behind_the_last_window(layer):
    (top, bottom), (left, right) = layer.sides()
    rows, columns = (
        cells_behind_the_last_window(size, taps, stride, before, after, dilation)
        for size, taps, stride, before, after, dilation in [
            (layer.x.height, layer.weight.height, layer.stride[0], top, bottom, layer.dilation[0]),
            (layer.x.width, layer.weight.width, layer.stride[1], left, right, layer.dilation[1]),
        ]
    )

    told = describe_border(layer) or {"rows": [], "columns": []}

    assert (told["rows"], told["columns"]) == (rows, columns)


@settings(deadline=None)
@given(layers())
def test_nothing_is_told_exactly_where_both_strides_divide(layer):
    divides = all(along(layer, axis).rest == 0 for axis in ("column", "row"))

    assert (describe_border(layer) is None) is divides


@pytest.mark.parametrize(
    ("layer", "sentence", "detail"),
    [
        pytest.param(
            square(8, 3, 2),
            "5 does not divide by 2.",
            "The floor keeps 2 moves; 1 column is left over. "
            "Never visited: column 8 and row 8, 15 of 64 input cells. "
            "No equal padding helps: 5 + 2P stays odd.",
            id="8, 3, 2",
        ),
        pytest.param(
            square(7, 3, 3),
            "4 does not divide by 3.",
            "The floor keeps 1 move; 1 column is left over. "
            "Never visited: column 7 and row 7, 13 of 49 input cells.",
            id="7, 3, 3",
        ),
        pytest.param(
            square(10, 3, 4),
            "7 does not divide by 4.",
            "The floor keeps 1 move; 3 columns are left over. "
            "Never visited: columns 8 to 10 and rows 8 to 10, 51 of 100 input cells. "
            "No equal padding helps: 7 + 2P stays odd.",
            id="several columns",
        ),
        pytest.param(
            square(7, 4, 2, 1),
            "5 does not divide by 2.",
            "The floor keeps 2 moves; 1 column is left over. "
            "Only padding is left over: every input cell is visited. "
            "No equal padding helps: 3 + 2P stays odd.",
            id="only padding is left over",
        ),
        pytest.param(
            square(8, 3, [2, 1]),
            "5 does not divide by 2.",
            "The floor keeps 2 moves; 1 row is left over. "
            "Never visited: row 8, 8 of 64 input cells. "
            "No equal padding helps: 5 + 2P stays odd.",
            id="rows alone",
        ),
    ],
)
def test_what_is_left_over_is_said_in_words(layer, sentence, detail):
    told = describe_border(layer)

    assert told["sentence"] == sentence
    assert told["detail"] == detail


def test_ways_to_fit_are_offered_with_the_size_they_lead_to():
    offered = describe_border(square(8, 3, 2))["remedies"]

    assert [(offer["label"], offer["result"], offer["set"]) for offer in offered] == [
        ("S = 1", "6×6 output", {"s": "1"}),
        ("S = 5", "2×2 output", {"s": "5"}),
        ("Pad right 1 and bottom 1", "4×4 output", {"p": "0,1,0,1"}),
        ("Input 7×7", "3×3 output", {"w": "7", "h": "7"}),
        ("Input 9×9", "4×4 output", {"w": "9", "h": "9"}),
    ]


def followed(layer, offer):
    """Take an offer as the page does: set its query keys, and ask again."""
    query = values_of(layer) | offer["set"]
    return Conv2dRequest.model_validate({"op": "conv2d", **body_of(Conv2dRequest, query)})


def size_of(layer):
    _, _, height, width = explain(layer).trace.tensors["y"].shape
    return f"{height}×{width} output"


@settings(deadline=None)
@given(layers())
def test_every_way_to_fit_leaves_nothing_over_and_gives_the_size_it_promises(layer):
    offered = (describe_border(layer) or {"remedies": []})["remedies"]

    healed = [followed(layer, offer) for offer in offered]

    assert [describe_border(other) for other in healed] == [None] * len(offered)
    assert [size_of(other) for other in healed] == [offer["result"] for offer in offered]


@st.composite
def hopeful(draw):
    """Settings as people try them, many of which cannot be."""
    size, one_to = st.integers(1, 9), lambda most: st.integers(1, most)
    return request(
        x={"width": draw(size), "height": draw(size), "channels": draw(one_to(4))},
        weight={
            "preset": draw(st.sampled_from(["integers", "sobel_x", "gaussian_blur_5x5"])),
            "width": draw(one_to(7)),
            "height": draw(one_to(7)),
            "filters": draw(one_to(4)),
        },
        stride=draw(st.sampled_from([1, 2, 3, [1, 2], [4, 1]])),
        dilation=draw(st.sampled_from([1, 2, [1, 3]])),
        padding=draw(st.sampled_from([0, 1, 3, [0, 1], [0, 1, 1, 2], "same", "valid"])),
        padding_mode=draw(st.sampled_from(["zeros", "reflect", "replicate", "circular"])),
        groups=draw(st.sampled_from([1, 1, 2, 3])),
        strict=draw(st.booleans()),
    )


def ways_out(layer):
    """Give what is offered when settings are refused, and nothing when they are fine."""
    try:
        explain(layer)
    except EngineError as error:
        return refusal(layer, error).problem.remedies
    return []


@settings(deadline=None, max_examples=200)
@given(hopeful())
def test_every_way_out_of_a_refusal_really_leads_out(layer):
    offered = ways_out(layer)

    healed = [followed(layer, offer) for offer in offered]

    assert [size_of(other) for other in healed] == [offer["result"] for offer in offered]


@pytest.mark.parametrize(
    ("layer", "labels"),
    [
        pytest.param(square(3, 5, 1), ["P = 1", "F = 3"], id="a filter that does not fit"),
        pytest.param(square(7, 3, 2, "same"), ["S = 1"], id="same with a stride"),
        pytest.param(
            square(4, 3, 1, 4, padding_mode="reflect"),
            ["P = 3", "replicate"],
            id="a mirror that is too small",
        ),
        pytest.param(
            square(8, 3, 2, strict=True),
            ["Take the floor", "S = 1", "S = 5", "Pad right 1 and bottom 1", "Input 7×7"],
            id="strict sizes",
        ),
        pytest.param(
            request(weight={"preset": "sobel_x", "width": 2}), ["F = 3"], id="a frame too small"
        ),
        pytest.param(
            request(weight={"preset": "sobel_x"}, dilation=4),
            ["P = 1", "D = 3"],
            id="no filter smaller than the kernel in it",
        ),
    ],
)
def test_refusal_offers_what_helps(layer, labels):
    assert [offer["label"] for offer in ways_out(layer)] == labels
