"""Experiments in the order of the lecture: each is a link, and what to look for in it.

`tests/app/test_lessons.py` trains them all and holds them to what they say.
"""

from dataclasses import dataclass

_TWENTY = ",".join(["8"] * 20)
_DEEP = f"#v=1&hidden={_TWENTY}&loss=cross-entropy&batch_size=30&order=shuffle&gradients=true"
_NOISY = "#v=1&dataset=xor&noise=50&train_share=20&hidden=16,16&loss=cross-entropy&learning_rate=0.003&show_test=true"


@dataclass(frozen=True)
class Lesson:
    """One click."""

    title: str
    link: str
    text: str


@dataclass(frozen=True)
class Chapter:
    """Of the lecture."""

    title: str
    lessons: tuple[Lesson, ...]


CHAPTERS = (
    Chapter(
        "One neuron",
        (
            Lesson(
                "A perceptron draws one line",
                "#v=1&dataset=gauss&hidden=&loss=cross-entropy",
                "Two clouds need no more. The two weights turn the line and the bias shifts it: edit them below the network.",
            ),
            Lesson(
                "A perceptron cannot do XOR",
                "#v=1&dataset=xor&hidden=&loss=cross-entropy",
                "No line parts opposite corners: two points of five stay wrong, however long it trains. Add a hidden layer.",
            ),
            Lesson(
                "The right input makes it easy",
                "#v=1&dataset=xor&hidden=&inputs=xTimesY&loss=cross-entropy",
                "Given X1 times X2, the same neuron can. Hidden layers find such features by themselves.",
            ),
        ),
    ),
    Chapter(
        "Hidden layers",
        (
            Lesson(
                "Each hidden neuron draws a line",
                "#v=1&dataset=xor&hidden=4&activation=relu&loss=cross-entropy",
                "Four small pictures, four half-planes; the output puts them together. Point at one to see it large.",
            ),
            Lesson(
                "The spiral, shallow",
                "#v=1&dataset=spiral&hidden=8",
                "Eight lines are too few for two arms: many points stay on the wrong side.",
            ),
            Lesson(
                "The spiral, deeper",
                "#v=1&dataset=spiral&hidden=8,8,8,8&learning_rate=0.01",
                "Four layers of eight: each combines the shapes of the one before, from lines to arms.",
            ),
            Lesson(
                "Softmax: more than two classes",
                "#v=1&dataset=spiral&classes=4&hidden=16,16&activation=relu&method=adam&learning_rate=0.003",
                "An output for each arm, which softmax makes probabilities; cross-entropy asks for the right one.",
            ),
        ),
    ),
    Chapter(
        "Gradient descent",
        (
            Lesson(
                "Small steps",
                "#v=1&learning_rate=0.0001",
                "The loss falls, but hardly: at a learning rate of 0.0001 it takes hundreds of times as many epochs as at 0.03.",
            ),
            Lesson(
                "Steps too large",
                "#v=1&dataset=reg-plane&hidden=&learning_rate=1",
                "Each step lands farther up the other side of the valley, until the numbers end. The page offers a way back.",
            ),
            Lesson(
                "One point at a time",
                "#v=1&dataset=xor&noise=25&batch_size=1&learning_rate=0.1",
                "Stochastic: the loss jumps about, as each point pulls its own way. With all points as one batch it falls smoothly.",
            ),
            Lesson(
                "A method with a memory",
                "#v=1&dataset=spiral&hidden=8,8&method=adam&learning_rate=0.01",
                "Adam keeps a mean of past gradients and of their squares. Compare it with plain gradient descent.",
            ),
        ),
    ),
    Chapter(
        "Depth",
        (
            Lesson(
                "The gradient vanishes",
                f"{_DEEP}&activation=sigmoid&learning_rate=0.1",
                "Twenty sigmoid layers learn nothing: below each stands its gradient, which dies out on the way back.",
            ),
            Lesson(
                "ReLU and He’s first weights",
                f"{_DEEP}&activation=relu&initialization=he-normal&learning_rate=0.01",
                "A slope of one where a neuron is on, and first weights that keep the size of what goes through.",
            ),
            Lesson(
                "Xavier’s first weights",
                f"{_DEEP}&activation=tanh&initialization=xavier-normal&learning_rate=0.003",
                "Made for tanh: neither do values die out on the way forward, nor gradients on the way back.",
            ),
            Lesson(
                "Batch norm",
                f"{_DEEP}&activation=sigmoid&batch_norm=true&learning_rate=0.01",
                "The same twenty sigmoid layers, each sum brought to mean 0 and variance 1 within its batch: now they learn.",
            ),
            Lesson(
                "Residual links",
                f"{_DEEP}&activation=sigmoid&connections=residual&learning_rate=0.03",
                "Each layer adds to what it receives, so that the gradient has a way around every one of them.",
            ),
        ),
    ),
    Chapter(
        "Learning by heart",
        (
            Lesson(
                "Overfitting",
                f"{_NOISY}&method=adam",
                "Few points, much noise, a large network: the training loss falls to nothing, and the test loss rises.",
            ),
            Lesson(
                "Weight decay",
                f"{_NOISY}&method=adamw&weight_decay=0.3",
                "The same, but large weights cost: the border stays smooth, and the test loss low.",
            ),
            Lesson(
                "Stopping in time",
                f"{_NOISY}&method=adam&stop_plateau=100",
                "The same as the first, but training ends by itself when the test loss has not fallen for 100 epochs.",
            ),
        ),
    ),
)
