"""Handles SIGHUP: at a terminal the window was closed; in a service an operator means "reload".

Settings are read only at the start, so there is nothing to reload, and ending the service would be an outage.
"""

import logging
import os
import signal
from collections.abc import Callable

log = logging.getLogger(__name__)


def on_hangup(end: Callable[[], None]) -> None:
    """Decide what SIGHUP does in this process. Only in the main thread; `end` is called there."""
    if not hasattr(signal, "SIGHUP") or signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:  # as under nohup
        return
    is_at_a_terminal = has_terminal()
    signal.signal(signal.SIGHUP, lambda *_: end() if is_at_a_terminal else _tell())


def has_terminal() -> bool:
    """Whether this process has a terminal, whose end would be signalled."""
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True


def _tell() -> None:
    log.warning("SIGHUP changes nothing: settings are read at the start. SIGTERM ends the server in good order")
