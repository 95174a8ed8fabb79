"""Translates a network of convolutions and wide layers into rows for the kernels, and says where its tensors lie.

Values and slopes of a batch lie in one array each, an example's after another's. An image, or what a convolution makes
of one, is (height, width, channels) with a border of zeros around it where the next convolution is to keep its size.
Channels and units are stored in multiples of HALF; those that are none have the value zero and weights of zero.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from engine.matrices.blocks import HALF
from engine.matrices.layers import ACTIVATIONS, Convolution, Dense, Dropout, Layer
from engine.vectors.memory import lanes_for

Role = Literal["weights", "biases"]

CONVOLUTION, DENSE, DROPOUT = range(3)
RELU, TANH, SIGMOID, LINEAR = range(4)

ROW = np.dtype(
    [
        (name, np.int64)
        for name in (
            "operation",
            "activation",
            "source",  # where the first example's values begin, and how many an example has
            "source_size",
            "target",
            "target_size",
            "weights",  # (inputs, columns), behind them the biases (columns,)
            "inputs",
            "columns",  # as stored
            "units",  # of these
            "on",  # where it says which of them are on
            "turned",  # where there is room for the weights the other way round
            # Of a convolution alone:
            "size",  # of a filter, in both directions
            "channels",  # as stored: the way from a pixel to the next
            "source_row",  # the way from a row of pixels to the next
            "height",  # of what the filters make, before pooling
            "width",
            "window_height",
            "window_width",
            "pooled_height",
            "pooled_width",
            "target_start",  # of the first pixel, behind the border
            "target_row",
            "sums",  # where an example's sums lie before pooling: (height, width, columns)
            "places",  # where the first example's places lie: (pooled_height, pooled_width, columns)
            "places_size",
        )
    ]
)


@dataclass(frozen=True)
class Tensor:
    """Where a layer's weights or biases lie, and which of the stored numbers are none."""

    layer: int  # from 1, of those that have weights
    role: Role
    offset: int
    stored: tuple[int, ...]
    shape: tuple[int, ...]
    """weights of a convolution: (size, size, channels, filters); of a dense layer: (inputs, units), where inputs are
    pixels and channels behind a convolution; biases: (units,)."""

    def of(self, flat: NDArray[Any]) -> NDArray[Any]:
        """A view of it."""
        count = int(np.prod(self.stored))
        whole = flat[self.offset : self.offset + count].reshape(self.stored)
        return whole[tuple(slice(length) for length in self.shape)]


@dataclass(frozen=True)
class Map:
    """A layer's values of an example: (height, width, channels), or (units,)."""

    offset: int
    size: int  # of an example
    strides: tuple[int, ...]
    shape: tuple[int, ...]

    def of(self, flat: NDArray[Any], example: int = 0) -> NDArray[Any]:
        """A view of it."""
        first = flat[self.offset + example * self.size :]
        return np.lib.stride_tricks.as_strided(first, self.shape, [step * flat.itemsize for step in self.strides])


@dataclass(frozen=True)
class Program:
    """What the kernels run. Sizes are in numbers."""

    rows: NDArray[np.void]
    convolutions: int  # so many rows come first
    tensors: tuple[Tensor, ...]
    parameters: int
    pixels: NDArray[np.int64]  # where each pixel of the image lies among an example's values
    source_size: int
    logits: Map
    maps: tuple[Map, ...]  # of each layer with weights, after pooling and activation
    sums: tuple[Map, ...]  # of each convolution, before pooling
    values: int
    units: int
    sums_size: int
    places: int
    turned: int
    events: int

    @property
    def parameter_count(self) -> int:
        """Without what is stored and is none."""
        return sum(int(np.prod(tensor.shape)) for tensor in self.tensors)


@dataclass
class _Room:
    """What has been given out of one of the arrays."""

    taken: int = 0

    def take(self, count: int) -> int:
        start = self.taken
        self.taken += lanes_for(count)
        return start


def in_halves(count: int) -> int:
    """As many channels or units as are stored for so many."""
    return -(-count // HALF) * HALF


def compile_network(side: int, layers: Sequence[Layer], batch: int) -> Program:
    """For images of `side` x `side` and up to `batch` examples at once. The last layer is dense: its values are logits.

    Convolutions come first.
    """
    return _Compiler(side, layers, batch).program()


@dataclass
class _Compiler:
    side: int
    layers: Sequence[Layer]
    batch: int
    rows: list[dict[str, int]] = field(default_factory=list)
    tensors: list[Tensor] = field(default_factory=list)
    maps: list[Map] = field(default_factory=list)
    sums: list[Map] = field(default_factory=list)
    values_room: _Room = field(default_factory=_Room)
    units_room: _Room = field(default_factory=_Room)
    sums_room: _Room = field(default_factory=_Room)
    places_room: _Room = field(default_factory=_Room)
    turned_room: _Room = field(default_factory=_Room)
    parameters_room: _Room = field(default_factory=_Room)
    events: int = 0

    def program(self) -> Program:
        convolutions = [layer for layer in self.layers if isinstance(layer, Convolution)]
        rest = self.layers[len(convolutions) :]
        border = _border(convolutions[0]) if convolutions else 0
        self.size = (self.side + 2 * border) ** 2
        self.source = self.values_room.take(self.batch * self.size)
        source_size = self.size
        pixels = _pixels(self.side, self.side, border, 1)
        self.height = self.width = self.side
        self.channels = self.stored_channels = 1
        for place, layer in enumerate(convolutions):
            following = convolutions[place + 1 : place + 2]
            self._convolution(layer, _border(following[0]) if following else 0)
        shape: tuple[int, ...] = (self.height, self.width, self.channels)
        stored: tuple[int, ...] = (self.height, self.width, self.stored_channels)
        if not convolutions:
            shape = stored = (self.side * self.side,)
        for each in rest:
            if isinstance(each, Dropout):
                self._dropout()
            elif isinstance(each, Dense):
                self._dense(each, shape, stored)
                shape, stored = (each.units,), (in_halves(each.units),)
        rows = np.zeros(len(self.rows), ROW)
        for row, entries in zip(rows, self.rows, strict=True):
            for name, entry in entries.items():
                row[name] = entry
        return Program(
            rows, len(convolutions), tuple(self.tensors), self.parameters_room.taken, pixels, source_size,
            self.maps[-1], tuple(self.maps), tuple(self.sums), self.values_room.taken,
            self.units_room.taken, self.sums_room.taken, self.places_room.taken, self.turned_room.taken,
            self.events,
        )  # fmt: skip

    def _convolution(self, layer: Convolution, next_border: int) -> None:
        border = _border(layer)
        height, width = (length + 2 * border - layer.size + 1 for length in (self.height, self.width))
        window = {"none": (1, 1), "2x2": (2, 2), "global": (height, width)}[layer.pool]
        pooled_height, pooled_width = height // window[0], width // window[1]
        columns = in_halves(layer.filters)
        source_row = (self.width + 2 * border) * self.stored_channels
        target_row = (pooled_width + 2 * next_border) * columns
        target_start = next_border * (target_row + columns)
        target_size = (pooled_height + 2 * next_border) * target_row
        target = self.values_room.take(self.batch * target_size)
        inputs = layer.size**2 * self.stored_channels
        run = max(layer.size * self.stored_channels, HALF)
        places_size = pooled_height * pooled_width * columns
        sums = self.sums_room.take(height * width * columns)
        self.rows.append(
            {
                "operation": CONVOLUTION,
                "activation": ACTIVATIONS.index(layer.activation),
                "source": self.source,
                "source_size": self.size,
                "target": target,
                "target_size": target_size,
                "weights": self._weights(
                    (layer.size, layer.size, self.channels, layer.filters),
                    (layer.size, layer.size, self.stored_channels, columns),
                ),
                "inputs": inputs,
                "columns": columns,
                "units": layer.filters,
                "on": self.units_room.take(columns),
                "turned": self.turned_room.take(2 * layer.filters * layer.size * run),
                "size": layer.size,
                "channels": self.stored_channels,
                "source_row": source_row,
                "height": height,
                "width": width,
                "window_height": window[0],
                "window_width": window[1],
                "pooled_height": pooled_height,
                "pooled_width": pooled_width,
                "target_start": target_start,
                "target_row": target_row,
                "sums": sums,
                "places": self.places_room.take(self.batch * places_size),
                "places_size": places_size,
            }
        )
        shape = (pooled_height, pooled_width, layer.filters)
        self.maps.append(Map(target + target_start, target_size, (target_row, columns, 1), shape))
        self.sums.append(Map(sums, 0, (width * columns, columns, 1), (height, width, layer.filters)))
        self.events = max(self.events, pooled_height * pooled_width)
        self.source, self.size = target, target_size
        self.height, self.width, self.channels, self.stored_channels = (*shape, columns)

    def _dense(self, layer: Dense, shape: tuple[int, ...], stored: tuple[int, ...]) -> None:
        is_last = layer is self.layers[-1]
        columns = lanes_for(layer.units) if is_last else in_halves(layer.units)  # the softmax takes whole vectors
        target = self.values_room.take(self.batch * columns)
        self.rows.append(
            {
                "operation": DENSE,
                "activation": ACTIVATIONS.index(layer.activation),
                "source": self.source,
                "source_size": self.size,
                "target": target,
                "target_size": columns,
                "weights": self._weights((*shape, layer.units), (*stored, columns)),
                "inputs": self.size,
                "columns": columns,
                "units": layer.units,
                "on": self.units_room.take(columns),
                "turned": self.turned_room.take(layer.units * self.size if self.source else 0),
            }
        )
        self.maps.append(Map(target, columns, (1,), (layer.units,)))
        self.source, self.size = target, columns

    def _dropout(self) -> None:
        target = self.values_room.take(self.batch * self.size)
        self.rows.append(
            {
                "operation": DROPOUT,
                "source": self.source,
                "source_size": self.size,
                "target": target,
                "target_size": self.size,
            }
        )
        self.source = target

    def _weights(self, shape: tuple[int, ...], stored: tuple[int, ...]) -> int:
        """Room for weights and biases; where the weights begin."""
        layer = len(self.maps) + 1
        inputs = int(np.prod(stored[:-1]))
        offset = self.parameters_room.take((inputs + 1) * stored[-1])
        self.tensors.append(Tensor(layer, "weights", offset, stored, shape))
        self.tensors.append(Tensor(layer, "biases", offset + inputs * stored[-1], stored[-1:], shape[-1:]))
        return offset


def _border(layer: Convolution) -> int:
    return layer.size // 2 if layer.same else 0


def _pixels(height: int, width: int, border: int, channels: int) -> NDArray[np.int64]:
    """Where each pixel lies, row by row, in a picture with a border."""
    y, x = np.divmod(np.arange(height * width), width)
    places: NDArray[np.int64] = ((y + border) * (width + 2 * border) + x + border) * channels
    return places


def weights_of(program: Program) -> Iterator[Tensor]:
    """Each layer's weights."""
    return (tensor for tensor in program.tensors if tensor.role == "weights")
