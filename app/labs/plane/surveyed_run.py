"""A run of the plane that keeps its path, and the pictures of its loss that a page looks at."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import DTypeLike

from engine.labs.plane.landscape import Landscape
from engine.labs.plane.settings import MAX_PARAMETERS, Settings
from engine.labs.plane.trainer import Trainer
from engine.machine.network import Network
from engine.runs.data import Given
from engine.runs.history import History
from engine.runs.moment import Moment
from engine.runs.path import Path


class SurveyedRun(Trainer):
    """Not for two threads at once. The path is of the present network, and not in checkpoints."""

    def __init__(
        self,
        settings: Settings,
        dtype: DTypeLike = np.float32,
        parameter_limit: int = MAX_PARAMETERS,
        given: Given | None = None,
    ) -> None:
        self.changes = 0  # how often something but training has changed the network
        self._of: Network | None = None  # whose path it is
        self.path: Path
        self.landscape: Landscape
        super().__init__(settings, dtype, parameter_limit, given)

    def begin(self, epoch: int) -> None:
        """No path yet."""
        self._of = None
        self.changes += 1
        super().begin(epoch)

    def lay_out(self) -> None:
        """Another network has another path; other batches go on with it."""
        super().lay_out()
        if self._of is not self.network:
            self._of = self.network
            self.path = Path(self.network.parameters.nbytes)
            self.landscape = Landscape(self, self.path)

    def go_on(self) -> None:
        """Something has changed."""
        super().go_on()
        self.changes += 1

    def set_parameters(self, values: Iterable[tuple[int, float]]) -> None:
        """The path jumps."""
        super().set_parameters(values)
        self.changes += 1

    def resume(self, moment: Moment) -> None:
        """The path begins here."""
        self._of = None
        super().resume(moment)

    def stand_at(self, moment: Moment, history: History) -> None:
        """Something has changed."""
        self.changes += 1
        super().stand_at(moment, history)

    def _sample(self, losses: tuple[float, ...]) -> None:
        super()._sample(losses)
        self.path.add(self.step, losses[0], self.network.parameters)
