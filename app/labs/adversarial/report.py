"""What `hyperplane train` prints of a game."""

import math
from typing import Any

from app.labs.adversarial.frames import numbers
from app.labs.adversarial.studied_run import StudiedGame
from app.terminal.numbers import finite


def about(run: StudiedGame) -> dict[str, Any]:
    """What follows from the settings."""
    counts = {f"{side}_parameters": len(network.parameters) for side, network in run.model.networks.items()}
    return {"config": {**counts, "centres": run.model.mixture.centres.tolist()}}


def snapshot(run: StudiedGame) -> dict[str, Any]:
    """Both networks as they are: weights as [layer][to][from], biases as [layer][to]; and the numbers of the fakes."""
    networks: dict[str, Any] = {
        side: {
            "weights": [matrix[:, :-1].tolist() for matrix in network.matrices],
            "biases": [matrix[:, -1].tolist() for matrix in network.matrices],
        }
        for side, network in run.model.networks.items()
    }
    return {**networks, **{name: finite(number) for name, number in metrics(run).items()}}


def rows(run: StudiedGame) -> dict[str, str]:
    """The game in a few words."""
    settings = run.settings
    return {
        "real points": settings.dataset,
        "loss": settings.objective,
        **{
            side: f"{'-'.join(map(str, shape))}, {len(network.parameters):,} parameters"
            for (side, network), shape in zip(run.model.networks.items(), settings.shapes, strict=True)
        },
    }


def metrics(run: StudiedGame) -> dict[str, float]:
    """Of 2,500 fakes: `modes` covered, `modes_in_all`, `good` from 0 to 1, `divergence` in nats, and how far the
    discriminator is from the best one, NaN for a critic."""
    found = numbers(run)
    return {
        "modes": float(found["covered"]),
        "modes_in_all": float(found["modes"]),
        "good": found["good"],
        "divergence": found["divergence"],
        "gap": math.nan if found["gap"] is None else found["gap"],
    }


def scores(run: StudiedGame) -> dict[str, str]:
    """How good the fakes are."""
    found = numbers(run)
    modes = {"modes": f"{found['covered']} of {found['modes']}"} if found["modes"] else {}
    return {**modes, "good fakes": f"{found['good']:.1%}", "divergence": f"{found['divergence']:.3f} nats"}
