"""The news of an article in runs of words, and their MinHash sketch, which an archive keeps from change to change."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator, Mapping

from index.analysis import words
from index.records import Article, ExclusionKind

_RUN = 5
"""Words."""
_FEWEST = 20
"""Runs a text needs for anything to be said of it."""
_PERMUTATIONS, _BANDS = 128, 64
"""Two rows a band: two texts that share a fifth of their runs are proposed with a probability of .93, half .9999."""
_BYTES = 4 * _PERMUTATIONS // _BANDS
_SEED = 7


class Sketches:
    """MinHash sketches (Broder 1997) by what they were made of; none is made twice.

    Attributes:
        used: SHA-256 of the news to its sketch, of all that was asked for; empty bytes for a text that is too short.
    """

    def __init__(self, kept: Mapping[bytes, bytes] | None = None) -> None:
        self._kept = kept or {}
        self.used: dict[bytes, bytes] = {}

    def bands(self, article: Article) -> Iterator[tuple[int, bytes]]:
        """What `article` has in common with its near-copies, some of it at least; nothing of a short text."""
        key = hashlib.sha256(_news(article).encode("utf-8")).digest()
        sketch = self._kept.get(key)
        if sketch is None:
            sketch = self.used.get(key)
        if sketch is None:
            sketch = _sketch(article)
        self.used[key] = sketch
        for at in range(0, len(sketch), _BYTES):
            yield at, sketch[at : at + _BYTES]


def _sketch(article: Article) -> bytes:
    from rensa import RMinHash

    runs = runs_of(article)
    if len(runs) < _FEWEST:
        return b""
    sketch = RMinHash(num_perm=_PERMUTATIONS, seed=_SEED)
    sketch.update(sorted(runs))
    return b"".join(value.to_bytes(4, "little") for value in sketch.digest())


def runs_of(article: Article) -> frozenset[str]:
    """Every run of words of the news in `article`, folded."""
    return runs_in(_news(article))


def runs_in(text: str) -> frozenset[str]:
    """Every run of words of `text`, folded."""
    forms = [word.form for word in words(text)]
    return frozenset(" ".join(forms[at : at + _RUN]) for at in range(len(forms) - _RUN + 1))


def _news(article: Article) -> str:
    """Its text without what its own rules exclude; what other articles taught is left in, for they may go again."""
    own = [one.span for one in article.exclusions if one.kind is not ExclusionKind.REPEATED]
    bounds = [0, *itertools.chain.from_iterable((span.start, span.end) for span in own), len(article.text)]
    return "\n".join(article.text[start:end] for start, end in zip(bounds[::2], bounds[1::2], strict=True))
