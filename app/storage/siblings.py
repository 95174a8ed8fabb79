"""Locks sessions for one worker of a server; the locks end with the process that holds them."""

import fcntl
import tempfile

_DIGITS = 15  # hexadecimal, of a key: 60 bits fit into a file's 63, and 4,096 sessions do not collide


class SiblingLocks:
    """Works among processes forked after it was made. The kernel keeps one record lock per session on a file without
    name or content, and a killed worker leaves none behind.

    A process must not open the file again, because closing it once would end all its locks.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  for as long as the server lives

    def own(self, key: str) -> bool:
        """Take the session, or keep it; False if another worker has it."""
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _offset(key))
        except BlockingIOError:
            return False
        return True

    def disown(self, key: str) -> None:
        """Let another worker take it."""
        fcntl.lockf(self._file, fcntl.LOCK_UN, 1, _offset(key))

    def close(self) -> None:
        self._file.close()


def _offset(key: str) -> int:
    return int(key[:_DIGITS], 16)
