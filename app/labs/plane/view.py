"""What the plane's page shows beside the experiment."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from app.experiment import View
from app.labs.plane.controls import CONTROLS, is_control
from app.labs.plane.lessons import SLUGS

_NUMBER = r"-?\d(?:\.\d{1,3})?"  # of a place, within -6 to 6 as the page has it
_EXPLAINED = rf"|batch|[1-9]\d{{0,3}}|{_NUMBER},{_NUMBER}"
_EXPECTED = 'the number of a training point, a place as "1.5,-2", "batch" for the next one, or nothing'
_PHASE = r"|(?:forward|back)-[1-9]\d?|loss|chain|gradient|update"
_PHASES = '"forward-2" or "back-2" with the layer, "loss", "chain", "gradient", "update", or nothing'
_SURFACE = r"|weights,\d{1,6},\d{1,6}|weight,\d{1,6}|gradient|path|random"
_SURFACES = '"weights" or "weight" with their places, as "weights,0,1", "gradient", "path", "random", or nothing'
_AXES = r"plane|[1-9]\d{0,2}(?:-[1-9]\d{0,2}){1,2}"  # the principal plane, or two or three units
_SPACE = rf"|[1-9]\d?-(?:{_AXES})"
_SPACES = 'a layer and its axes as "2-1-2", "2-1-2-3" or "2-plane", or nothing'


def _like(pattern: str) -> Callable[[str], bool]:
    expression = re.compile(pattern)
    return lambda text: expression.fullmatch(text) is not None


@dataclass(frozen=True)
class PlaneView(View):
    """Raises Refused."""

    controls = CONTROLS
    lessons = SLUGS
    first = ("show_test", "discretize", "gradients")
    texts = {  # noqa: RUF012  that of View is a ClassVar
        "explain": (_like(_EXPLAINED), _EXPECTED),
        "phase": (_like(_PHASE), _PHASES),
        "surface": (_like(_SURFACE), _SURFACES),
        "space": (_like(_SPACE), _SPACES),
    }

    show_test: bool = False
    discretize: bool = False
    gradients: bool = False  # the figures of each layer
    errors: bool = False  # points that the network classifies wrongly are marked
    explain: str = ""  # what the open explanation is of: a training point's number, a place, the next batch
    phase: str = ""  # of the explained step, where it is not the first: "forward-2"
    surface: str = ""  # what the open loss surface is over: two weights, one weight, directions
    surface_relief: bool = False  # the map of the loss is a surface
    relief: bool = False  # the large picture is a surface
    space: str = ""  # the layer whose space is open, and the axes: units, or the first principal plane

    @classmethod
    def is_control(cls, name: str) -> bool:
        """The buttons of single layers can be hidden too."""
        return is_control(name)
