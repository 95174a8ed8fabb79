"""A session of the plane: beside what all sessions have, its weights, points and picture as arrays."""

import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.labs.plane.brought import arrays
from app.labs.plane.point_edits import LearnPoints
from hyperplane.labs.plane.points import Points
from hyperplane.session import Moment, Session, Sight

_GRAY = 127.5  # half the values of a byte


class PlaneSight(Sight):
    """See `Sight`."""

    @property
    def parameters(self) -> NDArray[Any]:
        """All numbers that training changes (p,), in the order of `facts["layout"]`: what `set_parameter` counts."""
        return self.frame("parameters")

    @property
    def weights(self) -> list[NDArray[Any]]:
        """Of each layer behind the inputs (to, from): row 0 is the first neuron's."""
        return [matrix[:, :-1] for matrix in self._matrices()]

    @property
    def biases(self) -> list[NDArray[Any]]:
        """Of each layer (to,)."""
        return [matrix[:, -1] for matrix in self._matrices()]

    @property
    def points(self) -> Points:
        """Those that train and those that only test."""
        seen = self._look().tensors
        return Points(seen["train"].copy(), seen["test"].copy())

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of own classes, in the order of their numbers; of two the first is blue. None if they have none."""
        own = self.facts["own"]
        return tuple(own["classes"]) if own else ()

    @property
    def field(self) -> NDArray[Any]:
        """What the network says over the plane, as the page shows it, row 0 at the top.

        (s, s) from -1 to 1 in steps of 1/127.5, 1 is blue, with a cross-entropy 2p - 1 of its probability; of more than
        two classes the number of the most probable one.
        """
        seen = self._look().tensors
        if "classes" in seen:
            return np.asarray(seen["classes"][0], np.int64)
        output: NDArray[np.float64] = seen["output"].astype(np.float64) / _GRAY - 1
        return output

    def _matrices(self) -> list[NDArray[Any]]:
        """Each layer's (to, from + 1), the bias last, of one moment."""
        seen = self._look()
        numbers = seen.tensors["parameters"]
        parts = [part for part in seen.state.facts["layout"] if part["name"].endswith(" weights")]
        return [
            numbers[part["offset"] : part["offset"] + np.prod(part["shape"])].reshape(part["shape"]).copy()
            for part in parts
        ]


class PlaneMoment(PlaneSight, Moment):
    """See `Moment`."""


class PlaneSession(PlaneSight, Session):
    """A network on points of the plane, which trains on a server as in a page of its own.

    Each command waits for the server's answer, and raises Refused if it changes nothing. The connection comes back by
    itself when it is lost; a call that waits for longer than the session's patience raises Unreachable.
    """

    COVERED = Session.COVERED | {"learn-points"}
    _moment = PlaneMoment

    def learn(self, points: ArrayLike, labels: ArrayLike, scaling: str | None = None) -> None:
        """Learn own points (n, 2) and the label of each (n,) from epoch 0 on, in place of all others.

        Labels that are text, truths or up to ten different whole numbers are classes, others are values. Points stay
        where they are, rounded to three decimals, unless a scaling is chosen: "fit" or "axes". Raises Refused.
        """
        brought = arrays(points, labels, scaling)
        given = brought.given
        rows = np.column_stack([given.examples["points"], given.examples["labels"]]).tolist()
        self._say(
            LearnPoints(
                targets=given.targets, points=tuple(map(tuple, rows)), columns=given.columns, names=given.classes
            )
        )
        for note in brought.notes:
            warnings.warn(f"data: {note}", stacklevel=2)
