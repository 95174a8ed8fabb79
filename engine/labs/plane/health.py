"""What goes on with a run, and if it does not learn, why: judged from its history and the network's own figures.

Kinds and numbers only: the words are the page's. The clock plays no part, so the same run has the same verdicts.
The thresholds were found by trying: tests/engine/test_health.py trains what is to be told apart.
"""

import math
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from engine.labs.plane.settings import MAX_HIDDEN_LAYERS, Settings

Kind = Literal[
    "start",  # nothing has been trained
    "early",  # too little to judge by
    "learning",
    "slow",  # the loss falls, by less than a hundredth in half of the time
    "learnt",  # as good as the points allow
    "settled",  # no progress, and neither good nor bad
    "flat",  # no progress lately, which may yet come
    "stuck",  # no progress for long, and the loss is high
    "jumping",
    "rising",  # the loss grows from sample to sample
    "overfitting",
    "diverged",
]
Cause = Literal["", "inputs", "symmetric", "dead", "vanishing", "rate", "saturated", "linear", "regularization", "size"]

_GAIN = 0.01  # a best loss that is lower by a smaller share is no progress
_PATIENCE = 1000  # epochs without progress until a high loss is called stuck, and as many as half of all
_SURE = 50  # epochs until it is, where the cause alone says that nothing will come
_FEW = 8  # samples that are too few to judge by
_JUMP = 0.08  # from sample to sample, as a logarithm
_RISE = 1.5  # times the loss since the last change: more than what momentum does on its way
_ABOVE = 0.1  # share by which a loss lies above its own best: small enough steps would have stayed there
_CERTAIN = {"symmetric", "vanishing", "rate"}  # causes that pass by themselves only in a very long time
_RATES = {"sgd": 0.03, "momentum": 0.01, "nesterov": 0.01, "adagrad": 0.03, "rmsprop": 0.003}
_ADAMS = {"adam", "adamw"}
_RATE_OF_ADAM = 0.003
_TINY, _HUGE = 1e-300, 1e300
_NICE = (1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003, 0.0001, 0.00003, 0.00001)
_WIDE = 8  # neurons that a layer is given to try


@dataclass(frozen=True)
class Vitals:
    """All that a verdict rests on."""

    settings: Settings
    epoch: int
    since: int  # the epoch of the last change to the network or its training: what came before tells nothing
    samples: NDArray[np.float64]  # of the history, (n, 3)
    layers: NDArray[np.float64]  # as `layer_figures` has them, (layers, 4)
    twins: int  # the first hidden layer whose neurons are all the same, from 1; 0 if there is none
    weight: float  # root mean square of the smallest layer's weights
    error: float  # share of the training points that are wrong; NaN in a regression
    neighbours: (
        float  # the same by the five nearest others, what a simple rule makes of these points; in a regression its loss
    )
    baseline: float  # training loss of the best constant
    steps: int  # in an epoch
    diverged: bool = False


@dataclass(frozen=True)
class Remedy:
    """One thing to try: a command of the protocol."""

    type: Literal["change", "add-layer"]
    settings: dict[str, Any] = field(default_factory=dict)  # of a change
    layer: int = 0  # of a new layer
    neurons: int = 0


@dataclass(frozen=True)
class Health:
    """A verdict. Figures are finite, and which there are depends on the kind and the cause."""

    kind: Kind
    epoch: int
    cause: Cause = ""
    figures: dict[str, float] = field(default_factory=dict)
    remedy: Remedy | None = None


@dataclass(frozen=True)
class _Trend:
    """The training loss since the last change."""

    loss: float  # of the newest samples
    without_gain: int  # epochs since the best loss was last beaten by enough
    jump: float  # the usual change from one sample to the next, as a logarithm: its standard deviation
    above: float  # share by which the newest quarter of the samples lies above the best
    fall: float  # share by which the loss is below what it was half of the time ago
    halved: int  # epochs in which it has halved; 0 if it has not


def diagnose(vitals: Vitals) -> Health:
    """The verdict."""
    epoch, age = vitals.epoch, vitals.epoch - vitals.since
    at_once = first_look(vitals.settings, epoch, vitals.since, vitals.samples, diverged=vitals.diverged)
    if at_once:
        return at_once
    samples = _usable(vitals.samples, vitals.since)
    return _overfitting(vitals, samples) or _verdict(vitals, _trend(samples, epoch), age)


def first_look(
    settings: Settings, epoch: int, since: int, samples: NDArray[np.float64], *, diverged: bool
) -> Health | None:
    """The verdict where the losses alone give one, as after each change of a network; None where it takes a look at the
    network, which takes longer."""
    if diverged:
        return Health("diverged", epoch)
    if epoch == since:
        return Health("start" if epoch == 0 else "early", epoch)
    if not settings.inputs:
        return Health("stuck", epoch, "inputs", {"epochs": epoch - since}, Remedy("change", {"inputs": ["x", "y"]}))
    losses = _usable(samples, since)[:, 1]
    rising = _rising(settings, epoch, losses)
    return rising or (Health("early", epoch) if len(losses) < _FEW else None)


def _usable(samples: NDArray[np.float64], since: int) -> NDArray[np.float64]:
    """Those since the last change whose training loss is a number."""
    samples = samples[samples[:, 0] >= since]
    return samples[np.isfinite(samples[:, 1]) & (samples[:, 1] >= 0)]


def _verdict(vitals: Vitals, trend: _Trend, age: int) -> Health:
    epoch = vitals.epoch
    is_good, is_high = _judge(vitals, trend.loss)
    ratio = trend.loss / vitals.baseline if vitals.baseline > 0 else 0.0
    said = {} if math.isnan(vitals.error) else {"right": 1 - vitals.error}
    is_flat = trend.without_gain >= max(_SURE, age / 4)
    jumps = (trend.jump >= _JUMP or trend.above >= _ABOVE) and is_flat and ratio > 0.05 and not is_good
    if is_high and is_flat:
        cause, figures, remedy = _cause(vitals)
        is_certain = cause in _CERTAIN or figures.get("share") == 1
        if is_certain or (trend.without_gain >= max(_PATIENCE, age / 2) and not jumps):
            return Health("stuck", epoch, cause, {"epochs": trend.without_gain, **figures}, remedy)
    if jumps:
        figures = {"jump": math.expm1(trend.jump), "above": trend.above}
        return Health("jumping", epoch, "", figures, Remedy("change", {"learning_rate": _lower(vitals.settings)}))
    if is_good and (is_flat or ratio <= 0.05 or trend.fall < 0.2):
        return Health("learnt", epoch, "", said)
    if is_flat:
        kind: Kind = "flat" if is_high else "settled"
        return Health(kind, epoch, "", {"epochs": trend.without_gain, **said})
    return _progress(epoch, trend, age)


def _progress(epoch: int, trend: _Trend, age: int) -> Health:
    if 0 < trend.halved <= age / 2:
        return Health("learning", epoch, "", {"halved": trend.halved})
    if trend.fall >= _GAIN:
        return Health("learning", epoch, "", {"fall": trend.fall, "epochs": age - age // 2})
    if age < _SURE:
        return Health("early", epoch)
    return Health("slow", epoch, "", {"fall": max(trend.fall, 0.0), "epochs": age - age // 2})


def _judge(vitals: Vitals, loss: float) -> tuple[bool, bool]:
    """Whether the training points are learnt, and whether too little of them is: by what their neighbours tell."""
    neighbours = vitals.neighbours if math.isfinite(vitals.neighbours) else 0.0
    if math.isnan(vitals.error):
        return loss <= max(0.02 * vitals.baseline, neighbours), loss > max(0.1 * vitals.baseline, 2 * neighbours)
    return vitals.error <= max(0.01, neighbours), vitals.error > 2 * neighbours + 0.04


def _trend(samples: NDArray[np.float64], epoch: int) -> _Trend:
    epochs, losses = samples[:, 0], np.maximum(samples[:, 1], _TINY)
    quarter = max(len(losses) // 4, 3)
    recent = losses[-quarter:]
    best = np.minimum.accumulate(losses)
    gained = best <= best[-1] * (1 + _GAIN)
    loss = float(np.exp(np.log(recent[-max(quarter // 4, 1) :]).mean()))
    half = int(np.searchsorted(epochs, (epochs[0] + epochs[-1]) / 2))
    twice = np.flatnonzero(losses >= 2 * loss)
    return _Trend(
        loss=loss,
        without_gain=int(epoch - epochs[int(np.argmax(gained))]),
        jump=float(np.diff(np.log(recent)).std()),
        above=float(math.exp(np.log(recent).mean() - math.log(best[-1])) - 1),
        fall=float(1 - loss / losses[half]),
        halved=int(epoch - epochs[twice[-1]]) if len(twice) else 0,
    )


def _rising(settings: Settings, epoch: int, losses: NDArray[np.float64]) -> Health | None:
    """Each of the newest samples is higher than all before, by much: no need to wait for a divergence."""
    if len(losses) < 4 or not (np.diff(losses[-3:]) > 0).all():
        return None
    if losses[-1] < _RISE * losses[0] or losses[-3] < losses[:-3].max():
        return None
    times = min(float(losses[-1]) / max(float(losses[0]), _TINY), _HUGE)
    return Health("rising", epoch, "", {"times": times}, Remedy("change", {"learning_rate": _lower(settings)}))


def _overfitting(vitals: Vitals, samples: NDArray[np.float64]) -> Health | None:
    """Since the epoch with the best test loss, if that has risen for good while the training loss went on falling."""
    epochs, train, test = samples.T
    if not np.isfinite(test).all():
        return None
    best, count = int(np.argmin(test)), max(3, len(test) // 16)
    since, now = int(epochs[best]), float(test[-count:].mean())
    rise = now - float(test[best])
    has_risen = rise >= max(0.1 * vitals.baseline, 0.1 * test[best]) and test[-count:].min() >= test[best] + rise / 2
    has_fallen = train[-count:].mean() < 0.95 * train[best]
    is_long = vitals.epoch - since >= max(10, 0.2 * (vitals.epoch - vitals.since))
    if not (has_risen and has_fallen and is_long):
        return None
    figures = {"since": since, "best": float(test[best]), "now": now}
    if vitals.settings.method in _ADAMS:
        wish: dict[str, Any] = {"method": "adamw", "weight_decay": 0.3}
    else:
        wish = {"regularization": "L2", "regularization_rate": 0.003}
    return Health("overfitting", vitals.epoch, "", figures, Remedy("change", wish))


def _cause(vitals: Vitals) -> tuple[Cause, dict[str, float], Remedy | None]:
    """The likeliest, the surest first."""
    settings, layers = vitals.settings, vitals.layers
    dead = np.nan_to_num(layers[:-1, 3]) if len(layers) > 1 else np.zeros(1)
    flat = np.nan_to_num(layers[:-1, 2]) if len(layers) > 1 else np.zeros(1)
    first, last = float(layers[0, 0]), float(layers[-1, 0])
    if vitals.twins:
        return "symmetric", {"layer": vitals.twins}, Remedy("change", {"initialization": "xavier-normal"})
    if dead.max() >= 0.75:
        wish: dict[str, Any] = {"activation": "leaky-relu", "activations": [], "draw": settings.draw + 1}
        return "dead", {"layer": int(dead.argmax()) + 1, "share": float(dead.max())}, Remedy("change", wish)
    if len(layers) > 3 and last > 0 and first < 1e-4 * last:
        wish = {"connections": "residual"} if settings.batch_norm else {"batch_norm": True}
        return "vanishing", {"layer": 1, "share": first / last}, Remedy("change", wish)
    move = float(np.nanmax(layers[:, 1], initial=0.0))
    standard = _RATES.get(settings.method, _RATE_OF_ADAM)
    if settings.learning_rate <= standard / 30 and move * vitals.steps * 100 < 0.01:
        return "rate", {"move": move}, Remedy("change", {"learning_rate": standard})
    if flat.max() >= 0.95:  # a network that has learnt has many, too: 0.8 in the first layer of 4-2 on the spiral
        is_xavier = settings.initialization == "xavier-normal"
        wish = {"activation": "relu"} if is_xavier else {"initialization": "xavier-normal"}
        return "saturated", {"layer": int(flat.argmax()) + 1, "share": float(flat.max())}, Remedy("change", wish)
    return _capacity(vitals)


def _capacity(vitals: Vitals) -> tuple[Cause, dict[str, float], Remedy | None]:
    """Of a network whose gradients are well: too little of it, or held too tight."""
    settings, hidden = vitals.settings, vitals.settings.hidden
    if not hidden:
        return "linear", {}, Remedy("add-layer", layer=1, neurons=_WIDE)
    if set(settings.layer_activations) == {"linear"}:
        return "linear", {}, Remedy("change", {"activation": "tanh", "activations": []})
    is_held = settings.regularization != "none" and settings.regularization_rate > 0
    if vitals.weight < 0.1 and (is_held or settings.weight_decay > 0):  # weights that are gone do not grow again
        wish: dict[str, Any] = {"regularization": "none"} if is_held else {"weight_decay": 0}
        anew = Remedy("change", {**wish, "draw": settings.draw + 1})
        return "regularization", {"weight": vitals.weight}, anew
    neurons: dict[str, float] = {"neurons": sum(hidden)}
    if min(hidden) < _WIDE:
        return "size", neurons, Remedy("change", {"hidden": [max(_WIDE, units) for units in hidden]})
    if len(hidden) < min(4, MAX_HIDDEN_LAYERS):
        return "size", neurons, Remedy("add-layer", layer=len(hidden) + 1, neurons=hidden[-1])
    return "", {}, None


def _lower(settings: Settings) -> float:
    """About a third of the learning rate, as one that the page lists."""
    return next((rate for rate in _NICE if rate <= settings.learning_rate / 2.5), settings.learning_rate / 3)
