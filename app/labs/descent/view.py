"""What the descent page shows beside the experiment."""

from dataclasses import dataclass

from app.experiment import View
from app.labs.descent.controls import CONTROLS
from app.labs.descent.lessons import SLUGS


@dataclass(frozen=True)
class DescentView(View):
    """Raises Refused."""

    controls = CONTROLS
    lessons = SLUGS
    first = ("singles", "speed")

    singles: bool = True  # the errors of single points are drawn
    speed: float | None = 5  # slow enough to see each step
    log_loss: bool = True
    log_epoch: bool = False
