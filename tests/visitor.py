"""A visitor on a bad network, who remembers, sends again and comes back as static/connection.js does."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

from app.links import read_link
from app.protocol import PROTOCOL, client_messages
from app.session import Session
from engine.history import History
from engine.settings import Refused
from tests.frames import metadata

SILENCE = 3.0  # seconds without an answer after which a peer is taken for gone; the page waits longer
LONGEST_WAIT = 1.0


@dataclass
class Seen:
    """What the newest frame says."""

    applied: int = 0
    epoch: int = 0
    parameters: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))


@dataclass(eq=False)
class Visitor:
    """Experiments of one hidden layer; what it has sent says what it must see in the end."""

    number: int
    address: str  # of the websocket
    rng: random.Random
    token: str | None = None
    sent: list[dict[str, Any]] = field(default_factory=list)
    resumed: list[str] = field(default_factory=list)  # what it got, each time it came
    faults: list[str] = field(default_factory=list)  # of the server, not of the network
    history: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 3), np.float32))
    seen: Seen = field(default_factory=Seen)
    plays: bool = False  # all the time, instead of step by step
    run: int = 0
    neurons: int = 4
    socket: ClientConnection | None = None
    _stays: bool = True

    @property
    def link(self) -> str:
        return f"#v=1&dataset=xor&hidden=4&seed={self.number}"

    # -- coming and going ---------------------------------------------------------------------------------------------

    async def live(self) -> None:
        """Come, and come again, until told to leave."""
        failures = 0
        while self._stays:
            try:
                async with connect(
                    f"{self.address}?tab={self.number}",
                    compression=None,
                    ping_interval=None,
                    open_timeout=SILENCE,
                    close_timeout=0.1,
                ) as socket:
                    await self._visit(socket)
                    failures = 0
            except (OSError, ConnectionClosed, InvalidHandshake, InvalidMessage, TimeoutError):
                failures += 1
            self.socket = None
            if self._stays:
                await asyncio.sleep(self.rng.uniform(0, min(LONGEST_WAIT, 0.05 * 2**failures)))

    async def leave(self) -> None:
        self._stays = False
        if self.socket:
            await self.socket.close()

    async def _visit(self, socket: ClientConnection) -> None:
        hello = {"type": "hello", "protocol": PROTOCOL, "token": self.token, "page": f"visitor {self.number}"}
        await socket.send(json.dumps({**hello, "link": self.link}))
        welcome = json.loads(await asyncio.wait_for(socket.recv(), SILENCE * 5))
        if welcome["type"] == "away":
            return
        self.token = welcome["token"]
        self.resumed.append(welcome["resumed"])
        number = welcome["handled"]
        while number < len(self.sent):  # more may be clicked meanwhile
            await socket.send(json.dumps(self.sent[number]))
            number += 1
        self.socket = socket
        while self._stays:
            try:
                message = await asyncio.wait_for(socket.recv(), SILENCE)
            except TimeoutError:
                if not self.has_seen_all:
                    raise
                continue
            self._receive(message)
            if isinstance(message, bytes) and (frame := metadata(message).get("frame")):
                await socket.send(json.dumps({"type": "ack", "frame": int(frame)}))

    def _receive(self, message: str | bytes) -> None:
        if isinstance(message, str):
            answer = json.loads(message)
            if answer["type"] == "rejected":
                self.faults.append(f"{answer}")
            elif answer["type"] == "state":
                self.run = answer["run"]
        elif (about := metadata(message))["kind"] == "frame" and int(about["run"]) == self.run:
            tensors = load(message)
            self._draw(int(about["history_start"]), tensors["history"])
            self.seen = Seen(int(about["applied"]), int(about["epoch"]), tensors["parameters"])

    def _draw(self, start: int, samples: NDArray[np.float32]) -> None:
        """The loss curve, as static/loss-history.js puts it together."""
        if start > len(self.history):
            self.faults.append(f"a gap in the loss curve: {len(self.history)} samples, then number {start}")
        self.history = np.concatenate([self.history[:start], samples])

    # -- clicks -------------------------------------------------------------------------------------------------------

    async def click(self) -> None:
        """Something at random. If the network loses it, it is sent again."""
        kind = "play" if self.plays else self.rng.choice(("step", "step", "rate", "more", "fewer"))
        if kind == "rate":
            command: dict[str, Any] = {"type": "change", "settings": {"learning_rate": self.rng.choice((0.01, 0.03))}}
        elif kind == "more" and self.neurons < 8:
            self.neurons += 1
            command = {"type": "add-neuron", "layer": 1}
        elif kind == "fewer" and self.neurons > 1:
            self.neurons -= 1
            command = {"type": "remove-neuron", "layer": 1, "neuron": 1}
        else:
            command = {"type": "play" if self.plays else "step"}
        await self.send(command)

    async def send(self, command: dict[str, Any]) -> None:
        self.sent.append({**command, "seq": len(self.sent) + 1})
        if self.socket:
            with suppress(ConnectionClosed):
                await self.socket.send(json.dumps(self.sent[-1]))

    # -- the end ------------------------------------------------------------------------------------------------------

    @property
    def has_seen_all(self) -> bool:
        return self.seen.applied == len(self.sent)

    def check(self) -> list[str]:
        """What differs from a session in this process that got the same commands, each once and in order.

        How far one came that plays depends on the machine: its loss curve must be whole, to the last epoch.
        """
        faults = list(self.faults)
        expected = self._replay().trainer
        if self.plays:
            if not 0 <= self.seen.epoch - self.history[-1, 0] < max(1, self.seen.epoch // 256) + 1:
                faults.append(f"the loss curve ends at {self.history[-1, 0]}, training at {self.seen.epoch}")
            try:
                History.of(self.history.astype(np.float64))
            except Refused as error:
                faults.append(f"the loss curve has a gap: {error}")
        elif self.seen.epoch != expected.epoch:
            faults.append(f"epoch {self.seen.epoch} came, expected {expected.epoch}")
        elif not np.array_equal(self.seen.parameters, expected.parameters.astype(np.float32)):
            faults.append("the parameters are others")
        elif not np.array_equal(self.history, np.array(expected.history.samples, np.float32)):
            faults.append("the loss curve is another")
        return [f"visitor {self.number}: {fault}" for fault in faults]

    def _replay(self) -> Session:
        session = Session(read_link(self.link), lambda: 0.0)
        for command in self.sent:
            message = client_messages.validate_python(command)
            session.receive(message)  # type: ignore[arg-type]
        return session


@asynccontextmanager
async def living(visitors: list[Visitor]) -> AsyncIterator[None]:
    """They are there for the length of the block."""
    async with asyncio.TaskGroup() as tasks:
        for visitor in visitors:
            tasks.create_task(visitor.live())
        yield
        for visitor in visitors:
            await visitor.leave()
