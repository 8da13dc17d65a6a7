"""The news of an article in runs of words, and their MinHash sketch, which an archive keeps from change to change."""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Sketch:
    """A MinHash sketch (Broder 1997).

    Attributes:
        news: SHA-256 of what it was made of.
        values: the sketch; empty for a text that is too short.
    """

    news: bytes
    values: bytes

    @property
    def bands(self) -> tuple[int, ...]:
        """What a text has in common with its near-copies, some of it at least; none of a short one. 64 bits each."""
        return tuple(
            number_of(b"%d %b" % (at, self.values[at : at + _BYTES])) for at in range(0, len(self.values), _BYTES)
        )


def number_of(value: bytes) -> int:
    """A whole number of 64 bits, with a sign as SQLite's, that two values do not share but by a rare chance."""
    return int.from_bytes(hashlib.blake2b(value, digest_size=8).digest(), "big", signed=True)


def sketch_of(article: Article, known: Sketch | None = None) -> Sketch:
    """The sketch of `article`, not made again where `known` was made of the same news."""
    news = hashlib.sha256(_news(article).encode("utf-8")).digest()
    return known if known is not None and known.news == news else Sketch(news, _sketch(article))


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
