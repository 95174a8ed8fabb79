"""What a visitor can do beside changing settings, and what a page asks to see."""

import random
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from app.messages import Edit, Look
from engine.labs.descent.settings import FARTHEST

if TYPE_CHECKING:  # whoever only speaks the protocol compiles no kernels
    from engine.labs.descent.trainer import DescentRun

_Weight = Annotated[float, Field(ge=-FARTHEST, le=FARTHEST)]


class NewPoints(Edit):
    """Other points of the same kind, and another order: a new seed, from step 0 on."""

    type: Literal["new-points"] = "new-points"

    def apply(self, run: "DescentRun") -> None:
        run.change(replace(run.settings, seed=f"{random.random():.5f}"))


class Hover(Look):
    """Ask for the error and its gradient at a place; null ends it."""

    type: Literal["hover"] = "hover"
    at: tuple[_Weight, ...] | None = Field(max_length=2, description="each weight")


EDITS = (NewPoints,)
LOOKS = (Hover,)
