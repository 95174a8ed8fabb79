"""A session as bytes and back: arrays in the safetensors format, all else as JSON in its header. No pickle."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from safetensors import SafetensorError
from safetensors.numpy import load, save

from app.labs import FIRST, LABS
from app.labs.contract import Lab
from app.messages import MOST
from app.sessions.checked_settings import build_settings
from app.storage.store import Content
from engine.runs.data import DataRef, Given
from engine.runs.history import History
from engine.runs.moment import Divergence, Moment, Place, State
from engine.runs.stopping import Stop

Arrays = dict[str, NDArray[Any]]
Rest = dict[str, Any]  # what is no array

VERSION = 4  # grows when an older server could not read it, or would misread it
DRAWN_VERSION = 3  # of a run whose examples are drawn, which an older server can go on with


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


def _from_2(rest: Rest, _: Arrays) -> None:
    """There was one lab. What a model counts stood among the run's numbers; of some it was not yet written."""
    rest["lab"] = FIRST.name
    numbers = {"changed": 0, **rest["numbers"]}
    place = {name: numbers.pop(name) for name in (*Place._fields, "changed")}
    rest["numbers"], rest["counts"] = place, {"own_weights": 1, **numbers}  # weights that were set by hand are kept


def _from_3(rest: Rest, _: Arrays) -> None:
    """All examples were drawn from the settings."""
    rest["data"] = None


UPGRADES: dict[int, Upgrade] = {1: _from_1, 2: _from_2, 3: _from_3}  # by the version that they read


# -- the present one --------------------------------------------------------------------------------------------------


_Count = Annotated[int, Field(ge=0, le=MOST)]


class _Rest(BaseModel):
    """What is no array."""

    model_config = ConfigDict(extra="forbid", strict=False, allow_inf_nan=False)

    version: int
    lab: str
    settings: dict[str, Any]
    view: dict[str, Any]
    link: str
    theirs: bool
    numbers: dict[str, _Count]  # of the run
    counts: dict[str, _Count]  # of the model
    divergence: Divergence | None
    stop: Stop | None
    data: DataRef | None  # where the examples are given
    run: _Count
    applied: _Count
    playing: bool


@dataclass(frozen=True)
class Frozen:
    """A session that stands still."""

    moment: Moment
    view: Any  # the lab's own
    link: str  # as it was opened
    theirs: bool  # one of another playground's
    run: int
    applied: int  # number of the last command
    playing: bool

    @property
    def lab(self) -> str:
        """The name of the lab whose run it is."""
        return str(self.moment.settings.lab)

    @property
    def content(self) -> Content | None:
        """What its bytes name and do not have: the examples, where somebody has given them."""
        given = self.moment.given
        return Content(given.ref.digest, given.content) if given else None


def pack(frozen: Frozen) -> bytes:
    """To be read by `unpack`, which also needs `frozen.content`."""
    moment = frozen.moment
    is_given = moment.data.is_given
    rest = {
        "version": VERSION if is_given else DRAWN_VERSION,
        "lab": frozen.lab,
        "settings": asdict(moment.settings),
        "view": asdict(frozen.view),
        "link": frozen.link,
        "theirs": frozen.theirs,
        "numbers": {**moment.place._asdict(), "changed": moment.changed},
        "counts": moment.state.counts,
        "divergence": asdict(moment.divergence) if moment.divergence else None,
        "stop": asdict(moment.stop) if moment.stop else None,
        "run": frozen.run,
        "applied": frozen.applied,
        "playing": frozen.playing,
        **({"data": asdict(moment.data)} if is_given else {}),
    }
    history = moment.history.samples[: moment.samples]
    arrays = {name: np.ascontiguousarray(array) for name, array in {**moment.state.tensors, "history": history}.items()}
    return save(arrays, {"session": json.dumps(rest)})


def version_of(payload: bytes) -> int:
    """Of the form that these bytes have. Raises Unreadable where they are none."""
    return int(_rest_of(payload)["version"])


def unpack(payload: bytes, find: Callable[[str], bytes | None] = lambda _: None) -> Frozen:
    """Raises Unreadable, whatever the bytes are. `find`: the content of a digest, None where it is not kept."""
    raw = _rest_of(payload)
    _check_version(raw["version"])
    try:
        arrays = load(payload)
        for version in range(raw["version"], VERSION):
            UPGRADES[version](raw, arrays)
        rest = _Rest.model_validate({**raw, "version": VERSION})
        lab = LABS[rest.lab]
        given = _given(rest.data, find) if rest.data else None
        moment, view = _moment(lab, rest, arrays, given), view_of(lab, rest.view)
    except _WRONG as error:
        raise Unreadable(str(error)) from error
    return Frozen(moment, view, rest.link, rest.theirs, rest.run, rest.applied, rest.playing)


def _given(ref: DataRef, find: Callable[[str], bytes | None]) -> Given:
    """The examples that a checkpoint names, after a check that they are the same. Raises some of _WRONG."""
    content = find(ref.digest)
    if content is None:
        raise Unreadable(f"the examples {ref.digest[:8]} that were given for it are not in the store")
    given = Given.of(content)
    if given.ref != ref:
        raise Unreadable(f"the examples {given.ref.digest[:8]} came, expected {ref.digest[:8]} as they were given")
    return given


def _moment(lab: Lab, rest: _Rest, arrays: Arrays, given: Given | None) -> Moment:
    """Raises some of _WRONG."""
    numbers, history = rest.numbers, History.of(arrays.pop("history"), len(lab.losses))
    settings: Any = build_settings(lab.settings, rest.settings)
    return Moment(
        settings=settings,
        state=State(arrays, rest.counts),
        place=Place(*(numbers[name] for name in Place._fields)),
        history=history,
        samples=len(history.samples),
        changed=numbers["changed"],
        divergence=rest.divergence,
        stop=rest.stop,
        given=given,
    )


def view_of(lab: Lab, said: dict[str, Any]) -> Any:
    """What a page showed. Lessons come and go with versions; the model that somebody has trained in one stays.

    Raises ValueError or TypeError for what no page shows.
    """
    is_gone = isinstance(said.get("lesson"), str) and said["lesson"] not in lab.view.lessons
    view: TypeAdapter[Any] = TypeAdapter(lab.view)
    return view.validate_python({**said, "lesson": ""} if is_gone else said)


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
