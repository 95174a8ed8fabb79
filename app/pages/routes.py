"""Serves the page of each lab, and fills its template."""

from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates

from app.labs import LABS
from app.labs.contract import Lab
from app.pages.assets import TEMPLATES
from app.pages.take_home import take_home
from app.serving.base_path import HEADER
from engine.choices import settings_of

_HEADERS = {"Cache-Control": "no-cache", "Vary": HEADER}  # a cache must not give one visitor's path to another


def page_routes() -> APIRouter:
    """One address for each lab."""
    router, templates = APIRouter(), Jinja2Templates(TEMPLATES)
    for lab in LABS.values():
        router.get(lab.path, response_class=HTMLResponse)(_page_of(lab, templates))
    return router


def _page_of(lab: Lab, templates: Jinja2Templates) -> Callable[[Request], HTMLResponse]:
    said = {**_told(lab), **lab.engine.page()}

    def page(request: Request) -> HTMLResponse:
        """A playground. Where it does not know its path, it finds its files beside itself."""
        path = request.scope["root_path"]
        context = {**said, "labs": LABS.values(), "base": f"{path}/" if path else ""}
        return templates.TemplateResponse(request, lab.template, context, headers=_HEADERS)

    return page


def _told(lab: Lab) -> dict[str, Any]:
    """The values that the pages of all labs need."""
    settings = settings_of(lab.settings).values()
    return {
        "lab": lab,
        "beginnings": [each.name for each in settings if each.costs in {"weights", "run"}],
        "gradual": [each.name for each in settings if each.gradual],
        "chapters": lab.chapters,
        "explanations": lab.explanations.items(),
        "version": version("hyperplane"),
        **take_home(lab),
    }
