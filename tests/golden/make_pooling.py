"""Write pooling.json: poolings of whole numbers and their gradients as torch computes them.

All numbers are multiples of 36, which every divisor here divides, so that averages are whole too.
Few different ones, so that many windows hold their maximum more than once.

Run once with torch installed (2.13.0 wrote the file): python tests/golden/make_pooling.py
"""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np

KERNELS = [2, [3, 2]]
STRIDES = [None, [2, 1]]
PADDINGS = [0, 1, [1, 0]]
CEIL_MODES = [False, True]
OWN_OPTIONS = {
    "max_pool2d": {"dilation": [1, [1, 2]]},
    "avg_pool2d": {"count_include_pad": [True, False]},
}


def case(number, op, kernel_size, options):
    import torch
    from torch.nn import functional

    rng = np.random.default_rng(number)
    shape = (1 + (number % 4 == 0), 1 + (number % 4 == 2), 4 + number % 3 // 2, 5)
    x = torch.from_numpy(36.0 * rng.integers(-2, 3, shape)).requires_grad_()
    y = getattr(functional, op)(x, kernel_size, **options)
    grad_output = torch.from_numpy(36.0 * rng.integers(-3, 4, tuple(y.shape)))
    (grad_x,) = torch.autograd.grad(y, x, grad_output)
    arrays = {"x": x.detach(), "y": y.detach(), "grad_output": grad_output, "grad_x": grad_x}
    settings = ", ".join(f"{name} {value}" for name, value in options.items())
    return {
        "id": f"{op} of {kernel_size}, {settings}",
        "op": op,
        "kernel_size": kernel_size,
        "options": options,
        **{name: array.numpy().astype(int).tolist() for name, array in arrays.items()},
    }


def main():
    cases = []
    for op, own in OWN_OPTIONS.items():
        ((name, values),) = own.items()
        for row in itertools.product(KERNELS, STRIDES, PADDINGS, CEIL_MODES, values):
            kernel_size, *rest = row
            options = dict(zip(["stride", "padding", "ceil_mode", name], rest, strict=True))
            cases.append(case(len(cases), op, kernel_size, options))
    lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)
    Path(__file__).with_name("pooling.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
