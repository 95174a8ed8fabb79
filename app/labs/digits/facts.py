"""What the digits page is told of its run, beside the settings."""

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from app.messages import Message
from engine.labs.digits.mnist import CLASSES, SIDE, TEST_DIGITS
from engine.labs.digits.settings import (
    MAX_BATCH_SIZE,
    MAX_FILTERS,
    MAX_LAYERS,
    MAX_UNITS,
    TWINS,
    DigitsSettings,
    Twin,
    allowed,
)
from engine.matrices.layers import Convolution

if TYPE_CHECKING:  # whoever only speaks the protocol compiles no kernels
    from app.labs.digits.studied_run import StudiedRun
    from engine.matrices.network import Network


class LayerFact(Message):
    """A layer with weights. Offsets are places in the frame's `parameters_plain` or `parameters_convolutional`."""

    kind: Literal["convolution", "dense"]
    units: int  # or filters
    size: int  # of a filter, in both directions; 0 of a dense layer
    sums_side: int  # height and width of what filters make, before pooling; 0 of a dense layer
    side: int  # the same after pooling
    pool: Literal["none", "2x2", "global"]
    parameters: int
    weights_offset: int
    weights_shape: tuple[int, ...]
    """(size, size, channels, filters), (inputs, units), or behind maps (height, width, channels, units); row by row."""
    biases_offset: int  # as many as units


class DigitsFacts(Message):
    """What its controls and pictures depend on."""

    plain: tuple[LayerFact, ...]
    convolutional: tuple[LayerFact, ...]
    plain_parameters: int
    convolutional_parameters: int
    plain_edited: tuple[tuple[int, int], ...]  # layers and units whose weights were edited, which can be restored
    convolutional_edited: tuple[tuple[int, int], ...]
    classes: int
    test_digits: int
    side: int  # pixels of an image, in both directions


def facts(run: "StudiedRun") -> DigitsFacts:
    """Of the run as it is."""
    settings, networks = run.settings, run.model.networks
    return DigitsFacts(
        plain=_layers(networks["plain"]),
        convolutional=_layers(networks["convolutional"]),
        plain_parameters=settings.parameter_count("plain"),
        convolutional_parameters=settings.parameter_count("convolutional"),
        plain_edited=run.edited("plain"),
        convolutional_edited=run.edited("convolutional"),
        classes=CLASSES,
        test_digits=TEST_DIGITS,
        side=SIDE,
    )


def _layers(network: "Network") -> tuple[LayerFact, ...]:
    facts, offset = [], 0
    weighted = [layer for layer in network.layers if hasattr(layer, "activation")]
    for number, layer in enumerate(weighted, start=1):
        weights, biases = network.tensor(number, "weights"), network.tensor(number, "biases")
        is_convolution = isinstance(layer, Convolution)
        facts.append(
            LayerFact(
                kind="convolution" if is_convolution else "dense",
                units=len(biases),
                size=len(weights) if is_convolution else 0,
                sums_side=network.program.sums[number - 1].shape[0] if is_convolution else 0,
                side=network.maps[number - 1].shape[0] if is_convolution else 0,
                pool=getattr(layer, "pool", "none"),
                parameters=weights.size + biases.size,
                weights_offset=offset,
                weights_shape=weights.shape,
                biases_offset=offset + weights.size,
            )
        )
        offset += weights.size + biases.size
    return tuple(facts)


def limits(parameters: int) -> dict[str, int]:
    """Of a server that allows so many parameters."""
    return {
        "layers": MAX_LAYERS,
        "units": MAX_UNITS,
        "filters": MAX_FILTERS,
        "parameters": allowed(parameters),
        "batch_size": MAX_BATCH_SIZE,
    }


def saved_count(settings: DigitsSettings) -> int:
    """Numbers in a link with weights."""
    return settings.parameters


def fitted(settings: DigitsSettings, parameters: int) -> tuple[DigitsSettings, str] | None:
    """With the default networks where these have more parameters; None where they have not."""
    limit = allowed(parameters)
    if settings.parameters <= limit:
        return None
    own = DigitsSettings()
    fitting = replace(
        settings,
        hidden=own.hidden,
        filters=own.filters,
        filter_size=own.filter_size,
        padding=own.padding,
        pooling=own.pooling,
        head=own.head,
        plain_off=(),
        convolutional_off=(),
    )
    return fitting, f"filters: {settings.parameters:,} parameters came, expected at most {limit:,} of both networks"


def counts(settings: DigitsSettings) -> dict[Twin, int]:
    """Parameters of each network."""
    return {twin: settings.parameter_count(twin) for twin in TWINS}
