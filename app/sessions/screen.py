"""What one page sees of an experiment: the next frame, what it brings, and how coarse its pictures are."""

from collections.abc import Callable

from app.labs.contract import COARSEST, Wish
from app.messages import Look
from app.sessions.frames import FrameHead, frame_message
from app.sessions.open_experiment import OpenExperiment
from app.sessions.stream import Sent, Stream
from app.sessions.verdicts import Verdicts

_WORK_SECONDS = 0.001  # of what takes longer than a frame, in one turn: half as long as a slice of training
_COARSER = (4, 20)  # sessions of a thread beyond which pictures have fewer pixels: a half, a third a side


class Screen:
    """`crowd`: how many sessions share a thread; in a crowd pictures are coarser."""

    def __init__(self, clock: Callable[[], float], frame_seconds: float, crowd: Callable[[], float]) -> None:
        self.picture: bytes | None = None  # the newest frame, until it is taken
        self._looks: dict[str, Look] = {}  # the newest of each type
        self._clock = clock
        self._crowd = crowd
        self._stream = Stream(frame_seconds)
        self._verdicts = Verdicts()

    def open(self) -> None:
        """A page has come, or come back: it knows nothing yet."""
        self.picture = None
        self._looks.clear()
        self._stream.open()

    def begin_run(self) -> None:
        """What was drawn means nothing any more."""
        self.picture = None
        self._stream.begin_run()

    def change(self, *, hurry: bool = False) -> None:
        """There is something to show; a visitor who clicked does not wait for it."""
        self._stream.change(hurry=hurry)

    def look(self, look: Look, *, hurry: bool) -> None:
        """The page asks to see something, from now on."""
        self._looks[look.type] = look
        self._stream.change(hurry=hurry)

    def acknowledge(self, frame: int) -> None:
        """The page has drawn it."""
        self._stream.acknowledge(frame, self._clock())

    @property
    def is_seen(self) -> bool:
        """Whether the page draws what it gets, as far as one knows."""
        return self._stream.is_seen(self._clock())

    @property
    def due(self) -> float | None:
        """When the next frame is to be made; None while none can be sent."""
        return self._stream.due if self.picture is None and self._stream.may_send() else None

    @property
    def is_due(self) -> bool:
        """Whether a frame can be made now."""
        return self.due is not None and self._clock() >= self.due

    def draw(self, experiment: OpenExperiment, run: int, applied: int, handled: int) -> None:
        """Make a frame of run number `run`, with the last command that it shows and the last that was handled."""
        stream, trainer, engine = self._stream, experiment.trainer, experiment.lab.engine
        now, crowd, trains = self._clock(), self._crowd(), experiment.trains
        is_large = crowd > 1 and engine.is_large(trainer)  # a thread draws one after the other
        coarseness, coarse_for = stream.coarseness(COARSEST if is_large else sum(crowd > most for most in _COARSER))
        small = stream.wants_small(now, trains=trains)
        epochs, steps = experiment.slices.rates(now) if trains else (0.0, 0.0)
        head = FrameHead(
            run=run,
            frame=stream.frames + 1,
            applied=applied,
            epochs_per_second=epochs,
            steps_per_second=steps,
            focus=experiment.focus,
            coarseness=coarseness,
            coarse_for=coarse_for,
            health=self._verdicts.of(engine, trainer, now, (run, handled), trains=trains, crowd=crowd),
            history_start=stream.known_samples(run, trainer.history),
        )
        shown = engine.show(trainer, self._wish(experiment, small=small, coarseness=coarseness))
        self.picture = frame_message(experiment.lab, trainer, head, shown)
        samples = len(trainer.history.samples)
        stream.made(Sent(head.frame, run, trainer.history, samples, now, coarseness, small))

    # -- what takes longer than a frame -------------------------------------------------------------------------------

    def has_work(self, experiment: OpenExperiment) -> bool:
        """Whether the page waits for something that takes longer than a frame."""
        return self.is_seen and experiment.lab.engine.has_work(experiment.trainer, self._wish(experiment))

    def work(self, experiment: OpenExperiment) -> None:
        """Go on with it, and show how far it is."""
        experiment.lab.engine.work(experiment.trainer, self._wish(experiment), _WORK_SECONDS)
        self._stream.change()

    def _wish(self, experiment: OpenExperiment, *, small: bool = True, coarseness: int = 0) -> Wish:
        return Wish(experiment.view, experiment.focus, self._looks, small, coarseness)
