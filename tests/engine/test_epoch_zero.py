"""trainer.py: before training, the settings alone determine the network."""

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from engine.choices import Refused
from engine.labs.plane.settings import CONNECTIONS, FEATURES, Settings
from engine.labs.plane.trainer import Trainer

START = Settings(dataset="spiral", hidden=(4, 2))

place = st.integers(1, 4)
edits = st.one_of(
    st.tuples(st.just("add_neuron"), st.tuples(place)),
    st.tuples(st.just("remove_neuron"), st.tuples(place, st.one_of(st.none(), place))),
    st.tuples(st.just("add_layer"), st.tuples(place, st.one_of(st.none(), st.integers(1, 6)))),
    st.tuples(st.just("remove_layer"), st.tuples(place)),
    st.tuples(
        st.just("change"),
        st.fixed_dictionaries(
            {},
            optional={
                "hidden": st.lists(st.integers(1, 6), max_size=4).map(tuple),
                "inputs": st.sets(st.sampled_from(FEATURES)).map(lambda s: tuple(f for f in FEATURES if f in s)),
                "connections": st.sampled_from(CONNECTIONS),
                "batch_norm": st.booleans(),
                "dropout": st.sampled_from([0, 0.5]),
                "activation": st.sampled_from(["relu", "tanh"]),
                "batch_size": st.sampled_from([1, 10, "all"]),
                "order": st.sampled_from(["sequence", "shuffle"]),
                "regularization": st.sampled_from(["none", "L1"]),
                "method": st.sampled_from(["sgd", "adam"]),
                "loss": st.sampled_from(["squared-error", "cross-entropy"]),
                "lesions": st.sampled_from([(), ((1, 1),)]),
            },
        ),
    ),
    st.just(("arm", ())),
)


def edit(trainer: Trainer, name: str, arguments: Any) -> None:
    try:
        if name == "change":
            trainer.change(replace(trainer.settings, **arguments))
        else:
            getattr(trainer, name)(*arguments)
    except Refused:
        pass


@hypothesis_settings(max_examples=100)
@given(walk=st.lists(edits, max_size=8))
def test_at_the_start_edits_lead_to_the_experiment_that_the_address_names(walk: list[tuple[str, Any]]) -> None:
    trainer = Trainer(START)
    for name, arguments in walk:
        edit(trainer, name, arguments)
        fresh = Trainer(trainer.settings)
        for key, array in trainer.network.state.items():
            assert_array_equal(array, fresh.network.state[key], err_msg=key)
        assert_array_equal(trainer.history.samples, fresh.history.samples)
        assert (trainer.epoch, trainer.step) == (0, 0)
    fresh = Trainer(trainer.settings)
    for each in (trainer, fresh):
        each.train(3)
    assert_array_equal(trainer.parameters, fresh.parameters)


def test_weights_set_by_hand_are_kept() -> None:
    trainer = Trainer(START)
    trainer.set_parameter(0, 7.0)
    trainer.add_neuron(1)
    trainer.change(replace(trainer.settings, batch_norm=True, inputs=("x", "y", "sinX")))
    assert trainer.layers()[0][0][0, 0] == 7
    trainer.reset()
    trainer.add_neuron(1)
    assert_array_equal(trainer.parameters, Trainer(trainer.settings).parameters)


def test_weights_of_a_link_are_kept() -> None:
    trainer = Trainer(START)
    trainer.load(np.arange(START.saved_count), 0)
    before = trainer.layers()[0][0]
    trainer.add_neuron(1)
    assert_array_equal(trainer.layers()[0][0][:4], before)


def test_what_was_learned_is_kept_even_of_a_single_mini_batch() -> None:
    trainer = Trainer(START)
    trainer.train_steps(1)
    before = trainer.layers()[0][0]
    trainer.add_neuron(1)
    assert_array_equal(trainer.layers()[0][0][:4], before)


def test_weights_set_by_hand_are_kept_beyond_a_checkpoint() -> None:
    for by_hand in (False, True):
        trainer, other = Trainer(START), Trainer(START)
        if by_hand:
            trainer.set_parameter(0, 7.0)
        other.resume(trainer.moment())
        for each in (trainer, other):
            each.add_neuron(1)
        assert_array_equal(other.parameters, trainer.parameters)
        assert by_hand == (not np.array_equal(trainer.parameters, Trainer(trainer.settings).parameters))
