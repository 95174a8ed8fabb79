"""Parts of Python source with PyTorch that several exported files have."""

from typing import Any

from numpy.typing import NDArray

from app.exports.literals import matrix, vector

SWITCHED_OFF = '''def switched_off(values, units):
    """The same values, but 0 for these units, which were switched off."""
    return values.index_fill(1, torch.tensor(units), 0)
'''


def entry(name: str, numbers: NDArray[Any]) -> str:
    """What stands behind a name in a table of tensors: a list, or a list of rows for more than one axis."""
    if numbers.ndim == 1:
        return vector(numbers, 4, len(name) + 8)
    return matrix(numbers.reshape(len(numbers), -1) if numbers.ndim > 2 else numbers, 4)


def table(name: str, what: str, entries: dict[str, str]) -> str:
    """A dictionary of texts that `entry` wrote."""
    lines = "".join(f'    "{key}": {text},\n' for key, text in entries.items())
    return f"# {what}\n{name} = {{\n{lines}}}"
