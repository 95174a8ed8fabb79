"""What can go wrong besides a refusal."""


class Unreachable(ConnectionError):
    """There is no server at the address, none of this version, or none that still has the session."""


class NoPlace(Unreachable):
    """The server is there, but has no place for a session now."""

    def __init__(self, message: str, retry_after: float = 0.0) -> None:
        super().__init__(message)
        self.retry_after = retry_after  # seconds, as the server says


class Stopped(RuntimeError):
    """What was waited for cannot come: nothing trains."""
