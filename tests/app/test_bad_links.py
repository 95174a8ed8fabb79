"""links: whatever stands in an address, an experiment that can be trained comes out, and soon."""

import random
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.links import Link, read_link, write_link
from app.protocol import Step
from app.sessions.session import Session
from engine.labs.plane.settings import FEATURES, SETTING_NAMES
from tests.app.test_links import experiments
from tests.recorded import LINKS

LONGEST = 64 * 1024  # bytes of a message; the address that a page sends lies in one
SECONDS = 5.0  # of processor time for the longest: the worst takes a tenth of one, a quadratic expression half a minute
LONGEST_REPAIR = 1_000

texts = st.sampled_from([str(link["url"]) for link in LINKS]) | st.builds(write_link, experiments, theirs=st.booleans())


def check(text: str) -> Link:
    """That a text opens something, and that its address is as good as the text."""
    link = read_link(text)
    again = read_link(link.text)
    assert again.experiment == link.experiment
    assert again.repairs == ()
    assert read_link(write_link(link.experiment)).experiment == link.experiment
    assert all(len(repair) <= LONGEST_REPAIR for repair in link.repairs)
    return link


# -- mutations: what happens to a link on its way, and what somebody might try ----------------------------------------

VALUES = [
    "", "0", "-0", "-1", "1e999", "-1e999", "1e-999", "NaN", "nan", "inf", "0x10", "1_000", "٣", "½", "true", "TRUE",
    "null", "None", "9" * 400, "0." + "0" * 400 + "1", "%00", "%ff", "%ED%A0%80", "\ud800", "\0", "🙂", ",", ",,,,",
    "1,2,3", "-", "1-1", "1-1-1", "=", "=1", "<script>", "../../x", "%2525", "a" * 100, "constructor", "__class__",
]  # fmt: skip
NAMES = [*SETTING_NAMES, *FEATURES, "v", "weights", "epoch", "hide", "networkShape", "noise_hide", "_hide", "", "\0"]


def other_value(rng: random.Random, text: str) -> str:
    parts = text.split("&")
    at = rng.randrange(len(parts))
    parts[at] = f"{parts[at].partition('=')[0]}={rng.choice(VALUES)}"
    return "&".join(parts)


def one_more(rng: random.Random, text: str) -> str:
    return f"{text}&{rng.choice(NAMES)}={rng.choice(VALUES)}"


def one_less(rng: random.Random, text: str) -> str:
    parts = text.split("&")
    del parts[rng.randrange(len(parts))]
    return "&".join(parts)


def shuffled(rng: random.Random, text: str) -> str:
    parts = text.split("&")
    rng.shuffle(parts)
    return "&".join(parts)


def cut(rng: random.Random, text: str) -> str:
    return text[rng.randrange(len(text) + 1) :] if rng.random() < 0.5 else text[: rng.randrange(len(text) + 1)]


def twice(rng: random.Random, text: str) -> str:
    return text + rng.choice(["", "&", "#", "\n"]) + text


def other_character(rng: random.Random, text: str) -> str:
    at = rng.randrange(len(text) + 1)
    return text[:at] + rng.choice(["&", "=", "#", "%", "®", "\n", "\0", ",", "-", "\ud800", "9"]) + text[at + 1 :]


def mailed(rng: random.Random, text: str) -> str:
    return rng.choice([text.replace("&", "&amp;"), text.replace("=", "%3D"), text.replace("&reg", "®"), f"<{text}>"])


MUTATIONS: list[Callable[[random.Random, str], str]] = [
    other_value, one_more, one_less, shuffled, cut, twice, other_character, mailed,
]  # fmt: skip


@settings(max_examples=300)
@given(text=texts, seed=st.integers(0, 2**32), count=st.integers(1, 4))
def test_a_changed_link_opens_an_experiment_within_bounds(text: str, seed: int, count: int) -> None:
    rng = random.Random(seed)
    for mutation in rng.choices(MUTATIONS, k=count):
        text = mutation(rng, text)
    check(text)


@given(names=st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(VALUES)), max_size=6), ours=st.booleans())
def test_any_value_of_any_name_is_taken_or_repaired(names: list[tuple[str, str]], ours: bool) -> None:
    check("#" + "&".join(["v=1"] * ours + [f"{name}={value}" for name, value in names]))


@settings(max_examples=25)
@given(text=texts, seed=st.integers(0, 2**32))
def test_what_comes_out_can_be_trained(text: str, seed: int) -> None:
    rng = random.Random(seed)
    text = other_value(rng, one_more(rng, text))
    session = Session(read_link(text), clock=lambda: 0.0, parameter_limit=2_000)
    session.receive(Step())
    session.advance()
    assert session.picture


# -- long ones ---------------------------------------------------------------------------------------------------------

LONG = {
    "digits": "#v=1&noise=" + "1" * LONGEST + "x",
    "digits after a point": "#v=1&noise=1." + "1" * LONGEST + "x",
    "digits of theirs": "#noise=" + "1" * LONGEST + "x",
    "an exponent": "#v=1&noise=1e" + "1" * LONGEST,
    "spaces": "#a" + " " * LONGEST + "b",
    "spaces of a value": "#v=1&noise=" + " " * LONGEST + "x",
    "lines": "#a" + "\n \r" * (LONGEST // 3) + "b",
    "layers": "#v=1&hidden=" + "1," * (LONGEST // 2),
    "layers that are none": "#v=1&hidden=" + "a," * (LONGEST // 2),
    "layers of theirs": "#networkShape=" + "1," * (LONGEST // 2),
    "lesions": "#v=1&lesions=" + "1-1," * (LONGEST // 4),
    "names": "#v=1" + "".join(f"&{number:x}" for number in range(LONGEST // 5)),
    "names of theirs": "#x=1" + "".join(f"&{number:x}_hide=true" for number in range(LONGEST // 15)),
    "controls": "#v=1&hide=" + "moon," * (LONGEST // 5),
    "weights": "#v=1&weights=" + "A" * LONGEST,
    "a seed": "#v=1&seed=" + "9" * LONGEST,
    "signs": "#" + "&amp;" * (LONGEST // 5),
    "registered": "#" + "®" * (LONGEST // 2),
    "percents": "%3d" * (LONGEST // 3),
    "equal signs": "=" * LONGEST,
    "hashes": "#" * LONGEST,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_the_longest_text_is_read_soon(text: str) -> None:
    began = time.thread_time()
    check(text)
    assert time.thread_time() - began < SECONDS
