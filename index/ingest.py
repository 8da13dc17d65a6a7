"""From files to articles: finding the sources, reading them, and what is known of each.

A plain text file's canonical text is its bytes decoded as UTF-8, newlines as they are. A side file
``NAME.meta.json`` beside ``NAME.txt`` overrides or completes the metadata.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from index.errors import SourceError
from index.furniture import find_furniture
from index.language import detect_language
from index.masthead import read_masthead
from index.records import Article, Exclusion, Span
from index.sentences import trimmed

SUFFIX = ".txt"
_META_FIELDS = ("title", "outlet", "author", "published", "language", "url")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A source that cannot become an article: why, and what to do."""

    path: str
    reason: str
    mend: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}; {self.mend}"


class SourcesRefusedError(SourceError):
    """At least one source cannot be read; nothing was changed."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__(
            "; ".join(str(refusal) for refusal in refusals[:1]), "mend or leave out the sources named above"
        )
        self.refusals = tuple(refusals)


def read_sources(sources: Sequence[Path]) -> list[Article]:
    """Every article under `sources` (files, or folders walked without following links), by file name, then id.

    Raises:
        SourcesRefusedError: a source is missing, a broken link, empty, binary, not UTF-8, named twice, holds the same
            text as another one, or has a side file that cannot be used. It lists all of them.
    """
    refusals: list[Refusal] = []
    articles: dict[str, Article] = {}
    seen: set[str] = set()
    for path in _files(sources, refusals):
        real = os.path.realpath(path)  # Path.resolve() raises on a link to itself
        if real in seen:
            refusals.append(Refusal(str(path), "is named twice", "name it once"))
            continue
        seen.add(real)
        try:
            article = read_article(path)
        except _UnreadableError as problem:
            refusals.append(Refusal(str(path), *problem.args))
            continue
        twin = articles.setdefault(article.id, article)
        if twin is not article:
            refusals.append(
                Refusal(str(path), f"holds the same text as {twin.source_path}", "remove one of the two files")
            )
    if refusals:
        raise SourcesRefusedError(refusals)
    if not articles:
        names = ", ".join(map(str, sources))
        raise SourceError(f"no {SUFFIX} file in {names}", f"name a folder or files of articles ending in {SUFFIX}")
    return sorted(articles.values(), key=lambda article: (article.source_file, article.id))


class _UnreadableError(Exception):
    """Reason and mend of one unreadable file; becomes a :class:`Refusal`."""


def _files(sources: Sequence[Path], refusals: list[Refusal]) -> Iterator[Path]:
    """Named files and the article files of named folders, sorted within each folder."""
    for source in sources:
        if source.is_dir():
            found = []
            for folder, folders, names in os.walk(
                source, onerror=lambda error: refusals.append(_refused_folder(error))
            ):
                folders[:] = sorted(name for name in folders if not name.startswith("."))
                found += [Path(folder, name) for name in names if name.endswith(SUFFIX) and not name.startswith(".")]
            yield from sorted(found)
        elif source.is_file() or source.is_symlink():
            yield source
        elif source.exists():
            refusals.append(Refusal(str(source), "is neither a file nor a folder", "name a file or a folder"))
        else:
            refusals.append(Refusal(str(source), "does not exist", "check the path"))


def _refused_folder(error: OSError) -> Refusal:
    return Refusal(str(error.filename), f"cannot be read ({error.strerror})", "check the folder's permissions")


def read_article(path: Path) -> Article:
    """The article in the plain text file `path`."""
    text, source_sha256 = _decoded(path)
    furniture = find_furniture(text)
    masthead = read_masthead(text, furniture.exclusions)
    outlet = furniture.outlet or masthead.outlet
    sha256 = hashlib.sha256(text.encode("utf-8")).hexdigest()
    article = Article(
        id=sha256[:16],
        text=text,
        title=_sliced(text, masthead.title),
        outlet=_sliced(text, outlet),
        author=_sliced(text, masthead.author),
        published=masthead.published,
        language=detect_language(text),
        url=None,
        source_file=path.name,
        source_path=os.path.realpath(path),
        sha256=sha256,
        source_sha256=source_sha256,
        exclusions=_merged([*furniture.exclusions, *masthead.exclusions]),
    )
    return replace(article, **_side_file(path.with_name(path.name.removesuffix(SUFFIX) + ".meta.json")))


def _decoded(path: Path) -> tuple[str, str]:
    """The file's text and the SHA-256 of its bytes."""
    if path.exists() and not path.is_file():  # a pipe or device would be read for ever
        raise _UnreadableError("is not a file", "leave it out")
    try:
        data = path.read_bytes()
    except OSError as error:
        if path.is_symlink() and not path.exists():
            raise _UnreadableError("is a broken link", "mend or remove the link") from error
        raise _UnreadableError(f"cannot be read ({error.strerror})", "check the file and its permissions") from error
    if b"\x00" in data:
        raise _UnreadableError("is not a text file (it holds NUL bytes)", "leave it out, or save it as UTF-8 text")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _UnreadableError(f"is not UTF-8 (byte {error.start})", "save it as UTF-8") from error
    if not len(trimmed(text, Span(0, len(text)))):
        raise _UnreadableError("is empty", "leave it out")
    return text, hashlib.sha256(data).hexdigest()


def _side_file(path: Path) -> dict[str, Any]:
    """The fields `path` gives; none where there is no such file."""
    mend = "see «Metadata» in the README"
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise _UnreadableError(f"its side file {path.name} is not readable JSON ({error})", mend) from error
    if not isinstance(content, dict):
        raise _UnreadableError(f"its side file {path.name} is not a JSON object", mend)
    for name, value in content.items():
        if name not in _META_FIELDS:
            raise _UnreadableError(
                f"its side file {path.name} has an unknown field {name!r}", f"use {', '.join(_META_FIELDS)}"
            )
        if value is not None and not _is_text(value):
            raise _UnreadableError(f"{name!r} in its side file {path.name} is neither text nor null", mend)
    published, language = content.get("published"), content.get("language")
    if published is not None:
        content["published"] = _iso_or_refused(published, path)
    if language is not None and not re.fullmatch(r"[a-z]{2,3}", language):
        raise _UnreadableError(f"'language' in its side file {path.name} is not a code like 'it'", mend)
    return content


def _is_text(value: object) -> bool:
    """Whether `value` is a string that shows something and, without lone surrogates, can be written anywhere."""
    return isinstance(value, str) and bool(value.strip()) and not any("\ud800" <= c <= "\udfff" for c in value)


def _iso_or_refused(value: str, path: Path) -> str:
    try:
        return datetime.date.fromisoformat(value).isoformat()
    except ValueError:
        pass
    try:
        moment = datetime.datetime.fromisoformat(value)
    except ValueError as error:
        mend = "write it as 2025-10-24 or 2025-10-24T18:30"
        raise _UnreadableError(f"'published' in its side file {path.name} is not an ISO 8601 date", mend) from error
    return moment.isoformat(timespec="minutes")


def _sliced(text: str, span: Span | None) -> str | None:
    return None if span is None else span.of(text)


def _merged(exclusions: list[Exclusion]) -> tuple[Exclusion, ...]:
    """Sorted and disjoint: of two that overlap, the one that begins first and reaches further stays."""
    kept: list[Exclusion] = []
    for exclusion in sorted(exclusions, key=lambda item: (item.span.start, -item.span.end)):
        if not kept or exclusion.span.start >= kept[-1].span.end:
            kept.append(exclusion)
    return tuple(kept)
