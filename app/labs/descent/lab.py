"""Descent: gradient descent where the whole truth fits on the screen, with all who descend side by side."""

from app.labs.contract import Lab, LabEngine
from app.labs.descent.edits import EDITS, LOOKS
from app.labs.descent.explanations import EXPLANATIONS
from app.labs.descent.facts import DescentFacts, fitted, limits, saved_count
from app.labs.descent.lessons import CHAPTERS
from app.labs.descent.view import DescentView
from engine.labs.descent.settings import MOST_RACERS, DescentSettings


def _load() -> LabEngine:
    from app.labs.descent import engine  # noqa: PLC0415  it compiles kernels

    return engine


DESCENT = Lab(
    name=DescentSettings.lab,
    title="Descent",
    path="/descent",
    template="labs/descent.html",
    settings=DescentSettings,
    view=DescentView,
    facts=DescentFacts,
    losses=tuple(f"racer_{number}" for number in range(1, MOST_RACERS + 1)),
    load=_load,
    most_parameters=2 * MOST_RACERS,
    limits=limits,
    saved_count=saved_count,
    fitted=fitted,
    edits=EDITS,
    looks=LOOKS,
    chapters=CHAPTERS,
    explanations=EXPLANATIONS,
    unit="step",
    dtype="float64",
)
