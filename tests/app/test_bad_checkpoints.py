"""checkpoint.py, session.py: checkpoints that are whole and wrong, as a hand might have written them.

What was damaged by a disk is in test_resume.py and test_store.py.
"""

import copy
import json
import math
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load, save

from app.client import metadata
from app.links import read_link
from app.protocol import Play, Step
from app.sessions.session import Session
from app.storage.checkpoint import Unreadable, pack, unpack
from engine.choices import Refused
from engine.labs.plane.given import give_classes
from engine.runs.data import Given

Arrays = dict[str, Any]
Rest = dict[str, Any]

LINKS = [
    "#v=1&hidden=3,2&method=adam",
    "#v=1&dataset=gauss&classes=4&loss=cross-entropy&hidden=4,4&connections=residual&batch_norm=true",
    "#v=1&dataset=reg-plane&hidden=2&dropout=0.2&batch_size=10",
]
VALUES: list[Any] = [
    None, True, -1, 0, 1, 1.5, 2**31, 2**53, 2**63, 2**64, 10**400, 1e308, math.nan, math.inf, -math.inf, "", "x", "1",
    "NaN", "\x00", "x" * 5_000, [], {}, [None], [[]], [1e9] * 40, {"": None}, {"epoch": 1}, [2**53], ["moon"],
]  # fmt: skip


POINTS = give_classes(np.random.default_rng(1).uniform(-6, 6, (30, 2)), np.arange(30) % 4)
CONTENTS = {POINTS.ref.digest: POINTS.content}


def frozen(link: str, given: Given | None = None) -> tuple[Arrays, Rest]:
    """A session in training, as its checkpoint has it."""
    session = Session(read_link(link), clock=lambda: 1.0)
    if given:
        session.trainer.learn(given)
    for number in range(1, 4):
        session.receive(Step(seq=number))
    session.receive(Play(seq=4))
    payload = pack(session.freeze())
    return load(payload), json.loads(metadata(payload)["session"])


GOOD = [*(frozen(link) for link in LINKS), frozen(LINKS[0], POINTS)]


def other_value(rng: random.Random, _: Arrays, rest: Rest) -> None:
    """Anywhere, also deep inside."""
    place: Any = rest
    while True:
        name = rng.choice(list(place)) if isinstance(place, dict) else rng.randrange(len(place))
        inner = place[name]
        if not (isinstance(inner, dict | list) and inner and rng.random() < 0.8):
            place[name] = copy.deepcopy(rng.choice(VALUES))
            return
        place = inner


def one_less(rng: random.Random, arrays: Arrays, rest: Rest) -> None:
    places = [arrays, rest, *(rest.get(name) for name in ("numbers", "settings", "view", "data"))]
    place = rng.choice([place for place in places if place and isinstance(place, dict)])
    del place[rng.choice(list(place))]


def one_more(rng: random.Random, arrays: Arrays, rest: Rest) -> None:
    places = [rest, *(rest.get(name) for name in ("numbers", "settings", "view", "data"))]
    rng.choice([place for place in places if isinstance(place, dict)])[
        rng.choice(["", "more", "__class__", "epoch"])
    ] = copy.deepcopy(rng.choice(VALUES))
    arrays[rng.choice(["", "more", "grid"])] = np.zeros(3)


def other_shape(rng: random.Random, arrays: Arrays, _: Rest) -> None:
    name = rng.choice(list(arrays))
    array = arrays[name]
    shapes = [(), (0,), (1,), (array.size + 1,), (array.size, 1), (1, array.size), (2, 3, 4), (0, 3), (5, 3)]
    arrays[name] = np.resize(array, rng.choice(shapes)) if array.size else np.zeros(rng.choice(shapes), array.dtype)


def other_type(rng: random.Random, arrays: Arrays, _: Rest) -> None:
    name = rng.choice(list(arrays))
    with np.errstate(all="ignore"):
        arrays[name] = arrays[name].astype(rng.choice(["f2", "f4", "f8", "i1", "i8", "u8", "?"]))


def other_numbers(rng: random.Random, arrays: Arrays, _: Rest) -> None:
    name = rng.choice([name for name in arrays if arrays[name].size])
    array = np.array(arrays[name], order="C")
    with np.errstate(all="ignore"):
        value = np.float64(rng.choice([math.nan, math.inf, -math.inf, -1, 0, 1e300, -1e30, 0.5, 2])).astype(array.dtype)
    array.reshape(-1)[rng.randrange(array.size)] = value
    arrays[name] = array


def of_another(rng: random.Random, arrays: Arrays, rest: Rest) -> None:
    """Good in itself, but of another network."""
    others, other_rest = copy.deepcopy(rng.choice(GOOD))
    if rng.random() < 0.5:
        arrays.update(others)
    else:
        name = rng.choice(["settings", "numbers", "view", "link", "version"])
        rest[name] = other_rest[name]


CHANGES: list[Callable[[random.Random, Arrays, Rest], None]] = [
    other_value, other_value, other_value, one_less, one_more, other_shape, other_type, other_numbers, of_another,
]  # fmt: skip


def changed(rng: random.Random) -> bytes:
    arrays, rest = copy.deepcopy(rng.choice(GOOD))
    for _ in range(rng.choice([1, 1, 1, 2, 4])):
        rng.choice(CHANGES)(rng, arrays, rest)
    contiguous = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    return save(contiguous, {"session": json.dumps(rest)})


def goes_on(payload: bytes) -> bool:
    """Whether it is taken; a session that takes it must train, be seen and be saved like any other."""
    now = 1.0
    session = Session(read_link(""), clock=lambda: now)
    try:
        session.thaw(unpack(payload, CONTENTS.get))
    except (Unreadable, Refused, KeyError):
        assert session.run == 1  # nothing of it has come in
        return False
    session.attach()
    for _ in range(3):
        assert session.next_turn() >= 0
        now += 1.0
        session.advance()
        session.picture = None
    session.receive(Step(seq=session.handled + 1))
    assert unpack(pack(session.freeze()), CONTENTS.get).applied == session.handled
    return True


@pytest.mark.parametrize("payload", [save(arrays, {"session": json.dumps(rest)}) for arrays, rest in GOOD])
def test_a_good_one_goes_on(payload: bytes) -> None:
    assert goes_on(payload)


@pytest.mark.parametrize("seed", range(8))
def test_a_wrong_one_is_refused_or_harmless(seed: int) -> None:
    rng = random.Random(seed)
    taken = sum(goes_on(changed(rng)) for _ in range(60))
    assert 0 < taken < 60


@pytest.mark.parametrize("epoch", [0, 2**31, 2**53 - 1])
def test_an_epoch_that_its_history_does_not_know_is_refused(epoch: int) -> None:
    arrays, rest = copy.deepcopy(GOOD[0])
    rest["numbers"]["epoch"] = epoch
    with pytest.raises(Refused, match="epoch"):
        Session(read_link(""), lambda: 1.0).thaw(unpack(save(arrays, {"session": json.dumps(rest)})))
