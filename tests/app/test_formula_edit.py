"""point_edits.py, facts.py, points_in_links.py: points that a visitor's formula labels, in a session and in a link."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from app.experiment import Experiment
from app.labs.plane.edits import AddNeuron
from app.labs.plane.point_edits import AddPoints, LearnFormula
from app.labs.plane.view import PlaneView
from app.links import read_link, write_link
from app.protocol import OpenLink, Rejected, State
from app.sessions.session import Session
from app.storage.checkpoint import pack, unpack
from engine.labs.plane.given import MAX_FORMULA_LENGTH
from engine.labs.plane.own_points import own_points
from engine.labs.plane.settings import Settings
from tests.app.test_session import make_session, tell

LOG = "y > log(x)\n  x > 9"


DEFAULT = Settings()


def learned(text: str, settings: Settings = DEFAULT, **said: Any) -> tuple[Session, State]:
    session, _ = make_session(settings)
    session.trainer.train(3)
    state = tell(session, LearnFormula(seq=1, text=text, **said))
    assert isinstance(state, State), state
    return session, state


def own_of(answer: State | Rejected) -> dict[str, Any]:
    assert isinstance(answer, State)
    own: dict[str, Any] = answer.facts["own"]
    return own


def test_two_classes_are_learned_from_epoch_0() -> None:
    session, state = learned(" y > sin(x) ", Settings(hidden=(4,)))
    assert session.trainer.settings == Settings(hidden=(4,), dataset="own")
    assert session.trainer.epoch == 0
    x, y = session.trainer.given.examples["points"].T
    assert_array_equal(session.trainer.given.examples["labels"], np.where(y > np.sin(x), 0, 1))
    assert state.facts["own"] == {
        "count": 500,
        "columns": (),
        "classes": ("y > sin(x)", "else"),
        "formula": "y > sin(x)",
        "notices": (),
    }


def test_lines_are_classes_and_a_number_is_learned_as_a_value() -> None:
    session, _ = learned("x > 1\ny > 1")
    assert session.trainer.settings == Settings(dataset="own", classes=3)
    session, state = learned("z = 9 sin(x)", count=40)
    assert session.trainer.settings == Settings(dataset="reg-own")
    assert state.facts["own"]["count"] == 40
    assert state.facts["own"]["notices"][0].startswith("Values are divided by")


def test_places_come_from_the_seed_of_the_run_unless_another_is_told() -> None:
    places = [
        learned("x > y", Settings(seed=of_run), seed=told)[0].trainer.given.examples["points"].tobytes()
        for of_run, told in [("a", None), ("b", "a"), ("b", None)]
    ]
    assert places[0] == places[1] != places[2]


def test_the_noise_of_the_settings_moves_labels() -> None:
    session, _ = learned("x > 0", Settings(noise=30))
    examples = session.trainer.given.examples
    assert 0.02 < np.mean((examples["points"][:, 0] > 0) != (examples["labels"] == 0)) < 0.2


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("y > sin x", (4, 7), "its argument in brackets behind it, sin(a), at position 5"),
        ("x > 0\ny > 2 +", (13, 13), "behind +, at position 8, in line 2"),
        ("y > 9", None, "a condition that divides the points: none satisfies this one"),
        ("", None, "1 to 10 lines, such as y > sin(x)"),
    ],
)
def test_a_refusal_has_its_place_and_changes_nothing(text: str, place: tuple[int, int] | None, expected: str) -> None:
    session, _ = learned("x > y")
    session.trainer.train(2)
    before = session.trainer.given
    answer = tell(session, LearnFormula(seq=2, text=text))
    assert isinstance(answer, Rejected)
    assert (answer.field, answer.place) == ("formula", place)
    assert expected in answer.expected
    assert (session.trainer.given, session.trainer.epoch) == (before, 2)


def test_formula_and_notices_stay_for_a_page_that_comes_back_and_go_with_the_first_stroke() -> None:
    session, state = learned(LOG)
    own = state.facts["own"]
    assert own["formula"] == LOG
    assert len(own["notices"]) == 2
    frozen = session.freeze()
    other, _ = make_session()
    content = frozen.content
    assert content is not None
    other.thaw(unpack(pack(frozen), {content.digest: content.data}.get))
    assert own_of(tell(other, AddNeuron(seq=9, layer=1))) == own
    drawn_on = own_of(tell(other, AddPoints(seq=10, points=((1, 1, 0),))))
    assert (drawn_on["formula"], drawn_on["notices"]) == ("", ())


@pytest.mark.parametrize(
    "text", ["y > sin(x)", LOG, "z = x*y/36", "x² + y² < 9 ∨ x & y = 1".replace("& y", "> 0 and y")]
)
def test_the_link_opens_as_the_same_experiment_with_its_formula(text: str) -> None:
    session, state = learned(text)
    other, _ = make_session()
    opened = tell(other, OpenLink(seq=1, link=f"see https://example.org/{state.link}, they say"))
    assert isinstance(opened, State)
    assert opened.link == state.link
    assert opened.settings == state.settings
    assert opened.facts["own"] == {**state.facts["own"], "notices": ()}
    for trainer in (session.trainer, other.trainer):
        trainer.train(3)
    assert other.trainer.losses() == session.trainer.losses()


def test_a_link_with_too_long_a_formula_says_so() -> None:
    given = replace(own_points("classes", [(0, 0), (1, 1)], [0, 1]), formula="x" * (MAX_FORMULA_LENGTH + 1))
    link = read_link(write_link(Experiment(Settings(dataset="own"), PlaneView(), given=given)))
    assert link.experiment.given is None
    assert "expected text of at most 1,000 characters" in link.repairs[0]
