"""The large picture as PNG: the network's output, or one neuron's, over the plane, with points and axes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.exports.colors import COLORS, Colors, Rgb, Theme
from app.exports.raster import Picture
from engine.choices import Refused
from engine.labs.plane.figures import large_picture
from engine.labs.plane.kinds import Domain
from engine.labs.plane.trainer import Trainer

SIDE = 480  # pixels of the picture of the plane, without axes
_MOST = 960  # pixels a side that are evaluated; beyond, values between them are mixed
_LEFT, _BELOW, _EDGE = 42, 40, 14  # room for the axes


@dataclass(frozen=True)
class Wanted:
    """What is drawn, and how."""

    scale: int = 1
    theme: Theme = "light"
    unit: tuple[int, int] | None = None  # layer and neuron, from 1; the network's output unless told
    points: bool = True
    tests: bool = False  # test points too, as rings
    axes: bool = True
    two: bool = False  # colours alone


def png_of(run: Trainer, wanted: Wanted) -> bytes:
    """The file. Raises Refused for a neuron that is not there."""
    scale, colors = wanted.scale, COLORS[wanted.theme]
    side = SIDE * scale
    field = _colored(run, wanted, colors, side)
    left, below, edge = (each * scale if wanted.axes else 0 for each in (_LEFT, _BELOW, _EDGE))
    ground = None if wanted.theme == "transparent" else colors.ground
    picture = Picture(left + side + edge, edge + side + below, ground)
    picture.put(field, left, edge)
    if wanted.points:
        _draw_points(picture, run, wanted, colors, (left, edge))
    if wanted.axes:
        _draw_axes(picture, run, colors, (left, edge, scale))
    return picture.png()


def _colored(run: Trainer, wanted: Wanted, colors: Colors, side: int) -> NDArray[np.uint8]:
    """(side, side, 3)."""
    if wanted.unit:
        _check(run, *wanted.unit)
    found = large_picture(run, min(side, _MOST), wanted.unit)
    if len(found) == 1:
        scale = colors.two() if wanted.two else colors.scale()
        shown: NDArray[np.uint8] = scale[enlarged(found[0], side)]
        return shown
    factor = side // found.shape[1]
    winners, lead = np.repeat(np.repeat(found[0], factor, 0), factor, 1), enlarged(found[1], side)
    shades = np.array([colors.shades(each) for each in range(len(colors.classes))])
    painted: NDArray[np.uint8] = shades[winners, 255 if wanted.two else lead]
    return painted


def _check(run: Trainer, layer: int, neuron: int) -> None:
    shape = run.settings.shape
    layers = shape[1:] if shape[-1] > 1 else shape[1:-1]
    if not (1 <= layer <= len(layers) and 1 <= neuron <= layers[layer - 1]):
        raise Refused("of", f"{layer}-{neuron}", f"output, or a layer and a neuron of {list(layers)}, as 1-2")


def enlarged(values: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """With `side` pixels a side, by linear interpolation."""
    size = len(values)
    if side == size:
        return values
    old = np.clip((np.arange(side) + 0.5) * size / side - 0.5, 0, size - 1)
    first = np.minimum(old.astype(int), size - 2)
    share = (old - first).astype(np.float32)
    across = values[:, first] * (1 - share) + values[:, first + 1] * share
    both: NDArray[np.float32] = across[first] * (1 - share[:, None]) + across[first + 1] * share[:, None]
    return (both + 0.5).astype(np.uint8)


def _draw_points(picture: Picture, run: Trainer, wanted: Wanted, colors: Colors, corner: tuple[int, int]) -> None:
    side, classes = SIDE * wanted.scale, run.settings.class_count
    sets = ((run.data.test, True),) if wanted.tests else ()
    for points, is_test in (*sets, (run.data.train, False)):
        inks = (colors.outline, lambda label: colors.point(label, classes))
        for _ in drawn_points(picture, run.settings.domain, points, side, inks, corner, is_ring=is_test):
            pass


def drawn_points(
    picture: Picture,
    domain: Domain,
    points: NDArray[np.float64],
    side: int,
    inks: tuple[Rgb, Callable[[float], Rgb]],
    corner: tuple[int, int] = (0, 0),
    *,
    is_ring: bool = False,
) -> Iterator[None]:
    """Draw points (n, 3) over a field of so many pixels a side, with a pause after each; rings are test points.

    `inks`: the outline's, and that of a label.
    """
    (low, high), (outline, color_of) = domain, inks
    unit, (left, top) = side / (high - low), corner
    count = len(points)
    radius = max(2.0, side / (190 if count > 800 else 140 if count > 10 else 60))
    rim = radius * 0.28
    for x, y, label in points.tolist():
        if not (low <= x <= high and low <= y <= high):
            continue
        place = (left + (x - low) * unit, top + (high - y) * unit)
        color = color_of(label)
        picture.dot(place, radius + rim / 2, color if is_ring else outline)
        picture.dot(place, radius - rim / 2, outline if is_ring else color)
        yield


def _draw_axes(picture: Picture, run: Trainer, colors: Colors, at: tuple[int, int, int]) -> None:
    low, high = run.settings.domain
    left, top, scale = at
    side = SIDE * scale
    size = 11.0 * scale
    for value in (low, (low + high) / 2, high):
        along = (value - low) / (high - low) * side
        x, y = left + along, top + side - along
        picture.line([(x, top + side + 2 * scale), (x, top + side + 6 * scale)], scale, colors.muted)
        picture.line([(left - 6 * scale, y), (left - 2 * scale, y)], scale, colors.muted)
        align = 0.0 if value == low else 1.0 if value == high else 0.5
        picture.text(f"{value:g}", (x, top + side + 16 * scale), size, colors.muted, align)
        shift = size / 2 * (1 - 2 * align)
        picture.text(f"{value:g}", (left - 9 * scale, y - shift), size, colors.muted, 1)
    picture.text("X_1", (left + 0.75 * side, top + side + 18 * scale), 13.0 * scale, colors.text, 0.5)
    picture.text("X_2", (left - 9 * scale, top + 0.25 * side), 13.0 * scale, colors.text, 1)
