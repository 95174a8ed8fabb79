"""The controls of the page by name, as links hide them: those of the settings, and the page's own."""

from engine.choices import in_groups
from engine.labs.digits.settings import DigitsSettings

CONTROLS: dict[str, str] = {
    "play": "Play",
    "step": "Step",
    "reset": "Reset",
    "new_weights": "New weights",
    "undo": "Undo and redo",
    "speed": "Speed",
    **{
        each.name: each.label
        for each in in_groups(DigitsSettings, "training", "structure", "optimizer", "regularization", "data", "stop")
    },
    "pad": "Drawing pad",
    "move": "Move, turn and scale",
    "centre": "Centre and scale as MNIST does",
    "shift_map": "Accuracy by shift",
    "confusion": "Confusion",
    "layer": "Inside the networks",
    "units": "Editing and switching off units",
    "readouts": "Read-outs of layers",
    "log_scales": "Log epochs, log loss",
    "timeline": "Timeline",
    "compare": "Compare",
    "take_home": "Take home",
    "share": "Share",
}
"""Names and labels, in the order of the page."""
