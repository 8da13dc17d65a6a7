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
    holders: dict[tuple[str, str], set[str]] = {}
    stories: dict[str, set[str]] = {}
    for article in articles:
        if article.superseded_by is not None:
            continue
        group, story = _group(article), article.story or article.id
        stories.setdefault(group, set()).add(story)
        for line in lines(article.text):
            if len(line) <= MAX_LINE:
                holders.setdefault((group, _form(line.of(article.text))), set()).add(story)
    repeated = {key for key, found in holders.items() if len(found) >= max(_FEWEST, _SHARE * len(stories[key[0]]))}
    return [_marked(article, repeated) for article in articles]


def _marked(article: Article, repeated: set[tuple[str, str]]) -> Article:
    own = [exclusion for exclusion in article.exclusions if exclusion.kind is not ExclusionKind.REPEATED]
    group = _group(article)
    learnt = [
        Exclusion(line, ExclusionKind.REPEATED)
        for line in lines(article.text)
        if len(line) <= MAX_LINE
        and (group, _form(line.of(article.text))) in repeated
        and not any(exclusion.span.overlaps(line) for exclusion in own)
    ]
    # A text of nothing but repeated lines is rather a form than an article; it stays as it is.
    if sum(len(line) for line in lines(article.text)) == sum(len(one.span) for one in learnt):
        learnt = []
    return replace(article, exclusions=tuple(sorted([*own, *learnt], key=_start)))


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
