"""A trained stack as a file that needs PyTorch alone: a `Model`, and `model()`, which returns it trained."""

from app.exports.torch_source import entry, table
from app.labs.autoencoder.exports.description import Description, Layer, describe
from engine.labs.autoencoder.trainer import AutoencoderRun


def write(run: AutoencoderRun) -> bytes:
    """The file, in UTF-8."""
    return source(describe(run)).encode()


def source(description: Description) -> str:
    """The file's text."""
    first, *rest = description.origin
    entries = {}
    for layer in description.layers:
        for name, numbers in (("weight", layer.weights), ("bias", layer.biases)):
            key = f"{layer.name}.{name}"
            entries[key] = entry(key, numbers)
    modules = "\n".join(
        f"        self.{layer.name} = nn.Linear({layer.weights.shape[1]}, {layer.weights.shape[0]})"
        for layer in description.layers
    )
    dtype = description.layers[0].weights.dtype
    return f'''"""{first}
{chr(10).join(rest)}
"""

import torch
from torch import nn

DTYPE = torch.{dtype}


class Model(nn.Module):
    """Encoder and decoder."""

    def __init__(self):
        super().__init__()
{modules}

{_method("encode", "values", f"(n, {description.inputs}) as codes (n, {description.numbers}).", description.encoder)}

{_method("decode", "values", f"(n, {description.numbers}) as examples (n, {description.inputs}).", description.decoder)}

    def forward(self, examples):
        """What is left of them."""
        return self.decode(self.encode(examples))


def model():
    """The stack as trained."""
    made = Model().to(DTYPE)
    state = made.state_dict()
    for name, numbers in TRAINED.items():
        state[name].copy_(torch.tensor(numbers, dtype=DTYPE).reshape(state[name].shape))
    return made.eval()


{table("TRAINED", "The trained numbers: a row of weights for each unit.", entries)}


if __name__ == "__main__":
    with torch.no_grad():
        print(model()(torch.zeros(1, {description.inputs}, dtype=DTYPE)))
'''


def _method(name: str, given: str, doc: str, layers: tuple[Layer, ...]) -> str:
    lines = [f"    def {name}(self, {given}):", f'        """{doc}"""']
    for layer in layers:
        sums = f"self.{layer.name}(values)"
        lines.append(
            f"        values = {sums if layer.activation == 'linear' else f'torch.{layer.activation}({sums})'}"
        )
    return "\n".join([*lines, "        return values"])
