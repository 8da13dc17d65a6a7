"""Furniture no rule knows: lines that an outlet sets under one article after another.

How many stories of an outlet hold a short line is counted in the archive, so that an article that comes or goes is
compared with those counts, and not with all other articles.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from index.analysis import fold
from index.furniture import MAX_LINE, lines
from index.records import Article, Exclusion, ExclusionKind, Span
from index.sketches import number_of

ALL = 0
"""Stands in the place of a line for all stories of a group."""
_FEWEST = 3
"""Stories that hold a line before it counts as repeated."""
_SHARE = 50
"""And one in so many of an outlet's stories: by chance, two headings among thousands are the same."""


def least(stories: int) -> int:
    """Stories that hold a repeated line, at least, in a group of so many `stories`."""
    return max(_FEWEST, -(-stories // _SHARE))


def group_of(article: Article) -> str:
    """Articles that are made up alike: those of an outlet, else of a site, else of a folder."""
    if article.outlet:
        return f"outlet {fold(article.outlet)}"
    if article.url:
        return f"site {urlsplit(article.url).hostname}"
    return f"folder {os.path.dirname(article.source_path)}"


def forms_of(article: Article) -> frozenset[int]:
    """The short lines of `article`, as those of its group."""
    return frozenset(form for _, form in _short_lines(article))


def stories_holding(articles: Iterable[Article]) -> Counter[tuple[str, int]]:
    """How many stories of a group hold each short line, by group and line; by group and :data:`ALL`, how many it has.

    Near-copies of one story share all their lines, and versions of one article: they count once. `articles` must have
    all of a story, or none.
    """
    holders: dict[tuple[str, int], set[str]] = {}
    for article in articles:
        if article.superseded_by is None:
            group = group_of(article)
            for form in (ALL, *forms_of(article)):
                holders.setdefault((group, form), set()).add(article.story or article.id)
    return Counter({key: len(stories) for key, stories in holders.items()})


def marked(article: Article, repeated: Collection[int]) -> Article:
    """`article` with its lines that are among the `repeated` ones excluded, and none that no longer is one."""
    own = [exclusion for exclusion in article.exclusions if exclusion.kind is not ExclusionKind.REPEATED]
    decided = [exclusion.span for exclusion in (*own, *article.included)]
    found = [line for line, form in _short_lines(article) if form in repeated]
    learnt = [line for line in found if not any(span.overlaps(line) for span in decided)]
    # A text of nothing but repeated lines is rather a form than an article; it stays as it is.
    if learnt and sum(len(line) for line in lines(article.text)) == sum(map(len, learnt)):
        learnt = []
    exclusions = [*own, *(Exclusion(line, ExclusionKind.REPEATED) for line in learnt)]
    return replace(article, exclusions=tuple(sorted(exclusions, key=_start)))


def _start(exclusion: Exclusion) -> Span:
    return exclusion.span


def _short_lines(article: Article) -> Iterator[tuple[Span, int]]:
    group = group_of(article)
    for line in lines(article.text):
        if len(line) <= MAX_LINE:
            # What stays the same from article to article: a line's words, whatever its figures.
            form = re.sub(r"\d+", "0", " ".join(fold(line.of(article.text)).split()))
            yield line, number_of(f"{group}\n{form}".encode()) or 1
