"""What the page asks: answers, maps, images moved and centred, surveys, what excites a unit, read-outs."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from numpy.typing import NDArray

from engine.labs.digits.images import centred, moved
from engine.labs.digits.insights import Excitements, ReadOut, answers, maps, seen
from engine.labs.digits.mnist import training_digits, unseen_digits
from engine.labs.digits.model import DigitsModel
from engine.labs.digits.settings import TWINS, DigitsSettings, Twin
from engine.labs.digits.surveys import Survey, by_distance, by_shift, shift_map
from engine.labs.digits.trainer import DigitsTrainer
from engine.ridge import ridge

CHOSEN = DigitsSettings(digits=1000, filters=(4, 6), filter_size=3, hidden=(10,), learning_rate=0.01)


@pytest.fixture(scope="module")
def model() -> DigitsModel:
    """That has learned a little."""
    trainer = DigitsTrainer(CHOSEN)
    trainer.train(3)
    return trainer.model


def digit(number: int) -> NDArray[np.uint8]:
    image: NDArray[np.uint8] = unseen_digits().images[number].reshape(28, 28)
    return image


def test_an_image_is_answered_as_the_digit_that_it_is(model: DigitsModel) -> None:
    for twin, probabilities in answers(model, digit(7)).items():
        expected = model.networks[twin].look(model.test_examples, np.array([7]))[2][0]
        assert_array_equal(probabilities, expected)
        assert_allclose(probabilities.sum(), 1, rtol=1e-5)


def test_answers_follow_the_pixels_also_when_they_are_shuffled() -> None:
    shuffled = DigitsTrainer(replace(CHOSEN, shuffled_pixels=True)).model
    for twin, probabilities in answers(shuffled, digit(3)).items():
        assert_array_equal(probabilities, shuffled.networks[twin].look(shuffled.test_examples, np.array([3]))[2][0])


def test_maps_follow_from_each_other(model: DigitsModel) -> None:
    first, second, last = maps(model, "convolutional", digit(0))
    network = model.networks["convolutional"]
    assert [first.sums.shape, first.values.shape] == [(28, 28, 4), (14, 14, 4)]
    assert [second.sums.shape, second.values.shape] == [(14, 14, 6), (7, 7, 6)]
    for each in (first, second):
        side = len(each.values)
        assert_allclose(each.values, np.maximum(each.sums.reshape(side, 2, side, 2, -1).max((1, 3)), 0))
    patch = np.pad(first.values, ((1, 1), (1, 1), (0, 0)))[5:8, 2:5]
    w, b = network.tensor(2, "weights"), network.tensor(2, "biases")
    assert_allclose(second.sums[5, 2], np.tensordot(patch, w, 3) + b, rtol=1e-4, atol=1e-5)
    logits = np.tensordot(second.values, network.tensor(3, "weights"), 3) + network.tensor(3, "biases")
    for found in (last.sums, last.values):
        assert_allclose(found, logits, rtol=1e-4, atol=1e-4)
    assert_array_equal(first.source, (digit(0)[:, :, None] / 255).astype(np.float32))
    assert_array_equal(second.source, first.values)
    assert_array_equal(last.source, second.values)


def forward(model: DigitsModel, images: NDArray[np.uint8]) -> list[NDArray[np.float64]]:
    """What the plain network's layers make of (n, 784) images, in NumPy: sums and values, layer by layer."""
    network, made = model.networks["plain"], []
    x = np.zeros((len(images), 784))
    x[:, model.test_examples.pixels] = images / 255
    for layer in range(1, network.layer_count + 1):
        z = x @ network.tensor(layer, "weights").astype(np.float64) + network.tensor(layer, "biases")
        on = [(layer, unit + 1) not in model.settings.plain_off for unit in range(z.shape[1])]
        x = (np.maximum(z, 0) if layer < network.layer_count else z) * on
        made += [z, x]
    return made


@pytest.mark.parametrize("shuffled_pixels", [False, True])
def test_a_plain_units_sum_is_that_of_its_weights_and_what_it_sees(shuffled_pixels: bool) -> None:
    trainer = DigitsTrainer(replace(CHOSEN, hidden=(10, 7), shuffled_pixels=shuffled_pixels, plain_off=((1, 4),)))
    trainer.train_steps(40)
    layers = maps(trainer.model, "plain", digit(7))
    expected = iter(forward(trainer.model, digit(7).reshape(1, -1)))
    for number, layer in enumerate(layers):
        assert_allclose(layer.sums, next(expected)[0], rtol=1e-4, atol=1e-4)
        assert_allclose(layer.values, next(expected)[0], rtol=1e-4, atol=1e-4)
        assert_array_equal(
            layer.source, layers[number - 1].values if number else seen(trainer.model, digit(7)).astype("f")
        )
    assert layers[0].values[3] == 0 != layers[0].sums[3]
    assert (layers[0].source.reshape(28, 28) == digit(7) / np.float32(255)).all() != shuffled_pixels


@pytest.mark.parametrize(("right", "down"), [(0, 0), (4, -3), (-6, 6), (27, 0), (0, -28), (40, 1)])
def test_a_moved_image_has_its_ink_elsewhere(right: int, down: int) -> None:
    image = digit(1)
    expected = np.zeros_like(image)
    for y in range(28):
        for x in range(28):
            if 0 <= y + down < 28 and 0 <= x + right < 28:
                expected[y + down, x + right] = image[y, x]
    assert_array_equal(moved(image, right, down), expected)


def test_the_digits_of_mnist_are_centred_already() -> None:
    changed = [int(np.abs(centred(digit(number)).astype(int) - digit(number)).max()) for number in range(200)]
    assert changed.count(0) >= 180  # where the middle lies between two pixels some were moved by one


@pytest.mark.parametrize(("right", "down"), [(4, -3), (-4, 4), (0, 2)])
def test_where_a_digit_is_drawn_makes_no_difference_once_it_is_centred(right: int, down: int) -> None:
    whole = [number for number in range(40) if moved(digit(number), right, down).sum() == digit(number).sum()]
    assert len(whole) > 10  # others lose ink at the edge
    for number in whole:
        assert_array_equal(centred(moved(digit(number), right, down)), centred(digit(number)))


def test_a_small_digit_is_scaled_up_to_a_box_of_twenty_pixels() -> None:
    image = np.zeros((28, 28), np.uint8)
    image[2:12, 20:25] = 200  # ten by five: becomes twenty by ten
    result = centred(image)
    rows, columns = (np.flatnonzero(result.any(axis)) for axis in (1, 0))
    assert abs(rows.mean() - 14) <= 0.5 >= abs(columns.mean() - 14)
    assert_array_equal(result[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], np.full((20, 10), 200))


def test_a_large_digit_keeps_its_mean_ink_when_it_shrinks() -> None:
    rng = np.random.default_rng(0)
    image = rng.integers(1, 256, (28, 28), dtype=np.uint8)
    result = centred(image)
    assert np.count_nonzero(result) == 400
    assert abs(result[result > 0].mean() - image.mean()) < 1
    top, left = (int(np.flatnonzero(result.any(axis))[0]) for axis in (1, 0))
    area = image[:7, :7].mean()  # five by five pixels stand for seven by seven
    assert abs(result[top : top + 5, left : left + 5].mean() - area) < 1


def test_an_empty_image_stays_empty() -> None:
    assert not centred(np.zeros((28, 28), np.uint8)).any()


def test_accuracy_by_shift_is_that_of_moved_digits(model: DigitsModel) -> None:
    survey = by_shift(digits=20)
    calls = 1
    assert np.isnan(shift_map(survey, "plain")).all()
    while not survey.advance(model, 15):
        calls += 1
    assert calls == 169 * 2
    for twin in TWINS:
        found = shift_map(survey, twin)
        for right, down in ((0, 0), (3, -2), (-6, 6)):
            said = [int(answers(model, moved(digit(n), right, down))[twin].argmax()) for n in range(20)]
            assert found[down + 6, right + 6] == np.mean(said == unseen_digits().labels[:20])
        expected = [np.mean([found[6 + w, 6], found[6 - w, 6], found[6, 6 + w], found[6, 6 - w]]) for w in range(7)]
        assert_allclose(by_distance(survey, twin), expected)
        wrong, said_of = survey.misread(twin, survey.moves.index((3, -2)))
        for number, class_ in zip(wrong, said_of, strict=True):
            assert (
                class_ == answers(model, moved(digit(number), 3, -2))[twin].argmax() != unseen_digits().labels[number]
            )


def test_a_survey_of_all_test_digits_tells_confusions(model: DigitsModel) -> None:
    survey = Survey(np.arange(2000))
    assert not survey.advance(model, 500)
    assert survey.confusion("plain").sum() == 500
    while not survey.advance(model, 500):
        pass
    for twin in TWINS:
        said = model.networks[twin].look(model.test_examples, np.arange(2000))[1]
        expected = np.zeros((10, 10), int)
        for label, class_ in zip(unseen_digits().labels, said, strict=True):
            expected[label, class_] += 1
        assert_array_equal(survey.confusion(twin), expected)
        assert_allclose(survey.accuracy(twin)[0], np.trace(expected) / 2000)
    assert survey.passes == 1


@pytest.mark.parametrize("twin", TWINS)
def test_nine_digits_excite_a_unit_most(model: DigitsModel, twin: Twin) -> None:
    network = model.networks[twin]
    found = Excitements(network)
    while not found.advance(network, model.test_examples, 32):
        pass
    unit, layer = 3, network.layer_count - 1
    values = [maps(model, twin, digit(number))[layer - 1].values[..., unit].max() for number in range(2000)]
    strongest = sorted(range(2000), key=lambda number: -values[number])[:9]
    digits, sizes = found.nine(layer, unit)
    assert_allclose(sizes, np.array(values)[strongest], rtol=1e-6)
    assert set(digits) == set(strongest) or len(set(sizes)) < 9


@pytest.mark.parametrize("layer", [1, 2, 3])
def test_nine_digits_excite_each_unit_of_each_plain_layer_most(layer: int) -> None:
    trainer = DigitsTrainer(replace(CHOSEN, hidden=(10, 7), plain_off=((1, 4),), shuffled_pixels=True))
    trainer.train_steps(60)
    network, examples = trainer.model.networks["plain"], trainer.model.test_examples
    values = forward(trainer.model, unseen_digits().images)[2 * layer - 1]
    found = Excitements(network)
    while not found.advance(network, examples, 25):
        pass
    for unit in range(values.shape[1]):
        digits, sizes = found.nine(layer, unit)
        assert_allclose(sizes, np.sort(values[:, unit])[:-10:-1], rtol=1e-4, atol=1e-4)
        assert_allclose(sizes, values[digits, unit], rtol=1e-4, atol=1e-4)


def test_nine_digits_excite_each_output_of_the_convolutional_network_most(model: DigitsModel) -> None:
    network = model.networks["convolutional"]
    found = Excitements(network)
    while not found.advance(network, model.test_examples, 32):
        pass
    flat = np.array([maps(model, "convolutional", digit(number))[1].values.ravel() for number in range(2000)])
    logits = flat @ network.tensor(3, "weights").reshape(-1, 10) + network.tensor(3, "biases")
    for unit in range(10):
        digits, sizes = found.nine(3, unit)
        assert_allclose(sizes, np.sort(logits[:, unit])[:-10:-1], rtol=1e-4, atol=1e-4)
        assert_allclose(sizes, logits[digits, unit], rtol=1e-4, atol=1e-4)


def test_a_read_out_is_ridge_regression_on_the_values(model: DigitsModel) -> None:
    network = model.networks["convolutional"]
    read_out = ReadOut(network, 2, train=60, test=40)
    while not read_out.advance(model, network, 16):
        pass

    def values(images: NDArray[np.uint8]) -> NDArray[np.float64]:
        rows = [maps(model, "convolutional", image.reshape(28, 28))[1].values.ravel() for image in images]
        return np.column_stack([np.array(rows, np.float64), np.ones(len(rows))])

    x = values(training_digits().images[:60])
    targets = np.eye(10)[training_digits().labels[:60]]
    penalty = np.sqrt(0.1 * (x * x).mean() * len(x))
    stacked = np.vstack([x, penalty * np.eye(x.shape[1])])  # least squares with the penalty as examples
    weights = np.linalg.lstsq(stacked, np.vstack([targets, np.zeros((x.shape[1], 10))]), rcond=None)[0]
    expected = ((values(unseen_digits().images[:40]) @ weights).argmax(1) == unseen_digits().labels[:40]).mean()
    assert read_out.score() == expected
    assert_allclose(ridge(x.astype(np.float32), targets), weights, rtol=1e-3, atol=1e-4)


def test_deeper_layers_tell_more_and_pixels_tell_something(model: DigitsModel) -> None:
    network, scores = model.networks["convolutional"], []
    for layer in range(network.layer_count + 1):
        read_out = ReadOut(network, layer, train=500, test=500)
        while not read_out.advance(model, network, 32):
            pass
        scores.append(read_out.score())
    assert 0.7 < scores[0] < scores[2]
