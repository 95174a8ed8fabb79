"""app/labs/digits/lessons.py: every lesson is trained to its end, and must show what it says."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from app.labs.digits.lessons import CHAPTERS, LESSONS, SLUGS
from app.labs.lesson import Lesson
from app.links import read_link, write_link
from engine.labs.digits.insights import ReadOut
from engine.labs.digits.mnist import training_digits
from engine.labs.digits.settings import Twin, allowed
from engine.labs.digits.surveys import Survey, by_distance, by_shift
from engine.labs.digits.trainer import DigitsTrainer

A_SERVERS_LIMIT = 40_000  # parameters, unless told


@cache
def trained(slug: str) -> DigitsTrainer:
    """As a visitor sees it in the end: all lessons stop by themselves."""
    settings = read_link(LESSONS[slug].link).experiment.settings
    trainer = DigitsTrainer(settings)
    trainer.train(settings.stop_epochs)
    assert trainer.stop
    return trainer


def accuracy(slug: str, twin: Twin) -> float:
    """On all test digits, centred."""
    survey = Survey(np.arange(2000))
    survey.advance(trained(slug).model, 2000)
    return float(survey.accuracy(twin)[0])


@cache
def by_pixels(slug: str) -> dict[Twin, list[float]]:
    """Accuracy by 0 to 6 pixels off centre."""
    survey = by_shift()
    while not survey.advance(trained(slug).model, 200):
        pass
    return {twin: by_distance(survey, twin).tolist() for twin in ("plain", "convolutional")}


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)
def test_a_lesson_is_a_link_that_needs_no_repair_and_fits_a_server(lesson: Lesson) -> None:
    link = read_link(lesson.link)
    assert (link.understood, link.repairs) == (True, ())
    assert link.experiment.view.lesson == lesson.slug
    assert write_link(link.experiment) == link.text
    assert link.experiment.settings.parameters <= allowed(A_SERVERS_LIMIT)


def test_lessons_have_names_of_their_own() -> None:
    lessons = [lesson for chapter in CHAPTERS for lesson in chapter.lessons]
    assert len(lessons) >= 6
    assert {lesson.slug for lesson in lessons} == SLUGS
    assert len({lesson.title for lesson in lessons}) == len(lessons)


def test_as_a_list_and_as_a_picture() -> None:
    assert 0.90 < accuracy("flattened-digits", "plain") < 0.94
    assert accuracy("flattened-digits", "convolutional") > 0.965


def test_off_centre_the_plain_network_falls_first() -> None:
    plain, convolutional = (by_pixels("off-centre")[twin] for twin in ("plain", "convolutional"))
    assert plain[3] < 0.5 < convolutional[3]
    assert convolutional[6] < 0.5


def test_shuffled_pixels_cost_the_convolutional_network_its_lead() -> None:
    plain, convolutional = (accuracy("shuffled-pixels", twin) for twin in ("plain", "convolutional"))
    assert abs(plain - accuracy("flattened-digits", "plain")) < 0.015
    assert convolutional < accuracy("flattened-digits", "convolutional") - 0.02


def test_weights_of_pixels_that_never_have_ink_stay_as_they_began() -> None:
    trainer = trained("a-weight-for-each-pixel")
    first = DigitsTrainer(trainer.settings).model.networks["plain"].tensor(1, "weights")
    now = trainer.model.networks["plain"].tensor(1, "weights")
    assert now.shape == (784, 14)
    is_blank = training_digits().images.max(0) == 0
    assert is_blank.sum() > 100
    assert is_blank.reshape(28, 28)[[0, 0, -1, -1], [0, -1, 0, -1]].all()  # the corners
    assert_array_equal(now[is_blank], first[is_blank])
    assert (now != first)[~is_blank].mean() > 0.9


def test_a_plain_unit_that_is_switched_off_costs_accuracy() -> None:
    settings = trained("a-weight-for-each-pixel").settings
    trainer = DigitsTrainer(settings)
    trainer.load(trained("a-weight-for-each-pixel").saved(), epoch=6)
    costs = []
    for unit in range(1, 15):
        trainer.change(replace(settings, plain_off=((1, unit),)))
        survey = Survey(np.arange(2000))
        survey.advance(trainer.model, 2000)
        costs.append(accuracy("a-weight-for-each-pixel", "plain") - float(survey.accuracy("plain")[0]))
    assert np.median(costs) > 0.05


def test_without_pooling_the_output_needs_16_000_weights() -> None:
    network = trained("pooling").model.networks["convolutional"]
    assert network.tensor(3, "weights").size == 16_000


def test_deeper_layers_tell_digits_better() -> None:
    model = trained("read-outs").model
    network = model.networks["convolutional"]
    scores = []
    for layer in range(3):
        read_out = ReadOut(network, layer)
        while not read_out.advance(model, network, 25):
            pass
        scores.append(read_out.score())
    assert scores == sorted(scores)


def test_global_max_reads_digits_off_centre() -> None:
    assert by_pixels("global-max")["convolutional"][3] > 0.9


def test_training_with_shifts_teaches_both() -> None:
    plain, convolutional = (by_pixels("train-with-shifts")[twin] for twin in ("plain", "convolutional"))
    assert min(plain[:4]) > by_pixels("off-centre")["plain"][3] + 0.2
    assert plain[0] < by_pixels("off-centre")["plain"][0]
    assert convolutional[0] > by_pixels("off-centre")["convolutional"][0] - 0.01
    assert convolutional[4] > 0.95
