"""Who gets as far as the page: from where, how often, and under which name."""

from __future__ import annotations

import asyncio
import ipaddress
from urllib.parse import quote, urlsplit

from fastapi.responses import RedirectResponse
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from page.door.addresses import Addresses, is_upload
from page.door.login import IN
from page.door.rates import Rate, client_of
from page.door.refusals import refuse, retry_after
from page.door.rules import Rules
from page.door.sessions import COOKIE, Sessions
from page.uploads import make_room

OPEN = ("/healthz", "/readyz", IN, "/manifest.json", "/favicon.ico")
"""What may be asked without logging in; browsers ask for the last two without the cookie."""
_NEVER = (b"forwarded", b"x-forwarded-host", b"x-real-ip")
"""What Gradio would believe of whoever says it, a proxy or not."""
_FORWARDED = (b"x-forwarded-for", b"x-forwarded-proto")
"""What a proxy says; of the one that is believed uvicorn has read it by now."""
_LINKED = ("/", "/api/", IN)
"""Where a link on another site may lead."""
_REQUESTS = 20
"""Requests for each question that one client may make."""
_NO_ROOM = 600.0
"""Seconds after which there is room for files again."""
_PAGES = 600
"""Requests a minute that it may make however few its questions: opening the page takes about 70."""


class Admission:
    """Before all that answers: refuses, or finds out who it is.

    Args:
        app: what answers.
        rules: who may come in.
        sessions: of those who logged in.
        mcp: whether assistants may ask over MCP.
    """

    def __init__(self, app: ASGIApp, rules: Rules, sessions: Sessions, *, mcp: bool) -> None:
        self._app = app
        self._rules = rules
        self._sessions = sessions
        self._addresses = Addresses(login=rules.users is not None, uploads=rules.uploads, mcp=mcp)
        self._rate = Rate(max(_PAGES, rules.per_minute * _REQUESTS) if rules.per_minute else 0)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        unheard = _NEVER if self._rules.behind_proxy else (*_NEVER, *_FORWARDED)
        scope["headers"] = [pair for pair in scope["headers"] if pair[0] not in unheard]
        state = scope.setdefault("state", {})
        state["client"] = client_of((scope.get("client") or ("here",))[0])
        headers = Headers(scope=scope)
        if not self._is_ours(headers):
            await refuse(scope, receive, send, 403, "wrong_host")
            return
        if _is_foreign(headers) and not _is_link(scope, headers):
            await refuse(scope, receive, send, 403, "foreign_site")
            return
        name = self._name(HTTPConnection(scope))
        if name is not None:
            state["name"] = state["client"] = name
        uploading = is_upload(scope["method"], scope["path"])
        wait = self._rate.wait(state["client"])
        if wait:
            await refuse(scope, receive, send, 429, "too_many_requests", retry_after(wait))
        elif self._rules.users is not None and name is None and scope["path"] not in OPEN:
            await _ask_to_log_in(scope, receive, send, headers)
        elif uploading and not self._rules.uploads:
            await refuse(scope, receive, send, 403, "no_uploads")
        elif not self._addresses.holds(scope["method"], scope["path"]):
            await refuse(scope, receive, send, 404, "no_such_address")
        elif uploading and not await asyncio.to_thread(make_room):
            await refuse(scope, receive, send, 503, "no_room", retry_after(_NO_ROOM))
        else:
            await self._app(scope, receive, send)

    def _is_ours(self, headers: Headers) -> bool:
        name = _host(f"//{headers.get('host', '')}")
        # A number is no name that somebody could point elsewhere.
        return name is not None and (not self._rules.hosts or name in self._rules.hosts or _is_number(name))

    def _name(self, connection: HTTPConnection) -> str | None:
        if self._rules.users is None:
            return None
        kind, _, token = connection.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            return self._rules.users.bearer(token.strip())
        return self._sessions.name(connection.cookies.get(COOKIE, ""))


def _host(url: str) -> str | None:
    """The host that `url` names, empty where it names none; None where it is no address."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return None


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_foreign(headers: Headers) -> bool:
    """Whether a browser sends it from another site's page; programs say nothing of the kind."""
    told = headers.get("sec-fetch-site")
    if told is not None:
        return told not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2] != headers.get("host", "")


def _is_link(scope: Scope, headers: Headers) -> bool:
    """Whether a visitor follows a link to the page; other sites may lead here, and not ask in the background."""
    followed = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    return scope["method"] == "GET" and scope["path"] in _LINKED and followed


async def _ask_to_log_in(scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
    if scope["method"] == "GET" and "text/html" in headers.get("accept", ""):
        query = scope["query_string"].decode("latin-1")
        onward = scope["path"] + (f"?{query}" if query else "")
        await RedirectResponse(f"{IN}?next={quote(onward, safe='')}", 303)(scope, receive, send)
    else:
        await refuse(scope, receive, send, 401, "not_logged_in", {"www-authenticate": "Bearer"})
