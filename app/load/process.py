"""The server's process, seen from outside: Linux tells in /proc."""

import os
import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_LISTENING = "0A"


@dataclass(frozen=True)
class Sample:
    """At one moment."""

    cpu_seconds: float
    memory: int  # bytes, resident; what processes share counts in each
    files: int  # open ones, connections included
    threads: int

    def __add__(self, other: "Sample") -> "Sample":
        return Sample(
            self.cpu_seconds + other.cpu_seconds,
            self.memory + other.memory,
            self.files + other.files,
            self.threads + other.threads,
        )


def sample(pid: int) -> Sample:
    """Of the process and those that it began, its workers. Raises OSError where it cannot be seen."""
    whole = _sample(pid)
    for child in children(pid):
        with suppress(OSError):  # it has ended meanwhile
            whole += sample(child)
    return whole


def children(pid: int) -> list[int]:
    """The processes that its first thread has begun, the oldest first."""
    return [int(child) for child in (_PROC / str(pid) / "task" / str(pid) / "children").read_text().split()]


def _sample(pid: int) -> Sample:
    process = _PROC / str(pid)
    fields = (process / "stat").read_text().rpartition(")")[2].split()
    pages = int((process / "statm").read_text().split()[1])
    ticks = int(fields[11]) + int(fields[12])  # in user mode and in the kernel
    files, threads = (sum(1 for _ in (process / name).iterdir()) for name in ("fd", "task"))
    return Sample(ticks / os.sysconf("SC_CLK_TCK"), pages * os.sysconf("SC_PAGE_SIZE"), files, threads)


def listening_on(port: int) -> int | None:
    """The process that listens on this port; None where that cannot be seen."""
    sockets = {f"socket:[{inode}]" for inode in _inodes(port)}
    if not sockets:
        return None
    for folder in _PROC.glob("[0-9]*/fd"):
        with suppress(OSError):  # of another user, or gone
            if any(str(each.readlink()) in sockets for each in folder.iterdir()):
                return int(folder.parent.name)
    return None


def _inodes(port: int) -> set[str]:
    found: set[str] = set()
    for table in ("tcp", "tcp6"):
        with suppress(OSError):
            for line in (_PROC / "net" / table).read_text().splitlines()[1:]:
                parts = line.split()
                if parts[3] == _LISTENING and int(parts[1].rpartition(":")[2], 16) == port:
                    found.add(parts[9])
    return found


def is_here(host: str) -> bool:
    """Whether all addresses of a name are this machine's: only such can be bound."""
    with suppress(OSError):
        addresses = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        for family, _, _, _, address in addresses:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.bind((address[0], 0))
        return bool(addresses)
    return False
