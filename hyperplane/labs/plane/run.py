"""A run of the plane: beside what all runs have, its weights, points and what it says of any place."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.labs.plane.scaling import Scaling
from engine.choices import Refused
from engine.labs.plane.answers import outputs_at
from hyperplane.labs.plane.points import Points
from hyperplane.run import Run

_AS_IT_IS = Scaling(how="none")


class PlaneRun(Run):
    """A network that has been trained on points of the plane. It can be asked, and trained further.

    Points that were brought and scaled keep their own units here: in `points`, `predict`, `field` and `extent`.
    """

    @property
    def parameters(self) -> NDArray[Any]:
        """All numbers that training changes (p,): layer by layer, unit by unit, weights then bias."""
        parameters: NDArray[Any] = self._training.run.parameters  # type: ignore[attr-defined]  # the lab's own run
        return parameters

    @property
    def weights(self) -> list[NDArray[Any]]:
        """Of each layer behind the inputs (to, from): row 0 is the first neuron's."""
        return [weights for weights, _ in self._layers()]

    @property
    def biases(self) -> list[NDArray[Any]]:
        """Of each layer (to,)."""
        return [biases for _, biases in self._layers()]

    @property
    def points(self) -> Points:
        """Those that train and those that only test."""
        data = self._training.run.data  # type: ignore[attr-defined]
        return Points(*(self._scaling.undo(np.array(rows, np.float64)) for rows in (data.train, data.test)))

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of own classes, in the order of their numbers; of two the first is blue. None if they have none."""
        given = self._training.run.given
        return given.classes if given else ()

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """What `field` covers: left, right, bottom and top, as matplotlib's `imshow(field, extent=...)` takes it."""
        low, high = self._training.run.settings.domain  # type: ignore[attr-defined]
        (left, bottom, _), (right, top, _) = self._scaling.undo([[low, low, 0], [high, high, 0]]).tolist()
        return left, right, bottom, top

    def predict(self, points: ArrayLike) -> NDArray[Any]:
        """What the network says of points (n, 2): (n,) from one output, (n, classes) probabilities of more than two.

        Of two classes 1 is blue and -1 orange, or with a cross-entropy it is the probability of blue; in a regression
        it is the value. Raises Refused.
        """
        places = _places(points)
        numbers = np.column_stack([places, np.zeros(len(places))])
        said = outputs_at(self._training.run, ((numbers - self._scaling.centre) * self._scaling.factor)[:, :2])  # type: ignore[arg-type]
        if said.shape[1] > 1:
            return said
        return said[:, 0] / self._scaling.factor[2] + self._scaling.centre[2]

    def field(self, size: int = 100) -> NDArray[Any]:
        """`predict` at the middles of size x size pixels of the picture, row 0 at the top: (size, size), or
        (size, size, classes)."""
        if not 1 <= size <= 2_000:
            raise Refused("size", size, "1 to 2,000 pixels a side")
        left, right, bottom, top = self.extent
        shares = (np.arange(size) + 0.5) / size
        x, y = np.meshgrid(left + shares * (right - left), top - shares * (top - bottom))
        said = self.predict(np.column_stack([x.ravel(), y.ravel()]))
        return said.reshape(size, size, *said.shape[1:])

    @property
    def _scaling(self) -> Scaling:
        brought = self._training.brought
        return brought.scaling if brought and isinstance(brought.scaling, Scaling) else _AS_IT_IS

    def _layers(self) -> list[tuple[NDArray[Any], NDArray[Any]]]:
        layers: list[tuple[NDArray[Any], NDArray[Any]]] = self._training.run.layers()  # type: ignore[attr-defined]
        return layers


def _places(points: ArrayLike) -> NDArray[np.float64]:
    try:
        places = np.asarray(points, np.float64)
    except (ValueError, TypeError):
        raise Refused("points", str(points)[:100], "numbers, two for each point") from None
    if places.ndim != 2 or places.shape[1] != 2:
        raise Refused("points", places.shape, "two coordinates for each point, (n, 2)")
    return places
