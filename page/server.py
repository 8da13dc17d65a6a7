"""The page as a server: Gradio and the HTTP interface behind the door."""

from __future__ import annotations

import socket
from collections.abc import Callable

import gradio as gr
import uvicorn
from fastapi import FastAPI
from fastapi.middleware import Middleware
from fastapi.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

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
    page = build_page(desk, guarded=rules.users is not None)
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
    bounded = Bounds(app, seconds)
    headed = SecureHeaders(Admission(bounded, rules, sessions), [SCRIPT.read_text(encoding="utf-8")])
    return Record(headed, desk.reception.metrics)


def serve(app: ASGIApp, host: str, port: int, proxy: str | None, ready: Callable[[], None]) -> None:
    """Serve `app` until interrupted.

    Args:
        app: answers.
        host: address or name to listen on.
        port: to listen on.
        proxy: the address of the proxy that is believed about its clients; None for none.
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
        h11_max_incomplete_event_size=_HEADER,
        timeout_graceful_shutdown=_GRACE,
    )
    _Server(config, ready).run([listening])


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
