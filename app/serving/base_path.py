"""Serves below a path of another site, such as /playground, behind a proxy that removes the path or passes it on.

Two things may name the path. The operator's setting is trusted: addresses are read and written with it. The header
X-Forwarded-Prefix can be sent by anybody, as proxies pass unknown headers on, so it only decides how the page writes
addresses. If it also decided how they are read, /a/metrics would get past a proxy that keeps /metrics for itself.
"""

import re

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

HEADER = "X-Forwarded-Prefix"

_LONGEST = 200  # characters
# It becomes part of the page: no quotes, no // that would begin another host, no dots that lead up. Nor is it one of
# our own addresses, which would make /static/main.js ambiguous.
_PATH = re.compile(r"(?!/(?:static|live|tables|healthz|readyz|metrics)(?:/|$))(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+")


def is_path(text: str) -> bool:
    """Whether `text`, without a slash at its end, can be a base path."""
    return len(text) <= _LONGEST and _PATH.fullmatch(text) is not None


class BasePath:
    """Passes every address to the application in ASGI's form: the whole in `path`, its beginning in `root_path`."""

    def __init__(self, app: ASGIApp, root_path: str) -> None:
        """`root_path`: the operator's setting; empty if not set, / for no path whatever the header says."""
        self.app = app
        self._is_set = root_path != ""
        self._path = root_path.rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in {"http", "websocket"}:
            base, rest = self._split(scope)
            scope = {**scope, "root_path": base, "path": base + rest}
        await self.app(scope, receive, send)

    def _split(self, scope: Scope) -> tuple[str, str]:
        """The base path, and the address below it."""
        path: str = scope["path"]
        if not self._is_set:
            return _told(Headers(scope=scope)), path
        if path == self._path:  # without a slash at its end
            return self._path, "/"
        return self._path, path.removeprefix(self._path) if path.startswith(f"{self._path}/") else path


def _told(headers: Headers) -> str:
    """The path from the proxy's header; "" if it is no path, so the page looks for its files beside itself."""
    prefixes = [prefix.rstrip("/") for prefix in headers.getlist(HEADER)]
    return prefixes[0] if len(prefixes) == 1 and is_path(prefixes[0]) else ""
