"""The page's functions over HTTP, under ``/api``: the same JSON as the command line, and one shape for all errors."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import Depends, FastAPI, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, Field

from page.api_contents import contents_html
from page.desk import Desk
from page.door.caller import Caller
from page.problems import handle_errors, told
from qa.check.report import check_json
from qa.excerpts import Excerpt, answer_excerpts, answer_heading, quotation_excerpts
from qa.exports import exported
from qa.limits import DEFAULT_QUOTES, MAX_QUESTION, MAX_QUOTES
from qa.records import Filters, Language
from qa.render import answer_json, article_json, quotation_json

MAX_LISTED = 1000
"""Quotations or articles given at once, at most."""
_MEDIA = {
    "csv": "text/csv",
    "json": "application/json",
    "md": "text/markdown",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}

Text = Annotated[str | None, Query(max_length=200)]
Day = Annotated[datetime.date | None, Query(description="as 2025-04-28")]
Code = Annotated[str | None, Query(pattern="^[a-z]{2}$", description="of the articles, as it or en")]
Exact = Annotated[bool, Query(description="outlet and speaker are whole names, not part of one")]
Form = Annotated[Literal["csv", "json", "md", "docx"], Query(alias="format", description="of the file")]
Asked = Annotated[str, Query(max_length=MAX_QUESTION, description="the question, in Italian or English")]
Former = Annotated[str | None, Query(max_length=MAX_QUESTION, description="the question it follows")]
Number = Annotated[int, Query(ge=1, le=MAX_QUOTES, description="quotes at most")]
Tongue = Annotated[Language | None, Query(description="the question's; told from its words without")]
Sought = Annotated[str | None, Query(max_length=200, description="words the quotation holds")]
Offset = Annotated[int, Query(ge=0)]
Limit = Annotated[int, Query(ge=1, le=MAX_LISTED)]


def _filters(
    since: Day = None,
    until: Day = None,
    outlet: Text = None,
    speaker: Text = None,
    source: Code = None,
    exact: Exact = False,
) -> Filters:
    first, last = (None if day is None else day.isoformat() for day in (since, until))
    return Filters(first, last, outlet or None, speaker or None, source, exact)


def _caller(request: Request) -> Caller:
    return Caller.of(request, "api")


Chosen = Annotated[Filters, Depends(_filters)]
Asking = Annotated[Caller, Depends(_caller)]


class Draft(BaseModel):
    """What is to be checked."""

    text: str = Field(max_length=1_000_000, description="a quotation, or a draft with some")


def build_api(desk: Desk) -> FastAPI:
    """The application to be mounted at :data:`page.problems.MOUNTED`; :mod:`page.problems` tells its errors."""
    api = FastAPI(
        title="Virgolettato",
        description="Answers questions over an archive of articles only by quoting it.",
        version="1",
        docs_url=None,
        redoc_url=None,
    )
    handle_errors(api)

    @api.get("/", include_in_schema=False)
    def contents() -> HTMLResponse:
        return HTMLResponse(contents_html(api.openapi()))

    @api.get("/ask", summary="Answer a question with quotes and their sources", responses=told())
    def ask(
        q: Asked,
        filters: Chosen,
        caller: Asking,
        k: Number = DEFAULT_QUOTES,
        lang: Tongue = None,
        former: Former = None,
    ) -> dict[str, Any]:
        return answer_json(desk.answer(q, k=k, language=lang, filters=filters, former=former, caller=caller))

    @api.get("/quotes", summary="Direct speech and who said it, newest first", responses=told())
    def quotes(
        filters: Chosen, caller: Asking, text: Sought = None, offset: Offset = 0, limit: Limit = 100
    ) -> dict[str, Any]:
        return quotes_json(desk, caller, text or "", filters, offset, limit)

    @api.post("/check", summary="Compare the quotations of a draft with the archive", responses=told(413))
    def check(draft: Draft, caller: Asking) -> dict[str, Any]:
        return check_json(desk.check(draft.text, caller))

    @api.get("/articles", summary="What the archive holds, newest first", responses=told())
    def articles(offset: Offset = 0, limit: Limit = 100) -> dict[str, Any]:
        held = desk.holdings()
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

    @api.get("/articles/{article_id}", summary="An article, to the letter", responses=told(403, 404))
    def article(article_id: str, caller: Asking) -> dict[str, Any]:
        found = desk.article(article_id)
        if found is None:
            raise HTTPException(404, "the archive holds no such article")
        if desk.policy.max_quoted is not None:
            raise HTTPException(403, "whole articles are not given while what is quoted of one is capped")
        desk.note(caller, "article", articles=[found.id])
        excluded = [[part.span.start, part.span.end, part.kind.value] for part in found.exclusions]
        return {**article_json(found), "text": found.text, "exclusions": excluded}

    _offer_exports(api, desk)
    return api


def quotes_json(desk: Desk, caller: Caller, text: str, filters: Filters, offset: int, limit: int) -> dict[str, Any]:
    """How much direct speech there is, how much the cap withholds, and a portion of it as the command line has it."""
    found = desk.quotations(text, filters)
    shown = desk.shown(found)
    portion = shown[offset : offset + limit]
    desk.note(caller, "quotes", text=text, articles=[quotation.article.id for quotation in portion])
    rows = [quotation_json(quotation) for quotation in portion]
    return {"count": len(shown), "withheld": len(found) - len(shown), "quotes": rows}


def _offer_exports(api: FastAPI, desk: Desk) -> None:
    def file(excerpts: Sequence[Excerpt], form: str, heading: str | None = None) -> Response:
        named = {"content-disposition": f'attachment; filename="virgolettato.{form}"'}
        return Response(exported(excerpts, f".{form}", heading), media_type=_MEDIA[form], headers=named)

    @api.get(
        "/export/answer",
        summary="The quotes that answer a question, as a file",
        response_class=Response,
        responses=told(),
    )
    def answer(
        q: Asked,
        filters: Chosen,
        form: Form,
        caller: Asking,
        k: Number = DEFAULT_QUOTES,
        former: Former = None,
    ) -> Response:
        found = desk.answer(q, k=k, filters=filters, former=former, caller=caller, kind="export")
        return file(answer_excerpts(found), form, answer_heading(found))

    @api.get("/export/quotes", summary="Direct speech, as a file", response_class=Response, responses=told())
    def quotes(filters: Chosen, form: Form, caller: Asking, text: Sought = None) -> Response:
        shown = desk.shown(desk.quotations(text or "", filters))
        desk.note(caller, "export", text=text or "", articles=[quotation.article.id for quotation in shown])
        return file(quotation_excerpts(shown, text, desk.engine().archive.manifest.index_id), form)
