"""What whoever is not served is told: one line, what to do about it, and the number of the request."""

from __future__ import annotations

import math
from typing import Any

from fastapi.responses import JSONResponse
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from index.errors import ArchiveError, ArchiveUnreachableError, ModelError, VirgolettatoError
from page.door.log import log
from qa.messages import message
from qa.records import Language


class RefusedError(VirgolettatoError):
    """A question that is not answered now, though nothing is wrong with it.

    Args:
        name: of the message that says why; with ``_hint`` after it, of what to do.
        status: of HTTP.
        seconds: after which it may be asked again.
    """

    def __init__(self, name: str, status: int, seconds: float) -> None:
        super().__init__(message(name, Language.ENGLISH), message(f"{name}_hint", Language.ENGLISH))
        self.name, self.status, self.seconds = name, status, seconds


def retry_after(seconds: float) -> dict[str, str]:
    """The header that says when to come again; whole seconds, at least one."""
    return {"retry-after": str(max(1, math.ceil(seconds)))}


def request_id(scope: Scope) -> str | None:
    """The number of the request, as its answer and the log have it; None where nobody gave it one."""
    given = scope.get("state", {}).get("request_id")
    return given if isinstance(given, str) else None


def told_problem(scope: Scope, error: str, hint: str) -> dict[str, str]:
    """An error as JSON tells it."""
    given = request_id(scope)
    return {"error": error, "hint": hint, **({} if given is None else {"request_id": given})}


def asked_language(scope: Scope) -> Language:
    """The language the browser asks for; English where it names neither."""
    for part in Headers(scope=scope).get("accept-language", "").split(","):
        code = part.strip()[:2].lower()
        if code in ("it", "en"):
            return Language(code)
    return Language.ENGLISH


def outward(error: VirgolettatoError, language: Language) -> tuple[str, str]:
    """What others than the log are told of `error`, and what to do.

    Why an archive cannot be read names folders and commands, which are nobody's affair but the operator's.
    """
    if not isinstance(error, ArchiveError | ModelError):
        return str(error), error.hint
    name = unread(error)
    log.error(name, reason=str(error), hint=error.hint)
    return message(name, language), message(f"{name}_hint", language)


def unread(error: ArchiveError | ModelError) -> str:
    """How the names of messages end that say of an archive why it does not answer: it may do so again soon, or not."""
    return "unreachable" if isinstance(error, ArchiveUnreachableError) else "unreadable"


def problem_response(scope: Scope, error: VirgolettatoError) -> JSONResponse:
    """The answer to a request that ended in `error`.

    A question that is not answered now has its own status; an archive that cannot be read is 503, anything else, what
    was sent cannot be read, 400.
    """
    if isinstance(error, RefusedError):
        return JSONResponse(told_problem(scope, str(error), error.hint), error.status, retry_after(error.seconds))
    status = 503 if isinstance(error, ArchiveError | ModelError) else 400
    return JSONResponse(told_problem(scope, *outward(error, asked_language(scope))), status)


async def refuse(
    scope: Scope,
    receive: Receive,
    send: Send,
    status: int,
    name: str,
    headers: dict[str, str] | None = None,
    **values: str,
) -> None:
    """Answer with `status` and the message `name`, in the language the browser asks for.

    Gradio shows the line under ``error`` to whoever sits before the page.
    """
    language = asked_language(scope)
    content: dict[str, Any] = told_problem(scope, message(name, language, **values), message(f"{name}_hint", language))
    await JSONResponse(content, status, headers)(scope, receive, send)
