"""What the page tells about a convolution: its trace, its size formulas, what is left over."""

from __future__ import annotations

from app.border import AXES, along, describe_border, not_whole
from app.explanation import Explanation
from app.remedies import output_shape
from app.schemas import Conv2dRequest
from app.settings import LIMITS
from engine.border import Axis
from engine.conv2d_trace import trace_conv2d
from engine.errors import ParameterError, Remedy
from engine.shapes import count_multiplications, count_parameters
from engine.size_trace import trace_output_size
from engine.trace import Trace


def explain_conv2d(request: Conv2dRequest) -> Explanation:
    """Explain one convolution.

    Raises
    ------
    ShapeError, ParameterError
        If the settings do not go together, the output is too large to show, or strict sizes are
        asked for and cells are left over.
    """
    check_groups(request.x.channels, request.weight.filters, request.groups)
    shape = output_shape(request)
    border = describe_border(request)
    if request.strict and border is not None:
        raise not_whole(request)
    _check_cells(request, shape)
    trace = _trace(request)
    names, counts = _counted(request, trace, shape)
    alike = along(request, "column") == along(request, "row")
    sizes = tuple(_size(request, axis) for axis in AXES[: 1 if alike else 2])
    return Explanation(trace=trace, sizes=sizes, names=names, counts=counts, border=border)


def check_groups(channels: int, filters: int, groups: int) -> None:
    """Refuse groups before the depth of the filters is drawn from them, with every way out."""
    if channels % groups == 0 and filters % groups == 0:
        return
    possible = [g for g in range(1, channels + 1) if channels % g == 0 and filters % g == 0]
    raise ParameterError(
        f"groups: {groups} must divide both the {channels} channels of x and the {filters} "
        f"filters; use {' or '.join(map(str, possible))}",
        parameter="groups",
        remedies=[Remedy(f"Groups = {g}", {"groups": g}) for g in possible],
    )


def _trace(request: Conv2dRequest) -> Trace:
    x = request.x.array()
    taps, divisor = request.weight.array(max(1, x.shape[1] // request.groups))
    return trace_conv2d(
        x,
        taps,
        request.bias.array(len(taps)),
        stride=request.stride,
        padding=request.sides(),
        dilation=request.dilation,
        groups=request.groups,
        padding_mode=request.padding_mode,
        flip=request.flip,
        divisor=divisor,
    )


def _size(request: Conv2dRequest, axis: Axis) -> Trace:
    one = along(request, axis)
    return trace_output_size(
        one.size,
        one.filter,
        stride=one.stride,
        padding=one.padding,
        dilation=one.dilation,
        axis=axis,
    )


def _counted(
    request: Conv2dRequest, trace: Trace, shape: tuple[int, int, int]
) -> tuple[dict[str, float], tuple[dict[str, str], ...]]:
    """Name the sizes by the lecture's letters, and count parameters and multiplications."""
    x, weight = trace.tensors["x"].shape, trace.tensors["weight"].shape
    parameters = count_parameters(weight, bias=request.bias.on)
    products = count_multiplications(
        x, weight, stride=request.stride, padding=request.sides(), dilation=request.dilation
    )
    filters, height, width = shape
    names = {"W1": x[3], "H1": x[2], "D1": x[1], "Fw": weight[3], "Fh": weight[2], "K": filters}
    names |= {"Fd": weight[1], "F": weight[3], "S": request.stride[1], "P": request.sides()[1][0]}
    names |= {"W2": width, "H2": height, "D2": filters, "outputs": filters * height * width}
    names |= {"parameters": parameters.value, "multiplications": products.value}
    counts = (
        {"label": "Parameters", "expression": parameters.expression},
        {"label": "Multiplications", "expression": products.expression},
    )
    return {name: float(value) for name, value in names.items()}, counts


def _check_cells(request: Conv2dRequest, shape: tuple[int, int, int]) -> None:
    """Refuse what is too large to be sent whole: the padded input, or the output."""
    (top, bottom), (left, right) = request.sides()
    padded = (
        request.x.channels,
        request.x.height + top + bottom,
        request.x.width + left + right,
    )
    for name, (depth, height, width) in (("a padded input", padded), ("an output", shape)):
        if depth * height * width > LIMITS.whole_cells:
            raise ParameterError(
                f"padding: {name} of {depth}×{height}×{width} has more than "
                f"{LIMITS.whole_cells:,} cells; use less padding, or fewer channels and filters",
                parameter="padding",
                remedies=[Remedy("P = 0", {"padding": 0}), Remedy("P = 1", {"padding": 1})],
            )
