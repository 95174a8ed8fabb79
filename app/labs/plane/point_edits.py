"""What a visitor can do to the points: bring a whole set, or draw, erase and move some while training goes on."""

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from app.messages import Edit
from engine.labs.plane.given import MAX_FORMULA_LENGTH, MAX_NAME_LENGTH, MAX_POINTS
from engine.labs.plane.kinds import MAX_CLASSES
from engine.labs.plane.own_points import MOST, Names, own_points, owned, with_added, with_moved, without
from engine.runs.data import Given, Targets
from engine.runs.settings import MAX_SEED_LENGTH

if TYPE_CHECKING:  # a client of the protocol compiles no kernels
    from engine.labs.plane.trainer import Trainer

_Coordinate = Annotated[float, Field(ge=-MOST, le=MOST)]
_Point = tuple[_Coordinate, _Coordinate, _Coordinate]  # x, y, and the class from 0 or the value
_Points = Annotated[
    tuple[_Point, ...],
    Field(min_length=1, max_length=MAX_POINTS, description="x, y, and the class from 0 or the value"),
]
_Place = tuple[_Coordinate, _Coordinate]
_Name = Annotated[str, Field(max_length=MAX_NAME_LENGTH)]


class LearnPoints(Edit):
    """Learn these points from epoch 0 on, in place of all others. Of two classes the first is blue."""

    type: Literal["learn-points"] = "learn-points"
    targets: Targets
    points: _Points
    columns: tuple[_Name, ...] = Field(default=(), max_length=3, description="names of x, y and what is learned")
    names: tuple[_Name, ...] = Field(default=(), max_length=MAX_CLASSES, description="of the classes")

    def apply(self, run: "Trainer") -> None:
        places = [(x, y) for x, y, _ in self.points]
        labels = [label for _, _, label in self.points]
        run.learn(own_points(self.targets, places, labels, Names(self.columns, self.names)))


class AddPoints(Edit):
    """Add points; the network and the epoch stay, unless a class is new. The set of before becomes an own one."""

    type: Literal["add-points"] = "add-points"
    points: _Points

    def apply(self, run: "Trainer") -> None:
        run.redraw(with_added(_points_of(run), self.points))


class ErasePoints(Edit):
    """Take away the points that a round eraser touches on its way; the network and the epoch stay."""

    type: Literal["erase-points"] = "erase-points"
    path: tuple[_Place, ...] = Field(min_length=1, max_length=200, description="places, joined by straight lines")
    radius: float = Field(gt=0, le=12)

    def apply(self, run: "Trainer") -> None:
        before = _points_of(run)
        after = without(before, self.path, self.radius)
        if after.ref.count < before.ref.count:
            run.redraw(after)


class MovePoint(Edit):
    """Move the point that is nearest to a place; the network and the epoch stay."""

    type: Literal["move-point"] = "move-point"
    start: _Place
    end: _Place

    def apply(self, run: "Trainer") -> None:
        run.redraw(with_moved(_points_of(run), self.start, self.end))


class LearnFormula(Edit):
    """Learn points all over the plane that a formula labels, from epoch 0 on, in place of all others."""

    type: Literal["learn-formula"] = "learn-formula"
    text: str = Field(
        max_length=MAX_FORMULA_LENGTH, description="a condition in each line, for classes, or `z = ...` for values"
    )
    count: int = Field(default=500, ge=1, le=MAX_POINTS, description="of the points")
    seed: str | None = Field(default=None, max_length=MAX_SEED_LENGTH, description="of their places; null: the run's")

    def apply(self, run: "Trainer") -> None:
        from engine.labs.plane.formula_points import label_by_formula  # noqa: PLC0415  it compiles kernels

        seed = run.settings.seed if self.seed is None else self.seed
        run.learn(label_by_formula(self.text, seed, self.count, run.settings.noise))


POINT_EDITS = (LearnPoints, LearnFormula, AddPoints, ErasePoints, MovePoint)


def _points_of(run: "Trainer") -> Given:
    return run.given or owned(run.data, run.settings.class_count)
