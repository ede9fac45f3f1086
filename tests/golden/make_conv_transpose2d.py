"""Write conv_transpose2d.json: transposed convolutions and their gradients as torch computes them.

Run once with torch installed (2.13.0 wrote the file): python tests/golden/make_conv_transpose2d.py
"""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np

# Stride, dilation, output padding: also where the output padding reaches the stride.
STEPS = [
    (1, 1, 0),
    (2, 1, 1),
    (3, 1, [0, 2]),
    ([1, 3], 2, [1, 0]),
    ([2, 1], [1, 3], [1, 2]),
    (1, [3, 2], [2, 1]),
]
PADDINGS = [0, 1, [1, 2]]
GROUPS = [1, 2]


def torch_conv_transpose2d(x, weight, bias, draw, **options):
    import torch
    from torch.nn import functional

    x, weight, bias = (torch.tensor(array, requires_grad=True) for array in (x, weight, bias))
    y = functional.conv_transpose2d(x, weight, bias, **options)
    grad_output = draw(y.shape)
    y.backward(torch.from_numpy(grad_output))
    return y.detach(), grad_output, {"input": x.grad, "weight": weight.grad, "bias": bias.grad}


def whole(array):
    return np.asarray(array).astype(int).tolist()


def case(number, steps, padding, groups):
    rng = np.random.default_rng(number)
    stride, dilation, output_padding = steps
    images, depth, maps = 1 + number % 7 // 6, 1 + number % 3, 1 + number // 2 % 2
    taps = [(3, 2), (2, 3), (4, 3)][number // 3 % 3]
    x = rng.integers(-3, 4, (images, groups * depth, 2, 3)).astype(float)
    weight = rng.integers(-2, 3, (groups * depth, maps, *taps)).astype(float)
    bias = rng.integers(-2, 3, groups * weight.shape[1]).astype(float)
    options = {
        "stride": stride,
        "padding": padding,
        "output_padding": output_padding,
        "dilation": dilation,
        "groups": groups,
    }
    y, grad_output, gradients = torch_conv_transpose2d(
        x, weight, bias, lambda shape: rng.integers(-3, 4, shape).astype(float), **options
    )
    return {
        "id": ", ".join(f"{name} {value}" for name, value in options.items()),
        "options": options,
        "x": whole(x),
        "weight": whole(weight),
        "bias": whole(bias),
        "y": whole(y),
        "grad_output": whole(grad_output),
        "gradients": {name: whole(grad) for name, grad in gradients.items()},
    }


def main():
    table = itertools.product(STEPS, PADDINGS, GROUPS)
    cases = [case(number, *row) for number, row in enumerate(table)]
    lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)
    Path(__file__).with_name("conv_transpose2d.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
