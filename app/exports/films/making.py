"""Makes a film in small parts: whoever asks for it may go on with other things between them, or give up."""

from collections.abc import Generator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Protocol

from app.exports.films.frames import Frames
from app.exports.films.gif import GifWriter
from app.exports.films.reel import Reel
from app.exports.films.sheet import Bytes
from app.exports.films.wanted import Wanted
from app.labs import LABS
from app.storage.checkpoint import Frozen


@dataclass(frozen=True)
class Progress:
    """How far a film is."""

    share: float  # that is done, from 0 to 1
    nbytes: int  # so far


Making = Generator[Progress, None, bytes]


class Writer(Protocol):
    """Makes a file of frames."""

    nbytes: int

    def add(self, frame: Bytes, seconds: float) -> None:
        """The next frame, and how long it is seen."""

    def finish(self) -> bytes:
        """The file."""

    def close(self) -> None:
        """Free what is held, finished or not."""


def _writer(form: str, size: tuple[int, int], colors: Bytes, frames_per_second: int) -> Writer:
    if form == "gif":
        return GifWriter(size, colors, frames_per_second)
    from app.exports.films.video import VideoWriter  # noqa: PLC0415  it loads FFmpeg, 100 MB

    return VideoWriter(form, size, colors, frames_per_second)


def make(frozen: Frozen, form: str, choices: Mapping[str, str], parameter_limit: int | None = None) -> Making:
    """The film of an experiment, in one of the forms. What is wrong is refused here, before its first part; the lab
    must have films. Raises Refused.

    `choices`: a value for each of the form's.
    """
    wanted, reel = Wanted.of(choices), Reel(frozen, parameter_limit)
    return _made(reel, form, wanted, LABS[frozen.lab].films)


def _made(reel: Reel, form: str, wanted: Wanted, films: Any) -> Making:
    epochs = reel.epochs(wanted.count)
    for _ in reel.go_to(reel.last):
        yield Progress(0, 0)
    scene = films().scene(reel.run, wanted.side, wanted.theme, with_small=wanted.show == "neurons")
    yield Progress(0, 0)
    frames = Frames(scene, reel.history, epochs, wanted.side, wanted.theme, with_losses=wanted.show != "boundary")
    writer = _writer(form, frames.size, frames.palette.colors, wanted.frames_per_second)
    with closing(writer):
        for number, epoch in enumerate(epochs):
            progress = Progress(number / wanted.count, writer.nbytes)
            for _ in reel.go_to(epoch):
                yield progress
            drawing = frames.frame(number, reel.run)
            frame = yield from _paused(drawing, progress)
            is_last = number == wanted.count - 1
            writer.add(frame, wanted.hold if is_last else 1 / wanted.frames_per_second)
            yield Progress((number + 1) / wanted.count, writer.nbytes)
        return writer.finish()


def _paused(drawing: Generator[None, None, Bytes], progress: Progress) -> Generator[Progress, None, Bytes]:
    while True:
        try:
            next(drawing)
        except StopIteration as done:
            frame: Bytes = done.value
            return frame
        yield progress
