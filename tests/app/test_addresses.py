"""addresses.py: only a trusted proxy says who a visitor is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.serving.addresses import network, visitor

TRUSTED = [network(text) for text in ("127.0.0.1", "10.0.0.0/8", "fd00::/8")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("127.0.0.1", ["203.0.113.7"], "203.0.113.7"),
        ("127.0.0.1", ["198.51.100.1, 203.0.113.7"], "203.0.113.7"),  # the first was the visitor's own invention
        ("127.0.0.1", ["198.51.100.1", "203.0.113.7"], "203.0.113.7"),  # as two headers
        ("127.0.0.1", ["203.0.113.7,10.1.2.3 , 127.0.0.1"], "203.0.113.7"),  # through three proxies of ours
        ("fd00::1", ["203.0.113.7:4711"], "203.0.113.7"),
        ("::ffff:10.0.0.1", ["::ffff:203.0.113.7"], "203.0.113.7"),
        ("127.0.0.1", ["2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::/64"),
        ("127.0.0.1", ["[2001:db8:1:2::9]:443"], "2001:db8:1:2::/64"),
        ("127.0.0.1", ["fe80::1%eth0"], "fe80::/64"),
        ("198.51.100.1", ["203.0.113.7"], "198.51.100.1"),  # who comes around the proxy is who it is
        ("198.51.100.1", [], "198.51.100.1"),
        ("127.0.0.1", [], None),  # a proxy that names nobody
        ("127.0.0.1", ["10.1.2.3"], None),
        (None, ["203.0.113.7"], None),
    ],
)
def test_a_visitor_is_the_last_address_that_is_no_proxy_of_ours(
    peer: str | None, forwarded: list[str], expected: str | None
) -> None:
    assert visitor(peer, forwarded, TRUSTED) == expected


@pytest.mark.parametrize(
    "text", ["", "unknown", "203.0.113.7,", "203.0.113", "[", "[]:1", "1.2.3.4:5:6", "é", "x" * 9_000]
)
def test_who_comes_with_no_address_counts_as_the_proxy_that_told_it(text: str) -> None:
    assert visitor("127.0.0.1", [text], TRUSTED) == "127.0.0.1"
    assert visitor("127.0.0.1", [f"203.0.113.7, {text}, 10.0.0.9"], TRUSTED) == "10.0.0.9"


def test_without_a_trusted_proxy_nobody_is_counted() -> None:
    assert visitor("203.0.113.7", ["198.51.100.1"], []) is None


@given(written=st.lists(st.text(max_size=40), max_size=5))
def test_nothing_that_a_visitor_writes_changes_who_it_is(written: list[str]) -> None:
    assert visitor("127.0.0.1", [*written, "203.0.113.7"], TRUSTED) == "203.0.113.7"
    assert visitor("127.0.0.1", [", ".join([*written, "203.0.113.7"])], TRUSTED) == "203.0.113.7"
    visitor("127.0.0.1", written, TRUSTED)
