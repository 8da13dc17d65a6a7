"""Logging in and out: one small form, in Italian and English."""

from __future__ import annotations

import asyncio
import math
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from page.door.caller import Caller
from page.door.log import log
from page.door.reception import Reception
from page.door.refusals import asked_language, retry_after, told_problem
from page.door.sessions import COOKIE, LASTING, Sessions, Slowdown
from page.door.users import LONGEST, Users
from page.markup import attributes, escaped, notice_html
from qa.messages import message
from qa.records import Language

IN, OUT = "/login", "/logout"
_STYLE = Path(__file__).with_name("login.css")
_AT_ONCE = 2
"""Passwords compared at the same time; each takes 32 MiB."""


class Login:
    """The form at ``/login``, and ``/logout``.

    Args:
        users: who may come in.
        sessions: of those who have.
        reception: has written down who came and went.
    """

    def __init__(self, users: Users, sessions: Sessions, reception: Reception) -> None:
        self._users = users
        self._reception = reception
        self._sessions = sessions
        self._slowdown = Slowdown()
        self._comparing = asyncio.Semaphore(_AT_ONCE)

    async def enter(self, request: Request) -> Response:
        """Show the form, or compare what was filled in; a wrong password is 401, guessing too fast 429."""
        if request.method == "GET":
            return _form(request, request.query_params.get("next", "/"))
        name, password, onward = _filled_in(await request.body())
        caller = Caller.of(request, "page")
        keys = (name[:LONGEST], caller.client)
        wait = math.ceil(self._slowdown.wait(*keys))
        if wait:
            log.warning("login", outcome="slowed", seconds=wait)
            self._reception.note(caller, "login", "slowed", text=name)
            told = "login_slow_one" if wait == 1 else "login_slow"
            return _form(request, onward, told, 429, retry_after(wait), seconds=str(wait))
        await asyncio.sleep(self._slowdown.pause(keys[0]))
        async with self._comparing:
            known = await asyncio.to_thread(self._users.knows, name, password)
        if not known:
            log.warning("login", outcome="wrong")
            self._reception.note(caller, "login", "wrong", text=name)
            return _form(request, onward, "login_wrong", 401)
        self._slowdown.right(*keys)
        log.info("login", outcome="in", user=name)
        self._reception.note(replace(caller, name=name), "login")
        # gradio_client logs in by the same form, and wants no page.
        answer = RedirectResponse(_local(onward), 303) if _wants_page(request) else JSONResponse({"success": True})
        answer.set_cookie(COOKIE, self._sessions.begin(name), LASTING, **_safe(request))
        return answer

    async def leave(self, request: Request) -> Response:
        """End the session."""
        self._sessions.end(request.cookies.get(COOKIE, ""))
        self._reception.note(Caller.of(request, "page"), "logout")
        answer = RedirectResponse(IN, 303)
        answer.delete_cookie(COOKIE, **_safe(request))
        # What the page showed is not to be found again by who sits down next.
        answer.headers["clear-site-data"] = '"cache"'
        return answer


def _wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


def _filled_in(body: bytes) -> tuple[str, str, str]:
    """User name, password and where to go then; empty for what is not there."""
    try:
        given = parse_qs(body.decode("utf-8", "replace"), max_num_fields=10)
    except ValueError:
        given = {}
    name, password, onward = (given.get(field, [""])[0] for field in ("username", "password", "next"))
    return name, password, onward


def _safe(request: Request) -> dict[str, Any]:
    return {"path": "/", "httponly": True, "samesite": "lax", "secure": request.url.scheme == "https"}


def _local(onward: str) -> str:
    """`onward` if it is an address of this page, else its start; browsers read a backslash as ``/``."""
    try:
        parts = urlsplit(onward)
    except ValueError:
        return "/"
    local = onward.startswith("/") and not onward.startswith(("//", "/\\")) and onward.isprintable()
    return onward if local and not parts.scheme and not parts.netloc else "/"


def _form(
    request: Request,
    onward: str,
    problem: str | None = None,
    status: int = 200,
    headers: dict[str, str] | None = None,
    **values: str,
) -> Response:
    language = asked_language(request.scope)
    if problem is not None and not _wants_page(request):
        said, mend = message(problem, language, **values), message(f"{problem}_hint", language)
        return JSONResponse(told_problem(request.scope, said, mend), status, headers)
    return HTMLResponse(_form_html(language, _local(onward), problem, values), status, headers)


def _form_html(language: Language, onward: str, problem: str | None, values: dict[str, str]) -> str:
    def said(name: str) -> str:
        return escaped(message(name, language))

    notice = "" if problem is None else notice_html(message(problem, language, **values))
    return (
        f'<!doctype html><html lang="{language.value}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>Virgolettato</title>'
        f"<style>{_STYLE.read_text(encoding='utf-8')}</style>"
        f'<main><h1>Virgolettato</h1>{notice}<form method="post" action="{IN}">'
        f'<label>{said("login_name")}<input name="username" autocomplete="username" required autofocus></label>'
        f'<label>{said("login_password")}<input name="password" type="password" autocomplete="current-password" '
        f'required></label><input type="hidden" name="next"{attributes(value=onward)}>'
        f"<button>{said('login_enter')}</button></form></main></html>"
    )
