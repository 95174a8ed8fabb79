"""What the adversarial page shows beside the experiment."""

from dataclasses import dataclass

from app.experiment import View
from app.labs.adversarial.controls import CONTROLS
from app.labs.adversarial.lessons import SLUGS


@dataclass(frozen=True)
class AdversarialView(View):
    """Raises Refused."""

    controls = CONTROLS
    lessons = SLUGS
    first = ("field", "arrows", "bent_grid", "best")

    field: bool = True  # the discriminator's field lies under the points
    arrows: bool = True  # each fake has the way along which it would best fool the discriminator
    bent_grid: bool = False  # what the generator makes of a grid of noise
    best: bool = True  # the best discriminator beside the learnt one
    log_epoch: bool = False
