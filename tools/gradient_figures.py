"""Writes tests/data/layer-figures.json, the engine's figures of the layers of some networks, for the page's tests.

Run `python -m tools.gradient_figures` after a change to a lesson about depth.
"""

import json
from pathlib import Path

import numpy as np

from app.labs.plane.lessons import CHAPTERS
from app.links import read_link
from engine.labs.plane.figures import layer_figures
from engine.labs.plane.trainer import Trainer

TARGET = Path(__file__).parent.parent / "tests" / "data" / "layer-figures.json"
LESSONS = {lesson.title: lesson.link for chapter in CHAPTERS for lesson in chapter.lessons}
DEPTH = (
    "The gradient vanishes",
    "ReLU and He’s first weights",
    "Xavier’s first weights",
    "Batch norm",
    "Residual links",
)
OTHERS = {
    "A perceptron draws one line": LESSONS["A perceptron draws one line"],
    "four sigmoid layers": "#v=1&hidden=8,8,8,8&activation=sigmoid",
    "vanishing, with Adam": LESSONS["The gradient vanishes"] + "&method=adam",
    "all weights zero": "#v=1&hidden=4,4&initialization=zeros",
    "weights too large": "#v=1&hidden=8,8,8,8,8,8&initialization=large&activation=linear&dataset=reg-plane",
    "the default": "#v=1",
    "growing": "#v=1&hidden=8,8,8,8,8,8,8,8&initialization=large&activation=tanh",
}
DEAD = "#v=1&hidden=4,4&activation=relu&learning_rate=3"


def figures(link: str, epochs: int) -> list[list[float | None]]:
    """(layers, 4) with three digits; None for NaN."""
    trainer = Trainer(read_link(link).experiment.settings)
    trainer.train(epochs)
    with np.errstate(invalid="ignore"):
        rows = layer_figures(trainer)
    return [[float(f"{value:.3g}") if np.isfinite(value) else None for value in row] for row in rows]


def main() -> None:
    cases = [(name, LESSONS[name], epochs) for name in DEPTH for epochs in (0, 100)]
    cases += [(name, link, 0) for name, link in OTHERS.items()] + [("dead neurons", DEAD, 30)]
    lines = [
        json.dumps({"name": name, "link": link, "epoch": epochs, "figures": figures(link, epochs)}, ensure_ascii=False)
        for name, link, epochs in cases
    ]
    TARGET.write_text("[\n  " + ",\n  ".join(lines) + "\n]\n")


if __name__ == "__main__":
    main()
