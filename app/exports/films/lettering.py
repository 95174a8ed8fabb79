"""Words in pictures. The font is the one that Pillow brings, which films need anyway."""

from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from app.exports.colors import Rgb
from app.exports.raster import Picture, Place

_Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@lru_cache(maxsize=16)
def _font(size: float) -> _Font:
    return ImageFont.load_default(size)


def width_of(text: str, size: float) -> float:
    """In pixels."""
    return float(_font(size).getlength(text))


def fitted(text: str, size: float, most: float) -> str:
    """The text, or as many of its signs as are no wider."""
    if width_of(text, size) <= most:
        return text
    count = len(text)
    while count and width_of(f"{text[:count]}…", size) > most:
        count -= 1
    return f"{text[:count].rstrip()}…"


def write(picture: Picture, text: str, place: Place, size: float, color: Rgb, align: float = 0) -> None:
    """A line of text whose baseline begins at a place; `align`: 0 left, 0.5 middle, 1 right of it."""
    wide, high = int(width_of(text, size)) + 4, int(2 * size)
    mask = Image.new("L", (wide, high))
    ImageDraw.Draw(mask).text((2, 1.5 * size), text, fill=255, font=_font(size), anchor="ls")
    shares = np.asarray(mask, np.float32) / 255
    left = round(place[0] - align * (wide - 4)) - 2
    picture.stain(shares, left, round(place[1] - 1.5 * size), color)
