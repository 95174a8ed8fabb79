"""The network as a figure: where its neurons, links and words stand, for whoever draws it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.labs.plane.architecture import architecture_of
from engine.labs.plane.settings import Settings
from engine.labs.plane.trainer import Trainer
from engine.machine.architecture import ACTIVATION_LABELS

MOST_LINKS = 3_000  # in a figure: of more, the heaviest; ten thousand make a file that few programs open
WIDEST = 5.0  # of a link, in pixels; of many links, so that they leave ground between them, less
_FEW = 300
THINNEST = 0.25

_GAP, _NARROW = 150.0, 96.0  # from layer to layer; of networks with many
_PITCH = (8.0, 46.0)  # from neuron to neuron
_HEIGHT = 560.0  # that neurons share before they come closer
_TOP, _BOTTOM, _SIDE = 92.0, 74.0, 86.0  # room for words

Kind = Literal["input", "bias", "neuron", "output"]


@dataclass(frozen=True)
class Words:
    """The same for pictures and for LaTeX."""

    plain: str
    latex: str


@dataclass(frozen=True)
class Node:
    """A circle."""

    x: float
    y: float
    kind: Kind
    name: Words  # beside it, or inside it
    full: str  # "layer 1 neuron 2"
    is_off: bool = False  # a lesion


@dataclass(frozen=True)
class Link:
    """From node to node, by their numbers."""

    start: int
    end: int
    weight: float
    width: float


@dataclass(frozen=True)
class Figure:
    """In pixels, from the upper left corner."""

    width: float
    height: float
    radius: float
    nodes: tuple[Node, ...]
    links: tuple[Link, ...]  # the heaviest last, so that they lie above the others
    columns: tuple[tuple[float, tuple[Words, ...]], ...]  # lines of words above each layer
    skips: tuple[tuple[float, float, float], ...]  # residual links: from x to x, above y
    largest: float  # weight
    widest: float  # its link
    left_out: int  # links


_SYMBOLS: dict[str, Words] = {
    "x": Words("X₁", "$X_1$"),
    "y": Words("X₂", "$X_2$"),
    "xSquared": Words("X₁²", "$X_1^2$"),
    "ySquared": Words("X₂²", "$X_2^2$"),
    "xTimesY": Words("X₁X₂", "$X_1X_2$"),
    "sinX": Words("sin X₁", r"$\sin X_1$"),
    "sinY": Words("sin X₂", r"$\sin X_2$"),
}
_LATEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': "''",
}  # fmt: skip


def words(text: str) -> Words:
    """A visitor's, of which no character means anything to LaTeX, and no control character is left."""
    shown = "".join(sign if sign.isprintable() else " " for sign in text)
    return Words(shown, "".join(_LATEX.get(sign, sign) for sign in shown))


def figure_of(run: Trainer) -> Figure:
    """The network as it is."""
    settings = run.settings
    shape = settings.shape
    rows = max(units + (layer < len(shape) - 1) for layer, units in enumerate(shape))
    low, high = _PITCH
    pitch = min(max(_HEIGHT / rows, low), high)
    gap = _GAP if len(shape) <= 7 else _NARROW
    tall = (rows - 1) * pitch
    nodes, places = _nodes(settings, run, gap, pitch, tall)
    links, largest, left_out = _links(run, places)
    widest = max((link.width for link in links), default=WIDEST)
    return Figure(
        width=2 * _SIDE + gap * (len(shape) - 1),
        height=_TOP + tall + _BOTTOM,
        radius=round(min(15.0, 0.36 * pitch), 2),
        nodes=tuple(nodes),
        links=links,
        columns=tuple((_SIDE + gap * layer, lines) for layer, lines in enumerate(_captions(settings))),
        skips=tuple(_skips(settings, gap)),
        largest=largest,
        widest=widest,
        left_out=left_out,
    )


def _nodes(
    settings: Settings, run: Trainer, gap: float, pitch: float, tall: float
) -> tuple[list[Node], list[list[int]]]:
    """All of them, and the numbers of each layer's: its units, and the bias of the layer behind it."""
    shape, nodes, places = settings.shape, list[Node](), list[list[int]]()
    for layer, units in enumerate(shape):
        is_last = layer == len(shape) - 1
        count = units + (not is_last)
        top = _TOP + (tall - (count - 1) * pitch) / 2
        places.append(list(range(len(nodes), len(nodes) + count)))
        for row in range(count):
            x, y = round(_SIDE + gap * layer, 2), round(top + pitch * row, 2)
            nodes.append(_node(settings, run, (layer, row), x, y))
    return nodes, places


def _node(settings: Settings, run: Trainer, at: tuple[int, int], x: float, y: float) -> Node:
    layer, row = at
    shape = settings.shape
    if row == shape[layer]:
        return Node(x, y, "bias", Words("1", "$1$"), "bias")
    if layer == 0:
        feature = settings.features[row]
        symbol = _SYMBOLS.get(feature) or words(feature)
        return Node(x, y, "input", symbol, symbol.plain)
    if layer == len(shape) - 1:
        name = _output(settings, run, row)
        return Node(x, y, "output", name, f"output {row + 1}" if shape[-1] > 1 else "output")
    is_off = (layer, 0) in settings.lesions or (layer, row + 1) in settings.lesions
    number = str(row + 1)
    return Node(x, y, "neuron", Words(number, number), f"layer {layer} neuron {row + 1}", is_off)


def _output(settings: Settings, run: Trainer, row: int) -> Words:
    names = run.given.classes if run.given else ()
    if settings.shape[-1] > 1:
        return words(names[row]) if row < len(names) else words(f"class {row + 1}")
    return words(names[0]) if names and settings.objective == "cross-entropy" else Words("y", "$y$")


def _captions(settings: Settings) -> list[tuple[Words, ...]]:
    architecture = architecture_of(settings)
    hidden = [
        (
            words(f"Layer {number}"),
            words(ACTIVATION_LABELS[activation]),
            *([words("batch norm")] if settings.batch_norm else []),
        )
        for number, activation in enumerate(settings.layer_activations, 1)
    ]
    last = {
        "squared-error": architecture.output.capitalize(),
        "cross-entropy": "Sigmoid",
        "categorical-cross-entropy": "Softmax",
    }[settings.objective]
    return [(words("Inputs"),), *hidden, (words("Output"), words(last))]


def _skips(settings: Settings, gap: float) -> list[tuple[float, float, float]]:
    if settings.connections != "residual":
        return []
    shape = settings.shape
    return [
        (_SIDE + gap * (layer - 1), _SIDE + gap * layer, _TOP - 24)
        for layer in range(1, len(shape) - 1)
        if shape[layer] == shape[layer - 1]
    ]


def _links(run: Trainer, places: Sequence[Sequence[int]]) -> tuple[tuple[Link, ...], float, int]:
    """Those that are drawn, the largest weight of all, and how many are not."""
    architecture = architecture_of(run.settings)
    found: list[tuple[float, int, int]] = []
    for layer, matrix in enumerate(run.network.matrices, 1):
        sources = [place for each in architecture.reads(layer) for place in places[each][: architecture.shape[each]]]
        sources.append(places[layer - 1][-1])  # the bias
        weights = matrix.astype(np.float64).tolist()
        for unit, row in enumerate(weights):
            found += [(weight, source, places[layer][unit]) for weight, source in zip(row, sources, strict=True)]
    found.sort(key=lambda each: abs(each[0]))
    largest = abs(found[-1][0]) if found else 0.0
    drawn = found[-MOST_LINKS:]
    widest = WIDEST * min(1.0, math.sqrt(_FEW / max(len(drawn), 1)))
    links = tuple(Link(start, end, weight, _width(weight, largest, widest)) for weight, start, end in drawn)
    return links, largest, len(found) - len(drawn)


def _width(weight: float, largest: float, widest: float) -> float:
    share = abs(weight) / largest if largest else 0.0
    return round(max(THINNEST, widest * share), 2)
