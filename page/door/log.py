"""The log: JSON lines on standard error, never what was asked.

Whatever else this program's parts would write to standard output or error (Gradio prints tracebacks with what was sent,
the MCP server names of tools that do not exist) becomes a line that says where it was written and what kind of error
there was. Its words are left out: they may be anybody's.
"""

from __future__ import annotations

import io
import logging
import sys
import threading
import traceback
from pathlib import Path
from types import FrameType
from typing import Any

import structlog

log = structlog.get_logger("virgolettato")

_ROOT = Path(__file__).resolve().parents[2]
_TELLERS = ("traceback", "logging", "threading", "contextlib", __name__)
"""Modules that write for others; where something was written is where those were called."""
_TOLD = "_virgolettato_told"
"""Set on an error of which there is a line."""


def start_log() -> None:
    """From now on nothing but JSON lines leaves, ASCII alone: a terminal shows what it reads."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            structlog.processors.JSONRenderer(ensure_ascii=True),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(handlers=[_Records()], level=logging.WARNING, force=True)
    logging.raiseExceptions = False
    logging.captureWarnings(True)
    sys.excepthook = lambda _, error, __: log.critical("failed", error=places(error))
    threading.excepthook = lambda told: log.error("failed", error=_places(told.exc_value))
    sys.unraisablehook = lambda told: log.warning("ignored", error=_places(told.exc_value))
    sys.stdout, sys.stderr = _Stray(), _Stray()


def places(error: BaseException) -> str:
    """Where `error` came from and of what type it is, without its message, which may hold words of a question.

    Only this program's own lines, and the last one of others.
    """
    frames = traceback.extract_tb(error.__traceback__)
    shown = [f"{_place(one.filename)}:{one.lineno} {one.name}" for one in frames if _is_ours(one.filename)]
    if frames and not _is_ours(frames[-1].filename):
        shown.append(f"{_place(frames[-1].filename)}:{frames[-1].lineno} {frames[-1].name}")
    return " > ".join([*shown, type(error).__qualname__])


def _places(error: BaseException | None) -> str:
    return "" if error is None else places(error)


class _Records(logging.Handler):
    """What libraries log."""

    def emit(self, record: logging.LogRecord) -> None:
        """Say which library, where, and how bad; neither the text, which may be what somebody sent, nor its values."""
        told: dict[str, Any] = {"logger": record.name, "where": f"{record.module}:{record.lineno}"}
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            told["error"] = places(error)
        say = log.error if record.levelno >= logging.ERROR else log.warning
        say("library", **told)


class _Stray(io.TextIOBase):
    """A stream for whatever is printed."""

    def __init__(self) -> None:
        self._line = threading.local()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """Of what is printed; whoever prints may ask."""
        return "utf-8"

    def writable(self) -> bool:
        """It is."""
        return True

    def reconfigure(self, **_: object) -> None:
        """There is nothing to configure."""

    def write(self, text: str) -> int:
        """Say that there was something to be said; once for each line, or error, however long its traceback is."""
        error = sys.exception()
        told = {} if error is None else vars(error)
        begun, self._line.begun = getattr(self._line, "begun", False), not text.endswith("\n")
        if text.strip() and not begun and not told.get(_TOLD):
            if error is not None:
                told[_TOLD] = True
            log.warning("printed", where=_writer(sys._getframe(1)), error=_places(error) or None)
        return len(text)


def _writer(frame: FrameType | None) -> str:
    while frame is not None and str(frame.f_globals.get("__name__", "")).split(".")[0] in _TELLERS:
        frame = frame.f_back
    return "" if frame is None else f"{_place(frame.f_code.co_filename)}:{frame.f_lineno}"


def _is_ours(filename: str) -> bool:
    path = Path(filename)
    return path.is_relative_to(_ROOT) and "site-packages" not in path.parts


def _place(filename: str) -> str:
    """A file's name with the folder it is in, below ours or the packages'."""
    path = Path(filename)
    return path.relative_to(_ROOT).as_posix() if _is_ours(filename) else "/".join(path.parts[-2:])
