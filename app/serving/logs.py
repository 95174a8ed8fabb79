"""Configures the log: lines for people, or a JSON object on each line for machines.

Modules log with the standard library and pass an event's values by name, in `extra`. A session is named by the
beginning of its key, never by its token; no content of messages is logged.
"""

import logging
import sys
from typing import Any, Literal

import structlog


def configure(log_format: Literal["plain", "json"], level: str) -> None:
    """Configure logging of the whole process, uvicorn included."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.stdlib.add_log_level,
                structlog.stdlib.ExtraAdder(),
                structlog.processors.TimeStamper(fmt="iso", utc=True),
            ],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_renderers(log_format)],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    logging.getLogger("uvicorn").setLevel(logging.WARNING)  # lower levels log whole addresses, and our lines say more


def name_worker(number: int) -> None:
    """From now on every line of this process names its worker, because its counts are of that worker alone."""
    make = logging.getLogRecordFactory()

    def made(*arguments: Any, **more: Any) -> logging.LogRecord:
        record = make(*arguments, **more)
        record.worker = number
        return record

    logging.setLogRecordFactory(made)


def _renderers(log_format: Literal["plain", "json"]) -> list[structlog.types.Processor]:
    if log_format == "json":
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
