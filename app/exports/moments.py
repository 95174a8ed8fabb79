"""A moment as a file: a PyTorch state_dict whose header has all else, or JSON. Either is opened again, bit for bit.

docs/moments.md describes both forms. Whoever reads one checks it as something that came from anywhere.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from safetensors import SafetensorError
from safetensors.numpy import load

from app.exports import arrays
from app.exports.films.epochs import kept_for_film
from app.labs import LABS
from app.labs.contract import Exports, Lab, Tensors
from app.messages import MOST
from app.sessions.checked_settings import build_settings
from app.sessions.refusals import refused
from app.storage.checkpoint import Frozen, view_of
from engine.choices import Refused
from engine.labs.contract import LabRun
from engine.runs.data import Given, Targets
from engine.runs.history import History
from engine.runs.moment import Divergence, Moment, Place, State
from engine.runs.stopping import Stop

KIND = "moment"  # first in either form, so that programs know it by its beginning
VERSION = 1  # grows when an older server would misread it
MOST_BYTES = 8 * 2**20  # of a file; the largest network of any lab takes some 4 MB, as JSON 6

_MOST_KEPT = 1_000  # moments of a timeline
_MOST_KEPT_BYTES = 16 * 2**20  # of their arrays: a few letters may stand for a large one

_A_MOMENT = "an experiment that “Take home” has written, as safetensors or JSON"
_WRONG = (SafetensorError, ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, RecursionError)

_Count = Annotated[int, Field(ge=0, le=MOST)]
_Array = dict[str, Any]
_Finder = Callable[[Exports, Any], Tensors]  # takes the settings too
_Strings = Annotated[tuple[Annotated[str, Field(max_length=1_000)], ...], Field(max_length=100)]


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class _Examples(_Closed):
    """What somebody has given."""

    targets: Targets
    columns: _Strings
    classes: _Strings
    formula: str
    notices: _Strings
    arrays: dict[str, _Array]


class _Keyframe(_Closed):
    """A moment of the timeline."""

    settings: Annotated[int, Field(ge=0)]  # which of the timeline's
    place: dict[str, _Count]
    changed: _Count
    samples: _Count
    counts: dict[str, _Count]
    is_change: bool
    tensors: dict[str, Annotated[int, Field(ge=0)]]  # which of the timeline's arrays: several moments may share one


class _Timeline(_Closed):
    """What leads to the moment, for a film."""

    settings: Annotated[list[dict[str, Any]], Field(max_length=_MOST_KEPT)]
    arrays: Annotated[list[_Array], Field(max_length=8 * _MOST_KEPT)]
    moments: Annotated[list[_Keyframe], Field(max_length=_MOST_KEPT)]


class _Said(_Closed):
    """All but the model's own tensors."""

    kind: Literal["moment"]
    version: int
    lab: str
    settings: dict[str, Any]
    view: dict[str, Any]
    link: str
    place: dict[str, _Count]
    changed: _Count
    counts: dict[str, _Count]
    divergence: Divergence | None
    stop: Stop | None
    training: dict[str, _Array]  # what the method keeps
    history: _Array
    examples: _Examples | None
    timeline: _Timeline | None = None


# -- writing ----------------------------------------------------------------------------------------------------------


def write_safetensors(frozen: Frozen) -> bytes:
    """Its tensors are those of `state_dict`, and nothing else. The same moment gives the same bytes."""
    tensors, training = _exports(frozen.lab).named(frozen.moment)
    said = json.dumps(_said(frozen, training, arrays.in_bytes), separators=(",", ":"))
    return _safetensors(tensors, {"format": "pt", "kind": KIND, "lab": frozen.lab, "moment": said})


def write_json(frozen: Frozen) -> bytes:
    """The same for people and other programs: weights as [layer][to][from]."""
    exports = _exports(frozen.lab)
    tensors, training = exports.named(frozen.moment)
    said = _said(frozen, training, arrays.in_lists)
    dtype = next(each.dtype.name for each in tensors.values() if each.dtype.kind == "f")
    lists = exports.lists(frozen.moment.settings)
    model = {name: [arrays.in_numbers(tensors[each]) for each in names] for name, names in lists.items() if names}
    return _lines({**said, "dtype": dtype, "model": model}).encode()


def _said(frozen: Frozen, training: Tensors, write: Callable[[NDArray[Any]], _Array]) -> dict[str, Any]:
    moment = frozen.moment
    return {
        "kind": KIND,
        "version": VERSION,
        "lab": frozen.lab,
        "settings": asdict(moment.settings),
        "view": asdict(frozen.view),
        "link": frozen.link,
        "place": moment.place._asdict(),
        "changed": moment.changed,
        "counts": moment.state.counts,
        "divergence": asdict(moment.divergence) if moment.divergence else None,
        "stop": asdict(moment.stop) if moment.stop else None,
        "training": {name: write(array) for name, array in training.items()},
        "history": write(moment.history.samples[: moment.samples]),
        "examples": _examples(moment.given, write) if moment.given else None,
        **({"timeline": _timeline(frozen, write)} if frozen.timeline else {}),
    }


def _timeline(frozen: Frozen, write: Callable[[NDArray[Any]], _Array]) -> dict[str, Any]:
    settings = list(dict.fromkeys(moment.settings for moment, _ in frozen.timeline))
    arrays = {id(array): array for moment, _ in frozen.timeline for array in moment.state.tensors.values()}
    numbers = {key: number for number, key in enumerate(arrays)}
    return {
        "settings": [asdict(each) for each in settings],
        "arrays": [write(array) for array in arrays.values()],
        "moments": [
            {
                "settings": settings.index(moment.settings),
                "place": moment.place._asdict(),
                "changed": moment.changed,
                "samples": moment.samples,
                "counts": moment.state.counts,
                "is_change": is_change,
                "tensors": {name: numbers[id(array)] for name, array in moment.state.tensors.items()},
            }
            for moment, is_change in frozen.timeline
        ],
    }


def _examples(given: Given, write: Callable[[NDArray[Any]], _Array]) -> dict[str, Any]:
    return {
        "targets": given.targets,
        "columns": list(given.columns),
        "classes": list(given.classes),
        "formula": given.formula,
        "notices": list(given.notices),
        "arrays": {name: write(array) for name, array in sorted(given.examples.items())},
    }


def _safetensors(tensors: Tensors, metadata: Mapping[str, str]) -> bytes:
    """What the library's `save` writes, with the metadata in their order; there it changes from call to call."""
    ordered = sorted(tensors.items(), key=lambda item: (-item[1].itemsize, item[0]))
    header: dict[str, Any] = {"__metadata__": metadata}
    bodies, place = [], 0
    for name, array in ordered:
        body = np.ascontiguousarray(array, array.dtype.newbyteorder("<")).tobytes()
        kind = {"f": "F", "i": "I", "u": "U"}[array.dtype.kind] + str(8 * array.itemsize)
        header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": [place, place + len(body)]}
        bodies.append(body)
        place += len(body)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return b"".join([len(text).to_bytes(8, "little"), text, *bodies])


def _lines(said: dict[str, Any]) -> str:
    """JSON with a line for each name, and one for each layer of the model."""
    model = said.pop("model")
    lines = [f"{json.dumps(name)}: {json.dumps(value, allow_nan=False)}" for name, value in said.items()]
    parts = []
    for name, layers in model.items():
        rows = ",\n   ".join(json.dumps(layer) for layer in layers)
        parts.append(f"{json.dumps(name)}: [\n   {rows}]")
    lines.append('"model": {\n  ' + ",\n  ".join(parts) + "}")
    return "{" + ",\n ".join(lines) + "}\n"


# -- reading ----------------------------------------------------------------------------------------------------------


def looks_like_moment(file: bytes) -> bool:
    """Whether its beginning is that of a file of ours, in either form; anything else may be a table."""
    return file[:40].lstrip().startswith(b'{"kind": "moment"') or file[8:9] == b"{"


def read(file: bytes) -> Frozen:
    """The experiment that a file holds, in either form. Raises Refused, whatever the bytes are.

    Whether a server allows so many parameters, and whether its tensors fit, is found when a run goes on from it.
    """
    if len(file) > MOST_BYTES:
        raise Refused("file", f"{len(file):,} bytes", f"at most {MOST_BYTES:,}")
    try:
        return _read_json(file) if file.lstrip()[:1] == b"{" else _read_safetensors(file)
    except Refused:
        raise
    except ValidationError as error:
        raise refused(error) from error
    except _WRONG as error:
        raise Refused("file", _short(error), _A_MOMENT) from error


def run_of(frozen: Frozen, parameter_limit: int | None = None) -> LabRun:
    """A run that goes on from there, with the file's kind of numbers. Raises Refused."""
    moment, lab = frozen.moment, LABS[frozen.lab]
    run = lab.engine.begin(moment.settings, parameter_limit, dtype_of(frozen), moment.given)
    try:
        run.resume(moment)
    except KeyError as error:
        raise Refused("file", f"no {error}", _A_MOMENT) from error
    return run


def dtype_of(frozen: Frozen) -> np.dtype[Any]:
    """Of the numbers that were trained with."""
    return next(each.dtype for each in frozen.moment.state.tensors.values() if each.dtype.kind == "f")


def freeze(run: LabRun, view: Any, link: str, *, for_film: bool = False) -> Frozen:
    """A run as it is, to be written; for a film with what of its timeline led there."""
    moment = run.moment()
    kept = kept_for_film(run.timeline, moment) if for_film else ()
    return Frozen(moment, view, link, theirs=False, run=0, applied=0, playing=False, timeline=kept)


def _read_safetensors(file: bytes) -> Frozen:
    length = int.from_bytes(file[:8], "little")
    if not 2 <= length <= len(file) - 8 or file[8:9] != b"{":
        raise Refused("file", f"{len(file):,} bytes that begin with {file[:12]!r}", _A_MOMENT)
    header = json.loads(file[8 : 8 + length])
    metadata = header.get("__metadata__") or {}
    if metadata.get("kind") != KIND:
        raise Refused("file", "a safetensors file without an experiment", _A_MOMENT)
    return _frozen(json.loads(metadata["moment"]), lambda *_: load(file))


def _read_json(file: bytes) -> Frozen:
    try:
        said = json.loads(file)
    except json.JSONDecodeError as error:
        raise Refused("file", f"{error.msg} in line {error.lineno}, column {error.colno}", _A_MOMENT) from error
    if said.get("kind") != KIND:
        raise Refused("file", "JSON without an experiment", _A_MOMENT)
    dtype, model = said.pop("dtype"), said.pop("model")
    return _frozen(said, lambda exports, settings: _from_lists(exports.lists(settings), model, dtype))


def _from_lists(lists: Mapping[str, Sequence[str]], model: dict[str, Any], dtype: str) -> Tensors:
    found: Tensors = {}
    for name, layers in model.items():
        if name not in lists or len(layers) != len(lists[name]):
            expected = ", ".join(f"{len(names)} {each}" for each, names in lists.items() if names)
            raise Refused(f"model.{name[:40]}", f"a list of {len(layers)}", expected)
        for place, (tensor, numbers) in enumerate(zip(lists[name], layers, strict=True)):
            found[tensor] = _list_of(f"model.{name}[{place}]", numbers, dtype)
    return found


def _list_of(field: str, numbers: Any, dtype: str) -> NDArray[Any]:
    try:
        return arrays.from_lists(numbers, dtype)
    except _WRONG as error:
        raise Refused(field, _short(error), "rows of numbers, equally long") from error


def _frozen(raw: dict[str, Any], tensors: _Finder) -> Frozen:
    """Raises Refused, ValidationError, or some of _WRONG."""
    version = raw.get("version")
    if type(version) is not int or not 1 <= version <= VERSION:
        raise Refused("version", version, f"a number from 1 to {VERSION}: a newer server may have written it")
    said = _Said.model_validate(raw)
    lab = LABS.get(said.lab)
    if lab is None or lab.exports is None:
        raise Refused("lab", said.lab[:40], f"one of {', '.join(lab.name for lab in LABS.values() if lab.exports)}")
    moment = _moment(lab, lab.exports(), said, tensors)
    kept = _kept(lab, said.timeline, moment) if said.timeline else ()
    return Frozen(
        moment, view_of(lab, said.view), said.link, theirs=False, run=0, applied=0, playing=False, timeline=kept
    )


def _kept(lab: Lab, said: _Timeline, tip: Moment) -> tuple[tuple[Moment, bool], ...]:
    """Whether each fits its settings is found when a run stands there."""
    settings: list[Any] = [build_settings(lab.settings, each) for each in said.settings]
    found, size = [], 0
    for number, array in enumerate(said.arrays):
        found.append(_array(f"timeline.arrays[{number}]", array))
        size += found[-1].nbytes
        if size > _MOST_KEPT_BYTES:
            raise Refused(
                "timeline", f"more than {_MOST_KEPT_BYTES:,} bytes of arrays", f"at most {_MOST_KEPT_BYTES:,}"
            )
    kept = []
    for each in said.moments:
        state = State({name: found[number] for name, number in each.tensors.items()}, each.counts)
        samples = min(each.samples, tip.samples)
        place, own = _place(each.place), settings[each.settings]
        moment = Moment(own, state, place, tip.history, samples, each.changed, given=tip.given)
        kept.append((moment, each.is_change))
    return tuple(kept)


def _moment(lab: Lab, exports: Exports, said: _Said, tensors: _Finder) -> Moment:
    settings: Any = build_settings(lab.settings, said.settings)
    training = {name: _array(f"training.{name}", each) for name, each in said.training.items()}
    history = History.of(_array("history", said.history), len(lab.losses))
    return Moment(
        settings=settings,
        state=exports.state(settings, tensors(exports, settings), training, said.counts),
        place=_place(said.place),
        history=history,
        samples=len(history.samples),
        changed=said.changed,
        divergence=said.divergence,
        stop=said.stop,
        given=_given(said.examples) if said.examples else None,
    )


def _place(said: dict[str, int]) -> Place:
    if set(said) != set(Place._fields):
        raise Refused("place", sorted(said), ", ".join(Place._fields))
    return Place(**said)


def _given(said: _Examples) -> Given:
    """What the lab that learns them will check."""
    examples = {name: _array(f"examples.{name}", each) for name, each in said.arrays.items()}
    if not examples or any(each.ndim == 0 for each in examples.values()):
        raise Refused("examples", sorted(examples), "arrays with a row for each example")
    return Given(said.targets, examples, said.columns, said.classes, said.formula, said.notices)


def _array(field: str, said: _Array) -> NDArray[Any]:
    try:
        return arrays.read(said)
    except _WRONG as error:
        raise Refused(field, _short(error), "an array: dtype with values, or with shape and base64 or all") from error


def _short(error: Exception) -> str:
    """Its own words, as far as a person would read."""
    return " ".join(str(error).split())[:160] or type(error).__name__


def _exports(lab: str) -> Exports:
    """Raises Refused for a lab that has none."""
    found = LABS[lab].exports
    if found is None:
        raise Refused("lab", lab, "one whose experiments can be taken home")
    return found()
