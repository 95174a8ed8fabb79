"""Which worker of a server has a session: a lock for each, which ends with the process that holds it."""

import fcntl
import tempfile

_DIGITS = 15  # of a key, hexadecimal: 60 bits fit into a file's 63, and 4,096 sessions do not meet in them


class SiblingLocks:
    """Of processes that were forked after it was made. The kernel keeps the locks: one record lock a session, on a file
    without a name or content, and a worker that is killed leaves none behind.

    A process must not open the file again: closing it once would end all its locks.
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
