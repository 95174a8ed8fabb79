"""What a visitor can do to the networks, and what a page asks to see. Each edit is a message, and applies itself."""

import base64
import binascii
import random
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, field_validator

from app.messages import Edit, Look
from engine.labs.digits.mnist import PIXELS, TEST_DIGITS
from engine.labs.digits.settings import MAX_SHIFT, Twin

if TYPE_CHECKING:  # whoever only speaks the protocol compiles no kernels
    from app.labs.digits.studied_run import StudiedRun

_FARTHEST = 28  # pixels: an image may leave the pad
_Layer = Annotated[int, Field(ge=1, description="from 1")]
_Unit = Annotated[int, Field(ge=1, description="or filter, from 1")]
_Weight = Annotated[float, Field(ge=-1e6, le=1e6)]


class NewSeed(Edit):
    """Go back to epoch 0 with a new seed: other first weights, another order of the digits.

    On the wire it has the name that pages know of other labs; here another one, as the page's types have all in one.
    """

    pauses: ClassVar[bool] = True
    type: Literal["new-weights"] = "new-weights"

    def apply(self, run: "StudiedRun") -> None:
        run.change(replace(run.settings, seed=f"{random.random():.5f}"))


class SwitchUnit(Edit):
    """Switch a unit or filter off, or on again; its weights stay."""

    type: Literal["switch-unit"] = "switch-unit"
    twin: Twin
    layer: _Layer
    unit: _Unit
    off: bool

    def apply(self, run: "StudiedRun") -> None:
        run.switch(self.twin, self.layer, self.unit, off=self.off)


class SetUnit(Edit):
    """Give a unit or filter other weights, also while training."""

    gradual: ClassVar[tuple[str, ...] | None] = ("twin", "layer", "unit")
    type: Literal["set-unit"] = "set-unit"
    twin: Twin
    layer: _Layer
    unit: _Unit
    weights: tuple[_Weight, ...] = Field(description="row by row, as in `facts`, without the last dimension")
    bias: _Weight

    def apply(self, run: "StudiedRun") -> None:
        run.edit_unit(self.twin, self.layer, self.unit, self.weights, self.bias)


class SetUnitsWeight(Edit):
    """Set one weight of a unit or filter, or its bias, also while training: all others go on as they are."""

    gradual: ClassVar[tuple[str, ...] | None] = ("twin", "layer", "unit", "place")
    type: Literal["set-unit-weight"] = "set-unit-weight"
    twin: Twin
    layer: _Layer
    unit: _Unit
    place: int | None = Field(ge=0, description="of the weight, from 0, in the order of `set-unit`; null for the bias")
    value: _Weight

    def apply(self, run: "StudiedRun") -> None:
        run.edit_weight(self.twin, self.layer, self.unit, self.place, self.value)


class RestoreUnit(Edit):
    """Give a unit or filter the weights that it had before the first `set-unit` or `set-unit-weight`."""

    type: Literal["restore-unit"] = "restore-unit"
    twin: Twin
    layer: _Layer
    unit: _Unit

    def apply(self, run: "StudiedRun") -> None:
        run.restore_unit(self.twin, self.layer, self.unit)


EDITS = (NewSeed, SwitchUnit, SetUnit, SetUnitsWeight, RestoreUnit)


class Draw(Look):
    """The image on the pad: drawn, or a test digit; scaled, turned and moved. Without either the pad is empty."""

    type: Literal["draw"] = "draw"
    pixels: str | None = Field(default=None, max_length=2_000, description=f"{PIXELS} bytes of ink in base64")
    digit: int | None = Field(default=None, ge=0, lt=TEST_DIGITS, description="a test digit, in the material's order")
    move: tuple[
        Annotated[float, Field(ge=-_FARTHEST, le=_FARTHEST)], Annotated[float, Field(ge=-_FARTHEST, le=_FARTHEST)]
    ] = Field(default=(0.0, 0.0), description="pixels to the right and down")
    turn: float = Field(default=0, ge=-360, le=360, description="degrees, with the clock")
    scale: float = Field(default=1, ge=0.2, le=5)

    @field_validator("pixels")
    @classmethod
    def _check_pixels(cls, came: str | None) -> str | None:
        if came is not None and len(_bytes_of(came)) != PIXELS:
            raise ValueError(f"expected {PIXELS} bytes in base64")
        return came

    @property
    def ink(self) -> bytes | None:
        """The drawn pixels, row by row."""
        return None if self.pixels is None else _bytes_of(self.pixels)


def _bytes_of(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(f"expected {PIXELS} bytes in base64") from error


_Shift = Annotated[int, Field(ge=-MAX_SHIFT, le=MAX_SHIFT)]


class Cell(Look):
    """Ask for misread digits at a shift of the map; null ends it."""

    type: Literal["cell"] = "cell"
    at: tuple[_Shift, _Shift] | None = Field(description="pixels to the right and down")


LOOKS = (Draw, Cell)
