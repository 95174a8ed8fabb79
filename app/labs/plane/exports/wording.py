"""What the files say in words, and the parts of Python source that several of them have."""

from app.labs.plane.exports.description import Description
from engine.labs.plane.settings import Feature

FEATURES: dict[Feature, str] = {
    "x": "x",
    "y": "y",
    "xSquared": "x * x",
    "ySquared": "y * y",
    "xTimesY": "x * y",
    "sinX": "{sin}(x)",
    "sinY": "{sin}(y)",
}
"""Of a point, as Python; `sin` is to be named."""

_ANSWERS = {
    "tanh": "a number from -1 to 1 for each point, (n,): above 0 it is of label 1 (blue), below 0 of label -1 (orange)",
    "sigmoid": "for each point the probability, (n,), of label 1 (blue); that of label -1 (orange) is the rest to 1",
    "softmax": "for each point the probability of each class, (n, classes)",
    "linear": "a value for each point, (n,)",
}


def answer(description: Description) -> str:
    """What the network says of points, as the object of a sentence."""
    return _ANSWERS[description.output]


def shape(description: Description) -> str:
    """Inputs, units of each layer, outputs: 2-4-2-1."""
    return "-".join(map(str, description.settings.shape))


def origin(description: Description) -> list[str]:
    """The lines that say where a file comes from."""
    return [
        f"A {shape(description)} network of Hyperplane, as it was at epoch {description.epoch:,}.",
        "",
        "Its experiment opens with this link, in Hyperplane's address bar or with “Open a link”:",
        description.link,
    ]


def features(description: Description, sin: str) -> list[str]:
    """An expression for each input."""
    return [FEATURES[name].format(sin=sin) for name in description.features]


def coordinates(description: Description, columns: tuple[str, str]) -> list[str]:
    """The lines that name x and y, as far as they are used: `columns` says where they are in the points."""
    text = " ".join(features(description, ""))
    return [f"{name} = points[{at}]" for name, at in zip("xy", columns, strict=True) if name in text]


def classes(description: Description) -> list[str]:
    """A line of Python that names the classes in the order of the answer, if they have names."""
    names = list(description.classes)
    if not names:
        return []
    order = "the first is label 1, the second label -1" if description.is_single else "in the order of the columns"
    return [f"CLASSES = {names!r}  # {order}"]


def name_of(description: Description, number: int) -> str:
    """Of what layer `number` says, from 1; 0 are the inputs."""
    if number == 0:
        return "inputs"
    return "output" if number == len(description.layers) else f"layer_{number}"


def module_of(description: Description, number: int) -> str:
    """The name of a layer's weights in frameworks that give them names."""
    return "output" if number == len(description.layers) else f"layer_{number}"
