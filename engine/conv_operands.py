"""The letters of a convolution and of its gradients: what its formulas call each tensor."""

from __future__ import annotations

from engine.notation import Operand

X = Operand("x", "x", "x")
X_PADDED = Operand("x", "padded", r"\tilde{x}")
X_SPREAD = Operand("x", "spread", r"\hat{x}")
WEIGHT = Operand("w", "weight", "w")
BIAS = Operand("b", "bias", "b")
Y = Operand("y", "y", "y")

GRAD_Y = Operand("g", "grad_y", "y", gradient=True)
GRAD_Y_PADDED = Operand("g", "padded", r"\tilde{y}", gradient=True)
GRAD_Y_SPREAD = Operand("g", "spread", r"\hat{y}", gradient=True)
GRAD_X = Operand("grad_x", "grad_x", "x", gradient=True)
GRAD_PADDED = Operand("grad_padded", "grad_padded", r"\tilde{x}", gradient=True)
GRAD_WEIGHT = Operand("grad_weight", "grad_weight", "w", gradient=True)
GRAD_BIAS = Operand("grad_bias", "grad_bias", "b", gradient=True)
