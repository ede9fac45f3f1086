"""The convolution of mathematics: SciPy, the definition as two loops, and its own laws."""

from __future__ import annotations

from math import ceil, floor

import numpy as np
import pytest
import scipy.signal
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import ParameterError, ShapeError, conv2d
from engine.convolution import convolve1d, convolve2d
from engine.convolution_trace import trace_convolve1d, trace_convolve2d

SIZE, TAPS = st.integers(1, 9), st.integers(1, 7)
SEED = st.integers(0, 2**32 - 1)


def outside(x, *indices):
    """A cell of x, or the zero that lies around it."""
    inside = all(0 <= i < n for i, n in zip(indices, x.shape, strict=True))
    return x[indices] if inside else 0.0


def centred(K):
    return range(-floor(K / 2), ceil(K / 2))


def definition1d(X, W):
    """The centred form, letter by letter."""
    half = floor(len(W) / 2)
    return [sum(outside(X, i - a) * W[half + a] for a in centred(len(W))) for i in range(len(X))]


def definition2d(X, W):
    """The centred form, letter by letter."""
    (K1, K2), (H, W1) = W.shape, X.shape
    return [
        [
            sum(
                outside(X, i - a, j - b) * W[floor(K1 / 2) + a, floor(K2 / 2) + b]
                for a in centred(K1)
                for b in centred(K2)
            )
            for j in range(W1)
        ]
        for i in range(H)
    ]


@settings(deadline=None, max_examples=60)
@given(size=SIZE, taps=TAPS, seed=SEED)
def test_signal_agrees_with_the_definition_and_with_scipy(size, taps, seed):
    numbers = np.random.default_rng(seed)
    signal, kernel = numbers.normal(size=size), numbers.normal(size=taps)

    y = convolve1d(signal, kernel)

    full = scipy.signal.convolve(signal, kernel, "full", "direct")
    np.testing.assert_allclose(y, definition1d(signal, kernel), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(y, full[taps // 2 :][:size], rtol=1e-9, atol=1e-12)


@settings(deadline=None, max_examples=60)
@given(size=st.tuples(SIZE, SIZE), taps=st.tuples(TAPS, TAPS), seed=SEED)
def test_picture_agrees_with_the_definition_and_with_scipy(size, taps, seed):
    numbers = np.random.default_rng(seed)
    image, kernel = numbers.normal(size=size), numbers.normal(size=taps)

    y = convolve2d(image, kernel)

    full = scipy.signal.convolve2d(image, kernel, "full")
    same = full[taps[0] // 2 :, taps[1] // 2 :][: size[0], : size[1]]
    np.testing.assert_allclose(y, definition2d(image, kernel), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(y, same, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("k", [0, 1, 2, 3])
def test_odd_kernel_has_taps_from_minus_k_to_k(rng, k):
    X, W = rng.normal(size=(7, 5)), rng.normal(size=(2 * k + 1, 2 * k + 1))
    taps = range(-k, k + 1)

    y = convolve2d(X, W)

    expected = [
        [
            sum(W[k + u, k + v] * outside(X, i - u, j - v) for u in taps for v in taps)
            for j in range(5)
        ]
        for i in range(7)
    ]
    np.testing.assert_allclose(y, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("kernel", "response"),
    [
        pytest.param([1.0, 2.0, 3.0], [0, 1, 2, 3, 0], id="odd: the kernel itself, centred"),
        pytest.param([1.0, 2.0], [0, 1, 2, 0, 0], id="even: its centre is the right one"),
        pytest.param([1.0, 2.0, 3.0, 4.0], [1, 2, 3, 4, 0], id="even: right of the middle"),
    ],
)
def test_impulse_gives_the_kernel_back_unflipped(kernel, response):
    impulse = np.array([0.0, 0.0, 1.0, 0.0, 0.0])

    np.testing.assert_array_equal(convolve1d(impulse, np.array(kernel)), response)


def test_impulse_in_a_picture_gives_the_kernel_back_unflipped():
    image, kernel = np.zeros((4, 5)), np.arange(1.0, 7.0).reshape(2, 3)
    image[2, 2] = 1

    y = convolve2d(image, kernel)

    np.testing.assert_array_equal(y[1:3, 1:4], kernel)
    assert y.sum() == kernel.sum()


def test_symmetric_kernels_give_what_cross_correlation_gives(rng):
    image, kernel = rng.normal(size=(5, 7)), np.array([[1.0, 2.0, 1.0]] * 3)

    y = convolve2d(image, kernel)

    same = conv2d(image[None, None], kernel[None, None], padding=1)[0, 0]
    np.testing.assert_allclose(y, same, rtol=1e-9)


def test_convolution_commutes_with_a_second_one(rng):
    # With room for both kernels no cell of the first result is cut off.
    signal = np.pad(rng.normal(size=5), 7)
    one, other = rng.normal(size=4), rng.normal(size=3)

    y = convolve1d(convolve1d(signal, one), other)

    np.testing.assert_allclose(y, convolve1d(convolve1d(signal, other), one), atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_type_is_kept_and_arguments_are_only_read(rng, dtype):
    signal, kernel = rng.normal(size=14).astype(dtype)[::2], rng.normal(size=3).astype(dtype)
    signal.flags.writeable = kernel.flags.writeable = False

    y, picture = convolve1d(signal, kernel), convolve2d(signal[:, None], kernel[:, None])

    assert (y.dtype, picture.dtype) == (dtype, dtype)
    assert not np.shares_memory(y, signal)
    np.testing.assert_array_equal(picture[:, 0], y)


@pytest.mark.parametrize(
    ("call", "error", "sentence"),
    [
        pytest.param(
            lambda: convolve1d(np.ones((1, 5)), np.ones(3)),
            ShapeError,
            "signal: expected the axes (L), got shape (1, 5); "
            "take a part of it, or merge axes with reshape",
            id="a signal with two axes",
        ),
        pytest.param(
            lambda: convolve1d(np.ones(5), np.ones(0)),
            ShapeError,
            "kernel: shape (0,) has nothing along K; "
            "every axis of (K) needs a length of at least 1",
            id="a kernel without taps",
        ),
        pytest.param(
            lambda: trace_convolve2d(np.ones((5, 5)), np.ones(3)),
            ShapeError,
            "kernel: expected the axes (K1, K2), got shape (3,); "
            "add axes of length 1, e.g. with np.expand_dims",
            id="a kernel with one axis",
        ),
        pytest.param(
            lambda: trace_convolve2d(np.ones((5, 5)), np.ones((3, 3), dtype=np.float32)),
            ParameterError,
            "kernel: float32 does not go with image, which is float64; "
            "convert one of them, e.g. with kernel.astype(np.float64)",
            id="two types in one call",
        ),
        pytest.param(
            lambda: trace_convolve1d(np.ones(5), np.ones(3), divisor=0),
            ParameterError,
            "divisor: a sum cannot be divided by 0; use 1 to leave the sum as it is",
            id="a divisor of 0",
        ),
    ],
)
def test_what_does_not_go_together_is_refused(call, error, sentence):
    with pytest.raises(error) as refusal:
        call()

    assert str(refusal.value) == sentence
    assert refusal.value.parameter == sentence.partition(":")[0]
