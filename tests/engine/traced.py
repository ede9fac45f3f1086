"""One trace of every kind, made of random arrays, to be held to the laws of all traces."""

from __future__ import annotations

from engine import trace_conv2d, trace_output_size, trace_transposed_output_size
from engine.activation_trace import trace_relu, trace_relu_backward
from engine.batch_norm_backward_trace import trace_batch_norm_backward
from engine.batch_norm_gates_trace import trace_batch_norm_gates
from engine.batch_norm_inference_trace import trace_batch_norm_inference, trace_running_stats
from engine.batch_norm_pass_trace import trace_batch_norm_pass
from engine.batch_norm_trace import trace_batch_norm
from engine.block_trace import trace_block
from engine.conv1d_trace import trace_conv1d, trace_conv1d_backward
from engine.conv2d_backward_trace import trace_conv2d_backward
from engine.conv_transpose2d_trace import trace_conv_transpose2d, trace_conv_transpose2d_backward
from engine.convolution_trace import trace_convolve1d, trace_convolve2d
from engine.norms_trace import trace_norm
from engine.pooling_backward_trace import trace_avg_pool2d_backward, trace_max_pool2d_backward
from engine.pooling_trace import trace_avg_pool2d, trace_max_pool2d
from engine.training_trace import trace_training

MIRRORED = {"padding": ((1, 0), (2, 1)), "padding_mode": "reflect"}
TURNED = {"dilation": 2, "flip": True, **MIRRORED}

# Each is called with a function that gives random arrays of a shape.
TRACES = {
    "conv2d, one channel": lambda r: trace_conv2d(r(1, 1, 3, 4), r(1, 1, 2, 3)),
    "conv2d, groups": lambda r: trace_conv2d(
        r(2, 4, 5, 6), r(6, 2, 2, 3), r(6), groups=2, stride=2, padding=1
    ),
    "conv2d, flipped and mirrored": lambda r: trace_conv2d(r(1, 2, 5, 7), r(3, 2, 2, 2), **TURNED),
    "conv2d, an average": lambda r: trace_conv2d(
        r(1, 2, 3, 4), r(2, 2, 3, 3), r(2), divisor=9, padding=2, padding_mode="replicate"
    ),
    "conv2d backward, scatter": lambda r: trace_conv2d_backward(
        r(2, 3, 3, 2), r(2, 2, 5, 4), r(3, 2, 2, 3), stride=(2, 1), padding=(1, 0)
    ),
    "conv2d backward, scatter, mirrored": lambda r: trace_conv2d_backward(
        r(1, 2, 4, 6), r(1, 2, 5, 4), r(2, 1, 3, 2), groups=2, divisor=4, **MIRRORED
    ),
    "conv2d backward, gather": lambda r: trace_conv2d_backward(
        r(2, 3, 3, 4), r(2, 2, 5, 4), r(3, 2, 2, 3), stride=(2, 1), padding=1, reading="gather"
    ),
    "conv2d backward, gather, flipped and mirrored": lambda r: trace_conv2d_backward(
        r(1, 2, 2, 2), r(1, 4, 5, 4), r(2, 2, 2, 3), groups=2, stride=2, reading="gather", **TURNED
    ),
    "conv1d": lambda r: trace_conv1d(r(2, 3, 11), r(2, 3, 4), r(2), stride=2, padding=2),
    "conv1d, flipped and wrapped": lambda r: trace_conv1d(
        r(1, 2, 7), r(2, 1, 3), groups=2, padding=3, padding_mode="circular", flip=True
    ),
    "conv1d backward": lambda r: trace_conv1d_backward(
        r(2, 2, 5), r(2, 3, 11), r(2, 3, 4), stride=2, padding=1, reading="gather"
    ),
    "mathematical convolution of a signal": lambda r: trace_convolve1d(r(7), r(4)),
    "mathematical convolution of a picture": lambda r: trace_convolve2d(
        r(5, 4), r(3, 2), divisor=9
    ),
    "transposed conv2d": lambda r: trace_conv_transpose2d(
        r(2, 2, 3, 2), r(2, 3, 2, 3), r(3), stride=(2, 3), padding=(0, 1), output_padding=1
    ),
    "transposed conv2d backward": lambda r: trace_conv_transpose2d_backward(
        r(1, 6, 4, 6), r(1, 4, 2, 3), r(4, 3, 2, 2), stride=2, groups=2
    ),
    "batch norm of features": lambda r: trace_batch_norm(r(5, 3), r(3), r(3)),
    "batch norm of maps": lambda r: trace_batch_norm(r(2, 3, 2, 5), r(3), r(3)),
    "batch norm, gates": lambda r: trace_batch_norm_gates(r(5, 3), r(3), r(3)),
    "batch norm backward": lambda r: trace_batch_norm_backward(r(2, 3, 5), r(2, 3, 5), r(3), r(3)),
    "batch norm backward, gates": lambda r: trace_batch_norm_backward(
        r(5, 3), r(5, 3), r(3), r(3), graph="gates"
    ),
    "batch norm backward, closed": lambda r: trace_batch_norm_backward(
        r(5, 3), r(5, 3), r(3), r(3), graph="closed"
    ),
    "batch norm, there and back": lambda r: trace_batch_norm_pass(
        r(5, 1), r(1), r(1), grad_output=r(5, 1)
    ),
    "batch norm, there and back, from a loss": lambda r: trace_batch_norm_pass(
        r(3, 1), r(1), r(1), target=r(3, 1), graph="gates"
    ),
    "batch norm, inference": lambda r: trace_batch_norm_inference(
        r(2, 3, 5), r(3), r(3), r(3), r(3) ** 2
    ),
    "running statistics": lambda r: trace_running_stats(r(3), r(3) ** 2, r(5, 3)),
    "batch_norm_training": lambda r: trace_training(r(5, 3), momentum=0.3, population=r(5)),
    "layer norm": lambda r: trace_norm(r(3, 4, 2, 5), r(4), r(4), kind="layer"),
    "instance norm": lambda r: trace_norm(r(2, 3, 5), r(3), r(3), kind="instance"),
    "group norm of maps": lambda r: trace_norm(r(2, 6, 3, 2), r(6), r(6), kind="group", groups=3),
    "group norm of features": lambda r: trace_norm(r(5, 4), r(4), r(4), kind="group", groups=2),
    "relu": lambda r: trace_relu(r(2, 3, 5)),
    "relu backward": lambda r: trace_relu_backward(r(5, 2), r(5, 2)),
    "max pooling": lambda r: trace_max_pool2d(r(2, 3, 5, 4), (2, 3), stride=(2, 1)),
    "max pooling, clipped": lambda r: trace_max_pool2d(
        r(1, 2, 6, 5), 3, stride=2, padding=1, ceil_mode=True
    ),
    "max pooling backward": lambda r: trace_max_pool2d_backward(
        r(1, 2, 3, 2), r(1, 2, 5, 4), 3, stride=(1, 2), padding=(0, 1)
    ),
    "average pooling": lambda r: trace_avg_pool2d(r(1, 2, 5, 4), 3, stride=2, padding=1),
    "average pooling, clipped": lambda r: trace_avg_pool2d(
        r(1, 2, 5, 4), (3, 2), padding=1, count_include_pad=False
    ),
    "average pooling backward": lambda r: trace_avg_pool2d_backward(
        r(1, 2, 2, 3), r(1, 2, 5, 7), (3, 2), stride=2
    ),
    "average pooling backward, clipped": lambda r: trace_avg_pool2d_backward(
        r(1, 2, 3, 4), r(1, 2, 5, 7), 3, stride=2, padding=1, count_include_pad=False
    ),
    "output size": lambda r: trace_output_size(11, 3, stride=2, padding=(1, 1)),
    "output size, rows": lambda r: trace_output_size(
        11, 3, dilation=2, stride=3, padding=(0, 2), axis="row"
    ),
    "transposed output size": lambda r: trace_transposed_output_size(5, 3, stride=2, padding=1),
    "transposed output size, rows": lambda r: trace_transposed_output_size(
        4, 3, dilation=2, stride=3, padding=1, output_padding=2, axis="row"
    ),
    "block": lambda r: trace_block(
        r(1, 2, 6, 5), r(2, 2, 3, 2), r(2), r(2), r(2), r(1, 2, 3, 3), padding=1
    ),
    "block, gather": lambda r: trace_block(
        r(1, 1, 7, 5), r(2, 1, 3, 2), None, r(2), r(2), r(1, 2, 1, 1), stride=2, reading="gather"
    ),
    "block, without pooling": lambda r: trace_block(
        r(1, 1, 5, 6), r(2, 1, 3, 2), None, r(2), r(2), r(1, 2, 3, 5), kernel_size=None
    ),
    "block, from a target": lambda r: trace_block(
        r(2, 1, 5, 4),
        r(1, 1, 3, 2),
        r(1),
        r(1),
        r(1),
        target=r(2, 1, 3, 3),
        kernel_size=None,
        reading="gather",
    ),
}
