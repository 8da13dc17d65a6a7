"""A cap on how much is quoted from one article, for newsrooms bound by press publishers' rights. Off by default."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterable, Sequence

from index.errors import UsageError
from index.records import Sentence, Span
from qa.evidence import Evidence
from qa.quotations import Quotation
from qa.records import Disagreement, Quote
from qa.retrieve import Found

VARIABLE = "VIRGOLETTATO_MAX_QUOTED"


def max_quoted(given: int | None) -> int | None:
    """The cap in characters: as `given`, else from the environment, else none.

    Raises:
        UsageError: the environment's is no number from 1.
    """
    value = os.environ.get(VARIABLE, "")
    if given is not None or not value:
        return given
    if not value.isdecimal() or not int(value):
        raise UsageError(f"${VARIABLE} is {value!r}, not a number from 1", "set it to characters, or unset it")
    return int(value)


_Shown = tuple[Evidence, tuple[Quote, ...]]


def capped(shown: Sequence[_Shown], found: Found, limit: int) -> tuple[list[_Shown], int]:
    """What is `shown` with at most `limit` characters of each article, best first, and how many were cut or left out.

    What does not fit whole is cut to the sentence that answers and those around it that fit, and then says of no
    near-copy; where even that sentence does not fit, it is left out.
    """
    left: dict[str, int] = {}
    kept: list[_Shown] = []
    for piece, also in shown:
        free = left.get(piece.hit.article_id, limit)
        span = piece.span if len(piece.span) <= free else _cut(piece, found.sentences[piece.hit.passage_id], free)
        if span is not None:
            left[piece.hit.article_id] = free - len(span)
            kept.append((piece, also) if span == piece.span else (_with_span(piece, span), ()))
    whole = sum(one is other for one, _ in kept for other, _ in shown)
    return kept, len(shown) - whole


def _with_span(piece: Evidence, span: Span) -> Evidence:
    answer = piece.answer if piece.answer is not None and span.covers(piece.answer) else None
    return dataclasses.replace(piece, span=span, answer=answer)


def _cut(piece: Evidence, sentences: Iterable[Sentence], free: int) -> Span | None:
    """The run of sentences of `piece` around the one that answers that has at most `free` characters."""
    run = [sentence for sentence in sentences if piece.span.covers(sentence.span)]
    best = next(place for place, sentence in enumerate(run) if sentence == piece.sentence)
    first = last = best
    if len(run[best].span) > free:
        return None
    while True:
        sides = [
            (first - 1, last) if side < first else (first, last + 1)
            for side in (last + 1, first - 1)
            if 0 <= side < len(run)
        ]
        fitting = [(a, b) for a, b in sides if run[b].span.end - run[a].span.start <= free]
        if not fitting:
            return Span(run[first].span.start, run[last].span.end)
        first, last = fitting[0]


def capped_quotations(found: Sequence[Quotation], limit: int) -> list[Quotation]:
    """Those of `found`, in order, that together have at most `limit` characters of each article."""
    left: dict[str, int] = {}
    kept = []
    for quotation in found:
        free = left.get(quotation.article.id, limit)
        if len(quotation.speech.span) <= free:
            left[quotation.article.id] = free - len(quotation.speech.span)
            kept.append(quotation)
    return kept


def without_sentences(disagreements: Iterable[Disagreement]) -> tuple[Disagreement, ...]:
    """`disagreements` with each claim's own few words instead of its sentence."""
    return tuple(
        dataclasses.replace(
            disagreement,
            claims=tuple(dataclasses.replace(claim, sentence=claim.quote) for claim in disagreement.claims),
        )
        for disagreement in disagreements
    )
