"""Hides controls that TensorFlow Playground's links cannot name, along with neighbours that they can name."""

from engine.choices import in_groups
from engine.labs.plane.settings import Settings

_WITH_A_WORD = {"activation", "learning_rate", "batch_size", "regularization", "regularization_rate"}
_OURS = tuple(
    each.name
    for each in in_groups(Settings, "training", "structure", "optimizer", "regularization", "stop")
    if each.name not in {*_WITH_A_WORD, "loss"}
)

# Each of our groups on the left is hidden if all controls on the right are.
NEIGHBOURS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("loss",), ("activation",)),
    (_OURS, ("learning_rate", "batch_size")),
    (("layer_settings", "lesions"), ("hidden",)),
    (("classes", "own_data", "formula", "draw"), ("dataset",)),
    (("regenerate_data",), ("dataset", "train_share", "noise")),
    (("new_weights", "undo"), ("reset",)),
    (("speed",), ("play",)),
    (("timeline",), ("play", "step")),
    (
        ("gradients", "explain", "surface", "space", "errors", "relief", "log_scales", "compare", "take_home"),
        ("show_test", "discretize"),
    ),
)


def with_neighbours(hide: tuple[str, ...]) -> tuple[str, ...]:
    """The controls to hide, and those of ours whose neighbours are all hidden."""
    ours = [name for names, neighbours in NEIGHBOURS if set(neighbours) <= set(hide) for name in names]
    return (*hide, *(name for name in ours if name not in hide))
