"""trainer.py, weights.py, history.py: changes keep what they can, runs are reproducible, divergence is found."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from engine.choices import Refused
from engine.labs.plane.checkup import examine
from engine.labs.plane.figures import figures, layer_figures, metrics, unit_picture
from engine.labs.plane.settings import ACTIVATIONS, CONNECTIONS, DATASETS, FEATURES, LOSSES, REGULARIZATIONS, Settings
from engine.labs.plane.trainer import Trainer
from engine.runs.history import History
from engine.warm_up import compiled_signatures, warm_up

XOR = Settings(dataset="xor", hidden=(4, 2))


def trained(settings: Settings = XOR, epochs: int = 20) -> Trainer:
    trainer = Trainer(settings)
    trainer.train(epochs)
    return trainer


def test_xor_is_solved_by_two_hidden_layers() -> None:
    trainer = trained(epochs=2000)
    assert max(trainer.losses()) < 0.05


def test_a_run_is_the_same_bit_for_bit_however_it_is_cut() -> None:
    whole, sliced = trained(epochs=300), Trainer(XOR)
    while sliced.epoch < 300:
        sliced.train_for(0.0005, epochs=min(7, 300 - sliced.epoch))
    assert_array_equal(whole.parameters, sliced.parameters)
    assert_array_equal(whole.history.samples, sliced.history.samples)


def test_train_for_stops_at_its_epochs_and_takes_at_least_one_step() -> None:
    trainer = Trainer(XOR)
    assert trainer.train_for(10, epochs=3) == 3
    assert (trainer.epoch, trainer.step) == (3, 3 * 25)
    assert trainer.train_for(1e-9) == 0
    assert trainer.step > 3 * 25


@pytest.mark.parametrize(
    "change",
    [
        {"learning_rate": 0.3},
        {"activation": "relu"},
        {"loss": "cross-entropy"},
        {"regularization": "L2", "regularization_rate": 0.1},
        {"batch_size": 25},
        {"batch_size": "all"},
    ],
    ids=str,
)
def test_a_change_of_method_keeps_weights_and_epoch(change: dict[str, Any]) -> None:
    trainer = trained()
    before = trainer.parameters
    assert not trainer.change(replace(XOR, **change))
    assert_array_equal(trainer.parameters, before)
    assert trainer.train(5) == 5
    assert trainer.epoch == 25
    assert not np.array_equal(trainer.parameters, before)


@pytest.mark.parametrize(
    "change", [{"dataset": "spiral"}, {"noise": 10}, {"train_share": 80}, {"seed": "b"}, {"draw": 1}]
)
def test_a_change_of_data_or_weights_starts_over(change: dict[str, Any]) -> None:
    trainer = trained()
    assert trainer.change(replace(XOR, **change))
    assert trainer.epoch == trainer.step == 0
    assert_array_equal(trainer.parameters, Trainer(replace(XOR, **change)).parameters)


def test_another_draw_keeps_the_points() -> None:
    first, other = Trainer(XOR), Trainer(replace(XOR, draw=1))
    assert_array_equal(first.data.train, other.data.train)
    assert not np.array_equal(first.parameters, other.parameters)


def test_reset_goes_back_to_the_first_weights() -> None:
    trainer = trained()
    trainer.reset()
    assert trainer.epoch == 0
    assert_array_equal(trainer.parameters, Trainer(XOR).parameters)


def test_a_new_neuron_leaves_all_weights_and_the_output_as_they_were() -> None:
    trainer = trained()
    before, losses = trainer.layers(), trainer.losses()
    trainer.add_neuron(1)
    after = trainer.layers()
    assert trainer.settings.hidden == (5, 2)
    assert_array_equal(after[0][0][:4], before[0][0])
    assert_array_equal(after[1][0][:, :4], before[1][0])
    assert_array_equal(after[2][0], before[2][0])
    assert trainer.losses() == pytest.approx(losses)
    assert trainer.epoch == 20
    trainer.train(50)
    assert (trainer.layers()[1][0][:, 4] != 0).all()


def test_a_neuron_is_removed_with_its_links_only() -> None:
    trainer = trained()
    before = trainer.layers()
    trainer.remove_neuron(1, neuron=2)
    after = trainer.layers()
    assert_array_equal(after[0][0], np.delete(before[0][0], 1, axis=0))
    assert_array_equal(after[1][0], np.delete(before[1][0], 1, axis=1))
    assert_array_equal(after[2][0], before[2][0])


@pytest.mark.parametrize("neurons", [1, 2, 9])
@pytest.mark.parametrize("connections", CONNECTIONS)
def test_neurons_set_at_once_are_those_of_one_by_one_bit_for_bit(connections: Any, neurons: int) -> None:
    settings = replace(
        DEEP,
        connections=connections,
        method="adam",
        dropout=0.3,
        activations=("same", "relu", "sine"),
        lesions=((2, 3),),
    )
    at_once, singly = trained(settings), trained(settings)
    at_once.set_neurons(2, neurons)
    for _ in range(neurons, 4):
        singly.remove_neuron(2)
    for _ in range(4, neurons):
        singly.add_neuron(2)
    assert at_once.settings == singly.settings
    assert at_once.settings.hidden == (4, neurons, 4)
    assert_array_equal(at_once.saved(), singly.saved())
    at_once.add_neuron(1)  # the next draw is the same too
    singly.add_neuron(1)
    at_once.train(5)
    singly.train(5)
    assert_array_equal(at_once.saved(), singly.saved())


@pytest.mark.parametrize(("layers", "neurons"), [(0, ()), (1, ()), (3, ()), (5, (6, 3)), (4, (2, 5, 9))])
@pytest.mark.parametrize("connections", CONNECTIONS)
def test_layers_set_at_once_are_those_of_one_by_one(connections: Any, layers: int, neurons: tuple[int, ...]) -> None:
    settings = replace(DEEP, connections=connections)
    at_once, singly = trained(settings), trained(settings)
    at_once.set_layers(layers, neurons)
    for layer in range(3, layers, -1):
        singly.remove_layer(layer)
    for layer in range(4, layers + 1):
        singly.add_layer(layer, neurons[layer - 4] if layer - 4 < len(neurons) else None)
    assert at_once.settings == singly.settings
    assert len(at_once.settings.hidden) == layers
    at_once.train(5)
    singly.train(5)
    assert_array_equal(at_once.saved(), singly.saved())


def test_as_many_neurons_as_there_are_change_nothing() -> None:
    trainer, other = trained(), trained()
    trainer.set_neurons(1, 4)
    trainer.train(3)
    other.train(3)
    assert_array_equal(trainer.saved(), other.saved())


def test_a_new_layer_passes_on_what_comes_and_keeps_all_weights() -> None:
    trainer = trained(replace(XOR, activation="relu"))
    before, losses = trainer.layers(), trainer.losses()
    trainer.add_layer(2)
    after = trainer.layers()
    assert trainer.settings.hidden == (4, 4, 2)
    for old, new in zip(before, [after[0], after[2], after[3]], strict=True):
        assert_array_equal(old[0], new[0])
        assert_array_equal(old[1], new[1])
    assert trainer.losses() == pytest.approx(losses)  # relu of a positive number is that number


def test_a_layer_is_removed_and_the_rest_still_trains() -> None:
    trainer = trained()
    first = trainer.layers()[0]
    trainer.remove_layer(2)
    assert list(trainer.settings.hidden) == [4]
    assert_array_equal(trainer.layers()[0][0], first[0])
    trainer.remove_layer(1)
    assert not trainer.settings.hidden
    assert trainer.train(3) == 3


def test_another_input_keeps_the_weights_of_the_others() -> None:
    trainer = trained()
    before, losses = trainer.layers(), trainer.losses()
    trainer.change(replace(XOR, inputs=("x", "y", "xTimesY")))
    assert_array_equal(trainer.layers()[0][0][:, :2], before[0][0])
    assert trainer.losses() == pytest.approx(losses)
    trainer.change(replace(XOR, inputs=("y",)))
    assert_array_equal(trainer.layers()[0][0][:, 0], before[0][0][:, 1])


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda t: t.add_neuron(3), "layer: 3 came, expected a number from 1 to 2"),
        (lambda t: t.remove_neuron(1, 5), "neuron: 5 came, expected a number from 1 to 4"),
        (lambda t: t.set_neurons(3, 5), "layer: 3 came, expected a number from 1 to 2"),
        (lambda t: t.set_neurons(1, 0), r"hidden: .* expected 1 to \d+ neurons"),
        (lambda t: t.set_neurons(1, 10**9), r"hidden: .* expected 1 to \d+ neurons"),
        (lambda t: t.set_layers(99), r"hidden: .* expected at most \d+ layers"),
        (lambda t: t.set_layers(4, (3, 0)), r"hidden: .* expected 1 to \d+ neurons"),
        (lambda t: t.remove_layer(0), "layer: 0 came"),
        (lambda t: t.add_layer(4), "layer: 4 came, expected a number from 1 to 3"),
        (lambda t: t.set_parameter(25, 1.0), "index: 25 came, expected a number from 0 to 24"),
    ],
)
def test_a_change_that_cannot_be_is_named_and_changes_nothing(act: Any, message: str) -> None:
    trainer = trained()
    before = trainer.parameters
    with pytest.raises(ValueError, match=message):
        act(trainer)
    assert trainer.settings == XOR
    assert_array_equal(trainer.parameters, before)


def test_the_last_neuron_of_a_layer_stays() -> None:
    trainer = Trainer(replace(XOR, hidden=(1,)))
    with pytest.raises(ValueError, match=r"hidden: .* expected 1 to 256 neurons"):
        trainer.remove_neuron(1)
    assert trainer.settings.hidden == (1,)
    assert trainer.train(1) == 1


def test_a_set_parameter_is_there_at_once() -> None:
    trainer = trained()
    trainer.set_parameter(24, -1.5)
    assert trainer.layers()[2][1][0] == -1.5


@pytest.mark.parametrize("batch_size", [1, 10, 30, "all"])
def test_divergence_stops_at_the_last_finite_step(batch_size: Any) -> None:
    settings = Settings(
        dataset="reg-plane", inputs=FEATURES, activation="linear", learning_rate=10, batch_size=batch_size
    )
    trainer = Trainer(settings)
    trainer.train(500)
    divergence = trainer.divergence
    assert divergence is not None
    assert divergence.step == trainer.step
    assert np.isfinite(trainer.parameters).all()
    assert np.isfinite(trainer.losses()[0])
    assert np.isfinite(trainer.history.samples[:, 1:]).all()
    assert trainer.train(10) == 0
    trainer.reset()
    assert trainer.divergence is None


def exploding() -> Trainer:
    """Learns well for thirty epochs, then too fast: the loss grows for fifty more until it overflows."""
    trainer = Trainer(Settings(dataset="reg-plane", hidden=(), batch_size="all", learning_rate=0.01))
    trainer.train(30)
    trainer.change(replace(trainer.settings, learning_rate=0.3))
    trainer.train(500)
    assert trainer.divergence
    assert trainer.epoch > 50
    return trainer


def test_the_way_back_leads_to_the_last_good_weights() -> None:
    trainer = exploding()
    best = trainer.history.samples[:, 1].min()
    finite = trainer.parameters
    trainer.recover()
    assert trainer.divergence is None
    assert 30 <= trainer.epoch <= 35
    assert trainer.losses()[0] <= 2 * best
    assert np.abs(trainer.parameters).max() < np.abs(finite).max()
    assert trainer.history.samples[-1, 0] == trainer.epoch
    assert trainer.history.samples[-1, 1] == pytest.approx(trainer.losses()[0])
    trainer.change(replace(trainer.settings, learning_rate=0.01))
    assert trainer.train(5) == 5


def test_a_divergence_names_the_layer_of_the_largest_weight() -> None:
    trainer = exploding()
    divergence = trainer.divergence
    assert divergence is not None
    sizes = [np.abs(matrix).max() for matrix in trainer.network.matrices]
    assert divergence.layer == int(np.argmax(sizes)) + 1
    assert divergence.largest == pytest.approx(max(sizes))


def test_there_is_no_way_back_from_good_training() -> None:
    trainer = Trainer(Settings())
    trainer.train(3)
    with pytest.raises(Refused, match="diverged"):
        trainer.recover()


def test_after_divergence_a_lower_rate_goes_on() -> None:
    trainer = Trainer(Settings(dataset="reg-plane", inputs=FEATURES, hidden=(), learning_rate=10))
    trainer.train(500)
    assert trainer.divergence
    trainer.change(replace(trainer.settings, learning_rate=0.00001))
    assert trainer.train(5) == 5


def test_weights_that_l1_took_to_zero_stay_there_until_it_is_changed() -> None:
    trainer = trained(replace(XOR, regularization="L1", regularization_rate=0.1), 50)
    weights = trainer.layers()[0][0]
    assert (weights == 0).any()
    trainer.change(replace(trainer.settings, learning_rate=0.1))
    trainer.train(20)
    assert (trainer.layers()[0][0][weights == 0] == 0).all()


@pytest.mark.parametrize("together", [{}, {"batch_size": 5}, {"order": "shuffle"}, {"activation": "relu"}])
def test_without_l1_they_learn_again_whatever_else_is_changed_with_it(together: dict[str, Any]) -> None:
    trainer = trained(replace(XOR, regularization="L1", regularization_rate=0.1), 50)
    weights = trainer.layers()[0][0]
    trainer.change(replace(trainer.settings, regularization="none", **together))
    trainer.train(20)
    assert (trainer.layers()[0][0][weights == 0] != 0).any()


def test_pictures_are_bytes_with_the_top_row_at_the_top() -> None:
    trainer = Trainer(Settings(inputs=("y",), hidden=(1,)))
    trainer.set_parameter(0, 5.0)  # the neuron is about sign(y)
    picture = figures(trainer, 100, 50).small
    assert picture.shape == (1, 50, 50)
    assert picture[0, 0].min() == 255
    assert picture[0, -1].max() == 0
    assert_array_equal(unit_picture(trainer, 1, 1, 50), picture[0])
    assert figures(trainer, 100).large.shape == (1, 100, 100)


def test_the_history_is_dense_at_first_and_small_in_the_end() -> None:
    history = History()
    while history.next_epoch() < 1_000_000:
        epoch = history.next_epoch()
        history.add(epoch, -epoch)
    epochs = history.samples[:, 0]
    assert_array_equal(epochs[:512], np.arange(512))
    assert (np.diff(epochs) <= np.maximum(1, epochs[:-1] / 256)).all()
    assert len(epochs) < 3000
    assert_array_equal(history.samples[:, 1], epochs)


DEEP = Settings(dataset="spiral", hidden=(4, 4, 4), batch_norm=True, connections="residual", learning_rate=0.01)


@pytest.mark.parametrize("connections", CONNECTIONS)
def test_a_new_neuron_changes_nothing_yet_whatever_the_connections(connections: Any) -> None:
    """Batch norm included. A residual link ends if the widths differ; then the output may change."""
    trainer = trained(replace(DEEP, connections=connections, hidden=(4, 3, 2)))
    losses = trainer.losses()
    trainer.add_neuron(2 if connections != "residual" else 1)
    assert trainer.settings.hidden == ((4, 4, 2) if connections != "residual" else (5, 3, 2))
    if connections != "residual":
        assert trainer.losses() == pytest.approx(losses)
    assert trainer.train(3) == 3


def test_a_new_layer_with_dense_connections_is_not_listened_to_yet() -> None:
    trainer = trained(replace(DEEP, connections="dense"))
    losses = trainer.losses()
    trainer.add_layer(2, 5)
    assert list(trainer.settings.shape) == [2, 4, 5, 4, 4, 1]
    assert trainer.losses() == pytest.approx(losses)
    trainer.train(5)
    trainer.remove_layer(2)
    assert list(trainer.settings.shape) == [2, 4, 4, 4, 1]
    assert trainer.train(3) == 3


def test_dense_connections_begin_at_zero_and_leave_without_a_trace() -> None:
    trainer = trained(replace(DEEP, connections="plain"))
    before, losses = trainer.layers(), trainer.losses()
    trainer.change(replace(trainer.settings, connections="dense"))
    assert trainer.losses() == pytest.approx(losses)
    assert trainer.layers()[3][0].shape == (1, 2 + 4 + 4 + 4)
    assert_array_equal(trainer.layers()[3][0][:, 10:], before[3][0])
    trainer.change(replace(trainer.settings, connections="plain"))
    assert trainer.losses() == pytest.approx(losses)


def test_batch_norm_is_switched_on_and_off_without_changing_what_the_network_says() -> None:
    trainer = trained(replace(DEEP, batch_norm=False))
    losses = trainer.losses()
    trainer.change(replace(trainer.settings, batch_norm=True))
    assert trainer.losses() == pytest.approx(losses, rel=1e-3)  # a variance of 1 and the 1e-5 that is added to it
    trainer.train(20)
    losses = trainer.losses()
    trainer.change(replace(trainer.settings, batch_norm=False))
    assert trainer.losses() == pytest.approx(losses, rel=1e-4)


def test_a_trained_network_is_loaded_with_its_running_statistics() -> None:
    learned = trained(DEEP)
    other = Trainer(DEEP)
    other.load(learned.saved(), 20)
    assert other.losses() == learned.losses()
    with pytest.raises(Refused, match="weights: 3 came"):
        other.load(np.zeros(3), 1)


def test_what_belongs_to_a_layer_moves_with_it() -> None:
    settings = replace(DEEP, activations=("same", "relu", "sine"), lesions=((1, 2), (2, 3), (3, 0)))
    trainer = Trainer(settings)
    trainer.add_layer(2)
    assert list(trainer.settings.activations) == ["same", "same", "relu", "sine"]
    assert list(trainer.settings.lesions) == [(1, 2), (3, 3), (4, 0)]
    trainer.remove_neuron(3, 1)
    assert list(trainer.settings.lesions) == [(1, 2), (3, 2), (4, 0)]
    trainer.remove_layer(1)
    assert list(trainer.settings.activations) == ["same", "relu", "sine"]
    assert list(trainer.settings.lesions) == [(2, 2), (3, 0)]


def test_a_method_keeps_its_memory_while_a_neuron_is_off_for_a_moment() -> None:
    settings = Settings(method="adam", hidden=(4, 4))
    disturbed, alone = trained(settings), trained(settings)
    disturbed.change(replace(settings, lesions=((1, 1),)))
    disturbed.change(settings)
    disturbed.train(10)
    alone.train(10)
    assert_array_equal(disturbed.parameters, alone.parameters)


def test_a_server_can_allow_fewer_parameters() -> None:
    with pytest.raises(Refused, match="at most 20 parameters; these layers have 25"):
        Trainer(Settings(), parameter_limit=20)
    trainer = Trainer(Settings(), parameter_limit=30)
    with pytest.raises(Refused, match="at most 30 parameters"):
        trainer.add_layer(1, 9)
    with pytest.raises(Refused, match="at most 30 parameters"):
        trainer.set_neurons(1, 9)
    with pytest.raises(Refused, match="at most 30 parameters"):
        trainer.set_layers(5)
    with pytest.raises(Refused, match="at most 30 parameters"):
        trainer.change(Settings(inputs=FEATURES))
    assert trainer.settings == Settings()


def test_the_largest_network_trains() -> None:
    trainer = Trainer(Settings(inputs=FEATURES, hidden=(64,) * 32, initialization="xavier-normal"))
    assert trainer.settings.parameter_count == 8 * 64 + 64 + 31 * 64 * 65 + 65
    assert trainer.train(1) == 1


actions = st.one_of(
    st.tuples(st.just("add_neuron"), st.tuples(st.integers(1, 9))),
    st.tuples(st.just("remove_neuron"), st.tuples(st.integers(1, 9))),
    st.tuples(st.just("set_neurons"), st.tuples(st.integers(1, 9), st.integers(0, 70))),
    st.tuples(st.just("set_layers"), st.tuples(st.integers(0, 9))),
    st.tuples(st.just("add_layer"), st.tuples(st.integers(1, 9))),
    st.tuples(st.just("remove_layer"), st.tuples(st.integers(1, 9))),
    st.tuples(st.just("set_parameter"), st.tuples(st.integers(0, 60), st.floats(-1e6, 1e6))),
    st.tuples(st.just("reset"), st.tuples()),
    st.tuples(
        st.just("change"),
        st.fixed_dictionaries(
            {},
            optional={
                "dataset": st.sampled_from(DATASETS),
                "noise": st.floats(0, 50),
                "train_share": st.integers(10, 90),
                "inputs": st.sets(st.sampled_from(FEATURES)).map(lambda s: tuple(f for f in FEATURES if f in s)),
                "hidden": st.lists(st.integers(1, 9), max_size=8).map(tuple),
                "activation": st.sampled_from(ACTIVATIONS),
                "loss": st.sampled_from(LOSSES),
                "learning_rate": st.sampled_from([0, 0.00001, 0.03, 1, 10]),
                "batch_size": st.one_of(st.just("all"), st.integers(1, 500)),
                "regularization": st.sampled_from(REGULARIZATIONS),
                "regularization_rate": st.sampled_from([0, 0.1, 10]),
                "classes": st.integers(2, 10),
                "connections": st.sampled_from(CONNECTIONS),
                "batch_norm": st.booleans(),
                "dropout": st.sampled_from([0, 0.3, 0.9]),
                "activations": st.lists(st.sampled_from(["same", "relu", "sine"]), max_size=3).map(tuple),
                "lesions": st.sampled_from([(), ((1, 0),), ((1, 1), (2, 1)), ((9, 1),)]),
                "stop_epochs": st.integers(0, 20),
                "stop_accuracy": st.sampled_from([0, 60]),
                "stop_plateau": st.sampled_from([0, 2]),
            },
        ),
    ),
)


@hypothesis_settings(max_examples=60)
@given(walk=st.lists(actions, max_size=12))
def test_a_random_walk_compiles_nothing_and_never_leaves_the_finite_numbers(walk: list[tuple[str, Any]]) -> None:
    warm_up()
    compiled = compiled_signatures()
    trainer = Trainer(Settings())
    for name, arguments in walk:
        try:
            if name == "change":
                trainer.change(replace(trainer.settings, **arguments))
            else:
                getattr(trainer, name)(*arguments)
        except ValueError as error:
            assert "came, expected" in str(error)  # noqa: PT017  (most walks raise nothing)
        trainer.train(3)
        trainer.train_for(0.0001)
        assert np.isfinite(trainer.parameters).all()
        hidden = trainer.settings.hidden
        outputs = trainer.settings.shape[-1]
        shown = figures(trainer, 20, 16)
        assert shown.small.shape == (sum(hidden) + (outputs if outputs > 1 else 0), 16, 16)
        assert shown.large.shape == (min(outputs, 2), 20, 20)
        assert_array_equal(shown.losses, trainer.losses())  # NaN where there are no test points
        assert_array_equal(shown.metrics, metrics(trainer))
        assert layer_figures(trainer).shape == (len(hidden) + 1, 4)
        examine(trainer)
        assert len(trainer.parameters) == trainer.settings.parameter_count
    assert compiled_signatures() == compiled


def test_after_loaded_weights_the_way_back_leads_to_them() -> None:
    settings = Settings(dataset="reg-plane", hidden=(), batch_size="all", learning_rate=0.01)
    learned = trained(settings, 30)
    trainer = Trainer(replace(settings, learning_rate=1000))
    trainer.load(learned.parameters, 30)
    trainer.train(500)
    assert trainer.divergence
    trainer.recover()
    assert trainer.epoch == 30
    assert_array_equal(trainer.parameters, learned.parameters)
    assert trainer.history.samples[:, 0].tolist() == [30]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_deep_learning_books_weights_solve_xor_exactly(dtype: Any) -> None:
    """W = [[1, 1], [1, 1]], c = [0, -1], w = [1, -2], b = 0: section 6.1."""
    trainer = Trainer(Settings(dataset="reg-logic-xor", hidden=(2,), activation="relu"), dtype)
    for index, value in enumerate([1, 1, 0, 1, 1, -1, 1, -2, 0]):
        trainer.set_parameter(index, value)
    loss, test_loss = trainer.losses()
    assert loss == 0
    assert np.isnan(test_loss)
    trainer.train(10)
    assert trainer.losses()[0] == 0
