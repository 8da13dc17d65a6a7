"""A conversation as HTML: each question with its quotes as numbered cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.records import Span
from page.markup import escaped, marked
from qa.messages import message
from qa.records import Answer, Citation, Disagreement, Language, Status
from qa.reference import attribution, page_parts, source_parts
from qa.render import claim_source, differing


@dataclass(frozen=True, slots=True)
class Notice:
    """A question that could not be asked, and the name of the message that says why."""

    question: str
    message: str


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
    if turn.question.follows:
        searched = message("searched", interface, searched=turn.question.searched)
        parts.append(f'<p class="searched">{escaped(searched)}</p>')
    if turn.status is Status.NOT_FOUND:
        why = f"{message('not_found', interface)} {message(f'reason_{turn.reason}', interface)}"
        parts.append(f'<p class="notice" role="status">{escaped(why)}</p>')
        if turn.nearest:
            parts.append(f"<p>{escaped(message('nearest', interface))}</p>")
    kind = "quotes" if turn.citations else "quotes nearest"
    parts.append(f'<ol class="{kind}">')
    shown = turn.citations or turn.nearest
    parts += [_card_html(citation, place, interface) for citation in shown]
    parts.append("</ol>")
    parts += [_disagreement_html(disagreement, interface) for disagreement in turn.disagreements]
    parts.append("</section>")
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
    source = ", ".join([*(source_parts(article, interface) or [article.source_file]), *page_parts(quote)])
    said = "" if citation.speech is None else attribution(citation.speech, interface)
    speaker = f'<span class="speaker" dir="auto">{escaped(said)}</span>' if said else ""
    button = message("page_open", interface)
    return (
        f'<li class="card" value="{citation.number}">'
        f'<blockquote{language} dir="auto"><span class="around">{before}</span>'
        f'<mark class="evidence" data-start="{quote.span.start}" data-end="{quote.span.end}">{evidence}</mark>'
        f'<span class="around">{after}</span></blockquote>'
        f'<footer>{speaker}<cite dir="auto">{escaped(source)}</cite>'
        f'<button type="button" class="open" data-turn="{turn}" data-number="{citation.number}">'
        f"{escaped(button)}</button></footer></li>"
    )
