"""What a visitor can do beside changing settings, and what a page asks to see."""

import random
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from app.messages import Edit, Look

if TYPE_CHECKING:  # whoever only speaks the protocol compiles no kernels
    from app.labs.adversarial.studied_run import StudiedGame

MOST_ROUNDS = 20_000  # of each of sixteen seeds


class OtherSeed(Edit):
    """Go back to round 0 with a new seed: other points, first weights, noise and batches.

    On the wire it has the name that pages know of other labs.
    """

    pauses: ClassVar[bool] = True
    type: Literal["new-weights"] = "new-weights"

    def apply(self, run: "StudiedGame") -> None:
        run.change(replace(run.settings, seed=f"{random.random():.5f}"))


class SixteenSeeds(Look):
    """Ask for the present experiment with the seeds 1 to 16; null rounds end it. A new number asks anew."""

    type: Literal["sixteen-seeds"] = "sixteen-seeds"
    rounds: int | None = Field(ge=1, le=MOST_ROUNDS, description="of each")
    number: int = Field(ge=0, le=2**31, description="of the question")


EDITS = (OtherSeed,)
LOOKS = (SixteenSeeds,)
