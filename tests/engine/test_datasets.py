"""seedrandom.py, datasets.py: the same text gives TensorFlow Playground's numbers and points."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from numpy.typing import NDArray

from engine.labs.plane.datasets import draw_data, generate
from engine.labs.plane.kinds import KINDS, Dataset
from engine.labs.plane.settings import DATASETS, Settings
from engine.labs.plane.trainer import Trainer
from engine.vectors.seedrandom import SeedRandom
from tests.recorded import DATASETS as RECORDED
from tests.recorded import points

Coordinates = NDArray[np.float64]


def identify(record: dict[str, Any]) -> str:
    return f"{record['generator']}-{record['seed']}-{record['noise']}"


@pytest.mark.parametrize("record", RECORDED, ids=identify)
def test_uniform_numbers_are_seedrandoms(record: dict[str, Any]) -> None:
    random = SeedRandom(record["seed"])
    assert [random.uniform() for _ in record["first_uniforms"]] == record["first_uniforms"]


@pytest.mark.parametrize("record", RECORDED, ids=identify)
def test_points_are_theirs(record: dict[str, Any]) -> None:
    made = generate(record["generator"], record["noise"] * 100, record["seed"], record["n"])
    assert_allclose(made[:20], points(record["points"]), atol=1e-12)
    assert_allclose(made[-1:], points([record["last_point"]]), atol=1e-12)


@pytest.mark.parametrize("record", RECORDED, ids=identify)
def test_points_are_shuffled_as_theirs(record: dict[str, Any]) -> None:
    settings = Settings(dataset=record["generator"], noise=record["noise"] * 100, seed=record["seed"])
    assert len(generate(settings.dataset, 0, settings.seed)) == record["n"]
    assert_allclose(draw_data(settings).train[:20], points(record["shuffled_first20"]), atol=1e-12)


@pytest.mark.parametrize("seed", ["", "日本", "🙂", "x" * 300])
def test_any_text_is_a_seed(seed: str) -> None:
    numbers = [SeedRandom(seed).uniform() for _ in range(2)]
    assert numbers[0] == numbers[1]
    assert 0 <= numbers[0] < 1


@pytest.mark.parametrize("dataset", [name for name in DATASETS if not KINDS[name].fixed])
@pytest.mark.parametrize("share", [10, 50, 90])
def test_the_share_splits_the_points(dataset: Dataset, share: int) -> None:
    data = draw_data(Settings(dataset=dataset, train_share=share))
    total = len(data.train) + len(data.test)
    assert len(data.train) == total * share // 100
    assert np.isfinite(np.concatenate([data.train, data.test])).all()


def above(height: Callable[[Coordinates], Coordinates]) -> Callable[[Coordinates, Coordinates], NDArray[np.bool_]]:
    return lambda x, y: y > height(x)


BLUE: dict[Dataset, Callable[[Coordinates, Coordinates], NDArray[np.bool_]]] = {
    "rings": lambda x, y: (np.hypot(x, y) > 1.5) & (np.hypot(x, y) < 3.3),
    "checkerboard": lambda x, y: (np.floor(x / 2.5) + np.floor(y / 2.5)) % 2 == 0,
    "sine": above(lambda x: 2.5 * np.sin(x)),
    "cubic": above(lambda x: x**3 / 8 - 1.5 * x),
    "abs": above(lambda x: 1.4 * np.abs(x) - 3.5),
    "moons": lambda x, y: np.abs(np.hypot(x + 1.5, y + 0.75) - 3) < 1e-9,
}


@pytest.mark.parametrize("dataset", sorted(BLUE))
def test_a_label_follows_from_the_place(dataset: Dataset) -> None:
    made = generate(dataset, 0, "a")
    assert ((made[:, 2] > 0) == BLUE[dataset](made[:, 0], made[:, 1])).all()
    assert 0.3 < (made[:, 2] > 0).mean() < 0.7
    assert np.abs(made[:, :2]).max() <= 5


@pytest.mark.parametrize("dataset", sorted(BLUE))
def test_noise_makes_it_harder(dataset: Dataset) -> None:
    made = generate(dataset, 30, "a")
    wrong = ((made[:, 2] > 0) != BLUE[dataset](made[:, 0], made[:, 1])).mean()
    assert wrong > 0.05


CLASS_OF: dict[Dataset, Callable[[Coordinates, Coordinates, int], Coordinates]] = {
    "rings": lambda x, y, k: np.floor(np.hypot(x, y) / 5 * k),
    "checkerboard": lambda x, y, k: (np.floor(x / 2.5) + 2 * np.floor(y / 2.5)) % k,
    # a point's angle minus its arm's turn up to there gives the arm's angle at the middle
    "spiral": lambda x, y, k: np.round((np.arctan2(x, y) / (2 * np.pi) - 3.5 / k * np.hypot(x, y) / 5) * k) % k,
}


@pytest.mark.parametrize("dataset", sorted(CLASS_OF))
@pytest.mark.parametrize("classes", [3, 4, 5, 6])
def test_the_class_follows_from_the_place(dataset: Dataset, classes: int) -> None:
    made = generate(dataset, 0, "a", classes=classes)
    assert_array_equal(made[:, 2], CLASS_OF[dataset](made[:, 0], made[:, 1], classes))
    shares = np.bincount(made[:, 2].astype(int), minlength=classes) / len(made)
    assert shares.min() > 0.5 / classes


@pytest.mark.parametrize("classes", [3, 7, 10])
def test_blobs_lie_around_the_middle(classes: int) -> None:
    made = generate("gauss", 0, "a", classes=classes)
    for k in range(classes):
        middle = made[made[:, 2] == k, :2].mean(axis=0)
        angle = 2 * np.pi * k / classes
        assert_allclose(middle, [3.8 * np.sin(angle), 3.8 * np.cos(angle)], atol=0.3)


def test_a_set_has_as_many_classes_as_it_can() -> None:
    assert Settings(dataset="spiral", classes=9).class_count == 6
    assert Settings(dataset="moons", classes=9).class_count == 2
    assert Settings(dataset="reg-plane", classes=9).class_count == 0
    assert Settings(dataset="gauss", classes=9).shape[-1] == 9


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_number_of_classes_trains(dataset: Dataset) -> None:
    for classes in range(2, 11):
        trainer = Trainer(Settings(dataset=dataset, classes=classes))
        trainer.train(2)
        assert np.isfinite(trainer.losses()[: 1 if KINDS[dataset].fixed else 2]).all()


LOGIC = {"xor": [0, 1, 1, 0], "and": [0, 0, 0, 1], "or": [0, 1, 1, 1]}  # of 00, 01, 10, 11


@pytest.mark.parametrize("name", LOGIC)
@pytest.mark.parametrize("form", ["logic", "reg-logic"])
def test_the_four_points_of_logic_are_fixed(form: str, name: str) -> None:
    dataset: Any = f"{form}-{name}"
    labels = [value if form == "reg-logic" else 2 * value - 1 for value in LOGIC[name]]
    expected = [[0, 0], [0, 1], [1, 0], [1, 1]]
    for settings in (
        Settings(dataset=dataset),
        Settings(dataset=dataset, noise=50, train_share=10, seed="another", classes=4, draw=3),
    ):
        data = draw_data(settings)
        assert_array_equal(data.train, np.column_stack([expected, labels]))
        assert data.test.shape == (0, 3)
        assert settings.shape[-1] == 1


def test_the_first_weights_of_a_fixed_set_follow_the_seed() -> None:
    weights = [Trainer(Settings(dataset="logic-xor", seed=seed)).network.parameters for seed in ("a", "a", "b")]
    assert_array_equal(weights[0], weights[1])
    assert not np.array_equal(weights[0], weights[2])


def test_a_batch_larger_than_the_points_is_all_of_them() -> None:
    ten, whole = (Trainer(Settings(dataset="logic-xor", batch_size=size)) for size in (10, "all"))
    for trainer in (ten, whole):
        trainer.train(50)
    assert_array_equal(ten.network.parameters, whole.network.parameters)
    assert ten.step == 50


@pytest.mark.parametrize("dataset", DATASETS)
def test_points_lie_where_the_pictures_show_them(dataset: Dataset) -> None:
    low, high = KINDS[dataset].domain
    points = generate(dataset, 0, "a")[:, :2]
    assert np.mean((low <= points) & (points <= high)) > 0.99
    assert np.ptp(points) > (high - low) / 3  # they are not all in one spot
