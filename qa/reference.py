"""The line a journalist prints with a quotation: «…», titolo, testata, data."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from index.records import Article, DirectQuote
from index.terminal import printable
from qa.messages import message
from qa.records import Language, Quote

_MONTHS = {
    Language.ITALIAN: "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    Language.ENGLISH: "January February March April May June July August September October November December",
}


def reference(quote: Quote, language: Language) -> str:
    """The quote in `language`'s quotation marks, then title, outlet and date of its article, and the page it stands on;
    what is unknown is left out, and where nothing at all is known the file's name stands in.

    The quotation is the slice, to the letter: marks inside it stay as they are printed.
    """
    text = quote.text
    quoted = f"«{text}»" if language is Language.ITALIAN else f"“{text}”"
    return ", ".join([quoted, named_source(quote.article, language), *page_parts(quote)])


def named_source(article: Article, language: Language) -> str:
    """:func:`named_parts` as one line."""
    return ", ".join(named_parts(article, language))


def named_parts(article: Article, language: Language) -> list[str]:
    """Title, outlet and date, as far as they are known; where nothing of these is the file's name."""
    return source_parts(article, language) or [printable(article.source_file)]


def source_parts(article: Article, language: Language) -> list[str]:
    """Title, outlet and date, as far as they are known; nothing in them turns round or hides what stands beside."""
    date = None if article.published is None else written_date(article.published, language)
    return [printable(part) for part in (article.title, article.outlet, date) if part]


def page_parts(quote: Quote) -> list[str]:
    """``p. 3``, or ``pp. 3–4`` where the quote goes on overleaf; nothing for articles without pages."""
    pages = quote.article.pages_of(quote.span)
    if pages is None:
        return []
    first, last = pages
    return [f"p. {first}" if first == last else f"pp. {first}–{last}"]


def attribution(speech: DirectQuote, language: Language) -> str:
    """Who says the words, and in brackets who carries them, unless that is the speaker."""
    speaker = speech.speaker or message("unnamed", language)
    carrier = None if speech.reported_by == speech.speaker else speech.reported_by
    return printable(f"{speaker} ({carrier})" if carrier else speaker)


def attributions(speech: Iterable[DirectQuote], language: Language) -> str:
    """The same for several pieces of speech: each speaker once, in the order in which they speak."""
    return "; ".join(dict.fromkeys(attribution(quote, language) for quote in speech))


def written_month(iso: str, language: Language) -> str:
    """``2025-10`` as *ottobre 2025* or *October 2025*."""
    return f"{_MONTHS[language].split()[int(iso[5:7]) - 1]} {iso[:4]}"


def written_number(number: int, language: Language) -> str:
    """``12000`` as *12.000* or *12,000*; four figures stand together in Italian (*4000*, as newspapers have it)."""
    if language is Language.ITALIAN:
        return f"{number:,}".replace(",", ".") if number >= 10_000 else str(number)
    return f"{number:,}"


def written_date(iso: str, language: Language) -> str:
    """``2025-10-24`` as *24 ottobre 2025* or *24 October 2025*; a time of day is left out."""
    day = datetime.date.fromisoformat(iso[:10])
    number = "1º" if language is Language.ITALIAN and day.day == 1 else str(day.day)
    return f"{number} {_MONTHS[language].split()[day.month - 1]} {day.year}"
