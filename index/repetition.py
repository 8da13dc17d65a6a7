"""Furniture no rule knows: lines that an outlet sets under one article after another."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from index.analysis import fold
from index.furniture import MAX_LINE, lines
from index.records import Article, Exclusion, ExclusionKind, Span

_FEWEST = 3
"""Stories that hold a line before it counts as repeated."""
_SHARE = 0.02
"""And the share of an outlet's stories: by chance, two headings among thousands are the same."""


def with_repeated(articles: Sequence[Article]) -> list[Article]:
    """`articles` in their order, every repeated line of their outlets excluded, and none that no longer is one.

    Near-copies of one story share all their lines, and versions of one article: they count once.
    """
    forms = [[(line, _form(line.of(article.text))) for line in _short_lines(article)] for article in articles]
    holders: dict[tuple[str, str], set[str]] = {}
    stories: dict[str, set[str]] = {}
    for article, found in zip(articles, forms, strict=True):
        if article.superseded_by is not None:
            continue
        group, story = _group(article), article.story or article.id
        stories.setdefault(group, set()).add(story)
        for _, form in found:
            holders.setdefault((group, form), set()).add(story)
    repeated = {key for key, held in holders.items() if len(held) >= max(_FEWEST, _SHARE * len(stories[key[0]]))}
    return [
        _marked(article, [line for line, form in found if (group, form) in repeated])
        for article, found in zip(articles, forms, strict=True)
        for group in [_group(article)]
    ]


def _short_lines(article: Article) -> list[Span]:
    return [line for line in lines(article.text) if len(line) <= MAX_LINE]


def _marked(article: Article, repeated: Sequence[Span]) -> Article:
    own = [exclusion for exclusion in article.exclusions if exclusion.kind is not ExclusionKind.REPEATED]
    decided = [exclusion.span for exclusion in (*own, *article.included)]
    learnt = [line for line in repeated if not any(span.overlaps(line) for span in decided)]
    # A text of nothing but repeated lines is rather a form than an article; it stays as it is.
    if learnt and sum(len(line) for line in lines(article.text)) == sum(map(len, learnt)):
        learnt = []
    marked = [*own, *(Exclusion(line, ExclusionKind.REPEATED) for line in learnt)]
    return replace(article, exclusions=tuple(sorted(marked, key=_start)))


def _start(exclusion: Exclusion) -> Span:
    return exclusion.span


def _group(article: Article) -> str:
    """Articles that are made up alike: those of an outlet, else of a site, else of a folder."""
    if article.outlet:
        return f"outlet {fold(article.outlet)}"
    if article.url:
        return f"site {urlsplit(article.url).hostname}"
    return f"folder {os.path.dirname(article.source_path)}"


def _form(line: str) -> str:
    """What stays the same from article to article: a line's words, whatever its figures."""
    return re.sub(r"\d+", "0", " ".join(fold(line).split()))
