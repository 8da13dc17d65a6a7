"""What an archive holds, as ``python -m index info`` tells it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from index.archive import Archive
from index.errors import ArchiveError
from index.moments import find_moments
from index.records import Article
from index.report import counts, foreign_line
from index.terminal import printable


def summary(archive: Archive) -> dict[str, Any]:
    """The archive in figures."""
    manifest = archive.manifest
    return {
        "archive": str(archive.place),
        "index_id": manifest.index_id,
        "created": manifest.created,
        "articles": manifest.articles,
        "passages": manifest.passages,
        "sentences": manifest.sentences,
        "direct_quotes": manifest.direct_quotes,
        "languages": _languages(archive),
        "model": manifest.model.name,
        "precision": manifest.model.precision.value,
        "dimension": manifest.model.dimension,
        "terms": archive.terms.engine,
        "bytes": sum(size for size, _ in manifest.files.values()),
    }


def summary_lines(archive: Archive) -> list[str]:
    """The archive in five lines, and one more for what is not in Italian or English."""
    manifest = archive.manifest
    languages = _languages(archive)
    return [
        f"archive   {manifest.index_id} at {printable(str(archive.place))}, made {manifest.created}",
        f"contents  {counts(manifest.articles, manifest.passages, manifest.sentences)}",
        f"passages  {', '.join(f'{code} {number}' for code, number in languages.items()) or 'none'}",
        f"model     {printable(manifest.model.name)}, {manifest.model.dimension} dimensions",
        f"words     ranked by {archive.terms.engine}",
        *foreign_line(languages),
    ]


def _languages(archive: Archive) -> dict[str, int]:
    """How many passages are in each language."""
    return {language or "unknown": number for language, number in archive.store.languages().items()}


def contents(archive: Archive) -> list[dict[str, Any]]:
    """The articles, by file name, with what is known of each."""
    return [
        {
            "id": article.id,
            "file": article.source_file,
            "published": article.published,
            "outlet": article.outlet,
            "language": article.language,
            "author": article.author,
            "title": article.title,
            "url": article.url,
            "superseded_by": article.superseded_by,
            "story": article.story,
        }
        for article in archive.store.articles()
    ]


def known(archive: Archive, article_id: str) -> list[dict[str, Any]]:
    """All that is said of an article, the surest of each field first: that one counts.

    Raises:
        ArchiveError: there is no such article.
    """
    return [
        {"field": one.field.value, "value": one.value, "origin": one.origin.value, "sureness": one.sureness}
        for one in _article(archive, article_id).claims
    ]


def excluded(archive: Archive, article_id: str) -> list[dict[str, Any]]:
    """The spans of an article that are never quoted, why, and their words; and those somebody took back.

    Raises:
        ArchiveError: there is no such article.
    """
    article = _article(archive, article_id)
    states = [(one, "excluded") for one in article.exclusions] + [(one, "included") for one in article.included]
    return [
        {
            "start": one.span.start,
            "end": one.span.end,
            "state": state,
            "kind": one.kind.value,
            "text": one.span.of(article.text),
        }
        for one, state in sorted(states, key=lambda item: item[0].span)
    ]


def dates(archive: Archive, article_id: str) -> list[dict[str, Any]]:
    """The dates an article tells of, and the days they mean as far as its own date says.

    Raises:
        ArchiveError: there is no such article.
    """
    article = _article(archive, article_id)
    return [
        {
            "start": one.span.start,
            "end": one.span.end,
            "precision": one.precision.value,
            "first": one.days and one.days[0].isoformat(),
            "last": one.days and one.days[1].isoformat(),
            "text": one.span.of(article.text),
        }
        for one in find_moments(article)
    ]


def article_lines(rows: Sequence[dict[str, Any]], names: Sequence[str] = ()) -> list[str]:
    """`rows` with tabs between the fields `names`, or all of them; what is unknown is a hyphen."""
    return [
        "\t".join("-" if row[name] is None else printable(str(row[name])) for name in (names or row)) for row in rows
    ]


def _article(archive: Archive, article_id: str) -> Article:
    try:
        return archive.store.article(article_id)
    except KeyError as error:
        raise ArchiveError(
            f"not in the archive: {article_id}", "list the ids with: python -m index info --articles"
        ) from error
