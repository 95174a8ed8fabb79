"""What a visitor can do beside changing settings, and what a page asks to see."""

import random
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from app.messages import Edit, Look
from engine.labs.autoencoder.settings import MOST_NUMBERS

if TYPE_CHECKING:  # whoever only speaks the protocol compiles no kernels
    from engine.labs.autoencoder.trainer import AutoencoderRun

_MOST_EXAMPLES = 2_000
_Number = Annotated[float, Field(ge=-1e6, le=1e6)]


class AnotherSeed(Edit):
    """Go back to epoch 0 with a new seed: other first weights, another order, other points.

    On the wire it has the name that pages know of other labs; here another one, as the page's types have all in one.
    """

    pauses: ClassVar[bool] = True
    type: Literal["new-weights"] = "new-weights"

    def apply(self, run: "AutoencoderRun") -> None:
        run.change(replace(run.settings, seed=f"{random.random():.5f}"))


class Example(Look):
    """Ask for both reconstructions of a test example; null ends it."""

    type: Literal["example"] = "example"
    number: int | None = Field(ge=0, lt=_MOST_EXAMPLES, description="in the material's order")


class Decode(Look):
    """Ask what the decoder, or PCA, makes of a code; null ends it."""

    type: Literal["decode"] = "decode"
    code: tuple[_Number, ...] | None = Field(max_length=MOST_NUMBERS, description="as many numbers as the code has")
    by: Literal["decoder", "pca"] = "decoder"


EDITS = (AnotherSeed,)
LOOKS = (Example, Decode)
