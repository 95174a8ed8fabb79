"""Explains each control of the page and when to change it; parts of the lecture stand in quotes.

A setting with a control of its own explains itself where it is declared, in engine/labs/descent/settings.py.
"""

from engine.labs.descent.settings import SETTINGS

_RUN = {
    "play": "All take their steps until all have arrived or diverged. After that, Play begins again. Key: Space.",
    "step": "One step of each racer, then a pause. Key: s.",
    "reset": "Puts all racers back to the start. Key: r.",
    "new_points": "Draws other points of the same kind, and puts all racers back to the start.",
    "speed": "How many steps a second. Slow down to see each step, speed up where descent creeps.",
    "undo": "Takes the last change back, training included, or does it again. Keys: Ctrl+Z, Ctrl+Shift+Z.",
    "timeline": (
        "Shows the whole page as it was at any step, exactly; drag here or on the chart. Play, or a change, goes on "
        "from there, and Undo brings back what it left."
    ),
    "lessons": "Experiments in the order of the lecture, one click each. A lesson replaces the experiment on the page.",
    "compare": "Opens two copies of this race side by side: give each its own settings, and see what it does.",
    "share": "Gives a link to this experiment, with the places of the racers if you like, and opens links of others.",
    "help": "Lists the keys. Key: ?",
}

_LOOKING = {
    "start": "Where all racers begin. Click or drag in the picture, use the arrow keys there, or type numbers here.",
    "singles": "Thin lines: the error of each single point. Stochastic descent goes down one of them at a time.",
    "racer_rates": "The learning rate η of this racer alone. The learning rate above sets all of them again.",
    "more": "Momentum, schedules of the learning rate, the size of a mini-batch, and when to stop.",
    "log_scales": "Logarithmic axes of the chart.",
    "log_epoch": "Stretches the first steps.",
    "log_loss": "Stretches small errors. A straight line then is a fall by the same factor at each step.",
    "include_weights": "Puts the places of all racers into the link. Without them the link begins at the start.",
    "hide_text": "The link hides the title, the explanations and the Lessons button.",
}

_SETTINGS = {each.name: each.explanation for each in SETTINGS.values() if each.group}

EXPLANATIONS: dict[str, str] = {**_RUN, **_SETTINGS, **_LOOKING}
