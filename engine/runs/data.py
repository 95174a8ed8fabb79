"""Says where a run's examples come from, and holds those that somebody has given, for any lab."""

import hashlib
import json
import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

if TYPE_CHECKING:  # a client of the protocol compiles no kernels
    from engine.vectors.memory import Tensors

Targets = Literal["classes", "values"]

_TYPES = "fiu"  # NumPy's kinds of numbers that examples may have: floats and integers


@dataclass(frozen=True)
class DataRef:
    """Where a run's examples come from. Drawn ones follow from the settings, so nothing else is kept of them.

    How given ones are split for training and test follows from the settings too: the same examples have one name,
    whatever their split.
    """

    digest: str = ""  # SHA-256 of the given examples' `content`, in hex; "" for drawn ones
    targets: Targets | None = None  # what belongs to each given example: a class or a value
    count: int = 0  # of the given examples
    columns: tuple[str, ...] = ()  # their names, if they have any
    classes: tuple[str, ...] = ()  # the same of the classes

    @property
    def is_given(self) -> bool:
        """Whether somebody has given the examples, so that settings alone do not say them."""
        return self.digest != ""


DRAWN = DataRef()


@dataclass(frozen=True, eq=False)
class Given:
    """Examples that somebody has given; equal if their content is. Its arrays are shared: do not write to them.

    What they are and which are allowed, the lab says that makes them.
    """

    targets: Targets
    examples: "Tensors"  # all have as many rows, one for each example
    columns: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    formula: str = ""  # as a visitor wrote it, if it says what belongs to each
    notices: tuple[str, ...] = ()  # sentences: what a visitor would not expect of how they were made

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Given) and self.ref == other.ref

    def __hash__(self) -> int:
        return hash(self.ref)

    @cached_property
    def content(self) -> bytes:
        """All of it; the same examples are the same bytes: a line of JSON, then the arrays, little-endian."""
        arrays = {
            name: np.ascontiguousarray(each, each.dtype.newbyteorder("<"))
            for name, each in sorted(self.examples.items())
        }
        head = {
            "targets": self.targets,
            "columns": self.columns,
            "classes": self.classes,
            "arrays": [[name, each.dtype.str, each.shape] for name, each in arrays.items()],
            **({"formula": self.formula} if self.formula else {}),
            **({"notices": self.notices} if self.notices else {}),
        }
        line = json.dumps(head, separators=(",", ":")).encode()
        return b"\n".join([line, b"".join(each.tobytes() for each in arrays.values())])

    @cached_property
    def ref(self) -> DataRef:
        """Names them."""
        count = min((len(each) for each in self.examples.values()), default=0)
        return DataRef(
            hashlib.sha256(self.content).hexdigest(), self.targets, count, tuple(self.columns), tuple(self.classes)
        )

    @classmethod
    def of(cls, content: bytes) -> "Given":
        """What has this `content`. Raises ValueError, KeyError or TypeError if it has none."""
        line, _, body = content.partition(b"\n")
        head = json.loads(line)
        if head["targets"] not in get_args(Targets):
            raise ValueError(f"targets: {head['targets']!r} came, expected one of {', '.join(get_args(Targets))}")
        examples: Tensors = {}
        place = 0
        for name, kind, shape in head["arrays"]:
            dtype, count = np.dtype(kind), math.prod(shape)
            if dtype.kind not in _TYPES or not 0 <= count * dtype.itemsize <= len(body) - place:
                raise ValueError(f"{name}: {kind} {shape} came, expected numbers that are there")
            examples[name] = np.frombuffer(body, dtype, count, place).reshape(shape)
            place += count * dtype.itemsize
        return cls(
            head["targets"],
            examples,
            tuple(head["columns"]),
            tuple(head["classes"]),
            head.get("formula", ""),
            tuple(head.get("notices", ())),
        )
