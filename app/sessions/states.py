"""Writes the state that a page is told: everything that its controls show."""

from dataclasses import asdict

from app.protocol import Divergence, State, Stop, Timeline
from app.sessions.open_experiment import OpenExperiment
from engine.labs.contract import LabRun

_MARKS = 200  # changes of a run that a page is told of


def state_of(experiment: OpenExperiment, seq: int, run: int) -> State:
    """The answer to command `seq`; `run` is the run's number."""
    trainer, view = experiment.trainer, experiment.view
    divergence, stop = trainer.divergence, trainer.stop
    return State(
        seq=seq,
        lab=experiment.lab.name,
        run=run,
        settings=asdict(trainer.settings),  # type: ignore[call-overload]  # a dataclass
        playing=experiment.playing,
        speed=view.speed,
        focus=experiment.focus,
        divergence=Divergence.model_validate(asdict(divergence)) if divergence else None,
        stop=Stop.model_validate(asdict(stop)) if stop else None,
        failed=experiment.failed,
        best_epoch=trainer.best_epoch,
        view=asdict(view),
        link=experiment.link.address_of(experiment.as_it_is()),
        undo=experiment.undo.last,
        redo=experiment.undo.next,
        timeline=_timeline_of(trainer),
        facts=experiment.lab.engine.facts(trainer).model_dump(),
    )


def _timeline_of(trainer: LabRun) -> Timeline | None:
    timeline, tip = trainer.timeline, trainer.tip
    if timeline.first is None:
        return None
    places = (each.moment.place for each in timeline.keyframes if each.is_change)
    changes = sorted({place.epoch for place in places if place.step > 0})
    return Timeline(first=timeline.first, tip=tip.place.epoch if tip else None, changes=tuple(changes[-_MARKS:]))
