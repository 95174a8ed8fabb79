"""Pictures of the plane's experiments: the network as a figure, and what it says over the plane."""

import re
from collections.abc import Mapping
from typing import cast

from app.exports.colors import Theme
from app.labs.contract import Form
from app.labs.plane.exports.field import Wanted, png_of
from app.labs.plane.exports.figure import figure_of
from app.labs.plane.exports.svg import svg_of
from app.labs.plane.exports.tikz import tikz_of
from engine.choices import Refused
from engine.labs.plane.trainer import Trainer

_THEMES = {"theme": ("light", "dark", "transparent")}
_SWITCH = ("yes", "no")
FORMS: Mapping[str, Form] = {
    "svg": Form(
        "Network as SVG",
        ".svg",
        "image/svg+xml",
        about="The network with its true weights, for slides and web pages; text stays text.",
        group="picture",
        choices=_THEMES,
    ),
    "tikz": Form(
        "Network as TikZ",
        ".tex",
        "text/x-tex",
        about="The same figure for a paper in LaTeX.",
        group="picture",
        choices=_THEMES,
    ),
    "png": Form(
        "Decision field as PNG",
        ".png",
        "image/png",
        about="What the network, or one neuron, says over the plane, up to 1,920 pixels a side.",
        group="picture",
        choices={
            **_THEMES,
            "scale": ("1", "2", "3", "4"),
            "of": ("output", "LAYER-NEURON"),
            "points": _SWITCH,
            "tests": _SWITCH[::-1],
            "axes": _SWITCH,
            "discretize": _SWITCH[::-1],
        },
    ),
}
_UNIT = re.compile(r"([1-9]\d{0,2})-([1-9]\d{0,3})")


def write(run: Trainer, form: str, choices: Mapping[str, str]) -> bytes:
    """The file. Raises Refused."""
    choices = {**{name: options[0] for name, options in FORMS[form].choices.items()}, **choices}
    theme = cast("Theme", choices["theme"])
    if form == "svg":
        return svg_of(figure_of(run), theme).encode()
    if form == "tikz":
        return tikz_of(figure_of(run), theme).encode()
    is_on = {name: choices[name] == "yes" for name in ("points", "tests", "axes", "discretize")}
    wanted = Wanted(
        int(choices["scale"]),
        theme,
        _unit(choices["of"]),
        points=is_on["points"],
        tests=is_on["tests"],
        axes=is_on["axes"],
        two=is_on["discretize"],
    )
    return png_of(run, wanted)


def _unit(text: str) -> tuple[int, int] | None:
    found = _UNIT.fullmatch(text)
    if found:
        return int(found[1]), int(found[2])
    if text == "output":
        return None
    raise Refused("of", text[:40], "output, or a layer and a neuron, as 1-2")
