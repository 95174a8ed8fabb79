"""What all JSON messages of a live session share."""

from pydantic import BaseModel, ConfigDict, Field

MOST = 2**53 - 1  # the greatest whole number that a page can count to


class Message(BaseModel):
    """What all messages share: frozen, closed, finite."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Command(Message):
    """A message of the page. The server answers each with `State` or `Rejected`."""

    seq: int = Field(
        default=0, ge=0, le=MOST, strict=True, description="the page's own number, echoed in the answer and in frames"
    )
