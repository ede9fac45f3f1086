"""Write batch_norm.json: batches of whole numbers as torch normalises them, there and back.

Run once with torch installed (2.13.0 wrote the file): python tests/golden/make_batch_norm.py
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

SHAPES = [(2, 1), (7, 3), (5, 2, 3), (1, 3, 5), (3, 2, 2, 5), (1, 2, 3, 1)]
EPS = [1e-5, 1e-3, 0.5]
MOMENTA = [0.1, 0.3, 1.0]


def torch_batch_norm(x, gamma, beta, grad_output, running_mean, running_var, eps, momentum):
    import torch
    from torch.nn import functional

    running_mean, running_var = map(torch.from_numpy, (running_mean, running_var))
    x, gamma, beta = (torch.from_numpy(a).requires_grad_() for a in (x, gamma, beta))
    inference = functional.batch_norm(x, running_mean, running_var, gamma, beta, eps=eps)
    y = functional.batch_norm(
        x, running_mean, running_var, gamma, beta, training=True, momentum=momentum, eps=eps
    )
    y.backward(torch.from_numpy(grad_output))
    return {
        "y": y,
        "inference": inference,
        "new_running_mean": running_mean,
        "new_running_var": running_var,
        "grad_x": x.grad,
        "grad_gamma": gamma.grad,
        "grad_beta": beta.grad,
    }


def torch_graph(x, gamma, beta, grad_output, eps):
    """The lecture's graph, node by node, differentiated by torch."""
    import torch

    x, gamma, beta = map(torch.from_numpy, (x, gamma, beta))
    axes = (0, *range(2, x.ndim))
    column = (-1, *[1] * (x.ndim - 2))
    mean = x.mean(axes).requires_grad_()
    var = ((x - mean.reshape(column)) ** 2).mean(axes)
    var.retain_grad()
    x_hat = (x - mean.reshape(column)) / torch.sqrt(var + eps).reshape(column)
    x_hat.retain_grad()
    (gamma.reshape(column) * x_hat + beta.reshape(column)).backward(torch.from_numpy(grad_output))
    nodes = {"mean": mean, "var": var, "x_hat": x_hat}
    return nodes | {f"grad_{name}": node.grad for name, node in nodes.items()}


def case(number, shape, eps, momentum):
    rng = np.random.default_rng(number)
    channels = shape[1]
    x = rng.integers(-9, 10, shape).astype(float)
    grad_output = rng.integers(-9, 10, shape) / 10
    gamma, beta = rng.integers(-5, 6, (2, channels)) / 2
    running_mean, running_var = rng.integers(-3, 4, channels) / 4, rng.integers(0, 9, channels) / 4
    given = {"x": x, "gamma": gamma, "beta": beta, "grad_output": grad_output}
    running = {"running_mean": running_mean, "running_var": running_var}
    # torch updates its running statistics in place.
    copies = {name: a.copy() for name, a in running.items()}
    found = torch_batch_norm(**given, **copies, eps=eps, momentum=momentum)
    found |= torch_graph(**given, eps=eps)
    lists = {name: a.tolist() for name, a in (given | running).items()}
    return {
        "id": f"{'x'.join(map(str, shape))}, eps {eps}, momentum {momentum}",
        "eps": eps,
        "momentum": momentum,
        **lists,
        **{name: tensor.detach().numpy().tolist() for name, tensor in found.items()},
    }


def main():
    table = [
        (shape, EPS[(number + again) % 3], MOMENTA[(number // 2 + again) % 3])
        for again in range(2)
        for number, shape in enumerate(SHAPES)
    ]
    cases = [case(number, *row) for number, row in enumerate(table)]
    lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)
    Path(__file__).with_name("batch_norm.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
