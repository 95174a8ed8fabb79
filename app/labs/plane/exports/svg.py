"""The network as SVG: text is text, each link names its weight, and any browser or drawing program opens it."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from app.exports.colors import COLORS, Rgb, Theme
from app.labs.plane.exports.figure import Figure, Link, Node

_FONT = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
_LEGIBLE = 8.0  # radius of a neuron that has its number inside


def svg_of(figure: Figure, theme: Theme) -> str:
    """Links are as wide as their weights are large: blue adds, orange subtracts."""
    return "\n".join(_lines(figure, theme)) + "\n"


def _lines(figure: Figure, theme: Theme) -> Iterator[str]:
    colors = COLORS[theme]
    negative, _, positive = map(_css, colors.points)
    text, muted, ground = _css(colors.text), _css(colors.muted), _css(colors.ground)
    width, height = f"{figure.width:g}", f"{figure.height:g}"
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="{_FONT}" font-size="13" fill="{text}" role="img" aria-label="Neural network">'
    )
    yield (
        "<style>"
        f".positive{{stroke:{positive}}}.negative{{stroke:{negative}}}"
        f".neuron,.output{{fill:{ground};stroke:{text};stroke-width:1.4}}"
        f".input{{fill:{_css(colors.line)};stroke:{muted};stroke-width:1.2}}"
        f".bias{{fill:{ground};stroke:{muted};stroke-width:1;stroke-dasharray:2 2}}"
        f".off{{stroke:{muted};stroke-dasharray:4 3;opacity:.5}}"
        f".skip{{fill:none;stroke:{muted};stroke-width:1.4;stroke-dasharray:5 4}}"
        f".fine{{fill:{muted};font-size:11px}}.inside{{font-size:11px;text-anchor:middle}}"
        ".head{text-anchor:middle;font-weight:600}.under{text-anchor:middle}"
        "</style>"
    )
    if theme != "transparent":
        yield f'<rect width="100%" height="100%" fill="{ground}"/>'
    yield '<g class="links" fill="none" stroke-linecap="round">'
    for link in figure.links:
        yield _link(figure, link)
    yield "</g>"
    for start, end, y in figure.skips:
        low, high = f"{y + 8:g}", f"{y - 14:g}"
        yield f'<path class="skip" d="M{start:g} {low}C{start:g} {high} {end:g} {high} {end:g} {low}"/>'
    for node in figure.nodes:
        yield from _node(figure, node)
    for x, lines in figure.columns:
        for number, line in enumerate(lines):
            kind = "fine under" if number else "head"
            yield f'<text class="{kind}" x="{x:g}" y="{20 + 15 * number}">{escape(line.plain)}</text>'
    yield from _legend(figure)
    yield "</svg>"


def _link(figure: Figure, link: Link) -> str:
    start, end = figure.nodes[link.start], figure.nodes[link.end]
    sign = "positive" if link.weight >= 0 else "negative"
    title = escape(f"{start.full} to {end.full}: {link.weight:.6g}")
    path = f"M{start.x:g} {start.y:g}L{end.x:g} {end.y:g}"
    return f'<path class="{sign}" stroke-width="{link.width:g}" d="{path}"><title>{title}</title></path>'


def _node(figure: Figure, node: Node) -> Iterator[str]:
    kind = f"{node.kind} off" if node.is_off else node.kind
    radius = figure.radius * (0.7 if node.kind == "bias" else 1)
    label = escape(node.full + (", switched off" if node.is_off else ""))
    place = f'cx="{node.x:g}" cy="{node.y:g}" r="{radius:g}"'
    yield f'<circle class="{kind}" {place}><title>{label}</title></circle>'
    name, y = escape(node.name.plain), node.y + 4.5
    if node.kind == "input":
        yield f'<text x="{node.x - radius - 6:g}" y="{y:g}" text-anchor="end">{name}</text>'
    elif node.kind == "output":
        yield f'<text x="{node.x + radius + 6:g}" y="{y:g}">{name}</text>'
    elif radius >= _LEGIBLE:
        yield f'<text class="inside" x="{node.x:g}" y="{node.y + 4:g}">{name}</text>'


def _legend(figure: Figure) -> Iterator[str]:
    y, middle = figure.height - 30, figure.width / 2
    for sign, x, word in (("positive", middle - 126, "adds"), ("negative", middle - 48, "subtracts")):
        yield f'<path class="{sign}" stroke-width="{figure.widest:g}" d="M{x:g} {y - 4:g}h26"/>'
        yield f'<text class="fine" x="{x + 32:g}" y="{y:g}">{word}</text>'
    yield f'<text class="fine" x="{middle + 46:g}" y="{y:g}">widest: {figure.largest:.3g}</text>'
    if figure.left_out:
        said = f"The heaviest {len(figure.links):,} of {len(figure.links) + figure.left_out:,} links."
        yield f'<text class="fine under" x="{middle:g}" y="{y + 18:g}">{said}</text>'


def _css(color: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*color)
