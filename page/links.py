"""Links to an answer, which is asked again; those to a passage are made by :mod:`qa.links`."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from urllib.parse import urlencode

from qa.records import Filters, Language, Question

_LONGEST = 200
"""Characters of a filter's value."""


def answer_link(question: Question, interface: Language) -> str:
    """The query that asks `question` again with its filters; a follow-up with the question before it."""
    chosen = filters_query(question.filters)
    return "?" + urlencode({"q": question.searched, "lang": interface.value, **chosen})


def export_link(question: Question, ending: str) -> str:
    """The address, from the page's own, of the quotes that answer `question` as a file that ends in `ending`."""
    return _export("answer", ending, {"q": question.searched}, question.filters)


def quotes_export_link(text: str, filters: Filters, ending: str) -> str:
    """The address of the direct speech that holds the words of `text` as such a file."""
    return _export("quotes", ending, {"text": text} if text else {}, filters)


def _export(what: str, ending: str, given: dict[str, str], filters: Filters) -> str:
    return f"api/export/{what}?" + urlencode({"format": ending[1:], **given, **filters_query(filters)})


def filters_query(filters: Filters) -> dict[str, str]:
    """The filters that are set, by name."""
    values = {name: getattr(filters, name) for name in Filters.__slots__}
    # A link's own `lang` is the interface's.
    return {("source" if name == "language" else name): value for name, value in values.items() if value}


def filters_from(values: Mapping[str, object]) -> Filters:
    """The filters of a form or a link; a value that cannot be one counts as not given."""

    def text(name: str) -> str | None:
        value = values.get(name)
        return value if isinstance(value, str) and len(value.strip()) > 0 and len(value) <= _LONGEST else None

    def day(name: str) -> str | None:
        try:
            return datetime.date.fromisoformat(text(name) or "").isoformat()
        except ValueError:
            return None

    return Filters(day("since"), day("until"), text("outlet"), text("speaker"), text("source"))
