"""Keeps checkpoints in Redis or Valkey for several servers; any can continue a session, but one at a time."""

import secrets
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress

from redis import Redis
from redis.backoff import NoBackoff
from redis.client import Pipeline
from redis.exceptions import LockNotOwnedError, RedisError
from redis.lock import Lock
from redis.retry import Retry

from app.storage.store import Checkpoint, Unavailable, pack, undamaged, unpack_or_delete

_CHECKPOINT = "hyperplane:checkpoint:"
_CONTENT = "hyperplane:content:"  # by digest; lasts as long as the newest checkpoint that names it
_OWNER = "hyperplane:owner:"
_PLACE = "hyperplane:place"  # a name given by the first server; it is lost with all the rest
_TURN = "hyperplane:turn:"  # how often a session has changed servers; a server that missed a change must not write
_GUARDS = 64  # enough that sessions rarely wait for each other when Redis is slow


class RedisStore:
    """Checkpoints expire by themselves. `owner` is this server's name among those that share the store."""

    def __init__(
        self, url: str, owner: str, keep_seconds: float = 24 * 3600, lease_seconds: float = 6, patience: float = 2.0
    ) -> None:
        self._client = Redis.from_url(
            "redis" + url.removeprefix("valkey").removeprefix("redis"),
            socket_timeout=patience,
            socket_connect_timeout=patience,
            retry=Retry(NoBackoff(), 1),  # for a connection closed by an idle or restarted Redis; the keeper waits
        )
        self._owner = owner
        self._keep_seconds = keep_seconds
        self._lease_seconds = lease_seconds
        self._turns: dict[str, int] = {}  # of the sessions that are owned
        self._guards = [threading.Lock() for _ in range(_GUARDS)]
        self._closed = False

    # -- checkpoints --------------------------------------------------------------------------------------------------

    def save(self, checkpoints: Sequence[Checkpoint]) -> None:
        """Skips sessions that another server has taken since: their checkpoints here are older than that server's."""

        names = [_TURN + checkpoint.key for checkpoint in checkpoints]

        def write(transaction: Pipeline) -> None:
            turns = transaction.mget(names)
            transaction.multi()
            for checkpoint, turn in zip(checkpoints, turns, strict=True):
                if self._is_mine(checkpoint.key, turn):
                    lasting = int(self._keep_seconds * 1000)
                    transaction.set(_CHECKPOINT + checkpoint.key, pack(checkpoint), px=lasting)
                    if content := checkpoint.content:
                        transaction.set(_CONTENT + content.digest, content.data, px=lasting)

        with self._asking() as client:
            if names:
                client.transaction(write, *names)  # again, if another server takes one of them meanwhile

    def _is_mine(self, key: str, turn: bytes | str | None) -> bool:
        return turn is None or int(turn) <= self._turns.get(key, 0)

    def load(self, key: str) -> Checkpoint | None:
        with self._asking() as client:
            record = client.get(_CHECKPOINT + key)
        return unpack_or_delete(key, record, self.delete) if isinstance(record, bytes) else None

    def find(self, digest: str) -> bytes | None:
        with self._asking() as client:
            data = client.get(_CONTENT + digest)
        return undamaged(digest, data) if isinstance(data, bytes) else None

    def delete(self, keys: Iterable[str]) -> None:
        names = [_CHECKPOINT + key for key in keys]
        with self._asking() as client:
            if names:
                client.delete(*names)

    def place(self) -> str:
        with self._asking() as client:
            client.set(_PLACE, secrets.token_hex(8), nx=True)
            name = client.get(_PLACE)
        return name.decode() if isinstance(name, bytes) else ""

    def purge(self, older_than: float, most: int) -> None:  # noqa: ARG002  Redis has settings of its own
        with self._asking():
            pass

    def close(self) -> None:
        self._closed = True
        self._client.close()

    # -- which server has a session -----------------------------------------------------------------------------------

    def own(self, key: str) -> bool:
        with self._one_thread(key), self._asking() as client:
            lock = self._lock(client, key)
            if self._renew(client, lock, key):
                return True
            if not lock.acquire(blocking=False, token=self._owner):
                self._turns.pop(key, None)
                return False
            return self._begin_turn(client, lock, key)

    def _renew(self, client: Redis, lock: Lock, key: str) -> bool:
        """Renew the lease; whether this server still has the session, and no other had it meanwhile."""
        turn = client.get(_TURN + key)
        if key not in self._turns or turn is None or int(turn) != self._turns[key]:
            return False
        lock.local.token = self._owner.encode()  # another Lock object of the same name took it
        try:
            return bool(lock.reacquire())
        except LockNotOwnedError:
            return False

    def _begin_turn(self, client: Redis, lock: Lock, key: str) -> bool:
        """After acquiring the lock, check that no other server has had the session in between."""
        turn = int(client.incr(_TURN + key))
        client.expire(_TURN + key, int(self._keep_seconds) + 60)  # after the checkpoint
        if turn > self._turns.get(key, turn) + 1:
            self._turns.pop(key)
            lock.release()
            return False
        self._turns[key] = turn
        return True

    def disown(self, key: str) -> None:
        with self._one_thread(key), self._asking() as client:
            self._turns.pop(key, None)
            lock = self._lock(client, key)
            lock.local.token = self._owner.encode()
            with suppress(LockNotOwnedError):
                lock.release()

    def _one_thread(self, key: str) -> threading.Lock:
        """Two threads claim and renew a new session; without a guard each would take the other's lock for foreign."""
        return self._guards[hash(key) % len(self._guards)]

    def _lock(self, client: Redis, key: str) -> Lock:
        return Lock(client, _OWNER + key, timeout=self._lease_seconds, thread_local=False)

    @contextmanager
    def _asking(self) -> Iterator[Redis]:
        if self._closed:
            raise Unavailable("the store is closed")
        try:
            yield self._client
        except RedisError as error:
            raise Unavailable(f"cannot keep sessions in Redis: {error}") from error
