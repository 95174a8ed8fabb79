"""arenas.py: in a process of its own, as what the C library does cannot be undone."""

import os
import re
import subprocess
import sys

import pytest

# Eight threads at once, each of which asks for memory; then what the C library says of its arenas.
PROGRAM = """
import ctypes, sys, tempfile, threading
from app.serving import arenas
if sys.argv[1] == "few":
    arenas.keep_few()
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.fdopen.restype = ctypes.c_void_p
libc.malloc_info.argtypes = [ctypes.c_int, ctypes.c_void_p]
libc.fflush.argtypes = [ctypes.c_void_p]
together = threading.Barrier(8)
def ask():
    together.wait()
    libc.malloc(5000)
    together.wait()
threads = [threading.Thread(target=ask) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
out = libc.fdopen(1, b"w")
libc.malloc_info(0, out)
libc.fflush(out)
"""


def arenas_of(how: str, **environment: str) -> int:
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, how],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return len(re.findall(r"<heap nr=", ran.stdout))


@pytest.mark.skipif(sys.platform != "linux", reason="a matter of the GNU C library")
def test_threads_share_two_arenas_unless_the_operator_says_otherwise() -> None:
    usual = arenas_of("as it comes")
    if usual <= 2:
        pytest.skip("this C library has few arenas anyway")
    assert arenas_of("few") <= 2
    assert arenas_of("few", MALLOC_ARENA_MAX="4") == 4
