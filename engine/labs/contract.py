"""What sessions, links, checkpoints and the command line ask of a lab's run, whatever it trains."""

from typing import Any, Protocol

from numpy.typing import NDArray

from engine.choices import Choices
from engine.runs.history import History
from engine.runs.moment import Divergence, Moment
from engine.runs.stopping import Stop


class LabRun(Protocol):
    """An `engine.runs.run.Run` of a lab's model, and what the lab lets a visitor change in it.

    Not for two threads at once. Settings are those of the lab; what else a lab's edits, frames and facts need, its own
    modules ask of its own class.
    """

    epoch: int
    step: int  # parameter updates
    divergence: Divergence | None
    stop: Stop | None  # the condition that has ended training
    history: History
    changed: int  # the epoch of the last change to the model or its training
    starts: int  # how often it began at epoch 0

    # -- training -----------------------------------------------------------------------------------------------------

    def train(self, epochs: int) -> int:
        """Train so many epochs unless it ends before; returns how many."""

    def train_steps(self, steps: int) -> int:
        """Train so many mini-batches unless it ends before; returns how many."""

    def train_for(self, seconds: float, epochs: int | None = None) -> int:
        """Train about so long, at least one step and at most to the end of so many epochs; returns how many ended."""

    def arm(self) -> None:
        """Training begins: stop conditions that are met already are no reason to end it again."""

    @property
    def has_ended(self) -> bool:
        """Whether training has come to an end by itself."""

    @property
    def step_in_epoch(self) -> int:
        """Steps that were taken since the last whole epoch."""

    @property
    def steps_in_epoch(self) -> int:
        """Mini-batches."""

    def losses(self) -> tuple[float, ...]:
        """As the model is, in the order in which the lab names them; NaN over no examples."""

    # -- changes ------------------------------------------------------------------------------------------------------

    @property
    def settings(self) -> Choices:
        """Of the run as it is."""

    def change(self, settings: Any) -> bool:
        """Take other settings and keep what can be kept; True when training started over. Raises Refused."""

    def reset(self) -> None:
        """Epoch 0 and the first weights again."""

    # -- ways back, and moments ---------------------------------------------------------------------------------------

    @property
    def best_epoch(self) -> int | None:
        """Where `go_to_best` leads; None where it leads nowhere."""

    def go_to_best(self) -> None:
        """After a stop without gain, go back to the epoch of the best loss. Raises Refused."""

    def recover(self) -> None:
        """After a divergence, go back to the last good weights. Raises Refused."""

    def saved(self) -> NDArray[Any]:
        """What a link keeps of a trained model, for `load`: a vector of finite numbers."""

    def load(self, saved: NDArray[Any], epoch: int) -> None:
        """Begin with what `saved` returned after `epoch` epochs, not at epoch 0. Raises Refused."""

    def moment(self) -> Moment:
        """The run as it is, to go back to or to go on from elsewhere."""

    def resume(self, moment: Moment) -> None:
        """Go on where another run with these settings was. Raises Refused, KeyError."""
