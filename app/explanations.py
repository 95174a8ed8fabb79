"""What each control of the page is and when to change it, in 200 characters; parts of the lecture stand in quotes."""

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
    "lessons": "Experiments in the order of the lecture, one click each. A lesson replaces the experiment on the page.",
    "share": "Gives a link to this experiment, with the trained weights if you like, and opens links of others.",
    "help": "Lists the keys. Key: ?",
}

_TRAINING = {
    "activation": (
        "The function that each hidden neuron applies to its weighted sum. Tanh suits small networks, ReLU deep ones. "
        "Lecture: “Neural Networks”."
    ),
    "loss": (
        "The error that training makes small. Cross-entropy suits classes; regression uses the squared error. "
        "Lecture: “Loss Function: Cross Entropy”."
    ),
    "learning_rate": (
        "The step size η. Raise it when the loss falls too slowly, lower it when the loss jumps or grows. "
        "Lecture: “Simple Gradient Descent”."
    ),
    "batch_size": (
        "How many points each update averages over. Small batches are quick and noisy, large ones smooth. "
        "Lecture: “Stochastic Gradient Descent”."
    ),
    "regularization": (
        "A penalty on large weights, against overfitting. L1 sets weights to exactly 0, L2 keeps them small. "
        "It needs a rate above 0."
    ),
    "regularization_rate": (
        "How strong the penalty on large weights is. Raise it when the test loss is far above the training loss."
    ),
    "method": (
        "How a gradient becomes an update. Gradient descent is the one of the lecture; Adam adapts each weight's step "
        "and is often faster. Lecture: “Gradient Descent”."
    ),
    "more": "Structure, optimizer, regularization and when to stop. Most experiments leave these alone.",
}

_STRUCTURE = {
    "initialization": (
        "Initialization: how the first weights are drawn. Deep networks need Xavier with tanh, He with ReLU. "
        "Lecture: “Recent Development” (Xavier)."
    ),
    "connections": (
        "Links past a layer. Residual adds a layer's input to its output; dense passes on all earlier outputs. "
        "For deep networks. Lecture: “Recent Development”."
    ),
    "batch_norm": (
        "Brings each hidden neuron's sums to mean 0 and variance 1 within a batch. Use it in deep networks. "
        "Lecture: “Recent Development”."
    ),
    "layer_settings": "The activation of this layer alone, and a switch for the whole layer.",
    "layer_activation": "The activation of this layer alone. “As all layers” follows the setting above.",
    "layer_off": (
        "Outputs 0 from this layer and keeps its weights. Shows what it contributes. Only residual or dense skip "
        "links lead around it."
    ),
    "layer_remove": "Removes this layer with its weights. The other layers keep theirs.",
    "lesions": "Outputs 0 from this neuron and keeps its weights. Shows what the network needs it for. Key: x.",
    "hidden": (
        "Adds or removes a hidden layer; the other weights stay. Lecture: “Neural Networks with 1 Hidden Layer”."
    ),
    "neurons": "Adds or removes a neuron of this layer; the other weights stay.",
    "weights": "Weights and bias of the neuron that you point at or have pinned. Type a number to change it.",
}

_OPTIMIZER = {
    "momentum": (
        "How much of the past updates goes into the next one. Raise it to speed up slow training, lower it when the "
        "loss swings up and down."
    ),
    "schedule": "How the learning rate changes with the epoch. Large steps first and small ones later often end lower.",
    "schedule_epochs": "How many epochs the schedule takes. After them the learning rate stays.",
    "clip": "The greatest length of a step's gradient. Set it to 1, for example, when training diverges.",
    "order": (
        "The order in which the points fall into batches. Shuffle when batches are small or batch norm is on. "
        "Lecture: “Stochastic Gradient Descent”."
    ),
}

_REGULARIZATION = {
    "weight_decay": "Makes every weight a little smaller at each step. Raise it when the network overfits.",
    "dropout": "Leaves out a random share of hidden values at each training step. Try it against overfitting.",
}

_STOP = {
    "stop_epochs": "Stops training at this epoch. Use it to compare runs of the same length.",
    "stop_loss": "Stops training when the loss has fallen to this value.",
    "stop_accuracy": "Stops training when so many points are classified correctly.",
    "stop_plateau": (
        "Stops when the loss has not improved for so many epochs: early stopping. "
        "Afterwards you can go back to the best epoch."
    ),
    "stop_set": "Which loss and accuracy the stop conditions watch. Only the test loss shows overfitting.",
}

_DATA = {
    "problem": "Classification separates points by colour; regression predicts a number at every place.",
    "dataset": (
        "The points to learn; a new choice starts over. One line separates Gaussian; XOR needs a hidden layer; Spiral "
        "is hardest. Lecture: “XOR Problem”, “2-D Spiral Problem”."
    ),
    "classes": (
        "How many classes the points have. More than two get one output each, with softmax. "
        "Lecture: “NN as Nonlinear Classifier”."
    ),
    "train_share": (
        "The share of points to train with; the others only test. Few training points make overfitting likely. "
        "A change starts over."
    ),
    "noise": (
        "How far points are moved at random; where a border divides the plane, they stay and only their class is drawn "
        "from the moved place. With much noise the classes overlap. A change starts over."
    ),
    "regenerate_data": "Draws other points and first weights, and starts over at epoch 0.",
    "x": "The horizontal position of a point, as an input of the network.",
    "y": "The vertical position of a point, as an input of the network.",
    "xSquared": "The square of X1, as an input. With X2 squared, one neuron alone can draw a circle.",
    "ySquared": "The square of X2, as an input. With X1 squared, one neuron alone can draw a circle.",
    "xTimesY": "The product of X1 and X2, as an input. With it, one neuron alone can do XOR.",
    "sinX": "The sine of X1, as an input. Waves help with the spiral.",
    "sinY": "The sine of X2, as an input. Waves help with the spiral.",
}

_PICTURE = {
    "show_test": "Draws the test points too, as rings. The network never trains with them.",
    "discretize": "Shows only which class the network predicts, not how sure it is.",
    "gradients": (
        "Shows below each layer the size of its gradient and of a step, and how many neurons no longer react. "
        "Look here when a deep network does not learn."
    ),
    "errors": "Puts a cross on each point that the network classifies wrongly, and counts them.",
    "log_scales": "Logarithmic axes of the loss chart.",
    "scores": "Accuracy, precision, recall and confusion, or R² and RMSE, of both sets of points.",
    "log_epoch": "Stretches the first epochs, in which most happens.",
    "log_loss": "Stretches small losses, so that progress near 0 can be seen.",
    "include_weights": "Puts the trained weights into the link. Without them the link starts at epoch 0.",
    "hide_unused": "The link hides the inputs that are switched off now.",
    "hide_text": "The link hides the title, the explanations and the Lessons button.",
}

EXPLANATIONS: dict[str, str] = {
    **_RUN, **_TRAINING, **_STRUCTURE, **_OPTIMIZER, **_REGULARIZATION, **_STOP, **_DATA, **_PICTURE,
}  # fmt: skip
