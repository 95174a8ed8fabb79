"""Bytes of a file to text: which encoding they have, and which are no text at all."""

import codecs
import re

from engine.choices import Refused

_SAMPLE = 4096  # bytes that tell UTF-16 without a mark
_NO_TEXT = {
    b"PK\x03\x04": "a workbook or a ZIP archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "a compressed file",
    b"PAR1": "a Parquet file",
    b"SQLite": "a database",
}
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")  # surrogates too: they are no characters


def decode(data: bytes) -> tuple[str, str]:
    """The text, and the encoding's name. Raises Refused."""
    for start, what in _NO_TEXT.items():
        if data.startswith(start):
            raise Refused("table", what, "a table as text: save it as CSV")
    encoding, name, mark = _encoding_of(data)
    try:
        return data[len(mark) :].decode(encoding), name
    except UnicodeDecodeError as error:
        if encoding == "utf-8" and not mark:
            return _western(data), "Windows-1252"
        raise _no_character(data, error.start + len(mark), name) from None


def clean(text: str) -> str:
    """With ends of lines as \\n, without marks of DOS and Unicode. Raises Refused for what is no text."""
    text = text.removeprefix("\ufeff").rstrip("\x1a").replace("\r\n", "\n").replace("\r", "\n")
    if found := _CONTROLS.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise Refused("table", f"the sign U+{ord(found[0]):04X} in line {line}", "a table as text, such as CSV")
    return text


def _encoding_of(data: bytes) -> tuple[str, str, bytes]:
    """Python's name for it, ours, and the mark at the start."""
    for mark, encoding, name in (
        (codecs.BOM_UTF8, "utf-8", "UTF-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
        (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
    ):
        if data.startswith(mark):
            return encoding, name, mark
    sample = data[:_SAMPLE]
    zeros = sample[0::2].count(0), sample[1::2].count(0)  # separators and figures have a zero byte in UTF-16
    if max(zeros) > len(sample) / 8 and min(zeros) == 0:
        return ("utf-16-le" if zeros[1] else "utf-16-be"), "UTF-16", b""
    return "utf-8", "UTF-8", b""


def _western(data: bytes) -> str:
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise _no_character(data, error.start, "Windows-1252") from None


def _no_character(data: bytes, place: int, name: str) -> Refused:
    line = data.count(b"\n", 0, place) + 1
    byte = f"byte 0x{data[place]:02X} in line {line}"
    return Refused("table", f"{byte}, which is no {name}", "text in UTF-8, UTF-16 or Windows-1252")
