"""Statements of articles as they are compared: in what order they are shown, and whether their words part them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from index.analysis import passage_terms
from index.records import Article, Sentence, Span
from qa.records import Quote


class Statement(Protocol):
    """Words of an article that state something."""

    @property
    def article(self) -> Article:
        """Where they stand."""

    @property
    def span(self) -> Span:
        """The words."""


S = TypeVar("S", bound=Statement)


@dataclass(frozen=True, slots=True)
class Ground:
    """Where statements are looked for.

    Attributes:
        passages: the best ones, best first: ids of their articles, and theirs.
        sentences: by passage id.
        articles: by id; few of both are read where nothing that is cited states what is asked.
        citations: what is quoted of them, in order.
    """

    passages: Sequence[tuple[str, int]]
    sentences: Mapping[int, Sequence[Sentence]]
    articles: Mapping[str, Article]
    citations: Sequence[Quote]

    def cited(self, read: Callable[[Quote], Iterable[S]]) -> list[S]:
        """The statements that `read` finds in citations, in the order of these.

        Only quoted sentences are read: to read all of them takes longer than the rest of an answer.
        """
        found: list[S] = []
        for citation in self.citations:
            own = [passage for article, passage in self.passages if article == citation.article.id]
            spans = [one.span for passage in own for one in self.sentences[passage]]
            near = [
                statement
                for span in spans
                if span.overlaps(citation.span)
                for statement in read(Quote(citation.article, span))
            ]
            found += [one for one in in_order(near) if citation.span.covers(one.span)]
        return found

    def all(self, read: Callable[[Quote], Iterable[S]]) -> list[S]:
        """The statements that `read` finds in any sentence, as :func:`in_order` has them."""
        quotes = (Quote(self.articles[i], one.span) for i, passage in self.passages for one in self.sentences[passage])
        return in_order(statement for quote in quotes for statement in read(quote))


def in_order(statements: Iterable[S]) -> list[S]:
    """Each place once, by date of the articles; those without a date last."""
    known: dict[tuple[str, Span], S] = {}
    for statement in statements:
        known.setdefault((statement.article.id, statement.span), statement)
    return sorted(known.values(), key=_order)


def _order(statement: Statement) -> tuple[str, str, str, Span]:
    article = statement.article
    return article.published or "9999", article.source_file, article.id, statement.span


def part(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether both name something, and nothing in common."""
    return bool(one and other) and one.isdisjoint(other)


def overlap(one: frozenset[str], other: frozenset[str], share: float, least: int) -> bool:
    """Whether they have `least` in common, and `share` of the smaller one."""
    both = len(one & other)
    return both >= least and both >= share * min(len(one), len(other))


_OPENING = 400
"""Code points of an article that say what it is about; names stand there that later sentences leave out."""


def opening(article: Article) -> frozenset[str]:
    """The terms of an article's title and first words."""
    text = f"{article.title or ''} {article.text[:_OPENING]}"
    return frozenset(passage_terms(text, article.language))
