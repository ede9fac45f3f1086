"""A training and what it leaves for inference: the request, and what is told."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from app.explanation import Explanation
from app.fields import Number, Strict, array_of, setting
from app.norm_requests import Epsilon
from app.tensors import Seed, options_of
from engine.batch_norm_inference_trace import trace_batch_norm_inference
from engine.batch_norm_trace import trace_batch_norm
from engine.phases import Values
from engine.training_batches import POPULATIONS, population_means, training_batches
from engine.training_trace import trace_training

_SECTION = "Running"
_BATCHES, _SAMPLES = 12, 8
_COMPARED = [
    {"value": "batch", "label": "Whole batch", "about": "All samples of the last batch."},
    {"value": "one", "label": "One sample", "about": "Its first sample alone: m = 1."},
]


class BatchesTensor(Strict):
    """Batches of one feature, one after another: (batches, samples)."""

    preset: Annotated[
        Literal[tuple(POPULATIONS)],  # type: ignore[valid-type]
        Field(**setting("Batches", key="rx", section=_SECTION, options=options_of(POPULATIONS))),
    ] = "steady"
    seed: Annotated[
        Seed,
        Field(**setting("Batches seed", key="rs", section=_SECTION, short="Seed", mark="seed")),
    ] = 0
    batches: Annotated[
        int, Field(ge=1, le=_BATCHES, **setting("Number of batches", key="rk", section=_SECTION))
    ] = 8
    samples: Annotated[
        int, Field(ge=2, le=_SAMPLES, **setting("Samples in a batch", key="rn", section=_SECTION))
    ] = 4
    values: list[Any] | None = Field(default=None, description="One list of samples a batch.")

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, data: Any) -> Any:
        return {"values": list(data)} if isinstance(data, (list, tuple)) else data

    @model_validator(mode="after")
    def _small_enough(self) -> Self:
        if self.values is not None:
            batches, samples = array_of("x", self.values, (2,)).shape
            if batches > _BATCHES or not 2 <= samples <= _SAMPLES:
                raise ValueError(
                    f"x: {batches} batches of {samples}; use at most {_BATCHES} batches "
                    f"of 2 to {_SAMPLES} samples"
                )
        return self

    def array(self) -> Values:
        """Give the batches, one a row."""
        if self.values is not None:
            return array_of("x", self.values, (2,))
        return training_batches(self.preset, (self.batches, self.samples), self.seed)

    def population(self) -> Values | None:
        """Give the mean of what each batch was drawn from, where that is known."""
        return None if self.values is not None else population_means(self.preset, self.batches)


class TrainingRequest(Strict):
    """Batches, the momentum with which running statistics follow them, and what follows."""

    op: Literal["batch_norm_training"]
    x: BatchesTensor = BatchesTensor()
    momentum: Annotated[
        float,
        Field(
            ge=0,
            le=1,
            allow_inf_nan=False,
            description="Weight of the newest batch.",
            **setting("Momentum", key="rm", section=_SECTION, symbol="α"),
        ),
    ] = 0.1
    gamma: Annotated[
        Number, Field(**setting("Scale after training", key="rgamma", section=_SECTION))
    ] = 1.0
    beta: Annotated[
        Number, Field(**setting("Shift after training", key="rbeta", section=_SECTION))
    ] = 0.0
    eps: Annotated[
        Epsilon, Field(**setting("Epsilon after training", key="reps", section=_SECTION))
    ] = 1e-5
    compared: Annotated[
        Literal["batch", "one"],
        Field(
            description="What the two modes are given.",
            **setting("Given to both modes", key="rone", section=_SECTION, options=_COMPARED),
        ),
    ] = "batch"


def explain_training(request: TrainingRequest) -> Explanation:
    """Explain the training, then its last batch in both modes."""
    x = request.x.array()
    trace = trace_training(x, momentum=request.momentum, population=request.x.population())
    gamma, beta = np.array([request.gamma]), np.array([request.beta])
    last = x[-1:, : 1 if request.compared == "one" else None].T
    kept = (trace.tensors[name].values[-1:] for name in ("running_mean", "running_var"))
    modes = {
        "training": trace_batch_norm(last, gamma, beta, eps=request.eps),
        "inference": trace_batch_norm_inference(last, gamma, beta, *kept, eps=request.eps),
    }
    names = {"batches": x.shape[0], "m": x.shape[1], "eps": request.eps}
    return Explanation(trace=trace, names=names, modes=modes)
