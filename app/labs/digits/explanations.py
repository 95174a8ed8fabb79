"""Explains each control of the page and when to change it; parts of the lecture stand in quotes.

A setting with a control of its own explains itself where it is declared, in engine/labs/digits/settings.py.
"""

from engine.labs.digits.settings import SETTINGS

_RUN = {
    "play": "Trains both networks with the same digits until you press Pause. Key: Space.",
    "step": "Trains for one epoch, then pauses; with Shift for one mini-batch. Keys: s, Shift-S.",
    "reset": "Goes back to epoch 0 and to the same first weights. Key: r.",
    "new_weights": "Goes back to epoch 0 with a new seed: other first weights, another order of the digits.",
    "speed": "How many epochs to train in a second. Slow down to watch how the maps come about.",
    "undo": "Takes the last change back, training included, or does it again. Keys: Ctrl+Z, Ctrl+Shift+Z.",
    "timeline": (
        "Shows the whole page as it was at any epoch, exactly; drag here or on the chart. Play, or a change, goes on "
        "from there, and Undo brings back what it left."
    ),
    "lessons": "Experiments in the order of the lecture, one click each. A lesson replaces the experiment on the page.",
    "compare": "Opens two copies of this run side by side: give each its own settings, and see what it does.",
    "take_home": "Gives both networks as code, as a model for other programs, or as a file to open here again. Key: t.",
    "take_scale": "Pixels: at 1× a part of this page has as many as it has here.",
    "take_part": "Of this page, as you see it.",
    "share": "Gives a link to this experiment, with the trained weights if you like, and opens links of others.",
    "help": "Lists the keys. Key: ?",
}

_LOOKING = {
    "pad": "Draw a digit, or choose one of the test digits. Both networks answer at once.",
    "move": "Drag the digit about, turn it and scale it. See when each network stops reading it. Lecture: “Why CNN?”.",
    "next_misread": "The next test digit that one of the networks misreads. Key on the pad: m.",
    "classes": "The next test digit of this class. Keys on the pad: 0 to 9.",
    "centre": "Scales the digit on the pad to 20 pixels and puts its centre of mass in the middle, as MNIST's were.",
    "shift_map": "The accuracy on test digits that are moved by up to six pixels. Click a cell for misread digits.",
    "confusion": "How many test digits of each kind are taken for which. Numbers off the diagonal are mistakes.",
    "inside": "Which network you look into. A plain unit has a weight for each pixel, so its weights are a picture.",
    "layer": "Sums and values of this layer for the digit at hand. Lecture: “Feature Maps”.",
    "units": "Edits, switches off and restores units and filters while the networks learn.",
    "readouts": "How well a linear read-out of each layer tells digits. It is fitted anew while the networks learn.",
    "log_scales": "Logarithmic axes of the loss chart.",
    "log_epoch": "Stretches the first epochs, in which the loss changes most.",
    "log_loss": "Stretches small losses, so that progress near 0 can be seen.",
    "include_weights": "Puts the trained weights into the link. Without them the link starts at epoch 0.",
    "hide_text": "The link hides the title, the explanations and the Lessons button.",
}

_SETTINGS = {each.name: each.explanation for each in SETTINGS.values() if each.group}

EXPLANATIONS: dict[str, str] = {**_RUN, **_LOOKING, **_SETTINGS}
