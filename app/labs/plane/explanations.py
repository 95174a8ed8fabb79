"""Explains each control of the page and when to change it, in 200 characters; parts of the lecture stand in quotes.

A setting with a control of its own explains itself where it is declared, in engine/labs/plane/settings.py.
"""

from engine.labs.plane.settings import SETTINGS

_RUN = {
    "play": "Trains the network until you press Pause. Key: Space.",
    "step": (
        "Trains for one epoch, then pauses; with Shift for one mini-batch. Use it to watch single changes. "
        "Keys: s, Shift-S."
    ),
    "reset": "Goes back to epoch 0 and to the same first weights. Key: r.",
    "new_weights": (
        "Goes back to epoch 0 with other random first weights; the data stay. Try it when training gets stuck. "
        "Lecture: “Training of DNN”."
    ),
    "speed": "How many epochs to train in a second. Slow down to watch how the decision boundary moves.",
    "undo": "Takes the last change back, training included, or does it again. Keys: Ctrl+Z, Ctrl+Shift+Z.",
    "timeline": (
        "Shows the whole page as it was at any epoch, exactly; drag here or on the chart. Play, or a change, goes on "
        "from there, and Undo brings back what it left."
    ),
    "lessons": "Experiments in the order of the lecture, one click each. A lesson replaces the experiment on the page.",
    "share": "Gives a link to this experiment, with the trained weights if you like, and opens links of others.",
    "help": "Lists the keys. Key: ?",
}

_NETWORK = {
    "more": "Structure, optimizer, regularization and when to stop. Most experiments leave these alone.",
    "layer_settings": "The activation of this layer alone, and a switch for the whole layer.",
    "layer_activation": "The activation of this layer alone. “As all layers” follows the setting above.",
    "layer_off": (
        "Outputs 0 from this layer and keeps its weights. Try it to see what the layer contributes. Only residual or "
        "dense skip links lead around it."
    ),
    "layer_remove": "Removes this layer with its weights. The other layers keep theirs.",
    "lesions": "Outputs 0 from this neuron and keeps its weights. Try it to see what the neuron contributes. Key: x.",
    "hidden": (
        "Adds or removes a hidden layer; the other weights stay. Lecture: “Neural Networks with 1 Hidden Layer”."
    ),
    "neurons": "Adds or removes a neuron of this layer; the other weights stay.",
    "weights": "Weights and bias of the neuron that you point at or have pinned. Type a number to change it.",
}

_DATA = {
    "problem": "Classification separates points by colour; regression predicts a number at every place.",
    "own_data": (
        "Reads a table of yours: a file, a pasted range, JSON. Shows it before its points are learned. A file can be "
        "dropped anywhere on the page."
    ),
    "table_role": "What this column is for: an axis, or what is learned. The column that had this role gets the other.",
    "table_targets": "Classes have colours of their own; of values the network learns the number.",
    "table_scaling": (
        "Brings the numbers into the picture: with one factor for both axes, or one for each. “As it is” changes none."
    ),
    "table_loss": "Cross-entropy suits classes, above all if few points are of one. Untick it to keep the loss.",
    "formula": (
        "Labels points by a formula that you type: y > sin(x), or a condition for each class in its own line, or "
        "z = x*y for a regression. They replace the points that are there."
    ),
    "formula_count": "How many points are drawn, all over the plane. A network overfits few points more easily.",
    "regenerate_data": (
        "Draws other points and first weights, and starts over at epoch 0. "
        "Of own points it chooses other ones to test with."
    ),
    "x": "The horizontal position of a point, as an input of the network.",
    "y": "The vertical position of a point, as an input of the network.",
    "xSquared": "The square of X1, as an input. With X2 squared, one neuron alone can draw a circle.",
    "ySquared": "The square of X2, as an input. With X1 squared, one neuron alone can draw a circle.",
    "xTimesY": "The product of X1 and X2, as an input. With it, one neuron alone can do XOR.",
    "sinX": "The sine of X1, as an input. Waves help with the spiral.",
    "sinY": "The sine of X2, as an input. Waves help with the spiral.",
    "own": "A formula of yours as one more input, such as sin(x*y). + types it; the box switches it on and off.",
}

_PICTURE = {
    "show_test": "Draws the test points too, as rings. The network never trains with them.",
    "discretize": "Shows only which class the network predicts, not how sure it is.",
    "gradients": (
        "Shows below each layer the size of its gradient and of a step, and its dead neurons and saturated values. "
        "Look here when a deep network does not learn."
    ),
    "explain": (
        "Goes through a training step with the network’s own numbers: forward, loss, backward, update. Key: e. "
        "Lecture: “Backpropagation for Training Multilayer Networks”."
    ),
    "explain_lecture": "Sets what the slides derive: sigmoid neurons and cross-entropy, where δ is y − t.",
    "explain_check": (
        "Puts the central difference of the loss beside each gradient: both must agree in six or seven digits."
    ),
    "explain_apply": "Takes the step that is shown. Only the next batch is a step of the run; one point alone is not.",
    "surface": (
        "Draws the training loss over two weights or directions while the network learns, its path, and a race of the "
        "methods. Key: u. Lecture: “Gradient Descent”."
    ),
    "space": (
        "Shows the points and the grid of the plane as a layer sees them: bent until a straight line separates the "
        "classes. Key: p. Lecture: “Neural Networks with 1 Hidden Layer”."
    ),
    "errors": "Puts a cross on each point that the network classifies wrongly, and counts them.",
    "relief": (
        "Lifts the picture to a surface: the height is the output, or how sure it is of a class. A drag or arrow keys "
        "turn it. Points lie at their targets, so the distance to the surface is the error. Key: 3."
    ),
    "surface_relief": (
        "Shows the map of the loss as a surface, on the scale of its colours. A drag or arrow keys turn it. The path "
        "is at its true losses, so it leaves the surface where other weights have moved too."
    ),
    "draw": (
        "Draws your own points into the picture, while training goes on: with mouse, pen, finger or keys. A drawn set "
        "becomes your own. Key: d."
    ),
    "draw_tools": (
        "Brush and spray scatter points within the circle, Point puts one. The eraser takes them away (key: e); Move "
        "drags one."
    ),
    "draw_value": "What the network is to say at new points. The colour is that of the picture.",
    "draw_radius": "Of the circle in which brush and spray scatter points, and of the eraser. Keys: [ and ].",
    "draw_clear": "Empties the board and pauses. The first stroke then begins a new set of points at epoch 0.",
    "space_axes": "The neurons whose values are the axes. The principal plane shows what differs most between points.",
    "space_way": "Goes from what the layer reads over W x and + b to what the layer says.",
    "log_scales": "Logarithmic axes of the loss chart.",
    "scores": "Accuracy, precision, recall and confusion matrix, or R² and RMSE, for training and test points.",
    "log_epoch": "Stretches the first epochs, in which the loss changes most.",
    "log_loss": "Stretches small losses, so that progress near 0 can be seen.",
    "compare": "Opens two copies of this run side by side: give each its own settings, and see what it does.",
    "take_home": "Gives you the experiment as code, as a file that opens here again, or as a picture. Key: t.",
    "take_theme": "Of the network and the field. Transparent ones have no ground and fit any light paper or slide.",
    "take_scale": "Pixels: at 1× the field has 480 a side, and a part of this page as many as it has here.",
    "take_of": "What the decision field shows: what the network says, or the neuron that is looked at. Pin one first.",
    "take_points": "Draws the training points over the field.",
    "take_tests": "Draws the test points over the field too, as rings.",
    "take_axes": "Draws axes with their numbers around the field.",
    "take_discretize": "Shows only which side the network decides for, not how sure it is.",
    "take_show": "What a frame has: the boundary with its points, the losses up to then, each neuron’s picture.",
    "take_seconds": "Of the whole film; its last frame stays. Epochs are one apart at first, then more and more.",
    "take_size": "Pixels a side of the boundary. Twice as many make the file some three times as large.",
    "take_part": "Of this page, as you see it. Open a panel first to have its picture here.",
    "include_weights": "Puts the trained weights into the link. Without them the link starts at epoch 0.",
    "hide_unused": "The link hides the inputs that are switched off now.",
    "hide_text": "The link hides the title, the explanations and the Lessons button.",
}

_SETTINGS = {each.name: each.explanation for each in SETTINGS.values() if each.group}

EXPLANATIONS: dict[str, str] = {**_RUN, **_NETWORK, **_DATA, **_PICTURE, **_SETTINGS}
