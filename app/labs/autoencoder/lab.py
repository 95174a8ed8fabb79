"""Autoencoder: examples are put into few numbers and made of these again, beside what PCA does with as many."""

from app.labs.autoencoder.edits import EDITS, LOOKS
from app.labs.autoencoder.explanations import EXPLANATIONS
from app.labs.autoencoder.facts import AutoencoderFacts, fitted, limits, saved_count
from app.labs.autoencoder.lessons import CHAPTERS
from app.labs.autoencoder.view import AutoencoderView
from app.labs.contract import Exports, Lab, LabEngine
from engine.labs.autoencoder.settings import AutoencoderSettings

_MOST_PARAMETERS = 150_000  # as operators count them; see `engine.labs.autoencoder.settings.allowed`


def _load() -> LabEngine:
    from app.labs.autoencoder import engine  # noqa: PLC0415  it compiles kernels

    return engine


def _exports() -> Exports:
    from app.labs.autoencoder import exports  # noqa: PLC0415  as above

    return exports


AUTOENCODER = Lab(
    name=AutoencoderSettings.lab,
    title="Autoencoder",
    path="/autoencoder",
    template="labs/autoencoder.html",
    settings=AutoencoderSettings,
    view=AutoencoderView,
    facts=AutoencoderFacts,
    losses=("train", "test"),
    load=_load,
    most_parameters=_MOST_PARAMETERS,
    limits=limits,
    saved_count=saved_count,
    fitted=fitted,
    edits=EDITS,
    looks=LOOKS,
    chapters=CHAPTERS,
    explanations=EXPLANATIONS,
    exports=_exports,
)
