"""Tables over HTTP: a page asks what is in one, and takes its points home. Nothing is kept between two requests."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import anyio
from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.requests import ClientDisconnect

from app.config import Config
from app.labs import LABS
from app.labs.contract import Lab, Tables
from app.links import expect_link
from app.messages import Refusal
from app.serving.addresses import network, visitor
from app.serving.quotas import Tickets
from engine.choices import Refused

BUSY = 503
_MOST = 8  # requests that may be under way in this process: each may hold a table's bytes
_MOST_OF_AN_ADDRESS = 4

Answer = tuple[str, str]  # a text, and its media type


def table_routes(config: Config, refusals: Counter[int]) -> APIRouter:
    """Two addresses below the page of each lab whose data can be tables."""
    router, desk = APIRouter(), _Desk(config, refusals)
    for lab in LABS.values():
        if lab.tables:
            _add_reading(router, lab, lab.tables(), desk)
            _add_writing(router, lab, lab.tables(), desk)
    return router


class _Busy(Exception):
    """As many tables are under way as may be."""


class _Desk:
    """Lets few requests in, and works on one at a time, in a thread: sessions go on beside it."""

    def __init__(self, config: Config, refusals: Counter[int]) -> None:
        self._trusted = [network(proxy) for proxy in config.trusted_proxies]
        self._all = Tickets(_MOST, None, "a table")
        self._by_address = Tickets(_MOST_OF_AN_ADDRESS, None, "a table of")
        self._one = anyio.CapacityLimiter(1)
        self._refusals = refusals

    async def serve(self, request: Request, most: int, work: Callable[[bytes], Answer]) -> Response:
        """What `work` makes of the body, of at most so many bytes; it runs in a thread and may raise Refused."""
        try:
            return await self._admitted(request, most, work)
        except _Busy:
            self._refusals[BUSY] += 1
            refusal = Refused("tables", f"one more beside {_MOST}", "fewer at once: try again in a moment")
            return _refused(refusal, BUSY, {"Retry-After": "2"})
        except ClientDisconnect:
            return Response(status_code=400)  # that nobody reads

    async def _admitted(self, request: Request, most: int, work: Callable[[bytes], Answer]) -> Response:
        release = self._tickets(request)
        try:
            body = await _body(request, most)
            if body is None:
                return _refused(Refused("table", f"more than {most:,} bytes", f"at most {most:,}"), 413)
            text, media_type = await run_sync(work, body, limiter=self._one)
            return Response(text, media_type=media_type, headers={"Cache-Control": "no-store"})
        except Refused as refusal:
            return _refused(refusal, 422)
        finally:
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


def _add_reading(router: APIRouter, lab: Lab, tables: Tables, desk: _Desk) -> None:
    @router.post(
        _path(lab, "read"),
        response_model=None,
        responses={200: {"model": tables.ANSWER}, **_REFUSALS},
        openapi_extra=_described("roles", "application/octet-stream", "text/plain"),
    )
    async def read(request: Request) -> Response:
        """What is in a table, and which points it gives; the query's roles say what its columns are for."""
        roles = request.query_params.get("roles", "")
        is_text = request.headers.get("content-type", "").startswith("text/plain")  # what a page has as text is UTF-8

        def answered(body: bytes) -> Answer:
            table = body.decode(errors="replace") if is_text else body
            return tables.read(table, roles).model_dump_json(), "application/json"

        return await desk.serve(request, tables.MAX_BYTES, answered)


def _add_writing(router: APIRouter, lab: Lab, tables: Tables, desk: _Desk) -> None:
    def written(body: bytes, form: str) -> Answer:
        if form not in tables.FORMS:
            raise Refused("form", form[:100], " or ".join(tables.FORMS))
        experiment = expect_link(body.decode(errors="replace"), lab).experiment
        return tables.write(experiment.settings, experiment.given, form), tables.FORMS[form]

    @router.post(
        _path(lab, "write"),
        response_model=None,
        response_class=Response,
        responses={200: {"content": {kind: {} for kind in tables.FORMS.values()}}, **_REFUSALS},
        openapi_extra=_described("form", "text/plain"),
    )
    async def write(request: Request) -> Response:
        """The points of the experiment whose link comes, as a file."""
        form = request.query_params.get("form", "csv")
        return await desk.serve(request, _LONGEST_LINK, lambda body: written(body, form))


_LONGEST_LINK = 1024 * 1024  # bytes: all points take 10 kB, the most weights of any lab some 800
_REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"description": "another Host, or a request that ends too early"},
    403: {"description": "another Origin"},
    413: {"model": Refusal},
    422: {"model": Refusal},
    BUSY: {"model": Refusal},
}


def _path(lab: Lab, act: str) -> str:
    return f"{lab.path.rstrip('/')}/tables/{act}"


def _described(parameter: str, *media_types: str) -> dict[str, Any]:
    """For OpenAPI: a body that is no JSON, and one parameter of the query."""
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in media_types}
    return {
        "requestBody": {"required": True, "content": content},
        "parameters": [{"name": parameter, "in": "query", "required": False, "schema": {"type": "string"}}],
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
