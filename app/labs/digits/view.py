"""What the digits page shows beside the experiment."""

from dataclasses import dataclass

from app.experiment import View
from app.labs.digits.controls import CONTROLS
from app.labs.digits.ink import is_ink
from app.labs.digits.lessons import SLUGS
from engine.labs.digits.mnist import PIXELS, SIDE, TEST_DIGITS
from engine.labs.digits.settings import MAX_LAYERS


@dataclass(frozen=True)
class DigitsView(View):
    """Raises Refused."""

    controls = CONTROLS
    lessons = SLUGS
    numbers = {  # noqa: RUF012  those of View are a ClassVar
        "layer": (0, MAX_LAYERS),
        "test_digit": (0, TEST_DIGITS),
        "right": (-SIDE, SIDE),
        "down": (-SIDE, SIDE),
        "turn": (-180, 180),
        "size": (50, 150),
    }
    texts = {"ink": (is_ink, f"a drawing of {PIXELS} pixels, as a link has it")}  # noqa: RUF012
    first = ("shift_map", "centre", "layer", "readouts")

    shift_map: bool = False  # the map of accuracy by shift is wanted
    centre: bool = False  # images on the pad are centred and scaled as MNIST's were
    layer: int = 0  # of the convolutional network, whose sums and values are wanted as numbers; 0 for none
    readouts: bool = False  # what a linear read-out of each layer scores is wanted
    # What was on the pad when it last rested, for links: the page tells what networks see by the look `draw`.
    test_digit: int = 0  # from 1; 0 for none
    right: int = 0  # pixels that the image was moved
    down: int = 0
    turn: int = 0  # degrees, with the clock
    size: int = 100  # per cent
    ink: str = ""  # a drawing, which counts before a test digit; "" for none
