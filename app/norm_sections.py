"""What the sections of the batch-norm page that speak for themselves need of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.block_requests import BlockRequest
from app.controls import controls_of
from app.fields import Strict
from app.lesson_figure import script_json
from app.norm_maps import NormRequest
from app.norm_running import TrainingRequest
from app.pages import plain_control


@dataclass(frozen=True)
class Section:
    """The request that a section makes, and what else it keeps in the address.

    Its keys begin with a letter of their own, as no other key of the page does.
    """

    request: type[Strict]
    views: tuple[str, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key of the address that is the section's own."""
        return (*(control.key for control in controls_of(self.request)), *self.views)

    def context(self, query: Mapping[str, str]) -> dict[str, Any]:
        """Give the controls of the section by their keys, with the values of an address.

        The address is checked when the section asks for its trace, not before.
        """
        controls = controls_of(self.request)
        return {
            "controls": {control.key: control for control in controls},
            "values": {control.key: query.get(control.key, control.query) for control in controls},
            "plain": script_json([plain_control(control) for control in controls]),
        }


SECTIONS: Mapping[str, Section] = {
    # The cell that is pinned, and the tensor shown beside the input.
    "maps": Section(NormRequest, ("fp", "fv")),
    # The batches that are fed, the mode, and the sample that is followed.
    "running": Section(TrainingRequest, ("rt", "rmode", "ri")),
    # The stages that are done, and the cell that is pinned.
    "block": Section(BlockRequest, ("kn", "kp")),
}
