"""Other wordings and translations of the same words: near in meaning, by the archive's own model.

A sentence or direct speech counts as another wording when the cosine of the two vectors, and a twentieth for the share
of the quotation's words that it holds (translated by the lexicon), reach a threshold. ``docs/check.md`` has the figures
the thresholds come from; they hold for the bundled model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.analysis import LANGUAGES, passage_terms
from index.archive import Archive
from index.keys import Key, question_keys
from index.language import detect_language
from index.records import Article, DirectQuote, Span

_SEARCHED = 200
"""Nearest sentences looked at, of which the first ten of each language are compared."""
_COMPARED = 10
_WORDS = 0.05
"""Weight of the share of words held."""
_SAME_LANGUAGE, _OTHER_LANGUAGE = 0.945, 0.88
"""Least worth: unrelated texts of one language come nearer to each other than those of two."""
_MOST = 3
"""Wordings told of."""


@dataclass(frozen=True, slots=True)
class Rewording:
    """A sentence, or direct speech, that says about the same.

    Attributes:
        worth: cosine and share of words; what it is ordered by.
    """

    article: Article
    span: Span
    speech: DirectQuote | None
    worth: float


def rewordings(archive: Archive, quoted: str) -> list[Rewording]:
    """The other wordings of `quoted` in `archive`, nearest first; none overlaps another.

    Raises:
        ArchiveError: the archive's model has changed.
        ModelError: it cannot be opened.
    """
    vector = archive.encoder.encode_passages([quoted])[0]
    near = archive.sentences.search(vector, _SEARCHED)
    sentences = {sentence.id: sentence for sentence in archive.store.sentences_by_id(i for i, _ in near)}
    owners = {p.id: p.article_id for p in archive.store.passages({s.passage_id for s in sentences.values()})}
    articles = {i: archive.store.article(i) for i in sorted(set(owners.values()))}
    language = detect_language(quoted)
    keys = question_keys(quoted, (language,) if language in LANGUAGES else LANGUAGES)
    found: list[Rewording] = []
    compared: dict[str | None, int] = {}
    for i, cosine in near:
        article = articles[owners[sentences[i].passage_id]]
        compared[article.language] = compared.get(article.language, 0) + 1
        if compared[article.language] > _COMPARED:
            continue
        found.append(_rewording(article, sentences[i].span, None, cosine, keys))
    found += _spoken(archive, [(rewording.article, rewording.span) for rewording in found], vector, keys)
    found = [r for r in found if r.worth >= (_SAME_LANGUAGE if r.article.language == language else _OTHER_LANGUAGE)]
    found.sort(key=lambda r: (-r.worth, r.article.id, r.span.start))
    kept: list[Rewording] = []
    for rewording in found:
        if not any(other.article is rewording.article and other.span.overlaps(rewording.span) for other in kept):
            kept.append(rewording)
    return kept[:_MOST]


def _spoken(
    archive: Archive, places: Sequence[tuple[Article, Span]], vector: NDArray[np.float32], keys: Sequence[Key]
) -> list[Rewording]:
    """The direct speech in these sentences, whose own words may be nearer than the reporter's sentence."""
    articles = {article.id: article for article, _ in places}
    speech = [
        quote
        for quote in archive.store.direct_quotes(sorted(articles))
        if any(article.id == quote.article_id and span.overlaps(quote.span) for article, span in places)
    ]
    if not speech:
        return []
    texts = [" ".join(part.of(articles[quote.article_id].text) for part in quote.segments) for quote in speech]
    cosines = archive.encoder.encode_passages(texts) @ vector
    return [
        _rewording(articles[quote.article_id], quote.span, quote, float(cosine), keys)
        for quote, cosine in zip(speech, cosines, strict=True)
    ]


def _rewording(
    article: Article, span: Span, speech: DirectQuote | None, cosine: float, keys: Sequence[Key]
) -> Rewording:
    terms = set(passage_terms(span.of(article.text), article.language))
    held = sum(bool(key.terms & terms) for key in keys) / max(1, len(keys))
    return Rewording(article, span, speech, round(cosine + _WORDS * held, 6))
