"""Who gets as far as the page: from where, how often, and under which name."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from fastapi.responses import RedirectResponse
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from page.door.login import IN
from page.door.rates import Rate, client_of
from page.door.refusals import refuse, retry_after
from page.door.rules import Rules
from page.door.sessions import COOKIE, Sessions
from page.uploads import is_for_files, is_upload

OPEN = ("/healthz", "/readyz", IN, "/manifest.json", "/favicon.ico")
"""What may be asked without logging in; browsers ask for the last two without the cookie."""
_READING = ("GET", "HEAD", "OPTIONS")
_FORWARDED = (b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"x-real-ip")
_REQUESTS = 20
"""Requests for each question that one client may make."""
_PAGES = 600
"""Requests a minute that it may make however few its questions: opening the page takes about 70."""


class Admission:
    """Before all that answers: refuses, or finds out who it is.

    Args:
        app: what answers.
        rules: who may come in.
        sessions: of those who logged in.
    """

    def __init__(self, app: ASGIApp, rules: Rules, sessions: Sessions) -> None:
        self._app = app
        self._rules = rules
        self._sessions = sessions
        self._rate = Rate(max(_PAGES, rules.per_minute * _REQUESTS) if rules.per_minute else 0)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if not self._rules.behind_proxy:
            # Gradio would believe them.
            scope["headers"] = [pair for pair in scope["headers"] if pair[0] not in _FORWARDED]
        state = scope.setdefault("state", {})
        state["client"] = client_of((scope.get("client") or ("here",))[0])
        headers = Headers(scope=scope)
        if not self._is_ours(headers):
            await refuse(scope, receive, send, 403, "wrong_host")
            return
        if scope["method"] not in _READING and _is_foreign(headers):
            await refuse(scope, receive, send, 403, "foreign_site")
            return
        name = self._name(HTTPConnection(scope))
        if name is not None:
            state["name"] = state["client"] = name
        wait = self._rate.wait(state["client"])
        if wait:
            await refuse(scope, receive, send, 429, "too_many_requests", retry_after(wait))
        elif self._rules.users is not None and name is None and scope["path"] not in OPEN:
            await _ask_to_log_in(scope, receive, send, headers)
        elif is_for_files(scope):
            await refuse(scope, receive, send, 404, "no_files")
        elif is_upload(scope) and not self._rules.uploads:
            await refuse(scope, receive, send, 403, "no_uploads")
        else:
            await self._app(scope, receive, send)

    def _is_ours(self, headers: Headers) -> bool:
        named = urlsplit(f"//{headers.get('host', '')}")
        return not self._rules.hosts or named.hostname in self._rules.hosts

    def _name(self, connection: HTTPConnection) -> str | None:
        if self._rules.users is None:
            return None
        kind, _, token = connection.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            return self._rules.users.bearer(token.strip())
        return self._sessions.name(connection.cookies.get(COOKIE, ""))


def _is_foreign(headers: Headers) -> bool:
    """Whether a browser sends it from another site's page; programs say nothing of the kind."""
    told = headers.get("sec-fetch-site")
    if told is not None:
        return told not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host", "")


async def _ask_to_log_in(scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
    if scope["method"] == "GET" and "text/html" in headers.get("accept", ""):
        query = scope["query_string"].decode("latin-1")
        onward = scope["path"] + (f"?{query}" if query else "")
        await RedirectResponse(f"{IN}?next={quote(onward, safe='')}", 303)(scope, receive, send)
    else:
        await refuse(scope, receive, send, 401, "not_logged_in", {"www-authenticate": "Bearer"})
