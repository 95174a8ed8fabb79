"""What the adversarial page sees of a run: the real points once, and in each frame the fakes and both networks."""

import json
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.labs.adversarial.edits import SixteenSeeds
from app.labs.adversarial.studied_run import StudiedGame
from app.labs.contract import Shown, Tensors, Wish
from engine.labs.adversarial.measures import SIDE, pixels
from engine.labs.adversarial.seeds import COUNT, has_collapsed
from engine.machine.examples import Labelled

POINTS = 500  # real ones that the page shows
FAKES = 300
GRID = 21  # lines of the noise's square in each direction
LINE = 201  # places of the noise's line
_NORMAL = 2.0  # standard deviations of normal noise that the grid shows, in each direction

Floats = NDArray[np.float64]


def material(run: StudiedGame) -> Tensors:
    """`points` (n, 2): some of the real ones."""
    points = run.model.points
    table = points.inputs[: 2 * points.stride].reshape(2, points.stride)
    return {"points": np.ascontiguousarray(table[:, :POINTS].T)}


def show(run: StudiedGame, wish: Wish) -> Shown:
    """Both networks as they are now: see docs/protocol.md."""
    with np.errstate(over="ignore", invalid="ignore"):
        fakes = run.model.fakes(run.model.noises(FAKES, "noise to show"))
        tensors: Tensors = {"fakes": _rows(fakes)}
        about: dict[str, str] = {}
        if wish.view.arrows:
            tensors["arrows"] = _rows(run.model.arrows(fakes))
        if wish.view.field:
            tensors["field"], low, high = field(run, SIDE >> wish.coarseness)
            about["range"] = f"{low!r},{high!r}"
        if wish.view.bent_grid:
            tensors["bent_grid"] = _rows(run.model.fakes(noise_grid(run)))
        if wish.small:
            about["numbers"] = json.dumps(numbers(run), separators=(",", ":"))
            if wish.view.best:
                tensors["best"] = _bytes(run.measured()[1].picture)
        tensors_of_seeds, said = _seeds(run, wish)
        return Shown(tensors | tensors_of_seeds, run.losses(), about | said)


def probability(run: StudiedGame, side: int) -> Floats:
    """(side, side): how probable the discriminator takes real points to be; estimates of least squares are cut."""
    said = run.model.said(pixels(side).T).reshape(side, side)
    return np.clip(said, 0, 1) if run.settings.objective == "least-squares" else 0.5 + 0.5 * np.tanh(said / 2)


def field(run: StudiedGame, side: int) -> tuple[NDArray[np.uint8], float, float]:
    """(side, side) of bytes, and what 0 and 255 stand for: a probability, or a critic's score from the lowest on."""
    if not run.settings.is_wasserstein:
        return _bytes(probability(run, side)), 0.0, 1.0
    scores = run.model.said(pixels(side).T).reshape(side, side)
    low, high = float(scores.min()), float(scores.max())
    if not math.isfinite(high - low):
        return np.full((side, side), 128, np.uint8), low, high
    return _bytes((scores - low) / max(high - low, 1e-12)), low, high


def numbers(run: StudiedGame) -> dict[str, Any]:
    """Modes, good fakes, the divergence, and how far the discriminator is from the best one."""
    score, best = run.measured()
    gap = None if run.settings.is_wasserstein else best.gap(probability(run, SIDE))
    return {
        "covered": score.covered,
        "modes": score.modes,
        "good": score.good,
        "divergence": best.divergence,
        "gap": gap if gap is None or math.isfinite(gap) else None,
    }


def noise_grid(run: StudiedGame) -> Labelled:
    """Places of the noise, row by row: a square, or a line."""
    reach = _NORMAL if run.settings.noise == "normal" else 1.0
    if run.settings.dimensions == 1:
        places = np.linspace(-reach, reach, LINE)[None]
    else:
        side = np.linspace(-reach, reach, GRID)
        places = np.stack(np.meshgrid(side, side)).reshape(2, -1)
    return Labelled(places, np.zeros(places.shape[1]), 0, run.model.networks["generator"].dtype)


def _seeds(run: StudiedGame, wish: Wish) -> tuple[Tensors, dict[str, str]]:
    """`seed_fakes` (16, n, 2), and how each goes on."""
    asked: SixteenSeeds | None = wish.looks.get("sixteen-seeds")
    seeds = run.seeds
    if asked is None or asked.rounds is None or seeds is None or not wish.small:
        return {}, {}
    each = [
        {
            "rounds": seeds.rounds_of(k),
            "covered": score.covered if score else 0,
            "good": score.good if score else 0.0,
            "collapsed": has_collapsed(score),
            "diverged": seeds.has_diverged[k],
        }
        for k, score in zip(range(COUNT), seeds.scores, strict=True)
    ]
    said = {"number": asked.number, "rounds": seeds.rounds, "finished": seeds.finished, "share": seeds.share,
            "collapsed": seeds.collapsed, "each": each}  # fmt: skip
    return {"seed_fakes": seeds.fakes}, {"seeds": json.dumps(said, separators=(",", ":"))}


def _rows(columns: NDArray[Any]) -> NDArray[np.float32]:
    """(2, n) as (n, 2); what is not finite is nowhere."""
    return np.nan_to_num(np.ascontiguousarray(columns.T, np.float32), nan=1e6, posinf=1e6, neginf=-1e6)


def _bytes(shares: Floats) -> NDArray[np.uint8]:
    """From 0 to 1 as 0 to 255."""
    return np.rint(np.nan_to_num(shares, nan=0.5) * 255).astype(np.uint8)
