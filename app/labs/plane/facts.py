"""What a page is told of its run: the whole of what its controls show."""

from dataclasses import asdict

from app.experiment import View
from app.protocol import Divergence, State, Stop, TensorPlace
from engine.labs.plane.kinds import KINDS
from engine.labs.plane.trainer import Trainer


def state_of(
    trainer: Trainer,
    view: View,
    *,
    seq: int,
    run: int,
    playing: bool,
    focus: tuple[int, int] | None,
    failed: bool,
    link: str,
) -> State:
    """The answer to command `seq`."""
    divergence, stop = trainer.divergence, trainer.stop
    return State(
        seq=seq,
        run=run,
        settings=trainer.settings,
        problem=trainer.settings.problem,
        objective=trainer.settings.objective,
        classes=trainer.settings.class_count,
        most_classes=KINDS[trainer.settings.dataset].most_classes,
        is_fixed=KINDS[trainer.settings.dataset].fixed,
        domain=trainer.settings.domain,
        shape=trainer.settings.shape,
        layout=tuple(
            TensorPlace(name=each.name, offset=each.offset, shape=each.shape) for each in trainer.network.program.layout
        ),
        parameter_count=trainer.settings.parameter_count,
        weight_count=trainer.settings.weight_count,
        bias_count=trainer.settings.bias_count,
        playing=playing,
        speed=view.speed,
        focus=focus,
        divergence=Divergence.model_validate(asdict(divergence)) if divergence else None,
        failed=failed,
        stop=Stop.model_validate(asdict(stop)) if stop else None,
        best_epoch=trainer.best_epoch,
        view=view,
        link=link,
    )
