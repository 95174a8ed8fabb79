"""What the autoencoder page shows beside the experiment."""

from dataclasses import dataclass

from app.experiment import View
from app.labs.autoencoder.controls import CONTROLS
from app.labs.autoencoder.lessons import SLUGS
from engine.labs.autoencoder.settings import FACTORS, MOST_NUMBERS


@dataclass(frozen=True)
class AutoencoderView(View):
    """Raises Refused."""

    controls = CONTROLS
    lessons = SLUGS
    numbers = {  # noqa: RUF012  those of View are a ClassVar
        "across": (1, MOST_NUMBERS),
        "up": (1, MOST_NUMBERS),
        "tint": (0, len(FACTORS) - 1),
    }
    first = ("across", "up", "tint")

    across: int = 1  # the number of the code that the planes show from left to right, from 1
    up: int = 2  # the same from below; counted from the end where the code is shorter
    tint: int = 0  # the factor that colours faces, from 0
    log_loss: bool = True
