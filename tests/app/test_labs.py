"""Whatever knows labs by their record alone serves another one: tests/toy_lab.py, through all of the server."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from typer.testing import CliRunner

from app.client import Client, Frame, LossHistory, Material
from app.config import Config
from app.experiment import Experiment, Trained
from app.labs import FIRST, LABS
from app.labs.plane.edits import AddNeuron, LookAt
from app.links import expect_link, link_for, read_link, write_link
from app.protocol import (
    Ack,
    Change,
    Focus,
    OpenLink,
    Pause,
    Play,
    Recover,
    Rejected,
    Reset,
    Share,
    Shared,
    Show,
    State,
    Step,
    Welcome,
    messages_of,
)
from app.serving.application import Server, create_app
from app.serving.live import NO_HELLO, _parse
from app.sessions.session import Session
from app.storage.checkpoint import VERSION, Unreadable, pack, unpack, version_of
from app.terminal.cli import cli
from tests.app.test_checkpoint import written_anew
from tests.toy_lab import TOY, Again, Halve, Peek, Push, ToySettings, ToyView

LINK = "#lab=toy&v=1&start=2&rate=0.5"


@pytest.fixture(autouse=True)
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LABS, "toy", TOY)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def session(clock: Clock) -> Session:
    session = Session(link_for(TOY, LINK), clock)
    session.attach()
    return session


def tell(session: Session, command: Any) -> Any:
    session.outbox.clear()
    session.receive(command)
    return session.outbox[0]


def frame_of(session: Session, clock: Clock) -> Frame:
    clock.now += 0.1
    session.advance()
    assert session.picture is not None
    event = Client().receive(session.picture)
    session.picture = None
    assert isinstance(event, Frame)
    return event


# -- a session ---------------------------------------------------------------------------------------------------------


def test_a_page_is_greeted_with_the_state_and_the_material_of_its_lab(session: Session) -> None:
    state, material = session.outbox
    assert isinstance(state, State)
    assert (state.lab, state.facts, state.settings["start"]) == ("toy", {"lowest": 0}, 2)
    assert state.view == asdict(ToyView())
    assert state.link == LINK
    assert isinstance(material, bytes)
    event = Client().receive(material)
    assert isinstance(event, Material)
    assert (event.about["kind"], event.about["lab"]) == ("material", "toy")
    assert event.tensors["curve"].tolist() == [40.5, 10.125, 0, 10.125, 40.5]


def test_it_plays_and_its_frames_have_the_losses_by_name(session: Session, clock: Clock) -> None:
    assert tell(session, Play(seq=1)).playing
    history, frame = LossHistory(), frame_of(session, clock)
    while history.merge(frame) and frame.epoch < 2:  # on a slow machine a slice ends early
        session.receive(Ack(frame=frame.number))
        frame = frame_of(session, clock)
    assert (frame.about["lab"], frame.about["losses"], frame.about["grid"]) == ("toy", "near,far", "False")
    w = 2 * 0.5 ** (2 * frame.epoch)
    assert frame.tensors["w"] == pytest.approx([w])
    assert frame.losses == pytest.approx({"near": w**2 / 2, "far": (w - 1) ** 2 / 2})
    assert history.samples[:2].tolist() == [[0, 2, 0.5], [1, 0.125, 0.125]]


def test_a_step_a_change_and_a_reset(session: Session) -> None:
    assert tell(session, Step(seq=1)).run == 1
    assert session.trainer.model.w == [0.5]
    assert tell(session, Change(seq=2, settings={"rate": 0.25})).settings["rate"] == 0.25
    assert session.trainer.epoch == 1
    assert tell(session, Change(seq=3, settings={"start": -1})).run == 2
    assert (session.trainer.epoch, session.trainer.model.w) == (0, [-1])
    tell(session, Step(seq=4))
    assert tell(session, Reset(seq=5)).run == 3
    assert session.trainer.model.w == [-1]
    refused = tell(session, Change(seq=6, settings={"hidden": [3]}))
    assert (refused.field, refused.expected.startswith("a setting: one of start, rate, word")) == ("hidden", True)


def test_an_edit_of_its_own_applies_itself(session: Session) -> None:
    assert isinstance(tell(session, Push(seq=1, by=1)), State)
    assert session.trainer.model.w == [3]
    refused = tell(session, Push(seq=2, by=10))
    assert (refused.field, refused.expected) == ("by", "at most 9")


def test_an_edit_pauses_if_it_says_so(session: Session) -> None:
    tell(session, Play(seq=1))
    assert tell(session, Push(seq=2, by=1)).playing
    assert not tell(session, Halve(seq=3)).playing
    assert session.trainer.model.w == [1.5]


def test_an_edit_that_starts_over_tells_the_material_anew_and_plays_from_the_beginning(
    session: Session, clock: Clock
) -> None:
    tell(session, Play(seq=1))
    clock.now += 5
    session.advance()
    assert session.trainer.epoch > 0
    state = tell(session, Again(seq=2))
    assert (state.run, state.playing) == (2, True)
    message = session.outbox[1]
    assert isinstance(message, bytes)
    material = Client().receive(message)
    assert isinstance(material, Material)
    assert material.run == 2
    clock.now += 0.001
    session.advance()  # full speed begins slowly
    assert session.trainer.epoch == 0


def test_after_an_error_a_reset_begins_the_same_experiment(session: Session) -> None:
    session.fail()
    assert session.failed
    state = tell(session, Reset(seq=1))
    assert (state.failed, state.settings["start"]) == (False, 2)


def test_a_look_of_its_own_is_answered_by_frames(session: Session, clock: Clock) -> None:
    assert "height" not in frame_of(session, clock).tensors
    session.outbox.clear()
    session.receive(Peek(at=4))
    assert not session.outbox
    assert frame_of(session, clock).tensors["height"] == [8]


def test_what_takes_longer_than_a_frame_is_done_in_turns_also_while_nothing_trains(
    session: Session, clock: Clock
) -> None:
    assert frame_of(session, clock).about["counted"] == "0"
    assert session.next_turn() > clock.now
    tell(session, Show(seq=1, grid=True))
    for turns in (1, 2, 3):
        assert session.next_turn() <= clock.now
        session.receive(Ack(frame=turns))
        assert frame_of(session, clock).about["counted"] == str(turns)
    session.receive(Ack(frame=4))
    assert session.next_turn() > clock.now
    session.detach()
    assert session.next_turn() == float("inf")


def test_its_page_may_send_its_own_messages_and_no_others() -> None:
    push = messages_of(TOY).validate_json('{"type": "push", "seq": 3, "by": 1}')
    assert push == Push(seq=3, by=1)
    refused = _parse(TOY, AddNeuron(seq=4, layer=1).model_dump_json())
    assert isinstance(refused, Rejected)
    assert refused.seq == 4
    assert isinstance(_parse(FIRST, '{"type": "push", "seq": 3, "by": 1}'), Rejected)
    assert _parse(TOY, Peek(at=4).model_dump_json()) == Peek(at=4)
    assert isinstance(_parse(TOY, LookAt(at=(0, 0)).model_dump_json()), Rejected)


def test_show_changes_its_own_view_and_refuses_other_names(session: Session) -> None:
    assert tell(session, Show(seq=1, grid=True, log_loss=True)).view == asdict(ToyView(grid=True, log_loss=True))
    refused = tell(session, Show(seq=2, show_test=True))
    assert (refused.field, refused.came) == ("show_test", "True")
    assert refused.expected == "what the page shows: one of hide, hide_text, lesson, log_loss, log_epoch, grid"
    assert tell(session, Show(seq=3, grid="perhaps")).field == "grid"
    assert tell(session, Show(seq=4, hide=["rate"], grid=None)).view["grid"] is True
    assert tell(session, Show(seq=5, hide=["hidden"])).expected == "some of play, rate"
    assert tell(session, Show(seq=6, speed=3)).field == "speed"


def test_a_focus_that_it_does_not_have_is_refused(session: Session) -> None:
    assert tell(session, Focus(seq=1, unit=(1, 1))).expected == "nothing: there are no units"


def test_it_diverges_and_recovers(session: Session) -> None:
    tell(session, Change(seq=1, settings={"rate": 9}))
    tell(session, Play(seq=2))
    session.trainer.train(400)
    assert session.trainer.divergence
    assert tell(session, Pause(seq=3)).divergence.layer == 1
    assert tell(session, Recover(seq=4, settings={"rate": 0.1})).playing
    assert (session.trainer.epoch, session.trainer.model.w) == (0, [2])  # each step led away


# -- links -------------------------------------------------------------------------------------------------------------


def test_a_link_has_the_lab_first_and_comes_back() -> None:
    experiment = Experiment(ToySettings(rate=0.2, word="a b"), ToyView(grid=True, hide=("rate",), speed=30))
    text = write_link(experiment)
    assert text == "#lab=toy&v=1&rate=0.2&word=a%20b&hide=rate&speed=30&grid=true"
    link = read_link(text)
    assert (link.experiment, link.repairs, link.text, link.lab) == (experiment, (), text, TOY)


def test_what_it_cannot_be_is_left_out_and_said() -> None:
    link = read_link("#lab=toy&v=1&rate=fast&hidden=3&grid=perhaps&lesson=perceptron-xor")
    assert link.experiment == TOY.experiment()
    assert "nothing has the name “hidden”" in link.repairs
    assert len(link.repairs) == 4


def test_a_lab_that_there_is_not_is_said() -> None:
    link = read_link("#lab=nowhere&v=1")
    assert link.experiment == FIRST.experiment()
    assert link.repairs == (
        "lab: “nowhere” came, expected one of plane, digits, descent, autoencoder, adversarial, toy; plane is used",
    )


def test_the_plain_address_of_its_page_opens_its_default() -> None:
    assert link_for(TOY, "").experiment == TOY.experiment()
    assert read_link("").experiment == FIRST.experiment()


def test_a_new_session_opens_no_link_of_another_lab() -> None:
    link = link_for(TOY, "#v=1&hidden=3")
    assert (link.experiment, link.text) == (TOY.experiment(), "#lab=toy&v=1")
    assert link.repairs == ("the link is one of Plane, whose page is /; the default experiment is opened",)


def test_a_session_refuses_a_link_of_another_lab_and_names_its_address(session: Session) -> None:
    refused = tell(session, OpenLink(seq=1, link="#v=1&hidden=3"))
    assert refused.field == "link"
    assert refused.expected == "a link of Toy; this one is of Plane, whose page is /"
    assert session.trainer.settings.start == 2
    plane = Session(read_link("#v=1"), lambda: 1.0)
    assert "whose page is /toy" in tell(plane, OpenLink(seq=1, link=LINK)).expected
    assert tell(session, OpenLink(seq=2, link="#lab=toy&v=1&start=7")).settings["start"] == 7


def test_trained_weights_go_with_a_link(session: Session) -> None:
    tell(session, Step(seq=1))
    shared = tell(session, Share(seq=2, weights=True))
    assert isinstance(shared, Shared)
    other = Session(expect_link(shared.link, TOY), lambda: 1.0)
    assert (other.trainer.epoch, other.trainer.model.w) == (1, [0.5])
    cut = read_link(write_link(Experiment(ToySettings(), ToyView(), Trained(1, np.zeros(2, np.float32)))))
    assert cut.repairs == ("weights: 2 finite numbers came, expected 1; first weights are used",)


# -- checkpoints -------------------------------------------------------------------------------------------------------


def test_a_checkpoint_comes_back_with_all(session: Session) -> None:
    for command in (Step(seq=1), Push(seq=2, by=0.25), Show(seq=3, grid=True), Play(seq=4)):
        session.receive(command)
    payload = pack(session.freeze())
    assert version_of(payload) == VERSION
    frozen = unpack(payload)
    assert (frozen.lab, frozen.moment.state.counts) == ("toy", {"pushes": 0})
    other = Session(link_for(TOY, ""), lambda: 1.0)
    other.thaw(frozen)
    assert (other.trainer.model.w, other.trainer.epoch, other.handled) == ([0.75], 1, 4)
    assert (other.view, other.playing) == (ToyView(grid=True), True)
    assert pack(other.freeze()).endswith(payload[-64:])


@pytest.mark.parametrize("changes", [{"lab": "nowhere"}, {"lab": "plane"}, {"lab": ...}, {"settings": {"hidden": 1}}])
def test_a_checkpoint_of_no_lab_is_unreadable(session: Session, changes: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        unpack(written_anew(pack(session.freeze()), **changes))


def test_a_checkpoint_of_an_unknown_lab_is_not_read_as_one_of_the_first_lab() -> None:
    payload = pack(Session(read_link(""), lambda: 1.0).freeze())
    with pytest.raises(Unreadable):
        unpack(written_anew(payload, lab="nowhere"))


# -- through the server ------------------------------------------------------------------------------------------------


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[TestClient]:
    """All of the server in this process, with pages of a line each."""
    (tmp_path / "toy.html").write_text("{{ greeting }} of {{ lab.title }}, {{ beginnings|join }} {{ labs|length }}")
    (tmp_path / FIRST.template).parent.mkdir()
    (tmp_path / FIRST.template).write_text("{{ lab.title }} {{ labs|length }}")
    monkeypatch.setattr("app.pages.routes.TEMPLATES", tmp_path)
    app = create_app(Server(Config(no_store=True, allowed_hosts=["testserver"])))
    with TestClient(app) as client:
        yield client


def test_each_lab_has_an_address(browser: TestClient) -> None:
    for path, text in (("/toy", "A toy of Toy, start 6"), ("/", "Plane 6")):
        page = browser.get(path)
        assert (page.status_code, page.text) == (200, text)
    assert browser.get("/nowhere").status_code == 404


def test_a_page_has_the_lessons_and_explanations_of_its_lab(browser: TestClient, tmp_path: Path) -> None:
    (tmp_path / TOY.template).write_text(
        "{% for each in chapters %}{{ each.title }}: {{ each.lessons[0].title }}{% endfor %}; "
        "{% for name, text in explanations %}{{ name }}: {{ text }}{% endfor %}"
    )
    assert browser.get("/toy").text == "Down: A slope; rate: How far a step goes."


def visit(browser: TestClient, client: Client) -> tuple[Welcome, State]:
    client.opened()
    with browser.websocket_connect("/live", headers={"origin": "http://testserver"}) as socket:
        [hello] = client.to_send()
        socket.send_text(hello)
        welcome, state = (client.receive(socket.receive_text()) for _ in range(2))
    client.closed()
    assert isinstance(welcome, Welcome)
    assert isinstance(state, State)
    return welcome, state


def test_a_page_comes_and_comes_back_to_the_session_of_its_lab(browser: TestClient) -> None:
    client = Client(LINK, "a page", lab="toy")
    welcome, state = visit(browser, client)
    assert (welcome.resumed, welcome.limits) == ("none", {"numbers": 1})
    assert (state.lab, state.settings["start"]) == ("toy", 2)
    again, _ = visit(browser, client)
    assert (again.resumed, again.token) == ("live", welcome.token)
    other, state = visit(browser, Client("", "a page", token=welcome.token))
    assert (other.resumed, state.lab) == ("none", "plane")
    assert other.token != welcome.token


def test_the_socket_reads_the_messages_of_the_lab(browser: TestClient) -> None:
    client = Client(LINK, "a page", lab="toy")
    client.opened()
    with browser.websocket_connect("/live", headers={"origin": "http://testserver"}) as socket:
        socket.send_text(client.to_send()[0])
        assert isinstance(client.receive(socket.receive_text()), Welcome)
        seq = client.command(Push(by=1))
        socket.send_text(client.to_send()[0])
        while not isinstance(answer := client.receive(_received(socket)), State | Rejected) or answer.seq < seq:
            pass
    assert isinstance(answer, State)


def _received(socket: Any) -> str | bytes:
    message: dict[str, Any] = socket.receive()
    received: str | bytes = message.get("text") or message["bytes"]
    return received


def test_a_checkpoint_is_resumed_by_a_page_of_its_own_lab_alone(tmp_path: Path) -> None:
    config = Config(store=str(tmp_path / "sessions.db"), allowed_hosts=["testserver"])
    client = Client(LINK, "a page", lab="toy")
    with TestClient(create_app(Server(config))) as browser:
        welcome, _ = visit(browser, client)
    with TestClient(create_app(Server(config))) as browser:
        other, state = visit(browser, Client("", "a page", token=welcome.token))
        assert (other.resumed, state.lab) == ("none", "plane")
        again, state = visit(browser, client)
        assert (again.resumed, again.token, state.settings["start"]) == ("checkpoint", welcome.token, 2)


def test_a_page_of_a_lab_that_there_is_not_is_sent_away(browser: TestClient) -> None:
    client = Client(lab="nowhere")
    client.opened()
    with browser.websocket_connect("/live", headers={"origin": "http://testserver"}) as socket:
        socket.send_text(client.to_send()[0])
        with pytest.raises(WebSocketDisconnect) as gone:
            socket.receive_text()
    assert gone.value.code == NO_HELLO


# -- on the command line -----------------------------------------------------------------------------------------------


def train(*flags: str) -> Any:
    return CliRunner().invoke(cli, ["train", *flags])


@pytest.mark.parametrize("said", [["--lab", "toy", "--rate", "0.5"], ["--lab=toy", "--link", LINK], ["--link", LINK]])
def test_train_has_the_flags_of_the_lab(said: list[str]) -> None:
    result = train(*said, "--start", "4", "--epochs", "1", "--json")
    assert result.exit_code == 0, result.output
    printed = json.loads(result.stdout)
    assert (printed["config"]["start"], printed["config"]["rate"], printed["config"]["power"]) == (4, 0.5, 2)
    assert printed["final"] == {"w": 1, "loss_near": 0.5, "loss_far": 0}
    assert (printed["lab"], printed["epochs"], printed["steps"]) == ("toy", 1, 2)
    assert (printed["losses"], printed["metrics"]) == ({"near": 0.5, "far": 0}, {"number": 1})
    assert 0 < printed["seconds"] < 60
    shown = " ".join(train(*said, "--start", "4", "--epochs", "1").stdout.split())
    assert "rate 0.5 epochs 1 loss on near 0.5" in shown
    assert shown.endswith("w 1.000")


def test_train_goes_on_with_the_weights_of_a_link() -> None:
    trained = Trained(3, np.array([6], np.float32))
    result = train("--link", write_link(Experiment(ToySettings(rate=0.5), ToyView(), trained)), "--epochs=1", "--json")
    printed = json.loads(result.stdout)
    assert (printed["epochs"], printed["initial"]["w"], printed["final"]["w"]) == (4, 6, 1.5)


@pytest.mark.parametrize(("length", "steps"), [(["--steps", "3"], 3), (["--epochs", "3"], 6), (["--steps", "0"], 0)])
def test_train_takes_as_many_steps_as_it_is_told(length: list[str], steps: int) -> None:
    printed = json.loads(train("--lab", "toy", "--start", "8", "--rate", "0.5", *length, "--json").stdout)
    assert (printed["steps"], printed["final"]["w"]) == (steps, 8 / 2**steps)


def test_train_takes_about_as_long_as_it_is_told() -> None:
    printed = json.loads(train("--lab", "toy", "--rate", "0", "--seconds", "0.05", "--json").stdout)
    assert printed["seconds"] >= 0.05
    assert printed["steps"] > 2
    both = train("--seconds", "1", "--steps", "3")
    assert both.exit_code == 2
    assert "steps and seconds: (3, 1.0) came, expected one of epochs, steps and seconds" in both.output


def test_train_refuses_another_labs_flags_and_links() -> None:
    assert train("--lab", "toy", "--hidden", "3").exit_code == 2
    assert train("--start", "3").exit_code == 2
    refused = train("--lab", "toy", "--link", "#v=1&hidden=3")
    assert "expected a link of Toy; this one is of Plane" in refused.output
    nowhere = train("--lab", "nowhere")
    assert nowhere.exit_code == 2
    assert (
        "lab: 'nowhere' came, expected one of plane, digits, descent, autoencoder, adversarial, toy" in nowhere.output
    )


def test_a_command_without_flags_runs() -> None:
    assert CliRunner().invoke(cli, ["check-config"]).exit_code == 0
