"""engine/labs/autoencoder: examples, PCA beside plain algebra, and a run with what a visitor does to it."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from engine.choices import Refused
from engine.labs.autoencoder.examples import examples_of, followed, images, is_named_as_declared
from engine.labs.autoencoder.pca import fitted, pca_of, subspace_angle
from engine.labs.autoencoder.settings import AutoencoderSettings, allowed
from engine.labs.autoencoder.trainer import AutoencoderRun

SMALL = AutoencoderSettings(examples="ring", hidden=(8, 8), code=1, batch_size=10, activation="tanh")


def test_pca_is_the_best_that_a_line_can_do() -> None:
    """Against the singular value decomposition, another algorithm."""
    examples = examples_of(SMALL)
    pca = fitted(examples)
    train = examples.train.astype(np.float64)
    _, _, rows = np.linalg.svd(train - train.mean(0))
    assert_allclose(np.abs(pca.components @ rows.T), np.eye(2), atol=1e-9)
    back = pca.decoded(pca.codes(examples.test, 1))
    assert_allclose(pca.errors[1], ((back - examples.test) ** 2).sum(1).mean(), rtol=1e-9)
    assert_allclose(pca.errors, [((examples.test - train.mean(0)) ** 2).sum(1).mean(), pca.errors[1], 0], atol=1e-12)


def test_the_digits_pca_is_that_of_their_readme() -> None:
    """Within a per cent: those were found with another program, on another permutation of the same digits."""
    errors = pca_of(AutoencoderSettings()).errors
    assert_allclose(errors[[0, 2, 10, 30]], [52.92, 43.48, 26.64, 13.91], rtol=1.01e-2)


@pytest.mark.parametrize("degrees", [0, 0.01, 30, 90])
def test_the_angle_between_subspaces(degrees: float) -> None:
    """Whatever the two numbers of a code stand for: only the space counts."""
    pca = pca_of(AutoencoderSettings())
    first, second, third = pca.components[:3]
    turned = np.cos(np.radians(degrees)) * second + np.sin(np.radians(degrees)) * third
    decoder = np.array([[3, 1], [-2, 0.5]]) @ np.stack([first, turned])
    assert_allclose(subspace_angle(decoder, pca), degrees, atol=1e-6)


def test_the_faces_are_as_declared() -> None:
    assert is_named_as_declared()
    faces = images("faces")
    assert (faces.train.shape, faces.test.shape, faces.factors.shape) == ((3200, 1024), (800, 1024), (800, 9))
    assert 0 <= faces.train.min() < faces.train.max() <= 1


def test_a_number_is_named_after_what_it_follows() -> None:
    random = np.random.default_rng(0)
    factors = random.random((200, 3), np.float32)
    codes = np.stack([-2 * factors[:, 1] + 1, factors[:, 2] + 0.1 * random.normal(size=200), np.ones(200)], axis=1)
    (first, exactly), (second, nearly), constant = followed(codes, factors)
    assert (first, second, constant) == (1, 2, (0, 0.0))
    assert_allclose(exactly, -1, atol=1e-9)
    assert_allclose(nearly, np.corrcoef(codes[:, 1], factors[:, 2])[0, 1], rtol=1e-9)


def test_errors_are_those_of_the_stack() -> None:
    """After an epoch without learning every example was looked at once."""
    run = AutoencoderRun(replace(SMALL, learning_rate=0), np.float64)
    run.train(1)
    model = run.model
    for examples, errors in ((model.examples.train, model.train_errors), (model.examples.test, model.test_errors)):
        back = model.decode(model.encode(examples))
        assert_allclose(errors, ((back - examples) ** 2).sum(1), rtol=1e-9)
    assert_allclose(run.losses(), (model.train_errors.mean(), model.test_errors.mean()))
    assert_array_equal(model.codes, model.encode(model.examples.test))


def test_a_run_is_the_same_however_it_is_cut() -> None:
    runs = [AutoencoderRun(SMALL) for _ in range(3)]
    runs[0].train(3)
    for _ in range(150):
        runs[1].train_steps(1)
    moment_of = None
    while runs[2].epoch < 3:
        runs[2].train_for(0.0001, 1)
        if runs[2].step == 70:
            moment_of = runs[2].moment()
            runs[2].model.draw_first()
            runs[2].model.restore(moment_of.state)
    for run in runs[1:]:
        for name, tensor in runs[0].model.state().tensors.items():
            assert_array_equal(run.model.state().tensors[name], tensor)


def test_a_long_step_is_prepared_and_finished() -> None:
    """Nothing is learnt while it is prepared, and what looks at the stack meanwhile only costs the preparation."""
    settings = AutoencoderSettings(examples="faces", hidden=(600,), batch_size=100)
    whole, cut = AutoencoderRun(settings), AutoencoderRun(settings)
    assert cut.model.is_slow
    whole.train_steps(2)
    turns = 0
    while cut.step < 2:
        before = cut.model.state().tensors["parameters"]
        stepped = cut.step
        cut.train_for(0)
        if cut.step == stepped:
            assert_array_equal(cut.model.state().tensors["parameters"], before)
        turns += 1
        if turns == 3:
            cut.model.encode(cut.model.examples.test[:2])
    assert turns > 10
    for name, tensor in whole.model.state().tensors.items():
        assert_array_equal(cut.model.state().tensors[name], tensor)


def angle_of(run: AutoencoderRun) -> float:
    assert run.model.angle is not None
    return run.model.angle


def test_linear_becomes_pca() -> None:
    settings = replace(SMALL, examples="line", noise=0.2, hidden=(), linear=True, learning_rate=0.01)
    run = AutoencoderRun(settings, np.float64)
    assert angle_of(run) > 10
    run.train(40)
    assert angle_of(run) < 1
    assert_allclose(run.losses()[1], run.model.error_of_pca, rtol=5e-3)


def test_switching_to_linear_keeps_the_weights() -> None:
    run = AutoencoderRun(SMALL)
    run.train(2)
    before = run.model.stack.state["parameters"].copy()
    with pytest.raises(AssertionError):
        angle_of(run)
    assert not run.change(replace(SMALL, linear=True))
    assert_array_equal(run.model.stack.state["parameters"], before)
    assert 0 <= angle_of(run) <= 90
    assert {layer.activation for layer in run.model.stack.layers} == {"linear"}


def test_a_curve_is_better_than_a_line() -> None:
    """2-8-8-1-8-8-2 on a ring."""
    run = AutoencoderRun(replace(SMALL, learning_rate=0.01, schedule="cosine", schedule_epochs=60))
    run.train(60)
    assert run.losses()[1] < run.model.error_of_pca / 4


def test_what_a_link_keeps_can_be_loaded() -> None:
    run = AutoencoderRun(SMALL)
    run.train(2)
    other = AutoencoderRun(SMALL)
    other.load(run.saved(), 2)
    assert len(run.saved()) == SMALL.parameters == run.model.stack.parameter_count == 211
    examples = run.model.examples.test
    assert_array_equal(other.model.encode(examples), run.model.encode(examples))
    with pytest.raises(Refused, match="211"):
        other.load(run.saved()[1:], 2)
    with pytest.raises(Refused, match="finite"):
        other.load(np.full(211, np.nan), 2)


def test_a_moment_of_another_shape_is_refused() -> None:
    run, other = AutoencoderRun(SMALL), AutoencoderRun(replace(SMALL, code=2))
    with pytest.raises(Refused, match="parameters"):
        run.model.check(other.model.state())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"hidden": (1,) * 5}, "hidden"),
        ({"hidden": (0,)}, "hidden"),
        ({"hidden": (2001,)}, "hidden"),
        ({"hidden": (2000, 2000)}, "hidden"),
        ({"code": 31}, "code"),
        ({"code": 0}, "code"),
        ({"examples": "cats"}, "examples"),
    ],
)
def test_what_cannot_be_is_refused(changes: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refusal:
        replace(AutoencoderSettings(), **changes)  # type: ignore[arg-type]
    assert refusal.value.field == field


def test_an_operator_decides_how_wide_a_stack_may_be() -> None:
    default, lecture = AutoencoderSettings(), AutoencoderSettings(hidden=(1000, 500, 250))
    assert lecture.parameters == 2_823_286
    assert allowed(1_000) == default.parameters  # the default is always allowed
    assert allowed(40_000) >= lecture.parameters
    with pytest.raises(Refused, match="2,823,286"):
        AutoencoderRun(lecture, parameter_limit=allowed(20_000))
