"""Finds Chromium for the browser tests and benchmarks; with --install, installs it if it is missing.

Any Chromium or Chrome on the PATH will do; HYPERPLANE_CHROMIUM names one elsewhere.
"""

import os
import shutil
import sys
from pathlib import Path

from tests.debian import install

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
    "--no-sandbox",  # root, as in a container, cannot create its sandbox
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find() -> str | None:
    """The path of a Chromium, None without one. If HYPERPLANE_CHROMIUM is set, it alone decides."""
    if chosen := os.environ.get("HYPERPLANE_CHROMIUM"):
        return chosen if Path(chosen).exists() else None
    found = (shutil.which(name) for name in NAMES)
    return next((path for path in (*found, *PLACES) if path and Path(path).exists()), None)


def main() -> int:
    """Returns the exit code, 0 if there is a Chromium."""
    if not find() and "--install" in sys.argv and not os.environ.get("HYPERPLANE_CHROMIUM"):
        install("chromium", "fonts-dejavu-core")
    path = find()
    sys.stderr.write("" if path else MISSING)
    return 0 if path else 1


if __name__ == "__main__":
    sys.exit(main())
