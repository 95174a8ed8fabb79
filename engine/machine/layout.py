"""Names the tensors of a program and their places in one flat array."""

from dataclasses import dataclass
from math import prod
from typing import Any

from numpy.typing import NDArray


@dataclass(frozen=True)
class Tensor:
    """A part of a flat array."""

    name: str
    offset: int  # index of its first number
    shape: tuple[int, ...]  # row-major

    @property
    def end(self) -> int:
        """The index after its last number."""
        return self.offset + prod(self.shape)

    def of(self, array: NDArray[Any]) -> NDArray[Any]:
        """A view of this part of `array`, in its shape."""
        return array[self.offset : self.end].reshape(self.shape)
