"""The log: one JSON line a request on standard error, never what was asked."""

from __future__ import annotations

import logging
import sys
import traceback
from types import TracebackType
from typing import Any

import structlog

log = structlog.get_logger("virgolettato")


def start_log() -> None:
    """Write what this program and its server have to say as JSON lines, ASCII alone: a terminal shows what it reads."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(ensure_ascii=True)],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    of_server = logging.StreamHandler(sys.stderr)
    of_server.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(ensure_ascii=True),
            ],
            foreign_pre_chain=shared,
        )
    )
    logging.getLogger("uvicorn").handlers = [of_server]
    logging.getLogger("uvicorn").propagate = False


def places(error: BaseException) -> str:
    """Where `error` came from and of what type it is, without its message, which may hold words of a question."""
    trace: TracebackType | None = error.__traceback__
    return "Traceback:\n" + "".join(traceback.format_tb(trace)) + type(error).__qualname__
