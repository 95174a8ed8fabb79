"""trainer.py, rewind.py: training by single mini-batches, and the last steps before a divergence."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from app.storage.checkpoint import unpack
from engine.labs.plane.settings import METHODS, ORDERS, Settings
from engine.labs.plane.trainer import Trainer
from engine.runs.run import TRAIL

OLD = Path("tests/data/checkpoints")  # from versions without steps inside an epoch

BASE = Settings(dataset="spiral", classes=3, hidden=(5, 4), batch_size=12, noise=5)  # 250 points: ten are left over
whole_numbers = st.integers(1, 30)


def alike(one: Trainer, other: Trainer) -> None:
    """Check that both are equal, bit for bit."""
    assert (one.epoch, one.step, one.step_in_epoch) == (other.epoch, other.step, other.step_in_epoch)
    for name, array in one.network.state.items():
        assert_array_equal(array, other.network.state[name], err_msg=name)
    assert_array_equal(one.history.samples, other.history.samples)
    assert (one.stop, one.divergence) == (other.stop, other.divergence)


@hypothesis_settings(max_examples=60)
@given(
    order=st.sampled_from(ORDERS),
    method=st.sampled_from(METHODS),
    batch_norm=st.booleans(),
    dropout=st.sampled_from([0, 0.3]),
    batch_size=st.sampled_from([1, 7, 12, 250, "all"]),
    dtype=st.sampled_from([np.float32, np.float64]),
    pieces=st.lists(whole_numbers, max_size=6),
)
def test_a_run_that_is_cut_inside_epochs_is_the_same_bit_for_bit(
    order: Any, method: Any, batch_norm: bool, dropout: float, batch_size: Any, dtype: Any, pieces: list[int]
) -> None:
    settings = replace(
        BASE, order=order, method=method, batch_norm=batch_norm, dropout=dropout, batch_size=batch_size,
        schedule="cosine", schedule_epochs=5, learning_rate=0.003,
    )  # fmt: skip
    cut, whole = Trainer(settings, dtype), Trainer(settings, dtype)
    for steps in pieces:
        assert cut.train_steps(steps) == steps
    cut.train(1)
    assert cut.step_in_epoch == 0
    whole.train(cut.epoch)
    alike(cut, whole)


@given(first=whole_numbers, second=whole_numbers)
def test_it_says_how_far_into_the_epoch_it_is(first: int, second: int) -> None:
    trainer = Trainer(Settings(dataset="xor"))  # 25 steps an epoch
    for steps in (first, second):
        trainer.train_steps(steps)
    assert (trainer.epoch, trainer.step_in_epoch) == divmod(first + second, trainer.steps_in_epoch)
    assert trainer.step == first + second
    assert trainer.steps_in_epoch == 25


def test_a_time_slice_finishes_the_epoch_too() -> None:
    trainer = Trainer(Settings(dataset="xor"))
    trainer.train_steps(4)
    assert trainer.train_for(10, epochs=1) == 1
    assert (trainer.epoch, trainer.step, trainer.step_in_epoch) == (1, 25, 0)


def test_a_stop_condition_ends_it_at_its_epoch() -> None:
    trainer = Trainer(Settings(dataset="xor", stop_epochs=2))
    assert trainer.train_steps(1000) == 50
    assert trainer.stop
    assert trainer.stop.epoch == 2


def test_new_batches_begin_a_new_epoch() -> None:
    trainer = Trainer(Settings(dataset="xor"))
    trainer.train_steps(30)
    trainer.change(replace(trainer.settings, batch_size=50))
    assert (trainer.epoch, trainer.step, trainer.step_in_epoch) == (1, 30, 0)
    assert trainer.train(1) == 1
    assert trainer.step == 35


@given(before=st.integers(0, 40), after=whole_numbers)
def test_it_goes_on_from_a_checkpoint_inside_an_epoch(before: int, after: int) -> None:
    settings = replace(BASE, order="shuffle", method="adam", batch_norm=True, dropout=0.3, learning_rate=0.003)
    trainer, other = Trainer(settings), Trainer(settings)
    trainer.train_steps(before)
    other.resume(trainer.moment())
    for each in (trainer, other):
        each.train_steps(after)
        each.train(1)
    alike(trainer, other)


@pytest.mark.parametrize(("name", "epoch", "step"), [("trained", 3, 105), ("stopped", 6, 150), ("diverged", 0, 39)])
def test_checkpoints_of_before_still_open(name: str, epoch: int, step: int) -> None:
    moment = unpack((OLD / f"{name}.safetensors").read_bytes()).moment
    trainer = Trainer(moment.settings)
    trainer.resume(moment)
    assert (trainer.epoch, trainer.step) == (epoch, step)
    if name == "diverged":
        assert trainer.divergence
        assert trainer.divergence.trail == ()
        assert trainer.step_in_epoch == 39
        trainer.change(replace(trainer.settings, learning_rate=1e-20))
        assert trainer.train(1) == 1
        assert trainer.step == 60
        return
    fresh = Trainer(replace(moment.settings, stop_epochs=0))
    fresh.train(epoch + 1)
    assert trainer.train(1) == 1
    assert_allclose(trainer.parameters, fresh.parameters, rtol=1e-3, atol=1e-5)  # another processor rounds differently
    assert trainer.step_in_epoch == 0


EXPLODING = Settings(dataset="reg-plane", hidden=(), learning_rate=0.35, seed="0.4")


@given(pieces=st.lists(st.integers(1, 45), max_size=4))
def test_a_divergence_is_the_same_however_the_epoch_was_cut(pieces: list[int]) -> None:
    whole, cut = Trainer(EXPLODING), Trainer(EXPLODING)
    whole.train(1)
    for steps in pieces:
        cut.train_steps(steps)
    cut.train(1)
    assert whole.divergence
    alike(cut, whole)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("batch_size", [10, 300, "all"])
def test_the_losses_up_to_a_divergence_are_those_of_the_run(batch_size: Any, dtype: Any) -> None:
    settings = replace(EXPLODING, batch_size=batch_size)
    trainer = Trainer(settings, dtype)
    while not trainer.divergence:
        trainer.train(7)
    divergence = trainer.divergence
    assert len(divergence.trail) == min(TRAIL, divergence.step) + 1
    again = Trainer(settings, dtype)
    losses = [again.losses()[0]]
    for _ in range(divergence.step):
        again.train_steps(1)
        losses.append(again.losses()[0])
    assert list(divergence.trail) == losses[-len(divergence.trail) :]
    assert_array_equal(again.parameters, trainer.parameters)
    assert divergence.trail[-1] is not None
    assert divergence.trail[0] is not None
    assert divergence.trail[-1] > divergence.trail[0]


def test_the_losses_begin_where_something_was_changed() -> None:
    trainer = Trainer(replace(EXPLODING, learning_rate=1e-6))
    trainer.train_steps(10)
    trainer.set_parameter(0, 2.5)
    trainer.train_steps(3)
    trainer.change(replace(trainer.settings, learning_rate=0.9))
    changed = trainer.losses()[0]
    trainer.train(2)
    assert trainer.divergence
    assert trainer.divergence.trail[0] == changed
    assert trainer.divergence.step - len(trainer.divergence.trail) + 1 == 13


def test_after_a_divergence_inside_an_epoch_the_good_weights_come_back() -> None:
    trainer = Trainer(replace(EXPLODING, learning_rate=0.001))
    trainer.train(3)
    good = trainer.parameters
    trainer.change(replace(trainer.settings, learning_rate=0.9))
    trainer.train(3)  # a change does not restart batches: the good weights are those of epoch 3
    assert trainer.divergence
    trainer.recover()
    assert (trainer.epoch, trainer.step_in_epoch) == (3, 0)
    assert_array_equal(trainer.parameters, good)
    trainer.change(replace(trainer.settings, learning_rate=0.001))
    assert trainer.train(2) == 2
