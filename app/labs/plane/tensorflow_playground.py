"""TensorFlow Playground's links: its 27 properties and `<control>_hide`, read as it reads them.

Where it would train with a value that is no number, or never train at all, this module repairs the value and says so;
docs/compatibility.md lists every rule.
"""

import re
from typing import cast

from app.experiment import Experiment
from app.labs.plane.controls import is_control
from app.labs.plane.neighbours import with_neighbours
from app.labs.plane.view import PlaneView
from app.links.text import listed, number, quoted, written
from app.sessions.checked_settings import build_settings
from engine.labs.plane.datasets import count_train_points
from engine.labs.plane.kinds import Dataset
from engine.labs.plane.settings import (
    FEATURES,
    MAX_HIDDEN_LAYERS,
    MAX_NEURONS,
    SETTING_NAMES,
    Settings,
)
from engine.runs.settings import MAX_SEED_LENGTH

_INPUTS = ("x", "y", "xTimesY", "xSquared", "ySquared", "cosX", "sinX", "cosY", "sinY")
PROPERTIES = (
    "activation", "regularization", "batchSize", "dataset", "regDataset", "learningRate", "regularizationRate", "noise",
    "networkShape", "seed", "showTestData", "discretize", "percTrainData",
    *_INPUTS,
    "collectStats", "tutorial", "problem", "initZero", "hideText",
)  # fmt: skip
_HIDE = "_hide"
_CONTROLS = {
    "showTestData": "show_test", "discretize": "discretize", "playButton": "play", "stepButton": "step",
    "resetButton": "reset", "learningRate": "learning_rate", "activation": "activation",
    "regularization": "regularization", "regularizationRate": "regularization_rate", "problem": "problem",
    "dataset": "dataset", "percTrainData": "train_share", "noise": "noise", "batchSize": "batch_size",
    "numHiddenLayers": "hidden",
} | {feature: feature for feature in FEATURES if feature != "own"}  # fmt: skip
_NEURONS = "numNodes"  # followed by the layer's number
_ACTIVATIONS = ("tanh", "relu", "sigmoid", "linear")
_THEIRS = {
    "dataset", "noise", "train_share", "seed", "inputs", "hidden", "initialization", "activation",
    "learning_rate", "batch_size", "regularization", "regularization_rate",
}  # fmt: skip
_OURS_ALONE = tuple(name for name in SETTING_NAMES if name not in _THEIRS)
_VIEW_THEIRS = {"show_test", "discretize", "hide", "hide_text"}
_VIEW_OURS_ALONE = tuple(name for name in PlaneView.names() if name not in _VIEW_THEIRS)
_DATASETS = ("circle", "xor", "gauss", "spiral")
_REGRESSIONS = ("reg-plane", "reg-gauss")
_PLAIN = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z._-]*[0-9A-Za-z])?", re.ASCII)  # TensorFlow Playground decodes nothing
_IGNORED = {"cosX", "cosY", "collectStats", "tutorial", "hl"}  # TensorFlow Playground has no cosine either


def is_known(name: str) -> bool:
    """Whether TensorFlow Playground knows a property of this name, as far as one can tell without its page."""
    return name in PROPERTIES or name in _IGNORED or name.endswith(_HIDE)


class _Reader:
    """Reads values by the property's type, and remembers the repairs."""

    def __init__(self, values: dict[str, str]) -> None:
        self._values = values
        self.repairs: list[str] = []

    def choice(self, name: str, choices: tuple[str, ...]) -> str:
        """One of the choices; the first if the value is none of them."""
        text = self._values.get(name, "")
        if text and text not in choices:
            self._repair(name, text, f"one of {', '.join(choices)}", choices[0])
        return text if text in choices else choices[0]

    def number(self, name: str, standard: float, low: float, high: float, *, whole: bool = False) -> float:
        """A number; one outside the bounds is moved to the nearest bound."""
        text = self._values.get(name, "")
        if not text:
            return standard
        value = number(text)
        if value is None or (whole and not isinstance(value, int)):
            self._repair(name, text, "a whole number" if whole else "a number", written(standard))
            return standard
        near = min(max(value, low), high)
        if near != value:
            self._repair(name, text, f"{low:g} to {high:g}", written(near))
        return near

    def boolean(self, name: str, *, standard: bool = False) -> bool:
        """As in TensorFlow Playground: only the very word false is false."""
        text = self._values.get(name, "")
        if text not in {"", "true", "false"}:
            self._repair(name, text, "true or false", "true, as in TensorFlow Playground,")
        return text != "false" if text else standard

    def layers(self) -> tuple[int, ...]:
        """The hidden layers. An empty property means that there is none."""
        text = self._values.get("networkShape")
        if text is None:
            return Settings().hidden
        sizes = [number(part) for part in text.split(",")] if text else []
        good = [min(size, MAX_NEURONS) for size in sizes if isinstance(size, int) and size > 0]
        hidden = tuple(good[:MAX_HIDDEN_LAYERS])
        if list(hidden) != sizes:
            expected = f"at most {MAX_HIDDEN_LAYERS} layers of 1 to {MAX_NEURONS} neurons"
            self._repair("networkShape", text, expected, ",".join(map(str, hidden)) or "none")
        return hidden

    def seed(self) -> str:
        """The seed as text. Without one TensorFlow Playground draws another each time; here it is the default's."""
        text = self._values.get("seed", "")
        if len(text) > MAX_SEED_LENGTH:
            self._repair("seed", text, f"at most {MAX_SEED_LENGTH} characters", "the beginning")
        return text[:MAX_SEED_LENGTH] or Settings().seed

    def noise(self) -> float:
        """As in TensorFlow Playground: noise above 80 becomes 50."""
        noise = self.number("noise", 0, 0, float("inf"))
        if noise <= 80:
            return noise
        self._repair("noise", written(noise), "0 to 80", "50, as in TensorFlow Playground,")
        return 50

    def batch_size(self, examples: int) -> int:
        """At most all points: TensorFlow Playground never completes a larger batch, and so never learns."""
        size = int(self.number("batchSize", 10, 1, float("inf"), whole=True))
        if size > examples:
            self._repair("batchSize", str(size), f"at most the {examples} training points", str(examples))
        return min(size, examples)

    def hidden_controls(self) -> tuple[str, ...]:
        """The controls to hide, in our names. A name without a control is a repair."""
        asked = [
            name.removesuffix(_HIDE) for name, text in self._values.items() if name.endswith(_HIDE) and text == "true"
        ]
        controls = [_control(name) for name in asked]
        nothing = [name for name, control in zip(asked, controls, strict=True) if control is None]
        if nothing:
            self.repairs.append(f"there is no control {listed(nothing)} to hide")
        return tuple(dict.fromkeys(control for control in controls if control))

    def note_unknown(self) -> None:
        """Note the properties that nobody knows; they are left out."""
        unknown = [name for name in self._values if not is_known(name)]
        if unknown:
            self.repairs.append(f"TensorFlow Playground knows nothing of {listed(unknown)}")

    def _repair(self, name: str, came: str, expected: str, used: str) -> None:
        self.repairs.append(f"{name}: {quoted(came)} came, expected {expected}; {used} is used")


def read(values: dict[str, str]) -> tuple[Experiment, list[str]]:
    """The experiment, and what was repaired, in words."""
    reader = _Reader(values)
    classification = reader.choice("problem", ("classification", "regression")) == "classification"
    either = reader.choice("dataset", _DATASETS), reader.choice("regDataset", _REGRESSIONS)
    dataset = cast("Dataset", either[0] if classification else either[1])
    train_share = reader.number("percTrainData", 50, 1, 100)
    hide = reader.hidden_controls()
    on = [
        feature
        for feature in FEATURES
        if feature in _INPUTS and reader.boolean(feature, standard=feature in Settings().inputs)
    ]
    settings = build_settings(
        Settings,
        {
            "dataset": dataset,
            "noise": reader.noise(),
            "train_share": train_share,
            "seed": reader.seed(),
            "inputs": tuple(feature for feature in on if feature not in hide),
            "hidden": reader.layers(),
            "initialization": "zeros" if reader.boolean("initZero") else "uniform",
            "activation": reader.choice("activation", _ACTIVATIONS),
            "learning_rate": reader.number("learningRate", 0.03, 0, 1000),
            "batch_size": reader.batch_size(count_train_points(dataset, train_share)),
            "regularization": reader.choice("regularization", ("none", "L1", "L2")),
            "regularization_rate": reader.number("regularizationRate", 0, -1000, 1000),
        },
    )
    view = PlaneView(
        show_test=reader.boolean("showTestData"),
        discretize=reader.boolean("discretize"),
        hide=with_neighbours(hide),
        hide_text=reader.boolean("hideText"),
    )
    reader.note_unknown()
    return Experiment(settings, view), reader.repairs


def write(experiment: Experiment) -> str | None:
    """The link with its #, properties in their order; None if such a link cannot say all of the experiment."""
    settings, view = experiment.settings, experiment.view
    controls = [control for control in view.hide if _property(control)]
    hide = [_property(control) for control in controls]
    ours_alone = (
        any(getattr(settings, name) != getattr(Settings(), name) for name in _OURS_ALONE)
        or settings.dataset not in {*_DATASETS, *_REGRESSIONS}
        or settings.activation not in _ACTIVATIONS
        or settings.initialization not in {"uniform", "zeros"}
        or settings.batch_size == "all"
        or "own" in settings.inputs
        or any(getattr(view, name) != getattr(PlaneView(), name) for name in _VIEW_OURS_ALONE)
        or not _PLAIN.fullmatch(settings.seed)
        or experiment.trained is not None
        or with_neighbours(tuple(controls)) != view.hide
        or any(control in settings.inputs for control in view.hide)
    )
    if ours_alone:
        return None
    regression = settings.problem == "regression"
    values: dict[str, object] = {
        "activation": settings.activation,
        "regularization": None if settings.regularization == "none" else settings.regularization,
        "batchSize": settings.batch_size,
        "dataset": _DATASETS[0] if regression else settings.dataset,
        "regDataset": settings.dataset if regression else _REGRESSIONS[0],
        "learningRate": settings.learning_rate,
        "regularizationRate": settings.regularization_rate,
        "noise": settings.noise,
        "networkShape": ",".join(map(str, settings.hidden)),
        "seed": settings.seed,
        "showTestData": view.show_test,
        "discretize": view.discretize,
        "percTrainData": settings.train_share,
        **{name: name in settings.inputs for name in _INPUTS},
        "collectStats": False,
        "problem": settings.problem,
        "initZero": settings.initialization == "zeros",
        "hideText": view.hide_text,
    }
    parts = [f"{name}={written(values[name])}" for name in PROPERTIES if values.get(name) is not None]
    return "#" + "&".join(parts + [f"{name}{_HIDE}=true" for name in hide])


def _control(name: str) -> str | None:
    """Our name of one of their controls."""
    if name.startswith(_NEURONS) and is_control(f"neurons_{name.removeprefix(_NEURONS)}"):
        return f"neurons_{name.removeprefix(_NEURONS)}"
    return _CONTROLS.get(name)


def _property(control: str) -> str | None:
    """Their name of one of our controls."""
    layer = control.removeprefix("neurons_")
    if layer != control:
        return f"{_NEURONS}{layer}"
    return next((name for name, ours in _CONTROLS.items() if ours == control), None)
