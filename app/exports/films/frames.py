"""Draws the frames of a film: the experiment in words, its picture, the epoch, and the losses up to then."""

import math
from collections.abc import Generator, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from app.exports.colors import COLORS, Rgb, Theme, between
from app.exports.films.lettering import fitted, width_of, write
from app.exports.films.sheet import Bytes, Overlay, Palette
from app.exports.raster import Picture
from app.labs.contract import Curve, Scene
from engine.runs.history import History

# In 480ths of the side of the picture.
_EDGE, _TITLE, _CAPTION, _CHART, _BELOW = 14, 34, 42, 92, 24
_TICK_ROOM = 34  # between two numbers below the chart
_MIXED = (0.25, 0.5, 0.75)  # of ink on the ground, for smooth edges


class Frames:
    """Draws one frame after the other. `epochs`: those of all frames."""

    def __init__(
        self, scene: Scene, history: History, epochs: Sequence[int], side: int, theme: Theme, *, with_losses: bool
    ) -> None:
        self._scene, self._history, self._epochs, self._side = scene, history, epochs, side
        self._unit = side / 480
        self._colors = COLORS[theme]
        self.palette = Palette(scene.colors, self._inks())
        below = _CAPTION + (_CHART + _BELOW if with_losses else 0)
        self._left, self._top = scene.beside, self._length(_TITLE)
        width, height = scene.beside + side, self._top + side + self._length(below)
        self.size = (width + width % 2, height + height % 2)  # as films must have it
        self._over: tuple[Picture | None, Overlay | None] = (None, None)
        self._chart = self._charted() if with_losses else None
        self._ground = self._drawn_ground()

    def frame(self, number: int, run: object) -> Generator[None, None, Bytes]:
        """Frame `number`, from 0, of a run that stands at its epoch; with pauses. (height, width)."""
        picture = yield from self._scene.picture(run)
        frame = self._ground.copy()
        side = self._side
        frame[self._top : self._top + side, self._left : self._left + side] = picture
        drawn = yield from self._scene.over(run)
        over = self._overlay(drawn)
        yield
        if over:
            over.lay(frame, self._left, self._top)
        for left, top, small in self._scene.small(run):
            frame[self._top + top : self._top + top + len(small), left : left + small.shape[1]] = small
        self._caption(self._epochs[number]).lay(frame, 0, self._top + side)
        if self._chart:
            self._draw_losses(frame, number, self._chart)
        return frame

    # -- what stays the same ------------------------------------------------------------------------------------------

    def _length(self, units: float) -> int:
        return round(units * self._unit)

    def _inks(self) -> Iterable[Rgb]:
        colors = self._colors
        yield colors.ground
        for ink in (colors.text, colors.muted, colors.line, *(curve.color for curve in self._scene.curves)):
            yield ink
            yield from (between((colors.ground, ink), share) for share in _MIXED)
        yield from self._scene.inks

    def _drawn_ground(self) -> Bytes:
        width, height = self.size
        drawn, edge = Picture(width, self._top, self._colors.ground), _EDGE * self._unit
        size = 14 * self._unit
        title = fitted(self._scene.title, size, width - 2 * edge)
        write(drawn, title, (edge, self._top - 11 * self._unit), size, self._colors.text)
        ground = np.full((height, width), self.palette.exact(np.array([self._colors.ground], np.uint8))[0], np.uint8)
        Overlay(drawn, self.palette).lay(ground)
        if self._chart:
            self._chart.axes.lay(ground, 0, self._chart_top)
        return ground

    def _overlay(self, drawn: Picture | None) -> Overlay | None:
        if drawn is not self._over[0]:
            self._over = (drawn, Overlay(drawn, self.palette) if drawn else None)
        return self._over[1]

    # -- the caption --------------------------------------------------------------------------------------------------

    def _caption(self, epoch: int) -> Overlay:
        unit, colors = self._unit, self._colors
        drawn = Picture(self.size[0], self._length(_CAPTION), None)
        line, edge = 29 * unit, _EDGE * unit
        write(drawn, f"epoch {epoch:,}", (edge, line), 20 * unit, colors.text)
        right = self.size[0] - edge
        known = self._history.samples[: max(self._history.count_at(epoch), 1)]
        for curve in reversed(self._scene.curves):
            loss = float(known[-1, 1 + curve.column])
            if not math.isfinite(loss):
                continue
            words = f"{curve.name} {loss:.3f}"
            write(drawn, words, (right, line), 14 * unit, curve.color, 1)
            right -= width_of(words, 14 * unit) + 14 * unit
        return Overlay(drawn, self.palette)

    # -- the losses ---------------------------------------------------------------------------------------------------

    @property
    def _chart_top(self) -> int:
        return self._top + self._side + self._length(_CAPTION)

    def _charted(self) -> "_Chart":
        unit, edge = self._unit, _EDGE * self._unit
        return _Chart(self, self.size[0], edge, _CHART * unit, _BELOW * unit, unit)

    def _draw_losses(self, frame: Bytes, number: int, chart: "_Chart") -> None:
        x = chart.x(number)
        chart.curves.lay(frame, 0, self._chart_top, x)
        for curve in self._scene.curves:
            y = chart.y_at(curve, self._epochs[number])
            if y is not None:
                radius = 3.2 * self._unit
                room = math.ceil(2 * radius) + 2
                dot = Picture(2 * room, 2 * room, None)
                left, top = int(x) - room, int(y) - room
                dot.dot((x - left, y - top), radius, curve.color)
                Overlay(dot, self.palette).lay(frame, left, self._chart_top + top)

    @property
    def about(self) -> tuple[Scene, History, Sequence[int], Palette]:
        """For the chart."""
        return self._scene, self._history, self._epochs, self.palette


class _Chart:
    """The losses over the film's time: the end of a curve moves evenly to the right."""

    def __init__(self, frames: Frames, width: int, edge: float, height: float, below: float, unit: float) -> None:
        scene, history, epochs, palette = frames.about
        self._epochs, self._history = epochs, history
        self._left, self._right, self._high, self._unit = edge, width - edge, height, unit
        finite = [losses[np.isfinite(losses)] for losses in self._series(scene.curves)]
        self._most = max((float(each.max()) for each in finite if len(each)), default=0) or 1.0
        drawn = Picture(width, math.ceil(height + below), None)
        for curve in scene.curves:
            self._draw(drawn, curve)
        self.curves = Overlay(drawn, palette)
        self.axes = Overlay(self._drawn_axes(width, math.ceil(height + below), frames), palette)

    def x(self, number: float) -> float:
        """Of a frame."""
        return self._left + (self._right - self._left) * number / (len(self._epochs) - 1)

    def y_at(self, curve: Curve, epoch: int) -> float | None:
        """Of the loss at an epoch; None where it is none."""
        count = max(self._history.count_at(epoch), 1)
        loss = float(self._history.samples[count - 1, 1 + curve.column])
        return self._y(loss) if math.isfinite(loss) else None

    def _y(self, loss: float) -> float:
        top = 6 * self._unit
        return top + (self._high - top) * (1 - loss / self._most)

    def _series(self, curves: Sequence[Curve]) -> list[NDArray[np.float64]]:
        samples = self._history.samples
        shown = samples[samples[:, 0] >= self._epochs[0]]
        return [shown[:, 1 + curve.column] for curve in curves]

    def _place(self, epochs: NDArray[np.float64]) -> NDArray[np.float64]:
        """The frame, with a fraction, of each epoch."""
        known, first = np.unique(np.array(self._epochs, np.float64), return_index=True)
        found: NDArray[np.float64] = np.interp(epochs, known, first.astype(np.float64))
        return found

    def _draw(self, drawn: Picture, curve: Curve) -> None:
        """At most one place for each pixel: their mean."""
        samples = self._history.samples
        samples = samples[(samples[:, 0] >= self._epochs[0]) & np.isfinite(samples[:, 1 + curve.column])]
        x = np.array([self.x(place) for place in self._place(samples[:, 0]).tolist()])
        columns = np.rint(x).astype(np.int64)
        places = []
        for column in np.unique(columns):
            here = columns == column
            places.append((float(x[here].mean()), self._y(float(samples[here, 1 + curve.column].mean()))))
        for first in range(0, len(places) - 1, 8):
            drawn.line(places[first : first + 9], 1.6 * self._unit, curve.color)

    def _drawn_axes(self, width: int, height: int, frames: Frames) -> Picture:
        colors, unit = frames._colors, self._unit
        drawn = Picture(width, height, None)
        base = round(self._high) + 0.5
        drawn.line([(self._left, base), (self._right, base)], max(1.0, unit), colors.line)
        free = -math.inf
        for epoch in _round_epochs(self._epochs[0], self._epochs[-1]):
            words = f"{epoch:,}"
            x = self.x(float(self._place(np.array([epoch], np.float64))[0]))
            half = width_of(words, 11 * unit) / 2
            x_text = min(max(x, self._left + half), self._right - half)
            if x_text - half < free:
                continue
            free = x_text + half + _TICK_ROOM * unit / 3
            drawn.line([(x, base), (x, base + 3 * unit)], max(1.0, unit), colors.muted)
            write(drawn, words, (x_text, base + 15 * unit), 11 * unit, colors.muted, 0.5)
        return drawn


def _round_epochs(first: int, last: int) -> list[int]:
    """The first, and every power of ten, and between them twice and five times as many if there are few."""
    powers = [10**exponent for exponent in range(len(str(last)))]
    steps = powers if last > 1_000 else sorted({step * power for power in powers for step in (1, 2, 5)})
    return [first, *(epoch for epoch in steps if first < epoch <= last)]
