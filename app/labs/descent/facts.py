"""What the descent page is told of its run, beside the settings."""

from typing import TYPE_CHECKING

from app.messages import Message
from engine.labs.descent.problems import heights, is_lowest
from engine.labs.descent.settings import MOST_POINTS, MOST_RACERS, SETTINGS, DescentSettings, Method, Runner

if TYPE_CHECKING:  # whoever only speaks the protocol compiles no kernels
    from engine.labs.descent.trainer import DescentRun


class RacerFact(Message):
    """One of those who descend, in the order of the losses."""

    name: str  # what it differs in from the others, in words
    method: Method
    runner: Runner
    rate: float


class MinimumFact(Message):
    """A minimum of the error."""

    at: tuple[float, ...]
    error: float
    is_lowest: bool


class DescentFacts(Message):
    """What its controls and pictures depend on."""

    weights: tuple[str, ...]  # their names
    window: tuple[tuple[float, float], ...]  # what of each the picture shows
    start: tuple[float, ...]  # where all begin
    minima: tuple[MinimumFact, ...]  # the lowest first; none where points are separable
    curvatures: tuple[float, float] | None  # the least and the greatest, of a quadratic error
    racers: tuple[RacerFact, ...]
    has_points: bool
    across: tuple[float, float] | None  # the range of x in the picture of the points


def facts(run: "DescentRun") -> DescentFacts:
    """Of the run as it is."""
    problem, settings = run.model.problem, run.settings
    return DescentFacts(
        weights=problem.weights,
        window=problem.window,
        start=settings.start or problem.start,
        minima=tuple(
            MinimumFact(at=at, error=error, is_lowest=is_lowest(problem, number))
            for number, (at, error) in enumerate(zip(problem.minima, heights(problem), strict=True))
        ),
        curvatures=problem.curvatures,
        racers=tuple(
            RacerFact(name=name, method=racer.method, runner=racer.runner, rate=racer.rate)
            for name, racer in zip(names(settings), settings.racers, strict=True)
        ),
        has_points=settings.has_points,
        across=problem.across,
    )


def names(settings: DescentSettings) -> list[str]:
    """What each racer is called."""
    if settings.race == "rates":
        return [f"η = {racer.rate:.4g}" for racer in settings.racers]
    words = SETTINGS["runner" if settings.race == "runners" else "method"].choices
    return [words[racer.runner if settings.race == "runners" else racer.method] for racer in settings.racers]


def limits(parameters: int) -> dict[str, int]:  # noqa: ARG001  it is always small
    """Of any server."""
    return {"points": MOST_POINTS, "racers": MOST_RACERS}


def saved_count(settings: DescentSettings) -> int:
    """Numbers in a link with weights: where each racer is."""
    return settings.racer_count * settings.weights


def fitted(settings: DescentSettings, parameters: int) -> None:  # noqa: ARG001
    """No server is too small."""
    return
