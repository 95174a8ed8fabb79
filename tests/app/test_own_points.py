"""point_edits.py, points_in_links.py: points that a visitor brings or draws, in a session and in a link."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from typer.testing import CliRunner

from app.experiment import Experiment
from app.labs.plane.edits import AddNeuron
from app.labs.plane.point_edits import AddPoints, ErasePoints, LearnPoints, MovePoint
from app.labs.plane.view import PlaneView
from app.links import read_link, write_link
from app.protocol import OpenLink, Play, Rejected, Share, Shared, State
from app.sessions.session import Session
from app.terminal.cli import cli
from engine.labs.plane.given import MAX_POINTS, give_classes
from engine.labs.plane.own_points import Names, own_points
from engine.labs.plane.settings import Settings
from tests.app.test_session import make_session, tell

RNG = np.random.default_rng(9)
PLACES = RNG.uniform(-6, 6, (1000, 2)).round(3)
THREE = own_points("classes", PLACES, np.arange(1000) % 3, Names(("width, in cm", "höhe", ""), ("a&b", "c=d", "")))
VALUES = own_points("values", PLACES, RNG.uniform(-1, 1, 1000).round(3))
POINTS = ((1, 2, 0), (-1, 0.5, 1), (3, 3, 2))


def learning(**said: Any) -> Session:
    session, _ = make_session(Settings(hidden=(4,)))
    tell(session, LearnPoints(seq=1, targets="classes", points=POINTS, **said))
    return session


def rows(session: Session) -> set[tuple[float, ...]]:
    data: Any = session.trainer.data
    return {tuple(row) for row in np.concatenate([data.train, data.test]).tolist()}


# -- edits -------------------------------------------------------------------------------------------------------------


def test_points_are_learned_from_epoch_0_with_the_settings_that_fit() -> None:
    session = learning(columns=("a", "b", "c"), names=("x", "y", "z"))
    assert session.trainer.settings == Settings(dataset="own", classes=3, hidden=(4,))
    assert rows(session) == set(POINTS)
    state = tell(session, AddNeuron(seq=2, layer=1))
    assert isinstance(state, State)
    own = {"count": 3, "columns": ("a", "b", "c"), "classes": ("x", "y", "z"), "formula": "", "notices": ()}
    assert state.facts["own"] == own


def test_drawn_points_are_not_called_own() -> None:
    session, _ = make_session()
    state = tell(session, AddNeuron(seq=1, layer=1))
    assert isinstance(state, State)
    assert state.facts["own"] is None


def test_strokes_add_erase_and_move_while_training_goes_on() -> None:
    session = learning()
    tell(session, Play(seq=2))
    session.trainer.train(5)
    before = session.trainer.saved()
    tell(session, AddPoints(seq=3, points=((5, 5, 1), (5, 4, 1))))
    tell(session, MovePoint(seq=4, start=(1.2, 2), end=(0, 0)))
    tell(session, ErasePoints(seq=5, path=((5, 6), (5, 4.9)), radius=0.2))
    assert rows(session) == {(0, 0, 0), (-1, 0.5, 1), (3, 3, 2), (5, 4, 1)}
    assert_array_equal(session.trainer.saved(), before)
    assert session.trainer.epoch == 5
    assert session.playing


def test_each_stroke_brings_the_page_the_new_points() -> None:
    session = learning()
    session.trainer.train(3)
    session.outbox.clear()
    run = session.run
    session.receive(AddPoints(seq=3, points=((5, 5, 1),)))
    kinds = [type(message).__name__ for message in session.outbox]
    assert kinds == ["State", "bytes"]
    assert session.run == run + 1
    session.outbox.clear()
    session.receive(ErasePoints(seq=4, path=((-6, -6),), radius=0.1))  # touches none
    assert [type(message).__name__ for message in session.outbox] == ["State"]


def test_the_first_stroke_takes_the_drawn_set_along() -> None:
    session, _ = make_session(Settings(hidden=(4,)))
    session.trainer.train(4)
    tell(session, AddPoints(seq=1, points=((5, 5, 1),)))
    assert session.trainer.settings.dataset == "own"
    assert session.trainer.epoch == 4
    assert len(rows(session)) == 501
    assert (5, 5, -1) in rows(session)


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (ErasePoints(seq=2, path=((0, 0),), radius=12), "at least one point that is left"),
        (AddPoints(seq=2, points=((0, 0, 10),)), "whole numbers from 0 to 9"),
        (AddPoints(seq=2, points=((0, 0, 0.5),)), "whole numbers from 0 to 9"),
        (AddPoints(seq=2, points=((0, 0, 0),) * (MAX_POINTS - 2)), "at most 1,200 points"),
        (LearnPoints(seq=2, targets="classes", points=POINTS, columns=("a",)), "0 to 3 names"),
        (LearnPoints(seq=2, targets="classes", points=POINTS, names=("a",)), "3 to 10 names"),
        (LearnPoints(seq=2, targets="values", points=POINTS, names=("a",)), ""),
    ],
)
def test_what_is_refused_changes_nothing(edit: Any, message: str) -> None:
    session = learning()
    before, settings = rows(session), session.trainer.settings
    answer = tell(session, edit)
    if message:
        assert isinstance(answer, Rejected)
        assert message in answer.expected
        assert (rows(session), session.trainer.settings) == (before, settings)
    else:
        assert session.trainer.settings == replace(settings, dataset="reg-own")


# -- links -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "settings"),
    [(THREE, Settings(dataset="own", classes=3)), (VALUES, Settings(dataset="reg-own"))],
    ids=["classes", "values"],
)
def test_a_thousand_points_travel_as_they_are(given: Any, settings: Settings) -> None:
    text = write_link(Experiment(settings, PlaneView(), given=given))
    link = read_link(f"see https://example.org/{text}, they say")
    assert (link.experiment, link.repairs) == (Experiment(settings, PlaneView(), given=given), ())
    assert link.experiment.given == given  # names and bytes
    assert len(text) < 8_200


@drawn(
    st.lists(
        st.tuples(st.integers(-32767, 32767), st.integers(-32767, 32767), st.integers(0, 9)), min_size=1, max_size=30
    ),
    st.lists(st.text(max_size=20), max_size=3).filter(lambda names: len(names) in {0, 3}),
)
def test_any_points_and_names_travel(steps: list[tuple[int, int, int]], columns: list[str]) -> None:
    whole = np.array(steps)
    given = own_points("classes", whole[:, :2] / 1000, whole[:, 2], Names(columns))
    settings = Settings(dataset="own", classes=max(2, int(whole[:, 2].max()) + 1))
    link = read_link(write_link(Experiment(settings, PlaneView(), given=given)))
    assert link.repairs == ()
    assert link.experiment.given is not None
    assert link.experiment.given == given


@pytest.mark.parametrize(
    ("text", "repairs"),
    [
        ("#v=1&dataset=own&points=AAAA", ("points: “3 bytes” came, expected 1 to 1,200 points of 5", "dataset: “own”")),
        ("#v=1&dataset=own&points=!", ("points: “0 bytes” came", "dataset: “own” came")),
        ("#v=1&points=AAAAAAA", ("points: “points with the data set ''” came, expected own or reg-own",)),
        ("#v=1&dataset=own&points=AAAAAAs", ("classes: “11.0” came, expected whole numbers from 0 to 9", "dataset:")),
        ("#v=1&dataset=own&points=AAAAAAk", ("classes: 2 came, expected at least 10", "dataset: “own”")),
        ("#lab=digits&v=1&points=AAAAAAA", ("nothing has the name “points”",)),
    ],
)
def test_points_that_cannot_be_read_are_left_out_and_said(text: str, repairs: tuple[str, ...]) -> None:
    link = read_link(text)
    assert link.experiment.given is None
    assert len(link.repairs) == len(repairs)
    for said, expected in zip(link.repairs, repairs, strict=True):
        assert said.startswith(expected)


def test_points_off_the_grid_do_not_travel() -> None:
    given = give_classes([(0.12345, 0)], [0])
    assert "points" not in write_link(Experiment(Settings(dataset="own"), PlaneView(), given=given))


def test_a_session_opens_a_link_with_points_and_writes_the_same_link() -> None:
    text = write_link(Experiment(Settings(dataset="own", classes=3), PlaneView(), given=THREE))
    session, _ = make_session()
    state = tell(session, OpenLink(seq=1, link=text))
    assert isinstance(state, State)
    assert (state.link, session.trainer.given) == (text, THREE)
    session.trainer.train(2)
    session.outbox.clear()
    session.receive(Share(seq=2, weights=True))
    shared = session.outbox[0]
    assert isinstance(shared, Shared)
    other, _ = make_session()
    tell(other, OpenLink(seq=1, link=shared.link))
    assert other.trainer.given == THREE
    assert_array_equal(other.trainer.saved(), session.trainer.saved())
    assert other.trainer.losses() == session.trainer.losses()


def test_the_command_line_trains_on_the_points_of_a_link() -> None:
    text = write_link(Experiment(Settings(dataset="own", classes=3, hidden=()), PlaneView(), given=THREE))
    result = CliRunner().invoke(cli, ["train", "--link", text, "--epochs=1", "--json"])
    assert result.exit_code == 0, result.output
    assert len(json.loads(result.stdout)["train"]) == 500
