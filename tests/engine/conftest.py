"""Random numbers, and random convolutions over every option."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st


@pytest.fixture
def rng():
    return np.random.default_rng(31)


@dataclass(frozen=True)
class Layer:
    """One convolution: arrays, and all options by name."""

    x: Any
    weight: Any
    bias: Any
    options: dict[str, Any]


@st.composite
def _layers(draw, dtype=np.float64):
    pair = st.tuples(st.integers(1, 3), st.integers(1, 3))
    groups, depth, filters = (draw(st.integers(1, 3)) for _ in range(3))
    taps = draw(st.tuples(st.integers(1, 4), st.integers(1, 3)))
    mode = draw(st.sampled_from(["zeros", "reflect", "replicate", "circular"]))
    stride, dilation = draw(pair | st.integers(1, 3)), draw(pair | st.integers(1, 2))
    steps = dilation if isinstance(dilation, tuple) else (dilation, dilation)
    extent = [d * (f - 1) + 1 for f, d in zip(taps, steps, strict=True)]
    # Large enough for the filter without padding, and for a mirrored border of any width here.
    size = [max(e, 5) + draw(st.integers(0, 3)) for e in extent]
    cells = st.integers(0, 4)
    padding = draw(
        cells
        | st.tuples(cells, cells)
        | st.tuples(st.tuples(cells, cells), st.tuples(cells, cells))
        | st.sampled_from(["valid", "same"] if mode in ("zeros", "replicate") else ["valid"])
    )
    options = {
        "stride": 1 if padding == "same" else stride,
        "padding": padding,
        "dilation": dilation,
        "groups": groups,
        "padding_mode": mode,
    }
    numbers = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    images = draw(st.integers(1, 2))
    x = numbers.normal(size=(images, groups * depth, *size)).astype(dtype)
    weight = numbers.normal(size=(groups * filters, depth, *taps)).astype(dtype)
    bias = numbers.normal(size=groups * filters).astype(dtype) if draw(st.booleans()) else None
    return Layer(x, weight, bias, options)


@pytest.fixture(scope="session")
def layers():
    """Strategy of layers; a session fixture, since test modules do not import each other."""
    return _layers


@pytest.fixture(scope="session")
def assert_replays():
    """Demand that the steps of a trace write every tensor as the fast operation gave it."""

    def check(trace):
        replayed = trace.replay()
        for name, tensor in trace.tensors.items():
            np.testing.assert_allclose(replayed[name], tensor.values, rtol=1e-9, atol=1e-12)

    return check
