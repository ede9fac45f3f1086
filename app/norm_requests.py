"""The request models of batch normalisation: training, backward, inference, statistics."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.arrays import BatchTensor, GradientTensor, Vector
from app.fields import Strict

Scale = Annotated[Vector, Field(description="One number for all features, or one for each.")]
# With smaller ones a gradient that divides by their power of 3/2 may not be finite.
LEAST_EPS = 1e-30
Epsilon = Annotated[
    float, Field(ge=LEAST_EPS, le=1000, allow_inf_nan=False, description="Added inside the root.")
]


class Normalised(Strict):
    """A mini-batch with its scale and shift."""

    x: BatchTensor = BatchTensor()
    gamma: Scale = 1.0
    beta: Scale = 0.0
    eps: Epsilon = 1e-5


class BatchNormRequest(Normalised):
    """Batch normalisation of a mini-batch."""

    op: Literal["batch_norm"]
    graph: Annotated[
        Literal["lecture", "gates"], Field(description="The lecture's nodes, or elementary gates.")
    ] = "lecture"


class BatchNormBackwardRequest(Normalised):
    """The gradients of batch normalisation."""

    op: Literal["batch_norm_backward"]
    grad_y: GradientTensor = GradientTensor()
    graph: Annotated[
        Literal["lecture", "gates", "closed"],
        Field(description="The lecture's nodes, elementary gates, or the simplified closed form."),
    ] = "lecture"


class BatchNormInferenceRequest(Normalised):
    """Batch normalisation with statistics that were kept while training."""

    op: Literal["batch_norm_inference"]
    running_mean: Scale = 0.0
    running_var: Scale = 1.0


class RunningStatsRequest(Strict):
    """The moving averages of mean and variance after one more batch."""

    op: Literal["running_stats"]
    x: BatchTensor = BatchTensor()
    running_mean: Scale = 0.0
    running_var: Scale = 1.0
    momentum: Annotated[
        float, Field(ge=0, le=1, allow_inf_nan=False, description="Weight of the new batch.")
    ] = 0.1
