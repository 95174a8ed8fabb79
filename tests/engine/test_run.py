"""run.py with a model that is no network: gradient descent on w² / 2 in NumPy, four steps per epoch."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.choices import Refused
from engine.labs.plane.settings import Settings
from engine.runs.moment import Place, State
from engine.runs.run import Run

RATE = 0.1


class Slope:
    """Learns to be zero: each step subtracts a share of w, a little more in the first of an epoch."""

    steps_in_epoch = 4

    def __init__(self, rate: float = RATE, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self.rate = rate
        self.w = np.array([1.0])
        self.taken = 0  # all steps, including repeated ones

    def take(self, place: Place, steps: int) -> bool:
        with np.errstate(over="ignore", invalid="ignore"):
            for number in range(steps):
                first = (place.batch_step + number) % self.steps_in_epoch == 0
                self.w -= (2 if first else 1) * self.rate * self.w
        self.taken += steps
        return bool(np.isfinite(self.w).all())

    def losses(self) -> tuple[float, float]:
        return self.loss(), math.nan

    def loss(self) -> float:
        with np.errstate(over="ignore"):
            return float(self.w[0] ** 2 / 2)

    def watched(self, losses: tuple[float, ...]) -> tuple[float, float]:
        return losses[0], math.nan

    def largest(self) -> tuple[int, float]:
        return 1, abs(float(self.w[0]))

    def state(self) -> State:
        return State({"w": self.w.copy()}, {})

    def restore(self, state: State) -> None:
        self.w[:] = state.tensors["w"]

    @property
    def nbytes(self) -> int:
        return self.w.nbytes


def begun(model: Slope, **more: int) -> Run:
    run = Run(model, **more)
    run.begin(epoch=0)
    return run


@given(st.lists(st.integers(1, 11), min_size=1, max_size=12))
def test_however_it_is_cut_the_bits_and_the_losses_are_the_same(cuts: list[int]) -> None:
    run = begun(Slope())
    for steps in cuts:
        run.train_steps(steps)
    whole = begun(Slope())
    whole.train_steps(sum(cuts))
    assert run.model.state() == whole.model.state()
    assert (run.epoch, run.step_in_epoch) == divmod(sum(cuts), 4) == (whole.epoch, whole.step_in_epoch)
    np.testing.assert_array_equal(run.history.samples, whole.history.samples)
    factor = (1 - 2 * RATE) * (1 - RATE) ** 3
    np.testing.assert_allclose(run.history.samples[:, 1], factor ** (2 * run.history.samples[:, 0]) / 2)


def test_a_moment_goes_on_in_another_run() -> None:
    run, other = begun(Slope()), begun(Slope())
    run.train_steps(6)
    moment = run.moment()
    run.train_steps(7)
    other.resume(moment)
    assert (other.epoch, other.step_in_epoch, len(other.history.samples)) == (1, 2, 2)
    other.train_steps(7)
    assert other.model.state() == run.model.state()
    np.testing.assert_array_equal(other.history.samples, run.history.samples)


def test_the_last_finite_step_before_a_divergence_is_found() -> None:
    """At rate 11 w grows tenfold in each step, and by 21 in the first of an epoch."""
    run, steps, w = begun(Slope(11)), 0, 1.0
    while math.isfinite((after := w * (-21 if steps % 4 == 0 else -10)) * after / 2):
        steps, w = steps + 1, after
    run.train(1000)
    assert run.divergence
    assert (run.step, run.divergence.step) == (steps, steps)
    assert run.model.state().tensors["w"][0] == pytest.approx(w, rel=1e-12)
    assert run.divergence.trail[-1] == run.model.loss()
    assert run.divergence.largest == abs(run.model.state().tensors["w"][0])


def test_without_room_for_copies_it_goes_back_to_the_last_good_weights_and_takes_no_step_twice() -> None:
    model = Slope(11)
    run = begun(model, budget=0)
    run.train(1000)
    assert run.divergence
    assert run.divergence.trail == ()
    assert (run.epoch, run.step) == (run.divergence.epoch, run.divergence.step) == (0, 0)
    assert model.w[0] == 1.0  # the loss only ever grew
    assert model.taken % 4 == 0
    tried = model.taken
    model.rate = RATE
    run.recover()
    run.go_on()
    run.train(3)
    assert model.taken == tried + 12
    assert len(run.history.samples) == 4


def test_a_stop_without_gain_leads_back_to_the_best() -> None:
    run = begun(Slope(settings=Settings(stop_plateau=5)))
    run.train(3)
    best = run.model.state()
    run.model.rate = -0.01  # type: ignore[attr-defined]  # it grows from here on
    run.train(100)
    assert run.stop
    assert run.best_epoch == 3
    run.go_to_best()
    assert run.model.state() == best
    assert (run.epoch, run.step, len(run.history.samples)) == (3, 12, 4)
    with pytest.raises(Refused, match="training that has just stopped without gain"):
        run.go_to_best()
