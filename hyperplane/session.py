"""A session on a running server, to drive from a script or a notebook: commands as methods, what is seen as arrays."""

import warnings
import weakref
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from numpy.typing import NDArray

from app.labs import LABS
from app.messages import Look
from app.protocol import Change, OpenLink, Pause, Play, Reset, Share, Show, Step
from engine.choices import Refused, closest
from hyperplane.commands import Said, built, commands_of, named
from hyperplane.connection import Connection, Seen
from hyperplane.plain import plain


class Sight(ABC):
    """What is known of a session's run at one moment. A session has the newest, no older than its last command."""

    @abstractmethod
    def _look(self) -> Seen:
        """At that moment."""

    @property
    def epoch(self) -> int:
        """Whole ones."""
        return self._look().frame.epoch

    @property
    def steps(self) -> int:
        """Updates of the parameters since epoch 0."""
        return int(self._look().frame.about["step"])

    @property
    def losses(self) -> dict[str, float]:
        """By name, such as "train" and "test"; NaN while one is not finite, or has no points."""
        return {name: float("nan") if loss is None else loss for name, loss in self._look().frame.losses.items()}

    @property
    def history(self) -> NDArray[Any]:
        """The losses of the whole run (n, 1 + losses): the epoch, then each in the order of `losses`."""
        return self._look().history.copy()

    @property
    def playing(self) -> bool:
        """Whether it trains."""
        return self._look().state.playing

    @property
    def settings(self) -> dict[str, Any]:
        """All of them by name, as they are now."""
        return dict(self._look().state.settings)

    @property
    def view(self) -> dict[str, Any]:
        """What the page would show beside the experiment, by name."""
        return dict(self._look().state.view)

    @property
    def facts(self) -> dict[str, Any]:
        """What follows from settings and data, by name: shape, layout of the parameters, classes."""
        return dict(self._look().state.facts)

    @property
    def about(self) -> dict[str, str]:
        """What the newest frame says besides its arrays."""
        return dict(self._look().frame.about)

    def frame(self, name: str) -> NDArray[Any]:
        """The newest array of this name in the run, of its frames or its material; docs/protocol.md lists them.

        Raises Refused for a name that has not come.
        """
        tensors = self._look().tensors
        if name not in tensors:
            raise Refused("name", name, f"{closest(name, tensors)}one of {', '.join(sorted(tensors))}")
        return tensors[name].copy()


class Moment(Sight):
    """A session as it was at one moment: it stays as it is."""

    def __init__(self, seen: Seen) -> None:
        self._seen = seen

    def _look(self) -> Seen:
        return self._seen

    def __repr__(self) -> str:
        return f"<epoch {self.epoch:,}, {_told(self.losses)}>"


class Session(Sight):
    """An experiment that runs on a server, as in a page of its own.

    Each command waits for the server's answer, and raises Refused if it changes nothing. The connection comes back by
    itself when it is lost; a call that waits for longer than the session's patience raises Unreachable.
    """

    COVERED: ClassVar[frozenset[str]] = frozenset({"change", "open-link"})  # commands that have another method
    _moment: ClassVar[type[Moment]] = Moment

    def __init__(self, connection: Connection, lab: str) -> None:
        self.lab = lab  # its name
        self._connection = connection
        weakref.finalize(self, connection.abandon).atexit = False  # what nobody has any more must not train on

    if TYPE_CHECKING:  # methods of the lab's edits, which its record brings

        def __getattr__(self, name: str) -> Any: ...

    # -- the session --------------------------------------------------------------------------------------------------

    @property
    def address(self) -> str:
        """Of the server."""
        return self._connection.address

    @property
    def token(self) -> str:
        """Another `connect` takes the session over by it. It is a secret: who has it has the session."""
        return self._connection.token

    @property
    def resumed(self) -> str:
        """What a token led to: "live", the session as it went on; "checkpoint", as it was saved; "copy", where another
        server has it; "none", a new one."""
        return self._connection.resumed

    @property
    def link(self) -> str:
        """The experiment as an address of the server's page, without weights."""
        return self._address(self._look().state.link)

    def share(
        self, *, weights: bool = False, hide: tuple[str, ...] | None = None, hide_text: bool | None = None
    ) -> str:
        """The same with the weights as they are, or with controls hidden. `hyperplane.train(link)` takes it too."""
        fields = {"weights": weights, "hide": hide, "hide_text": hide_text}
        return self._address(self._connection.command(built(Share, fields)) or "")

    def now(self) -> Moment:
        """All that is known, of one moment: while training runs, two looks at the session are of two moments."""
        return self._moment(self._look())

    def close(self) -> None:
        """Leave. The server keeps the session for a while, without training; `token` comes back to it."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<{self.lab} at {self.address}>"

    # -- commands -----------------------------------------------------------------------------------------------------

    def open(self, link: str) -> None:
        """Open another experiment of the lab, at epoch 0 or with the weights that the link brings."""
        self._say(OpenLink(link=link))
        self._connection.seen()  # behind the answer comes what was repaired
        for repair in self._connection.take_repairs():
            warnings.warn(f"link: {repair}", stacklevel=2)

    def set(self, **settings: Any) -> None:
        """Change some settings."""
        self._change(settings)

    def play(self) -> None:
        """Train until `pause()`, or until a stop condition or a divergence ends it."""
        self._say(Play())

    def pause(self) -> None:
        """Stop training, keep everything."""
        self._say(Pause())

    def step(self, unit: Literal["epoch", "batch"] = "epoch") -> None:
        """Train one epoch or one mini-batch, then pause."""
        self._say(built(Step, {"unit": unit}))

    def reset(self) -> None:
        """Back to epoch 0 and the first weights."""
        self._say(Reset())

    def show(self, **view: Any) -> None:
        """Change what the page of its link shows beside the experiment, by the names of `view`."""
        self._say(built(Show, view))

    def edit(self, name: str, **fields: Any) -> None:
        """Any command by the protocol's name, such as `edit("add-neuron", layer=1)`: the methods do the same."""
        self._say(built(named(commands_of(LABS[self.lab]), name), fields))

    def wait(
        self,
        condition: Callable[[Any], object] | None = None,
        *,
        epoch: int | None = None,
        timeout: float | None = None,
    ) -> Any:
        """Wait while it trains, and return the first moment that is seen at which both hold.

        condition: is called with a moment, such as `lambda now: now.losses["test"] < 0.05`.
        epoch: the least. Training goes on: `set(stop_epochs=1000)` ends it at exactly this epoch.
        timeout: seconds, after which TimeoutError is raised.

        Without either it waits until training ends by itself. Raises Stopped if training has ended before.
        """

        def happens(seen: Seen) -> bool:
            if epoch is None and condition is None:
                return not seen.state.playing
            is_late = epoch is None or seen.frame.epoch >= epoch
            return is_late and (condition is None or bool(condition(self._moment(seen))))

        what = "the condition" if condition else f"epoch {epoch:,}" if epoch is not None else "the end"
        return self._moment(self._connection.wait(happens, timeout, what))

    # -- inside -------------------------------------------------------------------------------------------------------

    def _look(self) -> Seen:
        return self._connection.seen()

    def _say(self, message: Said) -> None:
        if isinstance(message, Look):
            self._connection.look(message)
        else:
            self._connection.command(message)

    def _change(self, settings: dict[str, Any]) -> None:
        self._say(Change(settings=plain(settings)))

    def _address(self, link: str) -> str:
        path = LABS[self.lab].path if self.lab in LABS else "/"
        return f"{self.address}{path}{link}"


def _told(losses: dict[str, float]) -> str:
    return ", ".join(f"{name} {loss:.4g}" for name, loss in losses.items())
