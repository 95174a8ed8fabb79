"""client.py: a page and a real session, with no socket between them."""

import json
from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from app.client import REMEMBERED, Client, Event, Frame, LossHistory, Material, read_binary
from app.labs import FIRST as PLANE
from app.labs.plane.edits import AddNeuron, LookAt, SetParameter
from app.links import read_link
from app.protocol import (
    PROTOCOL,
    Away,
    Change,
    Hello,
    Opened,
    OpenLink,
    Pause,
    Play,
    Rejected,
    Share,
    Shared,
    State,
    Step,
    Welcome,
    messages_of,
)
from app.sessions.session import Session
from app.storage.checkpoint import pack, unpack

LINK = "#v=1&dataset=xor&hidden=3"
LIMITS = {"neurons": 2, "parameters": 9}  # for a page's controls alone


@dataclass
class Line:
    """A client and a session, what passes between them, and a clock that the test turns."""

    client: Client = field(init=False)
    session: Session = field(init=False)
    texts: list[str] = field(default_factory=list)  # that have reached the server
    now: float = 100.0

    def __post_init__(self) -> None:
        self.client = Client(LINK, "a page", clock=lambda: self.now)
        self.session = Session(read_link(LINK), clock=lambda: self.now)

    def connect(self, resumed: str = "none") -> list[Event]:
        """The page greets, and is welcomed; what it hears then."""
        self.client.opened()
        hello = messages_of(PLANE).validate_json(self.client.to_send()[0])
        assert isinstance(hello, Hello)
        self.session.attach()
        about = {"token": hello.token or "secret", "resumed": resumed, "handled": self.session.handled}
        self.client.receive(Welcome(**about, age=0, limits=LIMITS).model_dump_json())
        return self.exchange()

    def deliver(self) -> None:
        """All that the client has to say reaches the session."""
        for text in self.client.to_send():
            self.texts.append(text)
            message = messages_of(PLANE).validate_json(text)
            assert not isinstance(message, Hello)
            self.session.receive(message)

    def exchange(self) -> list[Event]:
        """Both say what they have to say; what the client hears."""
        self.deliver()
        self.now += 0.1
        self.session.advance()
        said = [each if isinstance(each, bytes) else each.model_dump_json() for each in self.session.outbox]
        said += [self.session.picture] if self.session.picture else []
        self.session.outbox.clear()
        self.session.picture = None
        return [self.client.receive(message) for message in said]

    def go_on_elsewhere(self, checkpoint: bytes) -> None:
        """Another server has the session as it was then."""
        self.session = Session(read_link(LINK), clock=lambda: self.now)
        self.session.thaw(unpack(checkpoint))


@pytest.fixture
def line() -> Line:
    return Line()


def test_hello_says_who_comes_with_what(line: Line) -> None:
    line.client.opened()
    [first] = line.client.to_send()
    assert json.loads(first) == {
        "type": "hello",
        "protocol": PROTOCOL,
        "lab": "plane",
        "token": None,
        "copy_token": None,
        "page": "a page",
        "link": LINK,
    }
    line.connect()
    line.client.closed()
    line.client.opened()
    [second] = line.client.to_send()
    assert json.loads(second)["token"] == "secret"


def test_a_page_hears_state_points_and_frame_as_what_they_are(line: Line) -> None:
    state, points, frame = line.connect()
    assert isinstance(state, State)
    assert isinstance(points, Material)
    assert isinstance(frame, Frame)
    assert state.facts["shape"] == [2, 3, 1]
    assert points.run == frame.run == line.client.run == state.run
    assert_array_equal(points.tensors["train"], line.session.trainer.data.train.astype(np.float32))
    assert_array_equal(frame.tensors["parameters"], line.session.trainer.parameters.astype(np.float32))
    assert tuple(frame.losses.values()) == line.session.trainer.losses()


def test_commands_are_numbered_and_frames_say_which_they_show(line: Line) -> None:
    line.connect()
    line.client.acknowledge()
    assert [line.client.command(Step()), line.client.command(AddNeuron(layer=1))] == [1, 2]
    *answers, frame = line.exchange()
    assert [answer.seq for answer in answers if isinstance(answer, State)] == [1, 2]
    assert isinstance(frame, Frame)
    assert (frame.applied, frame.epoch, frame.run) == (2, 1, line.client.run)


def test_answers_of_other_kinds_are_events_too(line: Line) -> None:
    line.connect()
    line.client.command(Share())
    line.client.command(Change(settings={"learning_rate": -1}))
    line.client.command(OpenLink(link="#v=1&noise=99"))
    events = line.exchange()
    assert [type(event) for event in events if not isinstance(event, State | Material | Frame)] == [
        Shared,
        Rejected,
        Opened,
    ]
    away = line.client.receive(Away(reason="full", retry_after=3).model_dump_json())
    assert away == Away(reason="full", retry_after=3)


@pytest.mark.parametrize(
    "message",
    ["", "{}", '{"type": "dance"}', b"", b"\x02\0\0\0\0\0\0\0{}", b"\x02\0\0\0\0\0\0\0[]", b"\x09\0\0\0\0\0\0\0{"],
)
def test_what_is_no_message_of_the_server_is_refused(message: str | bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        Client().receive(message)


def test_a_kind_that_nobody_knows_is_refused_by_name() -> None:
    header = b'{"__metadata__": {"kind": "film"}}'
    with pytest.raises(ValueError, match="kind 'film' came"):
        read_binary(len(header).to_bytes(8, "little") + header)


# -- acknowledging -----------------------------------------------------------------------------------------------------


def test_two_frames_come_until_one_is_acknowledged(line: Line) -> None:
    line.connect()
    line.client.command(Play())
    frames = [event for _ in range(9) for event in line.exchange() if isinstance(event, Frame)]
    assert len(frames) == 1  # with that of the welcome they are two
    line.client.acknowledge()
    line.client.acknowledge()  # once is enough
    sent = len(line.texts)
    later = [event for _ in range(9) for event in line.exchange() if isinstance(event, Frame)]
    assert [json.loads(text) for text in line.texts[sent:]] == [{"type": "ack", "frame": frames[-1].number}]
    assert len(later) == 2


def test_nothing_is_acknowledged_and_no_place_asked_for_without_a_connection(line: Line) -> None:
    line.connect()
    line.client.closed()
    line.client.acknowledge()
    line.client.look(LookAt(at=(1, 2)))
    assert line.client.to_send() == []


def test_a_place_is_asked_for(line: Line) -> None:
    line.connect()
    line.client.acknowledge()
    line.client.look(LookAt(at=(1.5, -2)))
    [frame] = [event for event in line.exchange() if isinstance(event, Frame)]
    assert frame.about["at"] == "1.5,-2.0"


# -- coming back -------------------------------------------------------------------------------------------------------


def test_what_is_clicked_before_the_welcome_or_without_a_connection_is_sent_after_it(line: Line) -> None:
    line.client.command(Step())
    assert line.client.to_send() == []
    line.connect()
    line.client.closed()
    line.client.command(Step())
    assert line.client.to_send() == []
    assert line.session.trainer.epoch == 1
    line.connect("live")
    assert line.session.trainer.epoch == 2


@pytest.mark.parametrize("lost", ["command", "answer"])
def test_a_command_is_applied_once_whether_it_or_its_answer_is_lost(line: Line, lost: str) -> None:
    line.connect()
    line.client.command(Step())
    line.exchange()
    line.client.command(AddNeuron(layer=1))
    line.client.command(Step())
    line.client.to_send() if lost == "command" else line.deliver()
    line.client.closed()
    sent = len(line.texts)
    line.connect("live")
    assert [json.loads(text)["seq"] for text in line.texts[sent:]] == ([2, 3] if lost == "command" else [])
    assert (line.session.trainer.epoch, line.session.trainer.settings.hidden) == (2, (4,))
    assert line.session.handled == 3


def test_what_was_answered_is_sent_again_to_a_server_that_does_not_know_it(line: Line) -> None:
    line.connect()
    line.client.command(Step())
    line.exchange()
    checkpoint = pack(line.session.freeze())
    for command in (SetParameter(index=0, value=0.5), Step(), AddNeuron(layer=1)):
        line.client.command(command)
        line.exchange()
    parameters = line.session.trainer.parameters
    line.client.closed()
    line.go_on_elsewhere(checkpoint)
    line.connect("checkpoint")
    assert_array_equal(line.session.trainer.parameters, parameters)
    assert (line.session.trainer.epoch, line.session.handled) == (2, 4)


def test_answered_commands_are_remembered_for_a_minute_and_others_until_they_are_answered(line: Line) -> None:
    line.connect()
    line.client.command(Step())
    line.exchange()
    line.client.command(Change(settings={"learning_rate": -1}))  # a rejection is an answer
    line.exchange()
    line.now += REMEMBERED + 1
    line.client.command(Step())
    line.client.to_send()  # is lost
    line.now += REMEMBERED + 1
    line.client.command(Pause())
    line.client.closed()
    line.client.opened()
    line.client.receive(
        Welcome(token="secret", resumed="checkpoint", age=200, handled=0, limits=LIMITS).model_dump_json()
    )
    _, *again = line.client.to_send()
    assert [json.loads(text)["seq"] for text in again] == [3, 4]


@pytest.mark.parametrize("resumed", ["none", "copy"])
def test_another_session_is_not_told_what_was_meant_for_the_one_before(line: Line, resumed: str) -> None:
    line.connect()
    for _ in range(3):
        line.client.command(Step())
    line.client.closed()
    line.session = Session(read_link(LINK), clock=lambda: line.now)
    line.connect(resumed)
    assert line.session.trainer.epoch == 0
    assert line.client.command(Step()) == 4


def test_numbers_go_on_where_the_session_is() -> None:
    client = Client(token="secret")
    with pytest.raises(RuntimeError, match="before the welcome"):
        client.command(Step())
    client.opened()
    client.receive(Welcome(token="secret", resumed="live", age=0, handled=7, limits=LIMITS).model_dump_json())
    assert client.command(Step()) == 8


# -- the loss of the whole run -----------------------------------------------------------------------------------------


def test_the_loss_history_is_whole_although_a_connection_and_frames_are_lost(line: Line) -> None:
    history = LossHistory()

    def see(events: list[Event]) -> None:
        for frame in events:
            if isinstance(frame, Frame) and frame.run == line.client.run:
                assert history.merge(frame)
        line.client.acknowledge()

    see(line.connect())
    line.client.command(Play())
    for _ in range(5):
        see(line.exchange())
    line.exchange()  # a frame that is lost with its connection
    line.client.closed()
    see(line.connect("live"))
    line.client.command(Pause())
    see(line.exchange())
    assert line.session.trainer.epoch > 5
    assert_array_equal(history.samples, line.session.trainer.history.samples.astype(np.float32))
    line.client.command(AddNeuron(layer=1))
    line.client.command(Change(settings={"seed": "another"}))  # another run
    see(line.exchange())
    assert history.samples[:, 0].tolist() == [0]


def test_samples_behind_a_gap_wait_for_what_lies_between(line: Line) -> None:
    line.connect()
    line.client.acknowledge()
    line.client.command(Step())
    line.exchange()
    line.client.acknowledge()
    line.client.command(Step())
    [frame] = [event for event in line.exchange() if isinstance(event, Frame)]
    history = LossHistory()
    assert frame.history_start > 0
    assert not history.merge(frame)
    assert len(history.samples) == 0
