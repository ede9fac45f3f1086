"""Write block.json: a block of a network, forward and backward, as torch computes it.

Run once with torch installed (2.13.0 wrote the file): python tests/golden/make_block.py
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

# Shape of x, shape of the filters, settings.
CASES = {
    "lecture": ((2, 2, 6, 5), (3, 2, 3, 3), {"padding": 1}),
    "strides": ((3, 1, 9, 8), (2, 1, 2, 3), {"stride": 2, "kernel_size": 3, "pool_stride": 1}),
    "mirrored": ((1, 2, 5, 7), (2, 2, 3, 2), {"padding": 2, "padding_mode": "reflect"}),
}
FLOW = ("x", "weight", "bias", "gamma", "beta", "conv_y", "norm_y", "relu_y")


def block(arrays, *, stride=1, padding=0, padding_mode="zeros", kernel_size=2, pool_stride=None):
    """Give every value of the forward pass, by name."""
    from torch.nn import functional

    mode = "constant" if padding_mode == "zeros" else padding_mode
    padded = functional.pad(arrays["x"], (padding,) * 4, mode=mode)
    values = dict(arrays)
    values["conv_y"] = functional.conv2d(padded, arrays["weight"], arrays["bias"], stride=stride)
    values["norm_y"] = functional.batch_norm(
        values["conv_y"], None, None, arrays["gamma"], arrays["beta"], training=True, eps=1e-3
    )
    values["relu_y"] = functional.relu(values["norm_y"])
    values["pool_y"] = functional.max_pool2d(values["relu_y"], kernel_size, pool_stride)
    return values


def case(number, name):
    import torch

    x_shape, weight_shape, options = CASES[name]
    rng = np.random.default_rng(number)
    shapes = {"x": x_shape, "weight": weight_shape} | dict.fromkeys(
        ("bias", "gamma", "beta"), weight_shape[:1]
    )
    drawn = {key: rng.normal(size=shape).round(2) for key, shape in shapes.items()}
    values = block({k: torch.from_numpy(v).requires_grad_() for k, v in drawn.items()}, **options)
    pool_y = values.pop("pool_y")
    grad = torch.from_numpy(rng.normal(size=tuple(pool_y.shape)).round(2))
    gradients = torch.autograd.grad(pool_y, [values[key] for key in FLOW], grad)
    expected = {"conv_y": values["conv_y"], "norm_y": values["norm_y"], "pool_y": pool_y}
    expected |= {f"grad_{key}": g for key, g in zip(FLOW, gradients, strict=True)}
    return {
        "id": name,
        "options": options,
        "arrays": {k: v.tolist() for k, v in drawn.items()} | {"grad_output": grad.tolist()},
        "expected": {k: np.round(v.detach().numpy(), 13).tolist() for k, v in expected.items()},
    }


def main():
    cases = [case(number, name) for number, name in enumerate(CASES)]
    lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)
    Path(__file__).with_name("block.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
