"""links: what a link says, what is repaired, and the way from text to experiment and back."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.experiment import MAX_SPEED, Experiment, Trained
from app.labs import FIRST
from app.labs.plane.controls import CONTROLS
from app.labs.plane.lessons import SLUGS
from app.labs.plane.neighbours import NEIGHBOURS, with_neighbours
from app.labs.plane.tensorflow_playground import _CONTROLS
from app.labs.plane.view import PlaneView
from app.links import expect_link, read_link, write_link
from engine.choices import Refused
from engine.labs.plane.settings import (
    ACTIVATIONS,
    CONNECTIONS,
    DATASETS,
    FEATURES,
    INITIALIZATIONS,
    LOSSES,
    MAX_BATCH_SIZE,
    METHODS,
    ORDERS,
    REGULARIZATIONS,
    SCHEDULES,
    Settings,
)
from engine.labs.plane.trainer import Trainer
from tests.recorded import LINKS


def with_layers(settings: Settings, own: list[str], lesions: set[int]) -> Settings:
    """With what must fit the hidden layers: the first activations, and neurons counted through all of them."""
    hidden = settings.hidden
    units = [(layer, unit) for layer, count in enumerate(hidden, start=1) for unit in range(count + 1)]
    return replace(
        settings,
        activations=tuple(own[: len(hidden)]) if len(own) >= len(hidden) else (),  # type: ignore[arg-type]
        lesions=tuple(sorted({units[place % len(units)] for place in lesions})) if units else (),
    )


experiments = st.builds(
    Experiment,
    settings=st.builds(
        with_layers,
        own=st.lists(st.sampled_from(["same", *ACTIVATIONS]), max_size=8),
        lesions=st.sets(st.integers(0, 200), max_size=3),
        settings=st.builds(
            Settings,
            dataset=st.sampled_from(DATASETS),
            noise=st.integers(0, 80) | st.floats(0, 80),
            train_share=st.integers(1, 100) | st.floats(1, 100),
            seed=st.text(st.characters(codec="utf-8"), min_size=1, max_size=64),
            draw=st.integers(0, 1000),
            inputs=st.sets(st.sampled_from(FEATURES)).map(lambda some: tuple(f for f in FEATURES if f in some)),
            own_input=st.sampled_from(["sin(x*y)", " max(x, y)/2", "x² + y²", "|x| · 2 ^ y", "MOD(x,2)+1e-3y"]),
            hidden=st.lists(st.integers(1, 64), max_size=8).map(tuple),
            initialization=st.sampled_from(INITIALIZATIONS),
            activation=st.sampled_from(ACTIVATIONS),
            loss=st.sampled_from(LOSSES),
            learning_rate=st.floats(0, 1000),
            batch_size=st.integers(1, MAX_BATCH_SIZE) | st.just("all"),
            regularization=st.sampled_from(REGULARIZATIONS),
            regularization_rate=st.floats(-1000, 1000),
            method=st.sampled_from(METHODS),
            momentum=st.floats(0, 0.999),
            weight_decay=st.floats(0, 1),
            label_smoothing=st.floats(0, 0.5),
            clip=st.floats(0, 10),
            schedule=st.sampled_from(SCHEDULES),
            schedule_epochs=st.integers(1, 10**9),
            order=st.sampled_from(ORDERS),
            classes=st.integers(2, 10),
            connections=st.sampled_from(CONNECTIONS),
            batch_norm=st.booleans(),
            dropout=st.floats(0, 0.9),
            stop_epochs=st.integers(0, 10**9),
            stop_loss=st.floats(0, 10),
            stop_accuracy=st.floats(0, 100),
            stop_plateau=st.integers(0, 10**9),
            stop_set=st.sampled_from(["test", "train"]),
        ),
    ),
    view=st.builds(
        PlaneView,
        show_test=st.booleans(),
        discretize=st.booleans(),
        gradients=st.booleans(),
        errors=st.booleans(),
        hide=st.lists(st.sampled_from([*CONTROLS, "neurons_1", "neurons_12"]), unique=True).map(tuple),
        hide_text=st.booleans(),
        lesson=st.sampled_from(["", *sorted(SLUGS)]),
        speed=st.none() | st.floats(0, MAX_SPEED, exclude_min=True),
        log_loss=st.booleans(),
        log_epoch=st.booleans(),
    ),
)


@given(experiment=experiments)
def test_an_experiment_survives_the_way_through_our_link(experiment: Experiment) -> None:
    link = read_link(write_link(experiment))
    assert link.repairs == ()
    assert link.experiment == experiment


@given(experiment=experiments)
def test_what_their_links_can_say_survives_the_way_through_theirs(experiment: Experiment) -> None:
    text = write_link(experiment, theirs=True)
    link = read_link(text)
    assert link.experiment == experiment or link.repairs  # a batch larger than the points, say
    assert link.theirs == (not text.startswith("#v="))


def theirs_of(hide: tuple[str, ...]) -> list[str]:
    """Without what is hidden with its neighbours."""
    ours = {name for names, _ in NEIGHBOURS for name in names}
    return [name for name in hide if name not in ours]


@pytest.mark.parametrize("recorded", LINKS, ids=lambda link: str(link["id"]))
def test_recorded_links_say_what_they_say_there(recorded: dict[str, Any]) -> None:
    config = {**recorded["config"]}
    if config["learningRate"] is None:
        config["learningRate"] = 0.03  # the one that “®” broke, which we mend
    settings, view = read_link(recorded["url"]).experiment.settings, read_link(recorded["url"]).experiment.view
    assert settings == Settings(
        dataset=config["dataset"] if config["problem"] == "classification" else config["regDataset"],
        noise=recorded["noise_effective"],
        train_share=config["percTrainData"],
        seed=config.get("seed", Settings().seed),
        inputs=tuple(recorded["inputs"]),
        hidden=tuple(config["networkShape"]),
        initialization="zeros" if config["initZero"] else "uniform",
        activation=config["activation"],
        learning_rate=config["learningRate"],
        batch_size=config["batchSize"],
        regularization=config["regularization"],
        regularization_rate=config["regularizationRate"],
    )
    assert (view.show_test, view.discretize) == (config["showTestData"], config["discretize"])
    assert (view.hide_text, len(theirs_of(view.hide))) == (config["hideText"], len(config["hidden"]))


def say(text: str) -> dict[str, Any]:
    """Settings and view of a link that needs no repair."""
    link = read_link(text)
    assert link.repairs == ()
    return {**vars(link.experiment.settings), **vars(link.experiment.view)}


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("#networkShape=", "hidden", ()),
        ("#dataset=xor", "hidden", (4, 2)),
        ("#dataset=xor", "dataset", "xor"),
        ("dataset=xor", "dataset", "xor"),
        ("https://playground.tensorflow.org/?utm_source=x&hl=de#dataset=xor", "dataset", "xor"),
        ("#dataset=xor&\n  noise=5", "noise", 5),
        ("#problem=regression&dataset=xor&regDataset=reg-gauss", "dataset", "reg-gauss"),
        ("#problem=regression&dataset=xor", "dataset", "reg-plane"),
        ("#noise=80", "noise", 80),
        ("#x=&y=false", "inputs", ("x",)),
        ("#sinX=true&sinX_hide=true", "inputs", ("x", "y")),
        ("#sinX=true&sinX_hide=true", "hide", ("sinX",)),
        ("#sinX=true&sinX_hide=false", "inputs", ("x", "y", "sinX")),
        ("#cosX=true&cosY=true", "inputs", ("x", "y")),
        ("#x=false&y=false", "inputs", ()),
        ("#initZero=true", "initialization", "zeros"),
        ("#regularizationRate=-0.1", "regularization_rate", -0.1),
        ("#learningRate=1e-3", "learning_rate", 0.001),
        ("#batchSize=400&percTrainData=80", "batch_size", 400),
        ("#dataset=xor&dataset=gauss", "dataset", "gauss"),
        ("#playButton_hide=true&numNodes2_hide=true", "hide", ("play", "neurons_2", "speed")),
        ("#hideText=true&showTestData=true&discretize=true", "hide_text", True),
        ("#seed=a%20b", "seed", "a%20b"),
        ("#v=1&seed=a%20b", "seed", "a b"),
        ("#v=1&seed=%C2%AE", "seed", "®"),
        ("#v=1&inputs=sinX,x,x", "inputs", ("x", "sinX")),
        ("#v=1&hidden=", "hidden", ()),
        ("", "dataset", "circle"),
        ("https://playground.tensorflow.org/", "hidden", (4, 2)),
    ],
)
def test_the_rules_of_links(text: str, name: str, value: object) -> None:
    assert say(text)[name] == value


@pytest.mark.parametrize(
    ("text", "name", "value", "said"),
    [
        ("#dataset=circle®Dataset=reg-gauss&learningRate=0.1", "learning_rate", 0.1, "®"),
        ("#batchSize=5%C2%AEularization=L1", "regularization", "L1", "®"),
        ("#dataset=xor&amp;noise=5", "noise", 5, "&amp;"),
        ("#dataset%3Dxor%26noise%3D5", "noise", 5, "%"),
        ("#learningRate=NaN", "learning_rate", 0.03, "NaN"),
        ("#learningRate=-1", "learning_rate", 0, "-1"),
        ("#learningRate=1_0", "learning_rate", 0.03, "1_0"),
        ("#noise=200", "noise", 50, "200"),
        ("#noise=-3", "noise", 0, "-3"),
        ("#noise=lots", "noise", 0, "lots"),
        ("#batchSize=600", "batch_size", 250, "600"),
        ("#batchSize=2.5", "batch_size", 10, "2.5"),
        ("#batchSize=0", "batch_size", 1, "0"),
        ("#percTrainData=0", "train_share", 1, "0"),
        ("#percTrainData=300", "train_share", 100, "300"),
        ("#networkShape=8,,a,3", "hidden", (8, 3), "8,,a,3"),
        ("#networkShape=999,1", "hidden", (256, 1), "999,1"),
        ("#networkShape=" + ",".join("2" * 40), "hidden", (2,) * 32, "32 layers"),
        ("#activation=gelu", "activation", "tanh", "gelu"),
        ("#dataset=spirals", "dataset", "circle", "spirals"),
        ("#sinY=fa", "inputs", ("x", "y", "sinY"), "fa"),
        ("#dataset=xor&showTes", "dataset", "xor", "showTes"),
        ("#foo_hide=true", "hide", (), "foo"),
        ("#seed=" + "9" * 99, "seed", "9" * 64, "64"),
        ("#v=2&dataset=xor", "dataset", "xor", "version"),
        ("#v=1&noise=99&hidden=3", "hidden", (3,), "99"),
        ("#v=1&noise=much", "noise", 0, "much"),
        ("#v=1&hidden=0", "hidden", (4, 2), "0"),
        ("#v=1&hide=play,moon", "hide", ("play",), "moon"),
        ("#v=1&show_test=1", "show_test", False, "show_test"),
        ("#v=1&lesson=alchemy", "lesson", "", "“alchemy” came, expected the name of a lesson"),
        ("#v=1&lesson=1", "lesson", "", "“1” came"),
        ("#v=1&speed=0", "speed", None, "“0” came, expected epochs per second"),
        ("#v=1&speed=-3", "speed", None, "“-3” came"),
        ("#v=1&speed=2e9", "speed", None, "at most 1,000,000,000"),
        ("#v=1&speed=true", "speed", None, "“true” came"),
        ("#v=1&speed=fast", "speed", None, "“fast” came"),
        ("#v=1&speed=NaN", "speed", None, "“NaN” came"),
        ("#v=1&log_epoch=0", "log_epoch", True, "log_epoch"),
        ("#v=1&colour=red", "noise", 0, "colour"),
        ("#v=1&weights=AAAA", "noise", 0, "25"),
        ("#v=1&weights=*", "noise", 0, "25"),
    ],
)
def test_broken_links_are_repaired_and_that_is_said(text: str, name: str, value: object, said: str) -> None:
    link = read_link(text)
    assert {**vars(link.experiment.settings), **vars(link.experiment.view)}[name] == value
    assert any(said in repair for repair in link.repairs)
    assert read_link(link.text).experiment == link.experiment


@given(text=st.text(max_size=200) | st.text("#&=%,.v1dataset®nois-_", max_size=80))
def test_any_text_opens_an_experiment(text: str) -> None:
    link = read_link(text)
    assert read_link(link.text).experiment == link.experiment
    assert all(len(repair) < 3000 for repair in link.repairs)


@given(data=st.data())
def test_a_link_that_was_cut_or_changed_anywhere_opens(data: st.DataObject) -> None:
    url = data.draw(st.sampled_from([link["url"] for link in LINKS]))
    at = data.draw(st.integers(0, len(url)))
    read_link(url[:at])
    read_link(url[:at] + data.draw(st.text(max_size=3)) + url[at + 1 :])


ALL_BUT_PLAY = [
    "showTestData", "discretize", "stepButton", "resetButton", "learningRate", "activation", "regularization",
    "regularizationRate", "problem", "dataset", "percTrainData", "noise", "batchSize", "numHiddenLayers",
]  # fmt: skip


def hiding(*names: str) -> str:
    return "#dataset=xor&" + "&".join(f"{name}_hide=true" for name in names)


def test_a_link_that_hides_nearly_everything_hides_ours_too() -> None:
    link = read_link(hiding(*ALL_BUT_PLAY))
    left = set(CONTROLS) - set(link.experiment.view.hide) - set(FEATURES)
    assert left == {"play", "speed", "timeline", "neurons", "weights", "share"}
    assert link.repairs == ()


@pytest.mark.parametrize(("ours", "neighbours"), NEIGHBOURS)
def test_a_control_is_hidden_with_all_its_neighbours_and_stays_with_one(
    ours: tuple[str, ...], neighbours: tuple[str, ...]
) -> None:
    assert set(ours) <= set(with_neighbours(neighbours))
    for missing in range(len(neighbours)):
        assert not set(ours) & set(with_neighbours(neighbours[:missing] + neighbours[missing + 1 :]))


def test_a_link_that_hides_stays_theirs_when_a_setting_changes() -> None:
    link = read_link(hiding(*ALL_BUT_PLAY))
    changed = replace(link.experiment, settings=replace(link.experiment.settings, noise=5))
    text = link.address_of(changed)
    assert text.startswith("#activation=")
    assert read_link(text).experiment == changed


def test_the_docs_list_every_control_and_every_neighbour() -> None:
    text = (Path(__file__).parents[2] / "docs" / "compatibility.md").read_text()
    row = next(line for line in text.splitlines() if line.startswith("| `hide` |"))
    assert re.findall(r"`(\w+)`", row)[1:] == [
        name
        for control in CONTROLS
        if control not in FEATURES
        for name in [control, *["neurons_2"] * (control == "neurons")]
    ]
    for ours, neighbours in NEIGHBOURS:
        theirs = [next(name for name, control in _CONTROLS.items() if control == each) for each in neighbours]
        assert f"| {', '.join(f'`{name}`' for name in ours)} | {', '.join(f'`{name}`' for name in theirs)} |" in text


def test_weights_travel_as_they_are() -> None:
    parameters = np.random.default_rng(1).normal(size=25).astype(np.float32)
    text = write_link(Experiment(Settings(), PlaneView(), Trained(70, parameters)))
    link = read_link(text)
    assert link.repairs == ()
    assert link.experiment.trained is not None
    assert link.experiment.trained.epoch == 70
    assert link.experiment.trained.parameters.tobytes() == parameters.tobytes()
    assert len(text) < 200


def test_weights_that_are_no_numbers_are_left_out() -> None:
    parameters = np.full(25, np.nan, np.float32)
    assert read_link(write_link(Experiment(Settings(), PlaneView(), Trained(0, parameters)))).experiment.trained is None


def test_a_link_of_theirs_stays_until_it_cannot_say_what_there_is() -> None:
    link = read_link("https://playground.tensorflow.org/#dataset=xor&seed=0.5")
    experiment = link.experiment
    assert link.address_of(experiment) == "#dataset=xor&seed=0.5"
    changed = replace(experiment, settings=replace(experiment.settings, hidden=(3,)))
    assert "networkShape=3" in link.address_of(changed)
    assert link.address_of(changed).startswith("#activation=tanh&batchSize=10&dataset=xor&regDataset=reg-plane&")
    ours = replace(experiment, settings=replace(experiment.settings, loss="cross-entropy"))
    assert link.address_of(ours) == "#v=1&dataset=xor&seed=0.5&loss=cross-entropy"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"lesson": "adam"}, "lesson=adam"),
        ({"speed": 30}, "speed=30"),
        ({"log_loss": True}, "log_loss=true"),
        ({"log_epoch": False}, "log_epoch=false"),
        ({"gradients": True}, "gradients=true"),
    ],
)
def test_what_a_page_shows_that_theirs_cannot_is_said_in_ours(change: dict[str, Any], said: str) -> None:
    link = read_link("https://playground.tensorflow.org/#dataset=xor&seed=0.5")
    changed = replace(link.experiment, view=replace(link.experiment.view, **change))
    assert link.address_of(changed) == f"#v=1&dataset=xor&seed=0.5&{said}"


@pytest.mark.parametrize(
    ("text", "lesions", "said"),
    [
        ("#v=1&lesions=1-2,2-0", ((1, 2), (2, 0)), ""),
        ("#v=1&lesions=3-1", (), "3"),
        ("#v=1&lesions=1", (), "1"),
        ("#v=1&lesions=a-b", (), "a-b"),
    ],
)
def test_lesions_name_layer_and_neuron(text: str, lesions: tuple[tuple[int, int], ...], said: str) -> None:
    link = read_link(text)
    assert link.experiment.settings.lesions == lesions
    assert (said in link.repairs[0]) if said else not link.repairs


NOTHING = [
    "https://goo.gl/VyoRWX", "https://example.org/", "https://example.org/?dataset=xor", "#foo", "#foo=1",
    "good morning", "x", "https://github.com/tensorflow/playground#readme", "https://example.org/page#:~:text=x",
    "data:image/png;base64,iVBORw0KGgo=",
]  # fmt: skip


@pytest.mark.parametrize("text", [*NOTHING, "", " \n"])
def test_what_is_no_experiment_is_refused_in_plain_words(text: str) -> None:
    with pytest.raises(Refused, match="a link of Hyperplane or TensorFlow Playground, such as https://"):
        expect_link(text)


@pytest.mark.parametrize("text", NOTHING)
def test_where_nothing_runs_yet_the_default_is_opened_and_that_is_said(text: str) -> None:
    link = read_link(text)
    assert not link.understood
    assert link.experiment == FIRST.experiment()
    assert "is no experiment; the default one is opened" in link.repairs[0]
    assert link.text == "#v=1"


@pytest.mark.parametrize(
    "text",
    ["https://playground.tensorflow.org/", "<http://playground.tensorflow.org>", "playground.tensorflow.org/?hl=de#.",
     "http://127.0.0.1:8000/", "http://localhost:8000/#", "#v=1"],
)  # fmt: skip
def test_a_playgrounds_bare_address_is_the_default_experiment(text: str) -> None:
    expect_link(text)
    link = read_link(text)
    assert (link.experiment, link.repairs, link.understood) == (FIRST.experiment(), (), True)


WEIGHTS = write_link(Experiment(Settings(), PlaneView(), Trained(0, np.zeros(25, np.float32)))).partition("&weights=")[
    2
]


@pytest.mark.parametrize("weights", ["", f"&weights={WEIGHTS}"])
@pytest.mark.parametrize("epoch", ["-5", "1000000000001", "1e13", "2.5", "many", "", "NaN"])
def test_an_epoch_that_cannot_be_is_said_and_the_address_is_clean(epoch: str, weights: str) -> None:
    link = read_link(f"#v=1&epoch={epoch}{weights}")
    assert link.repairs[0].startswith(f"epoch: “{epoch}” came")
    assert link.text == ("#v=1" if not weights else f"#v=1&epoch=0{weights}")
    assert link.experiment.trained is None or link.experiment.trained.epoch == 0


def test_a_network_too_large_for_the_server_gets_the_default_layers_and_that_is_said() -> None:
    link = read_link("#v=1&dataset=xor&hidden=64,64,64&lesions=3-64")
    assert link.within(9000) is link
    smaller = link.within(5000)
    assert smaller.experiment.settings == Settings(dataset="xor")
    assert "8,577 parameters came, expected at most 5,000" in smaller.repairs[0]
    assert smaller.text == "#v=1&dataset=xor"


def test_weights_in_a_link_bring_the_running_statistics() -> None:
    trainer = Trainer(Settings(batch_norm=True))
    trainer.train(20)
    text = write_link(Experiment(trainer.settings, PlaneView(), Trained(20, trainer.saved())))
    other = Trainer(read_link(text).experiment.settings)
    trained = read_link(text).experiment.trained
    assert trained is not None
    other.load(trained.parameters, trained.epoch)
    assert other.losses() == trainer.losses()
