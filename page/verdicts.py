"""A checked draft as HTML: each quotation with its verdict, what was changed, and where the words stand."""

from __future__ import annotations

from index.records import DirectQuote, Span
from index.sentences import trimmed
from page.cards import blockquote_html, footer_html
from page.markup import attributes, escaped, language_attribute, marked
from qa.check.gravity import Change
from qa.check.records import Check, Checked, Source, Verdict
from qa.check.report import summary, told
from qa.messages import message
from qa.records import Citation, Language

SHOWN = 10
"""Places shown for one quotation; all are counted."""
_SIGNS = {
    Verdict.EXACT: "✓",
    Verdict.ALTERED: "!",
    Verdict.REWORDED: "≈",
    Verdict.JOINED: "⧺",
    Verdict.NOT_FOUND: "✗",
}


def verdicts_html(check: Check, interface: Language) -> str:
    """A summary, the draft with its quotations numbered, and a card for each of them."""
    cards = [_card_html(checked, place, check.text, interface) for place, checked in enumerate(check.quotations)]
    everything = [trimmed(check.text, Span(0, len(check.text)))]
    unmarked = [checked.given.span for checked in check.quotations] == everything
    whole = f'<p class="hint">{escaped(message("page_check_whole", interface))}</p>' if unmarked else ""
    return (
        f'<section class="check" lang="{interface.value}">'
        f'<p class="summary" role="status">{escaped(summary(check, interface))}</p>'
        f"{whole}<h3>{escaped(message('page_checked_draft', interface))}</h3>{_draft_html(check)}"
        f'<ol class="verdicts">{"".join(cards)}</ol></section>'
    )


def places_of(checked: Checked) -> tuple[Citation, ...]:
    """The places shown for a quotation, to be read."""
    return tuple(
        Citation(number, source.quote, source.quote, 0.0, (), {}, _speech(source))
        for number, source in enumerate(checked.sources[:SHOWN], start=1)
    )


def _draft_html(check: Check) -> str:
    """The draft as it was given; after each quotation its number and the sign of its verdict."""
    parts, at = [], 0
    for number, checked in enumerate(check.quotations, start=1):
        span = checked.given.span
        if span.start < at:
            continue
        parts.append(escaped(check.text[at : span.start]))
        parts.append(f'<mark class="{checked.verdict}">{escaped(span.of(check.text))}</mark>')
        parts.append(f"<sup>{number}{_SIGNS[checked.verdict]}</sup>")
        at = span.end
    parts.append(escaped(check.text[at:]))
    return f'<div class="draft" tabindex="0" dir="auto">{"".join(parts)}</div>'


def _card_html(checked: Checked, place: int, text: str, interface: Language) -> str:
    verdict = message(f"check_{checked.verdict}", interface)
    serious = message("check_serious", interface) if checked.serious else ""
    # The draft's own language is not known; what stands in a source is in that one's.
    language = language_attribute(checked.sources[0].quote.article.language) if checked.sources else ""
    badge = f'<span class="badge {checked.verdict}">{_SIGNS[checked.verdict]} {escaped(verdict)}</span>'
    badge += f' <strong class="serious">{escaped(serious)}</strong>' if serious else ""
    parts = [
        f'<p class="verdict">{badge}</p><blockquote{language} dir="auto">{_words_html(checked, text)}</blockquote>'
    ]
    if checked.differences:
        rows = [
            f"<li{attributes(class_='serious' if change.serious else None)}>{escaped(told(change, interface))}</li>"
            for change in checked.differences
        ]
        parts.append(f'<p class="lead">{escaped(message("page_differences", interface))}</p><ul>{"".join(rows)}</ul>')
    if checked.verdict is not Verdict.EXACT and checked.sources:
        parts.append(f'<p class="lead">{escaped(message("page_in_source", interface))}</p>')
    parts += [
        _source_html(source, checked, interface, turn=place, number=number)
        for number, source in enumerate(checked.sources[:SHOWN], start=1)
    ]
    if len(checked.sources) > SHOWN:
        more = message("check_more", interface, count=str(len(checked.sources) - SHOWN))
        parts.append(f"<p>{escaped(more)}</p>")
    return f'<li class="card" value="{place + 1}" tabindex="0">{"".join(parts)}</li>'


def _words_html(checked: Checked, text: str) -> str:
    """The draft's words; what the source has instead is struck out, what the draft put in underlined."""
    parts, at = [], checked.given.span.start
    for difference in checked.differences:
        if difference.change is Change.SPEAKER or difference.span.start < at:
            continue
        parts.append(escaped(text[at : difference.span.start]))
        parts.append(f"<del>{escaped(difference.source)}</del>" if difference.source else "")
        parts.append(" " if difference.source and difference.given else "")
        parts.append(f"<ins>{escaped(difference.given)}</ins>" if difference.given else " ")
        at = difference.span.end
    parts.append(escaped(text[at : checked.given.span.end]))
    return "".join(parts)


def _source_html(source: Source, checked: Checked, interface: Language, **place: int) -> str:
    """A place of the archive; its words, where they are not the draft's, with those that were taken in bold."""
    quote, words = source.quote, ""
    if checked.verdict is not Verdict.EXACT:
        taken = marked(quote.article.text, quote.span, [(Span(s.start, s.end), "<b>") for s in source.segments])
        words = blockquote_html(quote.article, taken, "source")
    return f'<div class="place">{words}{footer_html(quote, _speech(source), interface, **place)}</div>'


def _speech(source: Source) -> tuple[DirectQuote, ...]:
    return () if source.speech is None else (source.speech,)
