"""What the digits page shows beside the experiment."""

from dataclasses import dataclass

from app.experiment import View
from app.labs.digits.controls import CONTROLS
from app.labs.digits.lessons import SLUGS
from engine.labs.digits.settings import MAX_LAYERS


@dataclass(frozen=True)
class DigitsView(View):
    """Raises Refused."""

    controls = CONTROLS
    lessons = SLUGS
    numbers = {"layer": (0, MAX_LAYERS)}  # noqa: RUF012  those of View are a ClassVar
    first = ("shift_map", "centre", "layer", "readouts")

    shift_map: bool = False  # the map of accuracy by shift is wanted
    centre: bool = False  # images on the pad are centred and scaled as MNIST's were
    layer: int = 0  # of the convolutional network, whose sums and values are wanted as numbers; 0 for none
    readouts: bool = False  # what a linear read-out of each layer scores is wanted
