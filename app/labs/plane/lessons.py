"""Experiments in the order of the lecture: each has a link and a text that says what to look for.

`tests/app/test_lessons.py` trains them all, as long as a visitor watches, and checks what the texts claim.
"""

from app.labs.lesson import Chapter, Lesson

_TWENTY = ",".join(["8"] * 20)
_TEN = ",".join(["8"] * 10)
_DEEP = f"hidden={_TWENTY}&loss=cross-entropy&batch_size=30&order=shuffle&gradients=true&speed=100"
_NOISY = "dataset=xor&noise=50&train_share=20&hidden=16,16&loss=cross-entropy&learning_rate=0.003&show_test=true"
_RECENT = "Recent Development in Deep Learning"

CHAPTERS = (
    Chapter(
        "One neuron",
        (
            Lesson(
                "perceptron-line",
                "A perceptron draws one line",
                "dataset=gauss&hidden=&loss=cross-entropy&learning_rate=0.001&speed=5",
                "Every point starts on the wrong side. The two weights turn the line, the bias shifts it, and after "
                "20 epochs nearly all points are right. Edit weights and bias below the network.",
                "Capability of Perceptrons",
            ),
            Lesson(
                "line-by-hand",
                "Turn the line yourself",
                "dataset=gauss&hidden=&loss=cross-entropy&learning_rate=0.01",
                "Every point is on the wrong side. Take the filled grip on the line and turn it by half a circle: now all "
                "are right, and nothing was trained. Watch the loss while you turn, and the weights below the network.",
                "Capability of Perceptrons",
            ),
            Lesson(
                "perceptron-xor",
                "A perceptron cannot do XOR",
                "dataset=xor&hidden=&loss=cross-entropy&errors=true",
                "One line cannot separate opposite corners: at least one point in three stays wrong, however long you "
                "train. Add a hidden layer and play again.",
                "XOR Problem",
            ),
            Lesson(
                "right-input",
                "The right input makes it easy",
                "dataset=xor&hidden=&inputs=xTimesY&loss=cross-entropy&draw=2&learning_rate=0.0003&speed=5",
                "Given X1 times X2 as its only input, the same neuron solves XOR within 20 epochs. "
                "A hidden layer learns such features by itself.",
            ),
        ),
    ),
    Chapter(
        "Hidden layers",
        (
            Lesson(
                "hidden-lines",
                "Each hidden neuron draws a line",
                "hidden=4&activation=relu&loss=cross-entropy&seed=34&speed=30",
                "Each of the four small pictures shows one line. Together they make a box around the blue points. "
                "Point at a neuron to see its line in the large picture.",
                "Neural Networks with 1 Hidden Layer",
            ),
            Lesson(
                "bent-plane",
                "A layer bends the plane",
                "hidden=4,2&space=2-1-2&speed=60",
                "No straight line in the inputs tells more than two points in three (x, above the picture). After 300 "
                "epochs one behind layer 2 tells them all: the layers have bent the plane. Move the slider to see how.",
                "NN as Nonlinear Classifier",
            ),
            Lesson(
                "spiral-shallow",
                "The spiral, shallow",
                "dataset=spiral&hidden=4&errors=true",
                "Four neurons in one layer draw four lines. That is not enough for two arms: more than a quarter of "
                "the points stay on the wrong side, however long you train.",
                "2-D Spiral Problem",
            ),
            Lesson(
                "spiral-deep",
                "The spiral, deeper",
                "dataset=spiral&hidden=8,8,8,8&learning_rate=0.01",
                "Four layers of eight neurons. Each layer combines the shapes of the layer before, from lines to arms: "
                "after 10,000 epochs more than nine points in ten are right.",
                "2-D Spiral Problem",
            ),
            Lesson(
                "softmax",
                "Softmax: more than two classes",
                "dataset=spiral&classes=4&hidden=16,16&activation=relu&method=adam&learning_rate=0.003&speed=30",
                "One output for each arm. Softmax turns the four outputs into probabilities, and cross-entropy pulls "
                "that of the right class towards 1. After 300 epochs more than 19 points in 20 are right.",
                "Loss Function: Categorical Cross-Entropy",
            ),
            Lesson(
                "xor-by-hand",
                "XOR by hand: the book’s weights",
                "dataset=reg-logic-xor&hidden=2&activation=relu"
                "&epoch=0&weights=AACAPwAAgD8AAAAAAACAPwAAgD8AAIC_AACAPwAAAMAAAAAA",
                "The weights of the Deep Learning book, section 6.1. One hidden neuron adds the inputs, the other adds them and "
                "subtracts 1; the output takes the first minus twice the second, and the loss is 0. Press Reset, then Play: "
                "does gradient descent find them?",
            ),
        ),
    ),
    Chapter(
        "Gradient descent",
        (
            Lesson(
                "small-steps",
                "Small steps",
                "learning_rate=0.0001&speed=30",
                "The loss falls very slowly: from 0.502 to 0.497 in 300 epochs, which take ten seconds here. "
                "Choose a learning rate of 0.03 and press Reset: the loss is below 0.1 after about 60 epochs.",
                "Simple Gradient Descent",
            ),
            Lesson(
                "large-steps",
                "Steps too large",
                "dataset=reg-plane&hidden=&learning_rate=0.3&batch_size=all&speed=5&log_loss=true&log_epoch=false",
                "Each step jumps across the valley and lands higher on the other side: the loss grows with every epoch "
                "until the numbers overflow, after about nine seconds. With 0.1 it falls.",
                "Simple Gradient Descent",
            ),
            Lesson(
                "one-valley",
                "One neuron, one valley",
                "dataset=gauss&hidden=&loss=cross-entropy&learning_rate=0.03&surface=weights,0,1",
                "The loss over the two weights of a single neuron is one valley: cross-entropy is convex. Click far up in "
                "the map: seven methods start there, and all of them go down into it, AdaGrad last.",
                "Gradient Descent",
            ),
            Lesson(
                "one-point",
                "One point at a time",
                "dataset=xor&noise=25&batch_size=1&learning_rate=0.1&speed=30&log_epoch=false",
                "Stochastic gradient descent: every point pulls its own way, so the loss jumps up and down. "
                "Choose “All points” as batch size and press Reset: the loss falls smoothly.",
                "Stochastic Gradient Descent",
            ),
            Lesson(
                "adam",
                "Adam: a method with a memory",
                "dataset=spiral&hidden=8,8&method=adam&learning_rate=0.01&speed=30",
                "Adam remembers a mean of past gradients and of their squares. After 300 epochs its training loss is "
                "below 0.2; with “Gradient descent” as method it is still above 0.4. Try it.",
            ),
        ),
    ),
    Chapter(
        "A step, number by number",
        (
            Lesson(
                "forward-by-hand",
                "Forward: from the point to the loss",
                "hidden=3&activation=sigmoid&loss=cross-entropy&explain=1",
                "Training point 1 is orange, so its target is 0. Click on a neuron for its sum and its value; the "
                "arrows below the network go on to the loss. It is near ln 2 = 0.69: the network knows nothing yet.",
                "Forward Propagation in Neural Networks",
            ),
            Lesson(
                "backward-by-hand",
                "Backward: from the loss to the gradient",
                "dataset=xor&hidden=4&activation=sigmoid&loss=cross-entropy&explain=batch",
                "Go on to δ. In the output it is y − t, line by line as on the slide. In the hidden layer it is what "
                "comes back, times a slope of at most 0.25. Then take the step with “Apply”: the loss of its batch falls.",
                "Backpropagation for Training Multilayer Networks",
            ),
            Lesson(
                "adams-first-step",
                "Adam’s first step",
                "method=adam&explain=batch",
                "Go on to “step” and point at other neurons: their gradients differ a hundredfold, but each weight "
                "moves by the learning rate, 0.03. Adam divides the mean gradient by its own size.",
            ),
            Lesson(
                "chain-of-factors",
                "Why the gradient vanishes",
                f"hidden={_TEN}&activation=sigmoid&loss=cross-entropy&batch_size=30&order=shuffle&explain=batch",
                "Go on to “chain”. From layer to layer δ is multiplied by weights and by slopes below 0.25; ten layers "
                "leave less than a millionth. Choose ReLU and He’s first weights: more than a tenth is left.",
                _RECENT,
            ),
        ),
    ),
    Chapter(
        "Depth",
        (
            Lesson(
                "vanishing",
                "The gradient vanishes",
                f"{_DEEP}&activation=sigmoid&learning_rate=0.1",
                "Twenty sigmoid layers learn nothing: half of the points stay wrong. The bars below the layers show "
                "their gradients, which vanish on the way back from the output to the first layer.",
            ),
            Lesson(
                "relu-he",
                "ReLU and He’s first weights",
                f"{_DEEP}&activation=relu&initialization=he-normal&learning_rate=0.01",
                "ReLU has a slope of 1 where a neuron is on, and He’s first weights keep the size of the values from "
                "layer to layer. After 1,000 epochs nearly every point is right.",
                _RECENT,
            ),
            Lesson(
                "xavier",
                "Xavier’s first weights",
                f"{_DEEP}&activation=tanh&initialization=xavier-normal&learning_rate=0.003",
                "Xavier’s weights suit tanh: values do not vanish on the way forward, nor gradients on the way back. "
                "After 1,000 epochs nearly every point is right.",
                _RECENT,
            ),
            Lesson(
                "batch-norm",
                "Batch norm",
                f"{_DEEP}&activation=sigmoid&batch_norm=true&learning_rate=0.003",
                "The same twenty sigmoid layers, but each neuron’s sum is brought to mean 0 and variance 1 within the "
                "batch. Now they learn: within 1,000 epochs more than nine points in ten are right.",
                _RECENT,
            ),
            Lesson(
                "residual",
                "Residual links",
                f"{_DEEP}&activation=sigmoid&connections=residual&learning_rate=0.03",
                "Each layer adds to what it receives, so the gradient can go around every layer. "
                "After 1,000 epochs nearly every point is right.",
                _RECENT,
            ),
        ),
    ),
    Chapter(
        "Overfitting",
        (
            Lesson(
                "overfitting",
                "The test loss rises",
                f"{_NOISY}&method=adam&speed=100",
                "Few points, much noise, a large network. The training loss falls below 0.1 because the network fits "
                "the noise; the test loss is lowest near epoch 30 and then doubles.",
            ),
            Lesson(
                "weight-decay",
                "Weight decay",
                f"{_NOISY}&method=adamw&weight_decay=0.3&speed=100",
                "The same data and network, but large weights have a cost. The boundary stays smooth, and the test "
                "loss stays below 0.5.",
            ),
            Lesson(
                "early-stopping",
                "Stopping in time",
                f"{_NOISY}&method=adam&stop_plateau=100&speed=30",
                "The same again, but training stops by itself when the test loss has not improved for 100 epochs: "
                "after about four seconds, before the test loss has risen far.",
            ),
        ),
    ),
)

LESSONS = {lesson.slug: lesson for chapter in CHAPTERS for lesson in chapter.lessons}
SLUGS = frozenset(LESSONS)
