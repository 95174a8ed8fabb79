"""timeline.py: every epoch again, bit for bit, within a budget of bytes."""

import tracemalloc
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from engine.labs.plane.settings import Settings
from engine.labs.plane.trainer import Trainer
from engine.runs.moment import Moment
from engine.runs.run import Run
from engine.runs.timeline import Timeline
from tests.engine.test_run import Slope, begun

ADAM = Settings(hidden=(4, 3), method="adam", batch_norm=True, dropout=0.2, order="shuffle", schedule="cosine")


def go_to(run: Run, epoch: int) -> Moment:
    """As a session does within one set of settings: the moment there."""
    tip = run.tip or run.moment()
    start = run.timeline.before(epoch)
    assert start
    timeline, history = run.timeline, run.history
    run.stand_at(start.moment, history)
    run.timeline, run.tip = timeline, tip
    while not run.replay_for(0.001, epoch):
        pass
    return run.moment()


def same_bits(one: Moment, other: Moment) -> bool:
    tensors = other.state.tensors
    return (one.place, one.state.counts, one.samples) == (other.place, other.state.counts, other.samples) and all(
        each.tobytes() == tensors[name].tobytes() for name, each in one.state.tensors.items()
    )


@pytest.mark.parametrize("settings", [Settings(), ADAM, Settings(batch_size=7)], ids=["plain", "adam", "uneven"])
def test_fifty_epochs_of_a_long_run_are_those_of_fresh_runs(settings: Settings) -> None:
    run, fresh = Trainer(settings), Trainer(settings)
    run.timeline.budget = 60_000
    run.train(3_000)
    epochs = sorted(set(np.random.default_rng(5).integers(0, 3_000, 50).tolist()))
    moments = {}
    for epoch in epochs:
        fresh.train(epoch - fresh.epoch)
        moments[epoch] = fresh.moment()
    for epoch in reversed(epochs):
        assert same_bits(go_to(run, epoch), moments[epoch]), epoch


def test_a_long_run_keeps_to_its_budget_and_to_its_first_epoch() -> None:
    run = begun(Slope(rate=1e-7))
    run.timeline.budget = 100_000
    assert run.train(100_000) == 100_000
    kept = [each.moment.place.epoch for each in run.timeline.keyframes]
    assert run.timeline.nbytes <= 100_000
    assert run.timeline.first == kept[0] == 0
    assert 30 <= len(kept) <= 80
    gaps = [later - earlier for earlier, later in pairwise([*kept, 100_000])]
    assert max(gaps) < 4 * 100_000 / len(kept)


def test_what_is_kept_is_what_it_says() -> None:
    """Python's own count: the budget is one of memory."""
    run = Trainer(ADAM)
    run.train(50)
    tracemalloc.start()
    before, said = tracemalloc.get_traced_memory()[0], run.timeline.nbytes
    run.train(300)
    taken, said = tracemalloc.get_traced_memory()[0] - before, run.timeline.nbytes - said
    tracemalloc.stop()
    assert 0.8 * said < taken < 1.25 * said


def test_arrays_that_do_not_change_are_kept_once() -> None:
    plain, adam = Trainer(Settings(hidden=(8, 8))), Trainer(Settings(hidden=(8, 8), method="adam"))
    for run in (plain, adam):
        run.train(100)
    first, last = plain.timeline.keyframes[0].moment, plain.timeline.keyframes[-1].moment
    assert first.state.tensors["moments"] is last.state.tensors["moments"]
    assert first.state.tensors["parameters"] is not last.state.tensors["parameters"]
    assert plain.timeline.nbytes < 0.7 * adam.timeline.nbytes


def test_a_branch_leaves_behind_what_came_after() -> None:
    run, fresh = Trainer(ADAM), Trainer(ADAM)
    run.train(500)
    go_to(run, 100)
    assert len(run.history.samples) == 501  # the page shows the whole curve as long as nothing is changed
    run.branch()
    assert run.history.last_epoch == 100
    run.train(50)
    fresh.train(150)
    assert same_bits(run.moment(), fresh.moment())
    np.testing.assert_array_equal(run.history.samples, fresh.history.samples)
    assert max(each.moment.place.epoch for each in run.timeline.keyframes) == 150
    assert all(each.moment.history is run.history for each in run.timeline.keyframes)


def test_training_never_leads_across_a_change() -> None:
    run = Trainer(Settings())
    run.train(10)
    run.set_parameter(0, 5.0)
    run.timeline.add(run.moment(), is_change=True)
    changed = run.moment()
    run.train(300)
    assert same_bits(go_to(run, 10), changed)
    assert go_to(run, 9).place.epoch == 9


def test_of_changes_that_follow_each_other_the_last_counts() -> None:
    run = Trainer(Settings())
    run.train(10)
    for value in (1.0, 2.0, 3.0):
        run.set_parameter(0, value)
        run.timeline.add(run.moment(), is_change=True)
    assert sum(each.is_change for each in run.timeline.keyframes) == 2
    run.train(1)
    go_to(run, 10)
    assert run.parameters[0] == 3.0


def test_so_many_changes_that_the_budget_is_full_let_the_timeline_begin_later() -> None:
    run = Trainer(Settings())
    run.timeline.budget = 30_000
    for number in range(40):
        run.train(1)
        run.set_parameter(0, number / 10)
        run.timeline.add(run.moment(), is_change=True)
    first = run.timeline.first
    assert first is not None
    assert first >= 15
    assert run.timeline.nbytes <= 30_000
    assert run.timeline.before(first - 1) is None
    assert go_to(run, first).place.epoch == first


def test_a_model_that_does_not_fit_keeps_nothing() -> None:
    run = Trainer(Settings())
    timeline = Timeline(budget=100)
    timeline.add(run.moment())
    assert timeline.first is None
    assert (timeline.nbytes, timeline.length) == (0, 1)


def test_after_a_way_back_the_timeline_ends_there() -> None:
    run = Trainer(Settings(dataset="reg-plane", hidden=(), learning_rate=2.0, batch_size="all"))
    run.train(3_000)
    assert run.divergence
    run.recover()
    assert max(each.moment.place.epoch for each in run.timeline.keyframes) == run.epoch
    assert run.timeline.keyframes[-1].is_change
    run.change(replace(run.settings, learning_rate=0.01))
    run.train(20)
    assert go_to(run, run.epoch - 5).place.epoch == run.epoch
