"""Makes the C library keep freed memory in few arenas, so that it can be reused."""

import ctypes
import os
import sys

_M_ARENA_MAX = -8  # of malloc.h
_ARENAS = 2  # one for training, one for serving


def keep_few() -> None:
    """Applies to this process and those forked from it. Call before it has threads.

    The GNU C library gives threads their own arenas, up to eight per core, and memory freed in one cannot be used in
    another. Threads come and go here with the visitors, so a worker grew for 1,600 visitors until every arena had once
    held the most: 15 MiB each, and 5 MiB with two arenas, after 600 visitors (`docs/reliability.md`).
    """
    if sys.platform == "linux" and "MALLOC_ARENA_MAX" not in os.environ:  # the operator's choice has precedence
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # other C libraries lack it
        if mallopt:
            mallopt(_M_ARENA_MAX, _ARENAS)
