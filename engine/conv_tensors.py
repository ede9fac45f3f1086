"""The tensors of a convolution's traces: what each is called, and its axes."""

from __future__ import annotations

import numpy as np

from engine.arrays import Array
from engine.conv_layer import SPATIAL
from engine.phases import Role, Tensor, Values

# Label, role and axes before those along which windows move.
_TENSORS: dict[str, tuple[str, Role, tuple[str, ...]]] = {
    "x": ("Input", "input", ("image", "channel")),
    "weight": ("Filter", "weight", ("filter", "channel")),
    "bias": ("Bias", "weight", ("filter",)),
    "y": ("Output", "output", ("image", "map")),
    "grad_y": ("Upstream gradient", "gradient", ("image", "map")),
    "grad_padded": ("Gradient of padded input", "gradient", ("image", "channel")),
    "grad_x": ("Gradient of input", "gradient", ("image", "channel")),
    "grad_weight": ("Gradient of filter", "gradient", ("filter", "channel")),
    "grad_bias": ("Gradient of bias", "gradient", ("filter",)),
}


def conv_tensor(
    name: str, values: Values, *, fill: float | None = None, transposed: bool = False
) -> Tensor:
    """Name an array by its part in a convolution.

    Parameters
    ----------
    name : str
        "x", "weight", "bias", "y", the gradient of one of these ("grad_x"), or "grad_padded".
    values : array
        Its cells, in float64.
    fill : float, optional
        As for `Tensor`.
    transposed : bool
        Whether the convolution is transposed: the first axis of its filters is that of channels.

    Returns
    -------
    Tensor
    """
    label, role, axes = _TENSORS[name]
    if transposed and name.endswith("weight"):
        axes = axes[::-1]
    if values.ndim > len(axes):
        axes += SPATIAL[values.ndim - len(axes)]
    return Tensor(
        name=name,
        label=label,
        role=role,
        axes=axes,
        values=values,
        fill=fill,
        gradient_of=name.removeprefix("grad_") if role == "gradient" else None,
    )


def float64(array: Array) -> Values:
    """Copy an array of any layout and byte order to plain float64."""
    return array.astype(np.float64, order="C", subok=False)


def turned(weight: Values, *, flip: bool) -> Values:
    """Turn filters by half a turn, if `flip`."""
    return np.flip(weight, axis=tuple(range(2, weight.ndim))) if flip else weight
