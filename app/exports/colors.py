"""The page's colours for pictures that are drawn here: those of static/drawing/colors.js and static/theme.css."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Theme = Literal["light", "dark", "transparent"]
Rgb = tuple[int, int, int]
Pixels = NDArray[np.uint8]  # (…, 3)

UNDECIDED = 0.12  # share of a class's colour where it is barely preferred
STEPS = (0.06, 0.94)  # of the field where it has two colours


@dataclass(frozen=True)
class Colors:
    """Of one theme."""

    ground: Rgb
    text: Rgb
    muted: Rgb
    line: Rgb
    field: tuple[Rgb, ...]  # from -1 to 1
    points: tuple[Rgb, Rgb, Rgb]  # of -1, 0 and 1; links too
    outline: Rgb  # of a point
    losses: tuple[Rgb, Rgb]  # of training and test
    classes: tuple[Rgb, ...]
    sure: float  # share of a class's colour where it is certain

    def scale(self) -> Pixels:
        """A colour for each byte of a picture, (256, 3)."""
        return np.array([between(self.field, byte / 255) for byte in range(256)], np.uint8)

    def two(self) -> Pixels:
        """The same in two colours."""
        return np.array([between(self.field, STEPS[byte >= 128]) for byte in range(256)], np.uint8)

    def shades(self, of: int) -> Pixels:
        """Of a class from undecided to sure, (256, 3)."""
        ends = (self.field[len(self.field) // 2], self.classes[of])
        shares = [UNDECIDED + (self.sure - UNDECIDED) * byte / 255 for byte in range(256)]
        return np.array([between(ends, share) for share in shares], np.uint8)

    def point(self, label: float, classes: int) -> Rgb:
        """Of a point: its label is from -1 to 1, or the number of one of more than two classes."""
        if classes > 2:
            return self.classes[int(label)]
        return between(self.points, round((max(-1.0, min(1.0, label)) + 1) / 2 * 32) / 32)


def between(stops: Sequence[Rgb], share: float) -> Rgb:
    """A colour of a scale, `share` from 0 to 1; halves are rounded as JavaScript does."""
    place = share * (len(stops) - 1)
    first = min(int(place), len(stops) - 2)
    low, high = stops[first], stops[first + 1]
    red, green, blue = (int(a + (b - a) * (place - first) + 0.5) for a, b in zip(low, high, strict=True))
    return red, green, blue


_LIGHT = Colors(
    ground=(255, 255, 255),
    text=(27, 29, 32),
    muted=(92, 96, 102),
    line=(227, 227, 223),
    field=((243, 163, 84), (251, 212, 168), (250, 249, 246), (178, 208, 239), (99, 159, 217)),
    points=((190, 84, 0), (160, 160, 156), (18, 88, 168)),
    outline=(255, 255, 255),
    losses=((27, 29, 32), (163, 52, 141)),
    classes=(
        (22, 82, 202), (244, 120, 6), (0, 145, 83), (202, 96, 153), (41, 188, 255), (75, 50, 51), (125, 194, 58),
        (84, 70, 133), (185, 54, 15), (139, 157, 73),
    ),
    sure=0.62,
)  # fmt: skip
_DARK = Colors(
    ground=(15, 17, 19),
    text=(236, 236, 234),
    muted=(163, 168, 174),
    line=(42, 46, 51),
    field=((196, 104, 18), (104, 62, 24), (20, 22, 25), (24, 62, 106), (38, 112, 190)),
    points=((255, 176, 92), (130, 134, 140), (116, 184, 255)),
    outline=(14, 16, 19),
    losses=((236, 236, 234), (229, 139, 211)),
    classes=(
        (84, 124, 236), (240, 182, 23), (75, 221, 123), (212, 85, 155), (185, 219, 255), (141, 101, 75),
        (225, 249, 110), (118, 75, 255), (236, 103, 62), (118, 181, 142),
    ),
    sure=0.6,
)  # fmt: skip
COLORS: dict[Theme, Colors] = {"light": _LIGHT, "dark": _DARK, "transparent": _LIGHT}
"""What is transparent stands on light paper."""
