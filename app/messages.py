"""What all JSON messages of a live session share, and the two kinds of them that each lab has of its own."""

from abc import abstractmethod
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from engine.choices import Refused

MOST = 2**53 - 1  # the greatest whole number that a page can count to


class Message(BaseModel):
    """What all messages share: frozen, closed, finite."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Refusal(Message):
    """Why something of a visitor's cannot be taken, where no command is rejected."""

    field: str
    came: str
    expected: str

    @classmethod
    def of(cls, refused: Refused) -> "Refusal":
        """The same as a message."""
        return cls(field=refused.field, came=str(refused.came), expected=refused.expected)


class Command(Message):
    """A message of the page. The server answers each with `State` or `Rejected`."""

    seq: int = Field(
        default=0, ge=0, le=MOST, strict=True, description="the page's own number, echoed in the answer and in frames"
    )


class Edit(Command):
    """A command of one lab that changes its model or its data: the session only passes it on."""

    pauses: ClassVar[bool] = False  # whether training pauses before it is applied
    gradual: ClassVar[tuple[str, ...] | None] = None  # many that follow each other, equal in these fields, are one undo

    @abstractmethod
    def apply(self, run: Any) -> None:
        """To a run of the lab. Raises Refused, and then has changed nothing."""


class Look(Message):
    """Something of the model that a page asks to see, from now on. Never answered: frames bring it.

    No command, as a pointer moves with every frame: an answer is a whole `State`, and would be one for each place. The
    newest of each type counts, and a new connection has none.
    """

    type: Any  # each lab's own has one
