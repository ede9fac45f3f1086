"""The output size of a transposed convolution: stamps set apart, then cut, then widened."""

from __future__ import annotations

from engine.border import Axis
from engine.geometry_transposed import check_transposed_geometry
from engine.phases import Phase, Tensor
from engine.scalars import extent_phase, scalar, scalar_phase
from engine.trace import Trace
from engine.window import effective_extent


def trace_transposed_output_size(
    size: int,
    filter: int,
    *,
    stride: int = 1,
    padding: int = 0,
    output_padding: int = 0,
    dilation: int = 1,
    axis: Axis = "column",
) -> Trace:
    r"""Explain the size of the output of a transposed convolution along one axis.

    Parameters
    ----------
    size, filter : int
        Cells of the input, W1 or H1, and taps of the filter, F.
    stride : int
        S: cells from one stamp to the next.
    padding : int
        P: cells cut off at both ends.
    output_padding : int
        O: cells added at the end; below the stride or the dilation.
    dilation : int
        Distance of neighbouring taps.
    axis : {"column", "row"}
        Whether columns are counted (a width) or rows (a height).

    Returns
    -------
    Trace
        Scalars only: W1, F, S, P, O if cells are added, D if taps are apart, and W2 for the
        result; rows have H1 and H2. Phases: the strides between the stamps, the extent of a
        dilated filter, the width of all stamps, the cut, and what is added.

    Raises
    ------
    ParameterError
        If a setting is out of its range, or the padding leaves no output.

    Notes
    -----
    ``W2 = S (W1 - 1) + F - 2P + O``, with ``D * (F - 1) + 1`` for F under dilation: the size of
    an input that a convolution of the same settings brings back to W1.

    References
    ----------
    Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", section 4.

    Examples
    --------
    >>> trace = trace_transposed_output_size(4, 3, stride=2, padding=1, output_padding=1)
    >>> [step.results[0] for step in trace]
    [6.0, 9.0, 7.0, 8.0]
    """
    geometry = check_transposed_geometry(
        (1, 1, 1, size),
        (1, 1, 1, filter),
        stride=(1, stride),
        padding=(0, padding),
        output_padding=(0, output_padding),
        dilation=(1, dilation),
        groups=1,
    )
    letter, length = ("W", "width") if axis == "column" else ("H", "height")
    first_to_last, extent = stride * (size - 1), effective_extent(filter, dilation)
    last = output_padding > 0
    tensors: list[Tensor] = [
        scalar(f"{letter}1", f"Input {length}", "input", size, ("x", axis)),
        scalar("F", f"Filter {length}", "weight", filter, ("weight", axis)),
        scalar("S", "Stride", "weight", stride),
        scalar("P", "Padding", "output", padding),
        *(scalar("O", "Output padding", "output", output_padding) for _ in range(last)),
        *(scalar("D", "Dilation", "weight", dilation) for _ in range(dilation > 1)),
        scalar(f"{letter}_apart", "First to last stamp", "intermediate", first_to_last),
        *(
            scalar(f"{letter}_extent", "Extent of the filter", "intermediate", extent)
            for _ in range(dilation > 1)
        ),
        scalar(f"{letter}_stamps", "All stamps", "intermediate", first_to_last + extent),
        *(
            scalar(
                f"{letter}_cut",
                "After the cut",
                "intermediate",
                first_to_last + extent - 2 * padding,
            )
            for _ in range(last)
        ),
        scalar(f"{letter}2", f"Output {length}", "output", geometry.input[1], ("y", axis)),
    ]
    phases = [
        *_stamps(letter, dilation),
        *_ends(letter, axis, padding, output_padding),
    ]
    return Trace("transposed_output_size", tensors, phases, formula=_whole(letter, dilation, last))


def _whole(letter: str, dilation: int, last: bool) -> str:
    """Write the whole formula in one line, each symbol with its name."""
    taps = r"\left( \sym{D}{d} (\sym{F}{F} - 1) + 1 \right)" if dilation > 1 else r"\sym{F}{F}"
    added = r" + \sym{O}{O}" if last else ""
    return (
        rf"\sym{{{letter}2}}{{{letter}_2}} = \sym{{S}}{{S}} \cdot "
        rf"(\sym{{{letter}1}}{{{letter}_1}} - 1) + {taps} - 2 \cdot \sym{{P}}{{P}}{added}"
    )


def _stamps(letter: str, dilation: int) -> list[Phase]:
    """Tell the size of all stamps together."""
    taps, typeset = (f"{letter}_extent", "F'") if dilation > 1 else ("F", "F")
    return [
        scalar_phase(
            "Count the strides between the stamps",
            rf"\sym{{{letter}_apart}}{{a}} = \sym{{S}}{{S}} \cdot "
            rf"(\sym{{{letter}1}}{{{letter}_1}} - 1)",
            lambda stride, size: stride * (size - 1),
            ("S", f"{letter}1"),
        ),
        *extent_phase(dilation, letter),
        scalar_phase(
            "Add the last stamp itself",
            rf"\sym{{{letter}_stamps}}{{s}} = \sym{{{letter}_apart}}{{S ({letter}_1 - 1)}} + "
            rf"\sym{{{taps}}}{{{typeset}}}",
            lambda apart, extent: apart + extent,
            (f"{letter}_apart", taps),
        ),
    ]


def _ends(letter: str, axis: Axis, padding: int, output_padding: int) -> list[Phase]:
    """Tell what is cut off at both ends, and what is added at the last one."""
    result = rf"\sym{{{letter}2}}{{{letter}_2}}"
    cut = rf"\sym{{{letter}_cut}}{{c}}" if output_padding else result
    phases = [
        scalar_phase(
            "Cut the padding off both ends" if padding else "No padding to cut off",
            rf"{cut} = \sym{{{letter}_stamps}}{{s}} - 2 \cdot \sym{{P}}{{P}}",
            lambda stamps, cells: stamps - 2 * cells,
            (f"{letter}_stamps", "P"),
        )
    ]
    if output_padding:
        cells = f"{output_padding} {axis}{'' if output_padding == 1 else 's'}"
        phases.append(
            scalar_phase(
                f"Add {cells} at the end",
                rf"{result} = \sym{{{letter}_cut}}{{c}} + \sym{{O}}{{O}}",
                lambda cut, more: cut + more,
                (f"{letter}_cut", "O"),
            )
        )
    return phases
