"""The page's functions for ``gradio_client``: the same JSON as under ``/api``, by the same names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import gradio as gr

from index.errors import VirgolettatoError
from page.desk import Desk
from qa.check.report import check_json
from qa.limits import DEFAULT_QUOTES
from qa.records import Filters
from qa.render import answer_json, quotation_json

_Told = TypeVar("_Told")
_LISTED = 1000
"""Quotations given at once."""


def offer(desk: Desk) -> None:
    """Offer ``/ask``, ``/quotes`` and ``/check`` of the page that is being built."""

    def ask(question: str, k: int = DEFAULT_QUOTES) -> dict[str, Any]:
        """Answer a question, in Italian or English, with at most `k` quotes and their sources."""
        return _told(lambda: answer_json(desk.engine().ask(question, k=k)))

    def quotes(text: str = "", speaker: str = "") -> list[dict[str, Any]]:
        """Direct speech that holds the words of `text`, by whoever bears the name `speaker`, newest first."""
        filters = Filters(speaker=speaker or None)
        return _told(lambda: [quotation_json(quote) for quote in desk.quotations(text, filters)[:_LISTED]])

    def check(text: str) -> dict[str, Any]:
        """Compare a quotation, or every quotation of a draft, with the archive."""
        return _told(lambda: check_json(desk.checker().check(text)))

    for function in (ask, quotes, check):
        gr.api(function, api_name=function.__name__, concurrency_limit=2)


def _told(work: Callable[[], _Told]) -> _Told:
    """What `work` gives; an error of ours as one that Gradio hands on in its words."""
    try:
        return work()
    except VirgolettatoError as error:
        raise gr.Error(f"{error}: {error.hint}", print_exception=False) from error
