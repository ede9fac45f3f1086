"""Random requests for pooling and ReLU, and what the fast operations give."""

from __future__ import annotations

from hypothesis import strategies as st

from engine import (
    avg_pool2d,
    avg_pool2d_backward,
    max_pool2d,
    max_pool2d_backward,
    relu,
    relu_backward,
)
from tests.app.drawn_convolutions import inputs

gradients = st.fixed_dictionaries(
    {"preset": st.sampled_from(["integers", "random"]), "seed": st.integers(0, 99)}
)


@st.composite
def poolings(draw, op, **more):
    taps = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    dilation = draw(st.tuples(st.integers(1, 2), st.integers(1, 2))) if "dilation" in more else None
    body = {
        "op": op,
        "x": draw(inputs(least=(6, 6))),
        "kernel_size": taps,
        "stride": draw(st.none() | st.tuples(st.integers(1, 3), st.integers(1, 3))),
        "padding": [draw(st.integers(0, size // 2)) for size in taps],
        "ceil_mode": draw(st.booleans()),
    }
    if dilation is not None:
        return body | {"dilation": dilation}
    return body | {"count_include_pad": draw(st.booleans())}


def with_gradient(bodies):
    return st.builds(lambda body, grad_y: body | {"grad_y": grad_y}, bodies, gradients)


BODIES = {
    "max_pool2d": poolings("max_pool2d", dilation=True),
    "max_pool2d_backward": with_gradient(poolings("max_pool2d_backward", dilation=True)),
    "avg_pool2d": poolings("avg_pool2d"),
    "avg_pool2d_backward": with_gradient(poolings("avg_pool2d_backward")),
    "relu": st.builds(lambda x: {"op": "relu", "x": x}, inputs()),
    "relu_backward": with_gradient(st.builds(lambda x: {"op": "relu_backward", "x": x}, inputs())),
}


def settings_of(request):
    names = ("stride", "padding", "dilation", "ceil_mode", "count_include_pad")
    return {name: getattr(request, name) for name in names if hasattr(request, name)}


def pooled(pool):
    return lambda request: {
        "y": pool(request.x.array(), request.kernel_size, **settings_of(request))
    }


def pooled_back(pool, back):
    def gradient(request):
        x, options = request.x.array(), settings_of(request)
        grad_y = request.grad_y.array(pool(x, request.kernel_size, **options).shape)
        return {"grad_x": back(grad_y, x, request.kernel_size, **options)}

    return gradient


def passed_back(request):
    x = request.x.array()
    return {"grad_x": relu_backward(request.grad_y.array(x.shape), x)}


FAST = {
    "max_pool2d": pooled(max_pool2d),
    "max_pool2d_backward": pooled_back(max_pool2d, max_pool2d_backward),
    "avg_pool2d": pooled(avg_pool2d),
    "avg_pool2d_backward": pooled_back(avg_pool2d, avg_pool2d_backward),
    "relu": lambda request: {"y": relu(request.x.array())},
    "relu_backward": passed_back,
}
