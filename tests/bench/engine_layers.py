"""Layers of networks against PyTorch: convolutions, batch norm, pooling."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.bench.engine_cases import Arrays, Case, Contest

Shape = tuple[int, ...]
Prepare = Callable[[np.random.Generator], Contest]


def _normal(rng: np.random.Generator, shape: Shape) -> np.ndarray[Any, Any]:
    return rng.standard_normal(shape, dtype=np.float32)


def _forward(
    ours: Callable[..., Any], theirs: Callable[..., Any], arrays: Arrays, **options: Any
) -> Contest:
    """Call both with the same arrays and options; float64 PyTorch is the exact result."""
    import torch

    tensors = [torch.from_numpy(array) for array in arrays]

    return Contest(
        ours=lambda: ours(*arrays, **options),
        peer=lambda: theirs(*tensors, **options),
        results=lambda: [ours(*arrays, **options)],
        exact=lambda: [theirs(*(tensor.double() for tensor in tensors), **options).numpy()],
        given=arrays,
    )


def _backward(
    ours: Callable[..., Any],
    theirs: Callable[..., Any],
    arrays: Arrays,
    rng: np.random.Generator,
    **options: Any,
) -> Contest:
    """Time all gradients at once; the peer's forward pass is done before and kept."""
    import torch

    def forward(double: bool) -> Any:
        leaves = [torch.from_numpy(array) for array in arrays]
        leaves = [(leaf.double() if double else leaf).requires_grad_() for leaf in leaves]
        return leaves, theirs(*leaves, **options)

    leaves, y = forward(double=False)
    grad = _normal(rng, tuple(y.shape))
    upstream = torch.from_numpy(grad)

    def exact() -> Arrays:
        leaves, y = forward(double=True)
        return [g.numpy() for g in torch.autograd.grad(y, leaves, upstream.double())]

    return Contest(
        ours=lambda: ours(grad),
        peer=lambda: torch.autograd.grad(y, leaves, upstream, retain_graph=True),
        results=lambda: ours(grad),
        exact=exact,
        given=[grad, *arrays[:2]],
    )


def _conv2d(x: Shape, weight: Shape, **options: Any) -> Prepare:
    def prepare(rng: np.random.Generator) -> Contest:
        from torch.nn import functional

        from engine.conv2d import conv2d

        arrays = [_normal(rng, x), _normal(rng, weight), _normal(rng, weight[:1])]
        return _forward(conv2d, functional.conv2d, arrays, **options)

    return prepare


def _conv2d_backward(x: Shape, weight: Shape, **options: Any) -> Prepare:
    def prepare(rng: np.random.Generator) -> Contest:
        from torch.nn import functional

        from engine.conv2d_backward import conv2d_backward

        arrays = [_normal(rng, x), _normal(rng, weight), _normal(rng, weight[:1])]

        def ours(grad: Any) -> Arrays:
            grads = conv2d_backward(grad, arrays[0], arrays[1], **options)
            return [grads.input, grads.weight, grads.bias]

        return _backward(ours, functional.conv2d, arrays, rng, **options)

    return prepare


def _transposed(rng: np.random.Generator) -> Contest:
    from torch.nn import functional

    from engine.conv_transpose2d import conv_transpose2d

    arrays = [_normal(rng, shape) for shape in ((8, 64, 56, 56), (64, 64, 3, 3), (64,))]
    options = {"stride": 2, "padding": 1, "output_padding": 1}
    return _forward(conv_transpose2d, functional.conv_transpose2d, arrays, **options)


def _conv1d(rng: np.random.Generator) -> Contest:
    from torch.nn import functional

    from engine.conv1d import conv1d

    arrays = [_normal(rng, shape) for shape in ((8, 64, 4096), (64, 64, 9), (64,))]
    return _forward(conv1d, functional.conv1d, arrays, padding=4)


def _max_pool(size: int, stride: int) -> Prepare:
    def prepare(rng: np.random.Generator) -> Contest:
        from torch.nn import functional

        from engine.pooling import max_pool2d

        x = _normal(rng, (8, 64, 56, 56))
        return _forward(max_pool2d, functional.max_pool2d, [x], kernel_size=size, stride=stride)

    return prepare


def _torch_batch_norm(x: Any, gamma: Any, beta: Any) -> Any:
    from torch.nn import functional

    return functional.batch_norm(x, None, None, gamma, beta, training=True, eps=1e-5)


def _batch_norm_arrays(rng: np.random.Generator) -> Arrays:
    return [_normal(rng, shape) for shape in ((32, 64, 56, 56), (64,), (64,))]


def _batch_norm(rng: np.random.Generator) -> Contest:
    from engine.batch_norm import batch_norm

    arrays = _batch_norm_arrays(rng)
    return _forward(lambda *given: batch_norm(*given).y, _torch_batch_norm, arrays)


def _batch_norm_backward(rng: np.random.Generator) -> Contest:
    from engine.batch_norm import batch_norm
    from engine.batch_norm_backward import batch_norm_backward

    arrays = _batch_norm_arrays(rng)
    forward = batch_norm(*arrays)

    def ours(grad: Any) -> Arrays:
        grads = batch_norm_backward(grad, forward)
        return [grads.x, grads.gamma, grads.beta]

    return _backward(ours, _torch_batch_norm, arrays, rng)


_VGG = (8, 64, 56, 56), (64, 64, 3, 3)
_ALEXNET = (1, 3, 227, 227), (96, 3, 11, 11)
_TINY = (1, 3, 7, 7), (2, 3, 3, 3)

LAYERS = (
    Case("alexnet", "AlexNet conv1", "torch", _conv2d(*_ALEXNET, stride=4), 1.6),
    Case("alexnet_backward", "– backward", "torch", _conv2d_backward(*_ALEXNET, stride=4), 0.8),
    Case(
        "vgg", "(8, 64, 56, 56), 64 filters 3x3", "torch", _conv2d(*_VGG, padding=1), 1.4, 1e-6, 0.8
    ),
    Case("vgg_backward", "– backward", "torch", _conv2d_backward(*_VGG, padding=1), 1.5),
    Case("dilated", "– dilation 2", "torch", _conv2d(*_VGG, padding=2, dilation=2)),
    Case(
        "depthwise",
        "– depthwise",
        "torch",
        _conv2d(_VGG[0], (64, 1, 3, 3), padding=1, groups=64),
    ),
    Case("transposed", "– transposed, stride 2", "torch", _transposed),
    Case("conv1d", "conv1d (8, 64, 4096), 9 taps", "torch", _conv1d),
    Case("tiny", "lab call (1, 3, 7, 7)", "torch", _conv2d(*_TINY), 1.5),
    Case("tiny_padded", "– padding 1, stride 2", "torch", _conv2d(*_TINY, padding=1, stride=2)),
    Case("batch_norm", "batch norm (32, 64, 56, 56)", "torch", _batch_norm, 1.0),
    Case("batch_norm_backward", "– backward", "torch", _batch_norm_backward, 2.5),
    Case("max_pool", "max pool 2x2 (8, 64, 56, 56)", "torch", _max_pool(2, 2), 0.3),
    Case("max_pool_3x3", "– 3x3, stride 2", "torch", _max_pool(3, 2)),
)
