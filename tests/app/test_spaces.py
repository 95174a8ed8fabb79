"""spaces.py: a frame brings the space of a layer while it is open, and links carry which."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from pydantic import ValidationError
from safetensors.numpy import load

from app.labs.contract import Wish
from app.labs.plane.edits import LookInto
from app.labs.plane.lab import PLANE
from app.labs.plane.view import PlaneView
from app.links import read_link, write_link
from app.sessions.frames import FrameHead, frame_message
from engine.choices import Refused
from engine.labs.plane.readouts import read_outs
from engine.labs.plane.settings import Settings
from engine.labs.plane.space import space
from engine.labs.plane.trainer import Trainer

HEAD = FrameHead(run=1, frame=1, applied=0, epochs_per_second=0, steps_per_second=0, focus=None, history_start=0)


def trained(**settings: Any) -> Trainer:
    run = Trainer(Settings(**settings))
    run.train(3)
    return run


def told(run: Trainer, wish: LookInto, view: PlaneView | None = None) -> tuple[dict[str, Any], dict[str, Any]]:
    """The head and the tensors, as a page gets them."""
    message = frame_message(PLANE, run, HEAD, PLANE.engine.show(run, Wish(view or PlaneView(), looks={"space": wish})))
    size = int.from_bytes(message[:8], "little")
    head = json.loads(json.loads(message[8 : 8 + size])["__metadata__"]["space"])
    return head, {name: array for name, array in load(message).items() if name.startswith("space ")}


def test_a_frame_brings_a_space_only_if_it_is_asked_for() -> None:
    run = trained()
    for looks in ({}, {"space": LookInto(layer=None)}):
        shown = PLANE.engine.show(run, Wish(PlaneView(), looks=looks))
        assert shown.about["space"] == ""
        assert not any(name.startswith("space") for name in shown.tensors)


def test_a_page_gets_what_the_engine_sees() -> None:
    run = trained(hidden=(4, 2), loss="cross-entropy")
    seen = space(run, 2, (2, 1), all_phases=True)
    head, tensors = told(run, LookInto(layer=2, units=(2, 1), phases=True))
    assert head["phases"] == list(seen.kinds)
    for place, phase in enumerate(seen.phases):
        assert_allclose(tensors["space points"][place], phase.points.astype(np.float32))
        assert_allclose(tensors["space grid"][place], phase.grid.astype(np.float32))
    assert (head["layer"], head["units"], head["why_none"]) == (2, [2, 1], "")
    assert head["borders"][0]["normal"] == seen.borders[0].normal.tolist()
    assert head["borders"][0]["offset"] == seen.borders[0].offset
    assert head["shares"] == seen.projection.shares.tolist()
    assert head["readouts"] == read_outs(run).tolist()


def test_test_points_come_while_they_are_shown() -> None:
    run = trained()
    count = len(run.data.train)
    assert told(run, LookInto(layer=1))[1]["space points"].shape == (1, count, 2)
    shown = told(run, LookInto(layer=1), PlaneView(show_test=True))[1]["space points"]
    assert shown.shape == (1, count + len(run.data.test), 2)


def test_a_score_that_is_not_there_is_null() -> None:
    head, _ = told(trained(dataset="logic-xor"), LookInto(layer=1))
    assert [scores[1] for scores in head["readouts"]] == [None] * len(head["readouts"])


def test_a_frame_with_two_units_has_at_most_15_kilobytes_more() -> None:
    run = trained()
    tensors = told(run, LookInto(layer=1, units=(1, 2)))[1]
    assert tensors["space grid"].nbytes <= 15_000


@pytest.mark.parametrize("units", [(1,), (0, 1), (1, 2, 3, 4)])
def test_axes_are_two_or_three_units(units: Any) -> None:
    with pytest.raises(ValidationError):
        LookInto(layer=1, units=units)


@pytest.mark.parametrize("text", ["", "1-plane", "2-1-2", "12-250-3-17"])
def test_links_carry_the_space_that_is_open(text: str) -> None:
    link = write_link(replace(PLANE.experiment(), view=PlaneView(space=text)))
    assert read_link(link).experiment.view.space == text
    assert (f"&space={text}" in link) == bool(text)


@pytest.mark.parametrize("text", ["1", "0-plane", "1-2", "1-1-2-3-4", "1-line", "1-0-1", "plane", "2:1,2"])
def test_a_link_with_anything_else_is_mended(text: str) -> None:
    link = read_link(f"#v=1&space={text}")
    assert link.experiment.view.space == ""
    assert link.repairs
    with pytest.raises(Refused):
        PlaneView(space=text)
