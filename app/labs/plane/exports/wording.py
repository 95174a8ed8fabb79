"""What the files say in words, and the parts of Python source that several of them have."""

from app.labs.plane.exports.description import Description
from app.labs.plane.exports.own_input_code import Module, python
from engine.labs.plane.own_input import own_input

_FEATURES = {
    "x": "x",
    "y": "y",
    "xSquared": "x * x",
    "ySquared": "y * y",
    "xTimesY": "x * y",
    "sinX": "{}.sin(x)",
    "sinY": "{}.sin(y)",
}

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


def features(description: Description, module: Module, at: tuple[str, str]) -> tuple[list[str], list[str]]:
    """The lines that name what is used of a point, and an expression for each input.

    `at` says where x and y are in the points.
    """
    named = [_FEATURES[name] for name in description.features if name in _FEATURES]
    own = [name for name in description.features if name not in _FEATURES]
    used = {sign for text in named for sign in "xy" if sign in text.format("")}
    used |= {variable for text in own for variable in own_input(text).uses}
    lines = [f"{name} = points[{place}]" for name, place in zip("xy", at, strict=True) if name in used]
    quiet = ['with np.errstate(all="ignore"):'] if module == "np" and own else []  # where the formula has no value
    lines += quiet + [_allowed(f"{'    ' * len(quiet)}own = {python(text, module)}") for text in own]
    return lines, [text.format(module) for text in named] + ["own"] * len(own)


def _allowed(line: str) -> str:
    """A visitor's formula may be longer than a line, and is easier to read in one."""
    return line if len(line) <= 100 else f"{line}  # noqa: E501"


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
