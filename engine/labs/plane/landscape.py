"""The loss of a run over a plane of parameters, with its path and a race of the methods. Nothing of the run changes."""

import time
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.choices import Refused
from engine.labs.plane.race import Race
from engine.labs.plane.trainer import Trainer
from engine.machine import sections
from engine.machine.partly_frozen import whole_gradient
from engine.machine.sections import Section
from engine.machine.terrain import Terrain
from engine.runs.path import Passage, Path
from engine.vectors.seedrandom import SeedRandom

Directions = Literal["weights", "gradient", "path", "random"]
Floats = NDArray[np.float64]

SIDE, COARSE = 41, 21  # places along each side of the picture
_AT_ONCE = 1e8  # multiplications of a whole picture: some 7 ms
_FINE = 4e9  # the same, from which on the picture is coarse
_CHUNK = 2e7  # some 1.5 ms
_RACING = 10_000  # parameters; larger networks have no race
_RADIUS = {"weights": 4.0, "gradient": 2.0, "random": 1.0}
_ROOM = 1.15  # around a path
_STILL = 0.5  # of the radius: how far the run may go before the window of two weights follows it


@dataclass(frozen=True)
class Wanted:
    """Which picture."""

    directions: Directions
    weights: tuple[int, int] = (0, 1)  # places among the parameters
    zoom: int = 0  # each makes the radius smaller by the root of two
    seed: int = 0  # of random directions
    start: tuple[float, float] | None = None  # of a race, values of the two weights
    races: int = 0  # grows when the same race is to begin anew
    is_coarse: bool = False


@dataclass(frozen=True)
class Picture:
    """What there is to see. Places are coordinates in the plane; of two weights their values."""

    section: Section
    centre: tuple[float, float]
    radius: float
    heights: Floats  # (side, side): the second coordinate grows from row to row; NaN where it is not known yet
    here: Floats  # the run's present place and its true loss, (3,)
    path: Floats  # the same of its path, (n, 3)
    share: float  # of the path's squared distances from the present place that the plane holds; NaN without
    race: Floats | None  # (methods, steps + 1, 3)
    done: float  # of the heights, from 0 to 1


class _Sheet:
    """One picture's heights in the making."""

    def __init__(
        self, terrain: Terrain, section: Section, centre: tuple[float, float], radius: float, side: int
    ) -> None:
        self.section, self.centre, self.radius = section, centre, radius
        self.terrain = terrain
        ways = np.linspace(-radius, radius, side)
        a, b = np.meshgrid(centre[0] + ways, centre[1] + ways)
        self._places = np.stack([a.ravel(), b.ravel()], axis=1)
        self.heights = np.full((side, side), np.nan)
        self._done = 0

    @property
    def is_done(self) -> bool:
        return self._done == len(self._places)

    @property
    def share(self) -> float:
        return self._done / len(self._places)

    def advance(self, places: int) -> None:
        """Evaluate so many more."""
        part = slice(self._done, min(self._done + places, len(self._places)))
        self.heights.reshape(-1)[part] = self.terrain.heights(self._places[part])
        self._done = part.stop


class Landscape:
    """Pictures of one run. `path`: where it was, as long as its network was of this form."""

    def __init__(self, run: Trainer, path: Path) -> None:
        self._run, self._path = run, path
        self._sheet: _Sheet | None = None
        self._sheet_key: tuple[object, ...] = ()
        self._wanted: Wanted | None = None  # what the sheet is of
        self._race: Race | None = None
        self._raced: tuple[Wanted, int] | None = None  # what the race is of
        self._seeded: dict[tuple[int, int], Floats] = {}

    def picture(self, wanted: Wanted, changes: int) -> Picture:
        """The newest; `changes`: how often something but training has changed the network. Raises Refused."""
        self.check(wanted)
        with np.errstate(over="ignore", invalid="ignore"):
            sheet = self._prepared(wanted, changes)
            if self._is_quick(wanted):
                sheet.advance(len(sheet.heights) ** 2)
            return self._complete(sheet, wanted)

    def has_work(self, wanted: Wanted, changes: int) -> bool:
        """Whether `work` has something to do."""
        try:
            self.check(wanted)
        except Refused:
            return False
        if wanted.start and not (self._race and self._raced == _race_of(wanted, changes) and self._race.is_over):
            return True
        if self._is_quick(wanted):
            return False
        sheet = self._sheet
        return not (sheet and sheet.is_done and self._sheet_key == self._key(wanted, changes))

    def work(self, wanted: Wanted, changes: int, seconds: float) -> None:
        """Go on with a picture that takes long, and with the race, for about so long."""
        self.check(wanted)
        end = time.perf_counter() + seconds
        with np.errstate(over="ignore", invalid="ignore"):
            sheet = self._prepared(wanted, changes)
            chunk = max(int(_CHUNK / self._cost), 1)
            while True:
                if not self._is_quick(wanted) and not sheet.is_done:
                    sheet.advance(chunk)
                if self._race and not self._race.is_over:
                    self._race.advance()
                elif sheet.is_done or self._is_quick(wanted):
                    return
                if time.perf_counter() >= end:
                    return

    def check(self, wanted: Wanted) -> None:
        """Raises Refused if there can be no such picture."""
        count = self._run.network.program.parameter_count
        if wanted.directions == "weights" and max(wanted.weights) >= count:
            raise Refused("weights", list(wanted.weights), f"two places below {count}")
        if wanted.weights[0] == wanted.weights[1]:
            raise Refused("weights", list(wanted.weights), "two different ones")
        if wanted.directions == "path" and not self._path.is_kept:
            raise Refused("of", "path", f"a smaller network: {count:,} parameters leave no room to keep a path")
        if wanted.start and (wanted.directions != "weights" or count > _RACING):
            raise Refused("start", list(wanted.start), f"two weights of a network of at most {_RACING:,} parameters")

    # -- heights ------------------------------------------------------------------------------------------------------

    @property
    def _cost(self) -> float:
        """Multiplications for one place, about."""
        return float(max(self._run.model.train_examples.count, 1) * self._run.network.program.parameter_count)

    def _is_quick(self, wanted: Wanted) -> bool:
        return self._side(wanted) ** 2 * self._cost <= _AT_ONCE

    def _side(self, wanted: Wanted) -> int:
        return COARSE if wanted.is_coarse or SIDE**2 * self._cost > _FINE else SIDE

    def _key(self, wanted: Wanted, changes: int) -> tuple[object, ...]:
        """Changes when the heights do; those of a race are of the network with which it began."""
        return (wanted, changes) if wanted.start else (wanted, changes, self._run.step)

    def _prepared(self, wanted: Wanted, changes: int) -> _Sheet:
        """The sheet to go on with: one that takes long is finished before another of the same kind begins."""
        key = self._key(wanted, changes)
        if self._sheet and key == self._sheet_key:
            return self._sheet
        is_same = wanted == self._wanted and changes == self._sheet_key[1]
        if self._sheet and is_same and not self._sheet.is_done:
            return self._sheet
        before = self._sheet if is_same or self._is_akin(wanted) else None
        self._sheet, self._sheet_key, self._wanted = self._begin(wanted, changes, before), key, wanted
        return self._sheet

    def _is_akin(self, wanted: Wanted) -> bool:
        """Whether it is of the same weights as the last one, so that the window may stay."""
        last = self._wanted
        return last is not None and (last.directions, last.weights) == (wanted.directions, wanted.weights)

    def _begin(self, wanted: Wanted, changes: int, before: _Sheet | None) -> _Sheet:
        run = self._run
        raced = _race_of(wanted, changes)
        if raced and raced == self._raced and self._race and before:
            return self._zoomed(wanted, before)  # of the frozen weights
        section = self._section(wanted)
        terrain = Terrain(run.network, run.model.train_examples, section)
        centre, radius = self._window(wanted, section, before)
        self._race, self._raced = None, raced
        if wanted.start:
            self._race = Race(run, terrain, wanted.weights, wanted.start)
            centre = _fitting(centre, radius, wanted.start)
        return _Sheet(terrain, section, centre, radius, self._side(wanted))

    def _zoomed(self, wanted: Wanted, before: _Sheet) -> _Sheet:
        radius = _RADIUS["weights"] * 2 ** (-wanted.zoom / 2)
        return _Sheet(before.terrain, before.section, before.centre, radius, self._side(wanted))

    def _section(self, wanted: Wanted) -> Section:
        run = self._run
        parameters = run.network.parameters
        if wanted.directions == "weights":
            return sections.of_weights(parameters, wanted.weights)
        random = [self._random(wanted.seed, number) for number in (1, 2)]
        if wanted.directions == "random":
            return sections.at_random(parameters, random)
        if wanted.directions == "path":
            return sections.along_path(parameters, self._passage().places, random)
        gradient = whole_gradient(run.network, run.model.train_examples, run.model.rule)
        return sections.along_gradient(parameters, gradient, random[0])

    def _random(self, seed: int, number: int) -> Floats:
        """A filter-normalised direction, the same for the same seed as far as the weights have the same sizes."""
        network = self._run.network
        count = network.program.parameter_count
        if (seed, number) not in self._seeded or len(self._seeded[seed, number]) != count:
            self._seeded = {key: each for key, each in self._seeded.items() if key[0] == seed and len(each) == count}
            self._seeded[seed, number] = SeedRandom(f"surface {seed}, direction {number}").normals(count, 1.0)
        return sections.filter_normalised(self._seeded[seed, number], network.program, network.parameters)

    def _window(self, wanted: Wanted, section: Section, before: _Sheet | None) -> tuple[tuple[float, float], float]:
        """Centre and radius. The window of two weights stays until the run leaves its middle."""
        zoom = 2 ** (-wanted.zoom / 2)
        here = section.coordinates(self._run.network.parameters[None])[0]
        if wanted.directions == "path":
            places = np.concatenate([section.coordinates(self._passage().places), here[None]])
            low, high = places.min(axis=0), places.max(axis=0)
            extent = float((high - low).max()) / 2
            return _pair((low + high) / 2), (extent * _ROOM if extent else 1.0) * zoom
        radius = _RADIUS[wanted.directions] * zoom
        if wanted.directions == "weights" and before and (np.abs(here - before.centre) <= _STILL * radius).all():
            return before.centre, radius
        return _pair(here), radius

    # -- what lies on them --------------------------------------------------------------------------------------------

    def _passage(self) -> Passage:
        passage = self._path.until(self._run.step)
        if passage.places.ndim < 2:  # nothing yet
            return Passage(passage.steps, passage.losses, self._run.network.parameters[None][:0])
        return passage

    def _complete(self, sheet: _Sheet, wanted: Wanted) -> Picture:
        run, passage = self._run, self._passage()
        parameters = run.network.parameters
        here = np.append(sheet.section.coordinates(parameters[None])[0], run.model.loss())
        path = np.column_stack([sheet.section.coordinates(passage.places), passage.losses])
        return Picture(
            section=sheet.section,
            centre=sheet.centre,
            radius=sheet.radius,
            heights=sheet.heights,
            here=here,
            path=path,
            share=sheet.section.share(passage.places, parameters),
            race=self._race.paths if self._race and wanted.start else None,
            done=sheet.share,
        )


def _race_of(wanted: Wanted, changes: int) -> tuple[Wanted, int] | None:
    """What a race belongs to; None without."""
    if not wanted.start:
        return None
    return Wanted("weights", wanted.weights, start=wanted.start, races=wanted.races), changes


def _pair(place: Floats) -> tuple[float, float]:
    return float(place[0]), float(place[1])


def _fitting(centre: tuple[float, float], radius: float, place: tuple[float, float]) -> tuple[float, float]:
    """The centre, or the place if it lies outside of the window."""
    is_inside = all(abs(at - middle) <= radius for at, middle in zip(place, centre, strict=True))
    return centre if is_inside else place
