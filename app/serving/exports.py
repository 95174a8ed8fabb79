"""Experiments as files over HTTP: a page brings one at a moment, and gets it checked, or in another form."""

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.config import Config
from app.exports import forms, moments
from app.labs import LABS
from app.labs.contract import Lab
from app.serving.desk import REFUSALS, Answer, Desk, Release, described
from app.serving.films import PROGRESS_TYPE, FilmResponse
from app.sessions.scheduler import Scheduler
from app.storage.checkpoint import Frozen
from engine.choices import Refused

if TYPE_CHECKING:
    from app.exports.films.making import Making


_FILMS = 3  # that may be in the making in this process; who comes then is asked to wait


def export_routes(config: Config, refusals: Counter[int], scheduler: Scheduler) -> APIRouter:
    """An address below the page of each lab whose experiments can be taken home."""
    router, desk = APIRouter(), Desk(config, refusals, "file")
    studio = Studio(Desk(config, refusals, "film", _FILMS), scheduler, config.parameters)
    for lab in LABS.values():
        if lab.exports:
            _add(router, lab, desk, studio, config.parameters)
    return router


class Studio:
    """Where films are made."""

    def __init__(self, desk: Desk, scheduler: Scheduler, parameter_limit: int) -> None:
        self._desk, self._scheduler, self._limit = desk, scheduler, parameter_limit

    async def serve(self, request: Request, lab: Lab, form: str, choices: dict[str, str]) -> Response:
        """The film of an experiment that comes as a file."""

        def begun(file: bytes) -> "Making":
            return forms.film(lab, _read(file, lab), form, choices, self._limit)

        def respond(making: "Making", release: Release) -> Response:
            kind = forms.forms_of(lab)[form].media_type
            tells = PROGRESS_TYPE in request.headers.get("accept", "")
            return FilmResponse(making, self._scheduler, kind, release, tells=tells)

        return await self._desk.begin(request, moments.MOST_BYTES, begun, respond)


def _add(router: APIRouter, lab: Lab, desk: Desk, studio: Studio, parameter_limit: int) -> None:
    offered = forms.forms_of(lab)

    @router.post(
        f"{lab.path.rstrip('/')}/exports/{{form}}",
        response_model=None,
        response_class=Response,
        responses={200: {"content": {form.media_type: {} for form in offered.values()}}, **REFUSALS},
        openapi_extra=described(
            {name: f"a choice of {form.title}" for form in offered.values() for name in form.choices},
            "application/octet-stream",
        ),
    )
    async def export(form: str, request: Request) -> Response:
        """An experiment that comes as a file, safetensors or JSON, in another form; the query has its choices.

        Who accepts `application/x-ndjson` is told how far a film is: a line of JSON with `share` and `bytes` now and
        then, one with the length of the `film`, then the film; or one with a refusal.
        """
        choices = dict(request.query_params)
        if forms.is_film(lab, form):
            return await studio.serve(request, lab, form, choices)
        return await desk.serve(request, moments.MOST_BYTES, _writing(lab, form, choices, parameter_limit))


def _read(file: bytes, lab: Lab) -> Frozen:
    """Raises Refused."""
    frozen = moments.read(file)
    if frozen.lab != lab.name:
        raise Refused("file", f"an experiment of {LABS[frozen.lab].title}", f"one of {lab.title}")
    return frozen


def _writing(lab: Lab, form: str, choices: dict[str, str], parameter_limit: int) -> Callable[[bytes], Answer]:
    def written(file: bytes) -> Answer:
        frozen = _read(file, lab)
        run = moments.run_of(frozen, parameter_limit)
        content = forms.write(lab, frozen, run, form, choices)
        return content, forms.forms_of(lab)[form].media_type

    return written
