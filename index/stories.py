"""Articles that belong together: versions of one article, and near-copies of one story in several outlets.

Near-copies are proposed by their sketches with locality-sensitive hashing, and decided exactly, on runs of five
words: by the Jaccard coefficient, or by containment where one text is part of a longer one.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from index.claims import Field
from index.records import Article
from index.sketches import runs_in, runs_of

_JACCARD, _CONTAINED = 0.5, 0.8
"""From which on two texts tell one story in the same words."""


def with_versions(articles: Sequence[Article]) -> list[Article]:
    """`articles` in their order, each marked with the newest one of the same address.

    The newest is the one updated or published last; of those that do not say, one that was not marked before, and then
    the last in order. An excerpt, as feeds carry, is not newer than the text it is of.
    """
    by_address: dict[str, list[tuple[tuple[str, bool, int], Article]]] = {}
    for place, article in enumerate(articles):
        if article.url is not None:
            key = (_moment(article), article.superseded_by is None, place)
            by_address.setdefault(article.url, []).append((key, article))
    newest = {
        url: _newest([one for _, one in sorted(found, key=lambda item: item[0])]) for url, found in by_address.items()
    }
    marked = []
    for article in articles:
        newer = newest.get(article.url or "")
        marked.append(replace(article, superseded_by=None if newer == article.id else newer))
    return marked


def _newest(versions: Sequence[Article]) -> str:
    """The id of the last of `versions` that is no excerpt of another."""
    whole = [one for one in versions if not any(_is_excerpt(one, other) for other in versions)]
    return whole[-1].id


def _is_excerpt(one: Article, other: Article) -> bool:
    """Whether a text is short and in the words of the other, or of its standfirst."""
    if 2 * len(one.text) > len(other.text):
        return False
    runs = runs_of(one)
    shared = runs & (runs_of(other) | runs_in(other.said(Field.STANDFIRST) or ""))
    return bool(runs) and len(shared) >= _CONTAINED * len(runs)


def _moment(article: Article) -> str:
    """When it was last changed, comparable; empty where it does not say."""
    said = article.changed
    if said is None:
        return ""
    moment = datetime.datetime.fromisoformat(said)
    if moment.tzinfo is not None:
        moment = moment.astimezone(datetime.UTC).replace(tzinfo=None)
    return moment.isoformat()


def with_stories(articles: Sequence[Article], bands: Mapping[str, Collection[int]]) -> list[Article]:
    """`articles` in their order, near-copies marked with a name they share: the smallest of their ids.

    `bands` are those of each article's sketch, by id.
    """
    leader = {article.id: article.id for article in articles}

    def root(i: str) -> str:
        while leader[i] != i:
            leader[i] = leader[leader[i]]
            i = leader[i]
        return i

    current = [article for article in articles if article.superseded_by is None]
    runs = functools.lru_cache(maxsize=512)(lambda place: runs_of(current[place]))
    for one, other in _proposed(current, bands):
        if alike(runs(one), runs(other)):
            first, second = sorted((root(current[one].id), root(current[other].id)))
            leader[second] = first
    sizes: dict[str, int] = {}
    for article in current:
        sizes[root(article.id)] = sizes.get(root(article.id), 0) + 1
    return [
        replace(article, story=root(article.id) if sizes.get(root(article.id), 0) > 1 else None) for article in articles
    ]


def _proposed(articles: Sequence[Article], bands: Mapping[str, Collection[int]]) -> list[tuple[int, int]]:
    """Pairs of places that may be near-copies, sorted."""
    holders: dict[int, list[int]] = {}
    pairs: set[tuple[int, int]] = set()
    for place, article in enumerate(articles):
        for band in bands[article.id]:
            former = holders.setdefault(band, [])
            pairs.update((other, place) for other in former)
            former.append(place)
    return sorted(pairs)


def alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two texts, in runs of words, tell one story."""
    shared = len(one & other)
    return shared >= _JACCARD * len(one | other) or shared >= _CONTAINED * min(len(one), len(other))
