"""Write conv2d.json: convolutions of whole numbers as torch computes them, over every option.

Run once with torch installed (2.13.0 wrote the file): python tests/golden/make_conv2d.py
"""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np

MODES = ["zeros", "reflect", "replicate", "circular"]
PADDINGS = [0, 2, [1, 0], [[2, 1], [0, 2]], "same"]
GROUPS = [1, 2]


def torch_conv2d(x, weight, bias, *, stride, padding, dilation, groups, padding_mode):
    import torch
    from torch.nn import functional

    x, weight = torch.from_numpy(x), torch.from_numpy(weight)
    bias = None if bias is None else torch.from_numpy(bias)
    if padding_mode == "zeros" and (padding == "same" or isinstance(padding, int)):
        return functional.conv2d(
            x, weight, bias, stride=stride, padding=padding, dilation=dilation, groups=groups
        ).numpy()
    if padding == "same":
        totals = [d * (f - 1) for f, d in zip(weight.shape[2:], dilation, strict=True)]
        padding = [[total // 2, total - total // 2] for total in totals]
    pair = [padding, padding] if isinstance(padding, int) else padding
    (top, bottom), (left, right) = ([p, p] if isinstance(p, int) else p for p in pair)
    mode = "constant" if padding_mode == "zeros" else padding_mode
    padded = functional.pad(x, (left, right, top, bottom), mode=mode)
    return functional.conv2d(
        padded, weight, bias, stride=stride, dilation=dilation, groups=groups
    ).numpy()


def case(number, mode, padding, groups):
    rng = np.random.default_rng(number)
    taps = [(3, 2), (2, 3), (4, 1)][number % 3]
    x = rng.integers(-3, 4, (1 + number % 2, 2 * groups, 6, 7)).astype(float)
    weight = rng.integers(-2, 3, (groups * (1 + number % 2), 2, *taps)).astype(float)
    bias = rng.integers(-2, 3, len(weight)).astype(float) if number % 2 else None
    options = {
        "stride": [1, 1] if padding == "same" else [1 + number % 2, 1 + number // 2 % 3],
        "padding": padding,
        "dilation": [1, 1 + number % 3 // 2],
        "groups": groups,
        "padding_mode": mode,
    }
    y = torch_conv2d(x, weight, bias, **options)
    arrays = {"x": x, "weight": weight, "bias": bias, "y": y}
    return {
        "id": f"{mode}, padding {padding}, {groups} group{'s' * (groups > 1)}",
        "options": options,
        **{n: None if a is None else a.astype(int).tolist() for n, a in arrays.items()},
    }


def main():
    table = itertools.product(MODES, PADDINGS, GROUPS)
    cases = [case(number, *row) for number, row in enumerate(table)]
    lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)
    Path(__file__).with_name("conv2d.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
