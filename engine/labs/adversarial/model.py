"""The model of the adversarial lab: a generator and a discriminator that take their steps in turns.

A step is one update of one of them; a round, which the run counts as an epoch, is all updates of the discriminator and
then one of the generator. Whatever a step draws depends on the seed and the number of the step alone.
"""

import math
from typing import Any, Literal
from zlib import crc32

import numpy as np
from numpy.typing import DTypeLike, NDArray

from engine.choices import Refused
from engine.labs.adversarial import kernels
from engine.labs.adversarial.kernels import Draws, Player, Second
from engine.labs.adversarial.mixtures import Floats, mixture_of
from engine.labs.adversarial.settings import AdversarialSettings, Objective
from engine.machine.architecture import Activation, Architecture
from engine.machine.examples import Inputs, Labelled
from engine.machine.methods import Method
from engine.machine.network import Network, Room, Rule
from engine.machine.program import compile_program
from engine.machine.weights import LayerWeights, without_history
from engine.runs.moment import Place, State
from engine.vectors.lanes import LANES
from engine.vectors.memory import Tensors, aligned_zeros, lanes_for

Side = Literal["generator", "discriminator"]
SIDES: tuple[Side, Side] = ("generator", "discriminator")
LOSSES = ("discriminator", "generator")
"""In the order of `AdversarialModel.losses`."""
POINTS = 2_000  # real ones, drawn once: a batch takes some of them, with replacement
_LOOKED_AT = 500  # points, and as many fakes, that the losses shown are means over
_OBJECTIVES: dict[Objective, int] = {
    "minimax": kernels.MINIMAX,
    "non-saturating": kernels.NON_SATURATING,
    "least-squares": kernels.LEAST_SQUARES,
    "clipping": kernels.CLIPPED,
    "penalty": kernels.PENALIZED,
}
_KINKED: tuple[Activation, ...] = ("relu", "leaky-relu", "elu")


class AdversarialModel:
    """An `engine.runs.run.Model`. Not for two threads at once. `dtype` is that of training."""

    def __init__(self, settings: AdversarialSettings, dtype: DTypeLike = np.float32) -> None:
        self.settings = settings
        self._dtype = np.dtype(dtype)
        self.draw_first()

    # -- construction -------------------------------------------------------------------------------------------------

    def draw_first(self) -> None:
        """The points and both networks as they are before the first step."""
        settings = self.settings
        self.mixture = mixture_of(settings)
        points = self.mixture.draw(POINTS, _random(settings, "points"))
        self.points = Inputs(points.T, self._dtype)
        self.networks: dict[Side, Network] = {
            side: _network(settings, side, shape, self._dtype)
            for side, shape in zip(SIDES, settings.shapes, strict=True)
        }
        self._real = Labelled(points[:_LOOKED_AT].T, np.zeros(_LOOKED_AT), 0, self._dtype)
        self.lay_out()

    def lay_out(self) -> None:
        """How many numbers a step draws, and room for them."""
        batch = self.settings.batch_size
        half = lanes_for(batch)
        self.steps_in_epoch = self.settings.turns + 1
        self._half = half
        self._players = {
            side: _player(self.networks[side], width) for side, width in zip(SIDES, (half, 2 * half), strict=True)
        }
        discriminator = self._players["discriminator"]
        like_values, like_gradients = discriminator.values.shape[0], discriminator.gradients.shape[0]
        self._second = Second(
            *(aligned_zeros(like_values - LANES, self._dtype) for _ in range(3)),
            *(aligned_zeros(like_gradients - LANES, self._dtype) for _ in range(2)),
        )
        self._turned = aligned_zeros(LANES * LANES, self._dtype)
        self.take_rule()

    def take_rule(self) -> None:
        """The way of learning, and the noise, that the settings ask for."""
        settings = self.settings
        self.rules = {
            side: Rule(
                learning_rate=rate,
                batch_size=settings.batch_size,
                method=Method[settings.method.upper()],
                momentum=settings.momentum,
            ).record
            for side, rate in zip(SIDES, (settings.generator_rate, settings.discriminator_rate), strict=True)
        }
        self.draws = Draws(
            points=self.points.inputs,
            stride=self.points.stride,
            examples=self.points.count,
            batch=settings.batch_size,
            point_seed=_key(settings, "batches"),
            noise_seed=_key(settings, "noise"),
            mix_seed=_key(settings, "mixtures"),
            is_normal=settings.noise == "normal",
            dimensions=settings.dimensions,
        )
        self._judged = self.noises(_LOOKED_AT, "noise to look at")

    def forget(self) -> None:
        """Another method begins: what the last one remembers of gradients is gone."""
        for network in self.networks.values():
            network.forget()

    def noises(self, count: int, what: str) -> Labelled:
        """As much noise as a picture or a number wants; the same for the same seed and words."""
        settings = self.settings
        random, size = _random(settings, what), (settings.dimensions, count)
        drawn = random.normal(size=size) if settings.noise == "normal" else random.uniform(-1, 1, size)
        return Labelled(drawn, np.zeros(count), 0, self._dtype)

    # -- learning -----------------------------------------------------------------------------------------------------

    def take(self, place: Place, steps: int) -> bool:
        """Take so many steps from a place of the run on; returns whether all that was learned is finite."""
        settings, networks = self.settings, self.networks
        phase = place.batch_step % self.steps_in_epoch
        is_finite: bool = kernels.duel(
            self._players["generator"], self._players["discriminator"], self._second, self.draws,
            self.rules["generator"], self.rules["discriminator"],
            _OBJECTIVES[settings.objective], float(settings.penalty), float(settings.clip), settings.turns,
            place.step, phase, networks["generator"].taken, networks["discriminator"].taken, steps, self._half,
            self._turned,
        )  # fmt: skip
        generated = (phase + steps) // self.steps_in_epoch
        networks["generator"].taken += generated
        networks["discriminator"].taken += steps - generated
        return is_finite

    def drawn(self, step: int) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        """What that step of the run draws, a column for each example: points (2, batch), noise (dimensions, batch), and
        the share of the real point in the mixtures that a penalty looks at (batch,)."""
        half, batch = self._half, self.settings.batch_size
        points, noises, shares = (aligned_zeros(rows * half, self._dtype) for rows in (2, 2, 1))
        kernels.drawn(self.draws, step, points, noises, shares, half)
        tables = (numbers[: 2 * half].reshape(2, half)[:, :batch] for numbers in (points, noises))
        return next(tables), next(tables)[: self.settings.dimensions], shares[:batch]

    # -- what they say ------------------------------------------------------------------------------------------------

    def fakes(self, noise: Labelled) -> NDArray[Any]:
        """What the generator makes of noise, (2, count)."""
        return self.networks["generator"].outputs(noise)

    def said(self, places: NDArray[Any]) -> Floats:
        """The discriminator's outputs at places (2, count): logits, least squares' estimates or a critic's scores."""
        return self._said(Labelled(np.asarray(places, np.float64), np.zeros(places.shape[1]), 0, self._dtype))

    def _said(self, examples: Labelled) -> Floats:
        said: Floats = self.networks["discriminator"].outputs(examples)[0].astype(np.float64)
        return said

    def arrows(self, fakes: NDArray[Any]) -> NDArray[Any]:
        """(2, count): the way along which each fake (2, count) would best fool the discriminator, that is minus the
        slope of the generator's loss."""
        count = fakes.shape[1]
        player = _player(self.networks["discriminator"], lanes_for(count))
        kernels.slopes_at_fakes(
            player, _OBJECTIVES[self.settings.objective], np.ascontiguousarray(fakes.T, self._dtype), count
        )
        arrows: NDArray[Any] = -player.slopes[: 2 * player.width].reshape(2, player.width)[:, :count]
        return arrows

    def losses(self) -> tuple[float, ...]:
        """Those of `LOSSES`: means over the same 500 points and fakes each time; of a critic without the penalty."""
        with np.errstate(over="ignore", invalid="ignore"):
            return losses_of(self.settings.objective, self._said(self._real), self.said(self.fakes(self._judged)))

    def loss(self) -> float:
        """The discriminator's."""
        return self.losses()[0]

    def watched(self, losses: tuple[float, ...]) -> tuple[float, float]:  # noqa: ARG002
        """None: nothing ends a game but its length."""
        return math.nan, math.nan

    def largest(self) -> tuple[int, float]:
        """The layer, from 1, and size of the largest weight of both."""
        size, layer = max(
            (float(np.abs(matrix[:, :-1]).max()), layer)
            for network in self.networks.values()
            for layer, matrix in enumerate(network.matrices, start=1)
        )
        return layer, size

    # -- as a whole ---------------------------------------------------------------------------------------------------

    def state(self) -> State:
        """A copy of all that training changes."""
        tensors: Tensors = {}
        counts: dict[str, int] = {}
        for side, network in self.networks.items():
            copies, counts[f"{side} taken"] = network.snapshot()
            tensors |= {f"{side} {name}": tensor for name, tensor in copies.items()}
        return State(tensors, counts)

    def restore(self, state: State) -> None:
        """Take one over that a model of the same settings gave."""
        for side, network in self.networks.items():
            own = {name: state.tensors[f"{side} {name}"] for name in network.state}
            network.restore((own, state.counts[f"{side} taken"]))

    def check(self, state: State) -> None:
        """Raises Refused, or KeyError, unless `restore` can take it: it comes from outside."""
        for name, own in self.state().tensors.items():
            came = state.tensors[name]
            if came.dtype != own.dtype or came.shape != own.shape:
                raise Refused(name, f"{came.dtype} {came.shape}", f"{own.dtype} {own.shape}")
            if not np.isfinite(came).all():
                raise Refused(name, "some that are not finite", "finite numbers")
        for side in SIDES:
            if state.counts[f"{side} taken"] < 0:
                raise Refused(f"{side} taken", state.counts[f"{side} taken"], "0 or more")

    @property
    def nbytes(self) -> int:
        """Of a state."""
        return sum(network.nbytes for network in self.networks.values())

    def saved(self) -> NDArray[Any]:
        """What a link keeps: all weights and biases, the generator's first, layer by layer, unit by unit."""
        return np.concatenate([network.parameters for network in self.networks.values()])

    def load(self, saved: NDArray[Any]) -> None:
        """Begin with numbers that `saved` returned. Raises Refused."""
        if len(saved) != self.settings.parameters:
            raise Refused("weights", len(saved), f"{self.settings.parameters} numbers for these networks")
        if not np.isfinite(saved).all():
            raise Refused("weights", "NaN or infinity", "finite numbers")
        self.draw_first()
        place = 0
        for network in self.networks.values():
            count = len(network.parameters)
            network.parameters[:] = saved[place : place + count]
            place += count


def losses_of(objective: Objective, real: Floats, fake: Floats) -> tuple[float, float]:
    """The discriminator's and the generator's loss, from what is said of real points and of fakes."""
    if objective == "least-squares":
        return float(((real - 1) ** 2).mean() + (fake**2).mean()) / 2, float(((fake - 1) ** 2).mean()) / 2
    if objective in ("clipping", "penalty"):
        return float(fake.mean() - real.mean()), -float(fake.mean())
    judged = float(np.logaddexp(0, -real).mean() + np.logaddexp(0, fake).mean())
    fooled = -np.logaddexp(0, fake).mean() if objective == "minimax" else np.logaddexp(0, -fake).mean()
    return judged, float(fooled)


def _network(settings: AdversarialSettings, side: Side, shape: tuple[int, ...], dtype: DTypeLike) -> Network:
    activation = settings.generator_activation if side == "generator" else settings.discriminator_activation
    architecture = Architecture(shape, (activation,) * (len(shape) - 2), output="linear")
    random = _random(settings, f"{side} weights")
    layers = [_first_weights(random, activation, *shape[k : k + 2]) for k in range(len(shape) - 1)]
    return Network(compile_program(architecture), layers, dtype)


def _first_weights(random: np.random.Generator, activation: Activation, inputs: int, units: int) -> LayerWeights:
    """He's variance 2 / i behind kinks (2015), else Xavier's 2 / (i + u) (Glorot and Bengio, 2010); no biases."""
    variance = 2 / inputs if activation in _KINKED else 2 / (inputs + units)
    matrix = np.zeros((units, inputs + 1))
    matrix[:, :-1] = random.normal(size=(units, inputs)) * math.sqrt(variance)
    return without_history(matrix)


def _player(network: Network, width: int) -> Player:
    program, state, room = network.program, network.state, Room(network.program, width, network.dtype)
    return Player(
        rows=program.rows,
        trained=program.trained,
        output=int(program.outputs[0]),
        size=program.parameter_count,
        **state,
        is_weight=program.is_weight(network.dtype),
        gradients=aligned_zeros(program.parameter_count, network.dtype),
        values=room.values,
        slopes=room.slopes,
        width=width,
    )


def _key(settings: AdversarialSettings, what: str) -> int:
    return crc32(f"{settings.seed}, {what}".encode())


def _random(settings: AdversarialSettings, what: str) -> np.random.Generator:
    return np.random.default_rng(_key(settings, what))
