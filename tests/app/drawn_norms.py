"""Random requests for batch normalisation, and what the fast operations give."""

from __future__ import annotations

from functools import partial

import numpy as np
from hypothesis import strategies as st

from engine import (
    batch_norm,
    batch_norm_backward,
    batch_norm_inference,
    conv2d,
    conv2d_backward,
    group_norm,
    instance_norm,
    layer_norm,
    max_pool2d,
    max_pool2d_backward,
    relu,
    relu_backward,
    squared_error,
    update_running_stats,
)
from tests.app.drawn_convolutions import inputs

numbers = st.floats(-3, 3).map(lambda value: round(value, 3))
positive = st.floats(0.1, 3).map(lambda value: round(value, 3))


@st.composite
def batches(draw, least=2):
    samples, features = draw(st.integers(least, 6)), draw(st.integers(1, 3))
    maps = draw(st.just([]) | st.lists(st.integers(1, 3), min_size=2, max_size=2))
    return {
        "preset": draw(st.sampled_from(["growing", "integers", "random"])),
        "seed": draw(st.integers(0, 99)),
        "shape": [samples, features, *maps],
    }


@st.composite
def normalisations(draw, op, graphs):
    x = draw(batches())
    features = x["shape"][1]
    scales = st.lists(numbers, min_size=features, max_size=features) | numbers
    return {
        "op": op,
        "x": x,
        "gamma": draw(scales),
        "beta": draw(scales),
        "eps": draw(st.sampled_from([1e-5, 0.1])),
        "graph": draw(st.sampled_from(graphs)),
    }


def inferred(body, mean, variance):
    rest = {name: value for name, value in body.items() if name != "graph"}
    return rest | {"running_mean": mean, "running_var": variance}


BODIES = {
    "batch_norm": normalisations("batch_norm", ["lecture", "gates"]),
    "batch_norm_backward": st.builds(
        lambda body, seed: body | {"grad_y": {"preset": "random", "seed": seed}},
        normalisations("batch_norm_backward", ["lecture", "gates", "closed"]),
        st.integers(0, 99),
    ),
    "batch_norm_inference": st.builds(
        inferred, normalisations("batch_norm_inference", ["lecture"]), numbers, positive
    ),
    "running_stats": st.builds(
        lambda x, mean, variance, momentum: {
            "op": "running_stats",
            "x": x,
            "running_mean": mean,
            "running_var": variance,
            "momentum": momentum,
        },
        batches(),
        numbers,
        positive,
        st.sampled_from([0, 0.1, 0.5, 1]),
    ),
}


@st.composite
def blocks(draw):
    filters = draw(st.integers(1, 2))
    scales = st.lists(positive, min_size=filters, max_size=filters) | positive
    return {
        "op": "block",
        "x": draw(inputs(least=(5, 5))),
        "weight": {"preset": "random", "width": 2, "height": 3, "filters": filters},
        "padding": draw(st.integers(0, 2)),
        "gamma": draw(scales),
        "beta": draw(scales),
        "kernel_size": draw(st.tuples(st.integers(1, 2), st.integers(1, 2))),
        "grad_y": {"preset": "random", "seed": draw(st.integers(0, 99))},
        "reading": draw(st.sampled_from(["scatter", "gather"])),
    }


BODIES["block"] = blocks()


@st.composite
def maps(draw):
    channels = draw(st.integers(1, 6))
    scales = st.lists(numbers, min_size=channels, max_size=channels) | numbers
    sizes = {"samples": draw(st.integers(1, 4)), "channels": channels}
    sizes |= {"height": draw(st.integers(1, 3)), "width": draw(st.integers(1, 4))}
    return {
        "op": "norm",
        "x": {"preset": draw(st.sampled_from(["levels", "random"])), **sizes},
        "kind": draw(st.sampled_from(["batch", "layer", "instance", "group"])),
        "groups": draw(st.sampled_from([n for n in range(1, 7) if channels % n == 0])),
        "gamma": draw(scales),
        "beta": draw(scales),
        "eps": draw(st.sampled_from([1e-5, 0.1])),
    }


BODIES["norm"] = maps()


@st.composite
def there_and_back(draw):
    size = draw(st.integers(1, 16))
    listed = st.lists(numbers, min_size=size, max_size=size)
    preset = st.sampled_from(["growing", "integers", "random"])
    drawn = st.fixed_dictionaries({"preset": preset, "seed": st.integers(0, 99)})
    return {
        "op": "batch_norm_pass",
        "x": draw(listed | drawn.map(lambda x: x | {"size": size})),
        "gamma": draw(numbers),
        "beta": draw(numbers),
        "eps": draw(st.sampled_from([1e-5, 0.1])),
        "upstream": draw(st.sampled_from(["given", "loss"])),
        "grad_y": draw(listed | st.sampled_from([{}, {"preset": "random", "edits": [[0, 2.5]]}])),
        "target": draw(listed | st.sampled_from([{}, {"preset": "zeros", "edits": [[1, 0, 3]]}])),
        "graph": draw(st.sampled_from(["lecture", "gates"])),
    }


BODIES["batch_norm_pass"] = there_and_back()


@st.composite
def trainings(draw):
    batches, samples = draw(st.integers(1, 12)), draw(st.integers(2, 8))
    rows = st.lists(st.lists(numbers, min_size=samples, max_size=samples), min_size=1, max_size=12)
    presets = st.sampled_from(["steady", "drift", "jump", "outlier"])
    made = presets.map(lambda name: {"preset": name, "batches": batches, "samples": samples})
    return {
        "op": "batch_norm_training",
        "x": draw(rows | made),
        "momentum": draw(st.sampled_from([0, 0.1, 0.5, 1])),
        "gamma": draw(numbers),
        "beta": draw(numbers),
        "compared": draw(st.sampled_from(["batch", "one"])),
    }


BODIES["batch_norm_training"] = trainings()


def per_feature(request, *names):
    features = request.x.array().shape[1]
    return [np.broadcast_to(getattr(request, name), (features,)).astype(float) for name in names]


def normalised(request):
    scales = per_feature(request, "gamma", "beta")
    forward = batch_norm(request.x.array(), *scales, eps=request.eps)
    return {"mu": forward.mean, "sigma2": forward.var, "xhat": forward.x_hat, "y": forward.y}


def differentiated(request):
    x = request.x.array()
    forward = batch_norm(x, *per_feature(request, "gamma", "beta"), eps=request.eps)
    gradients = batch_norm_backward(request.grad_y.array(x.shape), forward)
    found = {"grad_x": gradients.x, "grad_gamma": gradients.gamma, "grad_beta": gradients.beta}
    if request.graph == "lecture":
        found |= {"grad_xhat": gradients.x_hat, "grad_sigma2": gradients.var}
        found |= {"grad_mu": gradients.mean}
    return found


def with_a_loss(request):
    x = request.x.array()
    forward = batch_norm(x, *per_feature(request, "gamma", "beta"), eps=request.eps)
    if request.upstream == "loss":
        loss = squared_error(forward.y, request.target.array(x.shape))
        value, grad_y = loss.value, loss.gradient
    else:
        grad_y = request.grad_y.array(x.shape)
        value = (forward.y * grad_y).sum()
    back = batch_norm_backward(grad_y, forward)
    found = {"y": forward.y, "loss": [value], "grad_y": grad_y, "grad_x": back.x}
    found |= {"grad_gamma": back.gamma, "grad_beta": back.beta, "grad_xhat": back.x_hat}
    return found | {"grad_sigma2": back.var, "grad_mu": back.mean}


def at_inference(request):
    given = per_feature(request, "gamma", "beta", "running_mean", "running_var")
    return {"y": batch_norm_inference(request.x.array(), *given, eps=request.eps)}


def moved(request):
    x = request.x.array()
    ones = np.ones(x.shape[1])
    mean, variance = update_running_stats(
        *per_feature(request, "running_mean", "running_var"),
        batch_norm(x, ones, ones),
        momentum=request.momentum,
    )
    return {"new_mean": mean, "new_var": variance}


def followed(request):
    mean, variance, one = np.zeros(1), np.ones(1), np.ones(1)
    means, variances = [mean], [variance]
    for batch in request.x.array():
        forward = batch_norm(batch[:, None], one, one)
        mean, variance = update_running_stats(mean, variance, forward, momentum=request.momentum)
        means.append(mean)
        variances.append(variance)
    return {"running_mean": np.concatenate(means), "running_var": np.concatenate(variances)}


def through_a_block(request):
    """Each operation on its own, forward and backward, as one would call them in a row."""
    x = request.x.array()
    taps, _ = request.weight.array(x.shape[1])
    features = np.ones(len(taps))
    z = conv2d(x, taps, padding=request.padding)
    norm = batch_norm(z, request.gamma * features, request.beta * features, eps=request.eps)
    pooled = max_pool2d(relu(norm.y), request.kernel_size)
    back = request.grad_y.array(pooled.shape)
    back = max_pool2d_backward(back, relu(norm.y), request.kernel_size)
    to_norm = batch_norm_backward(relu_backward(back, norm.y), norm)
    to_conv = conv2d_backward(to_norm.x, x, taps, padding=request.padding)
    return {
        "pool_y": pooled,
        "grad_gamma": to_norm.gamma,
        "grad_weight": to_conv.weight,
        "grad_x": to_conv.input,
    }


def over_other_axes(request):
    norms = {"batch": batch_norm, "layer": layer_norm, "instance": instance_norm}
    norms["group"] = partial(group_norm, groups=request.groups)
    scales = per_feature(request, "gamma", "beta")
    forward = norms[request.kind](request.x.array(), *scales, eps=request.eps)
    return {"mu": forward.mean, "sigma2": forward.var, "xhat": forward.x_hat, "y": forward.y}


FAST = {
    "block": through_a_block,
    "norm": over_other_axes,
    "batch_norm": normalised,
    "batch_norm_backward": differentiated,
    "batch_norm_pass": with_a_loss,
    "batch_norm_inference": at_inference,
    "running_stats": moved,
    "batch_norm_training": followed,
}
