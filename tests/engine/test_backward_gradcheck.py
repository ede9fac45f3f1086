"""Every backward pass of the engine gives the gradient that central differences find."""

from __future__ import annotations

import pytest

from engine.activation import relu, relu_backward
from engine.batch_norm import batch_norm
from engine.batch_norm_backward import batch_norm_backward
from engine.conv1d import conv1d, conv1d_backward
from engine.conv2d import conv2d
from engine.conv2d_backward import conv2d_backward
from engine.conv_transpose2d import conv_transpose2d, conv_transpose2d_backward
from engine.gradcheck import gradcheck
from engine.pooling import avg_pool2d, max_pool2d
from engine.pooling_backward import avg_pool2d_backward, max_pool2d_backward

CONV = {"stride": (2, 1), "padding": ((1, 0), (2, 1)), "dilation": (1, 2), "groups": 2}
CONV1D = {"stride": 2, "padding": (1, 2), "padding_mode": "circular"}
TRANSPOSED = {"stride": (2, 3), "padding": 1, "output_padding": (1, 0), "groups": 2}
POOL = {"kernel_size": 3, "stride": (1, 2), "padding": 1, "ceil_mode": True}

VOLUME, FILTERS = (2, 4, 5, 7), (2, 2, 3, 2)


def conv_case(forward, backward, shapes, options):
    return (
        lambda x, w, b: forward(x, w, b, **options),
        lambda g, x, w, b: list(vars(backward(g, x, w, **options)).values()),
        shapes,
    )


# The operation, its gradients by each argument, and the shapes of the arguments.
BACKWARD = {
    **{
        f"conv2d, {mode}": conv_case(
            conv2d, conv2d_backward, [VOLUME, FILTERS, (2,)], CONV | {"padding_mode": mode}
        )
        for mode in ("zeros", "reflect", "replicate", "circular")
    },
    "conv1d": conv_case(conv1d, conv1d_backward, [(2, 3, 11), (2, 3, 4), (2,)], CONV1D),
    "transposed conv2d": conv_case(
        conv_transpose2d, conv_transpose2d_backward, [(2, 4, 2, 3), (4, 3, 3, 2), (6,)], TRANSPOSED
    ),
    "max pooling": (
        lambda x: max_pool2d(x, **POOL),
        lambda g, x: [max_pool2d_backward(g, x, **POOL)],
        [VOLUME],
    ),
    "average pooling": (
        lambda x: avg_pool2d(x, **POOL, count_include_pad=False),
        lambda g, x: [avg_pool2d_backward(g, x, **POOL, count_include_pad=False)],
        [VOLUME],
    ),
    "relu": (relu, lambda g, x: [relu_backward(g, x)], [VOLUME]),
    **{
        f"batch norm of {len(shape)} axes": (
            lambda x, gamma, beta: batch_norm(x, gamma, beta).y,
            lambda g, *given: [
                getattr(batch_norm_backward(g, batch_norm(*given)), name)
                for name in ("x", "gamma", "beta")
            ],
            [shape, (3,), (3,)],
        )
        for shape in [(5, 3), (2, 3, 5), (2, 3, 2, 5)]
    },
}


@pytest.mark.parametrize("case", BACKWARD.values(), ids=BACKWARD.keys())
def test_every_backward_pass_agrees_with_central_differences(case, rng):
    forward, backward, shapes = case
    given = [rng.normal(size=shape) for shape in shapes]
    g = rng.normal(size=forward(*given).shape)

    checks = [
        gradcheck(
            lambda a, at=at: (g * forward(*given[:at], a, *given[at + 1 :])).sum(), gradient, array
        )
        for at, (array, gradient) in enumerate(zip(given, backward(g, *given), strict=True))
    ]

    assert max(check.relative_error for check in checks) < 1e-6
    assert all(check.differentiable for check in checks)
