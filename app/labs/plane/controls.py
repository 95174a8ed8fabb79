"""The page's controls by the names under which links hide them: one for each setting, and the page's own."""

import re

from engine.choices import in_groups
from engine.labs.plane.settings import FEATURES, SETTINGS, Settings

_NEURONS_OF_A_LAYER = re.compile(r"neurons_[1-9]\d?")  # the two buttons of one layer, by its number

CONTROLS: dict[str, str] = {
    "play": "Play",
    "step": "Step",
    "reset": "Reset",
    "new_weights": "New weights",
    "undo": "Undo and redo",
    "speed": "Speed",
    **{each.name: each.label for each in in_groups(Settings, "training", "structure", "optimizer", "regularization")},
    "layer_settings": "Settings of single layers",
    "lesions": "Switching neurons off",
    **{each.name: each.label for each in in_groups(Settings, "stop")},
    "problem": "Problem type",
    **{each.name: each.label for each in in_groups(Settings, "data")},
    "dataset": "Data sets",
    "own_data": "Own data",
    "formula": "Formula",
    "regenerate_data": "Regenerate data",
    "hidden": "Layer buttons",
    "neurons": "Neuron buttons",
    "weights": "Weights in figures",
    "show_test": "Show test data",
    "discretize": "Discretize output",
    "gradients": "Gradients",
    "explain": "Explain",
    "surface": "Loss surface",
    "space": "Space",
    "errors": "Mark wrong points",
    "relief": "3-D",
    "draw": "Draw",
    "log_scales": "Log epochs, log loss",
    "timeline": "Timeline",
    "compare": "Compare",
    "take_home": "Take home",
    "share": "Share",
    **SETTINGS["inputs"].choices,
}
"""Names and labels, in the order of the page."""

OWN: tuple[str, ...] = tuple(name for name in CONTROLS if name not in FEATURES)
"""All but the boxes of the inputs, which stand for themselves."""


def is_control(name: str) -> bool:
    """Whether a page can hide it."""
    return name in CONTROLS or _NEURONS_OF_A_LAYER.fullmatch(name) is not None
