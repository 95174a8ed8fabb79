"""The facts that the plane's page is told of its run, beside the settings."""

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from app.messages import Message
from engine.labs.plane.given import MAX_POINTS
from engine.labs.plane.kinds import KINDS
from engine.labs.plane.settings import MAX_BATCH_SIZE, MAX_HIDDEN_LAYERS, MAX_NEURONS, Settings
from engine.machine.architecture import Objective

if TYPE_CHECKING:  # a client of the protocol compiles no kernels
    from engine.labs.plane.trainer import Trainer
    from engine.runs.data import Given


class TensorPlace(Message):
    """A part of a frame's `parameters`."""

    name: str  # "layer 2 weights"; the last column are the biases
    offset: int  # place of its first number
    shape: tuple[int, ...]  # row by row


class OwnPoints(Message):
    """What is known of points that somebody gave, beside the points."""

    count: int
    columns: tuple[str, ...]  # names of x, y and what is learned; none if nobody gave them
    classes: tuple[str, ...]  # names
    formula: str  # that labels them, as somebody wrote it; "" for points without one
    notices: tuple[str, ...]  # what is unexpected of how they were made, in sentences


class PlaneFacts(Message):
    """What its controls and pictures depend on."""

    problem: Literal["classification", "regression"]
    objective: Objective  # the loss that is trained
    classes: int  # of the points; 0 in a regression
    most_classes: int  # that the data set can have
    is_fixed: bool  # whether its points are always the same: no noise, no test points
    own: OwnPoints | None  # null where the settings draw the points
    domain: tuple[float, float]  # what the pictures show of the plane, in both directions
    shape: tuple[int, ...]  # units of each layer, inputs and output included
    layout: tuple[TensorPlace, ...]  # all parameters, in their order
    parameter_count: int  # of all kinds: weights, biases, and scales and shifts of batch norm
    weight_count: int
    bias_count: int


def facts(run: "Trainer") -> PlaneFacts:
    """The facts of the run as it is."""
    settings = run.settings
    return PlaneFacts(
        problem=settings.problem,
        objective=settings.objective,
        classes=settings.class_count,
        most_classes=KINDS[settings.dataset].most_classes,
        is_fixed=KINDS[settings.dataset].fixed,
        own=_own(run.given) if run.given else None,
        domain=settings.domain,
        shape=settings.shape,
        layout=tuple(
            TensorPlace(name=each.name, offset=each.offset, shape=each.shape) for each in run.network.program.layout
        ),
        parameter_count=settings.parameter_count,
        weight_count=settings.weight_count,
        bias_count=settings.bias_count,
    )


def _own(given: "Given") -> OwnPoints:
    return OwnPoints(
        count=given.ref.count,
        columns=given.columns,
        classes=given.classes,
        formula=given.formula,
        notices=given.notices,
    )


def limits(parameters: int) -> dict[str, int]:
    """The limits of a server that allows so many parameters."""
    return {
        "hidden_layers": MAX_HIDDEN_LAYERS,
        "neurons": MAX_NEURONS,
        "parameters": parameters,
        "batch_size": MAX_BATCH_SIZE,
        "points": MAX_POINTS,
    }


def saved_count(settings: Settings) -> int:
    """How many numbers a link with weights has."""
    return settings.saved_count


def fitted(settings: Settings, parameters: int) -> tuple[Settings, str] | None:
    """For settings with more parameters: the same with the default hidden layers, and the repair. None otherwise."""
    if settings.parameter_count <= parameters:
        return None
    fitting = replace(settings, hidden=Settings().hidden, activations=(), lesions=())
    return fitting, f"hidden: {settings.parameter_count:,} parameters came, expected at most {parameters:,}"
