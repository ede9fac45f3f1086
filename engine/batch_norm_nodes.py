"""The quantities of batch norm's graphs: what each is called, its letter and where it lives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from engine.phases import Role


@dataclass(frozen=True)
class Node:
    """One quantity of a graph.

    Attributes
    ----------
    label : str
        What people call it.
    letter : str
        Its letter in LaTeX, without indices.
    role : Role
        Its part in the computation.
    per_cell : bool
        Whether it has a value for each cell of the batch, rather than one for each channel.
    shared : bool
        Whether it is a statistic: one value for all the cells that share it.
    mark : str
        A word that stands with the letter as an index.
    """

    label: str
    letter: str
    role: Role = "intermediate"
    per_cell: bool = False
    shared: bool = False
    mark: str = ""


NODES: Final[Mapping[str, Node]] = {
    "x": Node("Input", "x", "input", per_cell=True),
    "mu": Node("Mean", r"\mu", shared=True),
    "sigma2": Node("Variance", r"\sigma^2", shared=True),
    "xhat": Node("Normalised input", r"\hat{x}", per_cell=True),
    "gamma": Node("Scale", r"\gamma", "weight"),
    "beta": Node("Shift", r"\beta", "weight"),
    "y": Node("Output", "y", "output", per_cell=True),
    # The gates between them.
    "centred": Node("Centred input", "d", per_cell=True),
    "squared": Node("Square", "q", per_cell=True),
    "shifted": Node("Variance plus eps", "v", shared=True),
    "root": Node("Root", "s", shared=True),
    "inverse": Node("Inverse of the root", "r", shared=True),
    "scaled": Node("Scaled input", "z", per_cell=True),
    # The loss, and what it compares the output with.
    "target": Node("Target", "t", "input", per_cell=True),
    "loss": Node("Loss", "L", "output"),
    # What is kept for inference.
    "unbiased": Node("Unbiased variance", r"\sigma^2", mark="unbiased"),
    "running_mean": Node("Running mean", r"\mu", "input", mark="run"),
    "running_var": Node("Running variance", r"\sigma^2", "input", mark="run"),
    "new_mean": Node("New running mean", r"\mu", "output", mark="new"),
    "new_var": Node("New running variance", r"\sigma^2", "output", mark="new"),
}
_GRADIENT_LABELS = {"y": "Upstream gradient", "x": "Gradient of input"}


def node_of(name: str) -> Node:
    """Look up a quantity; the gradient of one lives where it does."""
    return NODES[name.removeprefix("grad_")]


def label_of(name: str) -> str:
    """Say what a quantity, or the gradient of one, is called.

    Examples
    --------
    >>> label_of("xhat"), label_of("grad_mu")
    ('Normalised input', 'Gradient of the mean')
    """
    label = node_of(name).label
    if not name.startswith("grad_"):
        return label
    return _GRADIENT_LABELS.get(name[5:], f"Gradient of the {label.lower()}")
