"""How the C library keeps memory that was given back: in few places, so that it can be used again."""

import ctypes
import os
import sys

_M_ARENA_MAX = -8  # of malloc.h
_ARENAS = 2  # one for what trains, one for what serves


def keep_few() -> None:
    """For this process and those forked from it; only before it has threads.

    The GNU C library gives threads arenas of their own, up to eight for each core, and what one of them has freed
    another cannot use. Threads come and go here with the visitors, so a worker grew for 1,600 of them until every arena
    had once held the most: 15 MiB each, and 5 with two arenas, after 600 visitors (`docs/reliability.md`).
    """
    if sys.platform == "linux" and "MALLOC_ARENA_MAX" not in os.environ:  # whoever sets it knows why
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # other C libraries have none
        if mallopt:
            mallopt(_M_ARENA_MAX, _ARENAS)
