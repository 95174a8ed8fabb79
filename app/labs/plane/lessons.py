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
                "perceptron-surface",
                "An S above the plane",
                "dataset=gauss&hidden=&loss=cross-entropy&learning_rate=0.01&relief=true&speed=5",
                "Height is the neuron’s answer. w₁x₁ + w₂x₂ + b is a tilted plane; the activation bends it into an S, "
                "flat far from the line. Drag to look around, then press Play: the S turns to fit the points.",
                "Geometric Interpretation of Perceptrons",
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
                "sum-bias-function",
                "W x, plus b, then f",
                "dataset=xor&hidden=2&space=1-1-2",
                "Press ▶ above the slider. W x turns, stretches and shears the grid, + b shifts it: straight lines "
                "stay straight. Only the activation bends them, and it keeps all within −1 and 1.",
                "Forward Propagation in Neural Networks",
            ),
            Lesson(
                "third-axis",
                "A third neuron, a third axis",
                "hidden=3&space=1-1-2-3&speed=60",
                "No line separates a disc from the ring around it. Three neurons bend the plane into a sheet in three "
                "dimensions. Play for 300 epochs: now a flat plane has every training point on its side. Drag to turn "
                "it.",
                "NN as Nonlinear Classifier",
            ),
            Lesson(
                "bent-plane",
                "A layer bends the plane",
                "hidden=4,2&space=2-1-2&speed=60",
                "No straight line in the inputs has more than two points in three on their side (x, above the picture). "
                "After 300 epochs one behind layer 2 has them all: the layers have bent the plane. Move the slider to see "
                "how.",
                "NN as Nonlinear Classifier",
            ),
            Lesson(
                "principal-plane",
                "Eight axes on a flat screen",
                "hidden=8,8,8&space=3-plane&speed=60",
                "Layer 3 has eight neurons, so eight axes. The screen shows the two directions in which the points "
                "vary most. Play for 300 epochs: they hold more than 95 % of the variance, and the classes lie apart.",
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
                "one-weight",
                "The slope of one weight",
                "dataset=gauss&hidden=&loss=cross-entropy&learning_rate=0.3&batch_size=all&surface=weight,0",
                "Across: one weight; up: the loss, while all other weights stand still. The tangent’s slope is −1.40, "
                "and η is 0.3, so the step leads from −0.10 to 0.32. Press Step and see it there. Thin curves: single "
                "points.",
                "Simple Gradient Descent",
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
                "mean-of-a-batch",
                "A mini-batch is a mean",
                "dataset=xor&noise=25&batch_size=30&explain=batch&phase=gradient",
                "“This point” is the gradient of one point, “Mean of 30” that of the mini-batch; the step goes by the "
                "mean. Type other numbers for the point: for each weight more than a third of them pull the other "
                "way.",
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
        "The loss surface",
        (
            Lesson(
                "one-valley",
                "One neuron, one valley",
                "dataset=gauss&hidden=&loss=cross-entropy&learning_rate=0.03&surface=weights,0,1",
                "The loss over the two weights of a single neuron is one valley: cross-entropy is convex. Click far up in "
                "the map: seven methods start there, and all of them go down into it, AdaGrad last.",
                "Simple Gradient Descent",
            ),
            Lesson(
                "two-valleys",
                "One neuron behind another, two valleys",
                "dataset=gauss&noise=80&hidden=1&surface=weights,1,3",
                "Up is the weight behind the hidden neuron. Both weights above 0 is one valley, both below 0 another, and "
                "deeper. Click far to the top right, then to the bottom left: all seven methods stay on their side.",
                "Simple Gradient Descent",
            ),
            Lesson(
                "down-the-gradient",
                "Steepest is not farthest",
                "dataset=xor&surface=gradient",
                "To the right it goes straight down the gradient. The loss falls a little, then climbs higher than it "
                "began: a gradient tells only the way here, so steps must be small. Up, at right angles, nothing "
                "falls at first.",
                "Simple Gradient Descent",
            ),
            Lesson(
                "path-in-a-plane",
                "A path in 105 dimensions",
                "dataset=spiral&hidden=8,8&surface=path&speed=30",
                "The network has 105 weights and biases, so a path through 105 dimensions. Press Play: the two "
                "directions that hold the most of it hold more than 98 %, as the panel says. Colours are the true "
                "losses.",
                "Training of DNN",
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
                "loss-of-a-point",
                "What the loss says of one point",
                "dataset=gauss&hidden=&loss=cross-entropy&learning_rate=0.001&explain=1&phase=loss&speed=5",
                "E = −ln of the probability that the neuron gives the right class. It gives point 1 less than a half, "
                "so E is above ln 2 = 0.69. After 20 epochs of Play y is on the right side, and E below 0.4.",
                "Loss Function: Binary Cross Entropy",
            ),
            Lesson(
                "softmax-by-hand",
                "Softmax, number by number",
                "dataset=spiral&classes=3&hidden=4&explain=1&phase=loss",
                "Three outputs that add up to 1. Only the right class counts: E = −ln y. Go on to δ and point at the "
                "three outputs: it is y − t for each, and the three add up to 0.",
                "Loss Function: Categorical Cross-Entropy",
            ),
            Lesson(
                "backward-by-hand",
                "Backward: from the loss to the gradient",
                "dataset=xor&hidden=4&activation=sigmoid&loss=cross-entropy&explain=batch&phase=back-2",
                "In the output δ is y − t, line by line as on the slide. Go on: in the hidden layer it is what comes "
                "back, times a slope of at most 0.25. Then take the step with “Apply”: the loss of its batch falls.",
                "Gradient of Cross-Entropy Loss",
            ),
            Lesson(
                "hidden-delta",
                "δ of a hidden neuron",
                "dataset=xor&hidden=3&activation=sigmoid&loss=cross-entropy&explain=1&phase=back-1",
                "The slide’s (y − t) w o (1 − o) with numbers: y − t comes back through one weight and meets the "
                "slope of the neuron. Point at the other two: y − t is the same, only w and o differ.",
                "Gradient of Cross-Entropy Loss",
            ),
            Lesson(
                "sure-and-wrong",
                "Sure and wrong",
                "dataset=gauss&hidden=&inputs=x,y,xTimesY&initialization=large&errors=true&explain=2&phase=back-1&speed=30",
                "Large first weights: the neuron is sure of itself, and wrong about nearly half of the points. Its "
                "slope is almost 0, so is δ, and 300 epochs change nothing. Choose cross-entropy: δ is y − t, and 30 "
                "epochs are enough.",
                "Gradient of Cross-Entropy Loss",
            ),
            Lesson(
                "gradient-check",
                "Is that the gradient?",
                "hidden=3&activation=sigmoid&loss=cross-entropy&explain=batch&phase=gradient",
                "Backpropagation says these slopes. Tick “Check by central differences”: the loss a little right and "
                "left of each weight gives the same ones, to four digits or more. Point at other neurons, too.",
                "Backpropagation for Training Multilayer Networks",
            ),
            Lesson(
                "update-by-hand",
                "The slide’s update",
                "hidden=3&activation=sigmoid&loss=cross-entropy&batch_size=1&learning_rate=0.3&explain=batch&phase=update",
                "One point a step, as on the slide: w ← w − η (y − t) o. Click a row of the table to see it with its "
                "numbers. “Apply” takes the step, and the next one is about the next point.",
                "Gradient of Cross-Entropy Loss",
            ),
            Lesson(
                "momentum-adds-up",
                "Momentum adds up",
                "method=momentum&batch_size=all&learning_rate=0.0001&explain=batch&phase=update",
                "v keeps nine tenths of itself and adds the gradient. In the first step both are the same. Press "
                "“Apply” ten times: the gradient has hardly changed, but v is 6.5 times as large, and so are the "
                "steps.",
            ),
            Lesson(
                "adams-first-step",
                "Adam’s first step",
                "method=adam&explain=batch&phase=update",
                "Point at other neurons: their gradients differ a hundredfold, but in this first step each weight "
                "moves by the learning rate, 0.03. Adam divides the mean gradient by its own size.",
            ),
            Lesson(
                "chain-of-factors",
                "Why the gradient vanishes",
                f"hidden={_TEN}&activation=sigmoid&loss=cross-entropy&batch_size=30&order=shuffle&explain=batch&phase=chain",
                "From layer to layer δ is multiplied by weights and by slopes below 0.25; ten layers "
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
