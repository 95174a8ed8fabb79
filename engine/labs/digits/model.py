"""The model of the digits lab: two networks, the twins, that learn from the same batches in step.

Losses and accuracies cost no turn of their own. The training loss of a digit is the one that the network had when it
last learned from it. With each step both networks also look at a few of the test digits, in turn; so each test digit
has a latest look, and the test loss is the mean over these. With 8,000 digits and batches of 32 every digit has been
looked at once an epoch. Before the first steps a hundred digits of each kind are looked at.
"""

import math
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import DTypeLike, NDArray

from engine.choices import Refused
from engine.labs.digits.mnist import CLASSES, PIXELS, SIDE, TEST_DIGITS, Digits, training_digits, unseen_digits
from engine.labs.digits.settings import TWINS, DigitsSettings, Twin
from engine.machine.methods import Method
from engine.machine.network import Rule
from engine.matrices.kernels import Batches, Examples, lay_order
from engine.matrices.network import Floats, Network
from engine.runs.moment import Place, State

LOSSES = ("convolutional_train", "convolutional_test", "plain_train", "plain_test")
"""In the order of `DigitsModel.losses`: stop conditions watch the first two."""
UNKNOWN = 255  # instead of a class that has not been said yet
_FIRST_LOOKS = 100
_LEAST_ROOM = 32  # examples at once, so that looking is quick where batches are small

Numbers = NDArray[np.int64]
Classes = NDArray[np.uint8]


class Looks:
    """The latest look of one network at each digit of a set; the loss is NaN where there was none."""

    def __init__(self, digits: Digits, dtype: DTypeLike) -> None:
        self._labels = digits.labels
        self.losses: Floats = np.full(len(digits.labels), np.nan, dtype)
        self.said: Classes = np.zeros(len(digits.labels), np.uint8)

    def loss(self) -> float:
        """The mean over those that were looked at."""
        known = self.losses[~np.isnan(self.losses)]
        return float(known.mean(dtype=np.float64)) if len(known) else math.nan

    def accuracy(self) -> float:
        """The share that was read correctly, 0 to 1."""
        known = ~np.isnan(self.losses)
        return float((self.said == self._labels)[known].mean()) if known.any() else math.nan

    def latest(self) -> Classes:
        """(digits,): what was said of each, UNKNOWN of those that were never looked at."""
        return np.where(np.isnan(self.losses), np.uint8(UNKNOWN), self.said)

    def confusion(self) -> Numbers:
        """(classes, classes): how many digits of each class are taken for which."""
        known = ~np.isnan(self.losses)
        pairs = self._labels[known].astype(np.int64) * CLASSES + self.said[known]
        return np.bincount(pairs, minlength=CLASSES**2).reshape(CLASSES, CLASSES)


class DigitsModel:
    """An `engine.runs.run.Model`. Not for two threads at once. `dtype` is that of training."""

    def __init__(self, settings: DigitsSettings, dtype: DTypeLike = np.float32) -> None:
        self.settings = settings
        self._dtype = np.dtype(dtype)
        self.networks: dict[Twin, Network]
        self.train_looks: dict[Twin, Looks]
        self.test_looks: dict[Twin, Looks]
        self.rule: Rule
        self.steps_in_epoch: int
        self.train_examples: Examples
        self.test_examples: Examples
        self._taken: int  # steps by the present method
        self.draw_first()

    # -- learning -----------------------------------------------------------------------------------------------------

    def take(self, place: Place, steps: int) -> bool:
        """Take so many steps from a place of the run on; returns whether all that was learned is finite."""
        is_finite = True
        for number in range(steps):
            batch_step = place.batch_step + number
            self._lay_order(batch_step // self.steps_in_epoch)
            looked_at = (batch_step * self._looks_a_step + np.arange(self._looks_a_step)) % TEST_DIGITS
            for twin, network in self.networks.items():
                looks = self.train_looks[twin]
                is_finite &= network.train(
                    self.train_examples, self._batches, self.rule, batch_step, self._taken, place.step + number,
                    looks.losses, looks.said,
                )  # fmt: skip
                self._look(twin, looked_at)
            self._taken += 1
        return is_finite

    def _look(self, twin: Twin, chosen: Numbers) -> None:
        """At some test digits."""
        looks = self.test_looks[twin]
        looks.losses[chosen], looks.said[chosen], _ = self.networks[twin].look(self.test_examples, chosen)

    def losses(self) -> tuple[float, ...]:
        """Those of `LOSSES`."""
        both = (self.train_looks, self.test_looks)
        return tuple(looks[twin].loss() for twin in reversed(TWINS) for looks in both)

    def named_losses(self) -> dict[str, float]:
        """The same by name."""
        return dict(zip(LOSSES, self.losses(), strict=True))

    def accuracies(self) -> dict[str, float]:
        """The shares of digits that were read correctly, 0 to 1, under the same names."""
        both = (self.train_looks, self.test_looks)
        shares = [looks[twin].accuracy() for twin in reversed(TWINS) for looks in both]
        return dict(zip(LOSSES, shares, strict=True))

    def loss(self) -> float:
        """The convolutional network's over the training digits."""
        return self.train_looks["convolutional"].loss()

    def watched(self, losses: tuple[float, ...]) -> tuple[float, float]:
        """The loss that stop conditions are about, and the accuracy: the convolutional network's."""
        is_test = self.settings.stop_set == "test"
        looks = self.test_looks if is_test else self.train_looks
        return losses[is_test], looks["convolutional"].accuracy() if self.settings.stop_accuracy else math.nan

    def largest(self) -> tuple[int, float]:
        """Layer, from 1, and size of the largest weight of both networks."""
        sizes = [
            (float(np.abs(network.tensor(layer, "weights")).max()), layer)
            for network in self.networks.values()
            for layer in range(1, network.layer_count + 1)
        ]
        size, layer = max(sizes)
        return layer, size

    # -- as a whole ---------------------------------------------------------------------------------------------------

    def _tensors(self) -> dict[str, NDArray[np.generic]]:
        """All that training changes: views."""
        tensors: dict[str, NDArray[np.generic]] = {}
        for twin, network in self.networks.items():
            tensors |= {f"{twin} {name}": tensor for name, tensor in network.state.items()}
            for kind, looks in (("train", self.train_looks[twin]), ("test", self.test_looks[twin])):
                tensors |= {f"{twin} {kind} losses": looks.losses, f"{twin} {kind} said": looks.said}
        return tensors

    def state(self) -> State:
        """A copy of all that training and edits change."""
        return State({name: tensor.copy() for name, tensor in self._tensors().items()}, {"taken": self._taken})

    def restore(self, state: State) -> None:
        """Take one over that a model of the same settings gave."""
        for name, own in self._tensors().items():
            own[...] = state.tensors[name]
        self._taken = state.counts["taken"]

    def check(self, state: State) -> None:
        """Raises Refused, or KeyError, unless `restore` can take it: it comes from outside."""
        for name, own in self._tensors().items():
            came = state.tensors[name]
            must_be_finite = name.endswith(("parameters", "alive"))
            if came.dtype != own.dtype or came.shape != own.shape:
                raise Refused(name, f"{came.dtype} {came.shape}", f"{own.dtype} {own.shape}")
            if must_be_finite and not np.isfinite(came).all():
                raise Refused(name, "some that are not finite", "finite numbers")
            if came.dtype == np.uint8 and (came >= CLASSES).any():
                raise Refused(name, int(came.max()), f"classes below {CLASSES}")

    @property
    def nbytes(self) -> int:
        """Of a state."""
        return sum(tensor.nbytes for tensor in self._tensors().values())

    def saved(self) -> Floats:
        """What a link keeps: all weights and biases, the plain network's first, layer by layer."""
        return np.concatenate([tensor.ravel() for tensor in self._weights()])

    def load(self, saved: NDArray[Any]) -> None:
        """Begin with numbers that `saved` returned. Raises Refused."""
        count = self.settings.parameters
        if len(saved) != count:
            raise Refused("weights", len(saved), f"{count} numbers for these networks")
        if not np.isfinite(saved).all():
            raise Refused("weights", "NaN or infinity", "finite numbers")
        self.draw_first()
        place = 0
        for tensor in self._weights():
            tensor[...] = saved[place : place + tensor.size].reshape(tensor.shape)
            place += tensor.size
        self._look_first()

    def _weights(self) -> list[Floats]:
        """Views of all that are learnt."""
        return [tensor for twin in TWINS for tensor in self.networks[twin].named_tensors().values()]

    # -- construction -------------------------------------------------------------------------------------------------

    def draw_first(self) -> None:
        """Both networks as they are before the first step: everybody has the same who opens the same link."""
        settings = self.settings
        digits, unseen = training_digits(), unseen_digits()
        used = Digits(digits.images[: settings.digits], digits.labels[: settings.digits])
        pixels = _pixel_order(settings)
        self.train_examples = Examples(used.images.ravel(), used.labels, pixels, SIDE)
        self.test_examples = Examples(unseen.images.ravel(), unseen.labels, pixels, SIDE)
        self.networks = {}
        self.rebuild()
        self.train_looks = {twin: Looks(used, self._dtype) for twin in TWINS}
        self.test_looks = {twin: Looks(unseen, self._dtype) for twin in TWINS}
        self._taken = 0
        self._look_first()

    def _look_first(self) -> None:
        """At a hundred digits of each kind, so that there are losses before the first steps."""
        first = np.arange(_FIRST_LOOKS)
        for twin, network in self.networks.items():
            looks = self.train_looks[twin]
            looks.losses[first], looks.said[first], _ = network.look(self.train_examples, first)
            self._look(twin, first)

    def rebuild(self) -> None:
        """The programs of the settings; weights that there were stay: neither dropout nor batches change them."""
        settings, before = self.settings, self.networks
        room = max(settings.batch_size, _LEAST_ROOM)
        self.networks = {
            twin: Network(SIDE, settings.layers(twin), room, _random(settings, f"{twin} weights"), self._dtype)
            for twin in TWINS
        }
        for twin, network in before.items():
            for name, tensor in self.networks[twin].state.items():
                tensor[...] = network.state[name]
        self.switch_off()
        self.lay_out()

    def switch_off(self) -> None:
        """The units that the settings say, and no others."""
        off = {"plain": self.settings.plain_off, "convolutional": self.settings.convolutional_off}
        for twin, network in self.networks.items():
            network.switch_off((layer, unit - 1) for layer, unit in off[twin])

    def lay_out(self) -> None:
        """How the digits fall into batches."""
        settings = self.settings
        self.take_rule()
        self._batches = Batches(np.zeros(settings.digits, np.int64), settings.batch_size, settings.shifts)
        self._laid_out = -1  # the epoch whose order that is
        self.steps_in_epoch = settings.digits // settings.batch_size
        self._looks_a_step = min(-(-TEST_DIGITS // self.steps_in_epoch), settings.batch_size)

    def take_rule(self) -> None:
        """The way of training that the settings ask for."""
        settings = self.settings
        self.rule = Rule(
            learning_rate=settings.learning_rate,
            batch_size=settings.batch_size,
            method=Method[settings.method.upper()],
            momentum=settings.momentum,
            weight_decay=settings.weight_decay,
            dropout=settings.dropout,
            seed=_key(settings, "order"),
        )

    def forget(self) -> None:
        """Another method begins: what the last one remembers of gradients is gone."""
        for network in self.networks.values():
            network.forget()
        self._taken = 0

    def _lay_order(self, epoch: int) -> None:
        if epoch != self._laid_out:
            lay_order(self._batches.order, self.rule.seed, epoch)
            self._laid_out = epoch


def _key(settings: DigitsSettings, what: str) -> int:
    return crc32(f"{settings.seed}, {what}".encode())


def _random(settings: DigitsSettings, what: str) -> np.random.Generator:
    return np.random.default_rng(_key(settings, what))


def _pixel_order(settings: DigitsSettings) -> Numbers:
    """Which place in the image each pixel takes."""
    order = np.arange(PIXELS)
    return _random(settings, "pixels").permutation(order) if settings.shuffled_pixels else order
