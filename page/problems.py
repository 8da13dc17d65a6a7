"""What is said under ``/api`` where there is no answer: one shape for every error."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from index.errors import VirgolettatoError
from page.door.bounds import MAX_BODY
from page.door.refusals import problem_response, told_problem

MOUNTED = "/api"


class Problem(BaseModel):
    """Why there is no answer, and what to do; the log tells more of the request under its number."""

    error: str
    hint: str
    request_id: str | None = None


_TOLD = {
    400: "What was asked cannot be read",
    401: "One has to log in, or send a token",
    403: "The cap on what is quoted forbids it",
    404: "It is not there",
    413: f"The request has more than {MAX_BODY:,} bytes",
    429: "The client has asked too much; `Retry-After` says when to ask again",
    503: "The archive cannot be read at the moment, or too many questions wait",
}


def told(*codes: int) -> dict[int | str, dict[str, Any]]:
    """The errors `codes` for the description; ``4XX`` keeps FastAPI from naming a 422 that is never sent."""
    named: dict[int | str, dict[str, Any]] = {
        code: {"model": Problem, "description": _TOLD[code]} for code in (400, 401, *codes, 429, 503)
    }
    return {**named, "4XX": {"model": Problem, "description": "Any other request that cannot be met"}}


def handle_errors(api: FastAPI) -> None:
    """Have `api` tell every error as a :class:`Problem`.

    A question or draft that cannot be read is 400, what is not there 404, an archive that cannot be read 503; a
    question that is not answered now has its own status.
    """

    def said(request: Request, status: int, error: str, hint: str) -> JSONResponse:
        return JSONResponse(told_problem(request.scope, error, hint), status)

    @api.exception_handler(VirgolettatoError)
    def own(request: Request, error: VirgolettatoError) -> JSONResponse:
        return problem_response(request.scope, error)

    @api.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"][1:]) or "the request"
        return said(request, 400, f"{place}: {first['msg']}", f"see {MOUNTED}/ for what is taken")

    @api.exception_handler(400)
    @api.exception_handler(403)
    @api.exception_handler(404)
    @api.exception_handler(405)
    def missing(request: Request, error: HTTPException) -> JSONResponse:
        return said(request, error.status_code, str(error.detail), f"see {MOUNTED}/ for what there is")
