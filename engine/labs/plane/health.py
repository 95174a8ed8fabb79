"""Judges how a run does, and why it does not learn, from its history and the network's figures.

A verdict is a kind and numbers; the page has the words. The clock plays no part, so the same run has the same verdicts.
The thresholds were found by experiment: tests/engine/test_health.py trains the cases to distinguish.
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
    "slow",  # the loss fell by less than a hundredth in the last half of the time
    "learnt",  # as good as the points allow
    "settled",  # no progress, and neither good nor bad
    "flat",  # no progress lately, but some may still come
    "stuck",  # no progress for long, and the loss is high
    "jumping",
    "rising",  # the loss grows from sample to sample
    "overfitting",
    "diverged",
]
Cause = Literal["", "inputs", "symmetric", "dead", "vanishing", "rate", "saturated", "linear", "regularization", "size"]

_GAIN = 0.01  # smallest relative fall of the best loss that counts as progress
_PATIENCE = 1000  # epochs without progress, and half of all epochs, until a high loss counts as stuck
_SURE = 50  # the same if the cause alone rules out progress
_FEW = 8  # fewest samples to judge by
_JUMP = 0.08  # from sample to sample, as a logarithm
_RISE = 1.5  # times the loss at the last change; momentum alone causes less
_ABOVE = 0.1  # share by which a loss lies above its best; smaller steps would have stayed there
_CERTAIN = {"symmetric", "vanishing", "rate"}  # causes that take very long to pass by themselves
_RATES = {"sgd": 0.03, "momentum": 0.01, "nesterov": 0.01, "adagrad": 0.03, "rmsprop": 0.003}
_ADAMS = {"adam", "adamw"}
_RATE_OF_ADAM = 0.003
_TINY, _HUGE = 1e-300, 1e300
_NICE = (1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003, 0.0001, 0.00003, 0.00001)
_WIDE = 8  # neurons of a suggested layer


@dataclass(frozen=True)
class Vitals:
    """All figures for a verdict."""

    settings: Settings
    epoch: int
    since: int  # the epoch of the last change to the network or its training; earlier samples do not count
    samples: NDArray[np.float64]  # of the history, (n, 3)
    layers: NDArray[np.float64]  # as `layer_figures` has them, (layers, 4)
    twins: int  # the first hidden layer whose neurons are all the same, from 1; 0 if there is none
    weight: float  # root mean square of the smallest layer's weights
    error: float  # share of the training points that are wrong; NaN in a regression
    neighbours: float  # error of guessing by the five nearest others; in a regression the loss of that guess
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
    """A verdict. All figures are finite; kind and cause decide which there are."""

    kind: Kind
    epoch: int
    cause: Cause = ""
    figures: dict[str, float] = field(default_factory=dict)
    remedy: Remedy | None = None


@dataclass(frozen=True)
class _Trend:
    """The training loss since the last change."""

    loss: float  # of the newest samples
    without_gain: int  # epochs since the best loss last improved enough
    jump: float  # standard deviation of the change of the log loss from sample to sample
    above: float  # share by which the newest quarter of the samples lies above the best
    fall: float  # share by which the loss fell in the last half of the time
    halved: int  # epochs in which it has halved; 0 if it has not


def diagnose(vitals: Vitals) -> Health:
    """The verdict on a run."""
    epoch, age = vitals.epoch, vitals.epoch - vitals.since
    at_once = first_look(vitals.settings, epoch, vitals.since, vitals.samples, diverged=vitals.diverged)
    if at_once:
        return at_once
    samples = _usable(vitals.samples, vitals.since)
    return _overfitting(vitals, samples) or _verdict(vitals, _trend(samples, epoch), age)


def first_look(
    settings: Settings, epoch: int, since: int, samples: NDArray[np.float64], *, diverged: bool
) -> Health | None:
    """The verdict if the losses alone give one, as after each change; None if it needs the network's figures, which
    take longer."""
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
    """The samples since the last change whose training loss is finite and not negative."""
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
    """Whether the training points are learnt, and whether the error is high, compared with a guess by neighbours."""
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
    """The verdict if the newest losses rise far above all before: no need to wait for a divergence."""
    if len(losses) < 4 or not (np.diff(losses[-3:]) > 0).all():
        return None
    if losses[-1] < _RISE * losses[0] or losses[-3] < losses[:-3].max():
        return None
    times = min(float(losses[-1]) / max(float(losses[0]), _TINY), _HUGE)
    return Health("rising", epoch, "", {"times": times}, Remedy("change", {"learning_rate": _lower(settings)}))


def _overfitting(vitals: Vitals, samples: NDArray[np.float64]) -> Health | None:
    """The verdict if since its best epoch the test loss has risen for good while the training loss kept falling."""
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
    """The likeliest cause, its figures and a remedy; the surest causes are tested first."""
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
    if flat.max() >= 0.95:  # a trained network has many, too: 0.8 in the first layer of 4-2 on the spiral
        is_xavier = settings.initialization == "xavier-normal"
        wish = {"activation": "relu"} if is_xavier else {"initialization": "xavier-normal"}
        return "saturated", {"layer": int(flat.argmax()) + 1, "share": float(flat.max())}, Remedy("change", wish)
    return _capacity(vitals)


def _capacity(vitals: Vitals) -> tuple[Cause, dict[str, float], Remedy | None]:
    """The cause if gradients are healthy: the network is too small, or regularized too much."""
    settings, hidden = vitals.settings, vitals.settings.hidden
    if not hidden:
        return "linear", {}, Remedy("add-layer", layer=1, neurons=_WIDE)
    if set(settings.layer_activations) == {"linear"}:
        return "linear", {}, Remedy("change", {"activation": "tanh", "activations": []})
    is_held = settings.regularization != "none" and settings.regularization_rate > 0
    if vitals.weight < 0.1 and (is_held or settings.weight_decay > 0):  # vanished weights do not grow again
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
    """A learning rate from the page's list, about a third of the present one."""
    return next((rate for rate in _NICE if rate <= settings.learning_rate / 2.5), settings.learning_rate / 3)
