"""Which articles a quotation is compared with: those that hold its rare words. No other article is ever read."""

from __future__ import annotations

from index.analysis import LANGUAGES, passage_terms
from index.archive import Archive
from index.records import Span
from qa.check.drafts import Given

_COMMON = 2_000
"""Passages: a word in more of them is not used to tell where a quotation stands word for word."""
_RAREST = 4
"""Words that every article with the exact words must hold."""
_WINDOW = 16
"""Words looked for at once; longer quotations are looked for part by part."""
_PASSAGES = 30
"""Passages taken for a part."""


def holders(archive: Archive, quoted: str) -> list[str]:
    """The ids of the articles that may hold the words `quoted` one after the other, ascending.

    Complete where one of the words stands in at most 2,000 passages; else the 2,000 passages nearest by words.
    """
    found: set[str] = set()
    for language in (*LANGUAGES, None):
        # The first and the last word may be half of a longer number, or a name outside the quotation.
        terms = sorted({(archive.terms.frequency(term), term) for term in passage_terms(quoted, language)})
        rare = [term for count, term in terms[:_RAREST] if count <= _COMMON]
        if rare:
            articles = [_articles(archive, [{term}], _COMMON) for term in rare]
            found |= set(articles[0]).intersection(*articles[1:])
        elif terms:
            found |= set(_articles(archive, [{term} for _, term in terms], _COMMON))
    return sorted(found)


def candidates(archive: Archive, given: Given, text: str) -> list[str]:
    """The ids of the articles likeliest to hold the words of `given`, or some of them, likeliest first."""
    ranks: dict[str, float] = {}
    for at in range(0, len(given.words), _WINDOW // 2):
        part = given.words[at : at + _WINDOW]
        if at and len(part) <= _WINDOW // 2:
            break
        quoted = Span(part[0].start, part[-1].end).of(text)
        terms = sorted({term for language in (*LANGUAGES, None) for term in passage_terms(quoted, language)})
        for rank, article in enumerate(_articles(archive, [{term} for term in terms], _PASSAGES)):
            ranks[article] = ranks.get(article, 0.0) + 1 / (1 + rank)
    return sorted(ranks, key=lambda article: (-ranks[article], article))


def _articles(archive: Archive, keys: list[set[str]], k: int) -> list[str]:
    """The articles of the `k` best passages, best first."""
    found = [i for i, _ in archive.terms.search(keys, k)]
    owners = {passage.id: passage.article_id for passage in archive.store.passages(found)}
    return list(dict.fromkeys(owners[i] for i in found))
