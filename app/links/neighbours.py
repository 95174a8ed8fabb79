"""Controls that TensorFlow Playground's links have no word for: hidden with neighbours that they have a word for."""

# Each group of ours is hidden where all of those on the right are.
NEIGHBOURS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("loss",), ("activation",)),
    (("method", "initialization", "order", "momentum", "weight_decay", "clip", "schedule", "schedule_epochs"),
     ("learning_rate", "batch_size")),
    (("connections", "batch_norm", "dropout"), ("learning_rate", "batch_size")),
    (("stop_epochs", "stop_loss", "stop_accuracy", "stop_plateau", "stop_set"), ("learning_rate", "batch_size")),
    (("layer_settings", "lesions"), ("hidden",)),
    (("classes",), ("dataset",)),
    (("regenerate_data",), ("dataset", "train_share", "noise")),
    (("new_weights",), ("reset",)),
    (("speed",), ("play",)),
    (("gradients", "errors", "log_scales"), ("show_test", "discretize")),
)  # fmt: skip


def with_neighbours(hide: tuple[str, ...]) -> tuple[str, ...]:
    """The controls to hide, and ours that stand beside nothing else."""
    ours = [name for names, neighbours in NEIGHBOURS if set(neighbours) <= set(hide) for name in names]
    return (*hide, *(name for name in ours if name not in hide))
