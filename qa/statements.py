"""Statements of articles as they are compared: in what order they are shown, and whether their words part them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

from index.analysis import passage_terms
from index.records import Article, Span


class Statement(Protocol):
    """Words of an article that state something."""

    @property
    def article(self) -> Article:
        """Where they stand."""

    @property
    def span(self) -> Span:
        """The words."""


S = TypeVar("S", bound=Statement)
Cited = Callable[[Sequence[S]], list[S]]
"""Of some statements those that stand in a citation, in the order of the citations."""


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
