"""Serves the page of each lab and the one that compares runs: fills their templates."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates

from app.labs import FIRST, LABS
from app.labs.contract import Lab
from app.pages.assets import TEMPLATES
from app.pages.compare import compared
from app.pages.files import File, Files
from app.pages.take_home import take_home
from app.serving.base_path import HEADER
from engine.choices import settings_of

_HEADERS = {"Cache-Control": "no-cache", "Vary": HEADER}  # a cache must not give one visitor's path to another
_MOST_FILLED = 32  # forms of a page: anybody can name another path
_NO_LAB: dict[int | str, dict[str, Any]] = {404: {"description": "no such lab"}}

Page = Callable[[Request], Response]


def page_routes(files: Files) -> APIRouter:
    """One address for each lab, and one for runs of a lab side by side; pages name the present version of `files`."""
    router, fill = APIRouter(), _Filling(files)
    for lab in LABS.values():
        page = fill.page(lab.template, {**_told(lab), **lab.engine.page()}, "main.js", f"labs/{lab.name}/lab.js")
        router.get(lab.path, response_class=HTMLResponse)(page)
    router.get("/compare", response_class=HTMLResponse, responses=_NO_LAB)(_comparison(fill))
    return router


class _Filling:
    """Fills templates, each once for every base path, until it or one of the files changes."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._sources = Files(TEMPLATES)
        self._templates = Jinja2Templates(TEMPLATES)

    def page(self, template: str, said: Mapping[str, Any], *modules: str) -> Page:
        """The page that begins with these modules."""

        @lru_cache(_MOST_FILLED)
        def filled(path: str, version: str, _sources: str) -> File:
            base = f"{path}/" if path else ""  # where a page does not know its path, it finds its files beside itself
            needed = self._files.modules_of(*modules)
            context = {**said, "base": base, "files": f"{base}static/{version}/", "modules": needed}
            return File.of("text/html", self._templates.get_template(template).render(context).encode())

        def page(request: Request) -> Response:
            """A playground."""
            self._files.look()
            self._sources.look()
            versions = self._files.version, self._sources.version
            return filled(request.scope["root_path"], *versions).answer(request.headers, **_HEADERS)

        return page


def _comparison(fill: _Filling) -> Callable[..., Response]:
    pages = {
        name: fill.page("compare.html", {**_common(lab), **compared(lab)}, "compare.js", f"labs/{name}/compare.js")
        for name, lab in LABS.items()
    }

    def comparison(request: Request, lab: str = FIRST.name) -> Response:
        """Runs of a lab side by side. What is compared is behind the # of its address."""
        if lab not in pages:
            raise HTTPException(404, f"lab: {lab[:100]!r} came, expected one of {', '.join(pages)}")
        return pages[lab](request)

    return comparison


def _common(lab: Lab) -> dict[str, Any]:
    """The values that all pages need."""
    return {"lab": lab, "labs": LABS.values(), "version": version("hyperplane")}


def _told(lab: Lab) -> dict[str, Any]:
    """The values that the pages of all labs need."""
    settings = settings_of(lab.settings).values()
    return {
        **_common(lab),
        "beginnings": [each.name for each in settings if each.costs in {"weights", "run"}],
        "gradual": [each.name for each in settings if each.gradual],
        "chapters": lab.chapters,
        "explanations": lab.explanations.items(),
        **take_home(lab),
    }
