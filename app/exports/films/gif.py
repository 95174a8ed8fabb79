"""Frames as GIF: each is what has changed since the one before. Pillow packs the pixels, and nothing else is its.

Its own way to write films keeps all frames until the last one has come, and joins those that are the same.
"""

import struct

import numpy as np
from PIL import GifImagePlugin, Image

from app.exports.films.sheet import MOST_COLORS, Bytes

_STAYS = MOST_COLORS  # the colour that is none
_TICK = 100  # of a second, in which GIF counts time


class GifWriter:
    """Takes a frame at a time."""

    def __init__(self, size: tuple[int, int], colors: Bytes, frames_per_second: int) -> None:  # noqa: ARG002  see `add`
        """`size`: width and height; `colors` (n, 3), at most 255."""
        table = np.zeros((256, 3), np.uint8)
        table[: len(colors)] = colors
        head = b"GIF89a" + struct.pack("<HHBBB", *size, 0xF7, 0, 0) + table.tobytes()  # 256 colours for all frames
        self._parts = [head, b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"]  # for ever again
        self._before: Bytes | None = None
        self.nbytes = sum(map(len, self._parts))

    def add(self, frame: Bytes, seconds: float) -> None:
        """A frame (height, width), and how long it is seen."""
        options = [_packed(frame, np.ones_like(frame, bool), 0, 0)]
        if self._before is not None:
            options = [_changed(frame, self._before), *(options if _much(frame, self._before) else [])]
        body = min(options, key=len)
        control = struct.pack("<BBBBHBB", 0x21, 0xF9, 4, 0b101, round(seconds * _TICK), _STAYS, 0)
        self._parts += [control, body]
        self.nbytes += len(control) + len(body)
        self._before = frame

    def finish(self) -> bytes:
        """The file."""
        return b"".join([*self._parts, b";"])

    def close(self) -> None:
        """Nothing but memory is held."""


def _much(frame: Bytes, before: Bytes) -> bool:
    """Whether so many pixels have changed that the whole picture may be shorter than holes in it."""
    return bool(np.count_nonzero(frame != before) * 4 > frame.size)


def _changed(frame: Bytes, before: Bytes) -> bytes:
    """The smallest rectangle that has all changes, with holes where nothing has."""
    changes = frame != before
    rows, columns = np.nonzero(changes.any(axis=1))[0], np.nonzero(changes.any(axis=0))[0]
    if not len(rows):
        return _packed(frame[:1, :1], changes[:1, :1], 0, 0)
    top, left = int(rows[0]), int(columns[0])
    part = np.s_[top : int(rows[-1]) + 1, left : int(columns[-1]) + 1]
    return _packed(frame[part], changes[part], left, top)


def _packed(frame: Bytes, shown: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], left: int, top: int) -> bytes:
    image = Image.fromarray(np.where(shown, frame, np.uint8(_STAYS)))
    return b"".join(GifImagePlugin.getdata(image, (left, top)))
