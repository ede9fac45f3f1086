"""Convolution as mathematics defines it, told step by step in its own indices."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.arrays import Array
from engine.boxes import span
from engine.conv_layer import SPATIAL
from engine.conv_tensors import float64
from engine.convolution import convolve1d, convolve2d, zeros_around
from engine.kernel_library import require_divisor
from engine.notation import share
from engine.phases import Phase, Role, Tensor, Values
from engine.trace import Trace
from engine.window import Shape


def trace_convolve1d(signal: Array, kernel: Array, *, divisor: float = 1.0) -> Trace:
    r"""Explain the convolution of a signal: what `convolve1d` computes, tap by tap.

    Parameters
    ----------
    signal, kernel
        As for `convolve1d`; the trace works in float64.
    divisor : float
        Each sum is divided by it, so that the taps of an average stay integers; not 0.

    Returns
    -------
    Trace
        The tensors x, weight and y and, where the kernel reaches beyond the signal, padded. At
        each step the kernel is read forwards, a = -floor(K/2), ..., ceil(K/2) - 1, and the signal
        backwards, X(i - a): that is the flip. The centre, a = 0, is the tap floor(K/2), counted
        from 0: the middle one where K is odd, the one right of the middle where it is even.

    Raises
    ------
    ShapeError, ParameterError
        As `convolve1d`, and for a divisor that is 0 or not finite.

    References
    ----------
    Lecture, "What convolution is".

    Examples
    --------
    >>> x, w = np.array([1.0, 10.0, 100.0]), np.array([2.0, 3.0, 4.0])
    >>> trace = trace_convolve1d(x, w)
    >>> trace.step(1, 1).terms
    (200.0, 30.0, 4.0)
    >>> trace.phases[1].formula
    '\\sym{y}{Y(i)} = \\sum_{u=-k}^{k} \\sym{w}{W(u)} \\cdot \\sym{x}{X(i - u)}'
    """
    return _trace("convolve1d", convolve1d, signal, kernel, divisor)


def trace_convolve2d(image: Array, kernel: Array, *, divisor: float = 1.0) -> Trace:
    """Explain the convolution of a picture: what `convolve2d` computes, tap by tap.

    Parameters
    ----------
    image, kernel
        As for `convolve2d`; the trace works in float64.
    divisor : float
        As for `trace_convolve1d`.

    Returns
    -------
    Trace
        As `trace_convolve1d`, with rows and columns. The centre, a = b = 0, is the tap
        (floor(K1/2), floor(K2/2)), counted from 0: below and right of the middle where a size is
        even.

    Raises
    ------
    ShapeError, ParameterError
        As `convolve2d`, and for a divisor that is 0 or not finite.

    References
    ----------
    Lecture, "What convolution is".

    Examples
    --------
    >>> x, w = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 10.0], [100.0, 1000.0]])
    >>> trace_convolve2d(x, w).step(1, 0).terms
    (4.0, 30.0, 200.0, 1000.0)
    """
    return _trace("convolve2d", convolve2d, image, kernel, divisor)


def _trace(
    op: str, fast: Callable[..., Array], signal: Array, kernel: Array, divisor: float
) -> Trace:
    fast(signal, kernel)  # refuses what does not go together
    require_divisor(divisor)
    x, weight = float64(signal), float64(kernel)
    tensors, phases = [_tensor("x", "Input", "input", x)], []
    if weight.size > 1:
        padded, phase = _surround(tensors[0], weight.shape)
        tensors.append(padded)
        phases.append(phase)
    source = tensors[-1].name
    tensors.append(_tensor("weight", "Filter", "weight", weight))
    tensors.append(_tensor("y", "Output", "output", float64(fast(x, weight)) / divisor))
    return Trace(op, tensors, [*phases, _turn_and_add(source, x.shape, weight.shape, divisor)])


def _tensor(name: str, label: str, role: Role, values: Values) -> Tensor:
    return Tensor(name=name, label=label, role=role, axes=SPATIAL[values.ndim], values=values)


def _surround(x: Tensor, taps: Shape) -> tuple[Tensor, Phase]:
    """Continue the cells x to a signal X that is defined as far as the kernel reaches."""
    sides = [zeros_around(size) for size in taps]
    padded = Tensor(
        name="padded",
        label="Padded input",
        role="input",
        axes=x.axes,
        values=np.pad(x.values, sides),
        fill=0.0,
        extends="x",
        offset=tuple(before for before, _ in sides),
    )
    indices = list("ij"[: len(taps)])
    own = rf"\sym{{x}}{{x_{{{','.join(indices)}}}}}"
    phase = Phase(
        title="Surround the input with zeros",
        formula=f"{_at('padded', 'X', indices)} = {own}",
        term=own,
        evaluate=lambda x: x,
        reads={"x": "x"},
        writes="padded",
        loop={"once": 1},
        bind={
            "x": [span(count=size) for size in x.shape],
            "padded": [
                span(before, count=size) for size, (before, _) in zip(x.shape, sides, strict=True)
            ],
        },
        combine="each",
        setup=True,
    )
    return padded, phase


def _turn_and_add(source: str, size: Shape, taps: Shape, divisor: float) -> Phase:
    axes = SPATIAL[len(size)]
    formula, term = _formula(taps, divisor)
    return Phase(
        title="Flip, shift, multiply and add",
        formula=formula,
        term=term,
        evaluate=lambda w, x: w * x,
        reads={"w": "weight", "x": source},
        writes="y",
        loop=dict(zip(axes, size, strict=True)),
        bind={
            "w": [span(count=count) for count in taps],
            # From X(i + floor(K/2)) down to X(i + 1 - ceil(K/2)); the zeros before come on top.
            "x": [
                span(count - 1, count=count, step=-1, **{axis: 1})
                for axis, count in zip(axes, taps, strict=True)
            ],
            "y": [span(**{axis: 1}) for axis in axes],
        },
        divisor=divisor,
    )


def _formula(taps: Shape, divisor: float) -> tuple[str, str]:
    """Write the sum with taps from -k to k if all sizes are odd, else in the centred form."""
    odd = all(size % 2 for size in taps)
    number = [""] if len(set(taps)) == 1 else ["_1", "_2"]
    numbers = number * (len(taps) // len(number))
    letters = "uv" if odd else "ab"
    ranges = [
        (f"-k{n}", f"k{n}") if odd else (rf"-\lfloor K{n}/2 \rfloor", rf"\lceil K{n}/2 \rceil - 1")
        for n in numbers
    ]
    sums = "".join(
        rf"\sum_{{{u}={first}}}^{{{last}}} "
        for u, (first, last) in zip(letters, ranges, strict=False)
    )
    tap = [
        u if odd else rf"\lfloor K{n}/2 \rfloor + {u}"
        for u, n in zip(letters, numbers, strict=False)
    ]
    shifted = [f"{i} - {u}" for i, u, _ in zip("ij", letters, taps, strict=False)]
    term = rf"{_at('w', 'W', tap)} \cdot {_at('x', 'X', shifted)}"
    y = _at("y", "Y", list("ij"[: len(taps)]))
    return f"{y} = {share(divisor)}{sums}{term}", term


def _at(symbol: str, letter: str, indices: list[str]) -> str:
    return rf"\sym{{{symbol}}}{{{letter}({', '.join(indices)})}}"
