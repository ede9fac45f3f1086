"""Feature maps normalised over one choice of axes or another: the request, and what is told."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from app.arrays import vector_of
from app.explain_norm import rounded_once
from app.explanation import Explanation
from app.fields import Number, Strict, array_of, setting
from app.norm_requests import Epsilon, Scale
from app.tensors import Index, Seed, edited, options_of
from engine.feature_maps import MAPS, feature_maps
from engine.norms_trace import trace_norm
from engine.phases import Values

_MOST = {"samples": 6, "channels": 6, "height": 4, "width": 4}
_KINDS = [
    {"value": "batch", "label": "Batch", "about": "One mean a channel, over the whole batch."},
    {"value": "layer", "label": "Layer", "about": "One mean a sample, over all its channels."},
    {"value": "instance", "label": "Instance", "about": "One mean a channel of each sample."},
    {"value": "group", "label": "Group", "about": "One mean a group of channels of each sample."},
]


def _size(title: str, key: str, axis: str, short: str) -> Any:
    """Describe the length of an axis; the short name is the letter it has in a shape."""
    return Field(ge=1, le=_MOST[axis], **setting(title, key=key, section="Maps", short=short))


class MapsTensor(Strict):
    """A small batch of feature maps: (samples, channels, rows, columns)."""

    preset: Annotated[
        Literal[tuple(MAPS)],  # type: ignore[valid-type]
        Field(**setting("Maps", key="fx", section="Maps", options=options_of(MAPS))),
    ] = "levels"
    seed: Annotated[
        Seed, Field(**setting("Maps seed", key="fs", section="Maps", short="Seed", mark="seed"))
    ] = 0
    samples: Annotated[int, _size("Samples of the maps", "fn", "samples", "N")] = 3
    channels: Annotated[int, _size("Channels of the maps", "fc", "channels", "C")] = 4
    height: Annotated[int, _size("Rows of a map", "fh", "height", "H")] = 2
    width: Annotated[int, _size("Columns of a map", "fw", "width", "W")] = 2
    values: list[Any] | None = Field(default=None, description="Lists nested four deep.")
    edits: list[tuple[Index, Index, Index, Index, Number]] = Field(
        default=[],
        description="[sample, channel, row, column, value], from 0: cells changed by hand; "
        "those outside wait until the maps grow.",
        **setting("Cells of the maps", key="#f", section="Maps", cells=True),
    )

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, data: Any) -> Any:
        return {"values": list(data)} if isinstance(data, (list, tuple)) else data

    @model_validator(mode="after")
    def _small_enough(self) -> Self:
        if self.values is not None:
            shape = array_of("x", self.values, (4,)).shape
            if any(size > most for size, most in zip(shape, _MOST.values(), strict=True)):
                sizes, most = ("×".join(map(str, s)) for s in (shape, _MOST.values()))
                raise ValueError(f"x: maps of {sizes} are too large; use at most {most}")
        return self

    def array(self) -> Values:
        """Give the maps."""
        shape = (self.samples, self.channels, self.height, self.width)
        if self.values is not None:
            return edited(array_of("x", self.values, (4,)), self.edits)
        return edited(feature_maps(self.preset, shape, self.seed), self.edits)


class NormRequest(Strict):
    """Feature maps, and which of their cells share a mean and a variance."""

    op: Literal["norm"]
    x: MapsTensor = MapsTensor()
    kind: Annotated[
        Literal["batch", "layer", "instance", "group"],
        Field(**setting("Norm", key="fk", section="Maps", options=_KINDS)),
    ] = "batch"
    groups: Annotated[
        int,
        Field(
            ge=1,
            le=_MOST["channels"],
            description="Parts into which group norm splits the channels.",
            **setting("Groups of channels", key="fg", section="Maps", short="Groups"),
        ),
    ] = 2
    gamma: Annotated[Scale, Field(**setting("Scale of the maps", key="fgamma", section="Maps"))] = (
        1.0
    )
    beta: Annotated[Scale, Field(**setting("Shift of the maps", key="fbeta", section="Maps"))] = 0.0
    eps: Annotated[Epsilon, Field(**setting("Epsilon of the maps", key="feps", section="Maps"))] = (
        1e-5
    )


def explain_norm(request: NormRequest) -> Explanation:
    """Explain batch, layer, instance or group norm of feature maps."""
    x = request.x.array()
    gamma, beta = (
        vector_of(name, getattr(request, name), x.shape[1]) for name in ("gamma", "beta")
    )
    trace = trace_norm(x, gamma, beta, kind=request.kind, groups=request.groups, eps=request.eps)
    means = math.prod(trace.tensors["mu"].shape)
    names = {"eps": request.eps, "means": means, "m": x.size // means}
    return Explanation(trace=rounded_once(trace, request.eps), names=names)
