"""What programs are told at Gradio's own addresses where there is no answer: Gradio would say 500, and not why."""

from __future__ import annotations

import re
from typing import Any

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.errors import VirgolettatoError
from page.door.log import log, places
from page.door.refusals import asked_language, problem_response, told_problem
from qa.messages import message

_TAKEN = re.compile(r"/gradio_api/(?:(?:run|api|call|call/v2)/[^/]+|queue/join)/?")
"""Where what is sent names a function and what it is to take."""
_TOLD = "told"
"""In a request's state: why there is no answer."""


def keep(request: Any, error: Exception) -> None:
    """Keep for the answer to `request`, Gradio's, why there is none; nothing where there is no request."""
    scope = getattr(getattr(request, "request", request), "scope", None)
    if scope is not None:
        scope.setdefault("state", {})[_TOLD] = error


class Statuses:
    """Around Gradio: each 500 becomes what it is.

    A function of ours has kept its error; any other is of Gradio, which could not read what was sent.

    Args:
        app: Gradio, and whatever is beside it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] != "POST" or not _TAKEN.fullmatch(scope["path"]):
            await self._app(scope, receive, send)
            return
        begun = wrong = False

        async def sending(message: Message) -> None:
            nonlocal begun, wrong
            if message["type"] == "http.response.start":
                begun, wrong = True, message["status"] == 500
            if not wrong:
                await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception as error:
            if begun and not wrong:
                raise
            wrong = True
            log.info("misread", error=places(error))
        if wrong:
            await _answer(scope)(scope, receive, send)


def _answer(scope: Scope) -> JSONResponse:
    kept = scope.get("state", {}).get(_TOLD)
    if isinstance(kept, VirgolettatoError):
        return problem_response(scope, kept)
    status, name = (400, "misread") if kept is None else (500, "failed")
    language = asked_language(scope)
    content = told_problem(scope, message(name, language), message(f"{name}_hint", language))
    return JSONResponse(content, status)
