"""Parts of Python source with NumPy that several exported files have."""

from typing import Any

from numpy.typing import NDArray

from app.exports.literals import matrix, vector

SIGMOID = '''def sigmoid(z):
    """1 / (1 + exp(-z)), by tanh, which cannot overflow."""
    return (1 + np.tanh(z / 2)) / 2
'''
RELU = """def relu(z):
    return np.maximum(z, 0)
"""
SOFTMAX = '''def softmax(z):
    """Each row becomes positive numbers with the sum 1."""
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
'''
SWITCHED_OFF = '''def switched_off(values, units):
    """The same values, but 0 for these units, which were switched off."""
    values = values.copy()
    values[:, units] = 0
    return values
'''


def array(name: str, numbers: NDArray[Any]) -> str:
    """The statement that gives an array its name, in its own type of number; of more than two axes, row by row."""
    kind = "" if numbers.dtype == float else f", np.{numbers.dtype}"
    if numbers.ndim == 1:
        return f"{name} = np.array({vector(numbers, taken=len(name) + len(kind) + 15)}{kind})"
    shaped = f".reshape{numbers.shape}" if numbers.ndim > 2 or not numbers.size else ""
    return f"{name} = np.array({matrix(numbers.reshape(len(numbers), -1) if numbers.size else numbers)}{kind}){shaped}"
