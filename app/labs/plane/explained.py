"""Packs an explanation of a training step for a frame: the numbers of one point, and all of one unit.

Arrays go as they are, so the page shows the engine's own numbers; the head, in JSON, says what they are of.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.labs.contract import Tensors
from app.labs.plane.edits import Explain
from app.labs.plane.heads import finite
from engine.choices import Refused
from engine.labs.plane.explanation import explain_example, explain_point, explain_step
from engine.labs.plane.trainer import Trainer
from engine.machine.explanation import Explanation, LayerStep, Stage, UpdateStep
from engine.machine.vanishing import Chain, chain_of

_MOST_VALUES = 25_000  # units times points: about 10 ms; other sessions wait as long
_MOST_CHECKED = 400_000  # units times points times evaluations: about 20 ms


@dataclass(frozen=True)
class ExplainedStep:
    """What a frame has of it: tensors whose names begin with "explain", and the head as JSON."""

    tensors: Tensors
    head: str


def explained_step(run: Trainer, wish: Explain) -> ExplainedStep:
    """What the page wants to know of the run's next step; of a point that is not there any more, only that."""
    try:
        step = _step_of(run, wish)
    except Refused as error:
        reason = f"{error.came} came, expected {error.expected}"
        return ExplainedStep({}, json.dumps({"of": wish.of, "refused": reason}))
    shown = min(wish.example, step.inputs.shape[1] - 1)
    parts = dict(_values(step, shown))
    head = _head(step, wish, shown)
    unit = wish.unit
    if unit and unit[0] <= len(step.layers) and unit[1] <= len(step.layers[unit[0] - 1].sums):
        head["unit"] = unit
        parts |= _of_unit(step, unit, shown, is_checked=wish.check)
    tensors = {f"explain {name}": np.ascontiguousarray(array) for name, array in parts.items()}
    return ExplainedStep(tensors, json.dumps(head))


def _step_of(run: Trainer, wish: Explain) -> Explanation:
    if wish.of == "batch":
        values = sum(run.settings.shape) * run.model.rule.batch_size
        if values > _MOST_VALUES:
            raise Refused("batch", f"{values:,} units times points", f"at most {_MOST_VALUES:,}; explain one point")
        return explain_step(run)
    if isinstance(wish.of, int):
        return explain_example(run, wish.of - 1)
    x, y = wish.of or (0.0, 0.0)
    return explain_point(run, x, y)


# -- the head --------------------------------------------------------------------------------------------------------


def _head(step: Explanation, wish: Explain, shown: int) -> dict[str, Any]:
    return {
        "of": wish.of,
        "step": step.step + 1,  # that this is, or would be, of the run
        "trains": step.trains,
        "count": step.inputs.shape[1],
        "example": shown,
        "numbers": None if step.numbers is None else [int(number) + 1 for number in step.numbers],
        "layers": [_layer_head(layer) for layer in step.layers],
        "loss": _loss_head(step, shown),
        "update": _update_head(step.update) if step.update else None,
        "chain": _chain_head(chain_of(step)) if step.loss else None,
    }


def _layer_head(layer: LayerStep) -> dict[str, Any]:
    return {
        "activation": layer.activation,
        "stages": [stage.kind for stage in layer.stages],
        "returns": [{"layer": back.layer, "by": back.by} for back in layer.returns],
    }


def _loss_head(step: Explanation, shown: int) -> dict[str, Any] | None:
    loss = step.loss
    if not loss:
        return None
    return {
        "objective": loss.objective,
        "loss": finite(loss.losses[shown]),
        "true_loss": finite(loss.true_losses[shown]),
        "mean": finite(loss.mean),
    }


def _update_head(update: UpdateStep) -> dict[str, Any]:
    return {
        "method": update.method.name.lower(),
        "rate": finite(update.rate),
        "taken": int(update.taken),
        "norm": finite(update.norm),
        "clip": finite(update.clip),
        "keep": finite(update.keep),
        "corrections": [finite(each) for each in update.corrections],
    }


def _chain_head(chain: Chain) -> dict[str, Any]:
    return {
        "sizes": [finite(size) for size in chain.sizes],
        "links": [
            {
                "layer": link.layer,
                "weights": finite(link.weights),
                "slopes": finite(link.slopes),
                "dead": finite(link.dead),
                "cause": link.cause,
            }
            for link in chain.links
        ],
        "ratio": finite(chain.ratio),
        "cause": chain.cause,
    }


# -- the point that is shown -----------------------------------------------------------------------------------------


def _values(step: Explanation, shown: int) -> Iterator[tuple[str, NDArray[Any]]]:
    """Of every unit, for one point. Slopes are there only with a target."""
    yield "inputs", step.inputs[:, shown]
    for layer in step.layers:
        name = f"layer {layer.number}"
        yield f"{name} sums", layer.sums[:, shown]
        for stage in layer.stages:
            yield from _stage_values(f"{name} {stage.kind}", stage, shown)
        for back in layer.returns:
            yield f"{name} {back.by} from {back.layer}", back.slopes[:, shown]
        if layer.d_sums is not None:
            yield f"{name} delta", layer.d_sums[:, shown]
    if step.probability:
        yield "outputs", step.probability.after[:, shown]
    if step.loss:
        yield "targets", step.loss.targets[:, shown]
        yield "loss slopes", step.loss.d_outputs[:, shown]


def _stage_values(name: str, stage: Stage, shown: int) -> Iterator[tuple[str, NDArray[Any]]]:
    for part, array in (("", stage.after), (" slope", stage.slope), (" added", stage.added), (" back", stage.d_after)):
        if array is not None:
            yield f"{name}{part}", array[:, shown]


# -- the unit that is looked at --------------------------------------------------------------------------------------


def _of_unit(step: Explanation, unit: tuple[int, int], shown: int, *, is_checked: bool) -> Tensors:
    """All that belongs to its parameters: weights and bias, then scale and shift of batch norm. Each (parameters,)."""
    layer, row = step.layers[unit[0] - 1], unit[1] - 1
    places = _places(step, layer, row)
    parts: Tensors = {}
    if layer.norm:
        parts["norm"] = np.array([layer.norm.means[row], layer.norm.deviations[row]])
    if not (step.loss and step.update):
        return parts
    update = step.update
    parts |= {
        "gradient of point": layer.gradient_of(shown)[row],
        "gradient": update.gradient[places],
        "before": update.before[places],
        "after": update.after[places],
        "decay": update.decay[places],
        "regularized": update.regularized[places],
        "moments": update.moments[:, places],
        "moments after": update.moments_after[:, places],
    }
    if is_checked and _evaluations(step, len(places)) <= _MOST_CHECKED:
        parts["check"] = step.check(places)
    return parts


def _evaluations(step: Explanation, places: int) -> int:
    """Values that central differences at so many places compute."""
    points: int = step.inputs.shape[1]
    return sum(len(layer.sums) for layer in step.layers) * points * 2 * places


def _places(step: Explanation, layer: LayerStep, row: int) -> NDArray[np.int64]:
    """Of the unit's parameters among all."""
    width = layer.matrix.shape[1]
    first = layer.weights.offset + row * width
    places = list(range(first, first + width))
    norm = step.setup.program.layers[layer.number - 1].norm
    if norm:
        places += [norm.scales.offset + row, norm.shifts.offset + row]
    return np.array(places, dtype=np.int64)
