"""A session: turns a page's commands into training, and training into messages. No sockets, no threads."""

from collections import deque
from collections.abc import Callable
from typing import Any

from app.labs.contract import Lab
from app.links import Link
from app.messages import Command, Look
from app.protocol import Ack, Opened, Part, Rejected, Seeded, Shared, State, TakeHome, TrySeeds
from app.sessions.frames import material_message
from app.sessions.open_experiment import OpenExperiment
from app.sessions.rejections import rejection
from app.sessions.screen import Screen
from app.sessions.seed_runs import SeedRuns
from app.sessions.states import state_of
from app.sessions.tally import Tally
from app.storage.checkpoint import Frozen, kept_of
from engine.choices import Refused

NEVER = float("inf")


class Session:
    """One experiment of one page. All methods are called by one thread at a time.

    `clock` gives seconds, `crowd` how many sessions share a thread: in a crowd each trains less and draws coarser.
    The owner calls `advance` when `next_turn` says so, and then takes what is in `outbox` and `picture`.
    """

    def __init__(
        self,
        link: Link,
        clock: Callable[[], float],
        frame_seconds: float = 1 / 120,
        parameter_limit: int | None = None,
        crowd: Callable[[], float] = lambda: 1.0,
    ) -> None:
        self.outbox: deque[State | Opened | Shared | Seeded | Rejected | bytes] = deque()
        self.run = 1
        self.handled = 0  # number of the last command, applied or refused
        self.tally = Tally()
        self.is_unsaved = False  # the saver of `freeze` sets this to False
        self.has_file = False  # in the outbox, or on its way to a page: another one has to wait; the owner clears it
        self._experiment = OpenExperiment(link, clock, crowd, parameter_limit)
        self._screen = Screen(clock, frame_seconds, crowd)
        self._clock = clock
        self._seeds: SeedRuns | None = None
        self._applied = 0
        self._busy_with: Command | None = None  # which takes several turns

    @property
    def lab(self) -> Lab:
        """For good."""
        return self._experiment.lab

    @property
    def trainer(self) -> Any:
        """The run, an object of the lab's own class."""
        return self._experiment.trainer

    @property
    def view(self) -> Any:
        """What the page shows beside it."""
        return self._experiment.view

    @property
    def playing(self) -> bool:
        """Whether it trains until told otherwise."""
        return self._experiment.playing

    @property
    def failed(self) -> bool:
        """An error of ours: the model may be half changed, until one is made anew."""
        return self._experiment.failed

    @property
    def picture(self) -> bytes | None:
        """The newest frame, until it is taken."""
        return self._screen.picture

    @picture.setter
    def picture(self, frame: bytes | None) -> None:
        self._screen.picture = frame

    def next_turn(self) -> float:
        """When `advance` should be called next, by the clock: NEVER means not before a message comes."""
        experiment, frame = self._experiment, self._screen.due
        if not experiment.visible or self.failed:
            return NEVER
        if self._screen.has_work(experiment) or self._tries_seeds:
            return 0.0
        trains = experiment.trains and self._screen.is_seen
        turn = experiment.slices.due(self.trainer, self.view.speed) if trains else NEVER
        return turn if frame is None else min(turn, frame)

    def advance(self) -> None:
        """Train for a slice if it is time, and make a frame if one can be sent."""
        experiment, screen = self._experiment, self._screen
        if not experiment.visible or self.failed:
            return
        if experiment.trains and screen.is_seen:
            self._train()
        if screen.has_work(experiment):
            screen.work(experiment)
        if self._seeds and self._tries_seeds:
            said = self._seeds.work(self._clock)
            self.outbox += [said] if said else []
        if screen.is_due:
            self.tally.frames += 1
            screen.draw(experiment, self.run, self._applied, self.handled)

    @property
    def _tries_seeds(self) -> bool:
        return self._seeds is not None and self._seeds.has_work and self._screen.is_seen

    def _train(self) -> None:
        experiment, run = self._experiment, self.trainer
        left = NEVER if experiment.until is None else experiment.until - run.epoch
        steps = experiment.slices.train(run, self.view.speed, left)
        if steps is None:
            return
        self._note_steps(steps)
        if run.has_ended or run.epoch == experiment.until:
            experiment.playing = False
            self._tell()

    def _note_steps(self, steps: int) -> None:
        self.tally.steps += steps
        self._screen.change()
        self.is_unsaved = True

    # -- beyond the life of the server --------------------------------------------------------------------------------

    def freeze(self) -> Frozen:
        """All that another session needs to go on here."""
        link, run = self._experiment.link, self.trainer
        moment = run.tip or run.moment()  # a visitor who looks at the past comes back to the present
        timeline = kept_of(run.timeline, moment)
        return Frozen(moment, self.view, link.text, link.theirs, self.run, self.handled, self.playing, timeline)

    def thaw(self, frozen: Frozen) -> None:
        """Go on where another session of the lab was frozen. Raises Refused."""
        self._experiment.resume(frozen.moment, frozen.view, frozen.link, playing=frozen.playing)
        self._experiment.remember(frozen.timeline)
        self.run, self._applied, self.handled = frozen.run + 1, frozen.applied, frozen.applied

    # -- connections --------------------------------------------------------------------------------------------------

    def attach(self) -> None:
        """A page has come, or come back: it knows nothing yet."""
        self.outbox.clear()
        self.has_file = False
        self._seeds = None
        self._screen.open()
        self._experiment.parcel.drop()
        self._experiment.visible = True
        self._experiment.slices.begin(self.trainer)
        self._greet()

    def detach(self) -> None:
        """No page is there: neither train nor draw."""
        self._experiment.visible = False

    def fail(self) -> None:
        """After an exception in a turn: stop, and tell the page so, with a model that can be told of.

        What was saved before stays the newest checkpoint.
        """
        self._experiment.fail()
        self._seeds = None
        self.is_unsaved = False
        self.tally.failures += 1
        self._busy_with = None
        self._applied = self.handled
        self.outbox.clear()
        try:
            self._begin_run()
        except Exception:  # the state itself cannot be told
            self._experiment.begin_anew()
            self.outbox.clear()
            self._begin_run()

    # -- messages -----------------------------------------------------------------------------------------------------

    def receive(self, message: Command | Ack | Look | Part | Rejected) -> None:
        """Apply a message and put the answer into the outbox. A rejection is only passed on, in its order."""
        match message:
            case Ack(frame=frame):
                self._screen.acknowledge(frame)
            case Look():
                self._screen.look(message, hurry=not self._experiment.trains)  # what trains has a frame soon anyway
            case Part(data=data):
                self._experiment.parcel.add(data)
            case Rejected():
                self._reject(message)
            case Command():
                self._obey(message)

    def _obey(self, command: Command) -> None:
        if 0 < command.seq <= self.handled:  # sent again by a page that did not hear the answer
            self._tell()
            return
        before, self.handled = self.handled, max(self.handled, command.seq)
        self.tally.commands += 1
        layout = self._experiment.layout()
        try:
            said = self._said(command)
        except Refused as error:
            self._reject(rejection(command.seq, error))
            return
        if said:
            self.outbox.append(said)
        if self.is_busy:  # it is answered when it is done
            self._busy_with, self.handled = command, before
        else:
            self._conclude(command, layout)

    def _said(self, command: Command) -> Shared | bytes | None:
        """What a command is answered beside the state. Raises Refused, also for a file while another has not left: a
        page that asks and does not read would fill the memory."""
        if isinstance(command, TakeHome) and self.has_file:
            raise Refused("type", "take-home", "the file before it to arrive first: try again in a moment")
        if isinstance(command, TrySeeds):
            self._seeds = self._experiment.seed_runs(command)
            return None
        said = self._experiment.apply(command)
        self.has_file = self.has_file or isinstance(said, bytes)
        return said

    @property
    def is_busy(self) -> bool:
        """Whether a command is under way: those after it wait."""
        return self._experiment.slices.is_busy

    def go_on(self) -> None:
        """A part of the command that is under way, and its answer when it is done."""
        self._note_steps(self._experiment.slices.go_on(self.trainer))
        command = self._busy_with
        if command and not self.is_busy:
            self._busy_with = None
            self.handled = max(self.handled, command.seq)
            self._conclude(command, self._experiment.layout())

    def _conclude(self, command: Command, layout: tuple[object, ...]) -> None:
        """The answer to a command that has been applied; `layout` as it was before."""
        self._applied = command.seq
        self._screen.change(hurry=True)
        self.is_unsaved = not self.failed
        if self._experiment.layout() == layout:
            self._tell()
        else:
            self._begin_run()

    def _reject(self, message: Rejected) -> None:
        self.tally.rejections += 1
        self.outbox.append(message)

    def _begin_run(self) -> None:
        self.run += 1
        self._screen.begin_run()
        self._experiment.keep_focus()
        self._greet()

    def _greet(self) -> None:
        """All that a page must know of a run before its first frame."""
        self._tell()
        self.outbox.append(material_message(self.lab, self.trainer, self.run))

    def _tell(self) -> None:
        self.outbox += [state_of(self._experiment, self._applied, self.run), *self._experiment.link.take_repairs()]
