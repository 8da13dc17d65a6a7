"""Direct speech as a list of cards, newest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from page.cards import blockquote_html, exports_html, footer_html
from page.markup import button, escaped, marked, notice_html
from qa.messages import message
from qa.quotations import Quotation
from qa.records import Citation, Language, Quote
from qa.reference import written_number

Export = Callable[[str], str]


def citations_of(quotations: Sequence[Quotation]) -> tuple[Citation, ...]:
    """The quotations, to be read."""
    return tuple(
        Citation(number, quote, quote, 0.0, (), {}, (quotation.speech,))
        for number, quotation in enumerate(quotations, start=1)
        for quote in [Quote(quotation.article, quotation.speech.span)]
    )


def list_html(quotations: Sequence[Quotation], shown: int, withheld: int, exported: Export, interface: Language) -> str:
    """The first `shown` of `quotations` as cards, how many there are and are `withheld`, and a button for more.

    `exported` gives the address of all of them as a file, by its ending.
    """
    if not quotations and not withheld:
        return notice_html(message("page_found_none", interface))
    found = message("page_found", interface, count=written_number(len(quotations), interface))
    cards = [_card_html(quotation, number, interface) for number, quotation in enumerate(quotations[:shown], start=1)]
    more = button(message("page_more", interface), "more", data_more=1) if len(quotations) > shown else ""
    less = (
        f'<p class="small">{escaped(message("withheld", interface, count=written_number(withheld, interface)))}</p>'
        if withheld
        else ""
    )
    return (
        f'<section class="said" lang="{interface.value}">'
        f'<div class="about"><span role="status">{escaped(found)}</span>{exports_html(exported, interface)}</div>{less}'
        f'<ol class="quotes">{"".join(cards)}</ol>{more}</section>'
    )


def _card_html(quotation: Quotation, number: int, interface: Language) -> str:
    article, speech = quotation.article, quotation.speech
    said = marked(article.text, speech.span, [(segment, '<span class="spoken">') for segment in speech.segments])
    return (
        f'<li class="card" value="{number}" tabindex="0">{blockquote_html(article, said)}'
        f"{footer_html(Quote(article, speech.span), (speech,), interface, number=number)}</li>"
    )
