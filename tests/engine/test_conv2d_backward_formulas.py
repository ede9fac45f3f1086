"""The formulas of a convolution's gradients, and what their trace refuses."""

from __future__ import annotations

import numpy as np
import pytest

from engine import ParameterError, ShapeError, trace_conv2d
from engine.conv2d_backward_trace import trace_conv2d_backward


@pytest.mark.parametrize(
    ("options", "writes", "formula"),
    [
        pytest.param(
            {},
            "grad_x",
            r"\sym{grad_x}{\frac{\partial L}{\partial x_{i + u,j + v}}} \mathrel{+}= "
            r"\sym{w}{w_{u,v}} \cdot \sym{g}{\frac{\partial L}{\partial y_{i,j}}}",
            id="scattered to the input",
        ),
        pytest.param(
            {"padding": 1, "divisor": 9, "stride": 2},
            "grad_weight",
            r"\sym{grad_weight}{\frac{\partial L}{\partial w_{u,v}}} \mathrel{+}= \frac{1}{9} "
            r"\sym{x}{\tilde{x}_{Si + u,Sj + v}} "
            r"\cdot \sym{g}{\frac{\partial L}{\partial y_{i,j}}}",
            id="scattered to the filter",
        ),
        pytest.param(
            {"padding": 1},
            "grad_x",
            r"\sym{grad_x}{\frac{\partial L}{\partial x_{i, j}}} \mathrel{+}= "
            r"\sym{g}{\frac{\partial L}{\partial \tilde{x}_{i + P, j + P}}}",
            id="the border left out",
        ),
        pytest.param(
            {"stride": 2, "dilation": 2, "reading": "gather"},
            "spread",
            r"\sym{spread}{\frac{\partial L}{\partial \hat{y}_{Si + d(F - 1),Sj + d(F - 1)}}} = "
            r"\sym{g}{\frac{\partial L}{\partial y_{i,j}}}",
            id="zeros put between",
        ),
        pytest.param(
            {"stride": 2, "dilation": 2, "reading": "gather"},
            "grad_x",
            r"\sym{grad_x}{\frac{\partial L}{\partial x_{i,j}}} = \sum_{u} \sum_{v} "
            r"\sym{w}{w_{F - 1 - u,F - 1 - v}} "
            r"\cdot \sym{g}{\frac{\partial L}{\partial \hat{y}_{i + du,j + dv}}}",
            id="gathered by the input",
        ),
        pytest.param(
            {"reading": "gather", "flip": True},
            "grad_weight",
            r"\sym{grad_weight}{\frac{\partial L}{\partial w_{u,v}}} = \sum_{i} \sum_{j} "
            r"\sym{x}{x_{i - u,j - v}} \cdot \sym{g}{\frac{\partial L}{\partial y_{i,j}}}",
            id="gathered by the filter",
        ),
    ],
)
def test_formula_shows_the_settings_that_matter(rng, options, writes, formula):
    x, weight = rng.normal(size=(1, 1, 7, 7)), rng.normal(size=(1, 1, 3, 3))
    forward = {name: value for name, value in options.items() if name != "reading"}
    grad = rng.normal(size=trace_conv2d(x, weight, **forward).tensors["y"].shape)

    trace = trace_conv2d_backward(grad, x, weight, **options)

    assert formula in [phase.formula for phase in trace.phases if phase.writes == writes]


def test_formulas_name_filters_channels_and_images_where_there_are_several(rng):
    x, weight = rng.normal(size=(2, 4, 5, 7)), rng.normal(size=(6, 2, 3, 2))

    trace = trace_conv2d_backward(
        rng.normal(size=(2, 6, 3, 6)), x, weight, groups=2, reading="gather"
    )

    assert [phase.formula.partition(" = ")[2] for phase in trace.phases[1:]] == [
        r"\sum_{k \in G(c)} \sum_{u} \sum_{v} \sym{w}{w_{k,c,F_H - 1 - u,F_W - 1 - v}} "
        r"\cdot \sym{g}{\frac{\partial L}{\partial \hat{y}_{k,i + u,j + v}}}",
        r"\sum_{n} \sum_{i} \sum_{j} \sym{x}{x_{n,c,i + u,j + v}} "
        r"\cdot \sym{g}{\frac{\partial L}{\partial y_{n,k,i,j}}}",
        r"\sum_{n} \sum_{i} \sum_{j} \sym{g}{\frac{\partial L}{\partial y_{n,k,i,j}}}",
    ]


X, W, G = np.ones((1, 1, 5, 5)), np.ones((1, 1, 3, 3)), np.ones((1, 1, 3, 3))


@pytest.mark.parametrize(
    ("arrays", "options", "error", "sentence"),
    [
        pytest.param(
            (G, X, W),
            {"reading": "scater"},
            ParameterError,
            'reading: \'scater\' is unknown; use "scatter" or "gather"',
            id="an unknown reading",
        ),
        pytest.param(
            (G, X, W),
            {"divisor": 0},
            ParameterError,
            "divisor: a sum cannot be divided by 0; use 1 to leave the sum as it is",
            id="a divisor of 0",
        ),
        pytest.param(
            (G, X, W),
            {"padding": 1},
            ShapeError,
            "grad_output: shape (1, 1, 3, 3) is not the shape (1, 1, 5, 5) of the output; "
            "use one gradient for each output cell",
            id="a gradient of another output",
        ),
        pytest.param(
            (G.astype(np.float32), X, W),
            {},
            ParameterError,
            "x: float64 does not go with grad_output, which is float32; "
            "convert one of them, e.g. with x.astype(np.float32)",
            id="two types in one call",
        ),
    ],
)
def test_what_does_not_go_together_is_refused(arrays, options, error, sentence):
    with pytest.raises(error) as refusal:
        trace_conv2d_backward(*arrays, **options)

    assert str(refusal.value) == sentence
    assert refusal.value.parameter == sentence.partition(":")[0]
