"""films/: each frame is the run as it was at that very epoch, in a file that other programs read back."""

import io
import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageSequence

from app.exports import forms, moments
from app.exports.colors import COLORS
from app.exports.films.epochs import MOST_KEPT, near, spaced
from app.exports.films.gif import GifWriter
from app.exports.films.reel import Reel
from app.exports.films.wanted import FORMS
from app.labs import FIRST
from app.labs.plane.films import title
from app.links import read_link
from app.serving.films import Work
from app.storage.checkpoint import Frozen
from engine.choices import Refused
from engine.labs.plane.figures import large_picture
from engine.labs.plane.kinds import KINDS
from engine.labs.plane.settings import Settings
from engine.labs.plane.trainer import Trainer

Fields = dict[int, NDArray[np.uint8]]
TITLE = 34  # pixels above the picture at 480
SPIRAL = Settings(
    dataset="spiral",
    hidden=(8,) * 6,
    inputs=("x", "y", "xSquared", "ySquared", "xTimesY", "sinX", "sinY"),
)
SHORT = {"size": "160", "seconds": "2", "fps": "10", "show": "boundary"}  # 14 frames


def frozen(run: Trainer, *, for_film: bool = True) -> Frozen:
    return moments.freeze(run, FIRST.view(), "#v=1", for_film=for_film)


def trained(epochs: int, settings: Settings | None = None) -> Trainer:
    run = Trainer(settings or Settings(dataset="moons", hidden=(3,)))
    run.train(epochs)
    return run


def made(what: Frozen, form: str = "gif", choices: Mapping[str, str] = SHORT) -> bytes:
    making = forms.film(FIRST, what, form, choices)
    shares = []
    while True:
        try:
            shares.append(next(making).share)
        except StopIteration as done:
            assert shares == sorted(shares)
            assert (shares[0], shares[-1]) == (0, 1)
            film: bytes = done.value
            return film


def frames_of(film: bytes) -> tuple[list[NDArray[np.uint8]], list[int]]:
    """The colours of each frame (height, width, 3), and for how many milliseconds it is seen."""
    with Image.open(io.BytesIO(film)) as image:
        frames = ImageSequence.all_frames(image)
        return [np.asarray(each.convert("RGB")) for each in frames], [each.info["duration"] for each in frames]


def colors_at(field: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """What a film in light colours shows of a field: two of its bytes share a colour."""
    return COLORS["light"].scale()[1::2][field // 2]


def free_pixels(run: Trainer, side: int) -> NDArray[np.bool_]:
    """Those of the picture that no training point covers."""
    unit = side / 12
    rows, columns = np.mgrid[:side, :side] + 0.5
    distances = [np.hypot(columns - (x + 6) * unit, rows - (6 - y) * unit) for x, y, _ in run.data.train]
    nearest: NDArray[np.float64] = np.min(distances, axis=0)
    return nearest > 5


def assert_shows(film: bytes, epochs: list[int], fields: Fields, run: Trainer, side: int) -> None:
    frames, _ = frames_of(film)
    free, top = free_pixels(run, side), round(TITLE * side / 480)
    assert free.mean() > 0.3
    for epoch, frame in zip(epochs, frames, strict=True):
        picture = frame[top : top + side, :side]
        np.testing.assert_array_equal(picture[free], colors_at(fields[epoch])[free], f"epoch {epoch}")


# -- what it shows ---------------------------------------------------------------------------------------------------


def test_each_frame_is_the_field_of_a_fresh_run_at_that_epoch() -> None:
    """Byte for byte, whether the epoch was kept or has to be trained again."""
    what = frozen(trained(900))
    epochs = Reel(what).epochs(14)
    kept = {moment.place.epoch for moment, _ in what.timeline}
    assert (epochs[0], epochs[-1]) == (0, 900)
    assert len(what.timeline) <= MOST_KEPT
    thin = replace(what, timeline=what.timeline[:1])  # everything is trained again
    others = Reel(thin).epochs(14)
    assert not set(others[1:-1]) <= kept
    fresh, fields = trained(0), Fields()
    for epoch in sorted({*epochs, *others}):
        fresh.train(epoch - fresh.epoch)
        fields[epoch] = large_picture(fresh, 160)[0]
    assert_shows(made(what), epochs, fields, fresh, 160)
    assert_shows(made(thin), others, fields, fresh, 160)
    assert made(thin) == made(replace(thin, timeline=()))


def test_a_run_that_was_changed_while_it_trained_is_seen_with_its_changes() -> None:
    run, fields = Trainer(Settings(dataset="moons", hidden=(3,))), Fields()

    def train(epochs: int) -> None:
        for _ in range(epochs):
            fields[run.epoch] = large_picture(run, 160)[0]
            run.train(1)

    train(9)
    run.add_neuron(1)
    run.timeline.add(run.moment(), is_change=True)
    train(6)
    run.change(replace(run.settings, learning_rate=0.3))
    run.timeline.add(run.moment(), is_change=True)
    train(25)
    fields[40] = large_picture(run, 160)[0]
    what = frozen(run)
    assert_shows(made(what), Reel(what).epochs(14), fields, run, 160)
    with pytest.raises(Refused, match="changed while it trained"):
        made(replace(what, timeline=()))


def test_the_default_film_is_five_seconds_of_seventy_one_frames_below_five_megabytes() -> None:
    run = trained(3_000, SPIRAL)
    film = made(frozen(run), choices={})
    frames, durations = frames_of(film)
    assert len(film) < 5e6
    assert frames[0].shape[1] == 480
    assert durations == [50] * 70 + [1_500]
    seen = {tuple(color) for frame in frames[::10] for color in np.unique(frame.reshape(-1, 3), axis=0).tolist()}
    with Image.open(io.BytesIO(film)) as image:
        palette = np.array(image.getpalette(), np.uint8).reshape(-1, 3)
    assert seen <= set(map(tuple, palette.tolist()))
    scale = COLORS["light"].scale()[1::2]
    np.testing.assert_array_equal(palette[: len(scale)], scale)  # the picture's bytes are its numbers


@pytest.mark.parametrize(
    ("link", "show"),
    [
        ("dataset=gauss&classes=10&loss=cross-entropy&hidden=4,40", "neurons"),
        ("dataset=gauss&classes=3&loss=cross-entropy&hidden=4", "boundary"),
        ("dataset=reg-plane&hidden=2", "neurons"),
        ("hidden=", "neurons"),
        ("hidden=" + ",".join("8" * 20), "neurons"),
    ],
)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_kind_of_experiment_has_a_film(link: str, show: str, theme: str) -> None:
    opened = read_link(f"#v=1&{link}")
    run: Any = opened.lab.engine.begin(opened.experiment.settings)
    run.train(30)
    frames, durations = frames_of(made(frozen(run), choices={**SHORT, "show": show, "theme": theme}))
    assert len({each.tobytes() for each in frames}) == len(frames) == 14
    assert sum(durations) == 2_000
    assert tuple(frames[0][0, -1]) == COLORS[theme].ground  # type: ignore[index]


def test_a_run_that_is_shorter_than_the_film_shows_some_epochs_longer() -> None:
    frames, durations = frames_of(made(frozen(trained(3))))
    assert (len(frames), sum(durations)) == (14, 2_000)
    assert len({each.tobytes() for each in frames}) == 4


# -- its epochs --------------------------------------------------------------------------------------------------------


@given(first=st.integers(0, 10**6), whole=st.integers(1, 10**8), count=st.integers(2, 400))
def test_epochs_go_from_the_first_to_the_last_ever_faster(first: int, whole: int, count: int) -> None:
    epochs = spaced(first, first + whole, count)
    assert (len(epochs), epochs[0], epochs[-1]) == (count, first, first + whole)
    apart = np.diff(epochs)
    assert apart.min() >= (1 if whole >= count - 1 else 0)
    if whole > count:
        assert (np.diff(apart) >= -1).all()  # but for rounding


@given(kept=st.lists(st.integers(0, 10**6), min_size=1, max_size=300), count=st.integers(3, 100))
def test_epochs_that_are_kept_are_taken_only_if_they_are_near(kept: list[int], count: int) -> None:
    epochs = spaced(0, 10**6, count)
    found = near(epochs, kept)
    assert (found[0], found[-1]) == (0, 10**6)
    assert (np.diff(found) > 0).all()
    assert set(found) <= {*kept, *epochs}


# -- files -------------------------------------------------------------------------------------------------------------


def test_a_file_with_its_timeline_makes_the_same_film_and_one_without_stays_as_it_was() -> None:
    what = frozen(trained(200))
    file = moments.write_safetensors(what)
    again = moments.read(file)
    assert len(again.timeline) == len(what.timeline)
    assert made(again) == made(what)
    assert made(moments.read(moments.write_json(what))) == made(what)
    assert b"timeline" not in moments.write_safetensors(frozen(trained(200), for_film=False))


def _damages(said: dict[str, Any]) -> dict[str, Callable[[], object]]:
    line = said["timeline"]
    moment = line["moments"][2]
    return {
        "settings that are not there": lambda: moment.update(settings=99),
        "arrays that are not there": lambda: moment["tensors"].update(parameters=9_999),
        "another array": lambda: moment["tensors"].update(parameters=moment["tensors"]["alive"] + 10**3),
        "no array": lambda: moment["tensors"].pop("parameters"),
        "no count": moment["counts"].clear,
        "a smaller array": lambda: line["arrays"].__setitem__(
            moment["tensors"]["parameters"], {"dtype": "float32", "shape": [3], "all": 0}
        ),
        "another type": lambda: line["arrays"].__setitem__(
            moment["tensors"]["parameters"], {"dtype": "int64", "shape": [4], "all": 0}
        ),
        "moments that go back": line["moments"].reverse,
        "an epoch below zero": lambda: moment["place"].update(epoch=-1),
        "huge arrays": lambda: line["arrays"].extend([{"dtype": "float64", "shape": [2**20], "all": 0}] * 20),
        "too many moments": lambda: line["moments"].extend(line["moments"] * 999),
        "wrong settings": lambda: line["settings"][0].update(hidden=[0]),
        "a larger network": lambda: line["settings"][0].update(hidden=[9, 9]),
        "something else": lambda: line.update(more=1),
    }


@pytest.mark.parametrize("name", _damages({"timeline": {"moments": [0, 0, {"counts": {}}]}}))
def test_a_damaged_timeline_is_refused(name: str) -> None:
    said = json.loads(moments.write_json(frozen(trained(20))))
    _damages(said)[name]()
    with pytest.raises(Refused):
        made(moments.read(json.dumps(said).encode()))


def test_what_cannot_be_a_film_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    what = frozen(trained(3))
    for field, choices in {
        "seconds": {"seconds": "0.5"},
        "size": {"size": "nan"},
        "fps": {"fps": "60"},
        "theme": {"theme": "transparent"},
        "scale": {"scale": "2"},
    }.items():
        with pytest.raises(Refused, match=field):
            forms.film(FIRST, what, "gif", choices)
    with pytest.raises(Refused, match=r"seconds.*frames"):
        forms.film(FIRST, what, "mp4", {"seconds": "60", "fps": "50"})
    with pytest.raises(Refused, match="press Play"):
        forms.film(FIRST, frozen(trained(0)), "gif", {})
    monkeypatch.setattr(forms, "find_spec", lambda _: None)
    with pytest.raises(
        Refused, match=r"pillow and av, which are not installed here: pip install 'hyperplane\[video\]'"
    ):
        forms.film(FIRST, what, "mp4", {})
    assert {each.name for each in forms.offered(FIRST) if each.missing} == {"onnx", *FORMS}


def test_frames_come_out_of_a_gif_as_they_went_in() -> None:
    rng = np.random.default_rng(1)
    colors = rng.integers(0, 256, (200, 3), np.uint8)
    frames = [rng.integers(0, 200, (20, 30), np.uint8)]
    for changed in (0, 1, 30, 600):
        frames.append(frames[-1].copy())
        frames[-1].ravel()[rng.permutation(600)[:changed]] = rng.integers(0, 200, changed)
    writer = GifWriter((30, 20), colors, 25)
    for frame in frames:
        writer.add(frame, 0.04)
    found, durations = frames_of(writer.finish())
    assert durations == [40] * 5
    for frame, colored in zip(frames, found, strict=True):
        np.testing.assert_array_equal(colored, colors[frame])


@pytest.mark.parametrize(("form", "codec"), [("mp4", "h264"), ("webm", "vp9")])
def test_videos_have_a_steady_rate_and_the_colours_of_the_film(form: str, codec: str) -> None:
    what = frozen(trained(100))
    film = made(what, form)
    expected, _ = frames_of(made(what))
    with av.open(io.BytesIO(film), "r") as container:
        [stream] = container.streams.video
        assert stream.codec_context.name in {codec, f"lib{codec}", "libvpx-vp9"}
        assert stream.codec_context.pix_fmt == "yuv420p"
        assert (stream.width, stream.height) == (160, expected[0].shape[0])
        frames = list(container.decode(stream))
        times = [float(each.time or 0) for each in frames]
        assert container.duration == pytest.approx(2_000_000, rel=0.01)
    np.testing.assert_allclose(times, np.arange(20) / 10, atol=1e-3)  # 13 frames, and the last for 0.7 seconds
    for number in (0, 7, 13, 19):
        difference = frames[number].to_ndarray(format="rgb24").astype(int) - expected[min(number, 13)]
        assert np.abs(difference).mean() < 6
    if form == "mp4":
        assert film.index(b"moov") < film.index(b"mdat")  # it plays before all of it has come


# -- giving up ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["gif", "mp4"])
def test_a_film_that_nobody_waits_for_leaves_nothing(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ends: list[None] = []
    work = Work(forms.film(FIRST, frozen(trained(50)), form, SHORT), lambda: ends.append(None))
    while not work.progress or not work.progress.share:
        work.take_turn()
    assert bool(list(tmp_path.iterdir())) == (form == "mp4")
    work.drop()
    assert not list(tmp_path.iterdir())
    assert (work.film, len(ends), work.next_turn()) == (None, 1, float("inf"))
    work.take_turn()
    assert len(ends) == 1


def test_a_film_that_is_waited_for_comes_in_turns() -> None:
    what = frozen(trained(50))
    work = Work(forms.film(FIRST, what, "gif", SHORT), lambda: None)
    while work.next_turn() == 0:
        work.take_turn()
    assert work.film == made(what)
    work.drop()


def test_the_title_says_every_data_set_also_those_that_visitors_bring() -> None:
    for name, kind in KINDS.items():
        said = title(Settings(dataset=name, hidden=(3,), method="adam"))
        assert said == f"{kind.label} · 2-3-1 · Tanh · Adam · learning rate 0.03"
