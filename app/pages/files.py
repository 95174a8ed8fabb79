"""The files of the page: read once, packed once, and served under an address that names their version.

A page of one version thus gets all its files of that version, and a browser that has them asks for none again. Without
the version in it an address works too, for whoever writes one by hand; the browser then asks each time.
"""

import gzip
import hashlib
import mimetypes
import posixpath
import re
import threading
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketClose

_VERSION = re.compile(r"v-[0-9a-f]{12}")
_IMPORT = re.compile(r'^(?:import|export|\}) ?[^"\n]*"(\.{1,2}/[^"]+)"', re.MULTILINE)  # not those on demand
_WORTH_PACKING = 600  # bytes: below it, a packet holds the file as it is
_SECONDS_BETWEEN_LOOKS = 0.5
_FOREVER = "public, max-age=31536000, immutable"
# Python asks the machine for what it does not know itself, so the same file would differ from server to server.
_TYPES = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class File:
    """One file, as it is and packed."""

    kind: str  # its media type
    body: bytes
    tag: str

    @classmethod
    def of(cls, kind: str, body: bytes) -> "File":
        """`body` with its tag."""
        return cls(kind, body, f'"{hashlib.sha256(body).hexdigest()[:16]}"')

    @cached_property
    def packed(self) -> bytes:
        """By gzip, when it is first asked for, so that no start waits for it; empty if it saves nothing."""
        packed = gzip.compress(self.body, 9, mtime=0) if len(self.body) >= _WORTH_PACKING else b""
        return packed if len(packed) < 0.9 * len(self.body) else b""

    def answer(self, asked: Headers, **headers: str) -> Response:
        """What a browser gets that asks with such headers."""
        vary = ", ".join(filter(None, (headers.pop("Vary", ""), "Accept-Encoding" if self.packed else "")))
        said = {"ETag": self.tag, **headers, **({"Vary": vary} if vary else {})}
        if self.tag in asked.get("if-none-match", ""):  # a list, of which a proxy may have made weak tags
            return Response(status_code=304, headers=said)
        if self.packed and "gzip" in asked.get("accept-encoding", ""):
            return Response(self.packed, media_type=self.kind, headers={**said, "Content-Encoding": "gzip"})
        return Response(self.body, media_type=self.kind, headers=said)


class Files:
    """An ASGI application for all files of a folder, which it holds in memory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._looked = -_SECONDS_BETWEEN_LOOKS  # by time.monotonic
        self._files: dict[str, tuple[tuple[int, int], File]] = {}  # with what the disk said of each
        self.version = ""
        self.look()

    def look(self) -> None:
        """Read what has changed, so that somebody who writes at the page sees it without starting the server again."""
        with self._lock:
            if time.monotonic() < self._looked + _SECONDS_BETWEEN_LOOKS:
                return
            self._files = {
                path.relative_to(self._folder).as_posix(): self._read(path)
                for path in sorted(self._folder.rglob("*"))
                if path.is_file()
            }
            tags = "\n".join(f"{name} {file.tag}" for name, (_, file) in self._files.items())
            self.version = f"v-{hashlib.sha256(tags.encode()).hexdigest()[:12]}"
            self._looked = time.monotonic()

    def _read(self, path: Path) -> tuple[tuple[int, int], File]:
        stat = path.stat()
        known = self._files.get(path.relative_to(self._folder).as_posix())
        look = (stat.st_mtime_ns, stat.st_size)
        return known if known and known[0] == look else (look, File.of(_kind_of(path), path.read_bytes()))

    def modules_of(self, *names: str) -> list[str]:
        """These modules and all that they import, each before what it imports: what a page needs to begin."""
        found: dict[str, None] = {}
        waiting = list(names)
        while waiting:
            name = waiting.pop(0)
            if name in found or name not in self._files:
                continue
            found[name] = None
            text = self._files[name][1].body.decode()
            waiting += [posixpath.normpath(posixpath.join(name, "..", each)) for each in _IMPORT.findall(text)]
        return list(found)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self._answer(scope) if scope["type"] == "http" else WebSocketClose()
        await answer(scope, receive, send)

    def _answer(self, scope: Scope) -> Response:
        if scope["method"] not in {"GET", "HEAD"}:
            return PlainTextResponse("Method Not Allowed", 405, {"Allow": "GET, HEAD"})
        name = scope["path"].removeprefix(scope["root_path"]).removeprefix("/")
        version, _, rest = name.partition("/")
        _, file = self._files.get(rest if _VERSION.fullmatch(version) else name, (None, None))
        if file is None:
            return PlainTextResponse("Not Found", 404)
        # While servers are replaced, a page may ask one of another version: it gets a file, but is not to keep it.
        kept = _FOREVER if version == self.version else "no-cache"
        return file.answer(Headers(scope=scope), **{"Cache-Control": kept})


def _kind_of(path: Path) -> str:
    return _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
