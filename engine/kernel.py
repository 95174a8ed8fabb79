"""The one place that configures Numba: compiler options, and a disk cache that notices every edit."""

import hashlib
import os
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar, cast

from platformdirs import user_cache_path

_SOURCES = Path(__file__).parent


def _sources_hash() -> str:
    """Names a cache folder by all sources, because Numba does not notice an edited callee in another file."""
    digest = hashlib.sha256()
    for source in sorted(_SOURCES.rglob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def _cache_root() -> Path:
    """A folder that this process can write; a new one each time if there is none, as for a service's user without home.

    Its files are executed, so it must not be at a fixed place in /tmp, where others could have prepared it.
    """
    if named := os.environ.get("HYPERPLANE_CACHE"):
        return Path(named)
    with suppress(OSError, RuntimeError):  # no home, or one that cannot be written
        usual = user_cache_path("hyperplane", appauthor=False)
        usual.mkdir(parents=True, exist_ok=True)
        if os.access(usual, os.W_OK | os.X_OK):
            return usual
    return Path(tempfile.mkdtemp(prefix="hyperplane-"))


CACHE_FOLDER = _cache_root() / _sources_hash()


def is_compiled() -> bool:
    """Whether the cache folder holds kernels compiled from these sources."""
    return CACHE_FOLDER.is_dir() and any(CACHE_FOLDER.rglob("*.nbi"))


# Numba reads its configuration when it is imported, so this must come first.
os.environ["NUMBA_CACHE_DIR"] = str(CACHE_FOLDER)

from llvmlite import binding  # noqa: E402  (see above)
from numba import config, njit  # noqa: E402
from numba.extending import intrinsic  # noqa: E402

config.CACHE_DIR = str(CACHE_FOLDER)  # type: ignore[attr-defined]  # somebody may have imported Numba before us

# LLVM unrolls loops of unknown length eightfold. Ours run once to nine times, and the code around the unrolled
# body costs a fifth of the speed (measured: 0.80 of the C kernel with it, 1.00 without).
binding.set_option("hyperplane", "-unroll-runtime=0")

# Not plain True: "nnan" and "ninf" would make isnan false and hide divergence.
FAST = frozenset({"contract", "reassoc", "arcp", "nsz"})

Kernel = TypeVar("Kernel", bound=Callable[..., Any])


def kernel(function: Kernel) -> Kernel:
    """Compile on first call, keep the result on disk, release the GIL while running."""
    compiled = njit(cache=True, nogil=True, fastmath=set(FAST), error_model="numpy")(function)
    return cast("Kernel", compiled)


def exact_kernel(function: Kernel) -> Kernel:
    """`kernel` without fast math: every number is the one that Python would compute."""
    return cast("Kernel", njit(cache=True, nogil=True, error_model="numpy")(function))


def inlined(function: Kernel) -> Kernel:
    """Compile into each caller: for the small functions that kernels are made of."""
    compiled = njit(fastmath=set(FAST), error_model="numpy", forceinline=True)(function)
    return cast("Kernel", compiled)


def one_of(arguments: str, kernels: Mapping[int, Kernel]) -> Kernel:
    """A function that runs the one of these whose number the row, the first argument, has as its operation.

    Numba compiles no call of a function that it finds in a table, so ifs are written out, in which the numbers are
    constants; LLVM makes a jump table of them.
    """
    lines = [f"def choose({arguments}):"]
    for number in kernels:
        lines += [f"    if row.operation == {number}:", f"        return kernel_{number}({arguments})"]
    scope: dict[str, Any] = {f"kernel_{number}": kernel for number, kernel in kernels.items()}
    exec("\n".join(lines), scope)
    choose: Kernel = scope["choose"]
    return inlined(choose)


def called(function: Kernel) -> Kernel:
    """Compile once, to be called by kernels: for what would be long if it stood in each of its callers."""
    return cast("Kernel", njit(fastmath=set(FAST), error_model="numpy", nogil=True)(function))


def instruction(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function for kernels, written in LLVM; `function` returns its types and its code."""
    return cast("Callable[..., Any]", intrinsic(function))
