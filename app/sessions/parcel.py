"""A file that a page brings in parts, as binary messages, until the command that opens it."""

from engine.choices import Refused

MOST_BYTES = 4 * 2**20  # of a file: the largest network of any lab takes some 3 MB


class Parcel:
    """What has come of a file. A page that brings more than a file may have gets nothing of it opened."""

    def __init__(self) -> None:
        self._came = bytearray()
        self._size = 0

    def add(self, part: bytes) -> None:
        """The next part."""
        self._size += len(part)
        if self._size > MOST_BYTES:
            self._came = bytearray()
        else:
            self._came += part

    def take(self, size: int) -> bytes:
        """The file, of so many bytes; nothing is left. Raises Refused, also where parts were lost on the way."""
        came, total = bytes(self._came), self._size
        self.drop()
        if total != size or len(came) != size:
            raise Refused("file", f"{total:,} bytes", f"{size:,}, at most {MOST_BYTES:,}: bring it again")
        return came

    def drop(self) -> None:
        """Forget it, as after a lost connection: a page begins anew."""
        self._came, self._size = bytearray(), 0
