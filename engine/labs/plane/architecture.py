"""Turns settings of the plane into the architecture of a network."""

from engine.labs.plane.settings import Settings
from engine.machine.architecture import Architecture


def architecture_of(settings: Settings) -> Architecture:
    """The architecture that the settings ask for."""
    return Architecture(
        shape=settings.shape,
        activations=settings.layer_activations,
        output="linear" if settings.problem == "regression" else "tanh",
        objective=settings.objective,
        connections=settings.connections,
        batch_norm=settings.batch_norm,
        dropout=settings.dropout > 0,
        lesions=settings.lesions,
    )
