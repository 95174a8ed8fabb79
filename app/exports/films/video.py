"""Frames as MP4 (H.264) or WebM (VP9), by FFmpeg's libraries, which PyAV brings."""

import tempfile
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
from av.video.stream import VideoStream

from app.exports.films.sheet import Bytes

_Options = dict[str, str]

# Each plays in every browser of today, and MP4 in slides and on phones too. One thread: a film shares the machine.
_CODECS: dict[str, tuple[tuple[tuple[str, _Options], ...], _Options]] = {
    "mp4": (
        (("libx264", {"preset": "veryfast", "crf": "16", "tune": "animation"}), ("libopenh264", {"b": "2M"})),
        {"movflags": "faststart"},  # so that it plays before all of it has come
    ),
    "webm": (
        (("libvpx-vp9", {"crf": "24", "b": "0", "deadline": "realtime", "cpu-used": "6", "lag-in-frames": "0"}),),
        {},
    ),
}


class VideoWriter:
    """Takes a frame at a time. `close` leaves nothing behind, whether or not it was finished."""

    def __init__(self, kind: str, size: tuple[int, int], colors: Bytes, frames_per_second: int) -> None:
        """`kind`: mp4 or webm; `size`: width and height, both even; `colors` (n, 3)."""
        codecs, options = _CODECS[kind]
        name, settings = next((each for each in codecs if each[0] in av.codecs_available), codecs[0])
        self._folder = tempfile.TemporaryDirectory(prefix="hyperplane-film-")
        self._file = Path(self._folder.name) / f"film.{kind}"  # MP4 is written twice: its index comes first in the end
        self._container = av.open(str(self._file), "w", format=kind, options=options)
        stream = self._container.add_stream(name, rate=Fraction(frames_per_second), options=settings)
        self._stream = cast("VideoStream", stream)
        self._stream.width, self._stream.height = size
        self._stream.pix_fmt = "yuv420p"
        self._stream.thread_count = 1
        self._stream.codec_context.color_range = 1  # as almost every player takes it to be
        self._colors = np.ascontiguousarray(colors)
        self._per_second, self._taken = frames_per_second, 0.0
        self._count = 0
        self.nbytes = 0

    def add(self, frame: Bytes, seconds: float) -> None:
        """A frame (height, width), and how long it is seen: the rate stays the same, so a long one comes again."""
        self._taken += seconds
        picture: Any = av.VideoFrame.from_ndarray(self._colors[frame], format="rgb24")
        picture = picture.reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG")
        while self._count < round(self._taken * self._per_second):
            picture.pts = self._count
            picture.time_base = Fraction(1, self._per_second)
            self._write(picture)
            self._count += 1

    def finish(self) -> bytes:
        """The file."""
        self._write(None)
        self._container.close()
        return self._file.read_bytes()

    def close(self) -> None:
        """Its file on disk is gone."""
        self._container.close()
        self._folder.cleanup()

    def _write(self, picture: Any) -> None:
        for packet in self._stream.encode(picture):
            self.nbytes += packet.size
            self._container.mux(packet)
