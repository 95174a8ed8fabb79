"""The film of a run in the plane: its decision boundary with the points, and its neurons' pictures beside it."""

from collections.abc import Generator, Sequence

import numpy as np
from numpy.typing import NDArray

from app.exports.colors import COLORS, Colors, Rgb, Theme, between
from app.exports.raster import Picture
from app.labs.contract import Curve, Scene
from app.labs.plane.exports.field import drawn_points, enlarged
from engine.choices import settings_of
from engine.labs.plane.figures import hidden_pictures, large_picture_in_parts, places_in_parts
from engine.labs.plane.kinds import KINDS
from engine.labs.plane.settings import Settings
from engine.labs.plane.trainer import Trainer
from engine.machine.examples import Inputs

Bytes = NDArray[np.uint8]

_SHADES = 128  # of two colours' scale: half the picture's bytes, so that others are left for what is drawn over it
_CLASS_SHADES = 160  # of all classes together; with neurons, whose pictures have two colours, fewer
_FEWER = 120
_PART = 15_000  # pixels that are evaluated in one go: about a millisecond for a small network
_WORK = 480**2 * 1_500  # pixels times parameters of a picture, at most; values between its pixels are mixed
_SIDES = (480, 240, 160, 120, 80, 60)
_LABELS = 16  # shades of a regression's points
_LEAST_TILE = 14  # 480ths of the side
_GAP = 6


def scene(run: Trainer, side: int, theme: Theme, *, with_small: bool) -> Scene:
    """Of a run as it is at the end of a film."""
    return PlaneScene(run, side, COLORS[theme], with_small=with_small)


def title(settings: Settings) -> str:
    """The experiment in words."""
    said = settings_of(Settings)
    shape = "-".join(map(str, settings.shape))
    activation = said["activation"].choices[settings.activation]
    method = [] if settings.method == "sgd" else [said["method"].choices[settings.method]]
    rate = f"learning rate {settings.learning_rate:g}"
    return " · ".join([KINDS[settings.dataset].label, shape, activation, *method, rate])


class PlaneScene:
    """What `app.labs.contract.Scene` asks for."""

    def __init__(self, run: Trainer, side: int, colors: Colors, *, with_small: bool) -> None:
        settings = run.settings
        self._side, self._colors = side, colors
        self._classes = settings.class_count if settings.class_count > 2 else 0
        self._shades = (_FEWER if with_small else _CLASS_SHADES) // self._classes if self._classes else _SHADES
        self.title = title(settings)
        self.colors = self._scale()
        self.inks: Sequence[Rgb] = self._point_inks()
        self.curves: Sequence[Curve] = [
            Curve(name, column, color)
            for column, (name, color) in enumerate(zip(("train", "test"), colors.losses, strict=True))
        ]
        self._tile = self._tile_side(settings) if with_small else 0
        self.beside = (
            round(len(settings.hidden) * self._tile + self._gap * (len(settings.hidden) + 1)) if self._tile else 0
        )
        self._points: tuple[object, Picture] | None = None
        self._places: tuple[object, list[Inputs]] = ((), [])

    def picture(self, run: Trainer) -> Generator[None, None, Bytes]:
        """The decision boundary."""
        size = self._evaluated(run)
        found = yield from large_picture_in_parts(run, size, self._places_of(run, size))
        if len(found) == 1:
            return self._fitted(found[0]) // np.uint8(2)
        shades = self._shades
        winners, lead = self._repeated(found[0]), self._fitted(found[1])
        return (winners * shades + lead.astype(np.uint16) * shades // 256).astype(np.uint8)

    def over(self, run: Trainer) -> Generator[None, None, Picture]:
        """The training points."""
        if self._points is None or self._points[0] is not run.data:
            drawn, inks = Picture(self._side, self._side, None), (self._colors.outline, self._point_color)
            yield from drawn_points(drawn, run.settings.domain, run.data.train, self._side, inks)
            self._points = (run.data, drawn)
        return self._points[1]

    def small(self, run: Trainer) -> Sequence[tuple[int, int, Bytes]]:
        """A tile for each hidden neuron: a column for each layer."""
        if not self._tile:
            return []
        tiles = hidden_pictures(run, self._tile)
        first_shade = self._classes * self._shades
        tiles = (tiles // 4 + first_shade if self._classes else tiles // 8 * 4).astype(np.uint8)
        found: list[tuple[int, int, Bytes]]
        found, first, apart = [], 0, self._tile + self._gap
        for layer, units in enumerate(run.settings.hidden):
            shown = min(units, (self._side + self._gap) // apart)
            top = (self._side - shown * apart + self._gap) // 2
            left = self._gap + layer * apart
            if left + apart <= self.beside:
                found += [(left, top + at * apart, tiles[first + at]) for at in range(shown)]
            first += units
        return found

    # -- colours ------------------------------------------------------------------------------------------------------

    def _scale(self) -> Bytes:
        colors = self._colors
        if not self._classes:
            return colors.scale()[1::2]
        places = np.rint((np.arange(self._shades) + 0.5) * 256 / self._shades).astype(int)
        shades = [colors.shades(each)[places] for each in range(self._classes)]
        return np.concatenate([*shades, *([colors.scale()[2::4]] if self._shades == _FEWER // self._classes else [])])

    def _point_inks(self) -> list[Rgb]:
        colors = self._colors
        labels = range(self._classes) if self._classes else np.linspace(-1, 1, 2 * _LABELS + 1).tolist()
        dots = list(dict.fromkeys(self._point_color(label) for label in labels))
        mixed = [between((colors.outline, dot), 0.5) for dot in dots]
        return [colors.outline, *dots, *mixed]

    def _point_color(self, label: float) -> Rgb:
        if self._classes:
            return self._colors.classes[int(label)]
        return between(self._colors.points, round((max(-1.0, min(1.0, label)) + 1) / 2 * _LABELS) / _LABELS)

    # -- sizes --------------------------------------------------------------------------------------------------------

    @property
    def _gap(self) -> int:
        return round(_GAP * self._side / 480)

    def _tile_side(self, settings: Settings) -> int:
        """Of a neuron's picture: as large as fits, all layers and the widest."""
        layers, units = len(settings.hidden), max(settings.hidden, default=0)
        if not units:
            return 0
        gap, side = self._gap, self._side
        fits = min((side + gap) // units - gap, int(1.3 * side) // layers - gap, side // 5)
        return max(fits, _LEAST_TILE * side // 480)

    def _evaluated(self, run: Trainer) -> int:
        """Pixels a side that are evaluated."""
        sides = [side for side in (self._side, *_SIDES) if side <= min(self._side, 480)]
        count = max(run.settings.parameter_count, 1)
        return next((side for side in sides if side**2 * count <= _WORK), sides[-1])

    def _places_of(self, run: Trainer, size: int) -> list[Inputs]:
        """The places of the picture's pixels, as long as the inputs are the same."""
        settings = run.settings
        key = (settings.features, settings.domain, size)
        if self._places[0] != key:
            self._places = (key, list(places_in_parts(settings, run.network.dtype, size, _PART)))
        return self._places[1]

    def _fitted(self, values: Bytes) -> Bytes:
        return enlarged(values, self._side)

    def _repeated(self, values: Bytes) -> Bytes:
        at = np.arange(self._side) * len(values) // self._side
        return values[at][:, at]
