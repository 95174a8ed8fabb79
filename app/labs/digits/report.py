"""What `hyperplane train` prints of the digits: losses and accuracies by name, an object for each twin."""

from typing import Any

from app.labs.digits.facts import counts
from app.labs.digits.studied_run import StudiedRun
from app.terminal.numbers import finite
from engine.labs.digits.model import LOSSES
from engine.labs.digits.settings import TWINS, Twin


def about(run: StudiedRun) -> dict[str, Any]:
    """What follows from the settings."""
    return {"config": {f"{twin}_parameters": count for twin, count in counts(run.settings).items()}}


def snapshot(run: StudiedRun) -> dict[str, Any]:
    """Both networks as they are, and their accuracies (0 to 1)."""
    accuracies = {f"accuracy_{name}": finite(share) for name, share in run.model.accuracies().items()}
    return {**{twin: _network(run, twin) for twin in TWINS}, **accuracies}


def _network(run: StudiedRun, twin: Twin) -> dict[str, Any]:
    """Weights as (size, size, channels, filters) or (inputs, units), layer by layer."""
    network = run.model.networks[twin]
    layers = range(1, network.layer_count + 1)
    return {
        "parameter_count": network.parameter_count,
        **{role: [network.tensor(layer, role).tolist() for layer in layers] for role in ("weights", "biases")},
    }


def rows(run: StudiedRun) -> dict[str, str]:
    """The networks in a few words."""
    settings = run.settings
    filters = f"{settings.filter_size}×{settings.filter_size}"
    parts = [*(f"{count}@{filters}" for count in settings.filters), settings.head, "10"]
    return {
        "convolutional network": f"{'-'.join(parts)}, {settings.parameter_count('convolutional'):,} parameters",
        "plain network": f"{'-'.join(map(str, (784, *settings.hidden, 10)))}, "
        f"{settings.parameter_count('plain'):,} parameters",
    }


def metrics(run: StudiedRun) -> dict[str, dict[str, float]]:
    """The accuracies of each twin, from 0 to 1."""
    accuracies = run.model.accuracies()
    return {
        twin: {f"accuracy_{side}": float(accuracies[f"{twin}_{side}"]) for side in ("train", "test")} for twin in TWINS
    }


def scores(run: StudiedRun) -> dict[str, str]:
    """The accuracies."""
    accuracies = run.model.accuracies()
    return {f"accuracy on {name}": f"{accuracies[name]:.1%}" for name in LOSSES}
