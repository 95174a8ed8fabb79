"""What the digits page sees of a run: the test digits once, and in each frame how both networks read them."""

import numpy as np
from numpy.typing import NDArray

from app.labs.contract import Shown, Tensors, Wish
from app.labs.digits.edits import Cell, Draw
from app.labs.digits.studied_run import StudiedRun
from app.labs.digits.studies import Key, Round
from engine.labs.digits.images import Image, centred, transformed
from engine.labs.digits.insights import LayerMaps, answers, maps
from engine.labs.digits.mnist import SIDE, unseen_digits
from engine.labs.digits.settings import TWINS, Twin
from engine.labs.digits.surveys import MOST_SHIFT, shift_map

_SIDE = 2 * MOST_SHIFT + 1  # shifts in each direction
_MISREAD = 24  # of each network, at most

Floats = NDArray[np.float32]


def material(run: StudiedRun) -> Tensors:
    """The test digits, the same in all runs, and `pixels` (784,): which input of a network each pixel is."""
    unseen = unseen_digits()
    return {
        "test": unseen.images.reshape(-1, SIDE, SIDE),
        "labels": unseen.labels,
        "pixels": _floats(run.model.test_examples.pixels),
    }


def is_large(run: StudiedRun) -> bool:  # noqa: ARG001
    """No picture takes long."""
    return False


def has_work(run: StudiedRun, wish: Wish) -> bool:
    """Whether a study that this wish is about is not settled."""
    return run.studies.has_work(_key(run), _rounds(run, wish))


def work(run: StudiedRun, wish: Wish, seconds: float) -> None:
    """Go on with them."""
    run.studies.work(_key(run), _rounds(run, wish), seconds)


def _key(run: StudiedRun) -> Key:
    """Changes when the networks do."""
    return run.step, run.changes


def _rounds(run: StudiedRun, wish: Wish) -> list[Round]:
    return run.studies.wanted(
        shift_map=wish.view.shift_map or _cell(wish) is not None,
        strongest=wish.view.inside if wish.focus else None,
        read_outs=wish.view.readouts,
    )


def show(run: StudiedRun, wish: Wish) -> Shown:
    """Both networks as they are now."""
    tensors: Tensors = _readings(run)
    tensors["filters"] = _filters(run)
    if wish.small:
        tensors |= {f"parameters_{twin}": parameters(run, twin) for twin in TWINS}
        tensors["said"] = classes_said(run)
    image = image_of(wish)
    about: dict[str, str] = {}
    if image is not None:
        said = answers(run.model, image)
        tensors |= {"image": image, "answers": _floats([said[twin] for twin in TWINS])}
        layers = maps(run.model, "convolutional", image)
        ranges = []
        for number, layer in enumerate(layers, start=1):
            tensors[f"maps_{number}"], low, high = _picture(layer.values)
            ranges.append(f"{low!r},{high!r}")
        about["map_ranges"] = ";".join(ranges)
        numbers, about["layer"] = _inside(run, wish, image, layers)
        tensors |= numbers
    return Shown(tensors | _studied(run, wish), run.losses(), about | _progress(run, wish))


# -- how the test digits are read --------------------------------------------------------------------------------------


def _readings(run: StudiedRun) -> Tensors:
    """`confusion` (2, classes, classes) and `accuracy` (2,), plain then convolutional."""
    counts = confusions(run)
    return {
        "confusion": _floats(counts),
        "accuracy": _floats([np.trace(count) / max(int(count.sum()), 1) for count in counts]),
    }


def confusions(run: StudiedRun) -> list[NDArray[np.int64]]:
    """Of the networks as they are if that is known, else from the run's latest looks: plain, then convolutional."""
    studies = run.studies
    if studies.tests.is_settled(_key(run)):
        return [studies.all_digits.confusion(twin) for twin in TWINS]
    return [run.model.test_looks[twin].confusion() for twin in TWINS]


def classes_said(run: StudiedRun) -> NDArray[np.uint8]:
    """(2, test digits): the class that each network takes each for, UNKNOWN before the first look; as `confusions`."""
    studies = run.studies
    if studies.tests.is_settled(_key(run)):
        return np.concatenate([studies.all_digits.said[twin] for twin in TWINS])
    return np.stack([run.model.test_looks[twin].latest() for twin in TWINS])


# -- weights -----------------------------------------------------------------------------------------------------------


def parameters(run: StudiedRun, twin: Twin) -> Floats:
    """Layer by layer, weights then biases, as the facts have their places."""
    return np.concatenate([tensor.ravel() for tensor in run.model.networks[twin].named_tensors().values()])


def _filters(run: StudiedRun) -> Floats:
    """(filters, size, size) of the first layer."""
    return np.ascontiguousarray(run.model.networks["convolutional"].tensor(1, "weights")[:, :, 0].transpose(2, 0, 1))


# -- the pad -----------------------------------------------------------------------------------------------------------


def image_of(wish: Wish) -> Image | None:
    """What is on the pad, as the networks see it; None if it is empty."""
    draw: Draw | None = wish.looks.get("draw")
    if draw is None:
        return None
    ink = draw.ink
    if ink is not None:
        image = np.frombuffer(ink, np.uint8).reshape(SIDE, SIDE)
    elif draw.digit is not None:
        image = unseen_digits().images[draw.digit].reshape(SIDE, SIDE)
    else:
        return None
    if (draw.move, draw.turn, draw.scale) != ((0, 0), 0, 1):
        image = transformed(image, *draw.move, draw.turn, draw.scale)
    if not image.any():
        return None
    return centred(image) if wish.view.centre else np.ascontiguousarray(image)


def _picture(values: NDArray[np.floating]) -> tuple[NDArray[np.uint8], float, float]:
    """(units, height, width) or (units,) in shades from 0 to 255, and what the first and the last stand for."""
    low, high = float(min(values.min(), 0)), float(max(values.max(), 0))
    if not np.isfinite(high - low):
        return np.zeros(values.T.shape, np.uint8), 0.0, 0.0
    shades = np.rint((values - low) * (255 / (high - low) if high > low else 0)).astype(np.uint8)
    return np.ascontiguousarray(np.moveaxis(shades, -1, 0)), low, high


def _inside(run: StudiedRun, wish: Wish, image: Image, convolutional: list[LayerMaps]) -> tuple[Tensors, str]:
    """`layer_source`, `layer_sums` and `layer_values` of the layer that is looked into, and which one, as “plain,1”.

    They are what it sees, and what it makes of that before and after pooling and activation. Of a convolution channels
    come first. What a dense layer sees is in the order of its weights, and its numbers come only with the weights that
    they were made with.
    """
    twin, wanted = wish.view.inside, wish.view.layer
    if twin == "plain":
        layers = maps(run.model, twin, image) if wish.small else []
        wanted = max(wanted, 1)
    else:
        layers = convolutional
    number = min(wanted, len(layers))
    if number == 0:
        return {}, ""
    layer = layers[number - 1]
    is_dense = layer.values.ndim == 1
    if is_dense and not wish.small:
        return {}, ""
    tensors = {"layer_source": layer.source, "layer_sums": layer.sums, "layer_values": layer.values}
    if is_dense:
        tensors["layer_source"] = layer.source.ravel()
    return {name: _floats(np.moveaxis(tensor, -1, 0)) for name, tensor in tensors.items()}, f"{twin},{number}"


# -- studies -----------------------------------------------------------------------------------------------------------


def _studied(run: StudiedRun, wish: Wish) -> Tensors:
    """Where wanted: `shift_map` (2, 13, 13), `shift_map_new` (13, 13), `misread` (n, 3), `strongest` (9, 2),
    `readouts` (2, layers) and `readout_pixels` (1,).
    """
    studies, tensors, cell = run.studies, Tensors(), _cell(wish)
    if studies.by_shift and wish.view.shift_map:
        tensors["shift_map"] = _floats([shift_map(studies.by_shift, twin) for twin in TWINS])
        tensors["shift_map_new"] = studies.renewed(_key(run)).astype(np.uint8).reshape(_SIDE, _SIDE)
    if studies.by_shift and cell:
        tensors["misread"] = misread(run, cell)
    if wish.focus and wish.view.inside in studies.excitements:
        digits, values = studies.excitements[wish.view.inside].nine(wish.focus[0], wish.focus[1] - 1)
        tensors["strongest"] = _floats(np.stack([digits, values], axis=1))
    if wish.view.readouts:
        tensors["readouts"] = np.full((2, max(map(len, studies.scores.values()))), np.nan, np.float32)
        for row, twin in enumerate(TWINS):
            tensors["readouts"][row, : len(studies.scores[twin])] = studies.scores[twin]
        tensors["readout_pixels"] = _floats([studies.pixels_score])
    return tensors


def _progress(run: StudiedRun, wish: Wish) -> dict[str, str]:
    """How much of each study that is wanted has been done at least once, from 0 to 1."""
    studies, cell, strongest = run.studies, _cell(wish), run.studies.strongest.get(wish.view.inside)
    return {
        "shift_map_done": f"{studies.shifts.share:.3f}" if studies.shifts else "",
        "strongest_done": f"{strongest.share:.3f}" if strongest and wish.focus else "",
        "inside": wish.view.inside,
        "readouts_done": f"{studies.read_outs.share:.3f}" if studies.read_outs and wish.view.readouts else "",
        "cell": "{},{}".format(*cell) if cell else "",
    }


def misread(run: StudiedRun, at: tuple[int, int]) -> Floats:
    """(n, 3): network (0 plain, 1 convolutional), test digit and what it was taken for, moved right and down so far."""
    survey = run.studies.by_shift
    if survey is None:
        return np.zeros((0, 3), np.float32)
    move = (at[1] + MOST_SHIFT) * _SIDE + at[0] + MOST_SHIFT
    rows = [
        (row, digit, said)
        for row, twin in enumerate(TWINS)
        for digit, said in list(zip(*survey.misread(twin, move), strict=True))[:_MISREAD]
    ]
    return np.array(rows, np.float32).reshape(-1, 3)


def _cell(wish: Wish) -> tuple[int, int] | None:
    cell: Cell | None = wish.looks.get("cell")
    return cell.at if cell else None


def _floats(numbers: object) -> Floats:
    return np.ascontiguousarray(numbers, np.float32)
