"""Splits a link into its parts, and reads and writes its numbers."""

import re

# Newsletters and social networks append these to every address that they pass on.
_TRACKING = re.compile(r"utm_\w+|_ga|_gl|fbclid|gclid|gbraid|wbraid|dclid|msclkid|yclid|twclid|ttclid|igshid|mc_[ce]id")
# With two ways to match the same text, `\d+\.?\d*`, 64 KiB of them took minutes.
_NUMBER = re.compile(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*")
_LONGEST_QUOTE = 40
_MOST_NAMES = 8  # in a list of unknown names


def without_tracking(fragment: str) -> str:
    """The fragment without parameters that track who followed a link."""
    return "&".join(part for part in fragment.split("&") if not _TRACKING.fullmatch(part.partition("=")[0]))


def split(fragment: str) -> dict[str, str]:
    """Values by name; the last one counts if a name comes twice. Values lose any = at the end."""
    pairs = (part.partition("=") for part in fragment.split("&") if part)
    return {name: value.rstrip("=") for name, _, value in pairs}


def number(text: str) -> int | float | None:
    """A finite decimal number, an int if it is whole; None for anything else."""
    if not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    if abs(value) == float("inf"):
        return None
    return int(value) if value.is_integer() else value


def written(value: object) -> str:
    """The value as a link writes it: true or false, the shortest text of the same number, or the text itself."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(int(value)) if float(value).is_integer() else repr(float(value))
    return str(value)


def quoted(text: str) -> str:
    """The text in quotation marks, shortened."""
    return f"“{text[:_LONGEST_QUOTE]}…”" if len(text) > _LONGEST_QUOTE else f"“{text}”"


def listed(names: list[str]) -> str:
    """The first names in quotation marks, and how many more there are."""
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(map(quoted, names[:_MOST_NAMES])) + more
