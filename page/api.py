"""The page's functions over HTTP, under ``/api``: the same JSON as the command line, and one shape for all errors."""

from __future__ import annotations

import datetime
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, HTTPException, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import BaseModel, Field

from index.errors import ArchiveError, ModelError, VirgolettatoError
from page.desk import Desk
from page.markup import escaped
from qa.check.report import check_json
from qa.limits import DEFAULT_QUOTES, MAX_QUESTION, MAX_QUOTES
from qa.records import Filters, Language
from qa.render import answer_json, article_json, quotation_json

MOUNTED = "/api"
_MAX_BODY = 8_000_000
"""Bytes: what the longest draft takes as JSON."""
_MAX_LISTED = 1000
_STYLE = Path(__file__).with_name("api.css")

Text = Annotated[str | None, Query(max_length=200)]
Day = Annotated[datetime.date | None, Query(description="as 2025-04-28")]
Code = Annotated[str | None, Query(pattern="^[a-z]{2}$", description="of the articles, as it or en")]


class Draft(BaseModel):
    """What is to be checked."""

    text: str = Field(max_length=1_000_000, description="a quotation, or a draft with some")


class Problem(BaseModel):
    """Why there is no answer, and what to do."""

    error: str
    hint: str


def build_api(desk: Desk) -> FastAPI:
    """The application to be mounted at :data:`MOUNTED`.

    A question or draft that cannot be read is 400, what is not there 404, too large a body 413, an archive that cannot
    be read 503.
    """
    api = FastAPI(
        title="Virgolettato",
        description="Answers questions over an archive of articles only by quoting it.",
        version="1",
        docs_url=None,
        redoc_url=None,
        responses={code: {"model": Problem} for code in (400, 503)},
    )
    _handle_errors(api)

    @api.get("/", include_in_schema=False)
    def contents() -> HTMLResponse:
        return HTMLResponse(_contents_html(api.openapi()))

    @api.get("/ask", summary="Answer a question with quotes and their sources")
    def ask(
        q: Annotated[str, Query(max_length=MAX_QUESTION, description="the question, in Italian or English")],
        k: Annotated[int, Query(ge=1, le=MAX_QUOTES, description="quotes at most")] = DEFAULT_QUOTES,
        lang: Annotated[Language | None, Query(description="the question's; told from its words without")] = None,
        former: Annotated[str | None, Query(max_length=MAX_QUESTION, description="the question it follows")] = None,
        since: Day = None,
        until: Day = None,
        outlet: Text = None,
        speaker: Text = None,
        source: Code = None,
    ) -> dict[str, Any]:
        filters = _filters(since, until, outlet, speaker, source)
        return answer_json(desk.engine().ask(q, k=k, language=lang, filters=filters, former=former))

    @api.get("/quotes", summary="Direct speech and who said it, newest first")
    def quotes(
        text: Annotated[str | None, Query(max_length=200, description="words the quotation holds")] = None,
        since: Day = None,
        until: Day = None,
        outlet: Text = None,
        speaker: Text = None,
        source: Code = None,
        offset: Annotated[int, Query(ge=0)] = 0,
        limit: Annotated[int, Query(ge=1, le=_MAX_LISTED)] = 100,
    ) -> dict[str, Any]:
        found = desk.quotations(text or "", _filters(since, until, outlet, speaker, source))
        return {"count": len(found), "quotes": [quotation_json(quote) for quote in found[offset : offset + limit]]}

    @api.post("/check", summary="Compare the quotations of a draft with the archive")
    def check(draft: Draft) -> dict[str, Any]:
        return check_json(desk.checker().check(draft.text))

    @api.get("/articles", summary="What the archive holds, newest first")
    def articles(
        offset: Annotated[int, Query(ge=0)] = 0, limit: Annotated[int, Query(ge=1, le=_MAX_LISTED)] = 100
    ) -> dict[str, Any]:
        held = desk.engine().archive.store.holdings()
        rows = [
            {
                "id": holding.id,
                "file": holding.source_file,
                "title": holding.title,
                "outlet": holding.outlet,
                "published": holding.published,
                "language": holding.language,
                "passages": holding.passages,
                "quotations": holding.quotations,
            }
            for holding in held[offset : offset + limit]
        ]
        return {"count": len(held), "articles": rows}

    @api.get("/articles/{article_id}", summary="An article, to the letter", responses={404: {"model": Problem}})
    def article(article_id: str) -> dict[str, Any]:
        found = desk.article(article_id)
        if found is None:
            raise HTTPException(404, "the archive holds no such article")
        excluded = [[part.span.start, part.span.end, part.kind.value] for part in found.exclusions]
        return {**article_json(found), "text": found.text, "exclusions": excluded}

    return api


def _filters(
    since: datetime.date | None, until: datetime.date | None, outlet: str | None, speaker: str | None, code: str | None
) -> Filters:
    first, last = (None if day is None else day.isoformat() for day in (since, until))
    return Filters(first, last, outlet or None, speaker or None, code)


def _handle_errors(api: FastAPI) -> None:
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

    @api.exception_handler(404)
    @api.exception_handler(405)
    def missing(_: Request, error: HTTPException) -> JSONResponse:
        return said(error.status_code, str(error.detail), f"see {MOUNTED}/ for what there is")

    @api.middleware("http")
    async def limited(request: Request, proceed: Callable[[Request], Awaitable[Response]]) -> Response:
        """Refuse a body that is too large, before it is read where its length is told, else as soon as it is."""
        refusal = said(413, f"the request has more than {_MAX_BODY} bytes", "check a shorter draft")
        told = request.headers.get("content-length", "0")
        if not told.isdecimal() or int(told) > _MAX_BODY:
            return refusal
        size, parts = 0, []
        async for part in request.stream():
            size += len(part)
            if size > _MAX_BODY:
                return refusal
            parts.append(part)
        request._body = b"".join(parts)
        return await proceed(request)


def _contents_html(schema: dict[str, Any]) -> str:
    """The endpoints with what each takes, made from the OpenAPI description, in which the details stand."""
    rows = []
    for path, methods in schema["paths"].items():
        for method, told in methods.items():
            taken = "".join(
                f"<li><code>{escaped(given['name'])}</code>{' (required)' if given.get('required') else ''} "
                f"{escaped(given['schema'].get('description') or given.get('description') or '')}</li>"
                for given in told.get("parameters", [])
            )
            if "requestBody" in told:
                taken += '<li>a body of JSON: <code>&#123;"text": "…"&#125;</code></li>'
            rows.append(
                f"<h2><code>{method.upper()} {MOUNTED}{escaped(path)}</code></h2>"
                f"<p>{escaped(told['summary'])}.</p><ul>{taken}</ul>"
            )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Virgolettato: HTTP API</title><style>{_STYLE.read_text(encoding='utf-8')}</style>"
        f"<h1>Virgolettato: HTTP API</h1><p>{escaped(schema['info']['description'])} Answers are JSON, as the command "
        'line prints it; an error is <code>&#123;"error", "hint"&#125;</code>. '
        f'The whole description: <a href="{MOUNTED}/openapi.json">openapi.json</a>.</p>'
        f"<pre>curl -G {MOUNTED}/ask --data-urlencode 'q=Cosa ha detto Putin?'</pre>{''.join(rows)}</html>"
    )
