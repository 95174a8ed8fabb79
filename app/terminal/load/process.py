"""Processes of this machine, seen from outside: a server's, and whether a server is here at all."""

import socket
from contextlib import suppress
from dataclasses import dataclass

import psutil


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
    """Of the process and those that it began, its workers. Raises psutil.Error where it cannot be seen."""
    whole = _sample(psutil.Process(pid))
    for child in children(pid):
        with suppress(psutil.Error):  # it has ended meanwhile
            whole += _sample(psutil.Process(child))
    return whole


def children(pid: int) -> list[int]:
    """The processes that it has begun, the oldest first. Raises psutil.Error where it cannot be seen."""
    return [child.pid for child in sorted(psutil.Process(pid).children(), key=lambda child: child.create_time())]


def _sample(process: psutil.Process) -> Sample:
    with process.oneshot():
        times = process.cpu_times()
        memory, files, threads = process.memory_info().rss, process.num_fds(), process.num_threads()
    return Sample(times.user + times.system, memory, files, threads)


def listening_on(port: int) -> int | None:
    """The process that listens on this port; None where that cannot be seen."""
    with suppress(psutil.Error):  # macOS shows other processes' connections to root alone
        for each in psutil.net_connections("tcp"):
            if each.status == psutil.CONN_LISTEN and each.laddr and each.laddr.port == port and each.pid:
                return each.pid
    return None


def is_here(host: str) -> bool:
    """Whether all addresses of a name are this machine's: only such can be bound."""
    with suppress(OSError):
        addresses = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        for family, _, _, _, address in addresses:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.bind((address[0], 0))
        return bool(addresses)
    return False
