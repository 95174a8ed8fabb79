"""moments.py: an experiment as a file, opened again bit for bit, read by PyTorch, and refused where it is wrong."""

import copy
import json
import math
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given as drawn
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from numpy.typing import NDArray
from safetensors.numpy import load, save
from safetensors.torch import load as load_torch

from app.client import metadata
from app.exports import arrays, moments
from app.exports.moments import MOST_BYTES, freeze, looks_like_moment, read, run_of, write_json, write_safetensors
from app.labs.plane import exports
from app.links import read_link
from engine.choices import Refused
from engine.labs.plane.given import give_classes, give_values
from engine.labs.plane.trainer import Trainer
from engine.runs.data import Given

PLACES = np.random.default_rng(1).uniform(-6, 6, (40, 2))
NAMED = give_classes(PLACES, np.arange(40) % 3, ["a", "b", "c"], ["rot", "grün", "blau"])
VALUES = give_values(PLACES, np.sin(PLACES[:, 0]))

RUNS: dict[str, tuple[str, Given | None, str]] = {
    "Adam": ("#v=1&hidden=3,2&method=adam&learning_rate=0.01", None, "float32"),
    "momentum and shuffled batches": ("#v=1&method=momentum&order=shuffle&batch_size=7&hidden=4", None, "float32"),
    "L1, which fixes weights at zero": (
        "#v=1&hidden=5,3&regularization=L1&regularization_rate=0.1&learning_rate=0.1", None, "float32"),
    "batch norm and residual links": (
        "#v=1&dataset=gauss&classes=4&loss=cross-entropy&hidden=4,4&connections=residual&batch_norm=true", None,
        "float32"),
    "float64": ("#v=1&hidden=3&method=rmsprop&dropout=0.2&order=random", None, "float64"),
    "given classes": ("#v=1&hidden=4", NAMED, "float32"),
    "given values": ("#v=1&hidden=4&batch_size=all", VALUES, "float32"),
    "no test points": ("#v=1&dataset=logic-xor&hidden=2", None, "float32"),
    "no input": ("#v=1&inputs=&hidden=2", None, "float32"),
    "diverged": ("#v=1&hidden=4&activation=relu&learning_rate=100", None, "float32"),
}  # fmt: skip


def trained(name: str, epochs: int = 20, steps: int = 3) -> Trainer:
    """Inside an epoch, unless it has ended before."""
    link, given, dtype = RUNS[name]
    opened = read_link(link)
    run: Any = opened.lab.engine.begin(opened.experiment.settings, dtype=np.dtype(dtype))
    if given:
        run.learn(given)
    run.train(epochs)
    run.train_steps(steps)
    return run  # type: ignore[no-any-return]


def frozen(run: Trainer, link: str = "#v=1") -> Any:
    return freeze(run, read_link(link).experiment.view, link)


FILES = {
    name: (write_safetensors(frozen(run)), write_json(frozen(run))) for name, run in ((n, trained(n)) for n in RUNS)
}


# -- there and back ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", RUNS)
def test_either_form_is_written_again_with_the_same_bytes(name: str) -> None:
    for file in FILES[name]:
        again = read(file)
        assert (write_safetensors(again), write_json(again)) == FILES[name]
        assert looks_like_moment(file[:40])


@pytest.mark.parametrize("form", [0, 1], ids=["safetensors", "JSON"])
@pytest.mark.parametrize("name", RUNS)
def test_training_goes_on_with_the_same_bits(name: str, form: int) -> None:
    run: Any = trained(name)
    again: Any = run_of(read(FILES[name][form]))
    for _ in range(2):
        assert again.place == run.place
        assert again.divergence == run.divergence
        for tensor, values in run.model.state().tensors.items():
            if tensor != "statistics":
                assert_array_equal(again.model.state().tensors[tensor], values, tensor)
        assert_array_equal(again.network.running, run.network.running)
        assert_array_equal(again.history.samples, run.history.samples)
        for each in (run, again):
            each.train(30)


def test_what_a_page_shows_and_the_link_come_back_too() -> None:
    link = "#v=1&hidden=3&discretize=true&show_test=true&lesson=perceptron-xor&speed=30"
    opened = read_link(link)
    run: Any = opened.lab.engine.begin(opened.experiment.settings)
    for write in (write_safetensors, write_json):
        again = read(write(freeze(run, opened.experiment.view, link)))
        assert (again.view, again.link, again.playing) == (opened.experiment.view, link, False)
        gone = replace(opened.experiment.view, lesson="")
        wrong = write(freeze(run, opened.experiment.view, link)).replace(b"perceptron-xor", b"perceptron-now")
        assert read(wrong).view == gone  # lessons come and go with versions


def test_drawn_and_given_points_are_those_of_before() -> None:
    again = run_of(read(FILES["given classes"][0]))
    assert again.given == NAMED
    assert again.given is not None
    assert again.given.classes == ("rot", "grün", "blau")


# -- what other programs find ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Adam", "batch norm and residual links", "given values", "float64", "no test points"])
def test_the_exported_pytorch_file_loads_the_moment_strictly(name: str) -> None:
    """`docs/export.md` describes the file; here the numbers that it has itself are drawn anew before."""
    run: Any = trained(name)
    code = dict[str, Any]()
    exec(compile(exports.write(run, "pytorch"), "exported.py", "exec"), code)
    model = code["Model"]().to(code["DTYPE"])
    model.load_state_dict(load_torch(FILES[name][0]), strict=True)
    model.eval()
    with torch.no_grad():
        said = model(torch.tensor(run.data.train[:, :2])).numpy()
    expected = run.network.outputs(run.model.train_examples).T.reshape(said.shape)
    np.testing.assert_allclose(said, expected, atol=1e-5)


def test_weights_that_pytorch_has_changed_are_opened() -> None:
    file = FILES["Adam"][0]
    tensors = load_torch(file)
    tensors["layer_1.weight"] *= 2
    from safetensors.torch import save as save_torch  # noqa: PLC0415  its name is that of NumPy's

    run: Any = run_of(read(save_torch(tensors, metadata(file))))
    before: Any = trained("Adam")
    assert_array_equal(run.layers()[0][0], 2 * before.layers()[0][0])
    assert_array_equal(run.layers()[1][0], before.layers()[1][0])


def test_the_json_has_what_the_command_line_prints() -> None:
    run: Any = trained("given classes")
    said = json.loads(FILES["given classes"][1])
    weights, biases = zip(*run.layers(), strict=True)
    for layer, matrix in enumerate(weights):
        assert_array_equal(np.array(said["model"]["weights"][layer], np.float32), matrix)
        assert_array_equal(np.array(said["model"]["biases"][layer], np.float32), biases[layer])
    assert said["place"]["epoch"] == run.epoch
    assert said["history"]["values"][-1][:2] == [run.epoch, run.history.samples[-1, 1]]
    assert said["examples"]["arrays"]["points"]["values"] == PLACES.tolist()


def test_numbers_have_few_digits_and_words_for_what_json_cannot_say() -> None:
    tenth, odd = np.float32(0.1), np.float32(1.00000012)
    assert arrays.in_numbers(np.array([tenth, odd, -0.0], np.float32)) == [0.1, 1.0000001, -0.0]
    said = arrays.in_lists(np.array([[1.0, math.nan], [math.inf, -math.inf]]))
    assert said["values"] == [[1.0, "NaN"], ["Infinity", "-Infinity"]]
    assert_array_equal(arrays.read(said), [[1, math.nan], [math.inf, -math.inf]])


@drawn(st.lists(st.floats(width=32), min_size=1, max_size=30), st.sampled_from(["float32", "float64"]))
def test_any_array_is_read_as_it_was(numbers: list[float], dtype: str) -> None:
    array = np.array(numbers, dtype)
    for said in (arrays.in_lists(array), arrays.in_bytes(array)):
        again = arrays.read(json.loads(json.dumps(said, allow_nan=False)))
        assert again.dtype == array.dtype
        is_number = ~np.isnan(array)
        assert again[is_number].tobytes() == array[is_number].tobytes()
        assert np.isnan(again[~is_number]).all()


# -- what is refused ---------------------------------------------------------------------------------------------------


def changed(change: Callable[[dict[str, Any]], None], name: str = "Adam") -> bytes:
    said = json.loads(FILES[name][1])
    change(said)
    return json.dumps(said).encode()


def put(path: str, value: object) -> Callable[[dict[str, Any]], None]:
    def change(said: dict[str, Any]) -> None:
        place: Any = said
        *way, last = path.split(".")
        for part in way:
            place = place[int(part) if isinstance(place, list) else part]
        place[int(last) if isinstance(place, list) else last] = value

    return change


@pytest.mark.parametrize(
    ("file", "field", "words"),
    [
        (b"", "file", "0 bytes"),
        (b"a;b\n1;2\n", "file", "begin with"),
        (b'{"kind": "moment"', "file", "line 1, column 18"),
        (b'{"a": 1}', "file", "without an experiment"),
        (save({"w": np.ones(3)}), "file", "without an experiment"),
        (b"\xff" * 7 + b"\x7f{", "file", "begin with"),
        (b"{" * 5_000, "file", ""),
        (b"[" * 5_000, "file", "begin with"),
        (b" " * (MOST_BYTES + 1), "file", "at most"),
        (changed(put("version", 2)), "version", "newer"),
        (changed(put("lab", "descent")), "lab", "plane"),
        (changed(put("settings.learning_rate", "fast")), "learning_rate", "fast"),
        (changed(put("settings.colour", 1)), "colour", "setting"),
        (changed(put("settings.hidden", [300])), "hidden", "neurons"),
        (changed(put("place.epoch", -1)), "place.epoch", ""),
        (changed(put("model.weights.1.0.1", None)), r"model\.weights\[1\]", "number"),
        (changed(put("model.weights.1.0", [1, 2])), r"model\.weights\[1\]", ""),
        (changed(put("model.weights.1", [[1, 2, 3]])), "layer_2.weight", r"\(1, 3\)"),
        (changed(put("model.biases.2.0", "NaN")), "output.bias", "finite"),
        (changed(put("model.biases.2.0", 1e300)), "output.bias", "finite"),
        (changed(put("model.sizes", [])), r"model\.sizes", "3 weights"),
        (changed(put("training.moments", {"dtype": "float32", "shape": [2, 10**12], "all": 0})), "training", "1,048"),
        (changed(put("training.alive", {"dtype": "object", "shape": [1], "all": 0})), "training", "object"),
        (changed(put("history.values.0.0", 5)), "history", "epoch"),
        (changed(put("examples.arrays.points.values.0.0", 1e9), "given values"), "points", "1,000,000"),
        (changed(put("examples", None), "given values"), "dataset", ""),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_by_name(file: bytes, field: str, words: str) -> None:
    with pytest.raises(Refused, match=f"(?s){field}.*{words}"):
        run_of(read(file))


def test_a_network_that_a_server_does_not_allow_is_refused() -> None:
    with pytest.raises(Refused, match="at most 10"):
        run_of(read(FILES["Adam"][0]), 10)


VALUES_OF_ANY_KIND: list[Any] = [
    None, True, -1, 0, 1, 1.5, 2**31, 2**63, 10**400, 1e308, "", "x", "NaN", "\x00", "x" * 3_000, [], {}, [None], [[]],
    [1e9] * 40, {"": None}, {"dtype": "float32", "shape": [3], "all": 1}, {"dtype": "float64", "values": [[1, 2]]},
]  # fmt: skip


def other_value(rng: random.Random, place: Any) -> None:
    """Anywhere, also deep inside."""
    while True:
        name = rng.choice(list(place)) if isinstance(place, dict) else rng.randrange(len(place))
        inner = place[name]
        if not (isinstance(inner, dict | list) and inner and rng.random() < 0.8):
            place[name] = copy.deepcopy(rng.choice(VALUES_OF_ANY_KIND))
            return
        place = inner


def goes_on(file: bytes) -> bool:
    """Whether it is taken; what is taken must train and be written like any other."""
    try:
        run: Any = run_of(read(file))
    except Refused:
        return False
    run.train(1)
    write_json(frozen(run))
    return True


@pytest.mark.parametrize("seed", range(6))
def test_a_damaged_json_is_refused_or_harmless(seed: int) -> None:
    rng = random.Random(seed)
    taken = 0
    for _ in range(50):
        said = json.loads(rng.choice(list(FILES.values()))[1])
        for _ in range(rng.choice([1, 1, 2])):
            other_value(rng, said)
        taken += goes_on(json.dumps(said).encode())
    assert taken < 50


@pytest.mark.parametrize("seed", range(6))
def test_damaged_bytes_are_refused_or_harmless(seed: int) -> None:
    rng = random.Random(seed)
    refused = 0
    for _ in range(40):
        file = bytearray(rng.choice(list(FILES.values()))[rng.randrange(2)])
        for _ in range(rng.choice([1, 1, 5])):
            file[rng.randrange(len(file))] = rng.randrange(256)
        if rng.random() < 0.2:
            del file[rng.randrange(len(file)) :]
        refused += not goes_on(bytes(file))
    assert refused > 0


@drawn(st.binary(max_size=300))
def test_no_bytes_at_all_are_taken(file: bytes) -> None:
    with pytest.raises(Refused):
        read(file)
    with pytest.raises(Refused):
        read(FILES["Adam"][0][:8] + file)


def test_tensors_of_another_network_are_refused_by_name() -> None:
    def with_tensors(tensors: dict[str, NDArray[Any]]) -> bytes:
        return save(tensors, metadata(FILES["Adam"][0]))

    tensors = load(FILES["Adam"][0])
    with pytest.raises(Refused, match=r"no layer_2\.bias"):
        read(with_tensors({name: each for name, each in tensors.items() if name != "layer_2.bias"}))
    with pytest.raises(Refused, match="tensors: 'more'"):
        read(with_tensors({**tensors, "more": np.ones(2)}))
    with pytest.raises(Refused, match=r"layer_1\.bias: 'float64"):
        read(with_tensors({**tensors, "layer_1.bias": tensors["layer_1.bias"].astype(np.float64)}))


def test_the_largest_networks_keep_within_the_limits() -> None:
    opened = read_link("#v=1&hidden=" + ",".join(["68"] * 32) + "&method=adam&regularization=L1&regularization_rate=1")
    run: Any = opened.lab.engine.begin(opened.experiment.settings)
    assert run.settings.parameter_count > 140_000
    run.train_steps(30)
    run.train(1)
    file = write_safetensors(frozen(run))
    assert len(file) < 4 * 2**20
    assert len(write_json(frozen(run))) < MOST_BYTES
    assert moments.write_safetensors(read(file)) == file


@pytest.mark.parametrize("write", [write_safetensors, write_json])
def test_both_networks_of_the_digits_go_home_and_on(write: Callable[[Any], bytes]) -> None:
    opened = read_link("#lab=digits&v=1&digits=200")
    run: Any = opened.lab.engine.begin(opened.experiment.settings)
    run.train_steps(3)
    file = write(freeze(run, opened.experiment.view, opened.text))
    again = run_of(read(file))
    assert write(freeze(again, opened.experiment.view, opened.text)) == file
    for each in (run, again):
        each.train_steps(2)
    assert_array_equal(again.saved(), run.saved())
    with pytest.raises(Refused, match="parameters"):
        read(write_json(freeze(run, opened.experiment.view, opened.text)).replace(b'"parameters"', b'"parameter"', 1))
