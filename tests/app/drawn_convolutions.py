"""Random requests for the convolutions of the catalogue, and what the fast operations give."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from engine import (
    conv1d,
    conv1d_backward,
    conv2d,
    conv2d_backward,
    conv_transpose2d,
    conv_transpose2d_backward,
    kernels,
)

MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


@st.composite
def inputs(draw, least=(1, 1), channels=None):
    return {
        "preset": draw(st.sampled_from(["integers", "edges", "ramp", "digit", "random"])),
        "seed": draw(st.integers(0, 99)),
        "height": max(least[0], draw(st.integers(1, 8))),
        "width": max(least[1], draw(st.integers(1, 8))),
        "channels": draw(st.integers(1, 3)) if channels is None else channels,
    }


def paddings(most, *, words=()):
    cells = st.integers(0, most)
    forms = cells | st.tuples(cells, cells) | st.tuples(cells, cells, cells, cells)
    return forms | st.sampled_from(words) if words else forms


@st.composite
def convolutions(draw):
    groups, depth, filters = (draw(st.integers(1, 2)) for _ in range(3))
    preset = draw(st.sampled_from(["integers", "random", *kernels]))
    frame = kernels[preset].taps.shape if preset in kernels else (1, 1)
    taps = [draw(st.integers(least, least + 2)) for least in frame]
    stride, dilation = (draw(st.tuples(*[st.integers(1, 3)] * 2)) for _ in range(2))
    # Large enough for the filter without padding, and for two mirrored cells.
    least = [max(3, d * (f - 1) + 1) for d, f in zip(dilation, taps, strict=True)]
    sign = [draw(st.sampled_from(["on", "off"])) for _ in range(groups * filters)]
    edits = [[k, float(k) - 0.5] for k, chosen in enumerate(sign) if chosen == "on"]
    return {
        "op": "conv2d",
        "x": draw(inputs(least, groups * depth)),
        "weight": {
            "preset": preset,
            "height": taps[0],
            "width": taps[1],
            "filters": groups * filters,
        },
        "stride": stride,
        "dilation": dilation,
        "padding": draw(paddings(2, words=["valid"] if stride != (1, 1) else ["valid", "same"])),
        "padding_mode": draw(st.sampled_from(["zeros", "replicate"])),
        "groups": groups,
        "bias": draw(st.sampled_from([False, {"on": True, "edits": edits}])),
        "flip": draw(st.booleans()),
    }


@st.composite
def mirrored_convolutions(draw):
    body = draw(convolutions())
    padding = draw(paddings(2))
    return body | {
        "padding": padding,
        "padding_mode": draw(st.sampled_from(["reflect", "circular"])),
    }


@st.composite
def borders(draw):
    mode = draw(st.sampled_from(list(MODES)))
    x = draw(inputs())
    most = min(x["height"], x["width"]) - (mode == "reflect")
    wide = most if mode in ("reflect", "circular") else 16
    return {"op": "padding", "x": x, "padding": draw(paddings(wide)), "padding_mode": mode}


@st.composite
def sizes(draw):
    taps, dilation = draw(st.integers(1, 12)), draw(st.integers(1, 4))
    room = draw(st.integers(0, 99_000))
    return {
        "op": "output_size",
        "size": dilation * (taps - 1) + 1 + room,
        "filter": taps,
        "stride": draw(st.integers(1, 100)),
        "padding": draw(st.integers(0, 50) | st.tuples(st.integers(0, 50), st.integers(0, 50))),
        "dilation": dilation,
        "axis": draw(st.sampled_from(["row", "column"])),
    }


BODIES = {
    "conv2d": convolutions() | mirrored_convolutions(),
    "padding": borders(),
    "output_size": sizes(),
}


def convolved(request):
    x = request.x.array()
    taps, divisor = request.weight.array(x.shape[1] // request.groups)
    y = conv2d(
        x,
        taps[:, :, ::-1, ::-1] if request.flip else taps,
        stride=request.stride,
        padding=request.padding,
        dilation=request.dilation,
        groups=request.groups,
        padding_mode=request.padding_mode,
    )
    bias = request.bias.array(len(taps)) if request.bias.on else np.zeros(len(taps))
    return {"y": y / divisor + bias[:, None, None]}


def bordered(request):
    sides = ((0, 0), (0, 0), *request.padding)
    return {"padded": np.pad(request.x.array(), sides, mode=MODES[request.padding_mode])}


def counted(request):
    room = request.size + sum(request.padding) - (request.dilation * (request.filter - 1) + 1)
    return {"W2" if request.axis == "column" else "H2": room // request.stride + 1}


FAST = {"conv2d": convolved, "padding": bordered, "output_size": counted}


# Beyond the forward convolution.
gradients = st.fixed_dictionaries(
    {"preset": st.sampled_from(["integers", "random"]), "seed": st.integers(0, 99)}
)
readings = st.sampled_from(["scatter", "gather"])


def backward(op, bodies, gradients=gradients):
    return st.builds(
        lambda body, grad_y, reading: body | {"op": op, "grad_y": grad_y, "reading": reading},
        bodies,
        gradients,
        readings,
    )


# A hidden kernel of one tap fits into every filter.
targets = st.fixed_dictionaries(
    {"preset": st.sampled_from(["pointwise", "zeros"])},
    optional={"edits": st.just([[0, 0, 0, 2.5]])},
)
every_convolution = convolutions() | mirrored_convolutions()
learning = st.builds(
    lambda body, target: body | {"target": target},
    backward("conv2d_backward", every_convolution, st.just({"preset": "loss"})),
    targets,
)


@st.composite
def signals(draw):
    groups, depth, filters = (draw(st.integers(1, 2)) for _ in range(3))
    taps, dilation = draw(st.integers(1, 4)), draw(st.integers(1, 2))
    mode = draw(st.sampled_from(list(MODES)))
    length = max(3, dilation * (taps - 1) + 1) + draw(st.integers(0, 4))
    stride = draw(st.integers(1, 3))
    cells = st.integers(0, 2)
    words = ["valid"] if stride > 1 or mode in ("reflect", "circular") else ["valid", "same"]
    return {
        "op": "conv1d",
        "x": {"preset": "random", "length": length, "channels": groups * depth},
        "weight": {"preset": "random", "size": taps, "filters": groups * filters},
        "stride": stride,
        "dilation": dilation,
        "padding": draw(cells | st.tuples(cells, cells) | st.sampled_from(words)),
        "padding_mode": mode,
        "groups": groups,
        "bias": draw(st.booleans()),
        "flip": draw(st.booleans()),
    }


@st.composite
def transposed(draw, op):
    groups, depth, filters = (draw(st.integers(1, 2)) for _ in range(3))
    taps, stride, dilation = (draw(st.tuples(*[st.integers(1, 3)] * 2)) for _ in range(3))
    extent = [d * (f - 1) + 1 for f, d in zip(taps, dilation, strict=True)]
    most = [max(s, d) - 1 for s, d in zip(stride, dilation, strict=True)]
    body = {
        "op": op,
        "x": draw(inputs((3, 3), groups * depth)),
        "weight": {
            "preset": "random",
            "height": taps[0],
            "width": taps[1],
            "filters": groups * filters,
        },
        "stride": stride,
        "dilation": dilation,
        "padding": [draw(st.integers(0, (e + 1) // 2)) for e in extent],
        "output_padding": [draw(st.integers(0, m)) for m in most],
        "groups": groups,
    }
    if op.endswith("backward"):
        return body | {"grad_y": draw(gradients)}
    return body | {"bias": draw(st.booleans())}


BODIES |= {
    "conv2d_backward": learning | backward("conv2d_backward", every_convolution),
    "conv1d": signals(),
    "conv1d_backward": backward("conv1d_backward", signals()),
    "conv_transpose2d": transposed("conv_transpose2d"),
    "conv_transpose2d_backward": transposed("conv_transpose2d_backward"),
}


def sliding(request):
    names = ("stride", "padding", "dilation", "groups", "padding_mode", "output_padding")
    return {name: getattr(request, name) for name in names if hasattr(request, name)}


def turned(request, taps):
    axes = tuple(range(2, taps.ndim)) if request.flip else ()
    return np.flip(taps, axes)


def gradients_of(request, taps, divisor, grad_y, back):
    x = request.x.array()
    found = back(grad_y, x, turned(request, taps) / divisor, **sliding(request))
    # A tap counts a divisor's part of what a weight counts.
    weight = turned(request, found.weight) / divisor
    return {"grad_x": found.input, "grad_weight": weight, "grad_bias": found.bias}


def convolved_back(request):
    taps, divisor = request.weight.array(request.x.array().shape[1] // request.groups)
    y = convolved(request)["y"]
    if request.grad_y.preset != "loss":
        given = request.grad_y.array(y.shape)
        return {"y": y} | gradients_of(request, taps, divisor, given, conv2d_backward)
    hidden = np.zeros(taps.shape)
    hidden[..., taps.shape[2] // 2, taps.shape[3] // 2] = request.target.preset == "pointwise"
    target = conv2d(request.x.array(), turned(request, hidden), **sliding(request))
    for *cell, value in request.target.edits:
        target[(0, *map(int, cell))] = value
    shown = {"y": y, "grad_y": y - target, "loss": np.square(y - target).sum() / 2}
    return shown | gradients_of(request, taps, divisor, y - target, conv2d_backward)


def signal_taps(request):
    return request.weight.array(request.x.array().shape[1] // request.groups)


def convolved_signal(request):
    taps = signal_taps(request)
    bias = request.bias.array(len(taps))
    return {"y": conv1d(request.x.array(), turned(request, taps), bias, **sliding(request))}


def convolved_signal_back(request):
    taps = signal_taps(request)
    maps = conv1d(request.x.array(), turned(request, taps), **sliding(request)).shape
    return gradients_of(request, taps, 1.0, request.grad_y.array(maps), conv1d_backward)


def spread_weight(request):
    """The filters as a transposed convolution reads them, group by group."""
    taps, divisor = request.weight.array(request.x.array().shape[1] // request.groups)
    parts = [np.swapaxes(part, 0, 1) for part in np.split(taps / divisor, request.groups)]
    return np.concatenate(parts)


def spread(request):
    bias = request.bias.array(request.weight.filters)
    y = conv_transpose2d(request.x.array(), spread_weight(request), bias, **sliding(request))
    return {"y": y}


def spread_back(request):
    x, weight = request.x.array(), spread_weight(request)
    maps = conv_transpose2d(x, weight, **sliding(request)).shape
    found = conv_transpose2d_backward(request.grad_y.array(maps), x, weight, **sliding(request))
    return {"grad_x": found.input, "grad_weight": found.weight, "grad_bias": found.bias}


FAST |= {
    "conv2d_backward": convolved_back,
    "conv1d": convolved_signal,
    "conv1d_backward": convolved_signal_back,
    "conv_transpose2d": spread,
    "conv_transpose2d_backward": spread_back,
}
