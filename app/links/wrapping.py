"""Finds a link's fragment, the part after the #, in any text that people paste, and removes what surrounds it.

Three things are undone until nothing changes: escapes (HTML, Markdown, LaTeX, JSON, mail, full-width signs), line
breaks, and a whole address written as %… inside another one. Links, as `app/links/own.py` and TensorFlow Playground
write them, use few characters, so the first other one ends a link.

Every pass is linear in the text: the regular expressions repeat only parts that cannot match in two ways.
"""

import html
import quopri
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from app.links.text import without_tracking

IsKnown = Callable[[str], bool]  # whether a name has a meaning in a link


@dataclass(frozen=True)
class Reading:
    """One way to read a text."""

    fragment: str  # the part after the #, without its surroundings
    mended: tuple[str, ...] = ()  # what was undone, in words, trifles apart
    lost: tuple[str, ...] = ()  # what had to be left out, in words


_ROUNDS = 6  # escapes inside escapes; the most seen so far is two

# The characters of a link. Letters of other alphabets occur in typed seeds. Chinese and Japanese ones are taken only
# at the beginning of a value, because their sentences continue after a link without a space.
_SIGNS = r"0-9A-Za-z_.~,+\-"
_LETTERS = r"\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02c1\u0370-\u1fff"  # only of scripts with spaces
_BODY = re.compile(rf"[{_SIGNS}%&={_LETTERS}]*(?:(?<==)[\u2e80-\u2fff\u3040-\ud7ff]+[{_SIGNS}%&={_LETTERS}]*)*")
_ENCODED_BODY = re.compile(rf"[{_SIGNS}%*'()!]*")  # after %23, an & or = belongs to the address around it
_HALF_ENCODED_BODY = re.compile(rf"[{_SIGNS}%*'()!&=]*")
_HASH, _AND, _EQUAL = (rf"(?:{sign}|%(?:25){{0,3}}{code})" for sign, code in (("#", "23"), ("&", "26"), ("=", "3[dD]")))
_NAME = r"[A-Za-z_]\w{0,40}"
_PAIR = re.compile(rf"({_NAME})({_EQUAL})", re.ASCII)
_STARTS = re.compile(
    rf"(?P<hash>{_HASH}[!/?]{{0,3}})|(?P<next>{_AND})|(?P<other>[^{_SIGNS}%&={_LETTERS}\u2e80-\ud7ff])", re.ASCII
)

_BEFORE = re.compile(r"[^\w%&=]*")
_INVISIBLE = re.compile(r"[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\0]")
# Browsers turn "&reg" into this, even without a semicolon.
_REGISTERED = re.compile("®(?=Dataset|ularization)")
_ENCODED_REGISTERED = re.compile("%C2%AE(?=Dataset|ularization)", re.IGNORECASE)
_AMPERSAND = re.compile(r"&(?:amp;)+")
_ENTITY = re.compile(r"&(?:#\d{1,6}|#[xX][0-9a-fA-F]{1,5}|[A-Za-z]{2,8});")
_CODE = re.compile(r"\\(?:u00|x)([2-7][0-9a-fA-F])")
_BACKSLASHES = re.compile(r"\\+(?=[!-/:-@\[-`{-~])")
_FULL_WIDTH = {0xFEE0 + code: code for code in map(ord, "#&=%/?:._-")} | {
    0xFEE0 + code: code for first, last in ("09", "AZ", "az") for code in range(ord(first), ord(last) + 1)
}
_FULL_COMMA = re.compile("\uff0c(?=[0-9A-Za-z\uff10-\uff19])")
_SOFT_BREAK = re.compile(r"=[ \t]{0,3}\r?\n")
_QUOTED_PAIR = re.compile(rf"(?:#|=23|%23|&|=26)({_NAME})=3[dD]", re.ASCII)
_QUOTED = re.compile(r"=3[dD]|=EF=BC")
_UNQUOTED = re.compile(r"=(?!3[dD]|[89A-F][0-9A-F])|(?<=seed)=(?=3[dD])")
_BREAK = re.compile(r"[\r\n\v\f\x85\u2028\u2029]")
_SPACE = re.compile(r"[^\S\n]+")
_CONTINUED = re.compile(rf"{_AND}|{_EQUAL}")
_LAST_SIGN = re.compile(rf".*(?:{_HASH}|{_AND})", re.DOTALL)
_NEXT_PAIR = re.compile(rf"{_AND}({_NAME}){_EQUAL}", re.ASCII)
_UNFINISHED = re.compile(r"(?:[#&=]|%[0-9A-Fa-f]?|%(?:25){0,3}(?:23|26|3[dD]))$")
_NUMBER_AND_MORE = re.compile(r"(-?[0-9.]*[0-9])((?:%[0-9A-Fa-f]{2})+)")

_IN_BASE64 = ("weights", "points")  # which may end with _

_SAID = {
    "reg": "“®” stood for “&reg”",
    "amp": "“&amp;” stood for “&”",
    "entity": "its signs were written as in HTML, “&#…;”",
    "backslash": "its signs were escaped by “\\”",
    "quoted": "its signs were written as in a mail’s source, “=3D”",
    "wide": "its signs were full-width",
    "percent": "its signs were written as %…",
}


def readings(text: str, is_known: IsKnown) -> list[Reading]:
    """The ways to read the text, likeliest first; empty if nothing in it has a meaning."""
    said: dict[str, None] = {}
    for _ in range(_ROUNDS):
        text = _joined(_unescaped(text, said), is_known)
        place = _find(text, is_known)
        if place is None:
            if "%" not in text:
                return []
            text = unquote(text)  # even its # may be escaped, like a full-width one
            said["percent"] = None
        elif place.depth == 0 and _ENCODED_REGISTERED.search(text, place.body):
            text = _ENCODED_REGISTERED.sub("&reg", text)
            said["reg"] = None
        elif place.depth:
            text = "#" + _decoded(text, place)
            said["percent"] = None
        else:
            return _endings(text, place, tuple(_SAID[what] for what in said), is_known)
    return []


_BARE = re.compile(
    r"\W*(?:https?://)?(?:playground\.tensorflow\.org|localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?/?(?:\?[^\s#<>]*)?\W*",
    re.IGNORECASE,
)
_LONGEST_BARE = 500


def is_bare(text: str) -> bool:
    """Whether the text is without words, or is a playground's own address without an experiment."""
    return not re.search(r"\w", text) or (len(text) < _LONGEST_BARE and _BARE.fullmatch(text) is not None)


# -- escapes -----------------------------------------------------------------------------------------------------------


def _unescaped(text: str, said: dict[str, None]) -> str:
    """The text without escapes of any kind except %…; adds the kinds to `said`."""
    for _ in range(_ROUNDS):
        before = text
        text = _INVISIBLE.sub("", text)
        for what, undo in _UNDO:
            undone = undo(text)
            if undone != text:
                said[what] = None
            text = undone
        if text == before:
            break
    return text


def _without_full_width(text: str) -> str:
    return _FULL_COMMA.sub(",", text).translate(_FULL_WIDTH)


def _without_entities(text: str) -> str:
    return _ENTITY.sub(lambda match: html.unescape(match[0]), text)


def _without_backslashes(text: str) -> str:
    return _BACKSLASHES.sub("", _CODE.sub(lambda match: chr(int(match[1], 16)), text))


def _without_quoting(text: str) -> str:
    """Decode a mail's source, which writes every = as =3D and ends its lines with a single =."""
    whole = _SOFT_BREAK.sub("", text)
    has_quoted = _QUOTED.search(whole) or (whole != text and "=" not in whole and ("%" in text or "&#" in text))
    has_only_quoted = has_quoted and _UNQUOTED.search(whole) is None
    if not has_only_quoted and set(_QUOTED_PAIR.findall(whole)) <= {"seed"}:
        return text
    return quopri.decodestring(whole.encode()).decode(errors="replace")


_UNDO: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("quoted", _without_quoting),
    ("reg", lambda text: _REGISTERED.sub("&reg", text)),
    ("wide", _without_full_width),
    ("amp", lambda text: _AMPERSAND.sub("&", text)),
    ("entity", _without_entities),
    ("backslash", _without_backslashes),
)


# -- lines -------------------------------------------------------------------------------------------------------------


def _joined(text: str, is_known: IsKnown) -> str:
    """Rejoin a link that spaces and line breaks have split, if that is certain; other breaks become one "\\n"."""
    lines = [_SPACE.sub(" ", line).strip(" ") for line in _BREAK.split(text)]
    lines[1:] = [line.lstrip("> ") for line in lines[1:]]  # the quotes of a reply by mail
    parts: list[str] = []
    tail, is_link = "", False  # the last pair so far, and whether there has been a #
    for line in lines:
        between = "\n" if parts and line else ""
        for word in line.split(" ") if line else ():
            goes_on = is_link and _goes_on(tail, between, word, is_known)
            if between and not goes_on:
                parts.append(between)
                tail, is_link = "", False
            parts.append(word)
            is_link = is_link or "#" in word or "%" in word
            tail = (tail + word)[-200:]
            between = " "
    return "".join(parts)


def in_one_line(text: str) -> str:
    """All lines joined into one, for a link that a break has split within an escaped sign, say."""
    first, *others = _BREAK.split(text)
    return "".join([first.strip(), *(line.strip("> \t") for line in others)])


def _goes_on(tail: str, between: str, word: str, is_known: IsKnown) -> bool:
    """Whether a link that ends in `tail` so far continues with `word` after the gap."""
    if "#" in word or "://" in word:
        return False
    if tail.endswith(("&", "#")) or any(is_known(name) for name in _NEXT_PAIR.findall(word)):
        return True
    if between == "\n" and (_CONTINUED.match(word) or _UNFINISHED.search(tail[-12:])):
        return True
    sign = _LAST_SIGN.match(tail)
    begun = tail[sign.end() :] if sign else tail
    pair = _PAIR.match(begun + word[:60])  # a name was split
    return pair is not None and is_known(pair[1]) and pair.end() > len(begun)


# -- the place ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Place:
    """The position of a link's fragment."""

    hash: int  # the position of the body if there is no #
    body: int
    depth: int  # how often the link was encoded as %…


def _find(text: str, is_known: IsKnown) -> _Place | None:
    """The first # with a known name after it, directly or after other pairs."""
    start: re.Match[str] | None = None
    for sign in _STARTS.finditer(text):
        if sign["other"]:
            start = None
        elif sign["hash"]:
            start = sign
        if start is None or sign["other"]:
            continue
        pair = _PAIR.match(text, sign.end())
        if pair and is_known(pair[1]):
            return _Place(start.start(), start.end(), _depth(pair[2]))
    begin = _BEFORE.match(text)  # a fragment without its #
    pair = _PAIR.match(text, begin.end()) if begin else None
    return _Place(begin.end(), begin.end(), _depth(pair[2])) if begin and pair and is_known(pair[1]) else None


def _depth(equal: str) -> int:
    return 0 if equal == "=" else 1 + equal.count("25")


def _decoded(text: str, place: _Place) -> str:
    pattern = _ENCODED_BODY if text.startswith("%", place.hash) else _HALF_ENCODED_BODY
    match = pattern.match(text, place.body)
    decoded = match[0].replace("+", " ") if match else ""  # as forms write a space
    for _ in range(place.depth):
        decoded = unquote(decoded)
    return decoded


# -- the end -----------------------------------------------------------------------------------------------------------


def _endings(text: str, place: _Place, mended: tuple[str, ...], is_known: IsKnown) -> list[Reading]:
    """The readings of a link up to its end; if a line ends there, also with the next lines, which may belong to it."""
    match = _BODY.match(text, place.body)
    end = match.end() if match else place.body
    body = text[place.body : end]
    lines = list(_lone_lines(text, end))
    bodies = [body]
    if lines:
        whole = body + "".join(lines)
        bodies = [whole, body] if _is_rest(text, end, lines) else [body, whole]
        bodies.append(body + "".join(lines[:-1]))
    lost = _lost(text, end, is_known)
    found = [Reading(ending, mended, lost) for body in bodies for ending in _without_ending(body)]
    if "%" in body and (plain := _with_plain_values(bodies[0])) != bodies[0]:
        found += [Reading(ending, (*mended, _SAID["percent"]), lost) for ending in _without_ending(plain)]
    return found


def _lone_lines(text: str, end: int) -> Iterator[str]:
    """The lines after a line break at `end` that consist only of a link's characters."""
    while text[end : end + 1] == "\n":
        match = re.compile(rf"[{_SIGNS}%&=]+").match(text, end + 1)
        if match is None or text[match.end() : match.end() + 1] == " ":
            return
        yield match[0]
        end = match.end()


def _is_rest(text: str, end: int, lines: list[str]) -> bool:
    """Whether the next line looks like the rest of a value: it is a number, or the line before it is long."""
    width = end - max(text.rfind("\n", 0, end), text.rfind(" ", 0, end))
    return re.fullmatch(r"[0-9.]+", lines[0]) is not None or width >= 60


def _without_ending(body: str) -> Iterator[str]:
    """The body without punctuation, plain or as %…, that ends the sentence rather than the link.

    Weights in base64 may end with _ themselves, so there are readings with and without; the number of weights tells
    which is right.
    """
    body = without_tracking(body)
    before = ""
    while body != before:
        before = body
        body = body.rstrip(".,~&")
        name, equal, value = body.rpartition("&")[2].partition("=")
        body = body[: len(body) - len(value)] + _without_signs(name, value) if equal else body
    yield body
    if body.endswith("_"):
        yield body[:-1]
        yield body.rstrip("_")


def _without_signs(name: str, value: str) -> str:
    value = value.rstrip("=" if name in _IN_BASE64 else "=_")
    number = _NUMBER_AND_MORE.fullmatch(value) if name == "seed" else None
    return number[1] if number and not any(map(str.isalnum, unquote(number[2]))) else value


def _with_plain_values(body: str) -> str:
    """The body decoded except for seeds, which are any text: browsers write %… for wrapping typed into an address."""
    plain = []
    for part in body.split("&"):
        value = part if part.startswith("seed=") else _without_full_width(_INVISIBLE.sub("", unquote(part)))
        plain.append(value)
    match = _BODY.match("&".join(plain))
    return match[0] if match else ""


def _lost(text: str, end: int, is_known: IsKnown) -> tuple[str, ...]:
    """The text left out after the sign that ends the link, if it is more than wrapping."""
    rest = re.compile(r"[^\s#]*").match(text, end)
    names = _NEXT_PAIR.findall(rest[0]) if rest and "://" not in rest[0] else []
    if rest is None or not any(map(is_known, names)):
        return ()
    shown = rest[0] if len(rest[0]) <= 40 else f"{rest[0][:40]}…"
    return (f"“{shown}” is left out: no link has such signs",)
