"""From sources to articles: reading each file with its format's reader, and what is known of each article.

A file that cannot be read is told in one line and left out; it never stops the others, and no part of it is kept.
"""

from __future__ import annotations

import datetime
import hashlib
import os
import sys
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from io import BufferedReader
from pathlib import Path

from index.claims import is_text
from index.errors import SourceError
from index.knowledge import File, article_of
from index.progress import Bars, progress
from index.readers import formats
from index.readers.source import MAX_BYTES, Reading, Refusal, Source, UnreadableError, parts_of
from index.records import Article, Span
from index.sentences import trimmed
from index.sidefile import side_claims
from index.sources import STANDARD_INPUT, Choice, Walk

UPLOADED = "upload"
"""The place of articles that somebody sent: of two files of the same name the later takes the former's place."""
Read = Callable[[Path, list[str]], list[Article | Refusal]]
"""Gives the articles of a file, and notes what is not taken as it says; may raise an `UnreadableError`."""

_STREAMED = frozenset([formats.Format.LINES, formats.Format.TABLE, formats.Format.PACKED])
"""Formats whose files may be of any size: a part of them at a time is in memory."""


class SourcesRefusedError(SourceError):
    """A source that was named is not there, or none could be read; nothing was changed."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__(
            "; ".join(str(refusal) for refusal in refusals[:1]), "mend or leave out the sources named above"
        )
        self.refusals = tuple(refusals)


@dataclass(frozen=True, slots=True)
class Intake:
    """What was read.

    Attributes:
        articles: by file name, then id; their texts differ.
        refusals: what could not be read, in the order it was met.
        duplicates: what holds the same text as another one and was left out.
        notes: what was read and is not taken as it says, one line each.
        passed_over: how many files of folders are in no format that is read.
        failed: whether a file that was named itself, or all of them, could not be read.
    """

    articles: tuple[Article, ...]
    refusals: tuple[Refusal, ...] = ()
    duplicates: tuple[Refusal, ...] = ()
    notes: tuple[str, ...] = ()
    passed_over: int = 0
    failed: bool = False

    def whole(self) -> list[Article]:
        """The articles, where all the sources could be read.

        Raises:
            SourcesRefusedError: one could not.
        """
        if self.refusals or self.duplicates:
            raise SourcesRefusedError([*self.refusals, *self.duplicates])
        return list(self.articles)


def reading_here(files: Sequence[Path], today: datetime.date) -> Read:
    """What reads `files`, each when it is asked for."""
    del files
    return lambda path, notes: read_file(path, today, notes)


def read_sources(
    sources: Sequence[Path],
    choice: Choice | None = None,
    today: datetime.date | None = None,
    *,
    reading: Callable[[Sequence[Path], datetime.date], Read] = reading_here,
    bars: Bars = progress,
) -> Intake:
    """Every article under `sources`: files, folders (walked without following links), ``-`` for standard input.

    `reading` is told of all files before they are asked for, in the same order.

    Raises:
        SourcesRefusedError: a named source is not there, or not one of all could be read. It lists them.
        SourceError: there is nothing to read.
    """
    walk = Walk(choice or Choice())
    files = list(walk.files(sources))
    if walk.missing:
        raise SourcesRefusedError([*walk.missing, *walk.refusals])
    day = today or datetime.date.today()
    named = {path for path, by_name in files if by_name}
    paths = [path for path, _ in files]
    intake = read_all(paths, reading(paths, day), walk, named, bars)
    if not intake.articles:
        if intake.refusals:
            raise SourcesRefusedError(intake.refusals)
        names = ", ".join(map(str, sources))
        endings = " ".join(formats.ENDINGS)
        raise SourceError(f"no article in {names}", f"name a folder or files of articles ending in {endings}")
    return intake


def read_all(
    files: Sequence[Path],
    read: Read,
    walk: Walk,
    named: Container[Path],
    bars: Bars,
) -> Intake:
    """What `read` finds in `files`, each text and each place once; `walk` has what was met before.

    Args:
        files: to be read, in order.
        read: called for each of them.
        walk: what was met on the way to the files.
        named: which of them not to be able to read is a failure.
        bars: told as one file after another is begun.
    """
    articles: dict[str, Article] = {}
    places: set[tuple[str, str]] = set()
    refusals, duplicates, notes = walk.refusals, list[Refusal](), list[str]()
    failed = False
    with bars("reading", len(files)) as bar:
        for path in files:
            bar.update(1)
            try:
                found = read(path, notes)
            except UnreadableError as problem:
                refusals.append(Refusal(str(path), problem.reason, problem.mend))
                failed |= path in named
                continue
            for part in found:
                if isinstance(part, Refusal):
                    refusals.append(part)
                elif (twin := articles.get(part.id)) is not None:
                    duplicates.append(copy_refusal(part, twin))
                elif part.source in places:
                    refusals.append(Refusal(_place(part), "comes twice with different texts", "give it another id"))
                else:
                    articles[part.id] = part
                    places.add(part.source)
    ordered = sorted(articles.values(), key=lambda article: (article.source_file, article.id))
    return Intake(tuple(ordered), tuple(refusals), tuple(duplicates), tuple(notes), walk.passed_over, failed)


def copy_refusal(article: Article, twin: Article) -> Refusal:
    """That `article` is left out because its text is that of `twin`."""
    return Refusal(_place(article), f"holds the same text as {_place(twin)}", "leave it out")


def _place(article: Article) -> str:
    """Where it was read, for messages."""
    if article.source_path == UPLOADED:
        return article.source_file
    name = Path(article.source_path).name
    behind = article.source_file.removeprefix(name)
    return f"{article.source_path}{behind}"


def read_article(path: Path) -> Article:
    """The one article in the file `path`.

    Raises:
        UnreadableError: it cannot be read, or holds another number of articles.
    """
    found = read_file(path, datetime.date.today(), [])
    if len(found) != 1 or isinstance(found[0], Refusal):
        raise UnreadableError("does not hold one article", "name a file that does")
    return found[0]


def read_file(path: Path, today: datetime.date, notes: list[str], name: str | None = None) -> list[Article | Refusal]:
    """The articles in the file `path`, or on standard input; what is not taken as it says goes to `notes`.

    `name` is what the file is called where that is not the end of its path.

    Raises:
        UnreadableError: the file, or its side file, cannot be read, or it changed meanwhile.
    """
    if path == STANDARD_INPUT:
        lines = parts_of(formats.reader(formats.Format.LINES), Source("-", sys.stdin.buffer))
        return _articles(lines, File("-", "-", ""), today, notes)
    if not is_text(os.path.realpath(path)):
        raise UnreadableError("has a name that is not UTF-8", "rename it")
    before = _state(path)
    try:
        with path.open("rb") as stream:
            head = stream.read(formats.HEAD)
            form = formats.told(name or path.name, head)
            if form not in _STREAMED and before[0] > MAX_BYTES:
                raise UnreadableError(f"is larger than {MAX_BYTES:,} bytes", "divide it, or make it a JSONL dump")
            stream.seek(0)
            digest = _digest(stream)
            parts = parts_of(formats.reader(form), Source(name or path.name, stream))
    except OSError as error:
        raise _unreadable(error) from error
    file = File(name or str(path), name or path.name, digest, side_claims(path))
    if _state(path) != before:
        raise UnreadableError("changed while it was read", "add it again when it is finished")
    if len(parts) == 1 and isinstance(parts[0], Reading) and not parts[0].part and _is_empty(parts[0].text):
        raise UnreadableError("is empty", "leave it out")
    return _articles(parts, file, today, notes)


def _state(path: Path) -> tuple[int, int, int]:
    """Size, time of change and identity of the file."""
    if path.exists() and not path.is_file():  # a pipe or device would be read for ever
        raise UnreadableError("is not a file", "leave it out")
    try:
        found = path.stat()
    except OSError as error:
        if path.is_symlink() and not path.exists():
            raise UnreadableError("is a broken link", "mend or remove the link") from error
        raise _unreadable(error) from error
    return found.st_size, found.st_mtime_ns, found.st_ino


def _unreadable(error: OSError) -> UnreadableError:
    return UnreadableError(f"cannot be read ({error.strerror})", "check the file and its permissions")


def _digest(stream: BufferedReader) -> str:
    digest = hashlib.file_digest(stream, "sha256").hexdigest()
    stream.seek(0)
    return digest


def _articles(
    parts: Sequence[Reading | Refusal], file: File, today: datetime.date, notes: list[str]
) -> list[Article | Refusal]:
    found: list[Article | Refusal] = []
    for part in parts:
        if isinstance(part, Refusal):
            found.append(replace(part, path=f"{file.path}{part.path}"))
        elif _is_empty(part.text):
            found.append(Refusal(f"{file.path}{part.part}", "is empty", "leave it out"))
        else:
            article, refused = article_of(part, file, today)
            found.append(article)
            notes += [f"{file.path}{part.part}: {line}" for line in part.notes]
            notes += [f"{file.path}{part.part}: {line}; it is left out" for line in refused]
    return found


def _is_empty(text: str) -> bool:
    return not len(trimmed(text, Span(0, len(text))))
