"""A conversation as HTML: each question with its quotes as numbered cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.records import Span
from page.cards import footer_html, link_button
from page.filtering import filters_text
from page.links import answer_link
from page.markup import escaped, marked
from qa.messages import message
from qa.records import Answer, Citation, Disagreement, Language, Status
from qa.render import claim_source, copy_source, differing

_HIGH, _FAIR = 0.8, 0.6
"""Confidence from which an answer's is called high, or fair; those below one half are not answers."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A question that could not be asked, and the name of the message that says why."""

    question: str
    message: str


def cards_of(turn: Answer | Notice) -> tuple[Citation, ...]:
    """The quotes that a turn shows."""
    return () if isinstance(turn, Notice) else turn.citations or turn.nearest


def conversation_html(turns: Sequence[Answer | Notice], interface: Language) -> str:
    """All turns, oldest first; a hint where there is none yet."""
    if not turns:
        return f'<p class="hint">{escaped(message("page_hint", interface))}</p>'
    return "".join(_turn_html(turn, place, interface) for place, turn in enumerate(turns))


def _turn_html(turn: Answer | Notice, place: int, interface: Language) -> str:
    if isinstance(turn, Notice):
        return (
            f'<section class="turn">{_question_html(turn.question)}'
            f'<p class="notice" role="status">{escaped(message(turn.message, interface))}</p></section>'
        )
    parts = [f'<section class="turn" lang="{interface.value}">', _question_html(turn.question.text)]
    parts.append(_circumstances_html(turn, interface))
    if turn.status is Status.NOT_FOUND:
        why = f"{message('not_found', interface)} {message(f'reason_{turn.reason}', interface)}"
        parts.append(f'<p class="notice" role="status">{escaped(why)}</p>')
        if turn.nearest:
            parts.append(f"<p>{escaped(message('nearest', interface))}</p>")
    kind = "quotes" if turn.citations else "quotes nearest"
    parts.append(f'<ol class="{kind}">')
    parts += [_card_html(citation, place, interface) for citation in cards_of(turn)]
    parts.append("</ol>")
    parts += [_disagreement_html(disagreement, interface) for disagreement in turn.disagreements]
    parts.append("</section>")
    return "".join(parts)


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
        degree = "high" if turn.confidence >= _HIGH else "fair" if turn.confidence >= _FAIR else "low"
        word = message("page_confidence", interface, word=message(f"confidence_{degree}", interface))
        sure = f'<span class="confidence">{escaped(word)}</span>'
    link = link_button("page_link_answer", answer_link(turn.question, interface), interface)
    parts.append(f'<p class="about">{sure}{link}</p>')
    return "".join(parts)


def _question_html(text: str) -> str:
    return f'<h2 class="question" dir="auto">{escaped(text)}</h2>'


def _disagreement_html(disagreement: Disagreement, interface: Language) -> str:
    """What sources differ about, then each one's words in its sentence, with its authority and source."""
    rows = []
    for claim in disagreement.claims:
        article = claim.quote.article
        words = marked(article.text, claim.sentence.span, [(claim.quote.span, "<b>")])
        language = f' lang="{escaped(article.language)}"' if article.language else ""
        rows.append(
            f'<li><q{language} dir="auto">{words}</q> '
            f'<cite dir="auto">{escaped(claim_source(claim, interface))}</cite></li>'
        )
    heading = escaped(differing(disagreement, interface))
    return f'<section class="differ"><h3>{heading}</h3><ul>{"".join(rows)}</ul></section>'


def _card_html(citation: Citation, turn: int, interface: Language) -> str:
    """One quote in its context, which is dimmed; words of the question are underlined, those that answer are bold."""
    quote, context = citation.quote, citation.context
    article = quote.article
    words = [(span, '<b class="match">') for span in citation.matches]
    if citation.answer is not None:
        apart = [(span, tag) for span, tag in words if not span.overlaps(citation.answer)]
        words = sorted([*apart, (citation.answer, '<strong class="answer">')])
    before = marked(article.text, Span(context.span.start, quote.span.start), words)
    evidence = marked(article.text, quote.span, words)
    after = marked(article.text, Span(quote.span.end, context.span.end), words)
    language = f' lang="{escaped(article.language)}"' if article.language else ""
    return (
        f'<li class="card" value="{citation.number}" tabindex="0">'
        f'<blockquote{language} dir="auto"><span class="around">{before}</span>'
        f'<mark class="evidence" data-start="{quote.span.start}" data-end="{quote.span.end}">{evidence}</mark>'
        f'<span class="around">{after}</span></blockquote>'
        f"{footer_html(quote, citation.speech, interface, turn=turn, number=citation.number)}"
        f"{_also_html(citation, interface)}{_why_html(citation, interface)}</li>"
    )


def _also_html(citation: Citation, interface: Language) -> str:
    """Where near-copies of the article have the same words."""
    places = [message("also_in", interface, source=copy_source(quote, interface)) for quote in citation.also_in]
    return "".join(f'<p class="also" dir="auto">{escaped(place)}</p>' for place in places)


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
