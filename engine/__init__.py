"""The engine of ConvLens: convolution on NumPy arrays, and its explanation step by step.

`kernels` maps an id such as "sobel_x" to a filter. Its module is called `kernel_library`: a
submodule `kernels` would be bound to the same name and hide the mapping.
"""

from engine.conv2d import conv2d
from engine.conv2d_trace import trace_conv2d
from engine.errors import EngineError, ParameterError, Remedy, ShapeError
from engine.filter_image import filter_image
from engine.kernel_library import KERNELS as kernels
from engine.kernel_library import Kernel
from engine.padding import pad2d
from engine.shapes import conv2d_output_shape
from engine.size_trace import trace_output_size

__all__ = [
    "EngineError",
    "Kernel",
    "ParameterError",
    "Remedy",
    "ShapeError",
    "conv2d",
    "conv2d_output_shape",
    "filter_image",
    "kernels",
    "pad2d",
    "trace_conv2d",
    "trace_output_size",
]
