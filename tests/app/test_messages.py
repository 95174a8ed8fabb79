"""protocol.py, live.py, session.py: whatever a page sends, the answer is a state or a rejection."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from app.labs import FIRST
from app.links import read_link
from app.messages import Command, Look
from app.protocol import Ack, Rejected, Shared, State, messages_of
from app.serving.live import _parse
from app.sessions.session import Session
from engine.labs.plane.settings import SETTING_NAMES

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
TYPES = sorted(
    {
        "play", "pause", "step", "reset", "new-weights", "regenerate-data", "change", "add-layer", "remove-layer",
        "add-neuron", "remove-neuron", "set-neurons", "set-layers", "set-parameter", "speed", "focus", "ack",
        "visible", "hello", "open-link", "show", "share", "recover", "go-to-best", "look",
    }
)  # fmt: skip
FIELDS = [
    "seq", "settings", "layer", "layers", "neurons", "neuron", "index", "value", "epochs_per_second", "unit", "frame",
    "link", "hide", "show_test", "weights", "at", "errors",
]  # fmt: skip
values = json_values | st.integers(-2, 40) | st.lists(st.integers(-1, 9), max_size=3)
likely = st.fixed_dictionaries(
    {"type": st.sampled_from(TYPES)},
    optional=dict.fromkeys([*FIELDS, "visible"], values)
    | {"settings": st.dictionaries(st.sampled_from(SETTING_NAMES), values, max_size=3)},
)


@given(text=st.text(max_size=60) | json_values.map(json.dumps) | likely.map(json.dumps))
def test_any_text_is_a_command_or_a_rejection(text: str) -> None:
    assert isinstance(_parse(FIRST, text), Command | Ack | Look | Rejected)


@settings(max_examples=150)
@given(messages=st.lists(likely, max_size=6))
def test_any_command_is_answered(messages: list[dict[str, Any]]) -> None:
    session = Session(read_link("#v=1&hidden=2"), clock=lambda: 0.0)
    for message in messages:
        parsed = _parse(FIRST, json.dumps(message))
        session.outbox.clear()
        session.receive(parsed)
        if isinstance(parsed, Ack | Look):
            assert not session.outbox
            continue
        answer = session.outbox[0]
        assert isinstance(answer, State | Shared | Rejected)
        answer.model_dump_json()
        session.advance()


def test_every_kind_of_message_is_known_here() -> None:
    assert {name for name in TYPES if name in json.dumps(messages_of(FIRST).json_schema())} == set(TYPES)


@pytest.mark.parametrize("name", SETTING_NAMES)
def test_a_number_that_no_float_can_hold_is_refused_by_name(name: str) -> None:
    session = Session(read_link("#v=1&hidden=2"), clock=lambda: 0.0)
    session.receive(_parse(FIRST, f'{{"type": "change", "seq": 1, "settings": {{"{name}": 1{"0" * 400}}}}}'))
    answer = session.outbox.pop()
    assert isinstance(answer, Rejected)
    assert answer.field.startswith(name)


@pytest.mark.parametrize("seq", ["true", '"5"', "5.5", "-1"])
def test_a_sequence_number_is_a_whole_number(seq: str) -> None:
    with pytest.raises(ValidationError):
        messages_of(FIRST).validate_json(f'{{"type":"play","seq":{seq}}}')
