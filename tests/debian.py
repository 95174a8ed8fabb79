"""Finds and installs programs that tests need and that no package registry of Python or Node has."""

import os
import shutil
import subprocess
import sys

NEEDED = {"redis-server": "redis-server", "nginx": "nginx-light"}  # program: Debian's package


def program(name: str) -> str | None:
    """The path of a program; Debian keeps servers off a user's PATH."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")


def install(*packages: str) -> None:
    """Install by the system's package manager, if it needs no questions."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return
    sys.stderr.write(f"Installing {', '.join(packages)} for the tests (apt-get install)\n")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}  # 1: starts no services
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        subprocess.run(["apt-get", "-qq", *command], env=environment, stdout=subprocess.DEVNULL, check=False)


def main() -> None:
    """Install missing programs; a test without its program is skipped and says so."""
    if missing := [package for name, package in NEEDED.items() if not program(name)]:
        install(*missing)


if __name__ == "__main__":
    main()
