"""Where sources state figures, dates or names that do not go together. No rule decides which of them is right.

A disagreement is shown where one of its statements stands in a citation and the question asks for it. What counts as
the same thing is for :mod:`qa.figures`, :mod:`qa.dated` and :mod:`qa.named` to say.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from index.language import ENGLISH, ITALIAN, function_word_votes
from index.records import Article, Span
from index.speech.authority import authorities
from qa.dated import differing_dates
from qa.figures import differing_figures
from qa.named import differing_names
from qa.records import Citation, Disagreement, Question, Quote
from qa.retrieve import Found
from qa.statements import Ground

_READ = 50
"""Passages, best first, among whose sentences statements are looked for."""


def find_disagreements(question: Question, citations: Sequence[Citation], found: Found) -> tuple[Disagreement, ...]:
    """The disagreements about what `citations` state, by matter, then in the order of the citations."""
    passages = [(hit.article_id, hit.passage_id) for hit in found.hits[:_READ]]
    ground = Ground(passages, found.sentences, found.articles, [citation.quote for citation in citations])
    told = [
        *differing_figures(question, ground),
        *differing_dates(question, ground),
        *differing_names(question, ground),
    ]
    return tuple(_with_authorities(disagreement) for disagreement in _whole(told))


def _whole(told: Sequence[Disagreement]) -> list[Disagreement]:
    """Those whose claims are not all among another one's; of equal ones the first."""
    claims = [{(claim.quote.article.id, claim.quote.span) for claim in one.claims} for one in told]
    return [
        one
        for place, one in enumerate(told)
        if not any(
            claims[place] < other or (claims[place] == other and at < place)
            for at, other in enumerate(claims)
            if told[at].matter is one.matter
        )
    ]


def _with_authorities(disagreement: Disagreement) -> Disagreement:
    """`disagreement` with whom each article gives as the source of its claim."""
    named: dict[tuple[str, Span], Span | None] = {}
    claims = disagreement.claims
    for article in {claim.quote.article.id: claim.quote.article for claim in claims}.values():
        places = [claim.quote.span for claim in claims if claim.quote.article.id == article.id]
        excluded = [exclusion.span for exclusion in article.exclusions]
        found = authorities(article.text, _tongue(article), excluded, [place.start for place in places])
        named |= {(article.id, place): source for place, source in zip(places, found, strict=True)}
    told = []
    for claim in claims:
        article, source = claim.quote.article, named[claim.quote.article.id, claim.quote.span]
        told.append(dataclasses.replace(claim, authority=None if source is None else Quote(article, source)))
    return dataclasses.replace(disagreement, claims=tuple(told))


def _tongue(article: Article) -> str:
    if article.language in (ITALIAN, ENGLISH):
        return article.language
    votes = function_word_votes(article.text[:4_000])
    return ITALIAN if votes[ITALIAN] >= votes[ENGLISH] else ENGLISH
