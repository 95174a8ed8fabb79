"""Turns a refusal into the message that tells the visitor."""

from app.protocol import Rejected
from engine.choices import Refused


def rejection(seq: int, error: Refused) -> Rejected:
    """Says why a message changed nothing. A long value is shortened."""
    return Rejected(seq=seq, field=error.field, came=repr(error.came)[:200], expected=error.expected, place=error.place)
