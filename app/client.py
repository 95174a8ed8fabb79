"""The protocol from a page's side, without a socket: what to send, and what a message says.

    client = Client(link="#v=1&dataset=xor")
    client.opened()                    # a connection is there
    client.command(Play())             # at any time: what cannot be sent now is sent after the welcome
    event = client.receive(message)    # each message that comes, in order
    send(client.to_send())             # after each of these calls, all of it and in order
    client.closed()                    # the connection has ended; the next one goes on with the same session

Which socket carries the texts, and when to try again after it has closed, is the caller's.
"""

import json
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load

from app.labs import FIRST
from app.messages import Command, Look
from app.protocol import (
    PART_BYTES,
    PROTOCOL,
    Ack,
    Away,
    Hello,
    Opened,
    Rejected,
    Seeded,
    Shared,
    State,
    Welcome,
    server_messages,
)

REMEMBERED = 60.0  # seconds: an answered command of before that is on the server's disk


@dataclass(frozen=True, slots=True)
class _Given:
    """A command that may have to be sent again."""

    seq: int
    at: float  # when it was given, by the client's clock
    text: str


class Client:
    """One page: it may lose its connection, come back, and go on.

    `page` is its name among others that know the same token; without one it takes the session over. A command that was
    answered is kept for a minute all the same: a server that was killed goes on from a checkpoint of before.
    """

    def __init__(
        self,
        link: str = "",
        page: str = "",
        token: str | None = None,
        clock: Callable[[], float] = time.monotonic,
        lab: str = FIRST.name,
    ) -> None:
        self.lab = lab
        self.link = link
        self.page = page
        self.token = token
        self.run = 0  # of the newest state: frames and material of another run are not to be drawn
        self.is_welcome = False  # whether there is a connection that has been greeted
        self.unacknowledged = 0  # the newest frame, 0 for none
        self._clock = clock
        self._knows_numbers = token is None  # whether the next number is above all that the session has handled
        self._seq = 0
        self._answered = 0
        self._given: deque[_Given] = deque()
        self._outbox: list[str] = []

    # -- the connection -----------------------------------------------------------------------------------------------

    def opened(self) -> None:
        """A connection is there: greet."""
        hello = Hello(protocol=PROTOCOL, lab=self.lab, token=self.token, page=self.page, link=self.link)
        self._outbox = [hello.model_dump_json()]

    def closed(self) -> None:
        """The connection has ended: what was not sent by it waits for the next one."""
        self._outbox = []
        self.is_welcome = False
        self.unacknowledged = 0

    def to_send(self) -> list[str]:
        """The texts to send now. Each is given once."""
        texts, self._outbox = self._outbox, []
        return texts

    # -- what a page says ---------------------------------------------------------------------------------------------

    def command(self, command: Command) -> int:
        """Number a command and send it, after the welcome if need be. Returns the number that its answer will carry.

        Raises RuntimeError before the first welcome of a client that was made with a token: only the server knows where
        the numbers of that session go on.
        """
        if not self._knows_numbers:
            raise RuntimeError("a command came before the welcome to a session that is resumed, expected after it")
        self._seq += 1
        text = command.model_copy(update={"seq": self._seq}).model_dump_json()
        self._remember(text)
        if self.is_welcome:
            self._outbox.append(text)
        return self._seq

    def look(self, look: Look) -> None:
        """Ask to see something, from now on. A new connection has none."""
        if self.is_welcome:
            self._outbox.append(look.model_dump_json())

    def acknowledge(self) -> None:
        """All frames that have come are drawn."""
        if self.unacknowledged:
            self._outbox.append(Ack(frame=self.unacknowledged).model_dump_json())
            self.unacknowledged = 0

    def _remember(self, text: str) -> None:
        now, given = self._clock(), self._given
        while given and given[0].seq <= self._answered and given[0].at < now - REMEMBERED:
            given.popleft()
        given.append(_Given(self._seq, now, text))

    # -- what the server says -----------------------------------------------------------------------------------------

    def receive(self, message: str | bytes) -> "Event":
        """What a message says. Raises ValueError for one that is not of the protocol."""
        if isinstance(message, bytes):
            return self._receive_binary(message)
        event = server_messages.validate_json(message)
        if isinstance(event, Welcome):
            self._go_on(event)
        elif isinstance(event, State):
            self.run, self._answered = event.run, max(self._answered, event.seq)
        elif isinstance(event, Rejected):
            self._answered = max(self._answered, event.seq)
        return event

    def _receive_binary(self, message: bytes) -> "Frame | Material | TakenHome":
        event = read_binary(message)
        if isinstance(event, Frame):
            self.unacknowledged = event.number
        return event

    def _go_on(self, welcome: Welcome) -> None:
        """Send what the session does not know. Another session than before has no use for it."""
        if self.token and welcome.resumed not in {"live", "checkpoint"}:
            self._given.clear()
        self.token = welcome.token
        self._seq, self._answered = max(self._seq, welcome.handled), welcome.handled
        self._knows_numbers = True
        self.is_welcome = True
        self._outbox += [given.text for given in self._given if given.seq > welcome.handled]


# -- binary messages ---------------------------------------------------------------------------------------------------


def parts_of(file: bytes) -> list[bytes]:
    """The binary messages that bring a file: send them right before the command `OpenMoment`."""
    return [file[start : start + PART_BYTES] for start in range(0, len(file), PART_BYTES)]


def metadata(message: bytes) -> dict[str, str]:
    """What a message in the safetensors format says beside its arrays. Raises ValueError where it is not in it."""
    length = int.from_bytes(message[:8], "little")
    try:
        found: dict[str, str] = json.loads(message[8 : 8 + length])["__metadata__"]
    except (KeyError, TypeError) as error:
        raise ValueError("a binary message without metadata came, expected a frame or material") from error
    return found


def read_binary(message: bytes) -> "Frame | Material | TakenHome":
    """A frame, the material of a run, or a moment as a file. Raises ValueError for anything else."""
    about = metadata(message)
    match about.get("kind"):
        case "frame":
            return Frame(about, message)
        case "material":
            return Material(about, message)
        case "moment":
            return TakenHome(message)
        case kind:
            raise ValueError(f"a binary message of kind {kind!r} came, expected a frame, material or a moment")


class _Binary:
    """Arrays and what is said of them. Whoever only counts frames never pays for decoding their arrays."""

    def __init__(self, about: dict[str, str], message: bytes) -> None:
        self.about = about  # docs/protocol.md lists it
        self._message = message

    @cached_property
    def tensors(self) -> dict[str, NDArray[Any]]:
        """By name; docs/protocol.md has their shapes."""
        return load(self._message)

    @property
    def run(self) -> int:
        return int(self.about["run"])


class Material(_Binary):
    """What all frames of a run refer to, as its points."""


class Frame(_Binary):
    """The model and its run at one moment."""

    @property
    def number(self) -> int:
        """To be acknowledged."""
        return int(self.about["frame"])

    @property
    def applied(self) -> int:
        """The newest command that it reflects."""
        return int(self.about["applied"])

    @property
    def epoch(self) -> int:
        """Whole ones."""
        return int(self.about["epoch"])

    @property
    def losses(self) -> dict[str, float | None]:
        """By the lab's names, in the order of the history's columns; None while not finite."""
        texts = {name: self.about[f"loss_{name}"] for name in self.about["losses"].split(",")}
        return {name: float(text) if text else None for name, text in texts.items()}

    @property
    def history_start(self) -> int:
        """The number of the first sample in its part of the loss history."""
        return int(self.about["history_start"])


@dataclass(frozen=True, slots=True)
class TakenHome:
    """The experiment at one moment, as the file that the command `TakeHome` asks for."""

    file: bytes


Event = Welcome | Away | State | Opened | Shared | Seeded | Rejected | Frame | Material | TakenHome


class LossHistory:
    """The loss of the whole run, put together from the parts that its frames bring."""

    def __init__(self) -> None:
        self.samples: NDArray[np.float32] = np.zeros((0, 0), np.float32)  # epoch and the losses, a row each

    def merge(self, frame: Frame) -> bool:
        """What comes replaces what is there from its start on. False, and nothing happens, if it begins behind the
        end: what lies between is on its way."""
        start = frame.history_start
        if start > len(self.samples):
            return False
        new = frame.tensors["history"]
        self.samples = np.concatenate([self.samples[:start], new]) if start else new
        return True
