"""Explains each control of the page and when to change it; parts of the lecture stand in quotes.

A setting with a control of its own explains itself where it is declared, in engine/labs/adversarial/settings.py.
"""

from engine.labs.adversarial.settings import SETTINGS

_RUN = {
    "play": "Both networks learn against each other until you press Pause. Key: Space.",
    "step": "One round: all updates of D, then one of G. With Shift a single update. Keys: s, Shift-S.",
    "reset": "Goes back to round 0 and to the same first weights. Key: r.",
    "new_seed": "Goes back to round 0 with a new seed: other points, first weights, noise and batches.",
    "speed": "How many rounds to play in a second. Slow down to see how each chases the other.",
    "undo": "Takes the last change back, training included, or does it again. Keys: Ctrl+Z, Ctrl+Shift+Z.",
    "timeline": (
        "Shows the whole page as it was at any round, exactly; drag here or on the chart. Play, or a change, goes on "
        "from there, and Undo brings back what it left."
    ),
    "lessons": "Experiments in the order of the lecture, one click each. A lesson replaces the experiment on the page.",
    "compare": "Opens two copies of this game side by side: give each its own settings, and see what it does.",
    "take_home": "Gives both networks as code, or the moment as a file to open here again. Key: t.",
    "take_scale": "Pixels: at 1× a part of this page has as many as it has here.",
    "take_part": "Of this page, as you see it.",
    "share": "Gives a link to this experiment, with the trained weights if you like, and opens links of others.",
    "help": "Lists the keys. Key: ?",
}

_LOOKING = {
    "networks": "Adds and removes layers and units of the generator and the discriminator. A change starts over.",
    "draw": "Draw real points of your own in the picture, with the pointer, or by arrow keys and Enter.",
    "erase_drawing": "Takes the whole drawing away, and begins again with the ring.",
    "field": "How probable the discriminator takes real points to be: blue for real, orange for fake.",
    "arrows": "Where each fake would go to fool the discriminator best: minus the slope of the generator's loss.",
    "bent_grid": "What the generator makes of a grid of noise. Narrow cells hold many fakes, wide ones few.",
    "best": "p/(p + q): the best discriminator against these fakes, from the density of the real points.",
    "seeds": "Plays the present experiment with 16 seeds, a little between other turns. See how often it collapses.",
    "seed_rounds": "How many rounds each of the 16 seeds plays.",
    "more": "Activations, method, momentum, batch size, clipping and penalty, and when to stop.",
    "log_scales": "Logarithmic axes of the chart.",
    "log_epoch": "Stretches the first rounds.",
    "log_loss": "Stretches small losses. Losses below zero are not shown then.",
    "include_weights": "Puts the weights of both networks into the link. Without them the link begins at round 0.",
    "hide_text": "The link hides the title, the explanations and the Lessons button.",
}

_SETTINGS = {each.name: each.explanation for each in SETTINGS.values() if each.group}

EXPLANATIONS: dict[str, str] = {**_RUN, **_SETTINGS, **_LOOKING}
