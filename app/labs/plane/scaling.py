"""How the numbers of a table become places of the picture, and the way back."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field

from app.messages import Message
from engine.choices import Refused
from engine.labs.plane.kinds import KINDS

How = Literal["fit", "axes", "none"]
HOWS: dict[How, str] = {"fit": "fit, same unit", "axes": "fit each axis", "none": "as it is"}

EDGE = KINDS["own"].domain[1]
REACH = 5.5  # of fitted points; the picture ends at 6
MOST = 32.767  # a link has each number as 16 bits, in thousandths
_THOUSANDTHS = 1000
_FLAT = 1e-290  # half a range that counts as none: its inverse may be no finite number
_Three = tuple[float, float, float]


class Scaling(Message):
    """number in the picture = (number in the table - centre) x factor, for x, y and what is learned."""

    how: How = Field(description="fit: one factor for both axes; axes: one for each; none: nothing changes")
    centre: _Three = (0.0, 0.0, 0.0)
    factor: _Three = (1.0, 1.0, 1.0)

    def apply(self, numbers: ArrayLike) -> NDArray[np.float64]:
        """Numbers (n, 3) to the picture's, in thousandths."""
        return rounded((np.asarray(numbers, np.float64) - self.centre) * self.factor)

    def undo(self, numbers: ArrayLike) -> NDArray[np.float64]:
        """The picture's numbers (n, 3) to the table's."""
        return np.asarray(numbers, np.float64) / self.factor + self.centre


def fitted(how: How, numbers: NDArray[np.float64], has_values: bool) -> Scaling:
    """That brings x and y (n, 3) to -5.5..5.5, and values to -1..1; classes stay."""
    if how == "none":
        return Scaling(how="none")
    low, high = numbers.min(axis=0), numbers.max(axis=0)
    centre, half = low / 2 + high / 2, high / 2 - low / 2  # halves first: a range may exceed all floats
    reach = np.array([REACH, REACH, 1.0])
    if how == "fit":
        half[:2] = half[:2].max()
    factor = np.where(half > _FLAT, reach / np.maximum(half, _FLAT), 1.0)
    if not has_values:
        centre[2], factor[2] = 0.0, 1.0
    return Scaling(how=how, centre=_three(centre), factor=_three(factor))


def check_range(
    numbers: NDArray[np.float64], names: tuple[str, str, str], places: NDArray[np.int64], word: str
) -> None:
    """Raises Refused for numbers (n, 3) that do not fit the picture as they are."""
    is_far = ~(np.abs(numbers) <= MOST)
    if is_far.any():
        row, column = np.argwhere(is_far)[0]
        came = f"{numbers[row, column]:g} in column {names[column]}, {word} {places[row]}"
        raise Refused("scaling", came, f"numbers from -{MOST} to {MOST}, or a scaling that fits them")


def rounded(numbers: ArrayLike) -> NDArray[np.float64]:
    """In thousandths, without -0."""
    return np.rint(np.asarray(numbers, np.float64) * _THOUSANDTHS) / _THOUSANDTHS + 0.0


def _three(numbers: NDArray[np.float64]) -> _Three:
    x, y, target = map(float, numbers)
    return x, y, target
