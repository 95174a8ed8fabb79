"""The parts of a link, and how numbers are written in it."""

import re

# Appended by newsletters and social networks to whatever address they pass on.
_TRACKING = re.compile(r"utm_\w+|_ga|_gl|fbclid|gclid|gbraid|wbraid|dclid|msclkid|yclid|twclid|ttclid|igshid|mc_[ce]id")
# With two ways to match the same digits, `\d+\.?\d*`, 64 KiB of them took minutes.
_NUMBER = re.compile(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*")
_LONGEST_QUOTE = 40
_MOST_NAMES = 8  # of those that have no meaning


def without_tracking(fragment: str) -> str:
    """Without what tells its sender who has followed it."""
    return "&".join(part for part in fragment.split("&") if not _TRACKING.fullmatch(part.partition("=")[0]))


def split(fragment: str) -> dict[str, str]:
    """Values by name; of a name that comes twice the last one counts. No value ends with a =."""
    pairs = (part.partition("=") for part in fragment.split("&") if part)
    return {name: value.rstrip("=") for name, _, value in pairs}


def number(text: str) -> int | float | None:
    """A finite decimal number, an int where it is whole; None for anything else."""
    if not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    if abs(value) == float("inf"):
        return None
    return int(value) if value.is_integer() else value


def written(value: object) -> str:
    """true or false, the shortest text that reads as the same number, or the text itself."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(int(value)) if float(value).is_integer() else repr(float(value))
    return str(value)


def quoted(text: str) -> str:
    """What came, in quotation marks, shortened."""
    return f"“{text[:_LONGEST_QUOTE]}…”" if len(text) > _LONGEST_QUOTE else f"“{text}”"


def listed(names: list[str]) -> str:
    """The first of them, in quotation marks, and how many more there are."""
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(map(quoted, names[:_MOST_NAMES])) + more
