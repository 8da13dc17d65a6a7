"""Outermost of all: gives each request its number, and writes down what became of it."""

from __future__ import annotations

import asyncio
import time
import uuid
from typing import Any

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from page.door.log import log, places
from page.door.metrics import Metrics
from page.door.refusals import refuse, request_id

_LONGEST = 200
"""Characters of an address in the log."""


class Record:
    """Counts and logs every request.

    Args:
        app: what answers.
        metrics: where it is counted.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; what goes wrong in doing so is 500, with the number under which the log tells more."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["request_id"] = given = uuid.uuid4().hex[:16]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=given)
        begun = time.perf_counter()
        status: int | None = None

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["x-request-id"] = given
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except asyncio.CancelledError:
            # The server stops, and so does a stream of events, which has no other end.
            pass
        except Exception as error:
            log.error("failed", error=places(error))
            if status is None:
                await refuse(scope, receive, sending, 500, "failed")
        finally:
            # Without an answer the client has gone.
            self._metrics.requests.labels(status or 499).inc()
            log.info(
                "request",
                method=scope["method"][:_LONGEST],
                route=_route(scope),
                status=status or 499,
                ms=round(1000 * (time.perf_counter() - begun), 1),
                client=state.get("client"),
                user=state.get("name"),
            )


def name_events(page: Any) -> None:
    """Have what goes wrong in the queue of `page` logged under the number of the request that put it there.

    Gradio works on its events in tasks of its own, which know of no request.
    """
    work = page._queue.process_events

    async def named(events: list[Any], *rest: Any) -> None:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id(events[0].request.scope))
        await work(events, *rest)

    page._queue.process_events = named


def _route(scope: Scope) -> str:
    """The address without what was asked: the query is left out, and of an article's the id."""
    route = getattr(scope.get("route"), "path", None)
    return str(scope.get("root_path", "") + route if route else scope["path"])[:_LONGEST]
