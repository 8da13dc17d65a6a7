"""Links to an answer, which is asked again; those to a passage are made by :mod:`qa.links`."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from urllib.parse import urlencode

from qa.records import Filters, Language, Question

_LONGEST = 200
"""Characters of a filter's value."""


def answer_link(question: Question, interface: Language) -> str:
    """The query that asks `question` again with its filters; a follow-up after the question it hangs on."""
    asked = _asked(question)
    return "?" + urlencode({"q": asked.pop("q"), "lang": interface.value, **asked, **filters_query(question.filters)})


def export_link(question: Question, ending: str) -> str:
    """The address, from the page's own, of the quotes that answer `question` as a file that ends in `ending`."""
    return _export("answer", ending, _asked(question), question.filters)


def quotes_export_link(text: str, filters: Filters, ending: str) -> str:
    """The address of the direct speech that holds the words of `text` as such a file."""
    return _export("quotes", ending, {"text": text} if text else {}, filters)


def _asked(question: Question) -> dict[str, str]:
    return {"q": question.text, **({"former": question.former} if question.former else {})}


def _export(what: str, ending: str, given: dict[str, str], filters: Filters) -> str:
    exact = {"exact": "true"} if filters.exact and (filters.outlet or filters.speaker) else {}
    return f"api/export/{what}?" + urlencode({"format": ending[1:], **given, **filters_query(filters), **exact})


def filters_query(filters: Filters) -> dict[str, str]:
    """The filters that are set, by name; that names are whole ones goes without saying in a link of the page."""
    values = {name: getattr(filters, name) for name in Filters.__slots__ if name != "exact"}
    # A link's own `lang` is the interface's.
    return {("source" if name == "language" else name): value for name, value in values.items() if value}


def filters_from(values: Mapping[str, object]) -> Filters:
    """The filters of a form or a link, by whole names; a value that cannot be one counts as not given."""

    def text(name: str) -> str | None:
        value = values.get(name)
        return value if isinstance(value, str) and len(value.strip()) > 0 and len(value) <= _LONGEST else None

    def day(name: str) -> str | None:
        try:
            return datetime.date.fromisoformat(text(name) or "").isoformat()
        except ValueError:
            return None

    return Filters(day("since"), day("until"), text("outlet"), text("speaker"), text("source"), exact=True)
