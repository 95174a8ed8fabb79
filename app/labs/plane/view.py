"""What the plane's page shows beside the experiment."""

from dataclasses import dataclass

from app.experiment import View
from app.labs.plane.controls import CONTROLS, is_control
from app.labs.plane.lessons import SLUGS


@dataclass(frozen=True)
class PlaneView(View):
    """Raises Refused."""

    controls = CONTROLS
    lessons = SLUGS
    first = ("show_test", "discretize", "gradients")

    show_test: bool = False
    discretize: bool = False
    gradients: bool = False  # the figures of each layer
    errors: bool = False  # points that the network classifies wrongly are marked

    @classmethod
    def is_control(cls, name: str) -> bool:
        """The buttons of single layers can be hidden too."""
        return is_control(name)
