"""A real Redis for the tests that talk to one."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from redis import Redis

from app.storage.redis_store import RedisStore
from tests.services import redis_server
from tests.waiting import PATIENCE


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    with redis_server() as url:
        yield url


@pytest.fixture
def redis(redis_url: str) -> Iterator[RedisStore]:
    """An empty one."""
    with closing(Redis.from_url(redis_url)) as client:
        client.flushall()
    with closing(RedisStore(redis_url, "this server", patience=PATIENCE)) as store:
        yield store
