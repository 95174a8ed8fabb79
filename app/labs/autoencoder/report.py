"""What `hyperplane train` prints of an autoencoder."""

from typing import Any

from app.terminal.numbers import figure, finite
from engine.labs.autoencoder.trainer import AutoencoderRun


def about(run: AutoencoderRun) -> dict[str, Any]:
    """What follows from the settings."""
    settings = run.settings
    return {"config": {"widths": settings.widths, "parameters": settings.parameters}}


def snapshot(run: AutoencoderRun) -> dict[str, Any]:
    """The stack as it is: weights as (inputs, units), layer by layer."""
    stack = run.model.stack
    layers = range(1, len(stack.layers) + 1)
    return {
        "weights": [stack.tensor(layer, "weights").tolist() for layer in layers],
        "biases": [stack.tensor(layer, "biases").tolist() for layer in layers],
        **{name: finite(value) for name, value in metrics(run).items()},
    }


def rows(run: AutoencoderRun) -> dict[str, str]:
    """The stack in a few words."""
    settings = run.settings
    return {"stack": f"{'-'.join(map(str, settings.widths))}, {settings.parameters:,} parameters"}


def metrics(run: AutoencoderRun) -> dict[str, float]:
    """Mean squared errors of an example; the angle to PCA's space, in degrees, of a linear stack."""
    model = run.model
    train, test = run.losses()
    angle = model.angle
    return {
        "error_train": train,
        "error_test": test,
        "error_pca": model.error_of_pca,
        "error_nothing": model.error_of_nothing,
        **({} if angle is None else {"angle": angle}),
    }


def scores(run: AutoencoderRun) -> dict[str, str]:
    """How well it does, beside PCA."""
    return {name.replace("_", " of "): figure(value) for name, value in metrics(run).items()}
