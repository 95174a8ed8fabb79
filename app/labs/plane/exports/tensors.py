"""The plane's tensors by the names that PyTorch's modules give them, and the way back to the engine's flat arrays."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.labs.contract import Tensors
from engine.choices import Refused
from engine.labs.plane.architecture import architecture_of
from engine.labs.plane.settings import Settings
from engine.machine.program import Norm, Program, compile_program
from engine.runs.moment import Moment, State
from engine.vectors.lanes import LANES
from engine.vectors.memory import lanes_for

_COUNTS = ("taken", "edits", "own_weights")
_SEEN = "num_batches_tracked"  # PyTorch counts them, and has no use for the number at our momentum


_LISTS = {
    "weights": "weight",
    "biases": "bias",
    "scales": "weight",
    "shifts": "bias",
    "running_means": "running_mean",
    "running_variances": "running_var",
    "batches_seen": _SEEN,
}
_OF_LAYERS = ("weights", "biases")  # the other lists are of batch norm


def lists(settings: Settings) -> Mapping[str, Sequence[str]]:
    """The names of the tensors of each list of a moment as JSON, from the first layer on."""
    layers = range(1, len(settings.shape))
    norms = range(1, len(settings.hidden) + 1) if settings.batch_norm else ()
    return {
        name: [f"{_layer(settings, n)}.{part}" for n in layers]
        if name in _OF_LAYERS
        else [f"norm_{n}.{part}" for n in norms]
        for name, part in _LISTS.items()
    }


def _layer(settings: Settings, number: int) -> str:
    """As the PyTorch file names it: see `wording.module_of`."""
    return "output" if number > len(settings.hidden) else f"layer_{number}"


def named(moment: Moment) -> tuple[Tensors, Tensors]:
    """A `state_dict`, and what the method keeps: two moments for each parameter, and which of them L1 let live."""
    program = compile_program(architecture_of(moment.settings))
    state = moment.state.tensors
    found = {
        name: np.array(part)
        for name, part in _parts(moment.settings, program, state["parameters"], state["statistics"])
    }
    for number, layer in enumerate(program.layers, 1):
        if layer.norm:
            found[f"norm_{number}.{_SEEN}"] = np.array(moment.place.step, np.int64)
    return found, _training(program, state)


def state(settings: Settings, tensors: Tensors, training: Tensors, counts: dict[str, int]) -> State:
    """What `named` was given, but for scratch that the next step overwrites. Raises Refused."""
    program = compile_program(architecture_of(settings))
    _check_names("counts", counts, _COUNTS)
    dtype = _dtype(tensors, f"{_layer(settings, 1)}.weight")
    count = program.parameter_count
    parameters, statistics = np.zeros(count + LANES, dtype), np.zeros(program.statistic_count + LANES, dtype)
    parts = dict(_parts(settings, program, parameters, statistics))
    seen = [f"norm_{number}.{_SEEN}" for number, layer in enumerate(program.layers, 1) if layer.norm]
    _check_names("tensors", tensors, (*parts, *seen))
    for name, part in parts.items():
        part[...] = _checked(name, tensors[name], part.shape, dtype)
    _check_names("training", training, ("moments", "alive"))
    half = lanes_for(count)
    moments, alive = np.zeros(2 * half + LANES, dtype), np.ones(count + LANES, dtype)
    moments[: 2 * half].reshape(2, half)[:, :count] = _shaped("moments", training["moments"], (2, count), dtype)
    alive[:count] = _checked("alive", training["alive"], (count,), dtype)
    arrays = {"parameters": parameters, "statistics": statistics, "moments": moments, "alive": alive}
    return State(arrays, {name: counts[name] for name in _COUNTS})


def _parts(
    settings: Settings, program: Program, parameters: NDArray[Any], statistics: NDArray[Any]
) -> Iterator[tuple[str, NDArray[Any]]]:
    """Views of both arrays."""
    for number, layer in enumerate(program.layers, 1):
        matrix = layer.weights.of(parameters)
        name = _layer(settings, number)
        yield f"{name}.weight", matrix[:, :-1]
        yield f"{name}.bias", matrix[:, -1]
        if layer.norm:
            yield from _norm_parts(number, layer.norm, parameters, statistics)


def _norm_parts(
    number: int, norm: Norm, parameters: NDArray[Any], statistics: NDArray[Any]
) -> Iterator[tuple[str, NDArray[Any]]]:
    means, variances, *_ = norm.statistics.of(statistics)
    yield f"norm_{number}.weight", norm.scales.of(parameters)
    yield f"norm_{number}.bias", norm.shifts.of(parameters)
    yield f"norm_{number}.running_mean", means
    yield f"norm_{number}.running_var", variances


def _training(program: Program, state: Tensors) -> Tensors:
    count = program.parameter_count
    half = lanes_for(count)
    moments = state["moments"][: 2 * half].reshape(2, half)[:, :count]
    return {"moments": moments.copy(), "alive": state["alive"][:count].copy()}


def _dtype(tensors: Tensors, name: str) -> np.dtype[Any]:
    """Of all, but for counts."""
    first = tensors.get(name)
    if first is None or first.dtype not in {np.dtype(np.float32), np.dtype(np.float64)}:
        raise Refused(name, "none" if first is None else str(first.dtype), "float32 or float64")
    return first.dtype


def _check_names(field: str, came: Any, expected: tuple[str, ...]) -> None:
    missing, unknown = [name for name in expected if name not in came], [name for name in came if name not in expected]
    if missing or unknown:
        said = f"no {missing[0]}" if missing else str(unknown[0])[:60]
        shown = ", ".join(expected[:8]) + (", …" if len(expected) > 8 else "")
        raise Refused(field, said, f"{shown}, as these settings have them")


def _checked(name: str, came: NDArray[Any], shape: tuple[int, ...], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Finite too."""
    if not np.isfinite(_shaped(name, came, shape, dtype)).all():
        raise Refused(name, "NaN or infinity", "finite numbers")
    return came


def _shaped(name: str, came: NDArray[Any], shape: tuple[int, ...], dtype: np.dtype[Any]) -> NDArray[Any]:
    if came.shape != shape or came.dtype != dtype:
        raise Refused(name, f"{came.dtype} {came.shape}", f"{dtype} {shape}, as these settings have it")
    return came
