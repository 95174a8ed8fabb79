"""Cuts the text of a formula into numbers, names and signs, which all have one spelling from here on."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from engine.choices import Refused

MOST_SHOWN = 40  # characters of what came, in a refusal

_TOKEN = re.compile(
    r"""(?P<number> (?:[0-9]+\.?[0-9]*|\.[0-9]+) (?:[eE][+-]?[0-9]+)? )
      | (?P<name>   [A-Za-z_][A-Za-z_0-9]* | [π√] )
      | (?P<raised> [⁰¹²³⁴⁵⁶⁷⁸⁹]+ )
      | (?P<sign>   \*\* | [<>!=]= | && | [-+*/^()|,<>=&!] | [×·⋅∙÷−–≤≥≠∧∨¬] )
      | (?P<space>  \s+ )""",
    re.VERBOSE,
)
_SPELLINGS = {
    **dict.fromkeys("×·⋅∙", "*"), "÷": "/", **dict.fromkeys("−–", "-"), "**": "^",
    "≤": "<=", "≥": ">=", "≠": "!=",
    **dict.fromkeys(("&&", "&", "∧"), "and"), "∨": "or", **dict.fromkeys("!¬", "not"),
    "π": "pi", "√": "sqrt",
}  # fmt: skip
_WORDS = {"and", "or", "not"}
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_INSTEAD = {
    "%": "mod(a, b) for a remainder",
    ";": "a comma between two arguments",
    ".": "a digit beside the decimal point, as in 0.5",
    **dict.fromkeys("[]{}", "round brackets"),
}


@dataclass(frozen=True)
class Token:
    """A number, a name, a sign (words of logic included), or the end."""

    kind: Literal["number", "name", "sign", "end"]
    text: str
    typed: str  # as it came
    position: int  # of its first character, from 1

    @property
    def length(self) -> int:
        """In characters of the text."""
        return 0 if self.kind == "end" else len(self.typed)


def tokens_of(line: str, position: int = 0) -> Iterator[Token]:
    """All tokens of a line from there on, the end last. Raises Refused for a character that formulas do not have."""
    while position < len(line):
        found = _TOKEN.match(line, position)
        if not found:
            expected = _INSTEAD.get(line[position], "numbers, names and signs such as + < ( |")
            raise misread(line[position], expected, position + 1, 1)
        yield from _tokens(found.lastgroup or "", found[0], position + 1)
        position = found.end()
    yield Token("end", "", shortened(line.strip()), position + 1)


def _tokens(group: str, typed: str, position: int) -> Iterator[Token]:
    text = _SPELLINGS.get(typed, typed.lower())
    if group == "number":
        yield Token("number", text, typed, position)
    elif group == "raised":
        yield Token("sign", "^", typed, position)
        yield Token("number", typed.translate(_RAISED), typed, position)
    elif group != "space":
        is_name = text.isalnum() or "_" in text
        yield Token("name" if is_name and text not in _WORDS else "sign", text, typed, position)


def misread(came: str, expected: str, position: int, length: int) -> Refused:
    """What is said of a part of a formula, at a position from 1."""
    place = (position - 1, position - 1 + length)
    return Refused("formula", shortened(came), f"{expected}, at position {position}", place)


def shortened(text: str) -> str:
    """As much of a text as a refusal shows."""
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1]}…"
