"""The forms of films, and what can be chosen of them. Nothing here needs the packages that make them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from app.exports.colors import Theme
from app.labs.contract import Form
from engine.choices import Refused

SIDES = (160, 960)  # pixels of the picture, at least and at most
SECONDS = (1.0, 60.0)
MOST_FRAMES = 1_500
HOLD = 1.5  # seconds that the last frame is seen, at most a third of a film

_CHOICES: Mapping[str, tuple[str, ...]] = {
    "show": ("losses", "boundary", "neurons"),
    "seconds": ("5", "3", "10", "20", "SECONDS"),
    "size": ("480", "320", "720", "960", "PIXELS"),
    "fps": ("20", "10", "25", "50"),
    "theme": ("light", "dark"),
}
FORMS: Mapping[str, Form] = {
    "gif": Form(
        "Film (GIF)",
        ".gif",
        "image/gif",
        "gif",
        about="The training, for slides, web pages and chats: it plays everywhere, again and again.",
        group="film",
        choices=_CHOICES,
    ),
    "mp4": Form(
        "Film (MP4)",
        ".mp4",
        "video/mp4",
        "video",
        about="The same as H.264, smaller, and with a player’s controls.",
        group="film",
        choices=_CHOICES,
    ),
    "webm": Form(
        "Film (WebM)",
        ".webm",
        "video/webm",
        "video",
        about="The same as VP9, for web pages.",
        group="film",
        choices=_CHOICES,
    ),
}


@dataclass(frozen=True)
class Wanted:
    """What is asked for. Raises Refused."""

    show: str
    seconds: float
    side: int
    frames_per_second: int
    theme: Theme

    @classmethod
    def of(cls, choices: Mapping[str, str]) -> "Wanted":
        """Of a form's choices, each of which is there."""
        side = int(_number("size", choices["size"], *SIDES))
        wanted = cls(
            choices["show"],
            _number("seconds", choices["seconds"], *SECONDS),
            side - side % 2,
            int(choices["fps"]),
            cast("Theme", choices["theme"]),
        )
        if wanted.count > MOST_FRAMES:
            came = f"{wanted.seconds:g} at {wanted.frames_per_second} frames each"
            raise Refused("seconds", came, f"at most {MOST_FRAMES:,} frames: choose fewer seconds, or a lower fps")
        return wanted

    @property
    def hold(self) -> float:
        """Seconds that the last frame is seen: the rest of what the others leave."""
        return self.seconds - (self.count - 1) / self.frames_per_second

    @property
    def count(self) -> int:
        """Frames; the last one is seen longer."""
        moving = self.seconds - min(HOLD, self.seconds / 3)
        return round(moving * self.frames_per_second) + 1


def _number(name: str, text: str, low: float, high: float) -> float:
    try:
        value = float(text)
    except ValueError:
        value = low - 1
    if not low <= value <= high:  # NaN lies in no range
        raise Refused(name, text[:40], f"a number from {low:g} to {high:g}")
    return value
