"""Which articles a quotation is compared with: those that hold its rare words. No other article is ever read."""

from __future__ import annotations

import math
from collections.abc import Sequence

from index.analysis import LANGUAGES, passage_terms
from index.archive import Archive
from qa.check.folding import Kind, Token

_COMMON = 2_000
"""Passages: a word in more of them is not used to tell where a quotation stands word for word."""
_RAREST = 4
"""Words that every article with the exact words must hold."""
_WINDOW = 16
"""Words looked for at once; longer quotations are looked for part by part."""
_PASSAGES = 30
"""Passages taken for a part."""
_LANGUAGES = (*LANGUAGES, None)


def holders(archive: Archive, words: Sequence[Token]) -> list[str]:
    """The ids of the articles that may hold `words` one after the other, ascending.

    Complete where one of the words stands in at most 2,000 passages; else the 2,000 passages nearest by words.
    """
    found: set[str] = set()
    # A number may be written otherwise in an article, which then does not hold its term.
    words = [word for word in words if word.kind is not Kind.NUMBER] or words
    for language in _LANGUAGES:
        counted = {(archive.terms.frequency(term), term) for term in _terms(words, language)}
        # A word in no passage may stand in what is left out of them: a dateline, a byline.
        terms = sorted((count, term) for count, term in counted if count)
        rare = [term for count, term in terms[:_RAREST] if count <= _COMMON]
        if rare:
            articles = [_articles(archive, [{term}], _COMMON) for term in rare]
            found |= set(articles[0]).intersection(*articles[1:])
        elif terms:
            found |= set(_articles(archive, [{term} for _, term in terms], _COMMON))
    return sorted(found)


def candidates(archive: Archive, words: Sequence[Token]) -> list[str]:
    """The ids of the articles likeliest to hold `words`, or some of them, likeliest first."""
    ranks: dict[str, float] = {}
    for at in range(0, len(words), _WINDOW // 2):
        part = words[at : at + _WINDOW]
        if at and len(part) <= _WINDOW // 2:
            break
        terms = sorted({term for language in _LANGUAGES for term in _terms(part, language)})
        for rank, article in enumerate(_articles(archive, [{term} for term in terms], _PASSAGES)):
            ranks[article] = ranks.get(article, 0.0) + 1 / (1 + rank)
    return sorted(ranks, key=lambda article: (-ranks[article], article))


def weight(archive: Archive, words: Sequence[Token], language: str | None) -> float:
    """How much it says that an article in `language` holds `words`: 1 for one word that stands in one passage only.

    The sum of their inverse document frequencies, in logarithms to the number of passages; a word counts once.
    """
    passages = len(archive.terms) + 1
    counts = [archive.terms.frequency(term) for term in set(_terms(words, language))]
    return sum(math.log(passages / max(1, count)) for count in counts) / math.log(passages)


def _terms(words: Sequence[Token], language: str | None) -> list[str]:
    """What the full-text index holds for `words`; nothing for function words."""
    return passage_terms(" ".join(word.spelled for word in words), language)


def _articles(archive: Archive, keys: list[set[str]], k: int) -> list[str]:
    """The articles of the `k` best passages, best first."""
    found = [i for i, _ in archive.terms.search(keys, k)]
    owners = {passage.id: passage.article_id for passage in archive.store.passages(found)}
    return list(dict.fromkeys(owners[i] for i in found))
