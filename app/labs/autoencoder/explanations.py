"""Explains each control of the page and when to change it; parts of the lecture stand in quotes.

A setting with a control of its own explains itself where it is declared, in engine/labs/autoencoder/settings.py.
"""

from engine.labs.autoencoder.settings import SETTINGS

_RUN = {
    "play": "Trains encoder and decoder together until you press Pause. Key: Space.",
    "step": "Trains for one epoch, then pauses; with Shift for one mini-batch. Keys: s, Shift-S.",
    "reset": "Goes back to epoch 0 and to the same first weights. Key: r.",
    "new_weights": "Goes back to epoch 0 with a new seed: other first weights, another order, other points.",
    "speed": "How many epochs to train in a second. Slow down to watch how the code plane unfolds.",
    "undo": "Takes the last change back, training included, or does it again. Keys: Ctrl+Z, Ctrl+Shift+Z.",
    "timeline": (
        "Shows the whole page as it was at any epoch, exactly, of stacks small enough to be kept. Play, or a change, "
        "goes on from there."
    ),
    "lessons": "Experiments in the order of the lecture, one click each. A lesson replaces the experiment on the page.",
    "compare": "Opens two copies of this stack side by side: give each its own settings, and see what it does.",
    "take_home": "Gives encoder and decoder as code, or as a file to open here again. Key: t.",
    "take_scale": "Pixels: at 1× a part of this page has as many as it has here.",
    "take_part": "Of this page, as you see it.",
    "share": "Gives a link to this experiment, with the trained weights if you like, and opens links of others.",
    "help": "Lists the keys. Key: ?",
}

_LOOKING = {
    "presets": "Examples and layers that go well together, among them the lecture’s 784-1000-500-250-2.",
    "planes": "Each test example where encoder and PCA put it. Point at one to see it and both reconstructions.",
    "axes": "Which numbers of a longer code the planes show, across and up.",
    "across": "The number of the code that goes across.",
    "up": "The number of the code that goes up.",
    "tint": "Colours the faces by what is true of each, from least to most.",
    "decode": "Drag in a plane, or move a slider: the decoder makes an example of these numbers, at once.",
    "log_scales": "Logarithmic axes of the loss chart.",
    "log_epoch": "Stretches the first epochs, in which the error changes most.",
    "log_loss": "Stretches small errors, so that progress near 0 can be seen.",
    "include_weights": "Puts the trained weights into the link. Without them the link starts at epoch 0.",
    "hide_text": "The link hides the title, the explanations and the Lessons button.",
}

_SETTINGS = {each.name: each.explanation for each in SETTINGS.values() if each.group}

EXPLANATIONS: dict[str, str] = {**_RUN, **_LOOKING, **_SETTINGS}
