"""Opens a session on a server, or trains a run here, of whichever lab: what the two functions of the package do."""

import logging
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from numpy.typing import ArrayLike

from app.labs import LABS
from app.labs.contract import Brought, Lab
from app.training import Dtype, Length, begin, examples_of_file, opened, saying_that_it_compiles, tables_of
from engine.choices import Refused
from hyperplane.commands import with_methods
from hyperplane.connection import Connection
from hyperplane.labs import run_kind, session_kind
from hyperplane.plain import plain
from hyperplane.run import Run
from hyperplane.session import Session

log = logging.getLogger("hyperplane")

_sessions: dict[str, type[Any]] = {}


def open_session(address: str, link: str, lab: str | None, token: str | None, patience: float) -> Session:
    """What `hyperplane.connect` does. Raises Refused, Unreachable, NoPlace."""
    name = opened(lab, link or None).lab.name
    connection = Connection(address, link, name, token, patience)
    connection.open()
    for repair in connection.take_repairs():
        warnings.warn(f"link: {repair}", stacklevel=3)
    session: Session = session_class(name)(connection, name)
    return session


def session_class(name: str) -> type[Any]:
    """Of a lab's sessions, with a method for each of its commands."""
    if name not in _sessions:
        _sessions[name] = with_methods(session_kind(name), LABS[name])
    return _sessions[name]


def train_here(
    link: str | None,
    length: tuple[int | None, int | None, float | None],
    lab: str | None,
    data: tuple[ArrayLike, ArrayLike] | str | Path | None,
    columns: Sequence[str],
    scaling: str | None,
    dtype: Dtype | None,
    settings: Mapping[str, Any],
) -> Run:
    """What `hyperplane.train` does; `length`: epochs, steps, seconds. Raises Refused."""
    if dtype not in {None, "float32", "float64"}:
        raise Refused("dtype", dtype, "one of float32, float64")
    try:
        how_long, found = Length(*length), opened(lab, link)
        brought = None if data is None else _brought(found.lab, data, columns, scaling)
        with saying_that_it_compiles(log.warning, dtype or found.lab.dtype):
            training = begin(found, plain(dict(settings)), dtype, brought)
            training.train(how_long)
    except Refused as refused:
        raise refused.with_traceback(None) from None  # where in the house it was found helps nobody
    for note in training.notes:
        warnings.warn(note, stacklevel=3)
    return run_kind(found.lab.name)(training)


def _brought(
    lab: Lab, data: tuple[ArrayLike, ArrayLike] | str | Path, columns: Sequence[str], scaling: str | None
) -> Brought:
    if isinstance(data, str | Path):
        return examples_of_file(lab, Path(data), columns, scaling)
    if not isinstance(data, tuple | list) or len(data) != 2:
        raise Refused("data", type(data).__name__, "(points, labels), or the path of a table")
    return tables_of(lab).arrays(*data, scaling)
