"""A file that a page brings in parts, as binary messages, until the command that opens it."""

from engine.choices import Refused

MOST_BYTES = 4 * 2**20  # of a file: the largest network of any lab takes up to 3.1 MB
_WITHOUT_MODEL = 2**19  # bytes: history, examples, settings
_PER_PARAMETER = 24  # bytes: four of its tensor, the others, in base64, of what its training keeps


class Parcel:
    """What has come of a file. A page that brings more than a file may have gets nothing of it opened.

    `parameters`: most of a network that could be opened.
    """

    def __init__(self, parameters: int | None = None) -> None:
        self.most = MOST_BYTES
        if parameters is not None:
            self.most = min(MOST_BYTES, _WITHOUT_MODEL + _PER_PARAMETER * parameters)
        self._came = bytearray()
        self._size = 0

    def add(self, part: bytes) -> None:
        """The next part."""
        self._size += len(part)
        if self._size > self.most:
            self._came = bytearray()
        else:
            self._came += part

    def take(self, size: int) -> bytes:
        """The file, of so many bytes; nothing is left. Raises Refused, also where parts were lost on the way."""
        came, total = bytes(self._came), self._size
        self.drop()
        if total != size or len(came) != size:
            raise Refused("file", f"{total:,} bytes", f"{size:,}, at most {self.most:,}: bring it again")
        return came

    def drop(self) -> None:
        """Forget it, as after a lost connection: a page begins anew."""
        self._came, self._size = bytearray(), 0
