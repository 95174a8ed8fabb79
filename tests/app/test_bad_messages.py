"""protocol.py, live.py, session.py, seat.py: messages that are nearly good, and a page that does not listen."""

import json
import random
from collections.abc import Callable
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from app.labs import FIRST
from app.links import read_link
from app.messages import Look
from app.protocol import CORE, PROTOCOL, Ack, Pause, Rejected, Shared, State, Step, server_messages
from app.serving.live import MOST_WAITING, _parse
from app.sessions.seat import Seat
from app.sessions.session import Session
from engine.labs.plane.settings import SETTING_NAMES, Settings
from tests.app.test_links import experiments
from tests.page import page
from tests.servers import Server

MODELS: tuple[type[BaseModel], ...] = (*CORE, *FIRST.edits, *FIRST.looks)

# -- good ones, from the models, so that a new message is covered by itself --------------------------------------------

changes = st.dictionaries(st.sampled_from(SETTING_NAMES), st.just(None), max_size=4).flatmap(
    lambda names: experiments.map(lambda other: {name: vars(other.settings)[name] for name in names})
)


def good(model: type[BaseModel]) -> st.SearchStrategy[dict[str, Any]]:
    """A message by its fields; numbers are small, so that layers and neurons often exist."""
    fields = {
        name: changes if name == "settings" else value_of(name, field.annotation)
        for name, field in model.model_fields.items()
    }
    return st.fixed_dictionaries(fields)


def value_of(name: str, annotation: Any) -> st.SearchStrategy[Any]:
    if name == "type":
        return st.just(get_args(annotation)[0])
    if name == "link":
        return st.sampled_from(["", "#v=1&hidden=3", "#dataset=xor&noise=5", "#v=1&weights=AAAA"])
    if name == "protocol":
        return st.just(PROTOCOL)
    if int in {annotation, *get_args(annotation)}:
        return st.integers(0, 5)
    return st.from_type(annotation)


messages = st.one_of(*(good(model) for model in MODELS))

# -- bad ones: the text of a good one, changed -------------------------------------------------------------------------

NASTY = [
    "null", "true", "0", "-1", "1.5", "-0.0", "1e999", "-1e999", "NaN", "Infinity", "5e-324", "1e-300", "1e308", "01",
    "1" + "0" * 400, "1" + "0" * 5_000, "9007199254740993", "18446744073709551616", '""', '"\\u0000"', '"\\ud800"',
    '"\\udc00\\ud800"', '"play"', '"1"', '"NaN"', '"' + "x" * 5_000 + '"', "[]", "{}", "[[]]", '{"": {}}', "[1, 2]",
    "[0, 0]", "[null]", '["moon"]', "[" * 150 + "]" * 150, "[" * 10_000 + "]" * 10_000, '{"a":' * 10_000 + "1",
    "[" + "1," * 5_000 + "1]", "undefined", "'x'", "", "\ufeff", "\x00", "/* */ 1", "{'a': 1}", "+1", ".5", "0x1f",
]  # fmt: skip


def text_of(message: dict[str, Any], **raw: str) -> str:
    """JSON, in which some values are the text as it is given."""
    pairs = {name: json.dumps(value) for name, value in message.items()} | raw
    return "{" + ", ".join(f"{json.dumps(name)}: {value}" for name, value in pairs.items()) + "}"


def other_value(rng: random.Random, message: dict[str, Any]) -> str:
    return text_of(message, **{rng.choice(list(message)): rng.choice(NASTY)})


def other_setting(rng: random.Random, message: dict[str, Any]) -> str:
    name = rng.choice([*SETTING_NAMES, "", "__class__", "hidden.0"])
    return text_of(message | {"settings": {}}, settings=f"{{{json.dumps(name)}: {rng.choice(NASTY)}}}")


def one_less(rng: random.Random, message: dict[str, Any]) -> str:
    return text_of({name: message[name] for name in rng.sample(list(message), len(message) - 1)})


def one_more(rng: random.Random, message: dict[str, Any]) -> str:
    return text_of(message, **{rng.choice(["loud", "", "\0", "__proto__", "Type"]): rng.choice(NASTY)})


def twice(rng: random.Random, message: dict[str, Any]) -> str:
    name = rng.choice(list(message))
    return text_of(message)[:-1] + f", {json.dumps(name)}: {rng.choice(NASTY)}}}"


def other_type(rng: random.Random, message: dict[str, Any]) -> str:
    kinds = [get_args(model.model_fields["type"].annotation)[0] for model in MODELS]
    return text_of(message | {"type": rng.choice([*kinds, "welcome", "dance", None, 1, ["play"]])})


def cut(rng: random.Random, message: dict[str, Any]) -> str:
    text = text_of(message)
    return text[: rng.randrange(len(text))]


def other_character(rng: random.Random, message: dict[str, Any]) -> str:
    text = text_of(message)
    at = rng.randrange(len(text))
    return text[:at] + rng.choice('"{}[],:\\0e-\x00\ufeff🙂') + text[at + 1 :]


def wrapped(rng: random.Random, message: dict[str, Any]) -> str:
    text = text_of(message)
    return rng.choice([f"[{text}]", f"\ufeff{text}", f"{text}{text}", f"{text},", json.dumps(text), f" {text}\n"])


MUTATIONS: list[Callable[[random.Random, dict[str, Any]], str]] = [
    other_value, other_value, other_setting, one_less, one_more, twice, other_type, cut, other_character, wrapped,
]  # fmt: skip


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Mostly bad ones; some good ones in between bring the session to other places."""
    message = draw(messages)
    seed = draw(st.integers(0, 2**32))
    rng = random.Random(seed)
    return text_of(message) if rng.random() < 0.2 else rng.choice(MUTATIONS)(rng, message)


def check(session: Session, text: str) -> None:
    """It is answered, in messages that can be sent and read, and the session goes on."""
    parsed = _parse(FIRST, text)
    session.outbox.clear()
    session.receive(parsed)
    answers = [message for message in session.outbox if not isinstance(message, bytes)]
    assert bool(answers) != isinstance(parsed, Ack | Look)
    for answer in answers:
        server_messages.validate_json(answer.model_dump_json().encode())
        if isinstance(answer, Rejected):
            assert len(answer.came) <= 200
    if answers:
        assert isinstance(answers[0], State | Shared | Rejected)
    session.picture = None
    session.advance()
    assert session.next_turn() >= 0


@settings(max_examples=300)
@given(texts=st.lists(texts(), min_size=1, max_size=6))
def test_any_message_is_answered_and_the_session_goes_on(texts: list[str]) -> None:
    session = Session(read_link("#v=1&hidden=2"), clock=lambda: 1.0, parameter_limit=2_000)
    for text in texts:
        check(session, text)
    session.receive(Pause())
    assert isinstance(session.outbox[-1], State)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_is_checked(model: type[BaseModel]) -> None:
    session = Session(read_link("#v=1&hidden=2"), clock=lambda: 1.0)
    message = {"type": get_args(model.model_fields["type"].annotation)[0]}
    for name in model.model_fields:
        for value in NASTY:
            check(session, text_of(message, **{name: value}))


@pytest.mark.parametrize("kind", ["change", "recover"])
def test_every_setting_is_checked(kind: str) -> None:
    session = Session(read_link("#v=1&hidden=2"), clock=lambda: 1.0)
    for name in SETTING_NAMES:
        for value in NASTY:
            check(session, text_of({"type": kind}, settings=f'{{"{name}": {value}}}'))


def test_a_page_that_takes_no_answers_is_noticed() -> None:
    """Each command of 20 bytes is answered by a state of 2,000."""
    seat = Seat(Session(read_link("#v=1&hidden=2"), clock=lambda: 1.0))
    seat.connect(lambda: None)
    waiting = 0
    for _ in range(MOST_WAITING + 1):
        waiting = seat.post(Pause())
        seat.take_turn()
    assert waiting > MOST_WAITING
    seat.take()
    assert seat.post(Pause()) == 1


# -- through a real socket ---------------------------------------------------------------------------------------------


def test_bad_messages_between_good_ones_disturb_no_session(server: Server) -> None:
    rng = random.Random(1)
    sendable = [text for text in NASTY if text.isprintable()] + [text_of(Settings().__dict__)]
    log = len(server.log.read_text())
    with page(server, link="#v=1&hidden=2") as (opened, _), page(server, link="#v=1&hidden=2") as (other, _):
        for epoch in range(1, 11):
            for _ in range(20):
                opened.socket.send(rng.choice(MUTATIONS)(rng, {"type": "speed", "epochs_per_second": 5, "seq": 0}))
                opened.socket.send(rng.choice(sendable).encode() if rng.random() < 0.1 else rng.choice(sendable))
            for each in (opened, other):
                assert each.frame(each.send(Step())).epoch == epoch
    assert "Traceback" not in server.log.read_text()[log:]
