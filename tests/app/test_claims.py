"""claims.py: what is asked of the locks."""

import asyncio

from app.storage.claims import Claims


class Locks:
    """Another process has the session "taken"; notes what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def own(self, key: str) -> bool:
        self.asked.append(key)
        return key != "taken"

    def disown(self, key: str) -> None: ...


def test_leases_are_renewed_and_those_that_are_lost_are_told() -> None:
    locks = Locks()
    claims = Claims(locks, are_shared=True)
    assert asyncio.run(claims.renew(["kept", "taken"])) == ["taken"]
    assert locks.asked == ["kept", "taken"]


def test_locks_among_workers_are_not_asked_for_again() -> None:
    """The kernel keeps them until the worker ends."""
    locks = Locks()
    assert asyncio.run(Claims(locks).renew(["kept"])) == []
    assert locks.asked == []
