"""redis_store.py: which of several servers has a session, in a real redis-server. What all stores do: test_store.py."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing

import pytest
from redis import Redis

from app.storage.redis_store import RedisStore
from app.storage.store import Checkpoint, Unavailable, key_of
from tests.servers import free_port
from tests.services import redis_server
from tests.waiting import PATIENCE, wait_for

KEY = key_of("a session")
Servers = Callable[..., RedisStore]


@pytest.fixture
def another(redis_url: str, redis: RedisStore) -> Iterator[Servers]:
    """Other servers with the same store; `redis` empties it."""
    assert redis
    with ExitStack() as stack:

        def join(owner: str, lease_seconds: float = 60.0, keep_seconds: float = 3600.0) -> RedisStore:
            return stack.enter_context(closing(RedisStore(redis_url, owner, keep_seconds, lease_seconds)))

        yield join


def checkpoint(payload: bytes) -> Checkpoint:
    return Checkpoint(KEY, payload, 1e9)


def loaded(store: RedisStore) -> bytes:
    found = store.load(KEY)
    assert found
    return found.payload


def let_leases_end(url: str) -> None:
    """As if the time had passed: without waiting for it."""
    with closing(Redis.from_url(url)) as client:
        client.delete(*client.keys("hyperplane:owner:*"))


def test_of_several_servers_one_has_a_session(another: Servers) -> None:
    servers = [another(f"server {number}") for number in range(8)]
    with ThreadPoolExecutor(8) as threads:
        got = list(threads.map(lambda server: server.own(KEY), servers))
    assert sum(got) == 1
    assert [server.own(KEY) for server in servers] == got  # and keeps it


def test_threads_of_one_server_do_not_take_a_session_from_each_other(another: Servers) -> None:
    one = another("one")
    with ThreadPoolExecutor(8) as threads:
        for number in range(20):
            key = key_of(f"session {number}")
            assert all(threads.map(one.own, [key] * 8))


def test_only_who_has_it_can_give_it_up(another: Servers) -> None:
    one, two = another("one"), another("two")
    assert one.own(KEY)
    two.disown(KEY)
    assert not two.own(KEY)
    one.disown(KEY)
    one.disown(KEY)
    assert two.own(KEY)
    assert not one.own(KEY)


def test_a_lease_ends_by_itself(another: Servers) -> None:
    one, two = another("one", lease_seconds=0.1), another("two")
    assert one.own(KEY)
    wait_for("the lease ends", lambda: two.own(KEY))


def test_a_lease_is_renewed(redis_url: str, another: Servers) -> None:
    one = another("one", lease_seconds=60)
    assert one.own(KEY)
    with closing(Redis.from_url(redis_url)) as client:
        client.pexpire(f"hyperplane:owner:{KEY}", 5_000)
        assert one.own(KEY)
        assert client.pttl(f"hyperplane:owner:{KEY}") > 30_000


def test_who_stood_still_does_not_write_over_what_came_later(redis_url: str, another: Servers) -> None:
    one, two = another("one"), another("two")
    assert one.own(KEY)
    one.save([checkpoint(b"first")])
    let_leases_end(redis_url)
    assert two.own(KEY)
    one.save([checkpoint(b"from before"), Checkpoint(key_of("another"), b"own", 1e9)])
    assert loaded(two) == b"first"
    assert one.load(key_of("another"))  # only what is not its own is left out
    two.save([checkpoint(b"second")])
    one.save([checkpoint(b"from before")])
    assert loaded(one) == b"second"


def test_nor_after_the_other_one_has_given_it_up(redis_url: str, another: Servers) -> None:
    one, two = another("one"), another("two")
    assert one.own(KEY)
    let_leases_end(redis_url)
    assert two.own(KEY)
    two.save([checkpoint(b"second")])
    two.disown(KEY)
    one.save([checkpoint(b"from before")])
    assert loaded(one) == b"second"
    assert not one.own(KEY)  # what it has in memory is old
    one.save([checkpoint(b"from before")])
    assert loaded(one) == b"second"
    assert one.own(KEY)  # from the store, like anybody
    one.save([checkpoint(b"third")])
    assert loaded(two) == b"third"


def test_a_lease_that_ended_while_nobody_came_goes_on(redis_url: str, another: Servers) -> None:
    one = another("one")
    assert one.own(KEY)
    let_leases_end(redis_url)
    assert one.own(KEY)
    one.save([checkpoint(b"own")])
    assert loaded(one) == b"own"


def test_checkpoints_leave_by_themselves(another: Servers) -> None:
    brief = another("one", keep_seconds=0.05)
    brief.save([checkpoint(b"short")])
    wait_for("it leaves", lambda: brief.load(KEY) is None)


def test_a_damaged_record_is_absent_and_deleted(
    redis_url: str, redis: RedisStore, caplog: pytest.LogCaptureFixture
) -> None:
    redis.save([checkpoint(b"whole")])
    with closing(Redis.from_url(redis_url)) as client:
        client.set(f"hyperplane:checkpoint:{KEY}", b"\x01damaged")
        assert redis.load(KEY) is None
        assert client.keys("hyperplane:checkpoint:*") == []
    assert "damaged" in caplog.text


def test_an_address_of_valkey_is_one_of_redis(redis_url: str) -> None:
    with closing(RedisStore(redis_url.replace("redis://", "valkey://"), "one")) as store:
        assert store.load(KEY) is None


def test_redis_that_is_away_is_unavailable_until_it_is_back() -> None:
    port = free_port()
    with closing(RedisStore(f"redis://127.0.0.1:{port}/0", "one", patience=PATIENCE)) as store:
        calls: list[Callable[[], object]] = [
            lambda: store.save([checkpoint(b"")]),
            lambda: store.load(KEY),
            lambda: store.delete([KEY]),
            lambda: store.own(KEY),
            lambda: store.disown(KEY),
        ]
        for _ in range(2):
            for call in calls:
                with pytest.raises(Unavailable, match="cannot keep sessions in Redis"):
                    call()
            with redis_server(port):
                for call in calls:
                    call()


def test_an_emptied_server_is_another_place(redis_url: str, another: Servers) -> None:
    one, other = another("one"), another("other")
    place = one.place()
    assert other.place() == place
    with Redis.from_url(redis_url) as client:
        client.flushdb()
    assert one.place() != place
    assert other.place() == one.place()
