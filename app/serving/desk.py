"""Files over HTTP: lets few requests in, and works on one at a time. Nothing is kept between two requests."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import anyio
from anyio.to_thread import run_sync
from fastapi import Request
from fastapi.responses import Response
from starlette.requests import ClientDisconnect

from app.config import Config
from app.messages import Refusal
from app.serving.addresses import network, visitor
from app.serving.quotas import Tickets
from engine.choices import Refused

BUSY = 503
_MOST = 8  # requests that may be under way in this process: each may hold a file's bytes
_MOST_OF_AN_ADDRESS = 4

T = TypeVar("T")
Release = Callable[[], None]
Answer = tuple[str | bytes, str]  # what it says, and its media type

REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"description": "another Host, or a request that ends too early"},
    403: {"description": "another Origin"},
    413: {"model": Refusal},
    422: {"model": Refusal},
    BUSY: {"model": Refusal},
}
"""How a desk answers what it does not do, for OpenAPI."""


class _Busy(Exception):
    """As many files are under way as may be."""


class Desk:
    """Lets few requests in, and works on one at a time, in a thread: sessions go on beside it."""

    def __init__(self, config: Config, refusals: Counter[int], what: str, most: int = _MOST) -> None:
        """`what`: its files, as "table"; `most`: requests that may be under way."""
        self._most = most
        self._what = what
        self._trusted = [network(proxy) for proxy in config.trusted_proxies]
        self._all = Tickets(most, None, f"a {what}")
        self._by_address = Tickets(_MOST_OF_AN_ADDRESS, None, f"a {what} of")
        self._one = anyio.CapacityLimiter(1)
        self._refusals = refusals

    async def serve(self, request: Request, most: int, work: Callable[[bytes], Answer]) -> Response:
        """What `work` makes of the body, of at most so many bytes; it runs in a thread and may raise Refused."""

        def answer(made: Answer, release: Release) -> Response:
            release()
            content, media_type = made
            return Response(content, media_type=media_type, headers={"Cache-Control": "no-store"})

        return await self.begin(request, most, work, answer)

    async def begin(
        self, request: Request, most: int, work: Callable[[bytes], T], respond: Callable[[T, Release], Response]
    ) -> Response:
        """The same for an answer that takes longer: `respond` is told of what to call when it is over."""
        try:
            return await self._admitted(request, most, work, respond)
        except _Busy:
            self._refusals[BUSY] += 1
            refusal = Refused(f"{self._what}s", f"one more beside {self._most}", "fewer at once: try again in a moment")
            return _refused(refusal, BUSY, {"Retry-After": "2"})
        except ClientDisconnect:
            return Response(status_code=400)  # that nobody reads

    async def _admitted(
        self, request: Request, most: int, work: Callable[[bytes], T], respond: Callable[[T, Release], Response]
    ) -> Response:
        release = self._tickets(request)
        is_begun = False
        try:
            body = await _body(request, most)
            if body is None:
                return _refused(Refused(self._what, f"more than {most:,} bytes", f"at most {most:,}"), 413)
            made = await run_sync(work, body, limiter=self._one)
            is_begun = True
            return respond(made, release)
        except Refused as refusal:
            return _refused(refusal, 422)
        finally:
            if not is_begun:
                release()

    def _tickets(self, request: Request) -> Callable[[], None]:
        """Raises _Busy."""
        whole = self._all.take("")
        if whole is None:
            raise _Busy
        peer = request.client.host if request.client else None
        address = visitor(peer, request.headers.getlist("x-forwarded-for"), self._trusted)
        if address is None:  # as with sessions: without a proxy that names addresses, none is limited
            return whole
        own = self._by_address.take(address)
        if own is None:
            whole()
            raise _Busy

        def release() -> None:
            own()
            whole()

        return release


def described(parameters: Mapping[str, str], *media_types: str) -> dict[str, Any]:
    """For OpenAPI: a body that is no JSON, and parameters of the query with what they are."""
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in media_types}
    return {
        "requestBody": {"required": True, "content": content},
        "parameters": [
            {"name": name, "in": "query", "required": False, "description": what, "schema": {"type": "string"}}
            for name, what in parameters.items()
        ],
    }


def _refused(refusal: Refused, status: int, headers: dict[str, str] | None = None) -> Response:
    return Response(Refusal.of(refusal).model_dump_json(), status, headers, "application/json")


async def _body(request: Request, most: int) -> bytes | None:
    """None if it is longer. Raises ClientDisconnect."""
    if int(request.headers.get("content-length", 0)) > most:  # h11 lets only figures through
        return None
    found = bytearray()
    async for part in request.stream():
        found += part
        if len(found) > most:
            return None
    return bytes(found)
