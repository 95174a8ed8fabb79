"""Packs binary messages in the safetensors format, as docs/protocol.md lists them, for all labs."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from safetensors import TensorSpec, serialize

from app.labs.contract import Focus, Lab, Shown, Tensors
from engine.labs.contract import LabRun

_TYPES = {"f": "float32", "B": "uint8"}


@dataclass(frozen=True)
class FrameHead:
    """What a frame says, apart from the model."""

    run: int
    frame: int
    applied: int
    epochs_per_second: float
    steps_per_second: float
    focus: Focus | None
    history_start: int
    coarseness: int = 0  # of the pictures, 0 to 2
    health: str = ""  # the verdict on the run, as JSON
    coarse_for: str = ""  # why: "crowd" where many sessions share the machine, "link" where frames are slow


def material_message(lab: Lab, run: LabRun, number: int) -> bytes:
    """The material of run `number`: the arrays that all its frames refer to."""
    return _pack(lab.engine.material(run), {"kind": "material", "lab": lab.name, "run": str(number)})


def frame_message(lab: Lab, run: LabRun, head: FrameHead, shown: Shown) -> bytes:
    """The run as it is now. The library puts arrays of four-byte elements first and pads the header to 8 bytes."""
    losses = zip(lab.losses, shown.losses, strict=True)
    return _pack(
        {**shown.tensors, "history": run.history.samples[head.history_start :]},
        {
            "kind": "frame",
            "lab": lab.name,
            "run": str(head.run),
            "frame": str(head.frame),
            "applied": str(head.applied),
            "epoch": str(run.epoch),
            "step": str(run.step),
            "step_in_epoch": str(run.step_in_epoch),
            "steps_in_epoch": str(run.steps_in_epoch),
            "losses": ",".join(lab.losses),
            **{f"loss_{name}": repr(loss) if math.isfinite(loss) else "" for name, loss in losses},
            "epochs_per_second": f"{head.epochs_per_second:.3f}",
            "steps_per_second": f"{head.steps_per_second:.3f}",
            "history_start": str(head.history_start),
            "coarseness": str(head.coarseness),
            "coarse_for": head.coarse_for,
            "health": head.health,
            "focus": "{},{}".format(*head.focus) if head.focus else "",
            **shown.about,
        },
    )


def _pack(arrays: Tensors, about: dict[str, str]) -> bytes:
    """Do what the library's `save` does, in 20 µs a frame instead of 53: `save` asks NumPy for each type's name."""
    ready = {name: _narrowed(array) if array.dtype.char == "d" else array for name, array in arrays.items()}
    tensors = {
        name: TensorSpec(
            dtype=_TYPES[array.dtype.char], shape=array.shape, data_ptr=array.ctypes.data, data_len=array.nbytes
        )
        for name, array in ready.items()
    }
    return serialize(tensors, about)


def _narrowed(numbers: NDArray[np.float64]) -> NDArray[np.float32]:
    """As float32. Numbers beyond its range, as they come shortly before training diverges, become infinite."""
    with np.errstate(over="ignore"):
        return numbers.astype(np.float32)
