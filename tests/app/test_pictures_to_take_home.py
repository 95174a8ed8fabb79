"""figure.py, svg.py, tikz.py, field.py, raster.py: pictures of an experiment have its true weights and colours."""

import json
import re
import struct
import subprocess
import zlib
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from numpy.typing import NDArray

from app.exports import colors, raster
from app.exports.colors import COLORS
from app.exports.forms import forms_of, write
from app.exports.moments import freeze
from app.labs.plane.exports.figure import MOST_LINKS, figure_of, words
from app.links import read_link
from engine.choices import Refused
from engine.labs.plane.given import give_classes
from engine.labs.plane.trainer import Trainer

ROOT = Path(__file__).parents[2]
SVG = "{http://www.w3.org/2000/svg}"
LINKS = {
    "plain": "#v=1&hidden=4,2",
    "classes": "#v=1&dataset=gauss&classes=4&loss=cross-entropy&inputs=x,xSquared,sinY&hidden=4,3&batch_norm=true",
    "dense": "#v=1&hidden=3,3,3&connections=dense",
    "residual": "#v=1&hidden=3,3,3&connections=residual&lesions=2-1",
    "regression": "#v=1&dataset=reg-plane&hidden=2",
    "no hidden layer": "#v=1&hidden=",
    "no input": "#v=1&inputs=&hidden=2",
}


def trained(link: str, epochs: int = 30) -> Trainer:
    opened = read_link(link)
    run: Any = opened.lab.engine.begin(opened.experiment.settings)
    run.train(epochs)
    return run  # type: ignore[no-any-return]


def written(run: Trainer, form: str, **choices: str) -> bytes:
    opened = read_link("#v=1")
    return write(opened.lab, freeze(run, opened.experiment.view, "#v=1"), run, form, choices)


# -- the network -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("link", LINKS.values(), ids=LINKS)
def test_each_link_of_the_svg_is_a_weight_or_bias(link: str) -> None:
    run = trained(link)
    drawing = ElementTree.fromstring(written(run, "svg"))
    said = {
        each.findtext(f"{SVG}title"): each
        for each in drawing.iter(f"{SVG}path")
        if each.find(f"{SVG}title") is not None
    }
    expected = sorted(f"{weight:.6g}" for matrix in run.network.matrices for weight in matrix.ravel().tolist())
    assert sorted(str(title).rpartition(": ")[2] for title in said) == expected
    largest = max(abs(float(each)) for each in expected)
    for title, path in said.items():
        weight = float(str(title).rpartition(": ")[2])
        assert path.get("class") == ("positive" if weight >= 0 else "negative")
        assert float(path.get("stroke-width", 0)) == pytest.approx(max(0.25, 5 * abs(weight) / largest), abs=0.01)


def test_links_are_where_their_names_say() -> None:
    run = trained(LINKS["plain"])
    figure = figure_of(run)
    weights = {(figure.nodes[link.start].full, figure.nodes[link.end].full): link.weight for link in figure.links}
    (first, first_biases), (second, _), (last, last_bias) = run.layers()
    assert weights["X₂", "layer 1 neuron 3"] == first[2, 1]
    assert weights["bias", "layer 1 neuron 3"] == first_biases[2]
    assert weights["layer 1 neuron 4", "layer 2 neuron 2"] == second[1, 3]
    assert weights["layer 2 neuron 1", "output"] == last[0, 0]
    assert last_bias[0] in weights.values()


def test_dense_links_come_from_all_layers_before() -> None:
    run = trained(LINKS["dense"])
    figure = figure_of(run)
    [weight] = [
        link.weight
        for link in figure.links
        if (figure.nodes[link.start].full, figure.nodes[link.end].full) == ("X₂", "layer 3 neuron 2")
    ]
    assert weight == run.layers()[2][0][1, 1]


def test_text_is_text_and_names_are_no_markup() -> None:
    run = trained("#v=1&hidden=2", 0)
    run.learn(give_classes([[0, 1], [2, 3], [4, 5]], [0, 1, 2], names=["<b>&", "50 %_$#{}\\", "grün\n"]))
    drawing = ElementTree.fromstring(written(run, "svg"))
    texts = [each.text for each in drawing.iter(f"{SVG}text")]
    assert {"X₁", "X₂", "<b>&", "50 %_$#{}\\", "Inputs", "Layer 1", "Tanh", "Output", "Softmax"} <= set(texts)
    source = written(run, "tikz").decode()
    assert r"\textless{}b\textgreater{}\&" in source
    assert r"50 \%\_\$\#\{\}\textbackslash{}" in source
    assert words("a\u202eb\x07").plain == "a b "


@pytest.mark.parametrize("theme", ["light", "dark", "transparent"])
def test_themes_have_the_pages_colours(theme: Any) -> None:
    run = trained(LINKS["plain"])
    drawing, inks = written(run, "svg", theme=theme).decode(), COLORS[theme]
    for color in (inks.text, inks.points[0], inks.points[2]):
        assert "#{:02x}{:02x}{:02x}".format(*color) in drawing
    assert ("<rect" in drawing) == (theme != "transparent")
    source = written(run, "tikz", theme=theme).decode()
    assert (r"\fill[paper]" in source) == (theme != "transparent")


@pytest.mark.parametrize("link", LINKS.values(), ids=LINKS)
def test_tikz_has_the_same_links_and_closes_what_it_opens(link: str) -> None:
    """`docs/moments.md` says how it was set once by LaTeX."""
    run = trained(link)
    source = written(run, "tikz").decode()
    count = sum(matrix.size for matrix in run.network.matrices)
    assert len(re.findall(r"^\\draw\[[+-],line width=[\d.]+bp\] .*; % ", source, re.MULTILINE)) == count
    plain = source.replace(r"\{", "").replace(r"\}", "")
    for opened, closed in ("{}", "()", "[]"):
        assert plain.count(opened) == plain.count(closed)
    assert re.findall(r"\\begin\{(\w+)\}", source) == ["document", "tikzpicture"]
    assert re.findall(r"\\end\{(\w+)\}", source) == ["tikzpicture", "document"]


def test_of_very_many_links_the_heaviest_are_drawn_and_that_is_said() -> None:
    run = trained("#v=1&hidden=64,64", 1)
    count = sum(matrix.size for matrix in run.network.matrices)
    figure = figure_of(run)
    sizes = np.sort(np.abs(np.concatenate([matrix.ravel() for matrix in run.network.matrices])))[-MOST_LINKS:]
    np.testing.assert_array_equal([abs(link.weight) for link in figure.links], sizes)
    assert f"The heaviest {MOST_LINKS:,} of {count:,} links." in written(run, "svg").decode()


# -- the field ---------------------------------------------------------------------------------------------------------


def pixels_of(file: bytes) -> NDArray[np.uint8]:
    """By the specification of PNG: chunks with their sums, rows with their filter."""
    assert file[:8] == b"\x89PNG\r\n\x1a\n"
    place, chunks = 8, dict[bytes, bytes]()
    while place < len(file):
        (length,), kind = struct.unpack(">I", file[place : place + 4]), file[place + 4 : place + 8]
        chunks[kind] = file[place + 8 : place + 8 + length]
        (sum_,) = struct.unpack(">I", file[place + 8 + length : place + 12 + length])
        assert sum_ == zlib.crc32(kind + chunks[kind])
        place += 12 + length
    width, height, depth, color, *_ = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    assert depth == 8
    channels = {2: 3, 6: 4}[color]
    rows = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, 1 + width * channels)
    assert (rows[:, 0] == 2).all()  # each row adds to the one above
    return np.cumsum(rows[:, 1:], axis=0, dtype=np.uint8).reshape(height, width, channels)


def test_a_pixel_has_the_colour_of_what_the_network_says_there() -> None:
    run = trained("#v=1&hidden=3", 100)
    pixels = pixels_of(written(run, "png", points="no", axes="no"))
    assert pixels.shape == (480, 480, 3)
    for row, column in ((0, 0), (240, 240), (100, 399)):
        at = np.array([-6 + (column + 0.5) / 40, 6 - (row + 0.5) / 40])
        (first, bias), (last, last_bias) = run.layers()
        value = np.tanh(last @ np.tanh(first @ at + bias) + last_bias)[0]
        expected = colors.between(COLORS["light"].field, min(int(value * 127.5 + 128), 255) / 255)
        np.testing.assert_allclose(pixels[row, column], expected, atol=3)  # of the byte


@pytest.mark.parametrize("scale", [1, 2, 4])
def test_sizes_grow_with_the_scale(scale: int) -> None:
    run = trained("#v=1&hidden=2", 5)
    assert pixels_of(written(run, "png", scale=str(scale), axes="no")).shape[:2] == (480 * scale, 480 * scale)
    with_axes = pixels_of(written(run, "png", scale=str(scale)))
    assert with_axes.shape[0] > 480 * scale


def test_points_and_axes_are_drawn_as_chosen() -> None:
    run = trained("#v=1&hidden=2", 5)
    bare = pixels_of(written(run, "png", points="no", axes="no"))
    dotted = pixels_of(written(run, "png", axes="no"))
    train = run.data.train[np.abs(run.data.train[:, :2]).max(axis=1) < 5.9]
    apart = np.hypot(*(train[:, None, axis] - train[None, :, axis] for axis in (0, 1))) + 99 * np.eye(len(train))
    x, y, label = train[apart.min(axis=1).argmax()]  # the one that nothing covers
    assert not np.array_equal(bare, dotted)
    np.testing.assert_array_equal(
        dotted[round((6 - y) * 40 - 0.5), round((x + 6) * 40 - 0.5)], COLORS["light"].point(label, 2)
    )
    tested = pixels_of(written(run, "png", axes="no", tests="yes"))
    assert not np.array_equal(dotted, tested)
    transparent = pixels_of(written(run, "png", theme="transparent"))
    assert transparent[0, 0, 3] == 0
    assert (transparent[100, 200, 3], pixels_of(written(run, "png", theme="dark"))[0, 0].tolist()) == (
        255,
        [15, 17, 19],
    )


def test_any_neuron_is_a_picture_and_others_are_refused() -> None:
    run = trained("#v=1&dataset=gauss&classes=3&loss=cross-entropy&hidden=2", 20)
    one, other, output = (written(run, "png", of=of, axes="no", points="no") for of in ("1-1", "1-2", "2-3"))
    assert len({one, other, output, written(run, "png", axes="no", points="no")}) == 4
    for wrong in ("1-3", "3-1", "0-1", "1", "1-1-1", "", "1-99999"):
        with pytest.raises(Refused, match="of"):
            written(run, "png", of=wrong)


def test_two_colours_are_two() -> None:
    run = trained("#v=1&hidden=3", 100)
    pixels = pixels_of(written(run, "png", points="no", axes="no", discretize="yes"))
    assert len(np.unique(pixels.reshape(-1, 3), axis=0)) == 2


def test_half_a_disc_has_half_its_colour() -> None:
    picture = raster.Picture(21, 21, (0, 0, 0))
    picture.dot((10.5, 10.5), 6, (200, 100, 0))
    weight = picture.pixels[..., 0].sum() / 200
    assert weight == pytest.approx(np.pi * 36, rel=0.01)  # its area, with smooth edges
    picture = raster.Picture(30, 30, None)
    picture.line([(5, 5), (25, 5)], 2, (9, 9, 9))
    assert picture.pixels[..., 3].sum() / 255 == pytest.approx(20 * 2 + np.pi, rel=0.03)


def test_forms_refuse_what_they_do_not_have() -> None:
    run = trained("#v=1&hidden=2", 0)
    for choices in ({"theme": "pink"}, {"colour": "red"}, {"scale": "2"}):
        with pytest.raises(Refused, match=next(iter(choices))):
            written(run, "svg", **choices)
    with pytest.raises(Refused, match="form"):
        written(run, "gif3d")
    assert all(form.about for form in forms_of(read_link("").lab).values() if form.group in {"picture", "moment"})


# -- colours -----------------------------------------------------------------------------------------------------------


def test_colours_are_those_of_the_page() -> None:
    """static/drawing/colors.js says them for the page: Node runs it, and each pixel is compared."""
    script = f"""
        import {{CLASSES, makePalette}} from "{(ROOT / "static/drawing/colors.js").as_uri()}";
        const said = Object.fromEntries(["light", "dark"].map(theme => {{
            const {{field, steps, points, classes, outline}} = makePalette(theme);
            return [theme, {{field: [...field], steps: [...steps], points, outline, plain: CLASSES[theme],
                classes: classes.map(each => [...each.field])}}];
        }}));
        console.log(JSON.stringify(said));
    """
    node = ROOT / ".venv" / "bin" / "node"
    answer = subprocess.run([node, "--input-type=module", "-e", script], capture_output=True, check=True, text=True)
    for theme, said in json.loads(answer.stdout).items():
        own = COLORS[theme]
        np.testing.assert_array_equal(own.scale(), unpacked(said["field"]))
        np.testing.assert_array_equal(own.two(), unpacked(said["steps"]))
        np.testing.assert_array_equal(own.classes, said["plain"])
        for number, shades in enumerate(said["classes"]):
            np.testing.assert_array_equal(own.shades(number), unpacked(shades))
        points = [tuple(map(int, re.findall(r"\d+", text))) for text in said["points"]]
        assert [own.point(-1 + each / 16, 2) for each in range(33)] == points
        assert "#{:02x}{:02x}{:02x}".format(*own.outline) == said["outline"]


def unpacked(pixels: list[int]) -> NDArray[np.uint8]:
    """Of a little-endian Uint32Array: red, green, blue and alpha."""
    return np.array(pixels, "<u4").view(np.uint8).reshape(-1, 4)[:, :3]


def test_grounds_and_inks_are_those_of_the_page() -> None:
    light, dark = (ROOT / "static" / "theme.css").read_text().split("@media (prefers-color-scheme: dark)")
    for own, sheet in ((COLORS["light"], light), (COLORS["dark"], dark)):
        for name, color in (("ground", own.ground), ("text", own.text), ("muted", own.muted), ("line", own.line)):
            assert re.search(rf"--{name}: #{'{:02x}{:02x}{:02x}'.format(*color)};", sheet)
