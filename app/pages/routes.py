"""Serves the page of each lab, and fills its template."""

from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates

from app.labs import FIRST, LABS
from app.labs.contract import Lab
from app.pages.assets import TEMPLATES
from app.pages.compare import compared
from app.pages.take_home import take_home
from app.serving.base_path import HEADER
from engine.choices import settings_of

_HEADERS = {"Cache-Control": "no-cache", "Vary": HEADER}  # a cache must not give one visitor's path to another


def page_routes() -> APIRouter:
    """One address for each lab, and one at which runs of a lab are compared."""
    router, templates = APIRouter(), Jinja2Templates(TEMPLATES)
    router.get("/compare", response_class=HTMLResponse, responses={404: {"description": "no such lab"}})(
        _comparison(templates)
    )
    for lab in LABS.values():
        router.get(lab.path, response_class=HTMLResponse)(_page_of(lab, templates))
    return router


def _page_of(lab: Lab, templates: Jinja2Templates) -> Callable[[Request], HTMLResponse]:
    said = {**_told(lab), **lab.engine.page()}

    def page(request: Request) -> HTMLResponse:
        """A playground. Where it does not know its path, it finds its files beside itself."""
        path = request.scope["root_path"]
        base = f"{path}/" if path else ""
        context = {**said, "labs": LABS.values(), "base": base, "compare": f"{base}compare?lab={lab.name}"}
        return templates.TemplateResponse(request, lab.template, context, headers=_HEADERS)

    return page


def _comparison(templates: Jinja2Templates) -> Callable[..., HTMLResponse]:
    said = {name: compared(lab) for name, lab in LABS.items()}

    def comparison(request: Request, lab: str = FIRST.name) -> HTMLResponse:
        """Runs of a lab side by side. What is compared is behind the # of its address."""
        if lab not in LABS:
            raise HTTPException(404, f"lab: {lab[:100]!r} came, expected one of {', '.join(LABS)}")
        path = request.scope["root_path"]
        context = {
            **said[lab],
            "lab": LABS[lab],
            "labs": LABS.values(),
            "version": version("hyperplane"),
            "base": f"{path}/" if path else "",
        }
        return templates.TemplateResponse(request, "compare.html", context, headers=_HEADERS)

    return comparison


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
