"""The controls of the page by name, as links hide them: those of the settings, and the page's own."""

from engine.choices import in_groups
from engine.labs.adversarial.settings import AdversarialSettings

CONTROLS: dict[str, str] = {
    "play": "Play",
    "step": "Step",
    "reset": "Reset",
    "new_seed": "New seed",
    "undo": "Undo and redo",
    "speed": "Speed",
    **{
        each.name: each.label
        for each in in_groups(
            AdversarialSettings, "training", "structure", "optimizer", "regularization", "data", "stop"
        )
    },
    "draw": "Own drawing",
    "networks": "Layers and units",
    "field": "Discriminator's field",
    "arrows": "Arrows of fakes",
    "bent_grid": "Bent noise grid",
    "best": "Best discriminator",
    "seeds": "Sixteen seeds",
    "log_scales": "Log rounds, log loss",
    "timeline": "Timeline",
    "compare": "Compare",
    "take_home": "Take home",
    "share": "Share",
}
"""Names and labels, in the order of the page."""
