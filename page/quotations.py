"""Direct speech as HTML: a timeline one can click, and a list, newest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from page.cards import footer_html
from page.markup import attributes, button, escaped, marked
from qa.messages import message
from qa.quotations import Quotation
from qa.records import Citation, Filters, Language, Quote
from qa.reference import written_month

_MONTHS = 120
"""Months in a row that are drawn with the empty ones between; over a longer time only those with quotations are."""

_TALLEST = 6
"""Of the bars, in rem."""


def citations_of(quotations: Sequence[Quotation]) -> tuple[Citation, ...]:
    """The quotations, to be read."""
    return tuple(
        Citation(number, quote, quote, 0.0, (), {}, (quotation.speech,))
        for number, quotation in enumerate(quotations, start=1)
        for quote in [Quote(quotation.article, quotation.speech.span)]
    )


def timeline_html(quotations: Sequence[Quotation], filters: Filters, interface: Language) -> str:
    """Bars by month, oldest first, each a button with its month and number; undated ones are counted last.

    The month that `filters` are set to is marked as pressed.
    """
    counts = Counter((quotation.article.published or "")[:7] for quotation in quotations)
    undated = counts.pop("", 0)
    if not counts and not undated:
        return ""
    most = max([*counts.values(), undated])
    bars = [_bar_html(month, counts[month], most, filters, interface) for month in _months(sorted(counts))]
    if undated:
        name = message("page_undated", interface)
        bars.append(
            f'<li class="undated"><span class="bar"{_height(undated, most)}></span>'
            f'<span class="count">{undated}</span><span class="month">{escaped(name)}</span></li>'
        )
    return (
        f'<section class="timeline" lang="{interface.value}"><h3>{escaped(message("page_timeline", interface))}</h3>'
        f'<ol tabindex="0">{"".join(bars)}</ol></section>'
    )


def list_html(quotations: Sequence[Quotation], shown: int, interface: Language) -> str:
    """The first `shown` of `quotations` as cards, how many there are, and a button for more."""
    if not quotations:
        return f'<p class="notice" role="status">{escaped(message("page_found_none", interface))}</p>'
    found = message("page_found", interface, count=str(len(quotations)))
    cards = [_card_html(quotation, number, interface) for number, quotation in enumerate(quotations[:shown], start=1)]
    more = button(message("page_more", interface), "more", data_more=1) if len(quotations) > shown else ""
    return (
        f'<section class="said" lang="{interface.value}"><p role="status">{escaped(found)}</p>'
        f'<ol class="quotes">{"".join(cards)}</ol>{more}</section>'
    )


def _bar_html(month: str, count: int, most: int, filters: Filters, interface: Language) -> str:
    name = written_month(month, interface)
    label = message("page_timeline_month", interface, month=name, count=str(count))
    chosen = bool(filters.since and filters.until and filters.since[:7] == filters.until[:7] == month)
    state = attributes(data_month=month, aria_pressed="true" if chosen else "false", aria_label=label, title=label)
    parts = (
        f'<span class="bar"{_height(count, most)}></span>'
        f'<span class="count">{count}</span><span class="month">{escaped(f"{month[5:]}/{month[2:4]}")}</span>'
    )
    return f'<li><button type="button"{state}{"" if count else " disabled"}>{parts}</button></li>'


def _height(count: int, most: int) -> str:
    return f' style="height:{_TALLEST * count / most:.2f}rem"'


def _months(known: Sequence[str]) -> list[str]:
    """The months from the first to the last of `known`."""
    if not known:
        return []
    first, last = ((int(month[:4]) * 12 + int(month[5:]) - 1) for month in (known[0], known[-1]))
    if last - first >= _MONTHS:
        return list(known)
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(first, last + 1)]


def _card_html(quotation: Quotation, number: int, interface: Language) -> str:
    article, speech = quotation.article, quotation.speech
    language = f' lang="{escaped(article.language)}"' if article.language else ""
    said = marked(article.text, speech.span, [(segment, '<span class="spoken">') for segment in speech.segments])
    return (
        f'<li class="card" value="{number}" tabindex="0"><blockquote{language} dir="auto">{said}</blockquote>'
        f"{footer_html(Quote(article, speech.span), (speech,), interface, number=number)}</li>"
    )
