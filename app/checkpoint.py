"""A session as bytes and back: arrays in the safetensors format, all else as JSON in its header. No pickle."""

import json
from dataclasses import asdict, dataclass
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from safetensors import SafetensorError
from safetensors.numpy import load, save

from app.building import build_settings
from app.experiment import View
from app.protocol import MOST
from engine.settings import Refused, Settings
from engine.stopping import Stop
from engine.trainer import Divergence

VERSION = 1  # grows when an older server could not read it, or would misread it


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
    speed: float | None = Field(gt=0)


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
    speed: float | None


def pack(frozen: Frozen) -> bytes:
    """To be read by `unpack`."""
    rest = {name: value for name, value in asdict(frozen).items() if name != "arrays"}
    text = json.dumps({"version": VERSION, **rest})
    arrays = {name: np.ascontiguousarray(array) for name, array in frozen.arrays.items()}
    return save(arrays, {"session": text})


def unpack(payload: bytes) -> Frozen:
    """Raises Unreadable, whatever the bytes are."""
    try:
        arrays = load(payload)
        length = int.from_bytes(payload[:8], "little")
        rest = _Rest.model_validate_json(json.loads(payload[8 : 8 + length])["__metadata__"]["session"])
        if rest.version != VERSION:
            raise Unreadable(f"version {rest.version} came, expected {VERSION}")
        settings = build_settings(rest.settings)
    except (SafetensorError, ValidationError, Refused, KeyError, TypeError, UnicodeDecodeError) as error:
        raise Unreadable(str(error)) from error
    except ValueError as error:  # of json, and of Unreadable itself
        raise error if isinstance(error, Unreadable) else Unreadable(str(error)) from error
    values = {name: getattr(rest, name) for name in _Rest.model_fields if name not in {"version", "settings"}}
    return Frozen(settings=settings, arrays=arrays, **values)
