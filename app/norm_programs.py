"""Batch norm, forward and backward, as programs with the numbers of a request."""

from __future__ import annotations

from textwrap import fill, indent

from app.norm_pass_requests import BatchNormPassRequest
from engine.phases import Values

_NUMPY = '''\
"""Batch norm by hand, forward and backward. Needs NumPy only."""

import numpy as np

{arrays}
gamma, beta, eps = {scale}
m = len(x)

# Forward: the four lines of the algorithm.
mu = x.sum() / m
sigma2 = ((x - mu) ** 2).sum() / m
root = np.sqrt(sigma2 + eps)
xhat = (x - mu) / root
y = gamma * xhat + beta

# {loss_about}
{loss}

# Backward, in the order of the lecture.
grad_beta = grad_y.sum()
grad_gamma = (grad_y * xhat).sum()
grad_xhat = grad_y * gamma
grad_sigma2 = (grad_xhat * (x - mu) * (-1 / 2) * (sigma2 + eps) ** (-3 / 2)).sum()
grad_mu = (grad_xhat * (-1 / root)).sum() + (grad_sigma2 * (-2 * (x - mu)) / m).sum()
grad_x = grad_xhat / root + grad_sigma2 * 2 * (x - mu) / m + grad_mu / m

{prints}
'''
_PYTORCH = '''\
"""The same gradients by PyTorch: it records the forward pass and walks it back."""

import torch
{imports}
torch.set_default_dtype(torch.float64)

{arrays}
x.requires_grad_()
gamma = torch.tensor([{gamma}], requires_grad=True)
beta = torch.tensor([{beta}], requires_grad=True)
eps = {eps}

# Forward: the four lines of the algorithm.
mu = x.mean()
sigma2 = ((x - mu) ** 2).mean()
xhat = (x - mu) / torch.sqrt(sigma2 + eps)
y = gamma * xhat + beta
for node in (mu, sigma2, xhat, y):
    node.retain_grad()

# {loss_about}
{loss}
loss.backward()

{prints}
{layer}'''
_LAYER = """
# PyTorch's own layer gives the same output.
layer = F.batch_norm(x[:, None], None, None, gamma, beta, training=True, eps=eps)[:, 0]
print("same y     ", torch.allclose(layer, y))
"""
_ONE_SAMPLE = """
# PyTorch's own layer, F.batch_norm, refuses to train on a batch of one sample.
"""
_VALUES = ("mu", "sigma2", "xhat", "y", "loss")
_NODES = ("y", "beta", "gamma", "xhat", "sigma2", "mu", "x")


def batch_norm_numpy(request: BatchNormPassRequest) -> str:
    """Write the four lines, the loss and the six gradients with NumPy."""
    x, behind, about = _given(request)
    losses = {
        "grad_y": "loss = (y * grad_y).sum()",
        "target": "loss = ((y - target) ** 2).sum() / 2\ngrad_y = y - target",
    }
    return _NUMPY.format(
        arrays=_arrays({"x": x, behind[0]: behind[1]}, "np.array"),
        scale=", ".join(map(repr, (request.gamma, request.beta, request.eps))),
        loss_about=about,
        loss=losses[behind[0]],
        prints=_prints({name: name for name in (*_VALUES, *map("grad_{}".format, _NODES))}),
    )


def batch_norm_pytorch(request: BatchNormPassRequest) -> str:
    """Write the four lines and the loss with PyTorch, which finds the gradients."""
    x, behind, about = _given(request)
    losses = {"grad_y": "(y * grad_y).sum()", "target": "((y - target) ** 2).sum() / 2"}
    return _PYTORCH.format(
        imports="import torch.nn.functional as F\n" if len(x) > 1 else "",
        arrays=_arrays({"x": x, behind[0]: behind[1]}, "torch.tensor"),
        gamma=repr(request.gamma),
        beta=repr(request.beta),
        eps=repr(request.eps),
        loss_about=about,
        loss=f"loss = {losses[behind[0]]}",
        prints=_prints(
            {name: f"{name}.tolist()" for name in _VALUES}
            | {f"grad_{name}": f"{name}.grad.tolist()" for name in _NODES}
        ),
        layer=_LAYER if len(x) > 1 else _ONE_SAMPLE,
    )


def _given(request: BatchNormPassRequest) -> tuple[Values, tuple[str, Values], str]:
    """Give the batch, what comes from behind by its name, and a line about it."""
    arrays = request.arrays()
    if request.upstream == "loss":
        return (
            arrays["x"],
            ("target", arrays["target"]),
            "The loss: half the squared distance to a target.",
        )
    return (
        arrays["x"],
        ("grad_y", arrays["grad_output"]),
        "The loss that has the given gradient by y.",
    )


def _arrays(named: dict[str, Values], make: str) -> str:
    """Write one assignment a line, broken where it is long."""
    lines = []
    for name, values in named.items():
        numbers = ", ".join(map(repr, values.ravel().tolist()))
        line = f"{name} = {make}([{numbers}])"
        if len(line) > 88:
            inside = indent(fill(f"{numbers},", 84), "    ")
            line = f"{name} = {make}([\n{inside}\n])"
        lines.append(line)
    return "\n".join(lines)


def _prints(named: dict[str, str]) -> str:
    return "\n".join(f'print("{name:11}", {what})' for name, what in named.items())
