"""One convolution as all of its traces see it: sizes, boxes of windows, indices in formulas."""

from __future__ import annotations

from dataclasses import dataclass

from engine.boxes import Span, span
from engine.geometry import Geometry
from engine.notation import factors, per_axis
from engine.window import Pair, Shape

SPATIAL = {1: ("position",), 2: ("row", "column")}


@dataclass(frozen=True, kw_only=True)
class ConvLayer:
    r"""A checked convolution along one axis or two.

    Attributes
    ----------
    axes : tuple of str
        The axes along which windows move: ("position",) or ("row", "column").
    taps, stride, dilation, padded, positions : tuple of int
        For each of them: taps of a filter, cells from one window, or tap, to the next, cells of
        the padded input, and windows.
    padding : tuple of (int, int)
        Cells added before and after.
    images, groups : int
        Of the batch; parts into which channels and filters are split.
    in_group, depth : int
        Filters of a group, and channels of a filter.
    flip : bool
        Whether taps are read backwards.
    divisor : float
        Divides every sum of products.
    transposed : bool
        Whether it is run the other way: its filters belong to the channels that go in, and the
        channels of a filter are the maps that come out.
    """

    axes: tuple[str, ...]
    taps: tuple[int, ...]
    stride: tuple[int, ...]
    dilation: tuple[int, ...]
    padding: tuple[Pair, ...]
    padded: tuple[int, ...]
    positions: tuple[int, ...]
    images: int
    groups: int
    in_group: int
    depth: int
    flip: bool = False
    divisor: float = 1.0
    transposed: bool = False

    @property
    def has_padding(self) -> bool:
        """Whether any cells are added."""
        return any(map(any, self.padding))

    @property
    def border(self) -> tuple[int, ...]:
        """Cells that a filter spans along each axis besides its first."""
        return tuple(d * (f - 1) for f, d in zip(self.taps, self.dilation, strict=True))

    @property
    def settings(self) -> dict[str, object]:
        """The arguments that the fast operation takes."""
        return {
            "stride": self.stride,
            "padding": self.padding,
            "dilation": self.dilation,
            "groups": self.groups,
        }

    # Boxes. Loops are called by the axes they run along: image, group, filter, channel, row ...

    @property
    def filter_loop(self) -> str:
        """The loop over the first axis of the weights, within a group."""
        return "channel" if self.transposed else "filter"

    @property
    def channel_loop(self) -> str:
        """The loop over the second axis of the weights."""
        return "filter" if self.transposed else "channel"

    @property
    def of_filter(self) -> Span:
        """One filter, and its map."""
        return span(group=self.in_group, **{self.filter_loop: 1})

    @property
    def of_channel(self) -> Span:
        """One channel of a group, in the input."""
        return span(group=self.depth, **{self.channel_loop: 1})

    @property
    def along(self) -> list[Span]:
        """One cell along each axis."""
        return [span(**{axis: 1}) for axis in self.axes]

    def window(self, stride: tuple[int, ...]) -> list[Span]:
        """Span the cells under a filter along each axis."""
        return [
            span(count=taps, step=dilation, **{axis: step})
            for axis, taps, step, dilation in zip(
                self.axes, self.taps, stride, self.dilation, strict=True
            )
        ]

    def all_taps(self, *, backwards: bool) -> list[Span]:
        """Span the taps of a filter along each axis, in order or from the last to the first."""
        return [span(f - 1, count=f, step=-1) if backwards else span(count=f) for f in self.taps]

    @property
    def window_loops(self) -> dict[str, int]:
        """The walk of the windows: image by image, filter by filter, row by row."""
        return {
            "image": self.images,
            "group": self.groups,
            self.filter_loop: self.in_group,
            **dict(zip(self.axes, self.positions, strict=True)),
        }

    @property
    def filter_box(self) -> list[Span]:
        """The filter of a window, all of it."""
        return [self.of_filter, span(count=self.depth), *self.all_taps(backwards=self.flip)]

    @property
    def window_box(self) -> list[Span]:
        """The cells of the input under it."""
        return [span(image=1), span(count=self.depth, group=self.depth), *self.window(self.stride)]

    @property
    def map_box(self) -> list[Span]:
        """The one cell of its map."""
        return [span(image=1), self.of_filter, *self.along]

    # Indices, as short as the settings allow.

    @property
    def k(self) -> str:
        """The index of a filter, where there are several."""
        return ("c" if self.transposed else "k") if self.groups * self.in_group > 1 else ""

    @property
    def c(self) -> str:
        """The index of a channel of a filter, where there are several."""
        return ("k" if self.transposed else "c") if self.groups * self.depth > 1 else ""

    @property
    def sum_over_k(self) -> str:
        """The sum over the filters that see a channel."""
        return self._sum_over(self.k, self.c)

    @property
    def sum_over_c(self) -> str:
        """The sum over the channels of a filter."""
        return self._sum_over(self.c, self.k)

    def _sum_over(self, index: str, of: str) -> str:
        part = rf" \in G({of})" if self.groups > 1 else ""
        return rf"\sum_{{{index}{part}}} " if index else ""

    @property
    def ij(self) -> list[str]:
        """The index of a cell along each axis."""
        return list("ij"[: len(self.axes)])

    @property
    def uv(self) -> list[str]:
        """The index of a tap along each axis."""
        return list("uv"[: len(self.axes)])

    @property
    def uv_flipped(self) -> list[str]:
        """The index of a tap along each axis, counted from the last."""
        return [f"{f} - 1 - {u}" for f, u in zip(per_axis("F", self.taps), self.uv, strict=True)]

    @property
    def border_letters(self) -> list[str]:
        """The cells that a filter spans besides its first, d(F - 1), or nothing for one tap."""
        return [
            "" if taps == 1 else f"{d}({f} - 1)" if d else f"{f} - 1"
            for taps, d, f in zip(
                self.taps, factors("d", self.dilation), per_axis("F", self.taps), strict=True
            )
        ]

    @property
    def under_tap(self) -> list[str]:
        """The index of the cell of window i, j that lies under tap u, v."""
        return self.indices(self.stride, flip=self.flip)

    def indices(self, stride: tuple[int, ...], *, flip: bool = False) -> list[str]:
        """Write S * i + d * u along each axis."""
        steps, spread = factors("S", stride), factors("d", self.dilation)
        sign = "-" if flip else "+"
        return [
            f"{s}{i} {sign} {d}{u}"
            for s, i, d, u in zip(steps, self.ij, spread, self.uv, strict=True)
        ]

    @property
    def sum_over_uv(self) -> str:
        """The sums over the taps."""
        return _sums(self.uv)

    @property
    def sum_over_ij(self) -> str:
        """The sums over the positions."""
        return _sums(self.ij)


def conv_layer(
    geometry: Geometry,
    images: int,
    weight_shape: Shape,
    *,
    positions: tuple[int, ...] | None = None,
    flip: bool = False,
    divisor: float = 1.0,
    transposed: bool = False,
) -> ConvLayer:
    """Describe a convolution by its settings and shapes.

    Parameters
    ----------
    geometry : Geometry
        Checked; that of a 1-D convolution has a single row, which is left out here.
    images : int
        Of the batch.
    weight_shape : (K, C/groups, F) or (K, C/groups, Fh, Fw)
        Shape of the weights.
    positions : tuple of int, optional
        Windows that count along each axis; all that there are.
    flip, divisor, transposed
        As for `ConvLayer`.

    Returns
    -------
    ConvLayer
    """
    axes = SPATIAL[len(weight_shape) - 2]
    first = 2 - len(axes)
    return ConvLayer(
        axes=axes,
        taps=geometry.filter[first:],
        stride=geometry.stride[first:],
        dilation=geometry.dilation[first:],
        padding=geometry.padding[first:],
        padded=geometry.padded[first:],
        positions=positions or geometry.output[first:],
        images=images,
        groups=geometry.groups,
        in_group=weight_shape[0] // geometry.groups,
        depth=weight_shape[1],
        flip=flip,
        divisor=divisor,
        transposed=transposed,
    )


def _sums(indices: list[str]) -> str:
    return "".join(rf"\sum_{{{index}}} " for index in indices)
