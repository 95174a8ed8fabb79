"""Pictures of pixels: dots, lines and numerals with smooth edges, and PNG, for which zlib is enough.

A picture library would bring 7 MB and a font for eleven signs and two words.
"""

import math
import struct
import zlib
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.exports.colors import Rgb

Place = tuple[float, float]

# Strokes of each sign in a box of 4 x 6, from the upper left corner.
_SIGNS: dict[str, tuple[float, Sequence[Sequence[Place]]]] = {
    "0": (4, [[(0.6, 0.6), (2, 0), (3.4, 0.6), (4, 2), (4, 4), (3.4, 5.4), (2, 6), (0.6, 5.4), (0, 4), (0, 2),
               (0.6, 0.6)]]),
    "1": (2.6, [[(0.4, 1.4), (2.2, 0), (2.2, 6)]]),
    "2": (4, [[(0.1, 1.4), (0.8, 0.3), (2, 0), (3.3, 0.4), (3.8, 1.5), (3.4, 2.7), (0, 6), (4, 6)]]),
    "3": (4, [[(0.2, 0.9), (1.2, 0.1), (2.6, 0.1), (3.6, 0.9), (3.5, 2.1), (2.4, 2.8), (1.5, 2.8)],
              [(2.4, 2.8), (3.7, 3.5), (3.9, 4.6), (3.2, 5.7), (1.8, 6), (0.6, 5.6), (0, 4.8)]]),
    "4": (4, [[(3, 6), (3, 0), (0, 4.2), (4, 4.2)]]),
    "5": (4, [[(3.7, 0), (0.7, 0), (0.4, 2.7), (1.6, 2.2), (3, 2.4), (3.9, 3.5), (3.8, 4.8), (2.9, 5.8), (1.4, 6),
               (0, 5.2)]]),
    "6": (4, [[(3.5, 0.6), (2.3, 0), (0.9, 0.6), (0.1, 2.2), (0.1, 4.2), (0.8, 5.6), (2.1, 6), (3.5, 5.4), (4, 4.1),
               (3.5, 2.9), (2.1, 2.4), (0.8, 3), (0.1, 4)]]),
    "7": (4, [[(0, 0), (4, 0), (1.5, 6)]]),
    "8": (4, [[(2, 2.8), (0.6, 2.2), (0.4, 1), (1.2, 0.1), (2.8, 0.1), (3.6, 1), (3.4, 2.2), (2, 2.8), (0.4, 3.6),
               (0.1, 4.8), (1, 5.9), (3, 5.9), (3.9, 4.8), (3.6, 3.6), (2, 2.8)]]),
    "9": (4, [[(0.5, 5.4), (1.7, 6), (3.1, 5.4), (3.9, 3.8), (3.9, 1.8), (3.2, 0.4), (1.9, 0), (0.5, 0.6), (0, 1.9),
               (0.5, 3.1), (1.9, 3.6), (3.2, 3), (3.9, 2)]]),
    ".": (1.2, [[(0.5, 5.9), (0.5, 6)]]),
    "-": (3.4, [[(0.3, 3.2), (3, 3.2)]]),
    "X": (4.2, [[(0, 0), (4.2, 6)], [(4.2, 0), (0, 6)]]),
}  # fmt: skip
_SPACE = 1.5  # between two signs
_SMALL = 0.66  # of a sign below the line, which `_` announces


class Picture:
    """Colours with an alpha channel, (height, width, 4). Without a ground nothing is there yet."""

    def __init__(self, width: int, height: int, ground: Rgb | None) -> None:
        self.pixels = np.zeros((height, width, 4), np.uint8)
        if ground:
            self.pixels[:] = (*ground, 255)

    def put(self, colors: NDArray[np.uint8], left: int, top: int) -> None:
        """A picture (h, w, 3) at a place."""
        height, width = colors.shape[:2]
        part = self.pixels[top : top + height, left : left + width]
        part[..., :3], part[..., 3] = colors, 255

    def dot(self, center: Place, radius: float, color: Rgb) -> None:
        """A disc."""
        x, y = center
        part, columns, rows = self._part(x - radius, y - radius, x + radius, y + radius)
        self._cover(part, np.hypot(columns - x, rows - y) - radius, color)

    def line(self, places: Sequence[Place], width: float, color: Rgb) -> None:
        """Straight from place to place, with round ends."""
        xs, ys = [x for x, _ in places], [y for _, y in places]
        half = width / 2
        part, columns, rows = self._part(min(xs) - half, min(ys) - half, max(xs) + half, max(ys) + half)
        far = np.full(np.broadcast_shapes(columns.shape, rows.shape), np.inf, np.float32)
        for start, end in pairwise(places):
            far = np.minimum(far, _distance(columns, rows, start, end))
        self._cover(part, far - half, color)

    def text(self, text: str, place: Place, height: float, color: Rgb, align: float = 0) -> None:
        """Numbers and `X_1`, with the middle of its height at `place`; `align`: 0 left, 0.5 middle, 1 right."""
        signs = list(_set(text))
        unit = height / 6
        wide = sum(width for _, width, _ in signs) + _SPACE * (len(signs) - 1)
        x, top = place[0] - align * wide * unit, place[1] - height / 2
        for strokes, width, (scale, low) in signs:
            for stroke in strokes:
                moved = [(x + u * scale * unit, top + (low + v * scale) * unit) for u, v in stroke]
                self.line(moved, 0.13 * height, color)
            x += (width + _SPACE) * unit

    def stain(self, shares: NDArray[np.floating[Any]], left: int, top: int, color: Rgb) -> None:
        """A colour with a share for each pixel (h, w), at a place; what lies outside is cut off."""
        height, width = self.pixels.shape[:2]
        rows, columns = (
            slice(max(top, 0), min(top + len(shares), height)),
            slice(max(left, 0), min(left + shares.shape[1], width)),
        )
        part = shares[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
        self._cover(self.pixels[rows, columns], 0.5 - part, color)

    def png(self) -> bytes:
        """The file."""
        is_opaque = bool((self.pixels[..., 3] == 255).all())
        return png(self.pixels[..., :3] if is_opaque else self.pixels)

    def _part(
        self, left: float, top: float, right: float, bottom: float
    ) -> tuple[NDArray[np.uint8], NDArray[Any], NDArray[Any]]:
        """Pixels around a shape, and the places of their middles."""
        height, width = self.pixels.shape[:2]
        x0, x1 = max(math.floor(left) - 1, 0), min(math.ceil(right) + 1, width)
        y0, y1 = max(math.floor(top) - 1, 0), min(math.ceil(bottom) + 1, height)
        columns = np.arange(x0, max(x1, x0), dtype=np.float32)[None, :] + np.float32(0.5)
        rows = np.arange(y0, max(y1, y0), dtype=np.float32)[:, None] + np.float32(0.5)
        return self.pixels[y0:y1, x0:x1], columns, rows

    @staticmethod
    def _cover(part: NDArray[np.uint8], outside: NDArray[Any], color: Rgb) -> None:
        """With a colour where a shape is; `outside`: the distance from its edge, negative inside."""
        share = np.clip(0.5 - outside, 0, 1)[..., None]
        below = part[..., 3:] / np.float32(255) * (1 - share)
        alpha = share + below
        mixed = np.array(color, np.float32) * share + part[..., :3] * below
        part[..., :3] = np.rint(mixed / np.maximum(alpha, np.float32(1e-6)))
        part[..., 3:] = np.rint(255 * alpha)


def png(pixels: NDArray[np.uint8]) -> bytes:
    """A PNG file of pixels (height, width, 3 or 4). Each row says how it differs from the one above."""
    height, width, channels = pixels.shape
    rows = pixels.reshape(height, width * channels)
    above = np.vstack([np.zeros_like(rows[:1]), rows[:-1]])
    body = np.empty((height, 1 + width * channels), np.uint8)
    body[:, 0], body[:, 1:] = 2, rows - above
    head = struct.pack(">IIBBBBB", width, height, 8, {3: 2, 4: 6}[channels], 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(body.tobytes(), 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*each) for each in chunks)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _set(text: str) -> Iterable[tuple[Sequence[Sequence[Place]], float, tuple[float, float]]]:
    """Of each sign its strokes, its width, its scale, and how far below the top it is."""
    is_low = False
    for sign in text:
        if sign == "_":
            is_low = True
            continue
        width, strokes = _SIGNS[sign]
        scale = _SMALL if is_low else 1.0
        yield strokes, width * scale, (scale, 3.4 if is_low else 0.0)


def _distance(columns: NDArray[Any], rows: NDArray[Any], start: Place, end: Place) -> NDArray[Any]:
    """Of each pixel from a piece of a line."""
    (x, y), (dx, dy) = start, (end[0] - start[0], end[1] - start[1])
    along = ((columns - x) * dx + (rows - y) * dy) / max(dx * dx + dy * dy, 1e-12)
    along = np.clip(along, 0, 1)
    found: NDArray[Any] = np.hypot(columns - x - along * dx, rows - y - along * dy)
    return found
