"""What the autoencoder page is told of its run, beside the settings."""

from dataclasses import replace
from typing import TYPE_CHECKING

from app.messages import Message
from engine.labs.autoencoder.settings import (
    FACTORS,
    MAX_BATCH_SIZE,
    MAX_LAYERS,
    MAX_UNITS,
    MOST_NUMBERS,
    SIDES,
    AutoencoderSettings,
    allowed,
)

if TYPE_CHECKING:  # whoever only speaks the protocol compiles no kernels
    from engine.labs.autoencoder.trainer import AutoencoderRun


class AutoencoderFacts(Message):
    """What its controls and pictures depend on."""

    widths: tuple[int, ...]  # of all layers, from the inputs to what is made of the code
    parameters: int
    side: int  # pixels of an image, in both directions; 0 of points
    classes: int  # of the test examples; 0 where they have none
    train_examples: int
    test_examples: int
    error_pca: float  # mean squared error of a test example, of PCA with as many numbers
    error_nothing: float  # the same of the mean training example
    pca_errors: tuple[float, ...]  # of PCA with 0, 1, 2, … numbers
    factors: tuple[str, ...]  # what is known of each face, in words
    multiplications: int  # of an epoch, about


def facts(run: "AutoencoderRun") -> AutoencoderFacts:
    """Of the run as it is."""
    settings, model = run.settings, run.model
    return AutoencoderFacts(
        widths=settings.widths,
        parameters=settings.parameters,
        side=SIDES.get(settings.examples, 0),
        classes=10 if settings.examples == "digits" else 0,
        train_examples=len(model.train_errors),
        test_examples=len(model.test_errors),
        error_pca=model.error_of_pca,
        error_nothing=model.error_of_nothing,
        pca_errors=tuple(model.pca.errors.tolist()),
        factors=tuple(FACTORS.values()) if settings.examples == "faces" else (),
        multiplications=work_of_an_epoch(run),
    )


_WAYS = 3  # forward, and back to weights and to values: as many multiplications each, at most


def work_of_an_epoch(run: "AutoencoderRun") -> int:
    """Multiplications, about."""
    return _WAYS * run.settings.parameters * len(run.model.train_errors)


def limits(parameters: int) -> dict[str, int]:
    """Of a server that allows so many parameters in the plane."""
    return {
        "layers": MAX_LAYERS,
        "units": MAX_UNITS,
        "numbers": MOST_NUMBERS,
        "parameters": allowed(parameters),
        "batch_size": MAX_BATCH_SIZE,
    }


def saved_count(settings: AutoencoderSettings) -> int:
    """Numbers in a link with weights."""
    return settings.parameters


def fitted(settings: AutoencoderSettings, parameters: int) -> tuple[AutoencoderSettings, str] | None:
    """With the default layers where these have more parameters; None where they have not."""
    limit = allowed(parameters)
    if settings.parameters <= limit:
        return None
    fitting = replace(settings, hidden=AutoencoderSettings().hidden)
    if fitting.parameters > limit:
        fitting = replace(fitting, examples=AutoencoderSettings().examples, code=AutoencoderSettings().code)
    return fitting, f"hidden: {settings.parameters:,} parameters came, expected at most {limit:,}"
