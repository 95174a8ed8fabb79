"""The controls of the page by name, as links hide them: those of the settings, and the page's own."""

from engine.choices import in_groups
from engine.labs.autoencoder.settings import AutoencoderSettings

CONTROLS: dict[str, str] = {
    "play": "Play",
    "step": "Step",
    "reset": "Reset",
    "new_weights": "New weights",
    "undo": "Undo and redo",
    "speed": "Speed",
    **{
        each.name: each.label
        for each in in_groups(
            AutoencoderSettings, "training", "structure", "optimizer", "regularization", "data", "stop"
        )
    },
    "presets": "Stacks to begin with",
    "planes": "Code plane and PCA’s",
    "axes": "Numbers that the planes show",
    "decode": "Decoding a place of the code",
    "log_scales": "Log epochs, log loss",
    "timeline": "Timeline",
    "compare": "Compare",
    "take_home": "Take home",
    "share": "Share",
}
"""Names and labels, in the order of the page."""
