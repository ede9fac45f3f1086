"""The engine of ConvLens: convolution and batch norm on NumPy arrays, explained step by step.

`kernels` maps an id such as "sobel_x" to a filter. Its module is called `kernel_library`: a
submodule `kernels` would be bound to the same name and hide the mapping.
"""

from engine.activation import relu, relu_backward
from engine.activation_trace import trace_relu, trace_relu_backward
from engine.batch_norm import (
    BatchNorm,
    batch_norm,
    batch_norm_inference,
    update_running_stats,
)
from engine.batch_norm_backward import BatchNormGradients, batch_norm_backward
from engine.batch_norm_backward_trace import trace_batch_norm_backward
from engine.batch_norm_gates_trace import trace_batch_norm_gates
from engine.batch_norm_inference_trace import trace_batch_norm_inference, trace_running_stats
from engine.batch_norm_trace import trace_batch_norm
from engine.block_trace import trace_block
from engine.chain import chain, renamed
from engine.conv1d import conv1d, conv1d_backward
from engine.conv1d_trace import trace_conv1d, trace_conv1d_backward
from engine.conv2d import conv2d
from engine.conv2d_backward import ConvGradients, conv2d_backward
from engine.conv2d_backward_trace import trace_conv2d_backward
from engine.conv2d_trace import trace_conv2d
from engine.conv_transpose2d import conv_transpose2d, conv_transpose2d_backward
from engine.conv_transpose2d_trace import trace_conv_transpose2d, trace_conv_transpose2d_backward
from engine.convolution import convolve1d, convolve2d
from engine.convolution_trace import trace_convolve1d, trace_convolve2d
from engine.descent import Descent, descend, safe_rate
from engine.errors import EngineError, ParameterError, Remedy, ShapeError
from engine.filter_image import filter_image
from engine.gradcheck import GradCheck, gradcheck
from engine.kernel_library import KERNELS as kernels
from engine.kernel_library import Kernel
from engine.loss import SquaredError, squared_error
from engine.loss_trace import trace_squared_error
from engine.norms import SampleNorm, group_norm, instance_norm, layer_norm
from engine.norms_trace import trace_norm
from engine.padding import pad2d
from engine.pooling import avg_pool2d, max_pool2d
from engine.pooling_backward import avg_pool2d_backward, max_pool2d_backward
from engine.pooling_backward_trace import trace_avg_pool2d_backward, trace_max_pool2d_backward
from engine.pooling_trace import trace_avg_pool2d, trace_max_pool2d
from engine.receptive_field import Field, Layer, Seen, receptive_field, seen, stack_sizes
from engine.shapes import conv2d_output_shape
from engine.size_trace import trace_output_size
from engine.transposed_size_trace import trace_transposed_output_size

__all__ = [
    "BatchNorm",
    "BatchNormGradients",
    "ConvGradients",
    "Descent",
    "EngineError",
    "Field",
    "GradCheck",
    "Kernel",
    "Layer",
    "ParameterError",
    "Remedy",
    "SampleNorm",
    "Seen",
    "ShapeError",
    "SquaredError",
    "avg_pool2d",
    "avg_pool2d_backward",
    "batch_norm",
    "batch_norm_backward",
    "batch_norm_inference",
    "chain",
    "conv1d",
    "conv1d_backward",
    "conv2d",
    "conv2d_backward",
    "conv2d_output_shape",
    "conv_transpose2d",
    "conv_transpose2d_backward",
    "convolve1d",
    "convolve2d",
    "descend",
    "filter_image",
    "gradcheck",
    "group_norm",
    "instance_norm",
    "kernels",
    "layer_norm",
    "max_pool2d",
    "max_pool2d_backward",
    "pad2d",
    "receptive_field",
    "relu",
    "relu_backward",
    "renamed",
    "safe_rate",
    "seen",
    "squared_error",
    "stack_sizes",
    "trace_avg_pool2d",
    "trace_avg_pool2d_backward",
    "trace_batch_norm",
    "trace_batch_norm_backward",
    "trace_batch_norm_gates",
    "trace_batch_norm_inference",
    "trace_block",
    "trace_conv1d",
    "trace_conv1d_backward",
    "trace_conv2d",
    "trace_conv2d_backward",
    "trace_conv_transpose2d",
    "trace_conv_transpose2d_backward",
    "trace_convolve1d",
    "trace_convolve2d",
    "trace_max_pool2d",
    "trace_max_pool2d_backward",
    "trace_norm",
    "trace_output_size",
    "trace_relu",
    "trace_relu_backward",
    "trace_running_stats",
    "trace_squared_error",
    "trace_transposed_output_size",
    "update_running_stats",
]
