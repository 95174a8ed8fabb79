"""Adversarial: a generator and a discriminator in the plane, which learn against each other."""

from app.labs.adversarial.edits import EDITS, LOOKS
from app.labs.adversarial.explanations import EXPLANATIONS
from app.labs.adversarial.facts import AdversarialFacts, fitted, limits, saved_count
from app.labs.adversarial.lessons import CHAPTERS
from app.labs.adversarial.view import AdversarialView
from app.labs.contract import Exports, Lab, LabEngine
from engine.labs.adversarial.settings import MAX_PARAMETERS, AdversarialSettings


def _load() -> LabEngine:
    from app.labs.adversarial import engine  # noqa: PLC0415  it compiles kernels

    return engine


def _exports() -> Exports:
    from app.labs.adversarial import exports  # noqa: PLC0415  as above

    return exports


ADVERSARIAL = Lab(
    name=AdversarialSettings.lab,
    title="GAN",
    path="/adversarial",
    template="labs/adversarial.html",
    settings=AdversarialSettings,
    view=AdversarialView,
    facts=AdversarialFacts,
    losses=("discriminator", "generator"),
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
    unit="round",
)
