"""A frame of a film: a byte a pixel, and at most 255 colours for all frames, as GIF has them.

Pictures of the model are bytes already, so they are put down as they are: nothing is quantised, and nothing dithered.
What is drawn over them with smooth edges takes the nearest of the film's colours, pixel by pixel.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.exports.colors import Rgb
from app.exports.raster import Picture

Bytes = NDArray[np.uint8]

MOST_COLORS = 255  # the 256th of a GIF stands for pixels that stay as they were
_CELLS = 32  # of each primary colour: a table answers which of the film's colours is nearest to any


class Palette:
    """The colours of a film: those of its pictures first, in their order, then those that are drawn with."""

    def __init__(self, pictures: Bytes, others: Iterable[Rgb]) -> None:
        drawn = np.array(list(dict.fromkeys(others)), np.uint8).reshape(-1, 3)
        self.colors: Bytes = np.concatenate([pictures, drawn])  # (n, 3)
        assert len(self.colors) <= MOST_COLORS, len(self.colors)

    def nearest(self, colors: NDArray[np.floating[Any]]) -> Bytes:
        """Of each (n, 3) the nearest colour's number."""
        cells = np.clip(colors, 0, 255).astype(np.int64) * _CELLS // 256
        found: Bytes = self._cells[(cells[:, 0] * _CELLS + cells[:, 1]) * _CELLS + cells[:, 2]]
        return found

    def exact(self, colors: Bytes) -> Bytes:
        """The same, not by cells."""
        packed = colors.astype(np.int32) @ np.array([65536, 256, 1], np.int32)
        known, places = np.unique(packed, return_inverse=True)
        found: Bytes = self._compared((known[:, None] >> np.array([16, 8, 0]) & 255).astype(np.float32))[places]
        return found

    @cached_property
    def _cells(self) -> Bytes:
        middles = (np.arange(_CELLS, dtype=np.float32) + 0.5) * (256 / _CELLS)
        return self._compared(np.stack(np.meshgrid(middles, middles, middles, indexing="ij"), -1).reshape(-1, 3))

    def _compared(self, colors: NDArray[np.float32]) -> Bytes:
        own = self.colors.astype(np.float32)
        lengths = (own * own).sum(axis=1)
        parts = np.array_split(colors, max(len(colors) // 4096, 1))
        return np.concatenate([(lengths - 2 * (part @ own.T)).argmin(axis=1).astype(np.uint8) for part in parts])


class Overlay:
    """Something that is drawn once, to be laid over many frames."""

    def __init__(self, drawn: Picture, palette: Palette) -> None:
        self._columns, self._rows = np.nonzero(drawn.pixels[..., 3].T)  # so that a part from the left is a slice
        self._palette = palette
        found = drawn.pixels[self._rows, self._columns]
        self._colors = palette.exact(found[:, :3])
        share = found[:, 3:].astype(np.float32) / 255
        self._edges = np.nonzero(found[:, 3] < 255)[0]
        self._mixed = (found[:, :3] * share)[self._edges]
        self._below = (1 - share)[self._edges]

    def lay(self, frame: Bytes, left: int = 0, top: int = 0, until: float = np.inf) -> None:
        """Draw it into a frame (height, width); `until`: only its columns before this one."""
        count = int(np.searchsorted(self._columns, until))
        rows, columns, colors = self._rows[:count] + top, self._columns[:count] + left, self._colors[:count].copy()
        edges = self._edges[: np.searchsorted(self._edges, count)]
        below = self._palette.colors[frame[rows[edges], columns[edges]]]
        colors[edges] = self._palette.nearest(self._mixed[: len(edges)] + below * self._below[: len(edges)])
        frame[rows, columns] = colors
