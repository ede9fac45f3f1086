"""Gradient descent: a convolution that learns its filters, one step downhill after the other."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.arrays import Array, require_floating
from engine.conv2d import conv2d
from engine.conv2d_backward import conv2d_backward
from engine.conv_tensors import float64
from engine.errors import ParameterError
from engine.geometry import check_geometry
from engine.loss import squared_error
from engine.window import Padding, PaddingMode, Size, normalise_int

# A loss beyond this, and beyond that of the start, only grows.
LARGEST_LOSS = 1e12
_ROUNDS = 100


@dataclass(frozen=True)
class Descent:
    """What the filters were at each step, and how far off their output was.

    Attributes
    ----------
    losses : tuple of float
        The loss at the start, and after each step.
    weight : (steps + 1, K, C/groups, Fh, Fw) array
        The filters that gave each loss.
    bias : (steps + 1, K) array or None
        The biases likewise, where there are any.
    diverged : bool
        Whether it ended early because the loss grew beyond all bounds: the rate is too large. The
        step that did is left out.
    """

    losses: tuple[float, ...]
    weight: Array
    bias: Array | None
    diverged: bool


def descend(
    x: Array,
    weight: Array,
    bias: Array | None,
    target: Array,
    *,
    rate: float,
    steps: int,
    learn_bias: bool = True,
    stride: Size = 1,
    padding: Padding = 0,
    dilation: Size = 1,
    groups: int = 1,
    padding_mode: PaddingMode = "zeros",
) -> Descent:
    """Teach a convolution to give the target, by plain gradient descent.

    Parameters
    ----------
    x : (N, C, H, W) array
        Input volumes, float32 or float64; the other arrays are of the same type.
    weight : (K, C/groups, Fh, Fw) array
        The filters to begin with.
    bias : (K,) array or None
        The biases to begin with; None is no bias.
    target : (N, K, H2, W2) array
        What the output should be.
    rate : float
        How far a step goes, as a multiple of the gradient; above 0. See `safe_rate`.
    steps : int
        How many; at least 0.
    learn_bias : bool
        Whether biases learn too, where there are any.
    stride, padding, dilation, groups, padding_mode
        As for `conv2d`.

    Returns
    -------
    Descent
        `losses`, `weight` and `bias` with one entry for the start and one for each step, and
        `diverged`.

    Raises
    ------
    ShapeError
        If the shapes do not go together.
    ParameterError
        If a setting is out of its range or an array of the wrong type.

    Notes
    -----
    With ``y = conv2d(x, W, b)`` and ``L = 1/2 * sum of (y - t)**2``, each step is
    ``W <- W - rate * dL/dW`` and ``b <- b - rate * dL/db``. It ends early when the loss is not
    finite, or larger than both 1e12 and the loss at the start.

    Examples
    --------
    >>> x, target = np.array([[[[1.0, 2.0]]]]), np.array([[[[3.0, 6.0]]]])
    >>> found = descend(x, np.zeros((1, 1, 1, 1)), None, target, rate=0.1, steps=2)
    >>> found.weight.ravel(), found.losses
    (array([0.  , 1.5 , 2.25]), (22.5, 5.625, 1.40625))
    """
    rate, steps = _checked_rate(rate), normalise_int(steps, "steps", least=0)
    settings: dict[str, Any] = {
        "stride": stride,
        "padding": padding,
        "dilation": dilation,
        "groups": groups,
        "padding_mode": padding_mode,
    }
    loss = squared_error(conv2d(x, weight, bias, **settings), target)
    losses, weights, biases = [loss.value], [weight], [bias]
    # A step that goes too far is noticed by its loss.
    with np.errstate(over="ignore", invalid="ignore"):
        while len(losses) <= steps:
            slope = conv2d_backward(loss.gradient, x, weight, **settings)
            weight = weight - weight.dtype.type(rate) * slope.weight
            if bias is not None and learn_bias:
                bias = bias - bias.dtype.type(rate) * slope.bias
            loss = squared_error(conv2d(x, weight, bias, **settings), target)
            if not loss.value <= max(LARGEST_LOSS, losses[0]):
                break
            losses.append(loss.value)
            weights.append(weight)
            biases.append(bias)
    return Descent(
        losses=tuple(losses),
        weight=np.stack(weights),
        bias=None if bias is None else np.stack([b for b in biases if b is not None]),
        diverged=len(losses) <= steps,
    )


def safe_rate(
    x: Array,
    weight: Array,
    *,
    learn_bias: bool = False,
    stride: Size = 1,
    padding: Padding = 0,
    dilation: Size = 1,
    groups: int = 1,
    padding_mode: PaddingMode = "zeros",
) -> float:
    """Find a rate with which `descend` comes closer to the best filters at every step.

    Parameters
    ----------
    x : (N, C, H, W) array
        Input volumes.
    weight : (K, C/groups, Fh, Fw) array
        Filters; only their shape matters.
    learn_bias : bool
        Whether biases learn too.
    stride, padding, dilation, groups, padding_mode
        As for `conv2d`.

    Returns
    -------
    float
        One over the largest curvature of the loss; infinity where the loss is flat, since all
        that filters see is zero.

    Raises
    ------
    ShapeError, ParameterError
        As `conv2d`.

    Notes
    -----
    The output is linear in the filters, ``y = A w``, so that the curvature of the loss is
    ``A^T A`` whatever the filters and the target: forward, then backward. Its largest eigenvalue
    ``c`` is found by power iteration, group by group; all filters of a group have the same. A rate
    below ``2 / c`` converges, and with ``1 / c`` no part of the error changes its sign.

    Examples
    --------
    >>> safe_rate(np.array([[[[1.0, 2.0]]]]), np.zeros((1, 1, 1, 1)))
    0.2
    """
    settings: dict[str, Any] = {
        "stride": stride,
        "padding": padding,
        "dilation": dilation,
        "groups": groups,
        "padding_mode": padding_mode,
    }
    require_floating(x=x, weight=weight)
    check_geometry(x.shape, weight.shape, **settings)
    x = float64(x)
    # One filter a group, of no symmetry that an input could share; its bias is the last number.
    size = math.prod(weight.shape[1:])
    found = np.cos(np.arange(1.0, groups * (size + 1) + 1)).reshape(groups, size + 1)
    found[:, size] *= learn_bias
    curvature = np.zeros(groups)
    for _ in range(_ROUNDS):
        length = np.linalg.norm(found, axis=1, keepdims=True)
        found = np.divide(found, length, out=np.zeros_like(found), where=length > 0)
        taps, bias = found[:, :size].reshape(groups, *weight.shape[1:]), found[:, size].copy()
        back = conv2d_backward(conv2d(x, taps, bias, **settings), x, taps, **settings)
        found = np.column_stack([back.weight.reshape(groups, size), back.bias * learn_bias])
        before, curvature = curvature, np.linalg.norm(found, axis=1)
        if np.allclose(before, curvature, rtol=1e-9, atol=0.0):
            break
    largest = float(curvature.max())
    return 1 / largest if largest > 0 else math.inf


def _checked_rate(rate: object) -> float:
    if isinstance(rate, bool) or not isinstance(rate, int | float | np.integer | np.floating):
        raise ParameterError(
            f"rate: {rate!r} is not a number; use a small one, such as 0.01", parameter="rate"
        )
    if not 0 < rate < math.inf:
        raise ParameterError(
            f"rate: {rate} is out of range, it must be above 0 and finite; "
            "use a small one, such as 0.01",
            parameter="rate",
        )
    return float(rate)
