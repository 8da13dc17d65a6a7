"""What may be asked of the server at all: our own addresses, and of Gradio's those that the page and its clients need.

Gradio has many more, and gets new ones: addresses that give out files, take recordings, fetch for others, run an inner
function of the page past its queue. Whatever is not named here is not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

PUBLIC = ("ask", "quotes", "check")
"""The page's functions for programs."""
_FUNCTION = f"(?:{'|'.join(PUBLIC)})"
_GRADIO = "/gradio_api"
_READ = (
    "/", "/api(?:/.*)?", "/healthz", "/readyz", "/metrics", "/config/?", r"/theme\.css", r"/favicon\.ico",
    r"/robots\.txt", r"/manifest\.json", "/(?:assets|static|svelte)/.+",
    *(f"{_GRADIO}/{one}" for one in (
        "info/?", r"theme\.css", "app_id/?", "startup-events", "queue/(?:data|status)", "heartbeat/[^/]+",
        f"call/(?:v2/)?{_FUNCTION}/[^/]+",
    )),
)  # fmt: skip
_SENT = (
    "/api/.*", f"{_GRADIO}/queue/join", f"{_GRADIO}/(?:cancel|reset/?)",
    f"{_GRADIO}/(?:api|run|call|call/v2)/{_FUNCTION}/?",
)  # fmt: skip
_UPLOAD = f"{_GRADIO}/upload"
_LONG = re.compile(
    rf"/api/check|{_GRADIO}/(?:queue/join|mcp(?:/.*)?|(?:api|run|call|call/v2)/check/?)",
)


class Addresses:
    """The addresses of one server.

    Args:
        login: whether one logs in.
        uploads: whether files are taken.
        mcp: whether assistants may ask over MCP.
    """

    def __init__(self, *, login: bool, uploads: bool, mcp: bool) -> None:
        door = ["/login"] if login else []
        way_out = ["/logout"] if login else []
        files = [_UPLOAD] if uploads else []
        progress = [f"{_GRADIO}/upload_progress"] if uploads else []
        tools = [f"{_GRADIO}/mcp(?:/.*)?"] if mcp else []
        self._read = _any_of((*_READ, *door, *progress, *tools))
        self._sent = _any_of((*_SENT, *door, *way_out, *files, *tools))
        self._else = _any_of(("/api(?:/.*)?", *tools))

    def holds(self, method: str, path: str) -> bool:
        """Whether there is something at `path` for requests by `method`."""
        if method in ("GET", "HEAD", "OPTIONS"):
            return self._read.fullmatch(path) is not None
        return (self._sent if method == "POST" else self._else).fullmatch(path) is not None


def is_upload(method: str, path: str) -> bool:
    """Whether such a request sends files."""
    return method == "POST" and path.rstrip("/") == _UPLOAD


def takes_a_draft(path: str) -> bool:
    """Whether what is sent to `path` may be as long as a draft."""
    return _LONG.fullmatch(path) is not None


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
