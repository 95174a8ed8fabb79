"""What the digits page shows beside the experiment."""

from dataclasses import dataclass

from app.experiment import View
from app.labs.digits.controls import CONTROLS
from app.labs.digits.ink import is_ink
from app.labs.digits.lessons import SLUGS
from engine.labs.digits.mnist import PIXELS, SIDE, TEST_DIGITS
from engine.labs.digits.settings import MAX_LAYERS, Twin


@dataclass(frozen=True)
class DigitsView(View):
    """Raises Refused."""

    controls = CONTROLS
    lessons = SLUGS
    numbers = {  # noqa: RUF012  those of View are a ClassVar
        "layer": (0, MAX_LAYERS + 1),
        "test_digit": (0, TEST_DIGITS),
        "right": (-SIDE, SIDE),
        "down": (-SIDE, SIDE),
        "turn": (-180, 180),
        "size": (50, 150),
    }
    texts = {"ink": (is_ink, f"a drawing of {PIXELS} pixels, as a link has it")}  # noqa: RUF012
    first = ("shift_map", "centre", "inside_plain", "layer", "readouts")

    shift_map: bool = False  # the map of accuracy by shift is wanted
    centre: bool = False  # images on the pad are centred and scaled as MNIST's were
    inside_plain: bool = False  # the plain network is looked into, not the convolutional one
    layer: int = 0  # of that network, from 1, whose sums and values are wanted as numbers; 0 as for a page just opened
    readouts: bool = False  # what a linear read-out of each layer scores is wanted
    # What was on the pad when it last rested, for links: the page tells what networks see by the look `draw`.
    test_digit: int = 0  # from 1; 0 for none
    right: int = 0  # pixels that the image was moved
    down: int = 0
    turn: int = 0  # degrees, with the clock
    size: int = 100  # per cent
    ink: str = ""  # a drawing, which counts before a test digit; "" for none

    @property
    def inside(self) -> Twin:
        """The network that is looked into: a focus is on one of its units."""
        return "plain" if self.inside_plain else "convolutional"
