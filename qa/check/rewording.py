"""Other wordings and translations of the same words: near in meaning, by the archive's own model.

A sentence or direct speech counts as another wording when the cosine of the two vectors, and a twentieth for the share
of the quotation's words that it holds (translated by the lexicon), reach a threshold. ``docs/check.md`` has the figures
the thresholds come from; they hold for the bundled model.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
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
_KEPT = 1_000
"""Articles, and vectors of direct speech, that are kept at once."""
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


class Rewordings:
    """Finds other wordings in one archive; what it has opened and encoded once is kept for the next quotation."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._article = functools.lru_cache(maxsize=_KEPT)(archive.store.article)
        self._vectors: dict[tuple[str, Span], NDArray[np.float32]] = {}

    def wordings(self, quoted: Sequence[str]) -> list[list[Rewording]]:
        """For each of `quoted` its other wordings, nearest first; none overlaps another.

        Raises:
            ArchiveError: the archive's model has changed.
            ModelError: it cannot be opened.
        """
        if not quoted:
            return []
        vectors = self._archive.encoder.encode_passages(list(quoted))
        return [self._near(text, vector) for text, vector in zip(quoted, vectors, strict=True)]

    def _near(self, quoted: str, vector: NDArray[np.float32]) -> list[Rewording]:
        near = self._archive.sentences.search(vector, _SEARCHED)
        sentences = {sentence.id: sentence for sentence in self._archive.store.sentences_by_id(i for i, _ in near)}
        passages = self._archive.store.passages({sentence.passage_id for sentence in sentences.values()})
        owners = {passage.id: passage.article_id for passage in passages}
        language = detect_language(quoted)
        keys = question_keys(quoted, (language,) if language in LANGUAGES else LANGUAGES)
        found: list[Rewording] = []
        compared: dict[str | None, int] = {}
        for i, cosine in near:
            if i not in sentences or sentences[i].passage_id not in owners:
                continue  # an engine may for a moment find what was removed
            article = self._article(owners[sentences[i].passage_id])
            compared[article.language] = compared.get(article.language, 0) + 1
            if compared[article.language] <= _COMPARED:
                found.append(_rewording(article, sentences[i].span, None, cosine, keys))
        found += [
            _rewording(self._article(speech.article_id), speech.span, speech, float(said @ vector), keys)
            for speech, said in self._spoken(found)
        ]
        found = [r for r in found if r.worth >= (_SAME_LANGUAGE if r.article.language == language else _OTHER_LANGUAGE)]
        found.sort(key=lambda r: (-r.worth, r.article.id, r.span.start))
        kept: list[Rewording] = []
        for rewording in found:
            if not any(o.article.id == rewording.article.id and o.span.overlaps(rewording.span) for o in kept):
                kept.append(rewording)
        return kept[:_MOST]

    def _spoken(self, found: Sequence[Rewording]) -> Iterator[tuple[DirectQuote, NDArray[np.float32]]]:
        """The direct speech in these sentences with its vectors; its own words may be nearer than the reporter's."""
        speech = [
            quote
            for quote in self._archive.store.direct_quotes(sorted({rewording.article.id for rewording in found}))
            if any(r.article.id == quote.article_id and r.span.overlaps(quote.span) for r in found)
        ]
        if len(self._vectors) > _KEPT:
            self._vectors.clear()
        new = [quote for quote in speech if (quote.article_id, quote.span) not in self._vectors]
        said = [" ".join(part.of(self._article(quote.article_id).text) for part in quote.segments) for quote in new]
        for quote, vector in zip(new, self._archive.encoder.encode_passages(said) if said else (), strict=True):
            self._vectors[quote.article_id, quote.span] = vector
        for quote in speech:
            yield quote, self._vectors[quote.article_id, quote.span]


def _rewording(
    article: Article, span: Span, speech: DirectQuote | None, cosine: float, keys: Sequence[Key]
) -> Rewording:
    terms = set(passage_terms(span.of(article.text), article.language))
    held = sum(bool(key.terms & terms) for key in keys) / max(1, len(keys))
    return Rewording(article, span, speech, round(cosine + _WORDS * held, 6))
