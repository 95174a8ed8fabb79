"""monitoring.py, docs/deployment/alerts.yaml: what an operator can watch, and is woken for."""

import os
import re
import signal
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from prometheus_client.parser import text_string_to_metric_families

from app.config import Config
from app.links import read_link
from app.serving.monitoring import Monitoring, merged, page
from app.sessions.register import Sessions
from app.sessions.scheduler import Scheduler
from app.sessions.session import Session
from app.storage.checkpoint_writer import Keeper
from app.storage.store import SqliteStore
from app.terminal.load.process import children
from tests.servers import Server, fetch, figure, free_port, hyperplane, serving
from tests.waiting import wait_for

ALERTS = Path(__file__).parents[2] / "docs" / "deployment" / "alerts.yaml"
NO_METRICS = {"increase", "rate", "sum", "by", "instance", "up", "job", "code"}


def rules() -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]


def monitoring(config: Config, keeper: Keeper | None = None) -> Monitoring:
    scheduler = Scheduler(1)
    return Monitoring(config, 0, Sessions(config, scheduler), scheduler, keeper, {})


def test_places_version_and_memory_are_told(server: Server) -> None:
    assert figure(server, "hyperplane_sessions_most") == 256
    assert figure(server, "hyperplane_workers", version=version("hyperplane")) == len(children(server.process.pid)) == 2
    for worker in "01":
        assert 20e6 < figure(server, "hyperplane_worker_resident_bytes", worker=worker) < 2e9
    assert figure(server, "hyperplane_store_reachable") == 1


def test_a_worker_that_is_killed_is_counted() -> None:
    port = free_port()
    with serving([hyperplane(), "serve", "--port", str(port)], port) as server:
        assert figure(server, "hyperplane_workers_ended_total") == 0
        before = children(server.process.pid)
        os.kill(before[0], signal.SIGKILL)
        wait_for("another has begun", lambda: before[0] not in (now := children(server.process.pid)) and len(now) == 2)
        wait_for("it is counted", lambda: figure(server, "hyperplane_workers_ended_total") == 1)


def test_a_store_that_is_away_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = tmp_path / "store"
    with closing(SqliteStore(folder / "sessions.sqlite3")) as store:
        keeper = Keeper(store)
        watch = monitoring(Config(), keeper)
        keeper.look()
        assert watch.own()["store_reachable"] == 1
        store.close()
        keeper.look()
        assert watch.own()["store_reachable"] == 0
        keeper.close()
    assert monitoring(Config()).own()["store_reachable"] == 0  # it could not be opened
    assert "store_reachable" not in monitoring(Config(no_store=True)).own()
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_one_worker_without_its_store_is_enough_to_tell() -> None:
    assert merged([{"store_reachable": 1}, {"store_reachable": 0}]) == {"store_reachable": 0}


def test_a_session_that_fails_is_counted() -> None:
    session = Session(read_link(""), lambda: 0.0)
    session.fail()
    session.fail()
    assert session.tally.failures == 2


def test_each_alert_is_over_metrics_that_there_are(server: Server) -> None:
    """Of a server that has just begun: a counter that is not there cannot be seen to grow."""
    families = text_string_to_metric_families(fetch(f"{server.address}/metrics").decode())
    samples = [sample for family in families for sample in family.samples]
    names = {sample.name for sample in samples}
    assert rules()
    for rule in rules():
        named = set(re.findall(r"[a-z_]{2,}", re.sub(r'"[^"]*"|\[[^]]*\]', "", rule["expr"]))) - NO_METRICS
        assert named <= names, rule["alert"]
        assert named or rule["expr"] == 'up{job="hyperplane"} == 0'
        assert rule["annotations"].keys() == {"summary", "what_to_do"}
    assert "4013" in {sample.labels.get("code") for sample in samples}


def test_an_alert_names_only_settings_there_are() -> None:
    named = {name.lower() for name in re.findall(r"HYPERPLANE_([A-Z_]+)", ALERTS.read_text())}
    assert named
    assert named <= set(Config.model_fields)


def test_a_page_needs_no_more_than_one_worker() -> None:
    text = page([monitoring(Config(no_store=True)).own(), {"workers_ended": 3}]).decode()
    assert "hyperplane_workers_ended_total 3.0" in text
    assert "store_reachable" not in text
