"""Experiments as files over HTTP: a page brings one at a moment, and gets it checked, or in another form."""

from collections import Counter
from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.config import Config
from app.exports import forms, moments
from app.labs import LABS
from app.labs.contract import Lab
from app.serving.desk import REFUSALS, Answer, Desk, described
from engine.choices import Refused


def export_routes(config: Config, refusals: Counter[int]) -> APIRouter:
    """An address below the page of each lab whose experiments can be taken home."""
    router, desk = APIRouter(), Desk(config, refusals, "file")
    for lab in LABS.values():
        if lab.exports:
            _add(router, lab, desk, config.parameters)
    return router


def _add(router: APIRouter, lab: Lab, desk: Desk, parameter_limit: int) -> None:
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
        """An experiment that comes as a file, safetensors or JSON, in another form; the query has its choices."""
        choices = dict(request.query_params)
        return await desk.serve(request, moments.MOST_BYTES, _writing(lab, form, choices, parameter_limit))


def _writing(lab: Lab, form: str, choices: dict[str, str], parameter_limit: int) -> Callable[[bytes], Answer]:
    def written(file: bytes) -> Answer:
        frozen = moments.read(file)
        if frozen.lab != lab.name:
            raise Refused("file", f"an experiment of {LABS[frozen.lab].title}", f"one of {lab.title}")
        run = moments.run_of(frozen, parameter_limit)
        content = forms.write(lab, frozen, run, form, choices)
        return content, forms.forms_of(lab)[form].media_type

    return written
