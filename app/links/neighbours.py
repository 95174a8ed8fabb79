"""Controls that TensorFlow Playground's links have no word for: hidden with neighbours that they have a word for."""

from engine.choices import in_groups
from engine.labs.plane.settings import Settings

_WITH_A_WORD = {"activation", "learning_rate", "batch_size", "regularization", "regularization_rate"}
_OURS = tuple(
    each.name
    for each in in_groups(Settings, "training", "structure", "optimizer", "regularization", "stop")
    if each.name not in {*_WITH_A_WORD, "loss"}
)

# Each group of ours is hidden where all of those on the right are.
NEIGHBOURS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("loss",), ("activation",)),
    (_OURS, ("learning_rate", "batch_size")),
    (("layer_settings", "lesions"), ("hidden",)),
    (("classes",), ("dataset",)),
    (("regenerate_data",), ("dataset", "train_share", "noise")),
    (("new_weights",), ("reset",)),
    (("speed",), ("play",)),
    (("gradients", "errors", "log_scales"), ("show_test", "discretize")),
)


def with_neighbours(hide: tuple[str, ...]) -> tuple[str, ...]:
    """The controls to hide, and ours that stand beside nothing else."""
    ours = [name for names, neighbours in NEIGHBOURS if set(neighbours) <= set(hide) for name in names]
    return (*hide, *(name for name in ours if name not in hide))
