"""Tables over HTTP: a page asks what is in one, and takes its points home."""

from collections import Counter

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.config import Config
from app.labs import LABS
from app.labs.contract import Lab, Tables
from app.links import expect_link
from app.serving.desk import REFUSALS, Answer, Desk, described
from engine.choices import Refused


def table_routes(config: Config, refusals: Counter[int]) -> APIRouter:
    """Two addresses below the page of each lab whose data can be tables."""
    router, desk = APIRouter(), Desk(config, refusals, "table")
    for lab in LABS.values():
        if lab.tables:
            _add_reading(router, lab, lab.tables(), desk)
            _add_writing(router, lab, lab.tables(), desk)
    return router


def _add_reading(router: APIRouter, lab: Lab, tables: Tables, desk: Desk) -> None:
    @router.post(
        _path(lab, "read"),
        response_model=None,
        responses={200: {"model": tables.ANSWER}, **REFUSALS},
        openapi_extra=described(
            {"roles": "what its columns are for, as JSON"}, "application/octet-stream", "text/plain"
        ),
    )
    async def read(request: Request) -> Response:
        """What is in a table, and which points it gives; the query's roles say what its columns are for."""
        roles = request.query_params.get("roles", "")
        is_text = request.headers.get("content-type", "").startswith("text/plain")  # what a page has as text is UTF-8

        def answered(body: bytes) -> Answer:
            table = body.decode(errors="replace") if is_text else body
            return tables.read(table, roles).model_dump_json(), "application/json"

        return await desk.serve(request, tables.MAX_BYTES, answered)


def _add_writing(router: APIRouter, lab: Lab, tables: Tables, desk: Desk) -> None:
    def written(body: bytes, form: str) -> Answer:
        if form not in tables.FORMS:
            raise Refused("form", form[:100], " or ".join(tables.FORMS))
        experiment = expect_link(body.decode(errors="replace"), lab).experiment
        return tables.write(experiment.settings, experiment.given, form), tables.FORMS[form]

    @router.post(
        _path(lab, "write"),
        response_model=None,
        response_class=Response,
        responses={200: {"content": {kind: {} for kind in tables.FORMS.values()}}, **REFUSALS},
        openapi_extra=described({"form": "csv, json or python"}, "text/plain"),
    )
    async def write(request: Request) -> Response:
        """The points of the experiment whose link comes, as a file."""
        form = request.query_params.get("form", "csv")
        return await desk.serve(request, _LONGEST_LINK, lambda body: written(body, form))


_LONGEST_LINK = 1024 * 1024  # bytes: all points take 10 kB, the most weights of any lab some 800


def _path(lab: Lab, act: str) -> str:
    return f"{lab.path.rstrip('/')}/tables/{act}"
