"""Observes the server's processes from outside, if the server runs on this machine."""

import socket
from contextlib import suppress
from dataclasses import dataclass

import psutil


@dataclass(frozen=True)
class Sample:
    """Use by processes at one moment."""

    cpu_seconds: float
    memory: int  # bytes, resident; shared memory counts in each process
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
    """Use by a process and its children, the workers. Raises psutil.Error if it is not visible."""
    whole = _sample(psutil.Process(pid))
    for child in children(pid):
        with suppress(psutil.Error):  # the child may have ended
            whole += _sample(psutil.Process(child))
    return whole


def children(pid: int) -> list[int]:
    """The process's children, oldest first. Raises psutil.Error if it is not visible."""
    return [child.pid for child in sorted(psutil.Process(pid).children(), key=lambda child: child.create_time())]


def _sample(process: psutil.Process) -> Sample:
    with process.oneshot():
        times = process.cpu_times()
        memory, files, threads = process.memory_info().rss, process.num_fds(), process.num_threads()
    return Sample(times.user + times.system, memory, files, threads)


def listening_on(port: int) -> int | None:
    """The process that listens on this port; None if it is not visible."""
    with suppress(psutil.Error):  # macOS shows other processes' connections to root alone
        for each in psutil.net_connections("tcp"):
            if each.status == psutil.CONN_LISTEN and each.laddr and each.laddr.port == port and each.pid:
                return each.pid
    return None


def is_here(host: str) -> bool:
    """Whether all addresses of a name are this machine's, as only those can be bound."""
    with suppress(OSError):
        addresses = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        for family, _, _, _, address in addresses:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.bind((address[0], 0))
        return bool(addresses)
    return False
