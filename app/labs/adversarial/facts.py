"""What the adversarial page is told of its run, beside the settings."""

from dataclasses import replace
from typing import TYPE_CHECKING

from app.messages import Message
from engine.labs.adversarial.settings import (
    FARTHEST,
    MAX_BATCH_SIZE,
    MAX_DRAWN,
    MAX_LAYERS,
    MAX_UNITS,
    AdversarialSettings,
    allowed,
)

if TYPE_CHECKING:  # whoever only speaks the protocol compiles no kernels
    from app.labs.adversarial.studied_run import StudiedGame


class AdversarialFacts(Message):
    """What its controls and pictures depend on."""

    generator_parameters: int
    discriminator_parameters: int
    modes: tuple[tuple[float, float], ...]  # their centres; none where the points follow a curve or a drawing
    farthest: float  # of the picture's middle, in both directions
    work: int  # multiplications of a round, about
    is_probability: bool  # whether the discriminator's field is one, and the best discriminator can be compared with it


def facts(run: "StudiedGame") -> AdversarialFacts:
    """Of the run as it is."""
    settings, mixture = run.settings, run.model.mixture
    counts = [len(network.parameters) for network in run.model.networks.values()]
    return AdversarialFacts(
        generator_parameters=counts[0],
        discriminator_parameters=counts[1],
        modes=tuple((x, y) for x, y in mixture.centres.tolist()) if mixture.has_modes else (),
        farthest=FARTHEST,
        work=settings.work,
        is_probability=not settings.is_wasserstein,
    )


def limits(parameters: int) -> dict[str, int]:
    """Of a server that allows so many parameters."""
    return {
        "layers": MAX_LAYERS,
        "units": MAX_UNITS,
        "parameters": allowed(parameters),
        "batch_size": MAX_BATCH_SIZE,
        "drawn": MAX_DRAWN,
    }


def saved_count(settings: AdversarialSettings) -> int:
    """Numbers in a link with weights."""
    return settings.parameters


def fitted(settings: AdversarialSettings, parameters: int) -> tuple[AdversarialSettings, str] | None:
    """With the default networks where these have more parameters; None where they have not."""
    limit = allowed(parameters)
    if settings.parameters <= limit:
        return None
    own = AdversarialSettings()
    repair = f"generator: {settings.parameters:,} parameters came, expected at most {limit:,} of both networks"
    return replace(settings, generator=own.generator, discriminator=own.discriminator), repair
