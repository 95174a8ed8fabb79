"""Digits: a convolutional network and a plain one that learn to read the same handwritten digits, side by side."""

from app.labs.contract import Exports, Lab, LabEngine
from app.labs.digits.edits import EDITS, LOOKS
from app.labs.digits.explanations import EXPLANATIONS
from app.labs.digits.facts import DigitsFacts, fitted, limits, saved_count
from app.labs.digits.lessons import CHAPTERS
from app.labs.digits.view import DigitsView
from engine.labs.digits.settings import MAX_PARAMETERS, DigitsSettings


def _load() -> LabEngine:
    from app.labs.digits import engine  # noqa: PLC0415  it compiles kernels

    return engine


def _exports() -> Exports:
    from app.labs.digits import exports  # noqa: PLC0415  as above

    return exports


DIGITS = Lab(
    name=DigitsSettings.lab,
    title="Digits",
    path="/digits",
    template="labs/digits.html",
    settings=DigitsSettings,
    view=DigitsView,
    facts=DigitsFacts,
    losses=("convolutional_train", "convolutional_test", "plain_train", "plain_test"),
    load=_load,
    most_parameters=MAX_PARAMETERS,
    limits=limits,
    saved_count=saved_count,
    fitted=fitted,
    edits=EDITS,
    looks=LOOKS,
    chapters=CHAPTERS,
    explanations=EXPLANATIONS,
    exports=_exports,
)
