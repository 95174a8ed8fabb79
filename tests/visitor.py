"""A visitor on a bad network, who remembers, resends and reconnects as static/session/connection.js does."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

from app.client import Client, Event, Frame, LossHistory
from app.labs.plane.edits import AddNeuron, RemoveNeuron
from app.links import read_link
from app.messages import Command
from app.protocol import Away, Change, Play, Rejected, Step, Welcome
from app.sessions.session import Session
from engine.choices import Refused
from engine.runs.history import History

SILENCE = 3.0  # seconds without an answer until the server counts as gone; the page waits longer
LONGEST_WAIT = 1.0


@dataclass
class Seen:
    """The contents of the newest frame."""

    applied: int = 0
    epoch: int = 0
    parameters: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))


@dataclass(eq=False)
class Visitor:
    """Uses networks of one hidden layer; its commands determine what it must see in the end."""

    number: int
    address: str  # of the websocket
    rng: random.Random
    token: str | None = None
    sent: list[Command] = field(default_factory=list)
    resumed: list[str] = field(default_factory=list)  # the kind of session it got at each visit
    faults: list[str] = field(default_factory=list)  # of the server, not of the network
    history: LossHistory = field(default_factory=LossHistory)
    seen: Seen = field(default_factory=Seen)
    plays: bool = False  # all the time, instead of step by step
    neurons: int = 4
    socket: ClientConnection | None = None  # once it is welcome
    _stays: bool = True

    @property
    def link(self) -> str:
        return f"#v=1&dataset=xor&hidden=4&seed={self.number}"

    @cached_property
    def client(self) -> Client:
        """The client, made at the first click or visit with the token of that time."""
        return Client(self.link, f"visitor {self.number}", self.token)

    # -- coming and going ---------------------------------------------------------------------------------------------

    async def live(self) -> None:
        """Connect again and again, until told to leave."""
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
            self.client.closed()
            if self._stays:
                await asyncio.sleep(self.rng.uniform(0, min(LONGEST_WAIT, 0.05 * 2**failures)))

    async def leave(self) -> None:
        self._stays = False
        if self.socket:
            await self.socket.close()

    async def _visit(self, socket: ClientConnection) -> None:
        self.client.opened()
        await self._send(socket)
        event = self.client.receive(await asyncio.wait_for(socket.recv(), SILENCE * 5))
        if isinstance(event, Away):
            return
        assert isinstance(event, Welcome)
        self.token = event.token
        self.resumed.append(event.resumed)
        await self._send(socket)
        self.socket = socket
        while self._stays:
            try:
                message = await asyncio.wait_for(socket.recv(), SILENCE)
            except TimeoutError:
                if not self.has_seen_all:
                    raise
                continue
            self._see(self.client.receive(message))
            self.client.acknowledge()
            await self._send(socket)

    async def _send(self, socket: ClientConnection) -> None:
        while texts := self.client.to_send():  # more may be clicked meanwhile
            for text in texts:
                await socket.send(text)

    def _see(self, event: Event) -> None:
        if isinstance(event, Rejected):
            self.faults.append(f"{event}")
        elif isinstance(event, Frame) and event.run == self.client.run:
            if not self.history.merge(event):
                have = len(self.history.samples)
                self.faults.append(f"a gap in the loss curve: {have} samples, then number {event.history_start}")
            self.seen = Seen(event.applied, event.epoch, event.tensors["parameters"])

    # -- clicks -------------------------------------------------------------------------------------------------------

    async def click(self) -> None:
        """Send a random command, again if the network loses it."""
        kind = "play" if self.plays else self.rng.choice(("step", "step", "rate", "more", "fewer"))
        command: Command
        if kind == "rate":
            command = Change(settings={"learning_rate": self.rng.choice((0.01, 0.03))})
        elif kind == "more" and self.neurons < 8:
            self.neurons += 1
            command = AddNeuron(layer=1)
        elif kind == "fewer" and self.neurons > 1:
            self.neurons -= 1
            command = RemoveNeuron(layer=1, neuron=1)
        else:
            command = Play() if self.plays else Step()
        await self.send(command)

    async def send(self, command: Command) -> None:
        self.sent.append(command)
        self.client.command(command)
        if self.socket:
            with suppress(ConnectionClosed):
                await self._send(self.socket)

    # -- the end ------------------------------------------------------------------------------------------------------

    @property
    def has_seen_all(self) -> bool:
        return self.seen.applied == len(self.sent)

    def check(self) -> list[str]:
        """Differences from a session in this process that got the same commands, each once and in order.

        The progress of one that plays depends on the machine; its loss curve must be whole, to the last epoch.
        """
        faults, samples = list(self.faults), self.history.samples
        expected = self._replay().trainer
        if self.plays:
            if not 0 <= self.seen.epoch - samples[-1, 0] < max(1, self.seen.epoch // 256) + 1:
                faults.append(f"the loss curve ends at {samples[-1, 0]}, training at {self.seen.epoch}")
            try:
                History.of(samples.astype(np.float64))
            except Refused as error:
                faults.append(f"the loss curve has a gap: {error}")
        elif self.seen.epoch != expected.epoch:
            faults.append(f"epoch {self.seen.epoch} came, expected {expected.epoch}")
        elif not np.array_equal(self.seen.parameters, expected.parameters.astype(np.float32)):
            faults.append("the parameters are others")
        elif not np.array_equal(samples, np.array(expected.history.samples, np.float32)):
            faults.append("the loss curve is another")
        return [f"visitor {self.number}: {fault}" for fault in faults]

    def _replay(self) -> Session:
        session = Session(read_link(self.link), lambda: 0.0)
        for command in self.sent:
            session.receive(command)
        return session


@asynccontextmanager
async def living(visitors: list[Visitor]) -> AsyncIterator[None]:
    """Keep the visitors connected for the length of the block."""
    async with asyncio.TaskGroup() as tasks:
        for visitor in visitors:
            tasks.create_task(visitor.live())
        yield
        for visitor in visitors:
            await visitor.leave()
