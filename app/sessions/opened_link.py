"""The link that a session was opened with: its repairs, and the addresses that follow from it."""

from app.experiment import Experiment
from app.links import Link, read_link, write_link
from app.protocol import Opened, Shared


class OpenedLink:
    """The page is told the repairs once, after the state of the experiment. `seq`: the command that opened the link."""

    def __init__(self, link: Link, seq: int = 0) -> None:
        self._link = link
        self._untold = Opened(seq=seq, repairs=link.repairs) if link.repairs else None

    @classmethod
    def again(cls, text: str) -> "OpenedLink":
        """The link of a session from a checkpoint: its page was told the repairs before."""
        opened = cls(read_link(text))
        opened._untold = None
        return opened

    @property
    def text(self) -> str:
        """The link with its #, repaired."""
        return self._link.text

    @property
    def theirs(self) -> bool:
        """Whether it is a link of the other playground."""
        return self._link.theirs

    def address_of(self, experiment: Experiment) -> str:
        """The link of the experiment as it is now."""
        return self._link.address_of(experiment)

    def shared(self, experiment: Experiment, seq: int) -> Shared:
        """The answer to the command `Share`."""
        return Shared(seq=seq, link=write_link(experiment, theirs=self.theirs))

    def take_repairs(self) -> list[Opened]:
        """The repairs that the page has not been told yet."""
        untold, self._untold = self._untold, None
        return [untold] if untold else []
