"""wrapping: a link is the same experiment in whatever it was wrapped, and a value keeps what is its own."""

import quopri
import re
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.experiment import Experiment, Trained
from app.labs.plane.view import PlaneView
from app.links import Link, read_link, write_link
from engine.labs.plane.settings import Settings
from tests.app.test_links import experiments
from tests.recorded import LINKS

Wrapping = Callable[[str], str]

OURS = "https://hyperplane.example/"
THEIRS = "https://playground.tensorflow.org/"


def around(before: str, after: str) -> Wrapping:
    return lambda link: f"{before}{link}{after}"


def entities(link: str) -> str:
    return link.replace("&", "&amp;")


def numbered(link: str) -> str:
    return link.replace("&", "&#38;").replace("=", "&#x3d;")


def escaped(signs: str) -> Wrapping:
    return lambda link: re.sub(f"[{re.escape(signs)}]", r"\\\g<0>", link)


def mail_source(link: str) -> str:
    """As quoted-printable writes it, with lines of 76 that end by =."""
    return quopri.encodestring(link.encode()).decode()


def full_width(link: str) -> str:
    return link.translate({ord(sign): 0xFEE0 + ord(sign) for sign in "#&="})


def wide_figures(link: str) -> str:
    head, mark, tail = link.partition("#")
    return head + mark + re.sub(r"(?<==)\d+(?=&)", lambda match: match[0].translate(FIGURES), tail)


FIGURES = {ord(sign): 0xFEE0 + ord(sign) for sign in "0123456789"}


def every(count: int, sign: str) -> Wrapping:
    """A sign after so many characters of the part behind the #."""

    def insert(link: str) -> str:
        at = link.find("#")
        return link[:at] + re.sub(f".{{{count}}}(?=.)", rf"\g<0>{sign}", link[at:], flags=re.DOTALL)

    return insert


def tracked(link: str) -> str:
    """Before and behind the #."""
    head, mark, tail = link.partition("#")
    return f"{head}?utm_source=news&fbclid=a1{mark}{tail}&utm_source=news&utm_medium=mail&gclid=x"


WRAPPINGS: dict[str, Wrapping] = {
    "nothing": around("", ""),
    "angle brackets": around("<", ">"),
    "parentheses": around("(", ")"),
    "square brackets": around("[", "]"),
    "curly brackets": around("{", "}"),
    "straight quotes": around('"', '"'),
    "single quotes": around("'", "'"),
    "curly quotes": around("“", "”"),
    "French quotes": around("« ", " »"),
    "French quotes, spaces that do not break": around("«\u00a0", "\u00a0»"),
    "German quotes": around("„", "“"),
    "Japanese quotes": around("「", "」"),
    "backticks": around("`", "`"),
    "a block of code": around("```\n", "\n```"),
    "Markdown": around("[look](", ")"),
    "Markdown with brackets": around("[look](<", ">)"),
    "Markdown with a title": around("[look](", ' "a title")'),
    "a picture in Markdown": around("![look](", ")"),
    "a reference": around("See [1].\n\n[1]: ", ' "a title"\n'),
    "bold": around("**", "**"),
    "emphasis": around("_", "_"),
    "bold by underscores": around("__", "__"),
    "struck": around("~~", "~~"),
    "Markdown's escapes": escaped("#&_="),
    "a table": around("| link | ", " | text |"),
    "HTML": around('<a href="', '">text</a>'),
    "HTML with single quotes": around("<a href='", "' target=_blank>text</a>"),
    "HTML twice": lambda link: f'<a href="{link}">{link}</a>',
    "entities": entities,
    "entities twice": lambda link: entities(entities(link)),
    "numbered entities": numbered,
    "a quoted entity": around("&quot;", "&quot;"),
    "brackets as entities": around("&lt;", "&gt;"),
    "BBCode": around("[url=", "]text[/url]"),
    "BBCode, plain": around("[url]", "[/url]"),
    "a wiki": around("[", " text]"),
    "a wiki of two brackets": around("[[", "|text]]"),
    "LaTeX": lambda link: rf"\href{{{escaped('#&%_')(link)}}}{{text}}",
    "LaTeX, url": around(r"\url{", "}"),
    "JSON": lambda link: '{"link": "' + link.replace("/", r"\/").replace("&", r"\u0026") + '"}',
    "a full stop": around("", "."),
    "a comma": around("", ", and so on"),
    "a semicolon": around("", "; and so on"),
    "a colon": around("", ": and so on"),
    "an exclamation mark": around("", "!"),
    "a question mark": around("", "?"),
    "an ellipsis": around("", "…"),
    "three full stops": around("", "..."),
    "a Chinese full stop": around("请看", "。"),
    "Chinese behind it": around("", "\uff0c请看"),
    "Japanese behind it": around("", "を見て"),
    "a bracket and a full stop": around("(see ", ")."),
    "a dash": around("", " – so it is"),
    "words": around("see ", " and tell me"),
    "a word": around("Link: ", ""),
    "another address before": around("https://example.org/?a=1#top and ", ""),
    "lines around": around("Hello,\n\n", "\n\nSo long,\nAnn"),
    "broken lines": every(76, "\n"),
    "short lines": every(40, "\r\n"),
    "an answered mail": every(72, "\n> "),
    "soft hyphens": every(15, "\u00ad"),
    "spaces without width": every(20, "\u200b"),
    "a byte order mark": around("\ufeff", "\ufeff"),
    "marks of direction": around("\u202a", "\u202c"),
    "a space that does not break": around("\u00a0", "\u00a0"),
    "a mail's source": mail_source,
    "all as %": lambda link: quote(link, safe=""),
    "all as % but the address": lambda link: quote(link, safe=":/"),
    "twice as %": lambda link: quote(quote(link, safe=""), safe=""),
    "the # as %": lambda link: link.replace("#", "%23", 1),
    "full width": full_width,
    "full-width figures": wide_figures,
    "Google": lambda link: f"https://www.google.com/url?q={quote(link, safe='')}&sa=D&source=docs&ust=17&usg=AOvVaw",
    "Google, a little": lambda link: f"https://www.google.com/url?sa=t&url={quote(link, safe=':/')}&usg=AOvVaw",
    "Outlook": lambda link: (
        f"https://eur01.safelinks.protection.outlook.com/?url={quote(link, safe='')}&data=05%7C01&sdata=a%3D&reserved=0"
    ),
    "Facebook": lambda link: f"https://l.facebook.com/l.php?u={quote_plus(link)}&h=AT0",
    "a text fragment": around("", ":~:text=a%20word"),
    "tracking": tracked,
}  # fmt: skip
LOST = {  # inner and outer: a break inside an escaped sign, or a paragraph that is broken right behind its first word
    ("a mail's source", "Markdown's escapes"),
    ("a mail's source", "an answered mail"),
    ("numbered entities", "short lines"),
    ("lines around", "short lines"),
}

urls = st.sampled_from([str(link["url"]) for link in LINKS if "#" in link["url"]]) | st.builds(
    lambda experiment, theirs: (THEIRS if theirs else OURS) + write_link(experiment, theirs=theirs),
    experiments,
    st.booleans(),
)


def same(link: Link, other: Link) -> bool:
    """Whether two links are one experiment, their weights included."""
    a, b = link.experiment, other.experiment
    if a.trained is None or b.trained is None:
        return a == b
    return (a.settings, a.view, a.trained.epoch) == (b.settings, b.view, b.trained.epoch) and np.array_equal(
        a.trained.parameters, b.trained.parameters
    )


@pytest.mark.parametrize("name", WRAPPINGS)
@settings(max_examples=15)
@given(url=urls)
def test_a_wrapped_link_is_the_same_experiment(name: str, url: str) -> None:
    wrapped = read_link(WRAPPINGS[name](url))
    assert same(wrapped, read_link(url)), WRAPPINGS[name](url)
    assert read_link(wrapped.text).experiment.settings == wrapped.experiment.settings
    assert read_link(wrapped.text).repairs == ()


@settings(max_examples=600)
@given(url=urls, inner=st.sampled_from(list(WRAPPINGS)), outer=st.sampled_from(list(WRAPPINGS)))
def test_so_is_one_that_was_wrapped_twice(url: str, inner: str, outer: str) -> None:
    assume((inner, outer) not in LOST)
    wrapped = WRAPPINGS[outer](WRAPPINGS[inner](url))
    assert same(read_link(wrapped), read_link(url)), f"{inner} in {outer}: {wrapped}"


SHORT = f"{THEIRS}#dataset=xor&networkShape=2&seed=0.5"


@pytest.mark.parametrize("name", WRAPPINGS)
@pytest.mark.parametrize("url", [SHORT, f"{OURS}#v=1&dataset=xor&hidden=2&seed=0.5", f"{OURS}#v=1&seed=0.5&hidden=2"])
def test_nothing_of_the_wrapping_stays_in_a_value(name: str, url: str) -> None:
    link = read_link(WRAPPINGS[name](url))
    expected = Settings(seed="0.5", hidden=(2,), dataset="xor" if "xor" in url else "circle")
    assert link.experiment.settings == expected
    assert not any("0.5" in repair for repair in link.repairs)


@pytest.mark.parametrize("end", [">", '"', "`", "”", "»", "\u00a0", "\u200b", "。", "…", ">.", ")."])
@pytest.mark.parametrize("url", [SHORT, "#v=1&dataset=xor&hidden=2&seed=0.5", "#v=1&dataset=xor&seed=0.5&hidden=2"])
def test_what_a_browser_makes_of_wrapping_in_its_address_is_taken_off(end: str, url: str) -> None:
    settings = read_link(url + quote(end, safe=")")).experiment.settings
    assert (settings.seed, settings.hidden) == ("0.5", (2,))


@given(seed=st.text(st.characters(codec="utf-8"), min_size=1, max_size=20) | st.from_regex(r"[0-9.]+[>\".\-~_]+"))
def test_a_seed_keeps_what_is_its_own(seed: str) -> None:
    seed = seed[:64]
    text = write_link(Experiment(Settings(seed=seed), PlaneView()))
    for wrapped in (text, f"<{OURS}{text}>", f"(see {OURS}{text}).", quote(OURS + text, safe="")):
        assert read_link(wrapped).experiment.settings.seed == seed


@pytest.mark.parametrize("name", WRAPPINGS)
def test_weights_come_through_every_wrapping(name: str) -> None:
    parameters = np.random.default_rng(1).normal(size=25).astype(np.float32)
    url = OURS + write_link(Experiment(Settings(), PlaneView(), Trained(70, parameters)))
    assert same(read_link(WRAPPINGS[name](url)), read_link(url))
    assert read_link(url).experiment.trained is not None


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("entities", "&amp;"),
        ("numbered entities", "HTML"),
        ("Markdown's escapes", "\\"),
        ("a mail's source", "mail"),
        ("all as %", "%"),
        ("full width", "full-width"),
        ("angle brackets", ""),
        ("a full stop", ""),
        ("words", ""),
        ("tracking", ""),
        ("broken lines", ""),
        ("spaces without width", ""),
    ],
)
def test_what_was_undone_is_said_unless_it_is_a_trifle(name: str, said: str) -> None:
    repairs = read_link(WRAPPINGS[name](SHORT)).repairs
    assert len(repairs) == bool(said)
    assert all(said in repair for repair in repairs)


def test_what_stands_behind_a_sign_that_no_link_has_is_left_out_and_said() -> None:
    link = read_link("#dataset=xor&noise=5<b>&seed=0.7")
    assert link.experiment.settings == Settings(dataset="xor", noise=5)
    assert "“<b>&seed=0.7” is left out" in link.repairs[0]


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("#utm_source=x&dataset=xor", "dataset", "xor"),
        ("#/?dataset=xor", "dataset", "xor"),
        ("#!dataset=xor", "dataset", "xor"),
        ("#v=1&dataset=xor\nThanks", "dataset", "xor"),
        ("#v=1&seed=0.5\nThanks", "seed", "0.5"),
        ("#v=1&seed=0.1\n2345", "seed", "0.12345"),
        ("#v=1&activation=re\nlu", "activation", "relu"),
        ("#v=1&hid\nden=8,8", "hidden", (8, 8)),
        ("#v=1&hidden=8,\n8", "hidden", (8, 8)),
        ("#v=1&seed=3Dprint", "seed", "3Dprint"),
        ("#v=1&seed=%23dataset%3Dxor", "seed", "#dataset=xor"),
        ("#v=1&seed=a%26noise%3D5", "seed", "a&noise=5"),
        ("#v=1&seed=hello%21", "seed", "hello!"),
        ("#v=1&seed=Grüße", "seed", "Grüße"),
        ("#v=1&seed=漢字", "seed", "漢字"),
        ("#seed=a%20b", "seed", "a%20b"),
        ("#dataset=xor%26noise=5", "noise", 5),
        ("#dataset%3Dxor&noise=5", "noise", 5),
        ("#dataset=xor#dataset=gauss", "dataset", "xor"),
        ("two: https://a/#dataset=xor https://b/#dataset=gauss&noise=5", "noise", 0),
        ("#learning_rate=1 and #v=1&learning_rate=1e+2", "learning_rate", 100),
    ],
)  # fmt: skip
def test_the_link_is_found(text: str, name: str, value: object) -> None:
    assert getattr(read_link(text).experiment.settings, name) == value
