"""The text of a link: finding its part after the #, mending what mail and web pages did to it, splitting it up."""

import re
from urllib.parse import unquote

_NEW_LINE = re.compile(r"[\r\n]")
# What browsers make of "&reg", without a semicolon even; a seed may have the sign, too.
_REGISTERED = re.compile(r"(®|%C2%AE)(?=ularization|Dataset)", re.IGNORECASE)
# With two ways to match the same digits, `\d+\.?\d*`, 64 KiB of them took minutes; so did `\s*[\r\n]+\s*` with spaces.
_NUMBER = re.compile(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*")
_LONGEST_QUOTE = 40
_MOST_NAMES = 8  # of those that have no meaning


def fragment_of(text: str) -> str:
    """What follows the first #; an address without one says nothing, anything else is taken for such a part."""
    text = "".join(line.strip() for line in _NEW_LINE.split(text))
    _, mark, fragment = text.partition("#")
    if mark:
        return fragment
    return "" if "://" in text else text


def mend(fragment: str) -> tuple[str, list[str]]:
    """Undo what happens to links on their way. Returns what was done, in words."""
    repairs = []
    if "=" not in fragment and "%3d" in fragment.lower():
        fragment = unquote(fragment)
        repairs.append("its signs were written as %…")
    if "&amp;" in fragment:
        fragment = fragment.replace("&amp;", "&")
        repairs.append("“&amp;” stood for “&”")
    if _REGISTERED.search(fragment):
        fragment = _REGISTERED.sub("&reg", fragment)
        repairs.append("“®” stood for “&reg”")
    return fragment, repairs


def split(fragment: str) -> dict[str, str]:
    """Values by name; of a name that comes twice the last one counts."""
    pairs = (part.partition("=") for part in fragment.split("&") if part)
    return {name: value for name, _, value in pairs}


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
