"""Every control message of the live session: this file is the contract.

JSON text messages are modelled here. Binary messages (frames and points) are in the safetensors
format; `app/labs/plane/frames.py` writes them and `docs/protocol.md` lists their tensors.
"""

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from app.experiment import MAX_SPEED, View
from app.labs.plane.edits import AddLayer, AddNeuron, RemoveLayer, RemoveNeuron, SetLayers, SetNeurons, SetParameter
from app.messages import Command, Message
from engine.labs.plane.settings import Settings
from engine.machine.architecture import Objective

PROTOCOL = 3  # raised when an old page could not follow a new server


class Play(Command):
    """Train until told otherwise."""

    type: Literal["play"] = "play"


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


class NewWeights(Command):
    """Go back to epoch 0 with another draw of first weights; the data stay."""

    type: Literal["new-weights"] = "new-weights"


class RegenerateData(Command):
    """Draw other data and first weights from a new seed, and go back to epoch 0."""

    type: Literal["regenerate-data"] = "regenerate-data"


class OpenLink(Command):
    """Open an experiment from its link, ours or TensorFlow Playground's, at epoch 0 or with the weights it brings."""

    type: Literal["open-link"] = "open-link"
    link: str = Field(description="a whole address, or the part from its # on")


class Show(Command):
    """Change what the page shows beside the experiment; what is left out stays."""

    type: Literal["show"] = "show"
    show_test: bool | None = None
    discretize: bool | None = None
    gradients: bool | None = None
    hide: tuple[str, ...] | None = Field(default=None, description="controls, by name")
    hide_text: bool | None = None
    lesson: str | None = Field(default=None, description="the slug of a lesson, or the empty text for none")
    log_loss: bool | None = None
    log_epoch: bool | None = None
    errors: bool | None = None


class Recover(Command):
    """After a divergence: go back to the last good weights, change some settings, and play."""

    type: Literal["recover"] = "recover"
    settings: dict[str, Any] = Field(description="only those that change, by name: a lower rate, say")


class GoToBest(Command):
    """After a stop without gain: go back to `State.best_epoch`, weights, losses and all, and pause."""

    type: Literal["go-to-best"] = "go-to-best"


class Share(Command):
    """Ask for a link, answered by `Shared`."""

    type: Literal["share"] = "share"
    weights: bool = Field(default=False, description="with the weights as they are")
    hide: tuple[str, ...] | None = Field(default=None, description="controls for the link to hide; as now unless told")
    hide_text: bool | None = None


class Change(Command):
    """Change some settings. Data, inputs and `hidden` start a new run; the rest applies while it runs."""

    type: Literal["change"] = "change"
    settings: dict[str, Any] = Field(description="only the settings that change, by name")


class Speed(Command):
    """Epochs per second while playing, as `view.speed` has it; null is as fast as it goes."""

    type: Literal["speed"] = "speed"
    epochs_per_second: float | None = Field(gt=0, le=MAX_SPEED)


class Focus(Command):
    """Send one neuron's picture at full size; null ends it. The only output of a network has that anyway."""

    type: Literal["focus"] = "focus"
    unit: tuple[int, int] | None = Field(description="layer and neuron, both from 1")


class Ack(Message):
    """Sent after a frame has been drawn; never answered."""

    type: Literal["ack"] = "ack"
    frame: int = Field(ge=0)


_Coordinate = Annotated[float, Field(ge=-6, le=6)]


class Look(Message):
    """Ask what the network says at a place of the plane, from now on; null ends it. Never answered: frames bring it.

    No command, as a pointer moves with every frame: an answer is a whole `State`, and would be one for each place.
    """

    type: Literal["look"] = "look"
    at: tuple[_Coordinate, _Coordinate] | None = Field(description="x and y")


class Visible(Command):
    """A hidden page gets no frames and does not train."""

    type: Literal["visible"] = "visible"
    visible: bool


class Hello(Message):
    """The first message of a connection. A known token comes back to its own session."""

    type: Literal["hello"] = "hello"
    protocol: int
    token: str | None = Field(default=None, max_length=100)
    page: str = Field(default="", max_length=64, description="a name that the page chose as it was loaded")
    link: str = Field(default="", description="what a new session opens: the page's address from its # on")


ClientMessage = Annotated[
    Hello
    | Play
    | Pause
    | Step
    | Reset
    | NewWeights
    | RegenerateData
    | OpenLink
    | Show
    | Share
    | Recover
    | GoToBest
    | Change
    | AddLayer
    | RemoveLayer
    | AddNeuron
    | RemoveNeuron
    | SetNeurons
    | SetLayers
    | SetParameter
    | Speed
    | Focus
    | Ack
    | Look
    | Visible,
    Field(discriminator="type"),
]
client_messages: TypeAdapter[ClientMessage] = TypeAdapter(ClientMessage)


class Limits(Message):
    """What the server allows, so that the page can disable what would be refused."""

    hidden_layers: int
    neurons: int
    parameters: int
    batch_size: int


class Welcome(Message):
    """The answer to `hello`; a `State`, the points and a frame follow."""

    type: Literal["welcome"] = "welcome"
    protocol: int = PROTOCOL
    token: str
    resumed: Literal["live", "checkpoint", "copy", "none"]
    age: float  # of the checkpoint, in seconds
    handled: int  # the last command that was applied or refused: the page sends those after it again
    limits: Limits


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


class TensorPlace(Message):
    """A part of a frame's `parameters`."""

    name: str  # "layer 2 weights"; the last column are the biases
    offset: int  # place of its first number
    shape: tuple[int, ...]  # row by row


class State(Message):
    """The whole of what the page's controls show, after each command and when training ends by itself."""

    type: Literal["state"] = "state"
    seq: int  # the command that led here, 0 if none did
    run: int  # grows whenever shape or data change; frames of another run are not drawn
    settings: Settings
    problem: Literal["classification", "regression"]
    objective: Objective  # the loss that is trained
    classes: int  # of the points; 0 in a regression
    most_classes: int  # that the data set can have
    is_fixed: bool  # whether its points are always the same: no noise, no test points
    domain: tuple[float, float]  # what the pictures show of the plane, in both directions
    shape: tuple[int, ...]  # units of each layer, inputs and output included
    layout: tuple[TensorPlace, ...]  # all parameters, in their order
    parameter_count: int  # of all kinds: weights, biases, and scales and shifts of batch norm
    weight_count: int
    bias_count: int
    playing: bool
    speed: float | None  # that of the view
    focus: tuple[int, int] | None
    divergence: Divergence | None
    stop: Stop | None
    failed: bool  # the server made a mistake with this network: only a reset or another experiment goes on
    best_epoch: int | None  # that `GoToBest` leads to; null if training has not stopped without gain, or none is kept
    view: View
    link: str  # the experiment as the address bar says it, from its # on


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


class Rejected(Message):
    """A message that changed nothing, and why."""

    type: Literal["rejected"] = "rejected"
    seq: int
    field: str  # which part of the message, "" for the whole
    came: str  # shortened
    expected: str


ServerMessage = Annotated[Welcome | Away | State | Opened | Shared | Rejected, Field(discriminator="type")]
server_messages: TypeAdapter[ServerMessage] = TypeAdapter(ServerMessage)
