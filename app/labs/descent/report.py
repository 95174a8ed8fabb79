"""What `hyperplane train` prints of a race."""

from typing import Any

from app.labs.descent.facts import facts, names
from app.labs.descent.frames import racer_report
from app.terminal.numbers import figure, finite
from engine.labs.descent.trainer import DescentRun


def about(run: DescentRun) -> dict[str, Any]:
    """What follows from the settings."""
    said = facts(run).model_dump()
    return {"config": {name: said[name] for name in ("weights", "start", "minima", "curvatures")} | _points(run)}


def _points(run: DescentRun) -> dict[str, Any]:
    """`points` is a number among the settings."""
    return {"examples": run.model.problem.points.tolist()} if run.settings.has_points else {}


def snapshot(run: DescentRun) -> dict[str, Any]:
    """Each racer as it is, with its way there: places after every `path_interval` steps."""
    model = run.model
    return {
        "path_interval": model.paths.interval,
        "racers": [
            {
                "name": name,
                **racer._asdict(),
                "weights": descent.place.tolist(),
                "error": finite(descent.error()),
                **racer_report(run, number),
                "path": [place.tolist() for place in model.paths.known[number] if place[0] == place[0]],
            }
            for number, (name, racer, descent) in enumerate(
                zip(names(run.settings), model.racers, model.descents, strict=True)
            )
        ],
    }


def rows(run: DescentRun) -> dict[str, str]:
    """The race in a few words."""
    return {"error": run.settings.problem, "start": ", ".join(f"{each:g}" for each in facts(run).start)}


def metrics(run: DescentRun) -> dict[str, float]:  # noqa: ARG001
    """None beside the losses, which are the racers' errors."""
    return {}


def scores(run: DescentRun) -> dict[str, str]:
    """How each racer fared."""
    return {name: _fared(run, number) for number, name in enumerate(names(run.settings))}


def _fared(run: DescentRun, number: int) -> str:
    said, error = racer_report(run, number), figure(run.model.descents[number].error())
    if said["diverged"] is not None:
        return f"diverged at step {said['diverged']:,}"
    arrived = said["arrived"]
    return f"error {error}" + (f", arrived at step {arrived:,}" if arrived is not None else "")
