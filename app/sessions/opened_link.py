"""The link that a session was opened with: what is told of it, and the addresses that follow from it."""

from app.experiment import Experiment
from app.links import Link, read_link, write_link
from app.protocol import Opened, Shared


class OpenedLink:
    """What was repaired in it is told once, after the state that it led to. `seq`: of the command that opened it."""

    def __init__(self, link: Link, seq: int = 0) -> None:
        self._link = link
        self._untold = Opened(seq=seq, repairs=link.repairs) if link.repairs else None

    @classmethod
    def again(cls, text: str) -> "OpenedLink":
        """One that was opened, and told of, by the session of a checkpoint."""
        opened = cls(read_link(text))
        opened._untold = None
        return opened

    @property
    def text(self) -> str:
        """With its #, mended."""
        return self._link.text

    @property
    def theirs(self) -> bool:
        """Whether it is one of the other playground's."""
        return self._link.theirs

    def address_of(self, experiment: Experiment) -> str:
        """The link of what has become of it."""
        return self._link.address_of(experiment)

    def shared(self, experiment: Experiment, seq: int) -> Shared:
        """The answer to a wish for a link."""
        return Shared(seq=seq, link=write_link(experiment, theirs=self.theirs))

    def take_repairs(self) -> list[Opened]:
        """What is still to be told."""
        untold, self._untold = self._untold, None
        return [untold] if untold else []
