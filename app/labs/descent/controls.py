"""The controls of the page by name, as links hide them: those of the settings, and the page's own."""

from engine.choices import in_groups
from engine.labs.descent.settings import DescentSettings

CONTROLS: dict[str, str] = {
    "play": "Play",
    "step": "Step",
    "reset": "Reset",
    "new_points": "New points",
    "undo": "Undo and redo",
    "speed": "Speed",
    **{each.name: each.label for each in in_groups(DescentSettings, "training", "optimizer", "data", "stop")},
    "start": "Choosing the start",
    "singles": "Errors of single points",
    "racer_rates": "Learning rate of each racer",
    "log_scales": "Log steps, log error",
    "timeline": "Timeline",
    "compare": "Compare",
    "share": "Share",
}
"""Names and labels, in the order of the page."""
