"""What is said under ``/api`` where there is no answer: one shape for every error, and a bound on what is sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel

from index.errors import ArchiveError, ModelError, VirgolettatoError

MOUNTED = "/api"
MAX_BODY = 8_000_000
"""Bytes: what the longest draft takes as JSON."""


class Problem(BaseModel):
    """Why there is no answer, and what to do."""

    error: str
    hint: str


_TOLD = {
    400: "What was asked cannot be read",
    403: "The cap on what is quoted forbids it",
    404: "It is not there",
    413: f"The request has more than {MAX_BODY:,} bytes",
    503: "The archive cannot be read at the moment",
}


def told(*codes: int) -> dict[int | str, dict[str, Any]]:
    """The errors `codes` for the description; ``4XX`` keeps FastAPI from naming a 422 that is never sent."""
    named: dict[int | str, dict[str, Any]] = {
        code: {"model": Problem, "description": _TOLD[code]} for code in (400, *codes, 503)
    }
    return {**named, "4XX": {"model": Problem, "description": "Any other request that cannot be met"}}


def handle_errors(api: FastAPI) -> None:
    """Have `api` tell every error as a :class:`Problem`.

    A question or draft that cannot be read is 400, what is not there 404, too large a body 413, an archive that cannot
    be read 503.
    """

    def said(status: int, error: str, hint: str) -> JSONResponse:
        return JSONResponse({"error": error, "hint": hint}, status)

    @api.exception_handler(VirgolettatoError)
    def own(_: Request, error: VirgolettatoError) -> JSONResponse:
        return said(503 if isinstance(error, ArchiveError | ModelError) else 400, str(error), error.hint)

    @api.exception_handler(RequestValidationError)
    def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"][1:]) or "the request"
        return said(400, f"{place}: {first['msg']}", f"see {MOUNTED}/ for what is taken")

    @api.exception_handler(400)
    @api.exception_handler(403)
    @api.exception_handler(404)
    @api.exception_handler(405)
    def missing(_: Request, error: HTTPException) -> JSONResponse:
        return said(error.status_code, str(error.detail), f"see {MOUNTED}/ for what there is")

    @api.middleware("http")
    async def limited(request: Request, proceed: Callable[[Request], Awaitable[Response]]) -> Response:
        """Refuse a body that is too large, before it is read where its length is told, else as soon as it is."""
        refusal = said(413, f"the request has more than {MAX_BODY} bytes", "check a shorter draft")
        length = request.headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > MAX_BODY:
            return refusal
        size, parts = 0, []
        async for part in request.stream():
            size += len(part)
            if size > MAX_BODY:
                return refusal
            parts.append(part)
        request._body = b"".join(parts)
        return await proceed(request)
