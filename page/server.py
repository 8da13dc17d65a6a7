"""The page as a server: Gradio and the HTTP interface behind the door."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

import gradio as gr
import uvicorn
from fastapi import FastAPI
from fastapi.middleware import Middleware
from fastapi.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from index.errors import UsageError
from page.api import build_api
from page.assistants import tell_json
from page.desk import Desk
from page.door.admission import Admission
from page.door.bounds import Bounds
from page.door.headers import SecureHeaders
from page.door.health import build_health
from page.door.log import start_log
from page.door.login import IN, OUT, Login
from page.door.record import Record, name_events
from page.door.rules import Rules
from page.door.sessions import Sessions
from page.gestures import SCRIPT
from page.layout import build_page, look
from page.problems import MOUNTED
from page.statuses import Statuses
from page.uploads import MAX_FILE

_QUEUED = 64
"""Events of all visitors that wait for a thread, at most; each may hold a draft."""
_SESSIONS = 500
"""Visitors whose conversation is kept; of more, those who were not seen for longest start anew."""
_CONNECTIONS = 1_000
"""Open at the same time, at most; a visitor's browser has up to six."""
_SILENT = 20.0
"""Seconds that the headers of a connection's first request may take, at most."""
_GRACE = 2
"""Seconds that what is being answered has when the server is told to stop; open streams of events never end."""
_HEADER = 64 * 1024
"""Bytes of a request's headers, at most."""


def build_app(desk: Desk, rules: Rules, seconds: float, *, mcp: bool = False) -> ASGIApp:
    """The whole application.

    Args:
        desk: answers.
        rules: who may come in.
        seconds: within which a request is to come in and its answer to begin.
        mcp: whether assistants may ask over MCP as well.
    """
    # No origin is named, so no other site's script may read an answer; without this Gradio would let any.
    app = FastAPI(openapi_url=None, middleware=[Middleware(CORSMiddleware)])
    sessions = Sessions()
    # Before the page's own routes, which would take its addresses for theirs.
    app.mount(MOUNTED, build_api(desk))
    app.include_router(build_health(desk))
    if rules.users is not None:
        login = Login(rules.users, sessions, desk.reception)
        app.add_api_route(IN, login.enter, methods=["GET", "POST"], response_model=None)
        app.add_api_route(OUT, login.leave, methods=["POST"], response_model=None)
    page = build_page(desk, guarded=rules.users is not None).queue(max_size=_QUEUED)
    page.state_session_capacity = _SESSIONS
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        app_kwargs={"openapi_url": None},
        max_file_size=MAX_FILE,
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        show_error=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=mcp,
        **look(),
    )
    # Only a page that was launched refuses events that name a file of this machine, or an address, as if it had been
    # sent.
    page.has_launched = True
    name_events(page)
    app.add_middleware(Statuses)
    if mcp:
        tell_json(page)
    admitted = Admission(Bounds(app, seconds), rules, sessions, mcp=mcp)
    recorded = Record(admitted, desk.reception.metrics)
    # Outside of all that answers: an error has the headers, too.
    return SecureHeaders(recorded, [SCRIPT.read_text(encoding="utf-8")])


def serve(app: ASGIApp, host: str, port: int, proxy: str | None, seconds: float, ready: Callable[[], None]) -> None:
    """Serve `app` until interrupted.

    Args:
        app: answers.
        host: address or name to listen on.
        port: to listen on.
        proxy: the address of the proxy that is believed about its clients; None for none.
        seconds: that a request may take.
        ready: called as soon as it listens.

    Raises:
        UsageError: one cannot listen there.
    """
    listening = _listening(host, port)
    start_log()
    config = uvicorn.Config(
        app,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=proxy is not None,
        forwarded_allow_ips=proxy,
        ws="none",
        http=_prompt(min(seconds, _SILENT)),
        limit_concurrency=_CONNECTIONS,
        h11_max_incomplete_event_size=_HEADER,
        timeout_graceful_shutdown=_GRACE,
    )
    _Server(config, ready).run([listening])


def _prompt(seconds: float) -> type[H11Protocol]:
    """HTTP for clients of which all headers have come `seconds` after they connected; others are let go."""

    class Prompt(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self.loop.call_later(seconds, self._let_go)

        def _let_go(self) -> None:
            # uvicorn's types know no time before the first request.
            if not self.__dict__.get("cycle") and not self.transport.is_closing():
                self.transport.close()

    return Prompt


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()


def _listening(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except (OSError, UnicodeError) as error:
        raise UsageError(
            f"cannot listen on {host}:{port}", "it is taken, or not an address of this machine: see --port and --host"
        ) from error
    return listening
