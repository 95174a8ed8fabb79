"""A drawing as text, as links have it: runs of pixels in base64. `static/labs/digits/ink-text.js` writes it."""

from app.base64url import decoded
from engine.labs.digits.mnist import PIXELS

_FULL = 255
_SHORT, _LONG = 64, 128  # the longest runs


def unpacked(text: str) -> bytes:
    """The pixels, row by row. Raises ValueError unless there are as many as an image has.

    Each run begins with a byte: below 64 for so many and one pixels without ink, below 128 for 64 less of full ink,
    from 128 on for pixels that follow, a byte each.
    """
    try:
        packed = decoded(text)
    except ValueError as error:
        raise ValueError("expected base64") from error
    ink, at = bytearray(), 0
    while at < len(packed) and len(ink) <= PIXELS:
        kind, at = packed[at], at + 1
        if kind < _LONG:
            ink += bytes([0 if kind < _SHORT else _FULL]) * (kind % _SHORT + 1)
        else:
            count = kind - _LONG + 1
            ink += packed[at : at + count]
            at += count
    if len(ink) != PIXELS or at != len(packed):
        raise ValueError(f"expected {PIXELS} pixels")
    return bytes(ink)


def is_ink(text: str) -> bool:
    """Whether it is a drawing, or none."""
    try:
        return not text or bool(unpacked(text))
    except ValueError:
        return False
