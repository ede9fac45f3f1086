"""Write conv1d.json: convolutions of signals and their gradients as torch computes them.

Run once with torch installed (2.13.0 wrote the file): python tests/golden/make_conv1d.py
"""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np

MODES = ["zeros", "reflect", "replicate", "circular"]
PADDINGS = [0, [3], [2, 1], [[0, 4]], "valid", "same"]
GROUPS = [1, 3]


def torch_conv1d(x, weight, bias, draw, *, stride, padding, dilation, groups, padding_mode):
    import torch
    from torch.nn import functional

    x, weight, bias = (torch.tensor(array, requires_grad=True) for array in (x, weight, bias))
    total = dilation * (weight.shape[2] - 1)
    named = {"valid": [0, 0], "same": [total // 2, total - total // 2]}
    ends = named[padding] if isinstance(padding, str) else padding
    while isinstance(ends, list) and len(ends) == 1:
        ends = ends[0]
    left, right = [ends, ends] if isinstance(ends, int) else ends
    mode = "constant" if padding_mode == "zeros" else padding_mode
    padded = functional.pad(x, (left, right), mode=mode)
    y = functional.conv1d(padded, weight, bias, stride=stride, dilation=dilation, groups=groups)
    grad_output = draw(y.shape)
    y.backward(torch.from_numpy(grad_output))
    return y.detach(), grad_output, {"input": x.grad, "weight": weight.grad, "bias": bias.grad}


def whole(array):
    return np.asarray(array).astype(int).tolist()


def case(number, mode, padding, groups):
    rng = np.random.default_rng(number)
    images, depth, filters = 1 + number % 5 // 4, 1 + number % 3 // 2, 1 + number // 2 % 3
    x = rng.integers(-3, 4, (images, groups * depth, 7 + number % 3)).astype(float)
    weight = rng.integers(-2, 3, (groups * filters, depth, 1 + number % 5)).astype(float)
    bias = rng.integers(-2, 3, len(weight)).astype(float)
    options = {
        "stride": 1 if padding == "same" else 1 + number // 3 % 3,
        "padding": padding,
        "dilation": 1 + number % 4 // 2,
        "groups": groups,
        "padding_mode": mode,
    }
    y, grad_output, gradients = torch_conv1d(
        x, weight, bias, lambda shape: rng.integers(-3, 4, shape).astype(float), **options
    )
    return {
        "id": f"{mode}, padding {padding}, {groups} group{'s' * (groups > 1)}",
        "options": options,
        "x": whole(x),
        "weight": whole(weight),
        "bias": whole(bias),
        "y": whole(y),
        "grad_output": whole(grad_output),
        "gradients": {name: whole(grad) for name, grad in gradients.items()},
    }


def main():
    table = itertools.product(MODES, PADDINGS, GROUPS)
    cases = [case(number, *row) for number, row in enumerate(table)]
    lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)
    Path(__file__).with_name("conv1d.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
