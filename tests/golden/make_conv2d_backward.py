"""Write conv2d_backward.json: gradients of convolutions as torch computes them, over every option.

Run once with torch installed (2.13.0 wrote the file): python tests/golden/make_conv2d_backward.py
"""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np

MODES = ["zeros", "reflect", "replicate", "circular"]
PADDINGS = [0, 2, [1, 0], [[2, 1], [0, 2]], "same"]
GROUPS = [1, 2]


def torch_gradients(x, weight, draw, *, stride, padding, dilation, groups, padding_mode):
    import torch
    from torch.nn import functional

    x, weight = torch.tensor(x, requires_grad=True), torch.tensor(weight, requires_grad=True)
    bias = torch.zeros(len(weight), dtype=torch.float64, requires_grad=True)
    if padding == "same":
        totals = [d * (f - 1) for f, d in zip(weight.shape[2:], dilation, strict=True)]
        padding = [[total // 2, total - total // 2] for total in totals]
    pair = [padding, padding] if isinstance(padding, int) else padding
    (top, bottom), (left, right) = ([p, p] if isinstance(p, int) else p for p in pair)
    mode = "constant" if padding_mode == "zeros" else padding_mode
    padded = functional.pad(x, (left, right, top, bottom), mode=mode)
    y = functional.conv2d(padded, weight, bias, stride=stride, dilation=dilation, groups=groups)
    grad_output = draw(y.shape)
    y.backward(torch.from_numpy(grad_output))
    return grad_output, {"input": x.grad, "weight": weight.grad, "bias": bias.grad}


def whole(array):
    return array.astype(int).tolist()


def case(number, mode, padding, groups):
    rng = np.random.default_rng(number)
    images, depth, filters = 1 + number % 5 // 4, 1 + number % 3 // 2, 1 + number // 2 % 3
    taps = [(3, 2), (2, 3), (4, 1)][number % 3]
    x = rng.integers(-3, 4, (images, groups * depth, 4, 5)).astype(float)
    weight = rng.integers(-2, 3, (groups * filters, depth, *taps)).astype(float)
    options = {
        "stride": [1, 1] if padding == "same" else [1 + number // 3 % 2, 1 + number // 2 % 3],
        "padding": padding,
        "dilation": [1 + number % 3 % 2, 1 + number % 4 // 2],
        "groups": groups,
        "padding_mode": mode,
    }
    grad_output, gradients = torch_gradients(
        x, weight, lambda shape: rng.integers(-3, 4, shape).astype(float), **options
    )
    return {
        "id": f"{mode}, padding {padding}, {groups} group{'s' * (groups > 1)}",
        "options": options,
        "x": whole(x),
        "weight": whole(weight),
        "grad_output": whole(grad_output),
        "gradients": {name: whole(grad.numpy()) for name, grad in gradients.items()},
    }


def main():
    table = itertools.product(MODES, PADDINGS, GROUPS)
    cases = [case(number, *row) for number, row in enumerate(table)]
    lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)
    Path(__file__).with_name("conv2d_backward.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
