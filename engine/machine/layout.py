"""Where the parameters of a program lie: tensors by name in one flat array, said once."""

from dataclasses import dataclass
from math import prod
from typing import Any

from numpy.typing import NDArray


@dataclass(frozen=True)
class Tensor:
    """A part of a flat array."""

    name: str
    offset: int  # place of its first number
    shape: tuple[int, ...]  # row by row

    @property
    def end(self) -> int:
        """The place behind its last number."""
        return self.offset + prod(self.shape)

    def of(self, array: NDArray[Any]) -> NDArray[Any]:
        """A view of this part of an array that is laid out so."""
        return array[self.offset : self.end].reshape(self.shape)
