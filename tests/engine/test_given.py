"""data.py, given.py: points that somebody gives are checked, named by their bytes, split as drawn ones, and learned."""

import hashlib
import math
import struct
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from numpy.typing import NDArray

from engine.choices import Refused
from engine.labs.plane.datasets import draw_data, generate, given_data
from engine.labs.plane.given import MAX_POINTS, MAX_SIZE, check, give_classes, give_values, given_for
from engine.labs.plane.kinds import KINDS, Dataset
from engine.labs.plane.settings import DATASETS, SETTINGS, Settings
from engine.labs.plane.trainer import Trainer
from engine.runs.data import DRAWN, Given

RNG = np.random.default_rng(5)
PLACES = RNG.uniform(-6, 6, (90, 2))
CLASSES = np.arange(90) % 3
THREE = give_classes(PLACES, CLASSES)
TWO = give_classes(PLACES, PLACES[:, 0] > 0)
VALUES = give_values(PLACES, PLACES.sum(axis=1) / 12)


def learning(given: Given, **settings: Any) -> Trainer:
    trainer = Trainer(Settings(**settings))
    trainer.learn(given)
    return trainer


# -- what a data set is ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dataset", DATASETS)
@pytest.mark.parametrize("change", [{"noise": 40}, {"train_share": 70}, {"classes": 3}, {"seed": "b"}], ids=str)
def test_a_set_uses_the_settings_that_change_its_points(dataset: Dataset, change: dict[str, Any]) -> None:
    before = draw_data(Settings(dataset=dataset, seed="a"))
    after = draw_data(replace(Settings(dataset=dataset, seed="a"), **change))
    is_other = not (np.array_equal(before.train, after.train) and np.array_equal(before.test, after.test))
    assert is_other == (next(iter(change)) in KINDS[dataset].uses)


def test_sets_name_settings_and_are_drawn_or_given() -> None:
    assert {name for kind in KINDS.values() for name in kind.uses} <= SETTINGS.keys()
    assert KINDS.keys() - set(DATASETS) == {"own", "reg-own"}
    for name, kind in KINDS.items():
        assert (kind.most_classes > 2) == ("classes" in kind.uses)
        assert (kind.most_classes == 0) == (kind.problem == "regression")
        assert bool(kind.draw_classes) == (kind.most_classes > 2 and kind.draw is not None), name


@pytest.mark.parametrize("dataset", ["own", "reg-own"])
def test_settings_alone_draw_no_given_points(dataset: Any) -> None:
    settings = Settings(dataset=dataset)
    attempts: list[Callable[[], object]] = [
        lambda: given_for(settings, None),
        lambda: generate(dataset, 0, "a"),
        lambda: draw_data(settings),
        lambda: Trainer(settings),
        lambda: Trainer(settings, given=VALUES if dataset == "own" else TWO),
    ]
    for attempt in attempts:
        with pytest.raises(Refused, match=f"dataset: '{dataset}' came, expected the points with it, or a set that can"):
            attempt()
    assert given_for(Settings(), None) is None


# -- names -------------------------------------------------------------------------------------------------------------


def test_a_digest_is_that_of_the_bytes_of_all_points() -> None:
    given = give_classes([[1.5, -2.0], [0.0, 3.0]], [1, 0], ["x", "y", "kind"], ["é", "b"])
    head = (
        '{"targets":"classes","columns":["x","y","kind"],"classes":["\\u00e9","b"],'
        '"arrays":[["labels","|u1",[2]],["points","<f8",[2,2]]]}\n'
    )
    content = head.encode() + bytes([1, 0]) + struct.pack("<4d", 1.5, -2, 0, 3)
    assert given.content == content
    ref = given.ref
    assert (ref.digest, ref.targets, ref.count) == (hashlib.sha256(content).hexdigest(), "classes", 2)
    assert (ref.columns, ref.classes, ref.is_given) == (("x", "y", "kind"), ("é", "b"), True)
    again = Given.of(content)
    check(again)
    assert again.ref == ref
    assert_array_equal(again.examples["points"], given.examples["points"])


def test_other_points_have_another_digest() -> None:
    moved = PLACES.copy()
    moved[7, 1] = np.nextafter(moved[7, 1], 9)
    others = [
        give_classes(moved, CLASSES), give_classes(PLACES, np.roll(CLASSES, 1)), give_values(PLACES, CLASSES),
        give_classes(PLACES[::-1], CLASSES[::-1]), give_classes(PLACES, CLASSES, names="abc"),
        give_classes(PLACES, CLASSES, columns="xyz"), give_classes(PLACES[:-1], CLASSES[:-1]),
    ]  # fmt: skip
    assert len({THREE.ref.digest, *(each.ref.digest for each in others)}) == 8
    assert give_classes(PLACES.tolist(), CLASSES.astype(float)).ref == THREE.ref
    assert not DRAWN.is_given


CONTENT = THREE.content


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{}\n", b"[]\n", b"x\n", CONTENT[:-1], CONTENT.replace(b'"<f8"', b'"|O"'),
        CONTENT.replace(b'"<f8"', b'"?"'), CONTENT.replace(b"[90,2]", b"[-90,-2]"),
        CONTENT.replace(b"[90,2]", b"[90,-2]"),
        CONTENT.replace(b"[90,2]", b"[9000000000000000000000,2]"), CONTENT.replace(b'"classes",', b'"rows",', 1),
        CONTENT.replace(b'"targets":"classes"', b'"targets":[]'), CONTENT.replace(b"[90,2]", b'"90"'),
    ],
)  # fmt: skip
def test_what_is_no_content_is_an_error(content: bytes) -> None:
    assert content != CONTENT
    with pytest.raises((ValueError, KeyError, TypeError)):
        Given.of(content)


# -- checks ------------------------------------------------------------------------------------------------------------

ONE = [[0.0, 1.0]]


@pytest.mark.parametrize(
    ("give", "message"),
    [
        (lambda: give_classes([], []), "points: '(0,) and (0,)' came, expected two coordinates"),
        (lambda: give_classes(np.zeros((0, 2)), []), "points: 0 came, expected 1 to 1,200 points"),
        (lambda: give_values(np.zeros((1201, 2)), np.zeros(1201)), "points: 1201 came, expected 1 to 1,200 points"),
        (lambda: give_classes([[0, 1, 2]], [0]), "points: '(1, 3) and (1,)' came"),
        (lambda: give_classes(ONE, [0, 1]), "points: '(1, 2) and (2,)' came"),
        (lambda: give_classes(ONE, [[0]]), "points: '(1, 2) and (1, 1)' came"),
        (lambda: give_classes([[0, math.nan]], [0]), "points: nan came, expected finite numbers from -1,000,000"),
        (lambda: give_classes([[0, -math.inf]], [0]), "points: -inf came, expected finite numbers"),
        (lambda: give_classes([[0, MAX_SIZE * 1.01]], [0]), "points: 1010000.0 came, expected finite numbers"),
        (lambda: give_values(ONE, [math.nan]), "labels: nan came, expected finite numbers"),
        (lambda: give_values(ONE, ["high"]), "values: \"could not convert string to float: 'high'\" came, expected"),
        (lambda: give_values([[0, 1], [2]], [1, 2]), "points: 'setting an array element with a sequence."),
        (lambda: give_classes(ONE, [10]), "classes: 10.0 came, expected whole numbers from 0 to 9"),
        (lambda: give_classes(ONE, [-1]), "classes: -1.0 came, expected whole numbers from 0 to 9"),
        (lambda: give_classes(ONE, [0.5]), "classes: 0.5 came, expected whole numbers from 0 to 9"),
        (lambda: give_classes(ONE, [math.nan]), "classes: nan came, expected whole numbers from 0 to 9"),
        (lambda: give_classes(ONE, [2], names=["a", "b"]), "names: 2 came, expected 3 to 10 names"),
        (lambda: give_classes(ONE, [0], names="abcdefghijk"), "names: 11 came, expected 1 to 10 names"),
        (lambda: give_classes(ONE, [0], names=["a" * 101]), "expected text of at most 100 characters"),
        (lambda: give_values(ONE, [0], ["x", "y"]), "columns: 2 came, expected 0 to 3 names"),
    ],
)
def test_a_refusal_says_what_came_and_what_was_expected(give: Callable[[], Given], message: str) -> None:
    with pytest.raises(Refused) as refusal:
        give()
    assert message in str(refusal.value)


@pytest.mark.parametrize(
    "given",
    [
        Given("classes", {"points": PLACES}),
        Given("classes", {"points": PLACES, "labels": CLASSES}),
        Given("classes", {"points": PLACES.astype(np.float32), "labels": CLASSES.astype(np.uint8)}),
        Given("classes", {"points": PLACES, "labels": np.full(90, 200, np.uint8)}),
        Given("classes", {"points": PLACES, "labels": CLASSES.astype(np.uint8)}, classes=(1, 2, 3)),  # type: ignore[arg-type]
        Given("values", {"points": PLACES, "labels": PLACES[:, 0]}, classes=("a",)),
        Given("values", {"points": PLACES, "labels": PLACES}),
        Given("pictures", {"points": PLACES, "labels": PLACES[:, 0]}),  # type: ignore[arg-type]
    ],
)
def test_what_another_has_put_together_is_checked_too(given: Given) -> None:
    trainer = Trainer(Settings())
    with pytest.raises(Refused):
        trainer.learn(given)
    with pytest.raises(Refused):
        Trainer(Settings(dataset="own"), given=given)
    assert (trainer.settings, trainer.given, trainer.starts) == (Settings(), None, 1)


def test_given_points_are_a_copy_that_nobody_writes_to() -> None:
    places, values = PLACES.copy(), PLACES[:, 0].copy()
    given = give_values(places, values)
    places[:] = values[:] = 0
    assert_array_equal(given.examples["points"], PLACES)
    assert_array_equal(given.examples["labels"], PLACES[:, 0])
    with pytest.raises(ValueError, match="read-only"):
        given.examples["points"][0] = 1
    with pytest.raises(ValueError, match="read-only"):
        learning(given).data.train[0] = 1


# -- learning ----------------------------------------------------------------------------------------------------------


def in_order(seed: str, places: NDArray[np.float64]) -> list[int]:
    """By what BLAKE2 makes of each place, with what it makes of the seed as its key."""
    key = hashlib.blake2b(seed.encode()).digest()
    return sorted(range(len(places)), key=lambda i: hashlib.blake2b(struct.pack("<2d", *places[i]), key=key).digest())


@pytest.mark.parametrize(("share", "train"), [(1, 1), (10, 9), (50, 45), (66, 59), (100, 90)])
@pytest.mark.parametrize("seed", ["a", "b"])
def test_the_seed_orders_points_and_the_share_splits_them(share: float, train: int, seed: str) -> None:
    trainer = learning(THREE, seed=seed, train_share=share)
    expected = np.column_stack([PLACES, CLASSES])[in_order(seed, PLACES)]
    assert_array_equal(trainer.data.train, expected[:train])
    assert_array_equal(trainer.data.test, expected[train:])


def test_the_order_of_points_is_a_draw() -> None:
    """About half of those in the left half train, with any seed."""
    shares = [np.mean(learning(TWO, seed=str(seed)).data.train[:, 0] < 0) for seed in range(40)]
    assert abs(np.mean(shares) - np.mean(PLACES[:, 0] < 0)) < 0.03
    assert 0.03 < np.std(shares) < 0.08  # 45 of 90 without replacement: 0.053


@pytest.mark.parametrize("gone", [0, 17, 89])
def test_a_point_that_goes_leaves_the_others_on_their_sides(gone: int) -> None:
    rest = np.arange(90) != gone
    before, after = learning(THREE).data, learning(give_classes(PLACES[rest], CLASSES[rest])).data
    sides = [{tuple(row) for row in data.train.tolist()} for data in (before, after)]
    assert len(sides[0] ^ sides[1]) <= 2


def test_of_two_classes_the_first_is_blue() -> None:
    data = learning(TWO).data
    rows = np.concatenate([data.train, data.test])
    assert_array_equal(rows[:, 2], np.where(rows[:, 0] > 0, -1, 1))


@pytest.mark.parametrize("classes", range(1, 11))
def test_one_to_ten_classes_train(classes: int) -> None:
    trainer = learning(give_classes(PLACES, np.arange(90) % classes), hidden=(3,))
    assert trainer.settings.class_count == max(2, classes)
    assert trainer.settings.shape == (2, 3, classes if classes > 2 else 1)
    before = trainer.losses()[0]
    trainer.train(40)
    assert trainer.losses()[0] < before


@pytest.mark.parametrize("count", [1, 2, 3, MAX_POINTS])
@pytest.mark.parametrize("size", [0.0, 1.0, MAX_SIZE])
def test_any_allowed_points_have_finite_losses(count: int, size: float) -> None:
    places = RNG.uniform(-size, size, (count, 2))
    inputs: Any = ("x", "y", "xSquared", "ySquared", "xTimesY", "sinX", "sinY")
    for given in (give_classes(places, np.zeros(count)), give_values(places, places[:, 0])):
        trainer = learning(given, inputs=inputs)
        losses = trainer.losses()
        assert math.isfinite(losses[0])
        assert math.isfinite(losses[1]) == (count > 1)
        trainer.train(2)
        assert np.isfinite(trainer.parameters).all()


def test_named_classes_without_points_are_outputs_too() -> None:
    assert learning(give_classes(PLACES, CLASSES, names="abcde")).settings.class_count == 5


def test_values_are_a_regression() -> None:
    trainer = learning(VALUES, hidden=(), learning_rate=0.03, classes=4)
    assert (trainer.settings.problem, trainer.settings.shape, trainer.settings.classes) == ("regression", (2, 1), 4)
    trainer.train(300)
    weights = trainer.layers()[0][0]  # it learns (x + y) / 12
    np.testing.assert_allclose(weights, [[1 / 12, 1 / 12]], atol=1e-4)


def test_a_run_begins_with_the_settings_of_before_and_at_epoch_0() -> None:
    trainer = Trainer(Settings(hidden=(5,), learning_rate=0.1, noise=20))
    trainer.train(10)
    trainer.learn(THREE)
    assert trainer.settings == Settings(dataset="own", classes=3, hidden=(5,), learning_rate=0.1, noise=20)
    assert (trainer.epoch, trainer.starts, len(trainer.history.samples)) == (0, 2, 1)
    assert_array_equal(trainer.parameters, Trainer(trainer.settings, given=THREE).parameters)


def test_a_reset_keeps_the_points() -> None:
    trainer = learning(THREE)
    first, points = trainer.parameters, trainer.data.train
    trainer.train(5)
    trainer.reset()
    assert trainer.given is THREE
    assert_array_equal(trainer.parameters, first)
    assert_array_equal(trainer.data.train, points)


@pytest.mark.parametrize(
    "change", [{"seed": "other"}, {"train_share": 20}, {"seed": "other", "train_share": 90}], ids=str
)
def test_seed_and_share_only_split_them_anew(change: dict[str, Any]) -> None:
    trainer = learning(THREE)
    before = trainer.data
    trainer.change(replace(trainer.settings, **change))
    after = trainer.data
    assert trainer.given is THREE
    assert not np.array_equal(before.train, after.train)
    first, second = (np.concatenate([data.train, data.test]) for data in (before, after))
    assert_array_equal(first[np.lexsort(first.T)], second[np.lexsort(second.T)])


def test_noise_does_not_move_them() -> None:
    trainer = learning(THREE)
    before = trainer.data
    trainer.change(replace(trainer.settings, noise=50))
    assert_array_equal(trainer.data.train, before.train)
    assert_array_equal(trainer.data.test, before.test)


def test_a_drawn_set_takes_their_place() -> None:
    trainer = learning(THREE)
    trainer.change(replace(trainer.settings, dataset="xor", classes=2))
    assert trainer.given is None
    assert_array_equal(trainer.data.train, draw_data(Settings(dataset="xor")).train)
    assert trainer.moment().data == DRAWN


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"classes": 2}, "classes: 2 came, expected at least 3, as many as the given points have"),
        ({"dataset": "reg-own"}, "dataset: 'reg-own' came, expected the points with it"),
    ],
)
def test_settings_that_do_not_fit_them_are_refused_before_anything_changes(
    change: dict[str, Any], message: str
) -> None:
    trainer = learning(THREE)
    trainer.train(3)
    settings, parameters = trainer.settings, trainer.parameters
    with pytest.raises(Refused, match=message):
        trainer.change(replace(settings, learning_rate=0.5, **change))
    assert (trainer.settings, trainer.given, trainer.epoch) == (settings, THREE, 3)
    assert_array_equal(trainer.parameters, parameters)


def test_more_classes_than_the_points_have_are_allowed() -> None:
    trainer = learning(TWO)
    trainer.change(replace(trainer.settings, classes=4))
    assert set(np.unique(trainer.data.train[:, 2])) == {0, 1}
    trainer.train(3)
    assert trainer.network.confusion(trainer.model.train_examples).shape == (4, 4)


def test_points_that_need_too_large_a_network_are_refused() -> None:
    trainer = Trainer(Settings(hidden=(4,)), parameter_limit=20)
    with pytest.raises(Refused, match="at most 20 parameters; these layers have 27"):
        trainer.learn(THREE)
    assert (trainer.given, trainer.settings) == (None, Settings(hidden=(4,)))


# -- points that change while they are learned -------------------------------------------------------------------------


def more(given: Given, place: tuple[float, float], label: float) -> Given:
    labels = [*given.examples["labels"].tolist(), label]
    return give_classes([*given.examples["points"].tolist(), place], labels)


def test_a_point_more_keeps_the_network_and_the_epoch() -> None:
    trainer = learning(THREE)
    trainer.train(7)
    before, starts = trainer.parameters, trainer.starts
    trainer.redraw(more(THREE, (1.5, 2), 0))
    assert (trainer.epoch, trainer.starts) == (7, starts)
    assert_array_equal(trainer.parameters, before)
    rows = np.concatenate([trainer.data.train, trainer.data.test])
    assert len(rows) == 91
    assert (1.5, 2, 0) in [tuple(row) for row in rows.tolist()]


def test_training_goes_on_with_the_other_points() -> None:
    """As in a run that begins with those points and these weights."""
    trainer, other = learning(THREE, order="sequence"), learning(more(THREE, (1, 1), 2), order="sequence")
    trainer.train(3)
    trainer.redraw(more(THREE, (1, 1), 2))
    other.load(trainer.saved(), 0)
    trainer.train(4)
    other.train(4)
    assert_array_equal(trainer.parameters, other.parameters)
    assert trainer.losses() == other.losses()


def test_points_of_a_drawn_set_become_given_ones_under_the_same_network() -> None:
    trainer = Trainer(Settings())
    trainer.train(5)
    before = trainer.parameters
    trainer.redraw(TWO)
    assert trainer.settings.dataset == "own"
    assert trainer.epoch == 5
    assert_array_equal(trainer.parameters, before)


def test_at_epoch_0_other_points_begin_a_run() -> None:
    trainer = learning(TWO)
    starts = trainer.starts
    trainer.redraw(more(TWO, (0, 0), 1))
    assert (trainer.epoch, trainer.starts) == (0, starts + 1)
    assert trainer.history.samples[0, 1] == trainer.losses()[0]


def test_another_class_begins_anew_and_keeps_its_output_when_its_points_are_gone() -> None:
    trainer = learning(TWO)
    trainer.train(5)
    trainer.redraw(more(TWO, (0, 0), 2))
    assert (trainer.epoch, trainer.settings.class_count, trainer.settings.shape[-1]) == (0, 3, 3)
    trainer.redraw(TWO)
    assert trainer.settings.class_count == 3
    trainer.train(5)
    trainer.redraw(more(TWO, (0, 0), 1))
    assert (trainer.epoch, trainer.settings.class_count) == (5, 3)


def test_points_that_are_refused_change_nothing() -> None:
    trainer = Trainer(Settings(hidden=(8, 8)), parameter_limit=120)
    trainer.learn(TWO)
    trainer.train(2)
    before = trainer.parameters
    with pytest.raises(Refused):
        trainer.redraw(more(TWO, (0, 0), 9))
    assert (trainer.given, trainer.settings.class_count, trainer.epoch) == (TWO, 2, 2)
    assert_array_equal(trainer.parameters, before)


def test_the_same_points_are_equal() -> None:
    again = give_classes(PLACES, CLASSES)
    assert again == THREE
    assert hash(again) == hash(THREE)
    assert again != TWO
    assert again != "points"


# -- moments -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", [TWO, THREE, VALUES], ids=["two", "three", "values"])
@pytest.mark.parametrize("order", ["sequence", "shuffle", "random"])
def test_a_run_goes_on_elsewhere_bit_for_bit(given: Given, order: Any) -> None:
    trainer = learning(given, hidden=(5, 4), order=order, batch_size=7, method="adam", dropout=0.1, batch_norm=True)
    trainer.train_steps(23)
    moment = trainer.moment()
    assert moment.given is given
    assert moment.data == given.ref
    other = Trainer(moment.settings, given=Given.of(given.content))
    other.resume(moment)
    for run in (trainer, other):
        run.train(20)
        run.add_neuron(1)
        run.train(3)
        run.reset()
        run.train(5)
    assert_array_equal(other.parameters, trainer.parameters)
    assert_array_equal(other.history.samples, trainer.history.samples)


@pytest.mark.parametrize("given", [None, give_classes(PLACES[::-1], CLASSES)])
def test_a_moment_of_other_points_is_refused(given: Given | None) -> None:
    moment = learning(THREE).moment()
    other = Trainer(moment.settings, given=THREE) if given is None else Trainer(moment.settings, given=given)
    with pytest.raises(Refused, match="data: "):
        other.resume(replace(moment, given=None) if given is None else moment)
    assert other.epoch == 0


def test_moments_do_not_copy_or_count_the_points() -> None:
    trainer = learning(give_classes(RNG.uniform(-6, 6, (MAX_POINTS, 2)), np.arange(MAX_POINTS) % 3))
    fewer = learning(THREE)
    assert trainer.model.nbytes == fewer.model.nbytes
    assert trainer.model.state().tensors.keys() == fewer.model.state().tensors.keys()
    assert trainer.moment().given is trainer.given


def test_the_best_and_the_last_good_moment_keep_the_points() -> None:
    trainer = learning(VALUES, hidden=(), learning_rate=900)
    trainer.train(50)
    assert trainer.divergence
    trainer.recover()
    assert trainer.given is VALUES
    assert_array_equal(trainer.data.train, given_data(trainer.settings, VALUES).train)
