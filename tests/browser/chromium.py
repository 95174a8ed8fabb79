"""Where Chromium is, for the browser tests and benchmarks; with --install, get it where it is missing.

Any Chromium or Chrome on the PATH will do, and HYPERPLANE_CHROMIUM names one elsewhere.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
MISSING = """\
The browser tests need Chromium, and none was found. Install it with your system's packages (on Debian:
apt-get install chromium), or set HYPERPLANE_CHROMIUM to the path of a Chromium or Chrome.
"""
ARGUMENTS = (
    "--no-sandbox",  # it cannot make its sandbox as root, as in a container
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find() -> str | None:
    """The path of a Chromium; HYPERPLANE_CHROMIUM has the first word and the last."""
    if chosen := os.environ.get("HYPERPLANE_CHROMIUM"):
        return chosen if Path(chosen).exists() else None
    found = (shutil.which(name) for name in NAMES)
    return next((path for path in (*found, *PLACES) if path and Path(path).exists()), None)


def install() -> None:
    """By the system's package manager, where that needs no question."""
    if os.environ.get("HYPERPLANE_CHROMIUM") or not shutil.which("apt-get") or os.geteuid() != 0:
        return
    sys.stderr.write("Installing Chromium for the browser tests (apt-get install chromium)\n")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", "chromium", "fonts-dejavu-core"]):
        subprocess.run(["apt-get", "-qq", *command], env=quiet, stdout=subprocess.DEVNULL, check=False)


def main() -> int:
    """0 if there is a Chromium."""
    if not find() and "--install" in sys.argv:
        install()
    path = find()
    sys.stderr.write("" if path else MISSING)
    return 0 if path else 1


if __name__ == "__main__":
    sys.exit(main())
