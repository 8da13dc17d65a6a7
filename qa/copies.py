"""Near-copies of agency text: the same words in several outlets are one quote, with the other places beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from index.records import Article, Span
from qa.check.folding import Token, tokens
from qa.evidence import Evidence
from qa.records import Quote
from qa.retrieve import Found


def collapsed(evidence: Iterable[Evidence], found: Found, k: int) -> list[tuple[Evidence, tuple[Quote, ...]]]:
    """The first `k` of `evidence` whose words no earlier one has, each with where near-copies among `found` have them.

    The words are compared folded, as :mod:`qa.check` does; near-copies are the articles of one story.
    """
    kept: list[tuple[Evidence, tuple[Quote, ...]]] = []
    told: list[Quote] = []
    for piece in evidence:
        if any(quote.article.id == piece.hit.article_id and quote.span.overlaps(piece.sentence.span) for quote in told):
            continue
        if len(kept) == k:
            break
        article = found.articles[piece.hit.article_id]
        told_by = found.articles.values() if article.story is not None else ()
        copies = [other for other in told_by if other.story == article.story and other.id != article.id]
        also = tuple(
            Quote(copy, span)
            for copy in sorted(copies, key=lambda copy: (copy.published or "9999", copy.source_file, copy.id))
            if (span := _same_words(Quote(article, piece.span), copy)) is not None
        )
        told += also
        kept.append((piece, also))
    return kept


def _same_words(quote: Quote, copy: Article) -> Span | None:
    """Where `copy` has the words of `quote` one after the other; with the marks around them, where these are alike."""
    given, theirs = tokens(quote.article.text, quote.span), tokens(copy.text)
    wanted, forms = _forms(given), _forms(theirs)
    first = next((at for at in range(len(forms) - len(wanted) + 1) if forms[at : at + len(wanted)] == wanted), None)
    if first is None or not wanted:
        return None
    start, end = theirs[first].start, theirs[first + len(wanted) - 1].end
    opening = quote.article.text[quote.span.start : given[0].start]
    closing = quote.article.text[given[-1].end : quote.span.end]
    start -= len(opening) if copy.text[:start].endswith(opening) else 0
    end += len(closing) if copy.text.startswith(closing, end) else 0
    return Span(start, end)


def _forms(words: Sequence[Token]) -> list[str]:
    return [word.form for word in words]
