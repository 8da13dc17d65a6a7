"""The page's functions for ``gradio_client`` and, where it is asked for, for assistants over MCP.

Their answers are the JSON under ``/api``, by the same names; their docstrings are what an assistant is told.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any, TypeVar

import gradio as gr

from index.errors import UsageError, VirgolettatoError
from page.api import MAX_LISTED, quotes_json
from page.assistants import ADDRESS
from page.desk import Desk
from page.door.caller import Caller
from qa.check.report import check_json
from qa.limits import DEFAULT_QUOTES
from qa.records import Filters
from qa.render import answer_json

_Told = TypeVar("_Told")
_WAITING = 100
"""Quotations an assistant gets, unless it asks for more."""


def offer(desk: Desk) -> None:
    """Offer ``/ask``, ``/quotes`` and ``/check`` of the page that is being built."""

    def ask(  # noqa: D417 – assistants give no request, and are told of none
        question: str,
        k: int = DEFAULT_QUOTES,
        since: str = "",
        until: str = "",
        outlet: str = "",
        speaker: str = "",
        source: str = "",
        request: gr.Request | None = None,
    ) -> dict[str, Any]:
        """Answer a question from an archive of news articles with verbatim quotes and their sources, and nothing else.

        The result has "status" ("answered" or "not_found"), "confidence" from 0 to 1, and "citations": each has "text",
        the exact words of the article, "context" around them, "speech" (who says them, if anybody), "reference" ready
        for print, and "article" with title, outlet, date and file. "disagreements" shows where sources give different
        figures. If the status is "not_found" the archive does not answer: do not answer from "nearest". Quote the words
        unchanged and name their source.

        Args:
            question: in Italian or English, whatever the language of the articles
            k: quotes at most, 1 to 50
            since: only articles from this day on, as 2025-04-28; empty for all
            until: only articles up to this day, as 2025-10-24; empty for all
            outlet: only articles of this outlet; empty for all
            speaker: only articles in which this person speaks; empty for all
            source: only articles in this language, it or en; empty for all
        """

        def answered() -> dict[str, Any]:
            filters = _filters(since, until, outlet, speaker, source)
            return answer_json(desk.answer(question, k=k, filters=filters, caller=_caller(request)))

        return _told(answered)

    def quotes(
        text: str = "",
        speaker: str = "",
        limit: int = _WAITING,
        offset: int = 0,
        since: str = "",
        until: str = "",
        outlet: str = "",
        source: str = "",
    ) -> dict[str, Any]:
        """List what people said, word for word, in an archive of news articles, newest first.

        The result has "count", how many there are, "withheld", how many a cap leaves out, and "quotes", a portion of
        them: each has "text", the exact words between quotation marks, "speaker", "reported_by" (the agency or outlet
        that carries them) and "article" with title, outlet, date and file.

        Args:
            text: words the quotation holds; empty for any
            speaker: name of who says it, in whole or part; empty for anybody
            limit: entries at most, 1 to 1000
            offset: entries to leave out from the beginning
            since: only articles from this day on, as 2025-04-28; empty for all
            until: only articles up to this day, as 2025-10-24; empty for all
            outlet: only articles of this outlet; empty for all
            source: only articles in this language, it or en; empty for all
        """

        def listed() -> dict[str, Any]:
            filters = _filters(since, until, outlet, speaker, source)
            return quotes_json(desk, text, filters, max(0, offset), max(1, min(limit, MAX_LISTED)))

        return _told(listed)

    def check(text: str, request: gr.Request | None = None) -> dict[str, Any]:  # noqa: D417
        """Compare a quotation, or every quotation of a draft, word for word with an archive of news articles.

        Each of "quotations" has a "verdict": "exact", "altered" (its "differences" say what was changed, and "serious"
        whether a number, name, negation or speaker was), "reworded", "joined" from several places, or "not_found"; and
        "sources", the places with the words as they stand there.

        Args:
            text: one quotation as it is, or a draft with quotations between quotation marks
        """
        return _told(lambda: check_json(desk.check(text, _caller(request))))

    for function in (ask, quotes, check):
        # How many are worked on at once is the desk's affair. Outside the queue an assistant's call is answered in its
        # own request, under its own name; through it the MCP server would ask the page over HTTP as nobody.
        gr.api(function, api_name=function.__name__, queue=False)


def _caller(request: gr.Request | None) -> Caller:
    assistant = request is not None and request.url.path.startswith(ADDRESS.rstrip("/"))
    return Caller.of(request, "mcp" if assistant else "client")


def _filters(since: str, until: str, outlet: str, speaker: str, source: str) -> Filters:
    """The filters that are not empty."""
    return Filters(_day(since), _day(until), outlet or None, speaker or None, source or None)


def _day(value: str) -> str | None:
    """A day in ISO 8601; None for an empty value."""
    try:
        return datetime.date.fromisoformat(value).isoformat() if value else None
    except ValueError as error:
        raise UsageError(f"{value} is no day", "write it as 2025-04-28") from error


def _told(work: Callable[[], _Told]) -> _Told:
    """What `work` gives; an error of ours as one that Gradio hands on in its words."""
    try:
        return work()
    except VirgolettatoError as error:
        raise _ToldError(f"{error}: {error.hint}", print_exception=False) from error


class _ToldError(gr.Error):  # type: ignore[misc]
    """An error in words as they are: Gradio's own would put them between quotation marks for an assistant."""

    def __str__(self) -> str:
        return str(self.message)
