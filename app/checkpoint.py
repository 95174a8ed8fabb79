"""A session as bytes and back: arrays in the safetensors format, all else as JSON in its header. No pickle."""

import json
from dataclasses import asdict, dataclass, replace
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from safetensors import SafetensorError
from safetensors.numpy import load, save

from app.building import build_settings
from app.experiment import MAX_SPEED, View
from app.lessons import SLUGS
from app.protocol import MOST
from engine.settings import Refused, Settings
from engine.stopping import Stop
from engine.trainer import Divergence

VERSION = 2  # grows when an older server could not read it, or would misread it
_READABLE = (1, VERSION)  # in version 1 the speed stood beside the view


class Unreadable(ValueError):
    """These bytes are no checkpoint that this server can go on from."""


_Count = Annotated[int, Field(ge=0, le=MOST)]


class _Rest(BaseModel):
    """What is no array."""

    model_config = ConfigDict(extra="forbid", strict=False, allow_inf_nan=False)

    version: int
    settings: dict[str, Any]
    view: View
    link: str
    theirs: bool
    numbers: dict[str, _Count]
    divergence: Divergence | None
    stop: Stop | None
    run: _Count
    applied: _Count
    playing: bool
    speed: float | None = Field(default=None, gt=0, le=MAX_SPEED)  # of version 1

    @field_validator("view", mode="before")
    @classmethod
    def _without_a_lesson_that_is_gone(cls, view: Any) -> Any:
        """Lessons come and go with versions; the network that somebody has trained in one stays."""
        is_gone = isinstance(view, dict) and isinstance(view.get("lesson"), str) and view["lesson"] not in SLUGS
        return {**view, "lesson": ""} if is_gone else view


@dataclass(frozen=True)
class Frozen:
    """A session that stands still."""

    settings: Settings
    view: View
    link: str  # as it was opened
    theirs: bool  # one of TensorFlow Playground's
    arrays: dict[str, NDArray[Any]]  # those of Trainer.dump
    numbers: dict[str, int]
    divergence: Divergence | None
    stop: Stop | None
    run: int
    applied: int  # number of the last command
    playing: bool


def pack(frozen: Frozen) -> bytes:
    """To be read by `unpack`."""
    rest = {name: value for name, value in asdict(frozen).items() if name != "arrays"}
    text = json.dumps({"version": VERSION, **rest})
    arrays = {name: np.ascontiguousarray(array) for name, array in frozen.arrays.items()}
    return save(arrays, {"session": text})


def version_of(payload: bytes) -> int:
    """Of the form that these bytes have. Raises Unreadable where they are none."""
    try:
        length = int.from_bytes(payload[:8], "little")
        return int(json.loads(json.loads(payload[8 : 8 + length])["__metadata__"]["session"])["version"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Unreadable(str(error)) from error


def unpack(payload: bytes) -> Frozen:
    """Raises Unreadable, whatever the bytes are."""
    try:
        arrays = load(payload)
        length = int.from_bytes(payload[:8], "little")
        rest = _Rest.model_validate_json(json.loads(payload[8 : 8 + length])["__metadata__"]["session"])
        if rest.version not in _READABLE:
            raise Unreadable(f"version {rest.version} came, expected {' or '.join(map(str, _READABLE))}")
        settings = build_settings(rest.settings)
    except (SafetensorError, ValidationError, Refused, KeyError, TypeError, UnicodeDecodeError) as error:
        raise Unreadable(str(error)) from error
    except ValueError as error:  # of json, and of Unreadable itself
        raise error if isinstance(error, Unreadable) else Unreadable(str(error)) from error
    values = {name: getattr(rest, name) for name in _Rest.model_fields if name not in {"version", "settings", "speed"}}
    if rest.version == 1:
        values["view"] = replace(rest.view, speed=rest.speed)
    return Frozen(settings=settings, arrays=arrays, **values)
