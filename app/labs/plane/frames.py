"""Binary messages: points and frames in the safetensors format, as docs/protocol.md lists them."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import TensorSpec, serialize

from engine.labs.plane.answers import answers, value_at
from engine.labs.plane.features import pictures
from engine.labs.plane.figures import figures, layer_figures, unit_picture
from engine.labs.plane.trainer import Trainer

Arrays = dict[str, NDArray[Any]]  # contiguous, of the types below

_TYPES = {"f": "float32", "B": "uint8"}
_LARGE = (200, 100, 60)  # pixels a side: on a screen of twice the usual density the picture has about 700
_SMALL = (50, 25, 16)
COARSEST = len(_LARGE) - 1
_QUICK = 10_000  # parameters; the large picture of larger networks is coarser
_MANY = (256, 1024)  # units beyond which their pictures are coarser


def picture_sides(trainer: Trainer, coarseness: int = 0) -> tuple[int, int]:
    """Pixels a side of the large picture and of the small ones: no frame takes long or weighs more than 800 KB."""
    large = max(coarseness, int(is_large(trainer)))
    small = max(coarseness, sum(len(trainer.network.program.pictured) > most for most in _MANY))
    return _LARGE[large], _SMALL[small]


def is_large(trainer: Trainer) -> bool:
    """Whether its pictures take so long that others would notice."""
    return trainer.network.program.parameter_count > _QUICK


@dataclass(frozen=True)
class FrameHead:
    """What a frame says beside its arrays."""

    run: int
    frame: int
    applied: int
    epochs_per_second: float
    steps_per_second: float
    focus: tuple[int, int] | None
    history_start: int
    neurons: bool = True  # their pictures are wanted
    gradients: bool = False  # the figures of each layer are wanted
    at: tuple[float, float] | None = None  # the place of the plane that the pointer reads
    errors: bool = False  # wrong points are marked
    coarseness: int = 0  # of the pictures, 0 to 2
    health: str = ""  # the verdict on the run, as JSON
    coarse_for: str = ""  # why: "crowd" where many sessions share the machine, "link" where frames take long


def points_message(trainer: Trainer, run: int) -> bytes:
    """The points of a run, and the pictures of the input features."""
    arrays: Arrays = {
        "train": trainer.data.train.astype(np.float32),
        "test": trainer.data.test.astype(np.float32),
        "features": pictures(trainer.settings.domain),
    }
    return _pack(arrays, {"kind": "points", "run": str(run)})


def frame_message(trainer: Trainer, head: FrameHead) -> bytes:
    """The trainer as it is now. The library puts arrays of four-byte elements first and pads the header to eight."""
    large, small = picture_sides(trainer, head.coarseness)
    shown = figures(trainer, large, small if head.neurons else None)
    metrics = _narrowed(shown.metrics.reshape(2, -1))
    history = _narrowed(trainer.history.samples[head.history_start :])
    is_one = len(shown.large) == 1
    arrays: Arrays = {
        "parameters": trainer.network.parameters,
        "metrics": metrics,
        "history": history,
        "output" if is_one else "classes": shown.large[0] if is_one else shown.large,
    }
    if head.neurons:
        arrays["neurons"] = shown.small
    if head.gradients:
        arrays["layers"] = _narrowed(layer_figures(trainer))
    if head.focus:
        arrays["focus"] = unit_picture(trainer, *head.focus, large)
    if head.at:
        arrays["at"] = value_at(trainer, *head.at, head.focus).astype(np.float32)
    if head.at or head.errors:
        arrays["answers"] = _narrowed(answers(trainer))
    train, test = shown.losses
    return _pack(
        arrays,
        {
            "kind": "frame",
            "run": str(head.run),
            "frame": str(head.frame),
            "applied": str(head.applied),
            "epoch": str(trainer.epoch),
            "step": str(trainer.step),
            "step_in_epoch": str(trainer.step_in_epoch),
            "steps_in_epoch": str(trainer.steps_in_epoch),
            "loss_train": _finite(train),
            "loss_test": _finite(test),
            "epochs_per_second": f"{head.epochs_per_second:.3f}",
            "steps_per_second": f"{head.steps_per_second:.3f}",
            "history_start": str(head.history_start),
            "coarseness": str(head.coarseness),
            "coarse_for": head.coarse_for,
            "health": head.health,
            "focus": "{},{}".format(*head.focus) if head.focus else "",
            "at": "{!r},{!r}".format(*head.at) if head.at else "",
        },
    )


def _pack(arrays: Arrays, about: dict[str, str]) -> bytes:
    """What the library's own `save` does, which asks NumPy for each type's name: 53 µs for a frame instead of 20."""
    tensors = {
        name: TensorSpec(
            dtype=_TYPES[array.dtype.char], shape=array.shape, data_ptr=array.ctypes.data, data_len=array.nbytes
        )
        for name, array in arrays.items()
    }
    return serialize(tensors, about)


def _narrowed(numbers: NDArray[np.float64]) -> NDArray[np.float32]:
    """What is beyond float32, shortly before training diverges, becomes infinite."""
    with np.errstate(over="ignore"):
        return numbers.astype(np.float32)


def _finite(value: float) -> str:
    return repr(value) if math.isfinite(value) else ""
