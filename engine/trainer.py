"""An experiment under way: data, network and losses, and everything a visitor can do to them."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any, TypeVar
from zlib import crc32

import numpy as np
from numpy.typing import DTypeLike, NDArray

from engine.datasets import Data, draw_data
from engine.examples import Examples
from engine.history import History
from engine.methods import Method, Order, Schedule
from engine.metrics import accuracy
from engine.network import Network, Rule
from engine.program import Architecture, architecture_of, compile_program
from engine.reshaping import (
    Layers,
    add_unit,
    insert_layer,
    layer_added,
    layer_removed,
    neuron_added,
    neuron_removed,
    reconnect,
    remove_layer,
    remove_unit,
    select_inputs,
    without_norm,
)
from engine.rewind import Kept, Mark, Marks
from engine.seedrandom import SeedRandom
from engine.settings import MAX_PARAMETERS, Refused, Settings
from engine.stopping import Stop, Watch
from engine.weights import Draw, draw_weights, drawing

_DATA_SETTINGS = ("dataset", "noise", "classes", "train_share", "seed", "draw", "initialization")  # start over
_BATCH_SETTINGS = ("batch_size", "order")  # to change one begins the batches anew
_MAY_OVERFLOW = ("moments",)  # squares of gradients: weights stand still under infinite ones, and stay finite
TRAIL = 100  # steps before a divergence whose losses are told
_FIRST_STEPS = 8  # to time before the speed is known


Numbered = TypeVar("Numbered", bound=IntEnum)


@dataclass(frozen=True)
class Divergence:
    """Where training left the finite numbers; the parameters are those before that step."""

    epoch: int
    step: int
    layer: int  # where the largest weight is; 1 is the first after the inputs
    largest: float  # its size
    trail: tuple[float | None, ...] = ()  # the training loss after each of the last steps, up to `step`


class Trainer:
    """Not for two threads at once. `dtype` is that of training; the losses and pictures follow from it."""

    def __init__(
        self, settings: Settings, dtype: DTypeLike = np.float32, parameter_limit: int = MAX_PARAMETERS
    ) -> None:
        settings.check_size(parameter_limit)
        self.settings = settings
        self._parameter_limit = parameter_limit
        self._dtype = np.dtype(dtype)
        self._steps_per_second = 0.0
        self.epoch = 0
        self.step = 0  # parameter updates
        self.divergence: Divergence | None = None
        self.stop: Stop | None = None  # the condition that has ended training
        self.history = History()
        self.starts = 0  # how often it began at epoch 0
        self.changed = 0  # the epoch of the last change to the network or its training
        self.data: Data
        self.network: Network
        self.rule: Rule
        self.train_examples: Examples
        self.test_examples: Examples
        self.steps_in_epoch: int
        self._batch_step: int  # steps since the examples were laid out in batches
        self._edits: int
        self._has_own_weights: bool  # some were set by hand or came with a link
        self._good: Kept | None = None  # the last one whose loss was not far above the best
        self._marks = Marks(TRAIL)
        self._best = math.inf
        self._watch: Watch
        self._kept: Kept | None = None  # at the best loss since Play, where the plateau is watched
        self._start_over()

    # -- what it knows ------------------------------------------------------------------------------------------------

    @property
    def parameters(self) -> NDArray[Any]:
        """A copy of all parameters: layer by layer, unit by unit, weights then bias."""
        return self.network.parameters.copy()

    def layers(self) -> list[tuple[NDArray[Any], NDArray[Any]]]:
        """Copies of each layer's weights (units, inputs) and biases (units,)."""
        return [(matrix[:, :-1].copy(), matrix[:, -1].copy()) for matrix in self.network.matrices]

    def losses(self) -> tuple[float, float]:
        """Mean loss over the training and the test points, with the parameters as they are."""
        return self.network.losses(self.train_examples, self.test_examples)

    # -- training -----------------------------------------------------------------------------------------------------

    def train(self, epochs: int) -> int:
        """Train so many epochs unless training diverges or a stop condition is met; returns how many.

        One that has begun is finished first, and counts.
        """
        first = self.epoch
        while self.epoch < first + epochs and not self.has_ended:
            self._take(self._steps_until(min(first + epochs, self._next_look())))
        return self.epoch - first

    def train_steps(self, steps: int) -> int:
        """Train so many mini-batches, unless it ends before; returns how many. It may then stand inside an epoch."""
        first = self.step
        while self.step < first + steps and not self.has_ended:
            self._take(min(first + steps - self.step, self._steps_until(self._next_look())))
        return self.step - first

    def train_for(self, seconds: float, epochs: int | None = None) -> int:
        """Train about so long, at least one step and at most to the end of so many epochs; returns how many were ended.

        Where the time is too short for an epoch it ends inside one, which changes no bit of the result.
        """
        first, last = self.epoch, math.inf if epochs is None else self.epoch + epochs
        begun, end = self.step, time.perf_counter() + seconds
        while self.epoch < last and not self.has_ended:
            start = time.perf_counter()
            if start >= end and self.step > begun:
                break
            affordable = max(int(self._steps_per_second * (end - start)), 1) if self._steps_per_second else _FIRST_STEPS
            steps = min(self._in_whole_epochs(affordable), self._steps_until(int(min(last, self._next_look()))))
            self._take(steps)
            self._steps_per_second = steps / (time.perf_counter() - start)
        return self.epoch - first

    def _in_whole_epochs(self, steps: int) -> int:
        """So many steps or a few less, so that a run stands between two epochs wherever the time allows it."""
        rest = self.steps_in_epoch - self.step_in_epoch
        return steps if steps < rest else rest + (steps - rest) // self.steps_in_epoch * self.steps_in_epoch

    @property
    def step_in_epoch(self) -> int:
        """Steps that were taken since the last whole epoch: where a run stands is said here and nowhere else."""
        return self._batch_step % self.steps_in_epoch

    def _steps_until(self, epoch: int) -> int:
        """From here to the end of so many epochs."""
        return (epoch - self.epoch) * self.steps_in_epoch - self.step_in_epoch

    def arm(self) -> None:
        """Training begins: stop conditions that are met already are no reason to end it again."""
        self.stop = None
        losses = self.losses()
        self._watch = Watch(self.settings, self.epoch, self._watched(losses), self._accuracy())
        self._kept = self._keep() if self.settings.stop_plateau else None

    @property
    def has_ended(self) -> bool:
        """Whether training has come to an end by itself."""
        return self.divergence is not None or self.stop is not None

    def _next_look(self) -> int:
        """The epoch of the next sample, or the last of all."""
        return int(min(self.history.next_epoch(), self._watch.last_epoch))

    def _watched(self, losses: tuple[float, float]) -> float:
        """The loss that the stop conditions are about; the training loss where there are no test points."""
        return losses[self._watches_test]

    @property
    def _watches_test(self) -> bool:
        return self.settings.stop_set == "test" and self.test_examples.count > 0

    def _accuracy(self) -> float:
        """Of the points that the stop conditions are about, if one asks for it."""
        if not (self.settings.stop_accuracy and self.settings.class_count):
            return math.nan
        return accuracy(self.network.confusion(self.test_examples if self._watches_test else self.train_examples))

    def _take(self, steps: int) -> None:
        """Take steps up to the next sample of the history at most, and take the sample if it is due."""
        before = self._here()
        self._marks.add(before, begins_epoch=self.step_in_epoch == 0)
        is_finite = self.network.train(self.train_examples, self.rule, before.batch_step, steps, before.step)
        self._stand(before, steps)
        is_whole = self.step_in_epoch == 0
        is_sampled = is_whole and self.epoch == self.history.next_epoch()
        is_last = is_whole and self.epoch >= self._watch.last_epoch
        losses = self.losses() if is_sampled or is_last else None
        if not is_finite or (losses and not math.isfinite(losses[0])):
            self._go_back(before, steps)
            return
        if losses and is_sampled:
            self._sample(losses)
        if losses:
            self.stop = self._watch.look(self.epoch, self._watched(losses), self._accuracy())
            if self._kept and self._watch.best_epoch == self.epoch:
                self._kept = self._keep()

    def _here(self) -> Mark:
        return Mark(self.network.snapshot(), self.epoch, self.step, self._batch_step)

    def _stand(self, mark: Mark, steps: int = 0) -> None:
        """The parameters are those of so many steps after a mark."""
        into_epoch = mark.batch_step % self.steps_in_epoch
        self.epoch = mark.epoch + (into_epoch + steps) // self.steps_in_epoch
        self.step, self._batch_step = mark.step + steps, mark.batch_step + steps

    def _sample(self, losses: tuple[float, float]) -> None:
        """For the history; good weights are remembered: a loss that has doubled since its best is on its way out."""
        self.history.add(*losses)
        self._best = min(self._best, losses[0])
        if losses[0] <= 2 * self._best:
            self._good = self._keep()

    def _keep(self) -> Kept:
        """Here and now."""
        return Kept(self._here(), len(self.history.samples))

    def _return_to(self, kept: Kept) -> None:
        self.network.restore(kept.mark.snapshot)
        self._stand(kept.mark)
        self.history = self.history.until(kept.samples)

    @property
    def best_epoch(self) -> int | None:
        """Where `go_to_best` leads: None unless training stopped without gain, and after `resume`."""
        if self._kept and self._kept.mark.epoch < self.epoch and self.stop and self.stop.reason == "plateau":
            return self._kept.mark.epoch
        return None

    def go_to_best(self) -> None:
        """After a stop without gain, go back to the epoch of the best loss, bit for bit. Raises Refused."""
        if self._kept is None or self.best_epoch is None:
            raise Refused("type", "go-to-best", "training that has just stopped without gain")
        self._good, self._best = self._kept, math.inf  # a later one lies ahead now
        self._return_to(self._kept)
        self._marks.forget()
        self.arm()

    def recover(self) -> None:
        """After a divergence, go back to the last good weights and their epoch. Raises Refused."""
        if self.divergence is None:
            raise Refused("type", "recover", "training that has diverged")
        self.divergence = None
        self._marks.forget()
        if self._good:
            self._return_to(self._good)

    def _go_back(self, before: Mark, steps: int) -> None:
        """Find the last finite step by bisection: steps can be taken again, bit for bit.

        Inside an epoch the loss may have left the numbers before, as only whole epochs are looked at; so that the
        same step is found however the epoch was cut, its start counts.
        """
        start = (self._marks.epoch or before) if before.batch_step % self.steps_in_epoch else before
        low, high = 0, steps + before.step - start.step
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._is_finite_after(start, middle) else (low, middle)
        self._stand(start, low)
        trail = self._retake(start)
        sizes = [float(np.abs(matrix).max(initial=0)) for matrix in self.network.matrices]
        layer = int(np.argmax(sizes))
        self.divergence = Divergence(self.epoch, self.step, layer + 1, sizes[layer], trail)
        self._marks.forget()

    def _is_finite_after(self, mark: Mark, steps: int) -> bool:
        is_finite = self._take_again(mark, steps)
        return is_finite and math.isfinite(self.network.loss(self.train_examples))

    def _take_again(self, mark: Mark, steps: int) -> bool:
        self.network.restore(mark.snapshot)
        return self.network.train(self.train_examples, self.rule, mark.batch_step, steps, mark.step)

    def _retake(self, start: Mark) -> tuple[float | None, ...]:
        """Take the last steps up to the present one again, and tell the training loss before and after each."""
        mark = self._marks.before(self.step - TRAIL) or start
        first = max(mark.step, self.step - TRAIL)
        self._take_again(mark, first - mark.step)
        losses = [self.network.loss(self.train_examples)]
        for step in range(first, self.step):
            place = mark.batch_step + step - mark.step
            self.network.train(self.train_examples, self.rule, place, 1, step)
            losses.append(self.network.loss(self.train_examples))
        return tuple(loss if math.isfinite(loss) else None for loss in losses)

    # -- changes ------------------------------------------------------------------------------------------------------

    def change(self, settings: Settings) -> bool:
        """Take other settings and keep what can be kept; True when training started over at epoch 0. Raises Refused."""
        settings.check_size(self._parameter_limit)
        old, self.settings = self.settings, settings
        is_untouched = self._is_untouched
        self.divergence = None
        self._marks.forget()
        if _differ(old, settings, _DATA_SETTINGS):
            self._start_over()
            return True
        if is_untouched and architecture_of(old) != architecture_of(settings):
            self._draw_first()
            return False
        if architecture_of(old) != architecture_of(settings):
            before = self.network
            self._rebuild(self._reshaped(old, settings))
            self.network.remember(before)
        elif _differ(old, settings, _BATCH_SETTINGS):
            self._lay_out()
        elif old.regularization != settings.regularization:
            self.network.revive()
        if old.method != settings.method:
            self.network.forget()
        self.rule = _rule(settings, len(self.data.train))
        self.changed = self.epoch
        self.arm()
        return False

    def reset(self) -> None:
        """Epoch 0 and the first weights again."""
        self._start_over()

    def add_layer(self, layer: int, neurons: int | None = None) -> None:
        """Insert a hidden layer so that it becomes layer `layer`; as wide as the one before it unless told."""
        self._check_place("layer", layer, len(self.settings.hidden) + 1)
        units = neurons or max(self.settings.shape[layer - 1], 1)
        self._edit(
            layer_added(self.settings, layer, units),
            lambda layers, old: insert_layer(layers, old, layer, units, self._edit_draw()),
        )

    def remove_layer(self, layer: int) -> None:
        """Remove hidden layer `layer`."""
        self._check_place("layer", layer, len(self.settings.hidden))
        self._edit(
            layer_removed(self.settings, layer),
            lambda layers, old: remove_layer(layers, old, layer, self._edit_draw()),
        )

    def add_neuron(self, layer: int) -> None:
        """Append a neuron to hidden layer `layer`."""
        self._check_place("layer", layer, len(self.settings.hidden))
        self._edit(
            neuron_added(self.settings, layer),
            lambda layers, old: add_unit(layers, old, layer, self._edit_draw()),
        )

    def remove_neuron(self, layer: int, neuron: int | None = None) -> None:
        """Remove a neuron of hidden layer `layer`, the last one unless told."""
        self._check_place("layer", layer, len(self.settings.hidden))
        count = self.settings.hidden[layer - 1]
        unit = count if neuron is None else neuron
        self._check_place("neuron", unit, count)
        self._edit(
            neuron_removed(self.settings, layer, unit),
            lambda layers, old: remove_unit(layers, old, layer, unit),
        )

    def set_neurons(self, layer: int, neurons: int) -> None:
        """As if neurons were added or removed one by one at the end of hidden layer `layer`, in one edit."""
        self._check_place("layer", layer, len(self.settings.hidden))
        grows = self.settings.hidden[layer - 1] < neurons
        steps = [self.settings]
        while (count := steps[-1].hidden[layer - 1]) != neurons:
            steps.append(neuron_added(steps[-1], layer) if grows else neuron_removed(steps[-1], layer, count))

        def resized(layers: Layers, _: Architecture) -> Layers:
            for settings in steps[:-1]:
                old, last = architecture_of(settings), settings.hidden[layer - 1]
                layers = (
                    add_unit(layers, old, layer, self._edit_draw()) if grows else remove_unit(layers, old, layer, last)
                )
            return layers

        if len(steps) > 1:
            self._edit(steps[-1], resized)

    def set_layers(self, layers: int, neurons: Sequence[int] = ()) -> None:
        """As if layers were added or removed one by one at the end, with so many neurons; all of them or none."""
        settings, added = self.settings, list(neurons)
        while len(settings.hidden) < layers:
            units = added.pop(0) if added else max(settings.shape[-2], 1)
            settings = layer_added(settings, len(settings.hidden) + 1, units)
        settings.check_size(self._parameter_limit)
        for units in settings.hidden[len(self.settings.hidden) :]:
            self.add_layer(len(self.settings.hidden) + 1, units)
        while len(self.settings.hidden) > layers:
            self.remove_layer(len(self.settings.hidden))

    def set_parameter(self, index: int, value: float) -> None:
        """Set one weight or bias, by its place in `parameters`. Raises Refused, as all changes do."""
        self._check_place("index", index, self.settings.parameter_count - 1, first=0)
        self.network.parameters[index] = value
        self.changed = self.epoch
        self._has_own_weights = True
        self.divergence = None
        self._marks.forget()

    def saved(self) -> NDArray[Any]:
        """All that a trained network is: the parameters, and behind them each layer's running means and variances."""
        return np.concatenate([self.network.parameters, *(running.ravel() for running in self.network.running)])

    def load(self, saved: NDArray[Any], epoch: int) -> None:
        """Begin with what `saved` returned after `epoch` epochs, not at epoch 0. Raises Refused."""
        running = self.network.running
        count = len(self.network.parameters)
        if len(saved) != self.settings.saved_count:
            raise Refused("weights", len(saved), f"{self.settings.saved_count} of them, as the network has")
        if not np.isfinite(saved).all():
            raise Refused("weights", "some that are not finite", "finite numbers")
        self.network.parameters[:] = saved[:count]
        for layer in running:
            layer[:] = saved[count : count + layer.size].reshape(layer.shape)
            count += layer.size
        self._has_own_weights = True
        self._begin(epoch)

    def dump(self) -> tuple[dict[str, NDArray[Any]], dict[str, int]]:
        """Copies of all that a run consists of beside its settings, for `resume`."""
        arrays = {name: array.copy() for name, array in self.network.state.items()}
        arrays["history"] = self.history.samples.copy()
        numbers = {
            "epoch": self.epoch,
            "step": self.step,
            "batch_step": self._batch_step,
            "edits": self._edits,
            "changed": self.changed,
            "own_weights": int(self._has_own_weights),
            "taken": self.network.taken,
        }
        return arrays, numbers

    def resume(self, arrays: dict[str, NDArray[Any]], numbers: dict[str, int]) -> None:
        """Go on where another trainer with these settings was when it gave this. Raises Refused, KeyError."""
        state = self.network.state
        for name, own in state.items():
            came = arrays[name]
            is_good = name in _MAY_OVERFLOW or np.isfinite(came).all()
            if came.dtype != own.dtype or came.shape != own.shape or not is_good:
                raise Refused(name, f"{came.dtype} {came.shape}", f"finite numbers, {own.dtype} {own.shape}")
        history, epoch = History.of(arrays["history"]), numbers["epoch"]
        if not history.last_epoch <= epoch < history.next_epoch():
            raise Refused("epoch", epoch, f"one from {history.last_epoch} on, before {history.next_epoch()}")
        for name, own in state.items():
            own[:] = arrays[name]
        self.network.taken = numbers["taken"]
        self.history, self.epoch, self.step = history, epoch, numbers["step"]
        self._batch_step, self._edits = numbers["batch_step"], numbers["edits"]
        self.changed = numbers.get("changed", 0)  # checkpoints of before do not say
        self._has_own_weights = bool(numbers.get("own_weights", 1))  # older checkpoints do not say
        self._good, self._best = None, math.inf
        self._marks.forget()
        self.arm()

    @staticmethod
    def _check_place(name: str, came: int, last: int, first: int = 1) -> None:
        if not first <= came <= last:
            nothing = "none, there is nothing to choose from"
            raise Refused(name, came, f"a number from {first} to {last}" if last >= first else nothing)

    def _edit(self, settings: Settings, change: Callable[[Layers, Architecture], Layers]) -> None:
        """Check the new shape before anything changes, then change it."""
        settings.check_size(self._parameter_limit)
        if self._is_untouched:
            self.settings = settings
            self._draw_first()
            return
        layers = change(self.network.layers, architecture_of(self.settings))
        self.settings = settings
        self.divergence = None
        self._rebuild(layers)
        self.changed = self.epoch
        self.arm()

    @property
    def _is_untouched(self) -> bool:
        """Whether there is nothing to keep: the weights are those that the settings draw."""
        return self.step == 0 and not self._has_own_weights

    def _reshaped(self, old: Settings, new: Settings) -> Layers:
        """The weights for other settings of the same data; a new `hidden` that is no edit draws anew."""
        before, after, layers = architecture_of(old), architecture_of(new), self.network.layers
        if before.shape[1:] != after.shape[1:]:
            return draw_weights(after, self._edit_draw())
        if old.inputs != new.inputs:
            layers = select_inputs(layers, before, old.inputs, new.inputs)
        if old.connections != new.connections:
            layers = reconnect(layers, replace(before, shape=after.shape), after)
        if before.batch_norm and not after.batch_norm:
            layers = without_norm(layers)
        return layers

    def _edit_draw(self) -> Draw:
        """Randomness for a change of shape: the same changes of the same run draw the same weights."""
        self._edits += 1
        settings = self.settings
        stream = SeedRandom(f"{settings.seed}, draw {settings.draw}, edit {self._edits}")
        return drawing(settings.initialization, stream)

    # -- construction -------------------------------------------------------------------------------------------------

    def _start_over(self) -> None:
        self.starts += 1
        self._draw_first()

    def _draw_first(self) -> None:
        """Epoch 0 of the settings, as everybody has it who opens their link."""
        self._edits, self._has_own_weights = 0, False
        self.data = draw_data(self.settings)
        draw = drawing(self.settings.initialization, _weight_stream(self.settings, self.data))
        self._rebuild(draw_weights(architecture_of(self.settings), draw))
        self._begin(epoch=0)

    def _begin(self, epoch: int) -> None:
        """The parameters are those that the run begins with."""
        self.epoch, self.step, self._batch_step = epoch, epoch * self.steps_in_epoch, 0
        self._marks.forget()
        self.changed = epoch
        self.divergence = None
        self.history = History(epoch)
        self._good, self._best = None, math.inf
        self._sample(self.losses())
        self.arm()

    def _rebuild(self, layers: Layers) -> None:
        """Another program, with these weights."""
        self.network = Network(compile_program(architecture_of(self.settings)), layers, self._dtype)
        self._lay_out()

    def _lay_out(self) -> None:
        """The examples, and how they fall into batches; what the last epoch left over is forgotten."""
        settings, count = self.settings, len(self.data.train)
        self.rule = _rule(settings, count)
        self.steps_in_epoch = count // self.rule.batch_size
        self._batch_step = 0
        self._marks.forget()
        self._good, self._best = None, math.inf  # of another network, or other batches
        left_over = count % self.rule.batch_size if settings.order == "sequence" else 0
        self.train_examples = Examples(self.data.train, settings.inputs, left_over, self._dtype)
        self.test_examples = Examples(self.data.test, settings.inputs, 0, self._dtype)


def _differ(old: Settings, new: Settings, names: tuple[str, ...]) -> bool:
    return any(getattr(old, name) != getattr(new, name) for name in names)


def _rule(settings: Settings, examples: int) -> Rule:
    rate = float(settings.regularization_rate)
    batch_size = examples if settings.batch_size == "all" else min(settings.batch_size, examples)
    return Rule(
        learning_rate=settings.learning_rate,
        batch_size=batch_size,
        method=_number(Method, settings.method),
        momentum=settings.momentum,
        weight_decay=settings.weight_decay,
        clip=settings.clip,
        dropout=settings.dropout,
        schedule=_number(Schedule, settings.schedule),
        horizon=settings.schedule_epochs * (examples // batch_size),
        order=_number(Order, settings.order),
        seed=crc32(f"{settings.seed}, order".encode()),
        l1=rate if settings.regularization == "L1" else 0.0,
        l2=rate if settings.regularization == "L2" else 0.0,
    )


def _number(kind: type[Numbered], name: str) -> Numbered:
    """The number by which the machine knows a setting's value."""
    return kind[name.upper().replace("-", "_")]


def _weight_stream(settings: Settings, data: Data) -> SeedRandom:
    """The first draw goes on where the data ended, as in TensorFlow Playground; others have a stream of their own."""
    return data.random if settings.draw == 0 else SeedRandom(f"{settings.seed}, draw {settings.draw}")
