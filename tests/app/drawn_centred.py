"""Random requests for the convolutions of mathematics, and what SciPy gives."""

from __future__ import annotations

from hypothesis import strategies as st
from scipy.signal import convolve

from tests.app.drawn_convolutions import inputs


@st.composite
def centred(draw):
    one = {"preset": "random", "height": draw(st.integers(1, 4)), "width": draw(st.integers(1, 4))}
    return {"op": "convolve2d", "x": draw(inputs(channels=1)), "weight": one}


BODIES = {
    "convolve1d": st.builds(
        lambda length, size: {
            "op": "convolve1d",
            "x": {"preset": "random", "length": length},
            "weight": {"preset": "random", "size": size},
        },
        st.integers(1, 9),
        st.integers(1, 5),
    ),
    "convolve2d": centred(),
}


def centred_part(x, kernel):
    """All that SciPy computes, without what lies before and behind the signal."""
    whole = convolve(x, kernel, "full", "direct")
    # The middle tap, right of the middle where there are two, lies on the cell.
    starts = [taps // 2 for taps in kernel.shape]
    return whole[tuple(slice(s, s + n) for s, n in zip(starts, x.shape, strict=True))]


def convolved_centred_signal(request):
    return {"y": centred_part(request.x.array()[0, 0], request.weight.array(1)[0, 0])}


def convolved_centred(request):
    taps, divisor = request.weight.array(1)
    return {"y": centred_part(request.x.array()[0, 0], taps[0, 0]) / divisor}


FAST = {"convolve1d": convolved_centred_signal, "convolve2d": convolved_centred}
