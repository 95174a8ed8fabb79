"""Which epochs a film shows, and what it needs of a run's timeline."""

from collections.abc import Sequence

import numpy as np

from engine.runs.moment import Moment
from engine.runs.timeline import Timeline

MOST_KEPT = 160  # moments that a page's session gives for a film: more would save little training

Kept = tuple[tuple[Moment, bool], ...]  # of a timeline, each with whether a change led to it


def spaced(first: int, last: int, count: int) -> list[int]:
    """So many epochs from the first to the last: one apart in the beginning, then by a constant factor farther.

    Training does most in its first epochs, which a film by the clock would never show. Of a run that is shorter than
    the film some epochs come more than once.
    """
    steps, whole = count - 1, last - first
    if whole <= steps:
        return [first + round(whole * at / steps) for at in range(count)]
    low, high = 1.0, float(whole)
    for _ in range(200):  # a bisection: the distances 1, r, r², … shall add up to the whole
        middle = (low + high) / 2
        low, high = (middle, high) if _reaches(middle, steps) < whole else (low, middle)
    places = np.array([_reaches(high, at) for at in range(count)])
    return [first + int(place) for place in np.rint(places / places[-1] * whole)]


def _reaches(factor: float, steps: int) -> float:
    """1 + r + r² + …"""
    grown = steps * np.log(factor)
    return float(np.expm1(min(grown, 700.0)) / (factor - 1)) if factor - 1 > 1e-9 else float(steps)


def near(epochs: Sequence[int], kept: Sequence[int]) -> list[int]:
    """The same epochs, but those that are kept where one is much nearer than the next frame: nothing has to be
    trained again for these."""
    at, found = np.unique(np.array(kept, np.int64)), [*epochs]
    for number in range(1, len(epochs) - 1):
        epoch = epochs[number]
        nearest = int(at[np.abs(at - epoch).argmin()])
        apart = epoch - epochs[number - 1] if nearest < epoch else epochs[number + 1] - epoch
        if 4 * abs(nearest - epoch) <= apart:
            found[number] = nearest
    return found


def kept_for_film(timeline: Timeline, tip: Moment, most: int = MOST_KEPT) -> Kept:
    """Of a timeline what a film up to a moment needs: at most so many, spread as its frames are, and those that changes
    led to. It begins where the present examples were learned."""
    passed = [(each.moment, each.is_change) for each in timeline.keyframes if each.step <= tip.place.step]
    others = [at for at, (moment, _) in enumerate(passed) if moment.given != tip.given]
    ours = passed[max(others, default=-1) + 1 :]
    if len(ours) <= most:
        return tuple(ours)
    at = np.array([moment.place.epoch for moment, _ in ours])
    wanted = spaced(int(at[0]), tip.place.epoch, most)
    chosen = {int(np.searchsorted(at, epoch, side="right")) - 1 for epoch in wanted}
    chosen |= {number for number, (_, is_change) in enumerate(ours) if is_change}
    return tuple(ours[number] for number in sorted(chosen))
