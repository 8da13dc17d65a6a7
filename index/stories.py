"""Articles that belong together: versions of one article, and near-copies of one story in several outlets.

Near-copies are proposed by MinHash (Broder 1997) with locality-sensitive hashing, and decided exactly, on runs of five
words: by the Jaccard coefficient, or by containment where one text is part of a longer one.
"""

from __future__ import annotations

import datetime
import functools
import itertools
from collections.abc import Sequence
from dataclasses import replace

from index.analysis import words
from index.records import Article, Exclusion

_RUN = 5
"""Words."""
_FEWEST = 20
"""Runs a text needs for anything to be said of it."""
_JACCARD, _CONTAINED = 0.5, 0.8
"""From which on two texts tell one story in the same words."""
_PERMUTATIONS, _BANDS = 128, 64
"""Two rows a band: two texts that share a fifth of their runs are proposed with a probability of .93, half .9999."""
_SEED = 7


def with_versions(articles: Sequence[Article]) -> list[Article]:
    """`articles` in their order, each marked with the newest one of the same address.

    The newest is the one updated or published last; of those that do not say, one that was not marked before, and then
    the last in order.
    """
    by_address: dict[str, list[tuple[tuple[str, bool, int], Article]]] = {}
    for place, article in enumerate(articles):
        if article.url is not None:
            key = (_moment(article), article.superseded_by is None, place)
            by_address.setdefault(article.url, []).append((key, article))
    newest = {url: max(found, key=lambda item: item[0])[1].id for url, found in by_address.items()}
    marked = []
    for article in articles:
        newer = newest.get(article.url or "")
        marked.append(replace(article, superseded_by=None if newer == article.id else newer))
    return marked


def _moment(article: Article) -> str:
    """When it was last changed, comparable; empty where it does not say."""
    said = article.changed
    if said is None:
        return ""
    moment = datetime.datetime.fromisoformat(said)
    if moment.tzinfo is not None:
        moment = moment.astimezone(datetime.UTC).replace(tzinfo=None)
    return moment.isoformat()


def with_stories(articles: Sequence[Article]) -> list[Article]:
    """`articles` in their order, near-copies marked with a name they share: the smallest of their ids."""
    leader = {article.id: article.id for article in articles}

    def root(i: str) -> str:
        while leader[i] != i:
            leader[i] = leader[leader[i]]
            i = leader[i]
        return i

    current = [article for article in articles if article.superseded_by is None]
    runs = functools.lru_cache(maxsize=512)(lambda place: _runs(current[place]))
    for one, other in _proposed(current):
        if _alike(runs(one), runs(other)):
            first, second = sorted((root(current[one].id), root(current[other].id)))
            leader[second] = first
    sizes: dict[str, int] = {}
    for article in current:
        sizes[root(article.id)] = sizes.get(root(article.id), 0) + 1
    return [
        replace(article, story=root(article.id) if sizes.get(root(article.id), 0) > 1 else None) for article in articles
    ]


def _proposed(articles: Sequence[Article]) -> list[tuple[int, int]]:
    """Pairs of places that may be near-copies, sorted."""
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(threshold=0.2, num_perm=_PERMUTATIONS, num_bands=_BANDS)
    pairs: set[tuple[int, int]] = set()
    for place, article in enumerate(articles):
        runs = _runs(article)
        if len(runs) < _FEWEST:
            continue
        sketch = RMinHash(num_perm=_PERMUTATIONS, seed=_SEED)
        sketch.update(sorted(runs))
        pairs.update((other, place) for other in index.query(sketch))
        index.insert(place, sketch)
    return sorted(pairs)


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    shared = len(one & other)
    return shared >= _JACCARD * len(one | other) or shared >= _CONTAINED * min(len(one), len(other))


def _runs(article: Article) -> frozenset[str]:
    """Every run of words of the news in `article`, folded."""
    forms = [word.form for word in words(_news(article.text, article.exclusions))]
    return frozenset(" ".join(forms[at : at + _RUN]) for at in range(len(forms) - _RUN + 1))


def _news(text: str, exclusions: Sequence[Exclusion]) -> str:
    bounds = [0, *itertools.chain.from_iterable((e.span.start, e.span.end) for e in exclusions), len(text)]
    return "\n".join(text[start:end] for start, end in zip(bounds[::2], bounds[1::2], strict=True))
