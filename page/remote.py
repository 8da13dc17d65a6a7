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
from page.door.log import log, places
from page.door.refusals import outward
from page.markup import problem_text
from page.statuses import keep
from qa.check.report import check_json
from qa.limits import DEFAULT_QUOTES
from qa.records import Filters, Language
from qa.render import answer_json

_Told = TypeVar("_Told")
_WAITING = 100
"""Quotations an assistant gets, unless it asks for more."""
_LONGEST = 200
"""Characters of a name, or of words to search for."""
_MOST = 1_000_000_000
_TAKEN = "see /gradio_api/info for what is taken"


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

        def answered(caller: Caller) -> dict[str, Any]:
            asked, most = _typed("question", question), _number("k", k)
            filters = _filters(since, until, outlet, speaker, source)
            return answer_json(desk.answer(asked, k=most, filters=filters, caller=caller))

        return _told(request, answered)

    def quotes(  # noqa: D417
        text: str = "",
        speaker: str = "",
        limit: int = _WAITING,
        offset: int = 0,
        since: str = "",
        until: str = "",
        outlet: str = "",
        source: str = "",
        request: gr.Request | None = None,
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

        def listed(caller: Caller) -> dict[str, Any]:
            first, most = max(0, _number("offset", offset)), max(1, min(_number("limit", limit), MAX_LISTED))
            filters = _filters(since, until, outlet, speaker, source)
            return quotes_json(desk, caller, _text("text", text), filters, first, most)

        return _told(request, listed)

    def check(text: str, request: gr.Request | None = None) -> dict[str, Any]:  # noqa: D417
        """Compare a quotation, or every quotation of a draft, word for word with an archive of news articles.

        Each of "quotations" has a "verdict": "exact", "altered" (its "differences" say what was changed, and "serious"
        whether a number, name, negation or speaker was), "reworded", "joined" from several places, or "not_found"; and
        "sources", the places with the words as they stand there.

        Args:
            text: one quotation as it is, or a draft with quotations between quotation marks
        """
        return _told(request, lambda caller: check_json(desk.check(_typed("text", text), caller)))

    for function in (ask, quotes, check):
        # How many are worked on at once is the desk's affair. Outside the queue an assistant's call is answered in its
        # own request, under its own name; through it the MCP server would ask the page over HTTP as nobody.
        gr.api(function, api_name=function.__name__, queue=False)


def _caller(request: gr.Request | None) -> Caller:
    assistant = request is not None and request.url.path.startswith(ADDRESS.rstrip("/"))
    return Caller.of(request, "mcp" if assistant else "client")


def _filters(since: object, until: object, outlet: object, speaker: object, source: object) -> Filters:
    """The filters that are not empty."""
    return Filters(
        _day("since", since),
        _day("until", until),
        _text("outlet", outlet) or None,
        _text("speaker", speaker) or None,
        _text("source", source) or None,
    )


def _day(name: str, value: object) -> str | None:
    """A day in ISO 8601; None for an empty value."""
    text = _text(name, value)
    try:
        return datetime.date.fromisoformat(text).isoformat() if text else None
    except ValueError as error:
        raise UsageError(f"{text} is no day", "write it as 2025-04-28") from error


def _text(name: str, value: object) -> str:
    """`value`, if it is short text that can be written as UTF-8."""
    text = _typed(name, value)
    if len(text) > _LONGEST:
        raise UsageError(f"{name} has more than {_LONGEST} characters", "give a shorter one")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise UsageError(f"{name} is not valid UTF-8 text", "send it as UTF-8") from error
    return text


def _typed(name: str, value: object) -> str:
    """`value`, if it is text; whoever reads it says what else it has to be."""
    if not isinstance(value, str):
        raise UsageError(f"{name} is not text", _TAKEN)
    return value


def _number(name: str, value: object) -> int:
    """`value`, if it is a whole number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1 or abs(value) > _MOST:
        raise UsageError(f"{name} is not a whole number that can be meant", _TAKEN)
    return int(value)


def _told(request: gr.Request | None, work: Callable[[Caller], _Told]) -> _Told:
    """What `work` gives for who asks; an error of ours as one that Gradio hands on in its words, any other as none."""
    caller = _caller(request)
    try:
        return work(caller)
    except VirgolettatoError as error:
        keep(request, error)
        raise _ToldError(": ".join(outward(error, Language.ENGLISH)), print_exception=False) from error
    except Exception as error:
        keep(request, error)
        log.error("failed", error=places(error))
        raise _ToldError(problem_text("failed", caller.request_id, Language.ENGLISH), print_exception=False) from error


class _ToldError(gr.Error):  # type: ignore[misc]
    """An error in words as they are: Gradio's own would put them between quotation marks for an assistant."""

    def __str__(self) -> str:
        return str(self.message)
