"""What the plane's page shows beside the experiment."""

import re
from dataclasses import dataclass

from app.experiment import View
from app.labs.plane.controls import CONTROLS, is_control
from app.labs.plane.lessons import SLUGS

_NUMBER = r"-?\d(?:\.\d{1,3})?"  # of a place, within -6 to 6 as the page has it
_EXPLAINED = re.compile(rf"|batch|[1-9]\d{{0,3}}|{_NUMBER},{_NUMBER}")
_EXPECTED = 'the number of a training point, a place as "1.5,-2", "batch" for the next one, or nothing'


def _can_be_explained(text: str) -> bool:
    return _EXPLAINED.fullmatch(text) is not None


@dataclass(frozen=True)
class PlaneView(View):
    """Raises Refused."""

    controls = CONTROLS
    lessons = SLUGS
    first = ("show_test", "discretize", "gradients")
    texts = {"explain": (_can_be_explained, _EXPECTED)}  # noqa: RUF012  that of View is a ClassVar

    show_test: bool = False
    discretize: bool = False
    gradients: bool = False  # the figures of each layer
    errors: bool = False  # points that the network classifies wrongly are marked
    explain: str = ""  # what the open explanation is of: a training point's number, a place, the next batch

    @classmethod
    def is_control(cls, name: str) -> bool:
        """The buttons of single layers can be hidden too."""
        return is_control(name)
