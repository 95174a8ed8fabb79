"""Serves the page of each lab, and fills its template."""

from collections.abc import Callable
from functools import lru_cache
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates

from app.labs import LABS
from app.labs.contract import Lab
from app.pages.assets import TEMPLATES
from app.pages.files import File, Files
from app.pages.take_home import take_home
from app.serving.base_path import HEADER
from engine.choices import settings_of

_HEADERS = {"Cache-Control": "no-cache", "Vary": HEADER}  # a cache must not give one visitor's path to another
_MOST_FILLED = 32  # pages of a lab: anybody can name another path


def page_routes(files: Files) -> APIRouter:
    """One address for each lab; its page names the present version of `files`."""
    router = APIRouter()
    for lab in LABS.values():
        router.get(lab.path, response_class=HTMLResponse)(_page_of(lab, files))
    return router


def _page_of(lab: Lab, files: Files) -> Callable[[Request], Response]:
    said = {**_told(lab), **lab.engine.page(), "labs": LABS.values()}
    sources, templates = Files(TEMPLATES), Jinja2Templates(TEMPLATES)

    @lru_cache(_MOST_FILLED)
    def filled(path: str, version: str, _sources: str) -> File:
        base = f"{path}/" if path else ""  # where a page does not know its path, it finds its files beside itself
        modules = files.modules_of("main.js", f"labs/{lab.name}/lab.js")
        context = {**said, "base": base, "files": f"{base}static/{version}/", "modules": modules}
        return File.of("text/html", templates.get_template(lab.template).render(context).encode())

    def page(request: Request) -> Response:
        """A playground."""
        files.look()
        sources.look()
        page = filled(request.scope["root_path"], files.version, sources.version)
        return page.answer(request.headers, **_HEADERS)

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
