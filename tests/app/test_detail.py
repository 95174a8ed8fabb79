"""detail.py: beside links that are a distance and a width, as everybody can calculate."""

from itertools import pairwise

import pytest

from app.sessions.picture_detail import Detail

BYTES = (140_000, 35_000, 13_000)  # of a frame, by coarseness
FRAME_SECONDS = 1 / 60


def watch(detail: Detail, latency: float, bytes_per_second: float, seconds: float, start: float = 0.0) -> list[int]:
    """How coarse the frames of so long were; one is made when one before it has been drawn."""
    now, seen = start, []
    while now < start + seconds:
        coarseness = detail.coarseness
        delay = latency + BYTES[coarseness] / bytes_per_second
        now += max(delay, FRAME_SECONDS)
        seen.append(coarseness)
        detail.note(now, coarseness, delay)
    return seen


def test_a_quick_link_has_the_finest_pictures() -> None:
    assert set(watch(Detail(), 0.001, 1e8, 60)) == {0}


def test_a_narrow_link_gets_coarser_ones_within_seconds() -> None:
    detail = Detail()
    watch(detail, 0.02, 250_000, 10)  # 2 Mbit/s: 2 frames a second, or 6, or 14
    assert detail.coarseness >= 1
    slower = Detail()
    watch(slower, 0.02, 60_000, 30)
    assert slower.coarseness == 2


def test_distance_alone_is_tried_in_vain_and_rarely() -> None:
    detail = Detail()
    seen = watch(detail, 0.3, 1e8, 600)
    assert seen[-1] == 0
    assert sum(coarseness > 0 for coarseness in seen) < 0.05 * len(seen)


def test_a_link_that_becomes_quick_gets_fine_ones_again() -> None:
    detail = Detail()
    watch(detail, 0.02, 250_000, 30)
    watch(detail, 0.001, 1e8, 60, start=30)
    assert detail.coarseness == 0


def test_it_settles_on_a_link_in_between() -> None:
    """Quick when coarse, slow when fine: each try finer is rarer than the one before."""
    detail = Detail()
    seen = watch(detail, 0.001, 1_000_000, 600)
    changes = sum(one != other for one, other in pairwise(seen))
    assert changes < 20
    assert sum(coarseness == 1 for coarseness in seen) > 0.9 * len(seen)


@pytest.mark.parametrize("coarseness", [1, 2])
def test_frames_that_a_crowd_made_coarse_say_nothing_of_the_link(coarseness: int) -> None:
    detail = Detail()
    for number in range(100):
        detail.note(float(number), coarseness, 0.5)
    assert detail.coarseness == 0
