"""A session as bytes and back: arrays in the safetensors format, all else as JSON in its header. No pickle."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, field_validator
from safetensors import SafetensorError
from safetensors.numpy import load, save

from app.experiment import View
from app.labs.plane.lessons import SLUGS
from app.messages import MOST
from app.sessions.checked_settings import build_settings
from engine.runs.history import History
from engine.runs.moment import Divergence, Moment, Place, State
from engine.runs.stopping import Stop

Arrays = dict[str, NDArray[Any]]
Rest = dict[str, Any]  # what is no array

VERSION = 2  # grows when an older server could not read it, or would misread it


class Unreadable(ValueError):
    """These bytes are no checkpoint that this server can go on from."""


class Newer(Unreadable):
    """A newer server can go on from them."""


# -- forms ------------------------------------------------------------------------------------------------------------
#
# A server reads its own form, and an older one by upgrades, one after the other up to its own. Whoever raises VERSION
# adds the upgrade from the form before, and keeps a sample of the new form: `python -m tools.checkpoint_sample`. The
# upgrade must be there in the release that brings the form; a later one may drop it, as sessions live for a day.

Upgrade = Callable[[Rest, Arrays], None]  # changes both in place; what it raises on a wrong one is one of _WRONG


def _from_1(rest: Rest, _: Arrays) -> None:
    """The speed stood beside the view."""
    rest["view"] = {**rest["view"], "speed": rest.pop("speed", None)}


UPGRADES: dict[int, Upgrade] = {1: _from_1}  # by the version that they read


# -- the present one --------------------------------------------------------------------------------------------------


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

    @field_validator("view", mode="before")
    @classmethod
    def _without_a_lesson_that_is_gone(cls, view: Any) -> Any:
        """Lessons come and go with versions; the network that somebody has trained in one stays."""
        is_gone = isinstance(view, dict) and isinstance(view.get("lesson"), str) and view["lesson"] not in SLUGS
        return {**view, "lesson": ""} if is_gone else view


@dataclass(frozen=True)
class Frozen:
    """A session that stands still."""

    moment: Moment
    view: View
    link: str  # as it was opened
    theirs: bool  # one of TensorFlow Playground's
    run: int
    applied: int  # number of the last command
    playing: bool


def pack(frozen: Frozen) -> bytes:
    """To be read by `unpack`."""
    moment = frozen.moment
    rest = {
        "version": VERSION,
        "settings": asdict(moment.settings),
        "view": asdict(frozen.view),
        "link": frozen.link,
        "theirs": frozen.theirs,
        "numbers": {**moment.place._asdict(), "changed": moment.changed, **moment.state.counts},
        "divergence": asdict(moment.divergence) if moment.divergence else None,
        "stop": asdict(moment.stop) if moment.stop else None,
        "run": frozen.run,
        "applied": frozen.applied,
        "playing": frozen.playing,
    }
    history = moment.history.samples[: moment.samples]
    arrays = {name: np.ascontiguousarray(array) for name, array in {**moment.state.tensors, "history": history}.items()}
    return save(arrays, {"session": json.dumps(rest)})


def version_of(payload: bytes) -> int:
    """Of the form that these bytes have. Raises Unreadable where they are none."""
    return int(_rest_of(payload)["version"])


def unpack(payload: bytes) -> Frozen:
    """Raises Unreadable, whatever the bytes are."""
    raw = _rest_of(payload)
    _check_version(raw["version"])
    try:
        arrays = load(payload)
        for version in range(raw["version"], VERSION):
            UPGRADES[version](raw, arrays)
        rest = _Rest.model_validate({**raw, "version": VERSION})
        moment = _moment(rest, arrays)
    except _WRONG as error:
        raise Unreadable(str(error)) from error
    return Frozen(moment, rest.view, rest.link, rest.theirs, rest.run, rest.applied, rest.playing)


def _moment(rest: _Rest, arrays: Arrays) -> Moment:
    """Raises some of _WRONG. What checkpoints of before do not say has a default."""
    numbers, history = rest.numbers, History.of(arrays.pop("history"))
    counts = {"taken": numbers["taken"], "edits": numbers["edits"], "own_weights": numbers.get("own_weights", 1)}
    return Moment(
        settings=build_settings(rest.settings),
        state=State(arrays, counts),
        place=Place(*(numbers[name] for name in Place._fields)),
        history=history,
        samples=len(history.samples),
        changed=numbers.get("changed", 0),
        divergence=rest.divergence,
        stop=rest.stop,
    )


_WRONG = (SafetensorError, ValueError, KeyError, TypeError, AttributeError, RecursionError)


def _rest_of(payload: bytes) -> Rest:
    """What stands beside the arrays, in whichever form. Raises Unreadable unless it has a version."""
    try:
        length = int.from_bytes(payload[:8], "little")
        rest = json.loads(json.loads(payload[8 : 8 + length])["__metadata__"]["session"])
    except _WRONG as error:
        raise Unreadable(str(error)) from error
    if not isinstance(rest, dict) or type(rest.get("version")) is not int:
        raise Unreadable("no version came, expected a number")
    return rest


def _check_version(version: int) -> None:
    """Before anything else is read: a newer form may have names and arrays that nobody here knows."""
    oldest = min(UPGRADES, default=VERSION)
    expected = f"version {version} came, expected {oldest} to {VERSION}"
    if version > VERSION:
        raise Newer(f"{expected}; it stays in the store for a newer server")
    if version < oldest:
        raise Unreadable(expected)
