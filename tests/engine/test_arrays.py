"""What every operation refuses of its arrays."""

from __future__ import annotations

import numpy as np
import pytest

import engine
from engine import ParameterError

VOLUME, VECTOR = np.ones((1, 2, 3, 3)), np.ones(2)


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(lambda x: engine.conv2d(VOLUME, x), id="conv2d, weight"),
        pytest.param(lambda x: engine.conv2d(x, VOLUME), id="conv2d, x"),
        pytest.param(lambda x: engine.conv2d_backward(x, VOLUME, VOLUME), id="conv2d_backward"),
        pytest.param(lambda x: engine.conv1d(VOLUME[0], x), id="conv1d"),
        pytest.param(lambda x: engine.conv_transpose2d(VOLUME, x), id="conv_transpose2d"),
        pytest.param(lambda x: engine.max_pool2d(x, 2), id="max_pool2d"),
        pytest.param(lambda x: engine.avg_pool2d_backward(VOLUME, x, 2), id="avg_pool2d_backward"),
        pytest.param(lambda x: engine.relu(x), id="relu"),
        pytest.param(lambda x: engine.relu_backward(VOLUME, x), id="relu_backward"),
        pytest.param(lambda x: engine.batch_norm(x, VECTOR, VECTOR), id="batch_norm"),
        pytest.param(lambda x: engine.batch_norm(VOLUME, VECTOR, x), id="batch_norm, beta"),
    ],
)
@pytest.mark.parametrize(
    "given",
    [
        pytest.param(None, id="nothing"),
        pytest.param([[1.0]], id="a list"),
        pytest.param(np.ones((1, 2, 3, 3), dtype=int), id="integers"),
        pytest.param(np.ones((1, 2, 3, 3), dtype=bool), id="booleans"),
        pytest.param(np.ones((1, 2, 3, 3), dtype=np.float16), id="half precision"),
        pytest.param(np.ones((1, 2, 3, 3), dtype=complex), id="complex"),
    ],
)
def test_what_is_no_array_of_floats_is_refused_with_the_way_to_convert_it(call, given):
    with pytest.raises(ParameterError, match=r"^\w+: .*; (use|convert)"):
        call(given)


def test_every_export_is_what_it_is_called():
    modules = [name for name in engine.__all__ if type(getattr(engine, name)).__name__ == "module"]

    assert modules == []


def test_groups_are_told_and_never_guessed():
    x, weight, grad = np.ones((1, 4, 5, 6)), np.ones((2, 2, 3, 3)), np.ones((1, 2, 3, 4))

    for call in (
        lambda: engine.conv2d(x, weight, groups=None),
        lambda: engine.conv2d_backward(grad, x, weight, groups=None),
        lambda: engine.trace_conv2d(x, weight, groups=None),
    ):
        with pytest.raises(ParameterError, match="groups: None is not an integer"):
            call()
