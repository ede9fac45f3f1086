"""Write norms.json: maps of whole numbers as torch normalises them over one axis or another.

Run once with torch installed (2.13.0 wrote the file): python tests/golden/make_norms.py
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

SHAPES = [(3, 4, 2, 5), (2, 6, 3), (1, 4, 3, 2), (5, 2, 1, 7), (3, 6)]
EPS = [1e-5, 0.25]


def torch_norms(x, gamma, beta, groups, eps):
    """Each of the norms by its own function of torch, and the mean of each plainly."""
    import torch
    from torch.nn import functional

    x, gamma, beta = map(torch.from_numpy, (x, gamma, beta))
    column = (-1, *[1] * (x.ndim - 2))
    # torch keeps a scale for each cell of a sample: here they are alike within a channel.
    scales = [a.reshape(column).expand(x.shape[1:]) for a in (gamma, beta)]
    within, rows = tuple(range(2, x.ndim)), tuple(range(1, x.ndim))
    split = x.reshape(len(x), groups, -1)
    found = {
        "layer": (functional.layer_norm(x, x.shape[1:], *scales, eps=eps), x.mean(rows)),
        "group": (functional.group_norm(x, groups, gamma, beta, eps=eps), split.mean(2)),
    }
    if within:
        y = functional.instance_norm(x, weight=gamma, bias=beta, eps=eps)
        found["instance"] = (y, x.mean(within))
    return found


def case(number, shape, eps):
    rng = np.random.default_rng(number)
    x = rng.integers(-9, 10, shape).astype(float)
    gamma, beta = rng.integers(-5, 6, (2, shape[1])) / 2
    given = {"x": x, "gamma": gamma, "beta": beta}
    found = torch_norms(**given, groups=2, eps=eps)
    return {
        "id": f"{'x'.join(map(str, shape))}, eps {eps}",
        "eps": eps,
        **{name: array.tolist() for name, array in given.items()},
        "norms": {
            kind: {"y": y.numpy().tolist(), "mean": mean.numpy().tolist()}
            for kind, (y, mean) in found.items()
        },
    }


def main():
    cases = [case(number, shape, EPS[number % 2]) for number, shape in enumerate(SHAPES)]
    lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)
    Path(__file__).with_name("norms.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
