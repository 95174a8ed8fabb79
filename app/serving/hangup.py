"""SIGHUP: at a terminal it says that the window was closed; a service gets it from operators who mean "reload".

Settings are read at the start alone, so there is nothing to reload, and ending a service then would be an outage.
"""

import logging
import os
import signal
from collections.abc import Callable

log = logging.getLogger(__name__)


def on_hangup(end: Callable[[], None]) -> None:
    """Decide what SIGHUP does in this process. Only in the main thread; `end` is called there."""
    if not hasattr(signal, "SIGHUP") or signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:  # as nohup has it
        return
    is_at_a_terminal = has_terminal()
    signal.signal(signal.SIGHUP, lambda *_: end() if is_at_a_terminal else _tell())


def has_terminal() -> bool:
    """Whether this process would be told of the end of a terminal."""
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True


def _tell() -> None:
    log.warning("SIGHUP changes nothing: settings are read at the start. SIGTERM ends the server in good order")
