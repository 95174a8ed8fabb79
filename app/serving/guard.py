"""The outermost layer: checks Host and Origin, and tells browsers what they may do with the pages."""

import ipaddress
import logging
import re
import time
from collections import Counter

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

_SAY_SECONDS = 60.0
_MOST_EXAMPLES = 100  # reasons that are counted separately
_MOST_HEADERS = 64 * 1024  # bytes; h11 limits only incomplete headers
_CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors "
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
# Narrower than URLs: no user before an @, no paths, no characters that other programs might read differently.
_HOST = re.compile(r"([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?", re.IGNORECASE)


class Guard:
    """Covers HTTP and websockets alike; Starlette's own middlewares skip the latter."""

    def __init__(
        self, app: ASGIApp, allowed_hosts: list[str], frame_ancestors: list[str], refusals: Counter[int]
    ) -> None:
        self.app = app
        self._refusals = refusals
        policy = _CONTENT_POLICY + " ".join(["'self'", *frame_ancestors])
        self._headers = _HEADERS | {"Content-Security-Policy": policy}
        self._said = -_SAY_SECONDS  # when refusals were logged, by time.monotonic
        self._unsaid: Counter[str] = Counter()  # refusals since, by reason
        self._allowed = {host.lower().strip("[]") for host in allowed_hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if sum(len(name) + len(value) + 4 for name, value in headers.raw) > _MOST_HEADERS:
            await self._refuse(scope, receive, send, 431, f"headers: expected at most {_MOST_HEADERS} bytes")
        elif not (len(hosts) == 1 and self._is_allowed(hosts[0])):
            message = f"Host: {', '.join(hosts)[:100]!r} came, expected one of {sorted(self._allowed)}"
            await self._refuse(scope, receive, send, 400, message)
        elif _may_act(scope) and not _is_own(headers):
            message = f"Origin: {headers.get('origin', '')[:100]!r} came, expected this server's own"
            await self._refuse(scope, receive, send, 403, message)
        elif scope["type"] == "websocket":
            await self.app(scope, receive, send)
        else:
            await self.app(_as_get(scope), receive, _with_headers(send, self._headers))

    def _is_allowed(self, host: str) -> bool:
        """A listed name or any address: a foreign page can make a name point here, but never an address."""
        found = _HOST.fullmatch(host)
        if not found or int(found[2] or 0) > 65535:
            return False
        name = found[1].lower().removesuffix(".").strip("[]")
        return name in self._allowed or _is_address(name)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, status: int, message: str) -> None:
        self._refusals[status] += 1
        self._say(message)
        response = PlainTextResponse(message, status, self._headers)
        if scope["type"] == "http":
            await response(scope, receive, send)
            return
        await receive()  # the handshake
        if "websocket.http.response" in scope.get("extensions", {}):
            await send({"type": "websocket.http.response.start", "status": status, "headers": response.raw_headers})
            await send({"type": "websocket.http.response.body", "body": response.body})
        else:
            await send({"type": "websocket.close", "code": 1008, "reason": message[:120]})

    def _say(self, message: str) -> None:
        """Log once a minute, with a count: any page of the web can make its visitors' browsers be refused here."""
        if len(self._unsaid) < _MOST_EXAMPLES or message in self._unsaid:
            self._unsaid[message] += 1
        else:
            self._unsaid["others"] += 1
        if time.monotonic() < self._said + _SAY_SECONDS:
            return
        self._said = time.monotonic()
        count, (example, _) = self._unsaid.total(), self._unsaid.most_common(1)[0]
        log.info("requests were refused", extra={"count": count, "most_often": example})
        self._unsaid.clear()


def _as_get(scope: Scope) -> Scope:
    """Answer HEAD, which load balancers send, like GET; uvicorn leaves the body out."""
    return {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _may_act(scope: Scope) -> bool:
    """Whether it is more than a question for a file: any page of the web can send its visitors' browsers with these."""
    return scope["type"] == "websocket" or scope["method"] not in {"GET", "HEAD"}


def _is_own(headers: Headers) -> bool:
    """Whether a request comes from our own page. Browsers always send an Origin; without one it is a program."""
    origins = headers.getlist("origin")
    if not origins:
        return True
    host = headers.get("host", "")
    return len(origins) == 1 and origins[0].lower() in {f"http://{host.lower()}", f"https://{host.lower()}"}


def _with_headers(send: Send, added: dict[str, str]) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in added.items():
                headers[name] = value
        await send(message)

    return send_with_headers
