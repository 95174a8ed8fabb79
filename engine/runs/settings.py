"""Declares the stop settings that all labs share, checks a seed, and names the settings that a run reads."""

from typing import Any, ClassVar, Literal, Protocol

from engine.choices import Refused, setting

StopSet = Literal["test", "train"]

ALWAYS = 1_000_000_000  # more epochs than anybody waits for
MAX_SEED_LENGTH = 64


class RunSettings(Protocol):
    """A frozen dataclass of any lab's settings."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def stop_epochs(self) -> int:
        """Epoch at which training ends; 0 for never."""

    @property
    def stop_loss(self) -> float:
        """Loss at which it ends."""

    @property
    def stop_accuracy(self) -> float:
        """Percentage of correctly classified examples at which it ends; 0 for never."""

    @property
    def stop_plateau(self) -> int:
        """Epochs without gain after which it ends; 0 for never."""

    @property
    def stop_set(self) -> StopSet:
        """Which loss and accuracy are watched."""


def stop_epochs() -> int:
    """Declares the setting."""
    return setting(
        0,
        label="Stop at epoch",
        hint="Stops training at this epoch. Use it to compare runs of the same length.",
        low=0,
        high=ALWAYS,
        number="whole",
        offers=(0, 10, 100, 1000, 10_000, 100_000),
        words={0: "Never"},
        group="stop",
        costs="nothing",
    )


def stop_loss() -> float:
    """Declares the setting."""
    return setting(
        0,
        label="Stop at loss",
        hint="Stops training when the loss has fallen to this value.",
        low=0,
        high=1_000_000,
        number="rate",
        offers=(0, 0.2, 0.1, 0.05, 0.02, 0.01, 0.001),
        words={0: "Never"},
        group="stop",
        costs="nothing",
    )


def stop_accuracy(examples: str = "examples") -> float:
    """Declares the setting. `examples`: the lab's word for what is classified."""
    return setting(
        0,
        label="Stop at accuracy",
        hint=f"Stops training when this share of the {examples} is classified correctly.",
        low=0,
        high=100,  # per cent
        number="per-cent",
        offers=(0, 80, 90, 95, 99, 100),
        words={0: "Never"},
        group="stop",
        costs="nothing",
    )


def stop_plateau() -> int:
    """Declares the setting."""
    return setting(
        0,
        label="Stop without gain",
        hint="Stops when the loss has not improved for this many epochs: early stopping. Then you can go back to "
        "the best epoch.",
        low=0,
        high=ALWAYS,
        number="patience",
        offers=(0, 30, 100, 300, 1000, 10_000),
        words={0: "Never"},
        group="stop",
        costs="nothing",
    )


def stop_set(whose: str = "") -> StopSet:
    """Declares the setting. `whose`: of which model, where a lab trains several: " of the larger network"."""
    return setting(
        "test",
        label="Loss to stop by",
        hint=f"Which loss and accuracy{whose} the stop conditions watch. Only the test loss shows overfitting.",
        choices={"test": "Test loss", "train": "Training loss"},
        group="stop",
        costs="nothing",
    )


def check_seed(seed: str) -> None:
    """Raises Refused if a seed is too long or is no text."""
    if len(seed) > MAX_SEED_LENGTH:
        raise Refused("seed", f"{seed[:20]}…", f"at most {MAX_SEED_LENGTH} characters")
    try:
        seed.encode()
    except UnicodeEncodeError:  # bytes of the command line that are no UTF-8 come as halves of surrogate pairs
        raise Refused("seed", seed, "text in UTF-8") from None
