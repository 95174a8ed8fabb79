"""checkpoint.py: what the release before has saved is read, and what a newer one has saved is left to it."""

import asyncio
import json
import time
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load, save

from app.client import metadata
from app.config import Config
from app.links import read_link
from app.sessions.register import Sessions
from app.sessions.scheduler import Scheduler
from app.storage import checkpoint
from app.storage.checkpoint import (
    UPGRADES,
    VERSION,
    Arrays,
    Newer,
    Rest,
    Unreadable,
    pack,
    unpack,
    version_of,
)
from app.storage.checkpoint_writer import Keeper
from app.storage.store import Checkpoint, SqliteStore, key_of
from engine.labs.plane.trainer import Trainer
from tests.app.test_session import make_session

SAMPLES = Path(__file__).parents[1] / "data" / "checkpoints"
FORMS = range(min(UPGRADES), VERSION + 1)
GOOD = pack(make_session()[0].freeze())


def written_anew(payload: bytes, **changes: Any) -> bytes:
    """The same with other things beside the arrays."""
    rest = {**json.loads(metadata(payload)["session"]), **changes}
    return save(load(payload), {"session": json.dumps({name: value for name, value in rest.items() if value != ...})})


@pytest.mark.parametrize("version", FORMS)
def test_a_checkpoint_of_each_form_opens_with_all_that_was_in_it(version: int) -> None:
    """Samples are never written again; a new form has one by `python -m tools.checkpoint_sample`."""
    payload = (SAMPLES / f"version-{version}.safetensors").read_bytes()
    expected = json.loads((SAMPLES / f"version-{version}.json").read_text())
    assert version_of(payload) == version
    session, _ = make_session()
    content = SAMPLES / f"version-{version}.content"
    session.thaw(unpack(payload, lambda _: content.read_bytes()))
    settings, view = (json.loads(json.dumps(asdict(part))) for part in (session.trainer.settings, session.view))
    assert expected["settings"].items() <= settings.items()
    assert expected["view"].items() <= view.items()
    assert session.trainer.parameters.tolist() == expected["parameters"]
    assert (session.trainer.epoch, session.handled) == (expected["epoch"], expected["applied"])
    assert session.playing is expected["playing"]
    session.trainer.train(3)
    assert version_of(pack(session.freeze())) == VERSION


def test_the_upgrades_are_a_chain_and_the_form_before_is_read() -> None:
    assert sorted(UPGRADES) == list(range(min(UPGRADES), VERSION))
    assert VERSION - 1 in UPGRADES


def test_what_a_checkpoint_of_before_does_not_say_has_a_default() -> None:
    """Whether weights were set by hand: they are kept. When something was changed: at the start."""
    sample = (SAMPLES / "version-2.safetensors").read_bytes()
    numbers = json.loads(metadata(sample)["session"])["numbers"]
    moment = unpack(written_anew(sample, numbers={**numbers, "own_weights": 0})).moment
    assert moment.state.counts["own_weights"] == 0
    del numbers["own_weights"], numbers["changed"]
    moment = unpack(written_anew(sample, numbers=numbers)).moment
    trainer = Trainer(moment.settings)
    trainer.resume(moment)
    assert trainer.changed == 0
    before = trainer.layers()[0][0]
    trainer.add_neuron(1)
    np.testing.assert_array_equal(trainer.layers()[0][0][:3], before)


def test_upgrades_follow_one_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """From a form that never was, in which parameters had another name and nothing said whether it played."""

    def from_0(rest: Rest, arrays: Arrays) -> None:
        rest["playing"] = False
        arrays["parameters"] = arrays.pop("weights")

    monkeypatch.setitem(UPGRADES, 0, from_0)
    sample = (SAMPLES / "version-1.safetensors").read_bytes()
    arrays = load(sample)
    arrays["weights"] = arrays.pop("parameters")
    rest = json.loads(metadata(sample)["session"])
    del rest["playing"]
    oldest = unpack(save(arrays, {"session": json.dumps({**rest, "version": 0})}))
    assert pack(replace(oldest, playing=True)) == pack(unpack(sample))
    assert oldest.view.speed == 30  # by the second upgrade
    np.testing.assert_array_equal(oldest.moment.state.tensors["parameters"], arrays["weights"])


@pytest.mark.parametrize("more", [{}, {"rooms": 3}, {"view": ...}, {"settings": {"colour": "red"}}])
def test_a_newer_form_is_known_as_such_whatever_is_in_it(more: dict[str, Any]) -> None:
    newer = written_anew(GOOD, version=VERSION + 1, **more)
    with pytest.raises(Newer, match=f"version {VERSION + 1} came, expected {FORMS[0]} to {VERSION}; it stays"):
        unpack(newer)


@pytest.mark.parametrize("version", [min(UPGRADES) - 1, -(2**70), None, "2", True, 2.0, ..., [], {}])
def test_a_form_that_never_was_is_unreadable(version: Any) -> None:
    with pytest.raises(Unreadable, match="version"):
        unpack(written_anew(GOOD, version=version))


@pytest.mark.parametrize("view", [..., None, [], "view", {"speed": "fast"}])
def test_an_upgrade_of_what_is_wrong_is_unreadable(view: Any) -> None:
    with pytest.raises(Unreadable):
        unpack(written_anew((SAMPLES / "version-1.safetensors").read_bytes(), view=view, speed="fast"))


def test_a_page_whose_session_a_newer_server_has_saved_begins_anew_and_the_session_stays(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    newer = Checkpoint(key_of("mine"), written_anew(GOOD, version=VERSION + 1), time.time())

    async def run(store: SqliteStore) -> None:
        keeper, scheduler = Keeper(store), Scheduler(1)
        sessions = Sessions(Config(), scheduler, keeper)
        scheduler.start()
        place = await sessions.place("mine", "a page", read_link("#v=1&hidden=3"))
        assert place.resumed == "none"
        assert place.seat.token != "mine"  # so that nothing is written over the newer one
        await asyncio.to_thread(scheduler.stop)
        sessions.save_all()
        await asyncio.to_thread(keeper.close)

    with closing(SqliteStore(tmp_path / "sessions.sqlite3")) as store:
        store.save([newer])
        asyncio.run(run(store))
        assert store.load(newer.key) == newer
    assert f"a session cannot be resumed: version {checkpoint.VERSION + 1} came" in caplog.text
