"""What the autoencoder page sees of a run: test examples once, and in each frame their codes and what it asks for."""

import time

import numpy as np
from numpy.typing import NDArray

from app.labs.autoencoder.edits import Decode, Example
from app.labs.contract import Shown, Tensors, Wish
from engine.labs.autoencoder.examples import followed
from engine.labs.autoencoder.settings import SIDES
from engine.labs.autoencoder.trainer import AutoencoderRun

_CURVE = 121  # places of a code of one number, from the least to the greatest of the test examples
_CHUNK = 25  # test examples that are looked at between two turns

Floats = NDArray[np.float32]


def material(run: AutoencoderRun) -> Tensors:
    """`test` (m, side, side) bytes, or points (m, 2); `labels` (m,), `factors` (m, 9) of faces; PCA's `pca_mean`,
    `pca_components` and `pca_codes` (m, numbers).
    """
    model, settings = run.model, run.settings
    examples, pca = model.examples, model.pca
    count = min(settings.code, len(pca.components))
    tensors: Tensors = {
        "labels": examples.labels,
        "pca_codes": _floats(pca.codes(examples.test, count)),
    }
    if settings.is_images:
        side = SIDES[settings.examples]
        tensors["test"] = _bytes(examples.test).reshape(-1, side, side)
    else:
        tensors |= {
            "test": _floats(examples.test),
            "pca_mean": _floats(pca.mean),
            "pca_components": _floats(pca.components[:count]),
        }
    if examples.factors.size:
        tensors["factors"] = examples.factors
    return tensors


def is_large(run: AutoencoderRun) -> bool:  # noqa: ARG001
    """No picture takes long."""
    return False


class Refreshing:
    """Looks at all test examples again after something has changed the stack, some at a time."""

    def __init__(self) -> None:
        self._key: tuple[int, int] | None = None
        self._next = 0

    def is_done(self, run: AutoencoderRun) -> bool:
        """Whether codes and errors are those of the stack as it is."""
        return self._key == _key(run) and self._next >= len(run.model.test_errors)

    def go_on(self, run: AutoencoderRun, seconds: float) -> None:
        """While the stack learns, each step looks at some of them: then there is nothing to do."""
        if self._key != _key(run):
            self._key, self._next = _key(run), 0
            return
        end, count = time.perf_counter() + seconds, len(run.model.test_errors)
        while self._next < count:
            run.model.look_at(np.arange(self._next, min(self._next + _CHUNK, count)))
            self._next += _CHUNK
            if time.perf_counter() >= end:
                return


def _key(run: AutoencoderRun) -> tuple[int, int]:
    return run.step, run.changes


def show(run: AutoencoderRun, wish: Wish) -> Shown:
    """The stack as it is: see docs/protocol.md."""
    model, settings = run.model, run.settings
    tensors: Tensors = {}
    if wish.small:
        tensors["codes"] = _floats(model.codes)
        if model.examples.factors.size:
            tensors["followed"] = _floats(followed(model.codes, model.examples.factors))
    about = _bars(run)
    tensors |= _example(run, wish, about)
    tensors |= _decoded(run, wish, about)
    if not settings.is_images and wish.small:
        tensors |= _curve(run)
    return Shown(tensors, run.losses(), about)


def _bars(run: AutoencoderRun) -> dict[str, str]:
    """`angle`, in degrees, of a linear stack."""
    angle = run.model.angle
    return {"angle": "" if angle is None else f"{angle:.4f}"}


def _example(run: AutoencoderRun, wish: Wish, about: dict[str, str]) -> Tensors:
    """`rebuilt` (2, inputs) of the example that is looked at, by the stack and by PCA; and `example`, which one it is,
    with `example_errors`, theirs."""
    look: Example | None = wish.looks.get("example")
    model = run.model
    if look is None or look.number is None or look.number >= len(model.test_errors):
        return {}
    seen = model.examples.test[look.number : look.number + 1]
    count = min(run.settings.code, len(model.pca.components))
    code = model.encode(seen)
    both = np.concatenate([model.decode(code), model.pca.decoded(model.pca.codes(seen, count))])
    errors = ((both - seen) ** 2).sum(1)
    about["example"] = str(look.number)
    about["example_errors"] = ",".join(f"{error:.4g}" for error in errors)
    return {"rebuilt": _pictured(run, both), "example_code": _floats(code[0])}


def _decoded(run: AutoencoderRun, wish: Wish, about: dict[str, str]) -> Tensors:
    """`decoded` (inputs,) of the code that is asked for, and by whom."""
    look: Decode | None = wish.looks.get("decode")
    model, settings = run.model, run.settings
    if look is None or look.code is None or len(look.code) != settings.code:
        return {}
    code = np.array([look.code])
    numbers = code[:, : len(model.pca.components)]
    made: NDArray[np.floating] = model.pca.decoded(numbers) if look.by == "pca" else model.decode(code)
    about["decoded_by"] = look.by
    return {"decoded": _pictured(run, made)[0]}


def _curve(run: AutoencoderRun) -> Tensors:
    """Of points: `rebuilt_all` (m, 2), what the stack makes of all of them; with one number `curve` (n, 2), all that it
    can say."""
    model = run.model
    tensors: Tensors = {"rebuilt_all": _floats(model.decode(model.codes))}
    if run.settings.code == 1:
        low, high = float(model.codes.min()), float(model.codes.max())
        if np.isfinite(high - low):
            tensors["curve"] = _floats(model.decode(np.linspace(low, high, _CURVE)[:, None]))
    return tensors


def _pictured(run: AutoencoderRun, values: NDArray[np.floating]) -> NDArray[np.generic]:
    """Bytes of ink, or the numbers of points."""
    return _bytes(values) if run.settings.is_images else _floats(values)


def _bytes(values: NDArray[np.floating]) -> NDArray[np.uint8]:
    with np.errstate(invalid="ignore"):
        inked: NDArray[np.uint8] = np.rint(np.nan_to_num(np.clip(values, 0, 1)) * 255).astype(np.uint8)
    return inked


def _floats(numbers: object) -> Floats:
    with np.errstate(over="ignore"):
        return np.ascontiguousarray(numbers, np.float32)
