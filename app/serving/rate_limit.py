"""Limits the rate of a page's messages."""

_CHARACTERS = 4096  # of one message: a longer one counts as several
_SECONDS = 5.0  # a page may send the unused messages of this time at once, as after a lost connection


class Allowance:
    """A token bucket: `rate` messages a second, by the caller's clock in seconds."""

    def __init__(self, rate: float, now: float) -> None:
        self._rate = rate
        self._most = self._left = rate * _SECONDS
        self._then = now

    def spend(self, now: float, length: int = 0) -> bool:
        """Take one message of so many characters from the allowance; False if too little is left."""
        messages = 1 + length // _CHARACTERS
        self._left = min(self._most, self._left + (now - self._then) * self._rate)
        self._then = now
        if self._left < messages:
            return False
        self._left -= messages
        return True
