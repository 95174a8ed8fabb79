"""A run as a file that needs PyTorch alone: `Model`, `model()` that is trained, and a script that trains on."""

from app.exports.literals import matrix
from app.exports.torch_source import SWITCHED_OFF, entry, table
from app.labs.plane.exports import torch_training, wording
from app.labs.plane.exports.description import Array, Description, describe, say
from app.labs.plane.exports.training import OfLayer, Training, training_of
from engine.labs.plane.trainer import Trainer

_TORCHS = {
    "tanh": "torch.tanh({})",
    "sigmoid": "torch.sigmoid({})",
    "relu": "torch.relu({})",
    "leaky-relu": "nn.functional.leaky_relu({}, 0.01)",
    "elu": "nn.functional.elu({})",
    "gelu": 'nn.functional.gelu({}, approximate="tanh")',
    "swish": "nn.functional.silu({})",
    "mish": "nn.functional.mish({})",
    "sine": "torch.sin({})",
    "softmax": "torch.softmax({}, dim=1)",
}
_NORM = '''class BatchNorm(nn.BatchNorm1d):
    """Trains with batches of one point, which PyTorch's own refuses: the value is its own mean, and varies by 0."""

    def forward(self, sums):
        if not self.training:
            return super().forward(sums)
        with torch.no_grad():
            self.running_mean += self.momentum * (sums[0] - self.running_mean)
            self.running_var -= self.momentum * self.running_var
        return (sums - sums) * self.weight + self.bias
'''
_DROPOUT = '''class Dropout(nn.Module):
    """Leaves out a share of the values in training, the same ones as Hyperplane in the same step."""

    step = 0  # that is taken, the same for all layers

    def __init__(self, row):
        super().__init__()
        self.row = row  # the number of the first unit in Hyperplane's memory

    def forward(self, values):
        if not self.training:
            return values
        examples, units = torch.arange(values.shape[0]), torch.arange(values.shape[1])
        numbers = (torch.tensor(Dropout.step) << 32) + (self.row + units << 12) + examples[:, None]
        is_kept = random_below(numbers, 2**24) >= int(DROPOUT * 2**24)
        return values * is_kept / (1 - DROPOUT)
'''


def write(run: Trainer) -> bytes:
    """The file, in UTF-8."""
    return source(describe(run), training_of(run)).encode()


def source(description: Description, training: Training) -> str:
    """The file's text."""
    body = "\n\n".join(
        part.rstrip("\n")
        for part in [
            *wording.classes(description),
            *torch_training.constants(description, training),
            *_helpers(description, training),
            _model(description, training),
            *torch_training.functions(description, training),
            *_numbers(description, training),
            torch_training.MAIN,
        ]
    )
    imports = ["import math", ""] * ("math." in body) + ["import torch", "from torch import nn"]
    return "\n\n".join(["\n".join([*_doc(description), ""]).rstrip(), "\n".join(imports), body]) + "\n"


def _doc(description: Description) -> list[str]:
    first, *rest = wording.origin(description)
    return [
        f'"""{first}',
        *rest,
        "",
        "`model()` is the trained network. Run as a script, the file trains on where Hyperplane stood: with the same",
        "points, batches, method and its memory, so that it prints the losses that Hyperplane would show.",
        '"""',
    ]


class _Torch:
    """A `Language`: an expression for each step, a line of `Model.forward` for each layer."""

    def __init__(self, description: Description, *, is_loss_of_logits: bool) -> None:
        self._description = description
        self._is_loss_of_logits = is_loss_of_logits
        self.lines: list[str] = []

    def inputs(self) -> str:
        lines, columns = wording.features(self._description, "torch", (":, 0", ":, 1"))
        self.lines += lines
        stacked = f"torch.stack([{', '.join(columns)}], dim=1)" if columns else "points[:, :0]"
        first = wording.module_of(self._description, 1)
        self.lines.append(f"inputs = {stacked}.to(self.{first}.weight.dtype)")
        return "inputs"

    def joined(self, sources: list[str]) -> str:
        self.lines.append(f"before = torch.cat([{', '.join(sources)}], dim=1)")
        return "before"

    def dense(self, number: int, source: str) -> str:
        return f"self.{wording.module_of(self._description, number)}({source})"

    def normalized(self, number: int, sums: str) -> str:
        return f"self.norm_{number}({self.named(number, sums)})"

    def activated(self, activation: str, sums: str) -> str:
        if activation in {"sigmoid", "softmax"} and self._is_output_of(sums):
            return sums  # the loss is of the logits
        return _TORCHS[activation].format(sums)

    def _is_output_of(self, sums: str) -> bool:
        return self._is_loss_of_logits and sums.startswith("self.output(")

    def dropped(self, number: int, values: str) -> str:
        return f"self.dropout_{number}({self.named(number, values)})"

    def switched_off(self, number: int, values: str) -> str:
        return f"switched_off({self.named(number, values)}, {list(self._description.layers[number - 1].off)})"

    def added(self, values: str, source: str) -> str:
        return f"{source} + {values}"

    def named(self, number: int, values: str) -> str:
        name = wording.name_of(self._description, number)
        if values != name:
            self.lines.append(f"{name} = {values}")
        return name


def _helpers(description: Description, training: Training) -> list[str]:
    """Those that the model uses."""
    layers = description.layers
    parts = []
    if any(layer.dropout for layer in layers) or training.rule.order:
        parts.append(torch_training.RANDOM_BELOW)
    if any(layer.dropout for layer in layers):
        parts.append(_DROPOUT)
    if _needs_own_norm(description, training):
        parts.append(_NORM)
    if any(layer.off for layer in layers):
        parts.append(SWITCHED_OFF)
    return [f"\n{part}" for part in parts]


def _needs_own_norm(description: Description, training: Training) -> bool:
    return description.settings.batch_norm and bool(description.settings.hidden) and training.rule.batch_size == 1


def _model(description: Description, training: Training) -> str:
    """Both the class and the function."""
    has_logits = description.tells_probability
    language = _Torch(description, is_loss_of_logits=has_logits)
    said = say(description, language)
    column = "[:, 0]" if description.is_single else ""
    forward = [
        *language.lines,
        f"return {said}{column}",
    ]
    answer = f'"""For points (n, 2), each x and y:\n        {wording.answer(description)}.\n        """'
    if has_logits:
        methods = _method(
            "logits", '"""What the answer is made of. Losses are of these, as they cannot overflow."""', forward
        )
        methods += _method("forward", answer, [f"return {_TORCHS[description.output].format('self.logits(points)')}"])
    else:
        methods = _method("forward", answer, forward)
    return f'''
class Model(nn.Module):
    """{wording.shape(description)}: inputs, units of each layer, outputs."""

    def __init__(self):
        super().__init__()
{_modules(description, training)}
{methods}

def model():
    """The trained network, ready to answer."""
    network = Model().to(DTYPE)
    network.load_state_dict({{name: torch.tensor(numbers, dtype=DTYPE) for name, numbers in TRAINED.items()}})
    return network.eval()'''


def _method(name: str, doc: str, lines: list[str]) -> str:
    body = "\n".join(f"        {line}" for line in [doc, *lines])
    return f"\n    def {name}(self, points):\n{body}\n"


def _modules(description: Description, training: Training) -> str:
    norm = "BatchNorm" if _needs_own_norm(description, training) else "nn.BatchNorm1d"
    lines = []
    for number, layer in enumerate(description.layers, start=1):
        units, fan_in = layer.weights.shape
        lines.append(f"self.{wording.module_of(description, number)} = nn.Linear({fan_in}, {units})")
        if layer.norm:
            lines.append(f"self.norm_{number} = {norm}({units})")
        if layer.dropout:
            lines.append(f"self.dropout_{number} = Dropout({training.dropout_rows[number - 1]})")
    return "\n".join(f"        {line}" for line in lines)


def _numbers(description: Description, training: Training) -> list[str]:
    """Trained parameters, the method's memory, the points."""
    parts = ["\n" + table("TRAINED", "The trained numbers, by their names.", _state(description, training))]
    for name, what, moments in (
        ("MEAN_GRADIENTS", "What the method remembers of the gradients.", training.first),
        ("MEAN_SQUARES", "What it remembers of their squares.", training.second),
    ):
        if moments:
            parts.append(table(name, what, _entries(description, moments)))
    if training.keeps_dead:
        names = (f"{wording.module_of(description, number)}.weight" for number in range(1, len(training.dead) + 1))
        dead = {name: entry(name, each) for name, each in zip(names, training.dead, strict=True) if len(each)}
        parts.append(table("DEAD", "Unit and input, from 0, of the weights that L1 has brought to zero.", dead))
    parts.append(f"# The points: x, y, label.\nTRAIN = torch.tensor({matrix(training.train)}, dtype=torch.float64)")
    if len(training.test):
        parts.append(f"TEST = torch.tensor({matrix(training.test)}, dtype=torch.float64)")
    return parts


def _state(description: Description, training: Training) -> dict[str, str]:
    """By the names of a state_dict."""
    found: dict[str, str] = {}
    for number, layer in enumerate(description.layers, start=1):
        name = wording.module_of(description, number)
        found |= _pair(name, layer.weights, layer.biases)
        if norm := layer.norm:
            found |= _pair(f"norm_{number}", norm.scales, norm.shifts)
            for part, numbers in (("running_mean", norm.means), ("running_var", norm.variances)):
                found[f"norm_{number}.{part}"] = entry(f"norm_{number}.{part}", numbers)
            found[f"norm_{number}.num_batches_tracked"] = str(training.place.step)
    return found


def _entries(description: Description, moments: tuple[OfLayer, ...]) -> dict[str, str]:
    """The same of a number for each parameter."""
    found: dict[str, str] = {}
    for number, each in enumerate(moments, start=1):
        found |= _pair(wording.module_of(description, number), each.weights, each.biases)
        if each.scales is not None and each.shifts is not None:
            found |= _pair(f"norm_{number}", each.scales, each.shifts)
    return found


def _pair(name: str, weights: Array, biases: Array) -> dict[str, str]:
    return {f"{name}.weight": entry(f"{name}.weight", weights), f"{name}.bias": entry(f"{name}.bias", biases)}
