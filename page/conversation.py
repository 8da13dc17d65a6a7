"""A conversation as HTML: each question with its quotes as numbered cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.records import Span
from page.cards import blockquote_html, exports_html, footer_html, link_button, styles_html
from page.filtering import filters_text
from page.links import answer_link, export_link
from page.markup import attributes, button, escaped, language_attribute, marked, problem_text
from qa.messages import message
from qa.records import Answer, Citation, Disagreement, Language, Status
from qa.render import claim_source, copy_source, differing

_HIGH, _FAIR = 0.8, 0.6
"""Confidence from which an answer's is called high, or fair; those below one half are not answers."""
_NEAR = 160
"""Characters of the context shown on each side of the evidence before one asks for all of it."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A question that was not answered, the name of the message that says why, and the request it came with."""

    question: str
    message: str
    request_id: str | None = None


def cards_of(turn: Answer | Notice) -> tuple[Citation, ...]:
    """The quotes that a turn shows."""
    return () if isinstance(turn, Notice) else turn.citations or turn.nearest


def former_of(turns: Sequence[Answer | Notice]) -> str | None:
    """The question that a follow-up to `turns` hangs on.

    That is the last one that stood by itself: a chain of follow-ups would grow without end.
    """
    asked = [turn.question for turn in turns if isinstance(turn, Answer)]
    return (asked[-1].former or asked[-1].text) if asked else None


def conversation_html(turns: Sequence[Answer | Notice], interface: Language, examples: Sequence[str] = ()) -> str:
    """All turns, newest first; where there is none yet, what to expect and `examples` to click."""
    if not turns:
        return f'<div class="welcome"{_awaiting_html(turns, interface)}>{_welcome_html(interface, examples)}</div>'
    clear = button(message("page_clear", interface), "quiet", id="clear", data_event="clear")
    shown = [_turn_html(turn, place, interface) for place, turn in enumerate(turns)]
    return f'<p class="talk"{_awaiting_html(turns, interface)}>{clear}</p>{"".join(reversed(shown))}'


def _awaiting_html(turns: Sequence[Answer | Notice], interface: Language) -> str:
    """What the browser is to say while an answer is awaited, or where none comes; and what a follow-up hangs on."""
    said = {f"data_{name}": message(f"page_{name}", interface) for name in ("searching", "failed", "lost")}
    return attributes(**said, data_former=former_of(turns))


def _welcome_html(interface: Language, examples: Sequence[str]) -> str:
    rows = "".join(f"<li>{button(text, 'example', data_event='submit', data_question=text)}</li>" for text in examples)
    offered = f'<p class="small">{escaped(message("page_examples", interface))}</p><ul class="examples">{rows}</ul>'
    return (
        f'<p class="hint">{escaped(message("page_hint", interface))}</p>'
        f"{offered if rows else ''}"
        f'<p class="small keys">{escaped(message("page_keys", interface))}</p>'
    )


def _turn_html(turn: Answer | Notice, place: int, interface: Language) -> str:
    if isinstance(turn, Notice):
        said = problem_text(turn.message, turn.request_id, interface)
        return (
            f"<section{_turn_attributes(said, interface)}>{_question_html(turn.question)}{_told_html(said)}</section>"
        )
    said = _said(turn, interface)
    parts = [f"<section{_turn_attributes(said, interface)}>", _question_html(turn.question.text)]
    parts.append(_circumstances_html(turn, interface))
    if turn.status is Status.NOT_FOUND:
        parts.append(_told_html(said))
        if turn.nearest:
            parts.append(f"<p>{escaped(message('nearest', interface))}</p>")
    kind = "quotes" if turn.citations else "quotes nearest"
    parts.append(f'<ol class="{kind}">')
    parts += [_card_html(citation, place, interface) for citation in cards_of(turn)]
    parts.append("</ol>")
    parts += [_disagreement_html(disagreement, interface) for disagreement in turn.disagreements]
    if turn.withheld:
        parts.append(f'<p class="small">{escaped(message("withheld", interface, count=str(turn.withheld)))}</p>')
    parts.append("</section>")
    return "".join(parts)


def _told_html(said: str) -> str:
    """A notice within a turn; screen readers are told of the turn itself."""
    return f'<p class="notice">{escaped(said)}</p>'


def _turn_attributes(said: str, interface: Language) -> str:
    """`said` is what screen readers are told when the turn arrives."""
    return attributes(class_="turn", lang=interface.value, data_said=said)


def _said(turn: Answer, interface: Language) -> str:
    """How many quotes there are and how sure they are, or that nothing was found and why."""
    if turn.status is Status.NOT_FOUND:
        return f"{message('not_found', interface)} {message(f'reason_{turn.reason}', interface)}"
    count = len(turn.citations)
    name = "page_said_one" if count == 1 else "page_said"
    return message(name, interface, count=str(count), word=_degree(turn, interface))


def _degree(turn: Answer, interface: Language) -> str:
    """The confidence in a word."""
    degree = "high" if turn.confidence >= _HIGH else "fair" if turn.confidence >= _FAIR else "low"
    return message(f"confidence_{degree}", interface)


def _circumstances_html(turn: Answer, interface: Language) -> str:
    """What a follow-up searched for, the filters, the confidence, and the link that asks again."""
    parts = []
    if turn.question.follows:
        searched = message("searched", interface, searched=turn.question.searched)
        parts.append(f'<p class="searched">{escaped(searched)}</p>')
    if turn.question.filters.active:
        chosen = message("page_filtered", interface, filters=filters_text(turn.question.filters, interface))
        parts.append(f'<p class="filtered" dir="auto">{escaped(chosen)}</p>')
    sure = ""
    if turn.status is Status.ANSWERED:
        word = message("page_confidence", interface, word=_degree(turn, interface))
        sure = f'<span class="confidence">{escaped(word)}</span>'
    link = link_button("page_link_answer", answer_link(turn.question, interface), interface)
    differ = button(message("page_differ", interface), "jump") if turn.disagreements else ""
    taken = exports_html(lambda ending: export_link(turn.question, ending), interface) if turn.citations else ""
    parts.append(f'<div class="about">{sure}{differ}{link}{taken}</div>')
    return "".join(parts)


def _question_html(text: str) -> str:
    return f'<h2 class="question" dir="auto">{escaped(text)}</h2>'


def _disagreement_html(disagreement: Disagreement, interface: Language) -> str:
    """What sources differ about, then each one's words in its sentence, with its authority and source."""
    rows = []
    for claim in disagreement.claims:
        article = claim.quote.article
        words = marked(article.text, claim.sentence.span, [(claim.quote.span, "<b>")])
        rows.append(
            f'<li><q{language_attribute(article.language)} dir="auto">{words}</q> '
            f'<cite dir="auto">{escaped(claim_source(claim, interface))}</cite></li>'
        )
    heading = escaped(differing(disagreement, interface))
    return f'<section class="differ" tabindex="-1"><h3>{heading}</h3><ul>{"".join(rows)}</ul></section>'


def _card_html(citation: Citation, turn: int, interface: Language) -> str:
    """One quote in its context, which is dimmed; words of the question are underlined, those that answer are bold."""
    quote, context = citation.quote, citation.context
    article = quote.article
    words = [(span, '<b class="match">') for span in citation.matches]
    if citation.answer is not None:
        apart = [(span, tag) for span, tag in words if not span.overlaps(citation.answer)]
        words = sorted([*apart, (citation.answer, '<strong class="answer">')])
    far, near = _parted(article.text, context.span, quote.span)
    shown = [
        _around_html("far", marked(article.text, Span(context.span.start, near.start), words)),
        _around_html("around", marked(article.text, Span(near.start, quote.span.start), words)),
        f'<mark class="evidence" data-start="{quote.span.start}" data-end="{quote.span.end}">'
        f"{marked(article.text, quote.span, words)}</mark>",
        _around_html("around", marked(article.text, Span(quote.span.end, near.end), words)),
        _around_html("far", marked(article.text, Span(near.end, context.span.end), words)),
    ]
    more = [styles_html(quote, interface)]
    if far:
        labels = {f"data_{name}": message(f"page_context_{name}", interface) for name in ("show", "hide")}
        more.append(button(labels["data_show"], "unfold", aria_expanded="false", **labels))
    return (
        f'<li class="card" value="{citation.number}" tabindex="0">{blockquote_html(article, "".join(shown))}'
        f"{footer_html(quote, citation.speech, interface, *more, turn=turn, number=citation.number)}"
        f"{_also_html(citation, interface)}{_why_html(citation, interface)}</li>"
    )


def _also_html(citation: Citation, interface: Language) -> str:
    """Where near-copies of the article have the same words."""
    places = [message("also_in", interface, source=copy_source(quote, interface)) for quote in citation.also_in]
    return "".join(f'<p class="also" dir="auto">{escaped(place)}</p>' for place in places)


def _parted(text: str, context: Span, quote: Span) -> tuple[bool, Span]:
    """What of `context` is shown at once, whole words around `quote`; and whether anything of it is not."""
    start, end = context.start, context.end
    if quote.start - start > 2 * _NEAR:
        start = quote.start - _NEAR
        while start > context.start and not text[start - 1].isspace():
            start -= 1
    if end - quote.end > 2 * _NEAR:
        end = quote.end + _NEAR
        while end < context.end and not text[end].isspace():
            end += 1
    return (start, end) != (context.start, context.end), Span(start, end)


def _around_html(kind: str, inner: str) -> str:
    return f'<span class="{kind}">{inner}</span>' if inner else ""


def _why_html(citation: Citation, interface: Language) -> str:
    """Why this passage was found, shown on request."""
    text = citation.quote.article.text
    found = ", ".join(dict.fromkeys(span.of(text) for span in citation.matches))
    reasons = [message("why_words", interface, words=found) if found else message("why_no_words", interface)]
    reasons += [
        message(f"why_{source}", interface, rank=str(citation.ranks[source]))
        for source in ("passage", "sentence", "terms")
        if source in citation.ranks
    ]
    if citation.answer is not None:
        reasons.append(message("why_answer", interface, words=citation.answer.of(text)))
    score = f"{citation.score:.2f}"
    score = score.replace(".", ",") if interface is Language.ITALIAN else score
    reasons.append(message("why_score", interface, score=score))
    rows = "".join(f'<li dir="auto">{escaped(reason)}</li>' for reason in reasons)
    return f'<details class="why"><summary>{escaped(message("page_why", interface))}</summary><ul>{rows}</ul></details>'
