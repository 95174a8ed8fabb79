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
from engine.runs.timeline import Timeline

Arrays = dict[str, NDArray[Any]]
Rest = dict[str, Any]  # what is no array

VERSION = 5  # grows when an older server could not read it, or would misread it
_TIMELINE_BYTES = 32 * 2**10  # of the moments that a checkpoint has of a timeline: training repeats what is between
_TIMELINE_MOMENTS = 24  # at most, but for those that changes led to


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


def _from_4(rest: Rest, _: Arrays) -> None:
    """There was no timeline."""
    rest["data"] = rest.get("data")  # which the form of drawn examples lacked
    rest["timeline"], rest["timeline_settings"] = [], []


UPGRADES: dict[int, Upgrade] = {1: _from_1, 2: _from_2, 3: _from_3, 4: _from_4}  # by the version that they read


# -- the present one --------------------------------------------------------------------------------------------------


_Count = Annotated[int, Field(ge=0, le=MOST)]


class _Keyframe(BaseModel):
    """A moment of the timeline: its arrays have its number before their names."""

    model_config = ConfigDict(extra="forbid", strict=False, allow_inf_nan=False)

    settings: Annotated[int, Field(ge=0)]  # which of `timeline_settings`
    numbers: dict[str, _Count]
    counts: dict[str, _Count]
    samples: _Count
    is_change: bool


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
    timeline: list[_Keyframe]
    timeline_settings: list[dict[str, Any]]
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
    timeline: tuple[tuple[Moment, bool], ...] = ()  # moments of it, and whether a change led to each

    @property
    def lab(self) -> str:
        """The name of the lab whose run it is."""
        return str(self.moment.settings.lab)

    @property
    def content(self) -> Content | None:
        """What its bytes name and do not have: the examples, where somebody has given them."""
        given = self.moment.given
        return Content(given.ref.digest, given.content) if given else None


def kept_of(timeline: Timeline, moment: Moment) -> tuple[tuple[Moment, bool], ...]:
    """What the checkpoint of a run, which is there now, has of its timeline: from where it has learned its present
    examples on, as it names no others, and little enough that all checkpoints together stay small."""
    size = 500 + sum(each.nbytes for each in moment.state.tensors.values())  # with its names and numbers
    most = _TIMELINE_BYTES // size
    kept = timeline.sparse(min(most, _TIMELINE_MOMENTS))[-most:] if most else []
    others = [at for at, each in enumerate(kept) if each.moment.given != moment.given]
    ours = kept[max(others, default=-1) + 1 :]
    first = next((at for at, each in enumerate(ours) if each.is_change), len(ours))
    return tuple((each.moment, each.is_change) for each in ours[first:])


def pack(frozen: Frozen) -> bytes:
    """To be read by `unpack`, which also needs `frozen.content`."""
    moment = frozen.moment
    settings = list(dict.fromkeys(each.settings for each, _ in frozen.timeline))
    rest = {
        "version": VERSION,
        "lab": frozen.lab,
        "settings": asdict(moment.settings),
        "view": asdict(frozen.view),
        "link": frozen.link,
        "theirs": frozen.theirs,
        "numbers": _numbers(moment),
        "counts": moment.state.counts,
        "divergence": asdict(moment.divergence) if moment.divergence else None,
        "stop": asdict(moment.stop) if moment.stop else None,
        "data": asdict(moment.data) if moment.data.is_given else None,
        "timeline": [
            {
                "settings": settings.index(each.settings),
                "numbers": _numbers(each),
                "counts": each.state.counts,
                "samples": each.samples,
                "is_change": is_change,
            }
            for each, is_change in frozen.timeline
        ],
        "timeline_settings": [asdict(each) for each in settings],
        "run": frozen.run,
        "applied": frozen.applied,
        "playing": frozen.playing,
    }
    arrays = {**moment.state.tensors, "history": moment.history.samples[: moment.samples]}
    for number, (each, _) in enumerate(frozen.timeline):
        arrays |= {f"{number}/{name}": array for name, array in each.state.tensors.items()}
    return save({name: np.ascontiguousarray(array) for name, array in arrays.items()}, {"session": json.dumps(rest)})


def _numbers(moment: Moment) -> dict[str, int]:
    return {**moment.place._asdict(), "changed": moment.changed}


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
        timeline = [_popped(arrays, number) for number in range(len(rest.timeline))]
        moment, view = _moment(lab, rest, arrays, given), view_of(lab, rest.view)
        kept = _timeline(lab, rest, timeline, moment)
    except _WRONG as error:
        raise Unreadable(str(error)) from error
    return Frozen(moment, view, rest.link, rest.theirs, rest.run, rest.applied, rest.playing, kept)


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


def _popped(arrays: Arrays, number: int) -> Arrays:
    """The arrays of a moment of the timeline, which are no longer among those of the run."""
    head = f"{number}/"
    return {name.removeprefix(head): arrays.pop(name) for name in list(arrays) if name.startswith(head)}


def _timeline(lab: Lab, rest: _Rest, arrays: list[Arrays], last: Moment) -> tuple[tuple[Moment, bool], ...]:
    """Raises some of _WRONG."""
    settings: list[Any] = [build_settings(lab.settings, each) for each in rest.timeline_settings]
    kept = []
    for tensors, each in zip(arrays, rest.timeline, strict=True):
        if each.samples > last.samples:
            raise Unreadable(f"{each.samples} samples came, expected at most {last.samples}")
        place = Place(*(each.numbers[name] for name in Place._fields))
        state, changed = State(tensors, each.counts), each.numbers["changed"]
        moment = Moment(settings[each.settings], state, place, last.history, each.samples, changed, given=last.given)
        kept.append((moment, each.is_change))
    return tuple(kept)


def view_of(lab: Lab, said: dict[str, Any]) -> Any:
    """What a page showed. Lessons come and go with versions; the model that somebody has trained in one stays.

    Raises ValueError or TypeError for what no page shows.
    """
    is_gone = isinstance(said.get("lesson"), str) and said["lesson"] not in lab.view.lessons
    view: TypeAdapter[Any] = TypeAdapter(lab.view)
    return view.validate_python({**said, "lesson": ""} if is_gone else said)


_WRONG = (SafetensorError, ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError)


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
