"""Points that somebody gives, in place of those that settings draw: their checks, and the settings that learn them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.choices import Refused
from engine.labs.plane.kinds import KINDS, MAX_CLASSES, Dataset, points_missing
from engine.labs.plane.settings import Settings
from engine.runs.data import Given, Targets

MAX_POINTS = 1_200  # as many as the largest drawn set: batches, frames and neighbours are bounded and measured with it
MAX_SIZE = 1e6  # of a coordinate or a value: in float32 its square, and the sum of all squares, is still exact enough
MAX_NAME_LENGTH = 100
MAX_FORMULA_LENGTH = 1_000  # with all its lines
MAX_NOTICES = 20
MAX_NOTICE_LENGTH = 300

_DATASETS: dict[Targets, Dataset] = {"classes": "own", "values": "reg-own"}
_LABELS: dict[Targets, type[np.generic]] = {"classes": np.uint8, "values": np.float64}


def give_classes(
    points: ArrayLike, classes: ArrayLike, columns: Sequence[str] = (), names: Sequence[str] = ()
) -> Given:
    """Points (n, 2) in the plane's units, and the class of each (n,), from 0. Raises Refused.

    `columns` names the coordinates and what is learned, `names` the classes. Of two classes the first is blue.
    """
    numbers = _numbers("classes", classes)
    is_class = (numbers == np.floor(numbers)) & (numbers >= 0) & (numbers < MAX_CLASSES)
    if not is_class.all():
        raise Refused("classes", float(numbers[~is_class][0]), f"whole numbers from 0 to {MAX_CLASSES - 1}")
    return _given("classes", points, numbers, columns, names)


def give_values(points: ArrayLike, values: ArrayLike, columns: Sequence[str] = ()) -> Given:
    """Points (n, 2) in the plane's units, and the value of each (n,), coloured from -1 to 1. Raises Refused.

    `columns` names the coordinates and what is learned.
    """
    return _given("values", points, _numbers("values", values), columns, ())


def check(given: Given) -> None:
    """Raises Refused unless the plane can learn these examples, wherever they come from."""
    if given.targets not in _LABELS:
        raise Refused("targets", given.targets, " or ".join(_LABELS))
    if set(given.examples) != {"points", "labels"}:
        raise Refused("data", sorted(given.examples), "points and labels")
    points, labels = given.examples["points"], given.examples["labels"]
    wanted = np.dtype(np.float64), np.dtype(_LABELS[given.targets])
    if (points.dtype, labels.dtype) != wanted:
        raise Refused("data", f"{points.dtype} and {labels.dtype}", f"{wanted[0]} and {wanted[1]}")
    if points.ndim != 2 or points.shape[1] != 2 or labels.shape != points.shape[:1]:
        came = f"{points.shape} and {labels.shape}"
        raise Refused("points", came, "two coordinates for each point, (n, 2), and a label for each, (n,)")
    if not 1 <= len(points) <= MAX_POINTS:
        raise Refused("points", len(points), f"1 to {MAX_POINTS:,} points")
    _check_size("points", points)
    _check_size("labels", labels)
    _check_names("columns", given.columns, (0, 3))
    _check_classes(given)
    _check_text("formula", given.formula, MAX_FORMULA_LENGTH)
    if len(given.notices) > MAX_NOTICES:
        raise Refused("notices", len(given.notices), f"at most {MAX_NOTICES}")
    for notice in given.notices:
        _check_text("notices", notice, MAX_NOTICE_LENGTH)


def count_classes(given: Given) -> int:
    """How many classes the points have, those with a name and no points included; 0 for values."""
    if given.targets == "values":
        return 0
    return max(len(given.classes), int(given.examples["labels"].max()) + 1)


def rows_of(given: Given, class_count: int) -> NDArray[np.float64]:
    """A copy as rows (x, y, label), in the order in which they came, with the labels of so many classes."""
    labels = given.examples["labels"].astype(np.float64)
    if 0 < class_count <= 2:
        labels = 1 - 2 * labels  # the first class is blue, 1; the second orange, -1
    return np.column_stack([given.examples["points"], labels])


def fitting(settings: Settings, given: Given) -> Settings:
    """The settings that learn these points, otherwise the same."""
    classes = max(2, count_classes(given)) if given.targets == "classes" else settings.classes
    return replace(settings, dataset=_DATASETS[given.targets], classes=classes)


def given_for(settings: Settings, given: Given | None) -> Given | None:
    """The given points if the settings learn them; None if they draw their own. Raises Refused if they can do neither.

    More classes than the points have are allowed.
    """
    if KINDS[settings.dataset].draw:
        return None
    if given is None or _DATASETS[given.targets] != settings.dataset:
        raise points_missing(settings.dataset)
    if settings.class_count < count_classes(given):
        raise Refused("classes", settings.classes, f"at least {count_classes(given)}, as many as the given points have")
    return given


def _given(
    targets: Targets, points: ArrayLike, labels: NDArray[np.float64], columns: Sequence[str], classes: Sequence[str]
) -> Given:
    examples = {"points": _numbers("points", points), "labels": labels.astype(_LABELS[targets])}
    for each in examples.values():
        each.flags.writeable = False
    given = Given(targets, examples, tuple(columns), tuple(classes))
    check(given)
    return given


def _numbers(name: str, came: ArrayLike) -> NDArray[np.float64]:
    """A copy, so that nobody else writes to it."""
    try:
        return np.array(came, np.float64)
    except (ValueError, TypeError) as error:
        raise Refused(name, str(error)[:MAX_NAME_LENGTH], "numbers, as many for each point") from None


def _check_size(name: str, numbers: NDArray[Any]) -> None:
    is_good = np.abs(numbers) <= MAX_SIZE  # NaN is not
    if not is_good.all():
        raise Refused(name, float(numbers[~is_good][0]), f"finite numbers from {-MAX_SIZE:,.0f} to {MAX_SIZE:,.0f}")


def _check_names(field: str, names: tuple[str, ...], counts: Sequence[int]) -> None:
    if len(names) not in counts:
        raise Refused(field, len(names), f"{counts[0]} to {counts[-1]} names")
    for name in names:
        _check_text(field, name, MAX_NAME_LENGTH)


def _check_text(field: str, text: object, most: int) -> None:
    if not isinstance(text, str) or len(text) > most:
        raise Refused(field, str(text)[:MAX_NAME_LENGTH], f"text of at most {most:,} characters")


def _check_classes(given: Given) -> None:
    if given.targets == "values":
        _check_names("names", given.classes, (0,))
        return
    count = int(given.examples["labels"].max()) + 1
    if count > MAX_CLASSES:
        raise Refused("classes", count, f"at most {MAX_CLASSES}")
    if given.classes:
        _check_names("names", given.classes, range(count, MAX_CLASSES + 1))
