"""The request model of batch norm of one activation: forward, the loss, and the way back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

import numpy as np
from pydantic import Field, field_validator, model_validator

from app.arrays import Given
from app.fields import Number, Strict, array_of, setting
from app.norm_requests import Epsilon
from app.tensors import Seed, options_of
from engine.batches import BATCHES, GRADIENTS, TARGETS, mini_batch, upstream_gradient, wanted_output
from engine.errors import ShapeError
from engine.phases import Values

LARGEST_BATCH = 16

_EDITS = "[sample, value], from 0: numbers changed by hand; those outside wait until it grows."
_GRAPHS = [
    {"value": "lecture", "label": "Lecture", "about": "A node for each line of the algorithm."},
    {"value": "gates", "label": "Gates", "about": "A node for each elementary operation."},
]
_LOSSES = [
    {"value": "given", "label": "Given", "about": "The gradient of the loss by y is given."},
    {"value": "loss", "label": "From a loss", "about": "Half the squared distance to a target."},
]


def _cells(title: str, key: str, section: str) -> Any:
    return Field(
        default=[], description=_EDITS, **setting(title, key=key, section=section, cells=True)
    )


def _choice(title: str, key: str, section: str, presets: Mapping[str, Any]) -> Any:
    return Field(**setting(title, key=key, section=section, options=options_of(presets)))


def _seed(title: str, key: str, section: str) -> Any:
    return Field(**setting(title, key=key, section=section, short="Seed", mark="seed"))


class _Column(Given):
    """One number a sample: a bare list, nested lists of one number each, or a preset."""

    @field_validator("edits")
    @classmethod
    def _of_one_feature(cls, edits: list[list[float]]) -> list[list[float]]:
        for edit in edits:
            if len(edit) not in (2, 3):
                raise ValueError(
                    f"an edit with {len(edit)} entries; give the sample, from 0, and its value"
                )
        return [[edit[0], 0, edit[-1]] if len(edit) == 2 else edit for edit in edits]

    def _column(self, field: str) -> Values | None:
        """Give the values that are listed, as a column, or None for a preset."""
        if self.values is None:
            return None
        values = array_of(field, self.values, (1, 2))
        if values.ndim == 2 and values.shape[1] != 1:
            raise ValueError(
                f"{field}: {values.shape[1]} numbers a sample; this is the batch of one "
                "activation, give one number a sample"
            )
        return values.reshape(-1, 1)

    def _matched(self, field: str, preset: Values) -> Values:
        """Give one number for each sample of the batch, whose preset has the shape wanted."""
        listed = self._column(field)
        if listed is not None and len(listed) != len(preset):
            raise ShapeError(
                f"{field}: {len(listed)} given for a batch of {len(preset)}; "
                "give one number for each sample",
                parameter=field,
            )
        return self._edited(preset if listed is None else listed, field)


class ActivationBatch(_Column):
    """The values of one activation in a mini-batch."""

    preset: Annotated[
        Literal[tuple(BATCHES)],  # type: ignore[valid-type]
        _choice("Batch preset", "x", "Batch", BATCHES),
    ] = "growing"
    seed: Annotated[Seed, _seed("Batch seed", "xs", "Batch")] = 0
    size: Annotated[
        int,
        Field(
            ge=1,
            le=LARGEST_BATCH,
            description="How many samples the batch has.",
            **setting("Batch size", key="m", section="Batch", symbol="m"),
        ),
    ] = 4
    edits: list[list[Number]] = _cells("Batch values", "#x", "Batch")

    @model_validator(mode="after")
    def _small_enough(self) -> Self:
        listed = self._column("x")
        if listed is not None and len(listed) > LARGEST_BATCH:
            raise ValueError(
                f"x: a batch of {len(listed)} is too large; use at most {LARGEST_BATCH} samples"
            )
        return self

    def array(self) -> Values:
        """Give the batch as (m, 1)."""
        listed = self._column("x")
        preset = mini_batch(self.preset, (self.size, 1), self.seed) if listed is None else listed
        return self._edited(preset, "x")


class ActivationGradient(_Column):
    """The gradient of the loss by each y."""

    preset: Annotated[
        Literal[tuple(GRADIENTS)],  # type: ignore[valid-type]
        _choice("Upstream gradient", "gy", "Gradient", GRADIENTS),
    ] = "tenths"
    seed: Annotated[Seed, _seed("Gradient seed", "gs", "Gradient")] = 0
    edits: list[list[Number]] = _cells("Gradient values", "#g", "Gradient")

    def array(self, shape: tuple[int, ...]) -> Values:
        """Give the gradient, of the shape of the batch."""
        return self._matched("grad_y", upstream_gradient(self.preset, shape, self.seed))


class ActivationTarget(_Column):
    """What each y should be."""

    preset: Annotated[
        Literal[tuple(TARGETS)],  # type: ignore[valid-type]
        _choice("Target", "target", "Gradient", TARGETS),
    ] = "alternating"
    edits: list[list[Number]] = _cells("Target values", "#target", "Gradient")

    def array(self, shape: tuple[int, ...]) -> Values:
        """Give the target, of the shape of the batch."""
        return self._matched("target", wanted_output(self.preset, shape))


class BatchNormPassRequest(Strict):
    """Batch norm of one activation: forward, the loss, and the way back."""

    op: Literal["batch_norm_pass"]
    x: ActivationBatch = ActivationBatch()
    gamma: Annotated[
        Number,
        Field(
            description="The scale.", **setting("Gamma", key="gamma", section="Scale", symbol="γ")
        ),
    ] = 1.0
    beta: Annotated[
        Number,
        Field(description="The shift.", **setting("Beta", key="beta", section="Scale", symbol="β")),
    ] = 0.0
    eps: Annotated[Epsilon, Field(**setting("Epsilon", key="eps", section="Scale", symbol="ε"))] = (
        1e-5
    )
    upstream: Annotated[
        Literal["given", "loss"],
        Field(
            description="Where the gradient of y comes from.",
            **setting("Upstream", key="up", section="Gradient", options=_LOSSES),
        ),
    ] = "given"
    grad_y: ActivationGradient = ActivationGradient()
    target: ActivationTarget = ActivationTarget()
    graph: Annotated[
        Literal["lecture", "gates"],
        Field(
            description="How finely the computation is cut.",
            **setting("Graph", key="graph", section="Graph", options=_GRAPHS),
        ),
    ] = "lecture"

    def arrays(self) -> Mapping[str, Any]:
        """Give the arguments of `trace_batch_norm_pass`.

        Raises
        ------
        ShapeError
            If the numbers for y are not as many as those of the batch.
        """
        x = self.x.array()
        came = "grad_output" if self.upstream == "given" else "target"
        behind = self.grad_y if self.upstream == "given" else self.target
        scale = {name: _single(getattr(self, name)) for name in ("gamma", "beta")}
        return {"x": x, **scale, came: behind.array(x.shape), "eps": self.eps}


def _single(value: float) -> Values:
    return np.array([value])
