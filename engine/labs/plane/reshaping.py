"""Carries weights over when a network changes shape, keeping all that can be kept.

Layers count from 1; layer 0 is the inputs. A matrix is split into blocks, one for each layer that it reads.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.labs.plane.architecture import architecture_of
from engine.labs.plane.settings import Settings
from engine.labs.plane.weights import Draw, draw_weights
from engine.machine.architecture import Architecture
from engine.machine.operations.batch_norm import EPSILON
from engine.machine.weights import LayerWeights, Matrix, no_norm, without_history

Layers = list[LayerWeights]


@dataclass
class _Parts:
    """A layer's weights, split by the layer that they read."""

    blocks: dict[int, Matrix]  # (units, units of the source)
    bias: Matrix
    norm: Matrix

    @property
    def units(self) -> int:
        return len(self.bias)


def _apart(layers: Layers, architecture: Architecture) -> list[_Parts]:
    parts = []
    for number, layer in enumerate(layers, start=1):
        reads = architecture.reads(number)
        ends = np.cumsum([architecture.shape[source] for source in reads])
        blocks = dict(zip(reads, np.split(layer.matrix[:, :-1], ends[:-1], axis=1), strict=True))
        parts.append(_Parts(blocks, layer.matrix[:, -1], layer.norm))
    return parts


def _together(parts: list[_Parts]) -> Layers:
    return [
        LayerWeights(np.column_stack([part.blocks[source] for source in sorted(part.blocks)] + [part.bias]), part.norm)
        for part in parts
    ]


def add_unit(layers: Layers, architecture: Architecture, layer: int, draw: Draw) -> Layers:
    """Append a unit to a layer; its outgoing weights are zero, so the network's output stays the same."""
    parts = _apart(layers, architecture)
    grown = parts[layer - 1]
    fresh = draw(1, sum(block.shape[1] for block in grown.blocks.values()))
    ends = np.cumsum([block.shape[1] for block in grown.blocks.values()])
    for source, row in zip(list(grown.blocks), np.split(fresh[:, :-1], ends[:-1], axis=1), strict=True):
        grown.blocks[source] = np.concatenate([grown.blocks[source], row])
    grown.bias = np.append(grown.bias, fresh[:, -1])
    grown.norm = np.column_stack([grown.norm, no_norm(1)])
    for part in parts:
        if layer in part.blocks:
            part.blocks[layer] = np.column_stack([part.blocks[layer], np.zeros(part.units)])
    return _together(parts)


def remove_unit(layers: Layers, architecture: Architecture, layer: int, unit: int) -> Layers:
    """Remove a unit (from 1) with its incoming and outgoing weights."""
    parts = _apart(layers, architecture)
    shrunk = parts[layer - 1]
    shrunk.blocks = {source: np.delete(block, unit - 1, axis=0) for source, block in shrunk.blocks.items()}
    shrunk.bias = np.delete(shrunk.bias, unit - 1)
    shrunk.norm = np.delete(shrunk.norm, unit - 1, axis=1)
    for part in parts:
        if layer in part.blocks:
            part.blocks[layer] = np.delete(part.blocks[layer], unit - 1, axis=1)
    return _together(parts)


def insert_layer(layers: Layers, architecture: Architecture, layer: int, units: int, draw: Draw) -> Layers:
    """Insert a layer before the present layer `layer`.

    With plain connections it passes the values of the layer before it on through its activation. If both are equally
    wide all other weights stay; otherwise weights without a partner are dropped or drawn. With dense connections its
    outgoing weights are zero. With residual links its own weights are drawn.
    """
    parts = _apart(layers, architecture)
    shape = architecture.shape
    for part in parts:
        part.blocks = {source + (source >= layer): block for source, block in part.blocks.items()}
    if architecture.connections == "dense":
        fresh = draw(units, sum(shape[:layer]))
        blocks = np.split(fresh[:, :-1], np.cumsum(shape[:layer])[:-1], axis=1)
        new = _Parts(dict(enumerate(blocks)), fresh[:, -1], no_norm(units))
        for part in parts[layer - 1 :]:
            part.blocks[layer] = np.zeros((part.units, units))
    else:
        first = draw if architecture.connections == "residual" else _passing
        fresh = first(units, shape[layer - 1])
        new = _Parts({layer - 1: fresh[:, :-1]}, fresh[:, -1], no_norm(units))
        following = parts[layer - 1]
        following.blocks = {layer: _refit(following.blocks.pop(layer - 1), units, draw)}
    parts.insert(layer - 1, new)
    return _together(parts)


def remove_layer(layers: Layers, architecture: Architecture, layer: int, draw: Draw) -> Layers:
    """Remove a layer; layers that read it keep the weights that still have a partner."""
    parts = _apart(layers, architecture)
    del parts[layer - 1]
    for part in parts:
        block = part.blocks.pop(layer, None)
        if block is not None and not part.blocks:
            part.blocks[layer - 1] = _refit(block, architecture.shape[layer - 1], draw)
        part.blocks = {source - (source > layer): block for source, block in part.blocks.items()}
    return _together(parts)


def select_inputs(layers: Layers, architecture: Architecture, old: Sequence[str], new: Sequence[str]) -> Layers:
    """Change the input features: known ones keep their weights, new ones start at zero."""
    parts = _apart(layers, architecture)
    for part in parts:
        if 0 in part.blocks:
            columns = [
                part.blocks[0][:, old.index(feature)] if feature in old else np.zeros(part.units) for feature in new
            ]
            part.blocks[0] = np.array(columns).T.reshape(part.units, len(new))
    return _together(parts)


def reconnect(layers: Layers, old: Architecture, new: Architecture) -> Layers:
    """Change the connections of the same layers: new ones start at zero."""
    parts = _apart(layers, old)
    for number, part in enumerate(parts, start=1):
        part.blocks = {
            source: part.blocks.get(source, np.zeros((part.units, new.shape[source]))) for source in new.reads(number)
        }
    return _together(parts)


def without_norm(layers: Layers) -> Layers:
    """Switch batch norm off: its running statistics go into the weights, so the network's output stays the same."""
    return [*map(_folded, layers[:-1]), layers[-1]]


def _folded(layer: LayerWeights) -> LayerWeights:
    scale, shift, mean, variance = layer.norm
    factor = scale / np.sqrt(variance + EPSILON)
    matrix = layer.matrix * factor[:, None]
    matrix[:, -1] += shift - mean * factor
    return without_history(matrix)


def _passing(units: int, inputs: int) -> Matrix:
    """A layer that passes its inputs on, unit by unit, with zero bias."""
    result = np.zeros((units, inputs + 1))
    np.fill_diagonal(result[:, :inputs], 1.0)
    return result


def _refit(block: Matrix, inputs: int, draw: Draw) -> Matrix:
    """Resize a block to another number of inputs; new weights are drawn."""
    result = draw(len(block), inputs)[:, :-1]
    kept = min(inputs, block.shape[1])
    result[:, :kept] = block[:, :kept]
    return result


def refitted(layers: Layers, old: Settings, new: Settings, draw: Callable[[], Draw]) -> Layers:
    """The weights for other settings on the same data; a changed `hidden` draws all weights anew."""
    before, after = architecture_of(old), architecture_of(new)
    if before.shape[1:] != after.shape[1:]:
        return draw_weights(after, draw())
    if old.inputs != new.inputs:
        layers = select_inputs(layers, before, old.inputs, new.inputs)
    if old.connections != new.connections:
        layers = reconnect(layers, replace(before, shape=after.shape), after)
    if before.batch_norm and not after.batch_norm:
        layers = without_norm(layers)
    return layers


def resize(layers: Layers, settings: Settings, layer: int, neurons: int, draw: Callable[[], Draw]) -> Layers:
    """The weights with so many neurons in a hidden layer, added or removed one by one at its end."""
    while (count := settings.hidden[layer - 1]) != neurons:
        architecture = architecture_of(settings)
        if count < neurons:
            layers = add_unit(layers, architecture, layer, draw())
        else:
            layers = remove_unit(layers, architecture, layer, count)
        settings = _one_nearer(settings, layer, neurons)
    return layers


def layer_added(settings: Settings, layer: int, units: int) -> Settings:
    """The settings with one more hidden layer, which becomes layer `layer`."""
    hidden, own = list(settings.hidden), list(settings.activations)
    hidden.insert(layer - 1, units)
    if own:
        own.insert(layer - 1, "same")
    lesions = tuple((at + (at >= layer), neuron) for at, neuron in settings.lesions)
    return replace(settings, hidden=tuple(hidden), activations=tuple(own), lesions=lesions)


def layer_removed(settings: Settings, layer: int) -> Settings:
    """The settings without a hidden layer."""
    hidden, own = list(settings.hidden), list(settings.activations)
    del hidden[layer - 1], own[layer - 1 : layer]
    lesions = tuple((at - (at > layer), neuron) for at, neuron in settings.lesions if at != layer)
    return replace(settings, hidden=tuple(hidden), activations=tuple(own), lesions=lesions)


def neuron_added(settings: Settings, layer: int) -> Settings:
    """The settings with one more neuron at the end of a hidden layer."""
    hidden = list(settings.hidden)
    hidden[layer - 1] += 1
    return replace(settings, hidden=tuple(hidden))


def neuron_removed(settings: Settings, layer: int, neuron: int) -> Settings:
    """The settings without a hidden neuron; those behind it move up."""
    hidden = list(settings.hidden)
    hidden[layer - 1] -= 1
    lesions = tuple(
        (at, unit - (at == layer and unit > neuron)) for at, unit in settings.lesions if (at, unit) != (layer, neuron)
    )
    return replace(settings, hidden=tuple(hidden), lesions=lesions)


def neurons_set(settings: Settings, layer: int, neurons: int) -> Settings:
    """The settings with so many neurons in a hidden layer, added or removed one by one at its end."""
    while settings.hidden[layer - 1] != neurons:
        settings = _one_nearer(settings, layer, neurons)
    return settings


def _one_nearer(settings: Settings, layer: int, neurons: int) -> Settings:
    """With one neuron more or less in a hidden layer, towards so many."""
    count = settings.hidden[layer - 1]
    return neuron_added(settings, layer) if count < neurons else neuron_removed(settings, layer, count)
