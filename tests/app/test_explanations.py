"""explanations.py: every control has one, short enough to be read at a glance, about what the lecture really has."""

import re

import pytest

from app.labs.plane.controls import CONTROLS
from app.labs.plane.explanations import EXPLANATIONS

LONGEST = 200
# Headings of the lecture, as its slides have them.
PARTS = {
    "Neural Networks", "Neural Networks with 1 Hidden Layer", "XOR Problem", "2-D Spiral Problem",
    "NN as Nonlinear Classifier", "Training of DNN", "Gradient Descent", "Simple Gradient Descent",
    "Stochastic Gradient Descent", "Loss Function: Cross Entropy", "Recent Development",
    "Backpropagation for Training Multilayer Networks",
}  # fmt: skip


@pytest.mark.parametrize("control", CONTROLS)
def test_every_control_that_a_lesson_can_hide_is_explained(control: str) -> None:
    assert EXPLANATIONS[control]


@pytest.mark.parametrize("name", EXPLANATIONS)
def test_an_explanation_is_short_and_made_of_sentences(name: str) -> None:
    text = EXPLANATIONS[name]
    assert len(text) <= LONGEST
    assert re.fullmatch(r"[A-Z].*[.?]", text)
    assert '"' not in text


@pytest.mark.parametrize("name", [name for name, text in EXPLANATIONS.items() if "Lecture" in text])
def test_the_parts_of_the_lecture_exist(name: str) -> None:
    named = re.findall("“([^”]+)”", EXPLANATIONS[name].partition("Lecture: ")[2])
    assert named
    assert set(named) <= PARTS
