"""Quotations and speakers as CSV that a spreadsheet opens without running anything in it."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence

from qa.quotations import Quotation, Voice

_ACTIVE = frozenset("=+-@＝＋－＠−|%'")
"""What a cell begins with that a spreadsheet would run as a formula, and the apostrophe that marks such a cell."""
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?")
_QUOTATIONS = (
    "text", "speaker", "reported_by", "verb", "partial", "published", "outlet", "title", "author", "url", "file",
    "article_id", "sha256", "start", "end",
)  # fmt: skip
_VOICES = ("speaker", "forms", "quotations", "articles", "first", "last")


def cell(value: object) -> str:
    """A value as a cell; None is empty.

    One that a spreadsheet would take for a formula, after spaces, control and invisible characters that it may drop,
    gets an apostrophe before it, and so does one that begins with an apostrophe: what was meant is the cell without
    its first apostrophe, if it has one. A plain number is none.
    """
    text = "" if value is None else str(value)
    if _NUMBER.fullmatch(text):
        return text
    begins = next((c for c in text if not c.isspace() and unicodedata.category(c) not in ("Cc", "Cf")), "")
    return f"'{text}" if begins in _ACTIVE or text[:1] in ("\t", "\r", "\n", "\0") else text


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """CSV (RFC 4180) with a line of column names."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([cell(value) for value in row] for row in rows)
    return lines.getvalue()


def quotations_csv(quotations: Iterable[Quotation]) -> str:
    """Quotations, a row each; `start` and `end` are code points of the article's text."""
    return table(_QUOTATIONS, map(_quotation_row, quotations))


def _quotation_row(quotation: Quotation) -> tuple[object, ...]:
    speech, article = quotation.speech, quotation.article
    verb = None if speech.verb_span is None else speech.verb_span.of(article.text)
    return (
        quotation.text, speech.speaker, speech.reported_by, verb, "yes" if speech.partial else "no",
        article.published, article.outlet, article.title, article.author, article.url, article.source_file,
        article.id, article.sha256, speech.span.start, speech.span.end,
    )  # fmt: skip


def voices_csv(voices: Iterable[Voice]) -> str:
    """Speakers, a row each; the spellings seen are parted by semicolons."""
    rows = ((v.speaker.name, "; ".join(v.speaker.forms), v.quotations, v.articles, v.first, v.last) for v in voices)
    return table(_VOICES, rows)
