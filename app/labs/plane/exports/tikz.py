"""The network as TikZ: a file that LaTeX sets by itself, and a picture to paste into another."""

from collections.abc import Iterator

from app.exports.colors import COLORS, Theme
from app.labs.plane.exports.figure import Figure, Node

_POINT = 0.75  # a pixel of CSS in big points
_CM = 2.54 / 72 * _POINT  # in centimetres
_LEGIBLE = 8.0  # radius of a neuron that has its number inside


def tikz_of(figure: Figure, theme: Theme) -> str:
    """Needs only what every installation with TikZ has. The lines between the two comments can be pasted."""
    return "\n".join(_lines(figure, theme)) + "\n"


def _lines(figure: Figure, theme: Theme) -> Iterator[str]:
    colors = COLORS[theme]
    negative, _, positive = colors.points
    yield r"\documentclass{article}"
    paper = f"paperwidth={figure.width * _CM:.2f}cm,paperheight={figure.height * _CM:.2f}cm"
    yield rf"\usepackage[{paper},margin=0pt]{{geometry}}"
    yield r"\usepackage{tikz}"
    yield r"\pagestyle{empty}\parindent=0pt\topskip=0pt"
    yield r"\begin{document}%"
    yield "% The picture from here on; it needs tikz."
    for name, color in (
        ("positive", positive), ("negative", negative), ("ink", colors.text), ("quiet", colors.muted),
        ("paper", colors.ground), ("source", colors.line),
    ):  # fmt: skip
        yield rf"\definecolor{{{name}}}{{RGB}}{{{color[0]},{color[1]},{color[2]}}}%"
    yield from _styles(figure)
    yield rf"\useasboundingbox (0,0) rectangle {_at(figure, figure.width, 0)};"
    if theme != "transparent":
        yield rf"\fill[paper] (0,0) rectangle {_at(figure, figure.width, 0)};"
    yield from _links(figure)
    for number, node in enumerate(figure.nodes):
        yield from _node(figure, number, node)
    for x, lines in figure.columns:
        for row, line in enumerate(lines):
            font = r"\scriptsize\color{quiet}" if row else r"\small\bfseries"
            yield rf"\node[text=ink,font={font}] at {_at(figure, x, 16 + 15 * row)} {{{line.latex}}};"
    yield from _legend(figure)
    yield r"\end{tikzpicture}%"
    yield "% The picture to here."
    yield r"\end{document}"


def _styles(figure: Figure) -> Iterator[str]:
    radius = figure.radius * _CM
    yield (
        r"\begin{tikzpicture}[line cap=round,"
        rf"unit/.style={{circle,inner sep=0pt,minimum size={2 * radius:.3f}cm,font=\tiny,text=ink}},"
        r"input/.style={unit,draw=quiet,fill=source},"
        rf"bias/.style={{unit,draw=quiet,densely dotted,fill=paper,minimum size={1.4 * radius:.3f}cm}},"
        r"neuron/.style={unit,draw=ink,fill=paper},output/.style={neuron},off/.style={dashed,draw=quiet,opacity=.5},"
        r"+/.style={positive},-/.style={negative}]"
    )


def _links(figure: Figure) -> Iterator[str]:
    for link in figure.links:
        start, end = figure.nodes[link.start], figure.nodes[link.end]
        sign, width = "+" if link.weight >= 0 else "-", link.width * _POINT
        path = f"{_at(figure, start.x, start.y)} -- {_at(figure, end.x, end.y)}"
        yield rf"\draw[{sign},line width={width:.2f}bp] {path}; % {link.weight:.6g}"
    for start_x, end_x, y in figure.skips:
        up = _at(figure, start_x, y - 14), _at(figure, end_x, y - 14)
        path = f"{_at(figure, start_x, y + 8)} .. controls {up[0]} and {up[1]} .. {_at(figure, end_x, y + 8)}"
        yield rf"\draw[quiet,dashed] {path};"


def _node(figure: Figure, number: int, node: Node) -> Iterator[str]:
    kind = f"{node.kind},off" if node.is_off else node.kind
    is_inside = node.kind in {"bias", "neuron"} and figure.radius * (0.7 if node.kind == "bias" else 1) >= _LEGIBLE
    inside = node.name.latex if is_inside else ""
    yield rf"\node[{kind}] (n{number}) at {_at(figure, node.x, node.y)} {{{inside}}}; % {node.full}"
    if node.kind in {"input", "output"}:
        side = "left" if node.kind == "input" else "right"
        yield rf"\node[{side},text=ink,font=\small] at (n{number}.{_EDGES[side]}) {{{node.name.latex}}};"


_EDGES = {"left": "west", "right": "east"}


def _legend(figure: Figure) -> Iterator[str]:
    y, middle = figure.height - 34, figure.width / 2
    for sign, x, word in (("+", middle - 126, "adds"), ("-", middle - 48, "subtracts")):
        line = f"{_at(figure, x, y)} -- {_at(figure, x + 26, y)}"
        yield rf"\draw[{sign},line width={figure.widest * _POINT:.2f}bp] {line};"
        yield _fine(figure, x + 28, y, word, "right")
    yield _fine(figure, middle + 40, y, f"widest: {figure.largest:.3g}", "right")
    if figure.left_out:
        drawn = len(figure.links)
        said = f"The heaviest {drawn:,} of {drawn + figure.left_out:,} links."
        yield _fine(figure, middle, y + 18, said, "anchor=center")


def _fine(figure: Figure, x: float, y: float, text: str, side: str) -> str:
    return rf"\node[{side},text=quiet,font=\scriptsize] at {_at(figure, x, y)} {{{text}}};"


def _at(figure: Figure, x: float, y: float) -> str:
    """TikZ counts upwards, in centimetres."""
    return f"({x * _CM:.3f},{(figure.height - y) * _CM:.3f})"
