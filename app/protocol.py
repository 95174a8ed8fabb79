"""Every control message that the sessions of all labs share: with the edits and looks of each lab this is the contract.

JSON text messages are modelled here. Binary messages (frames and what they refer to) are in the safetensors format;
`app/sessions/frames.py` writes them and `docs/protocol.md` lists their tensors.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Literal, Union

from pydantic import ConfigDict, Field, TypeAdapter

from app.experiment import MAX_SPEED
from app.labs import FIRST
from app.labs.contract import Lab
from app.messages import MOST, Command, Look, Message

PROTOCOL = 4  # raised when an old page could not follow a new server
PART_BYTES = 64 * 1024  # of a file, in each binary message but the last
MOST_SEEDS = 16
MOST_SEED_EPOCHS = 100_000


class Play(Command):
    """Train until told otherwise, or to the end of an epoch: a page that compares runs keeps them in step so."""

    type: Literal["play"] = "play"
    until: int | None = Field(default=None, ge=0, le=MOST, description="the epoch after which training pauses")


class Pause(Command):
    """Stop training, keep everything."""

    type: Literal["pause"] = "pause"


class Step(Command):
    """Train one epoch or one mini-batch, then pause. An epoch that has begun is finished."""

    type: Literal["step"] = "step"
    unit: Literal["epoch", "batch"] = "epoch"


class Reset(Command):
    """Go back to epoch 0 and the first weights."""

    type: Literal["reset"] = "reset"


class OpenLink(Command):
    """Open an experiment from its link, ours or TensorFlow Playground's, at epoch 0 or with the weights it brings."""

    type: Literal["open-link"] = "open-link"
    link: str = Field(description="a whole address, or the part from its # on")


class Show(Command):
    """Change what the page shows beside the experiment; what is left out, or null, stays.

    Its other fields are those of the lab's view, all but the speed: the session checks them.
    """

    model_config = ConfigDict(extra="allow")

    type: Literal["show"] = "show"

    @property
    def said(self) -> dict[str, Any]:
        """Of the view, by name."""
        return dict(self.model_extra or {})


class Recover(Command):
    """After a divergence: go back to the last good weights, change some settings, and play."""

    type: Literal["recover"] = "recover"
    settings: dict[str, Any] = Field(description="only those that change, by name: a lower rate, say")


class GoToBest(Command):
    """After a stop without gain: go back to `State.best_epoch`, weights, losses and all, and pause."""

    type: Literal["go-to-best"] = "go-to-best"


class Undo(Command):
    """Take the last change back: the run is as it stood before it, training included."""

    type: Literal["undo"] = "undo"


class Redo(Command):
    """Do again what was taken back last."""

    type: Literal["redo"] = "redo"


class GoTo(Command):
    """Pause, and show the run as it was at an epoch of its timeline. What changes it there begins a branch."""

    type: Literal["go-to"] = "go-to"
    epoch: int = Field(ge=0, le=MOST, description="from `timeline.first` to its end; the end itself is the present run")


class Share(Command):
    """Ask for a link, answered by `Shared`."""

    type: Literal["share"] = "share"
    weights: bool = Field(default=False, description="with the weights as they are")
    hide: tuple[str, ...] | None = Field(default=None, description="controls for the link to hide; as now unless told")
    hide_text: bool | None = None


class TrySeeds(Command):
    """Train the experiment, as its settings are, anew with each of some seeds, from epoch 0, beside the run itself.

    `Seeded` follows for each. Another such command ends it, and so does a new connection; no seeds: nothing else.
    """

    type: Literal["try-seeds"] = "try-seeds"
    seeds: tuple[str, ...] = Field(description=f"at most {MOST_SEEDS}, each for one run")
    epochs: int = Field(ge=1, le=MOST_SEED_EPOCHS, description="that each run takes, unless it ends before")


class TakeHome(Command):
    """Ask for the experiment as it is, as a file, which comes as a binary message before the answer."""

    type: Literal["take-home"] = "take-home"
    timeline: bool = Field(False, description="with the moments that led there, of which films are made")


class OpenMoment(Command):
    """Open the experiment of a file that `TakeHome` has given, at its own moment; parts of it came before, as binary
    messages."""

    type: Literal["open-moment"] = "open-moment"
    bytes: int = Field(ge=1, description="of the file, to know that all parts have come")


@dataclass(frozen=True, slots=True)
class Part:
    """The next part of a file: a binary message, which has no answer."""

    data: bytes


class Change(Command):
    """Change some settings. What cannot be kept begins anew; the rest applies while it runs."""

    type: Literal["change"] = "change"
    settings: dict[str, Any] = Field(description="only the settings that change, by name")


class Speed(Command):
    """Epochs per second while playing, as `view.speed` has it; null is as fast as it goes."""

    type: Literal["speed"] = "speed"
    epochs_per_second: float | None = Field(gt=0, le=MAX_SPEED)


class Focus(Command):
    """Send one unit's picture at full size; null ends it."""

    type: Literal["focus"] = "focus"
    unit: tuple[int, int] | None = Field(description="layer and unit, both from 1")


class Ack(Message):
    """Sent after a frame has been drawn; never answered."""

    type: Literal["ack"] = "ack"
    frame: int = Field(ge=0)


class Visible(Command):
    """A hidden page gets no frames and does not train."""

    type: Literal["visible"] = "visible"
    visible: bool


class Hello(Message):
    """The first message of a connection. A known token of the same lab comes back to its own session."""

    type: Literal["hello"] = "hello"
    protocol: int
    lab: str = Field(default=FIRST.name, max_length=100, description="whose page it is")
    token: str | None = Field(default=None, max_length=100)
    copy_token: str | None = Field(
        default=None, max_length=100, description="of a session to begin with a copy of, which stays as it is"
    )
    page: str = Field(default="", max_length=64, description="a name that the page chose as it was loaded")
    link: str = Field(default="", description="what a new session opens: the page's address from its # on")


CORE: tuple[type[Message], ...] = (
    Hello, Play, Pause, Step, Reset, OpenLink, OpenMoment, TakeHome, Show, Share, Recover, GoToBest, Change, Speed,
    Focus, Ack, Visible, Undo, Redo, GoTo, TrySeeds,
)  # fmt: skip

ClientMessage = Hello | Command | Ack | Look


def messages_of(lab: Lab) -> TypeAdapter[ClientMessage]:
    """What a page of this lab may send."""
    return _one_of((*CORE, *lab.edits, *lab.looks))


@lru_cache
def _one_of(kinds: tuple[type[Message], ...]) -> TypeAdapter[ClientMessage]:
    union: Any = Annotated[Union[kinds], Field(discriminator="type")]  # noqa: UP007  they are known only now
    return TypeAdapter(union)


class Welcome(Message):
    """The answer to `hello`; a `State`, what frames refer to, and a frame follow."""

    type: Literal["welcome"] = "welcome"
    protocol: int = PROTOCOL
    token: str
    resumed: Literal["live", "checkpoint", "copy", "none"]
    age: float  # of the checkpoint, in seconds
    handled: int  # the last command that was applied or refused: the page sends those after it again
    limits: dict[str, int]  # what the server allows, so that the page can disable what would be refused


class Away(Message):
    """There is no session for this page now, or soon: the connection ends after it."""

    type: Literal["away"] = "away"
    reason: Literal["full", "restart"]
    retry_after: float  # seconds, not the same for all


class Divergence(Message):
    """Training left the finite numbers; the parameters are the last finite ones."""

    epoch: int
    step: int
    layer: int  # where the largest weight is; 1 is the first after the inputs
    largest: float  # its size
    trail: tuple[float | None, ...]  # the training loss after each of the last steps, up to `step`; null where infinite


class Stop(Message):
    """A stop condition ended training."""

    reason: Literal["epochs", "loss", "accuracy", "plateau"]
    epoch: int
    value: float | None  # the epoch, the loss, the accuracy from 0 to 1, the best loss; null where it was never finite


class Timeline(Message):
    """The epochs that `go-to` goes to, while the run itself is somewhere on it."""

    first: int
    tip: int | None  # where it ends, if the run stands before; else it ends where the run is
    changes: tuple[int, ...]  # epochs at which something but training changed the run, the newest ones


class State(Message):
    """The whole of what the page's controls show, after each command and when training ends by itself."""

    type: Literal["state"] = "state"
    seq: int  # the command that led here, 0 if none did
    lab: str
    run: int  # grows whenever frames would mean something else; frames of another run are not drawn
    settings: dict[str, Any]  # the lab's own, by name
    playing: bool
    speed: float | None  # that of the view
    focus: tuple[int, int] | None
    divergence: Divergence | None
    stop: Stop | None
    failed: bool  # the server made a mistake with this network: only a reset or another experiment goes on
    best_epoch: int | None  # that `GoToBest` leads to; null if training has not stopped without gain, or none is kept
    view: dict[str, Any]  # the lab's own, by name
    link: str  # the experiment as the address bar says it, from its # on
    undo: str  # what `undo` takes back: a command's type, after `change` the settings' names; "" for nothing
    redo: str  # the same of `redo`
    timeline: Timeline | None  # null where no moment of so large a model is kept
    facts: dict[str, Any]  # the lab's own: what its controls and pictures depend on


class Opened(Message):
    """After a link that could not be taken as it stood."""

    type: Literal["opened"] = "opened"
    seq: int
    repairs: tuple[str, ...]  # what was left out or replaced, in words


class Shared(Message):
    """The link that was asked for."""

    type: Literal["shared"] = "shared"
    seq: int
    link: str  # from its # on


class Seeded(Message):
    """How far a run with another seed is, or what has become of it."""

    type: Literal["seeded"] = "seeded"
    seq: int  # the command that asked for it
    seed: str
    epoch: int
    done: bool  # what follows is known only then
    diverged: bool = False
    history: tuple[tuple[float | None, ...], ...] = ()  # as that of frames: epoch and losses; null where infinite
    metrics: dict[str, float | None] = Field(default_factory=dict)  # of the end, by name


class Rejected(Message):
    """A message that changed nothing, and why."""

    type: Literal["rejected"] = "rejected"
    seq: int
    field: str  # which part of the message, "" for the whole
    came: str  # shortened
    expected: str
    place: tuple[int, int] | None = None  # of it in a text: its first character, from 0, and the one behind it


ServerMessage = Annotated[Welcome | Away | State | Opened | Shared | Seeded | Rejected, Field(discriminator="type")]
server_messages: TypeAdapter[ServerMessage] = TypeAdapter(ServerMessage)
