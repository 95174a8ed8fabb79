"""The model of the autoencoder lab: a stack that learns to reproduce examples, and what it makes of the test examples.

Errors and codes cost no turn of their own. The error of a training example is the one that the stack had when it last
learned from it. With each step the stack also looks at a few of the test examples, in turn; so each has a latest look,
and the test error is the mean over these. Within an epoch all of them are looked at once.
"""

import math
import time
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import DTypeLike, NDArray

from engine.choices import Refused
from engine.labs.autoencoder.examples import Examples, examples_of
from engine.labs.autoencoder.pca import Pca, pca_of, subspace_angle
from engine.labs.autoencoder.settings import AutoencoderSettings
from engine.machine.methods import Method
from engine.machine.network import Rule
from engine.machine.schedules import Schedule
from engine.matrices.kernels import lay_order
from engine.matrices.network import Floats
from engine.matrices.stack import Stack
from engine.matrices.stack_kernels import Lesson
from engine.runs.moment import Place, State

LOSSES = ("train", "test")
"""In the order of `AutoencoderModel.losses`: squared errors of an example."""
_FIRST_LOOKS = 100
_LEAST_ROOM = 50  # examples at once, so that looking is quick where batches are small
_LONG_STEP = 200_000_000  # multiplications, from which on a step is prepared in parts

Numbers = NDArray[np.int64]


class AutoencoderModel:
    """An `engine.runs.run.Model`. Not for two threads at once. `dtype` is that of training."""

    def __init__(self, settings: AutoencoderSettings, dtype: DTypeLike = np.float32) -> None:
        self.settings = settings
        self._dtype = np.dtype(dtype)
        self.examples: Examples
        self.pca: Pca
        self.stack: Stack
        self.train_errors: Floats  # (n,), NaN of those that were never looked at
        self.test_errors: Floats  # (m,)
        self.codes: Floats  # (m, numbers)
        self.rule: Rule
        self.steps_in_epoch: int
        self._taken: int  # steps by the present method
        self._ahead: tuple[Place, int] | None  # the step that is being prepared, and its phases so far
        self.draw_first()

    # -- learning -----------------------------------------------------------------------------------------------------

    def take(self, place: Place, steps: int) -> bool:
        """Take so many steps from a place of the run on; returns whether all that was learned is finite."""
        is_finite, count = True, len(self.test_errors)
        for number in range(steps):
            now = Place(place.epoch, place.step + number, place.batch_step + number)
            is_finite &= self._run(now, self._prepared(now))
            self._ahead = None
            self._taken += 1
            self.look_at((now.batch_step * self._looks_a_step + np.arange(self._looks_a_step)) % count)
        return is_finite

    @property
    def is_slow(self) -> bool:
        """Whether a step takes so long that others should have a turn meanwhile."""
        return 3 * self.settings.batch_size * self.settings.parameters > _LONG_STEP

    def prepare(self, place: Place, seconds: float) -> bool:
        """Go on with the part of the next step that changes no weights, for about so long; whether it is done."""
        end, phase, whole = time.perf_counter() + seconds, self._prepared(place), self.stack.phases_without_learning
        while phase < whole:
            self._run(place, phase, phase + 1)
            phase += 1
            self._ahead = (place, phase)
            if time.perf_counter() >= end:
                break
        return phase == whole

    def _prepared(self, place: Place) -> int:
        """How many phases of this very step are done."""
        return self._ahead[1] if self._ahead and self._ahead[0][1:] == place[1:] else 0

    def _run(self, place: Place, first: int, last: int | None = None) -> bool:
        self._lay_order(place.batch_step // self.steps_in_epoch)
        return self.stack.train(self._lesson, self.rule, place.batch_step, self._taken, place.step, first, last)

    def drop_ahead(self) -> None:
        """Something has changed: the step that was being prepared would be another one."""
        self._ahead = None

    def look_at(self, chosen: Numbers) -> None:
        """Code and error of some test examples, as the stack is now."""
        seen = self.examples.test[chosen]
        self.codes[chosen] = codes = self.encode(seen)
        with np.errstate(over="ignore", invalid="ignore"):
            self.test_errors[chosen] = ((self.decode(codes) - seen) ** 2).sum(1)
        self._ahead = None  # its values were overwritten

    # -- the parts of the stack ---------------------------------------------------------------------------------------

    @property
    def middle(self) -> int:
        """Layers of the encoder, as many as of the decoder."""
        return len(self.stack.layers) // 2

    def encode(self, examples: Floats) -> Floats:
        """(n, inputs) as (n, numbers)."""
        self._ahead = None
        return self.stack.run(examples, 0, self.middle)

    def decode(self, codes: Floats) -> Floats:
        """(n, numbers) as (n, inputs)."""
        self._ahead = None
        return self.stack.run(codes, self.middle)

    def linear_decoder(self) -> NDArray[np.float64]:
        """(numbers, inputs): all weights of the decoder as one product, which it is while it is linear."""
        product = np.eye(self.settings.code)
        for layer in range(self.middle + 1, len(self.stack.layers) + 1):
            product = product @ self.stack.tensor(layer, "weights").astype(np.float64)
        return product

    # -- figures ------------------------------------------------------------------------------------------------------

    def losses(self) -> tuple[float, ...]:
        """Those of `LOSSES`."""
        return _mean(self.train_errors), _mean(self.test_errors)

    def loss(self) -> float:
        """Of the training examples."""
        return _mean(self.train_errors)

    def watched(self, losses: tuple[float, ...]) -> tuple[float, float]:
        """The error that stop conditions are about; there is no accuracy."""
        return losses[self.settings.stop_set == "test"], math.nan

    def largest(self) -> tuple[int, float]:
        """Layer, from 1, and size of the largest weight."""
        sizes = [
            (float(np.abs(self.stack.tensor(layer, "weights")).max()), layer)
            for layer in range(1, len(self.stack.layers) + 1)
        ]
        size, layer = max(sizes)
        return layer, size

    @property
    def angle(self) -> float | None:
        """Degrees between what a linear stack reaches and PCA's space; None of others, or where numbers overflow."""
        if not self.settings.linear:
            return None
        decoder = self.linear_decoder()
        return subspace_angle(decoder, self.pca) if np.isfinite(decoder).all() else None

    @property
    def error_of_pca(self) -> float:
        """Mean squared error of a test example with as many numbers."""
        return float(self.pca.errors[min(self.settings.code, len(self.pca.errors) - 1)])

    @property
    def error_of_nothing(self) -> float:
        """The same of the mean training example, whatever comes."""
        return float(self.pca.errors[0])

    # -- as a whole ---------------------------------------------------------------------------------------------------

    def _tensors(self) -> dict[str, NDArray[np.generic]]:
        """All that training changes: views."""
        return {
            **self.stack.state,
            "train errors": self.train_errors,
            "test errors": self.test_errors,
            "codes": self.codes,
        }

    def state(self) -> State:
        """A copy of all that training and edits change."""
        return State({name: tensor.copy() for name, tensor in self._tensors().items()}, {"taken": self._taken})

    def restore(self, state: State) -> None:
        """Take one over that a model of the same settings gave."""
        for name, own in self._tensors().items():
            own[...] = state.tensors[name]
        self._taken = state.counts["taken"]
        self._ahead = None

    def check(self, state: State) -> None:
        """Raises Refused, or KeyError, unless `restore` can take it: it comes from outside."""
        for name, own in self._tensors().items():
            came = state.tensors[name]
            if came.dtype != own.dtype or came.shape != own.shape:
                raise Refused(name, f"{came.dtype} {came.shape}", f"{own.dtype} {own.shape}")
            if name == "parameters" and not np.isfinite(came).all():
                raise Refused(name, "some that are not finite", "finite numbers")

    @property
    def nbytes(self) -> int:
        """Of a state."""
        return sum(tensor.nbytes for tensor in self._tensors().values())

    def saved(self) -> Floats:
        """What a link keeps: weights and biases, layer by layer."""
        return np.concatenate([tensor.ravel() for tensor in self.stack.named_tensors().values()])

    def load(self, saved: NDArray[Any]) -> None:
        """Begin with numbers that `saved` returned. Raises Refused."""
        count = self.settings.parameters
        if len(saved) != count:
            raise Refused("weights", len(saved), f"{count} numbers for this stack")
        if not np.isfinite(saved).all():
            raise Refused("weights", "NaN or infinity", "finite numbers")
        self.draw_first()
        place = 0
        for tensor in self.stack.named_tensors().values():
            tensor[...] = saved[place : place + tensor.size].reshape(tensor.shape)
            place += tensor.size
        self._look_first()

    # -- construction -------------------------------------------------------------------------------------------------

    def draw_first(self) -> None:
        """As it is before the first step: everybody has the same who opens the same link."""
        self.examples = examples_of(self.settings)
        self.pca = pca_of(self.settings)
        self._taken = 0
        self._ahead = None
        train, test = self.examples.train, self.examples.test
        self.train_errors = np.full(len(train), np.nan, self._dtype)
        self.test_errors = np.full(len(test), np.nan, self._dtype)
        self.codes = np.zeros((len(test), self.settings.code), self._dtype)
        self.stack = self._stack()
        self.lay_out()
        self._look_first()

    def _look_first(self) -> None:
        """At a hundred examples of each kind, so that there are errors before the first steps."""
        self.look_at(np.arange(min(_FIRST_LOOKS, len(self.test_errors))))
        seen = self.examples.train[:_FIRST_LOOKS]
        self.train_errors[:_FIRST_LOOKS] = ((self.decode(self.encode(seen)) - seen) ** 2).sum(1)

    def _stack(self) -> Stack:
        settings = self.settings
        room = max(settings.batch_size, _LEAST_ROOM)
        random = np.random.default_rng(_key(settings, "weights"))
        return Stack(settings.inputs, settings.layers(), room, random, self._dtype)

    def rebuild(self) -> None:
        """The stack of the settings, with the weights that there were."""
        before, self.stack = self.stack, self._stack()
        for name, tensor in self.stack.state.items():
            tensor[...] = before.state[name]
        self._ahead = None
        self.lay_out()

    def lay_out(self) -> None:
        """How the examples fall into batches."""
        settings, count = self.settings, len(self.train_errors)
        self.take_rule()
        order = np.zeros(count, np.int64)
        self._lesson = Lesson(self.examples.train, order, self.train_errors, settings.is_entropy)
        self._laid_out = -1  # the epoch whose order that is
        self.steps_in_epoch = count // settings.batch_size
        self._looks_a_step = -(-len(self.test_errors) // self.steps_in_epoch)

    def take_rule(self) -> None:
        """The way of training that the settings ask for."""
        settings = self.settings
        self._ahead = None
        self.rule = Rule(
            learning_rate=settings.learning_rate,
            batch_size=settings.batch_size,
            method=Method[settings.method.upper()],
            momentum=settings.momentum,
            weight_decay=settings.weight_decay,
            schedule=Schedule[settings.schedule.replace("-", "_").upper()],
            horizon=max(settings.schedule_epochs * (len(self.train_errors) // settings.batch_size), 1),
            seed=_key(settings, "order"),
        )

    def forget(self) -> None:
        """Another method begins: what the last one remembers of gradients is gone."""
        self.stack.forget()
        self._taken = 0

    def _lay_order(self, epoch: int) -> None:
        if epoch != self._laid_out:
            lay_order(self._lesson.order, self.rule.seed, epoch)
            self._laid_out = epoch


def _mean(errors: Floats) -> float:
    """Over those that were looked at; infinite where one of them is."""
    known = errors[~np.isnan(errors)]
    with np.errstate(over="ignore", invalid="ignore"):
        return float(known.mean(dtype=np.float64)) if len(known) else math.nan


def _key(settings: AutoencoderSettings, what: str) -> int:
    return crc32(f"{settings.seed}, {what}".encode())
