"""Write block.json: a block of a network, forward and backward, as torch computes it.

Run once with torch installed (2.13.0 wrote the file): python tests/golden/make_block.py
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

# Shape of x, shape of the filters, settings; from a target where one is wanted.
CASES = {
    "lecture": ((2, 2, 6, 5), (3, 2, 3, 3), {"padding": 1}),
    "strides": ((3, 1, 9, 8), (2, 1, 2, 3), {"stride": 2, "kernel_size": 3, "pool_stride": 1}),
    "mirrored": ((1, 2, 5, 7), (2, 2, 3, 2), {"padding": 2, "padding_mode": "reflect"}),
    "no pooling": ((1, 1, 5, 5), (1, 1, 3, 3), {"kernel_size": None}),
    "a target": ((2, 2, 5, 4), (3, 2, 2, 3), {"kernel_size": None, "stride": 2}),
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
    if kernel_size is not None:
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
    last = "relu_y" if options.get("kernel_size", 2) is None else "pool_y"
    output = values[last]
    drawn["grad_output"] = rng.normal(size=tuple(output.shape)).round(2)
    loss = (output * torch.from_numpy(drawn["grad_output"])).sum()
    if name == "a target":
        drawn["target"] = drawn.pop("grad_output")
        loss = (output - torch.from_numpy(drawn["target"])).square().sum() / 2
    gradients = torch.autograd.grad(loss, [values[key] for key in FLOW])
    expected = {key: values[key] for key in ("conv_y", "norm_y", last)} | {"loss": loss}
    expected |= {f"grad_{key}": g for key, g in zip(FLOW, gradients, strict=True)}
    return {
        "id": name,
        "options": options,
        "arrays": {k: v.tolist() for k, v in drawn.items()},
        "expected": {k: np.round(v.detach().numpy(), 13).tolist() for k, v in expected.items()},
    }


def main():
    cases = [case(number, name) for number, name in enumerate(CASES)]
    lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)
    Path(__file__).with_name("block.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
