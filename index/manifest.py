"""The manifest: what an archive's generation consists of, and with what it was made."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from index.errors import REBUILD, REDERIVE, ArchiveDamagedError, ArchiveMismatchError
from index.floor import Floor
from index.identity import Identity
from index.passages import PASSAGE_SIZE
from index.records import Article
from index.schema import DATABASE, VECTORS

SCHEMA = 8
"""Raised when the form of an archive, or the rules that cut, mark and analyse texts, change."""
DERIVABLE = 6
"""The first schema whose texts, spans and vectors stand as they do now: all else can be derived from them again."""
MANIFEST = "manifest.json"
TERMS, INVENTED = "terms", "invented.npy"
SUMS = 1 << 256
"""What the sum of the articles' digests is taken by."""


@dataclass(frozen=True, slots=True)
class Given:
    """The last number that an archive gave to an article, a passage, a sentence; none is given twice."""

    articles: int = 0
    passages: int = 0
    sentences: int = 0


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment of an archive; see :mod:`index.segment`.

    Attributes:
        name: its folder's.
        articles, passages: how many it holds, the removed ones among them.
        removed: ids of articles that no longer count, ascending.
    """

    name: str
    articles: int
    passages: int
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """What stands in ``manifest.json``.

    Attributes:
        index_id: 16 hexadecimal digits that follow from articles, model and settings, not from time or place.
        digest: the sum of the articles' digests; see :func:`digest_of`.
        segments: oldest first.
        given: the last numbers that were given.
        floors: what nonsense scores here, by language of the question.
        files: relative path to (bytes, SHA-256) of every other file of the generation.
    """

    schema: int
    index_id: str
    digest: str
    created: str
    model: Identity
    passage_size: int
    articles: int
    passages: int
    sentences: int
    direct_quotes: int
    segments: tuple[Segment, ...]
    given: Given
    floors: dict[str, Floor]
    files: dict[str, tuple[int, str]]

    def write(self, folder: Path) -> None:
        """Write the manifest into `folder`, sealed with its own checksum: nothing else would tell an altered floor."""
        content = dataclasses.asdict(self)
        sealed = json.dumps(content | {"seal": _seal(content)}, indent=1, sort_keys=True, ensure_ascii=False)
        (folder / MANIFEST).write_text(sealed + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path, oldest: int = SCHEMA) -> Manifest:
        """The manifest in `folder`, of a schema from `oldest` on.

        Raises:
            ArchiveDamagedError: it is missing or unreadable.
            ArchiveMismatchError: it is of another version of the program.
        """
        try:
            text = (folder / MANIFEST).read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise ArchiveDamagedError("the archive's manifest is missing or unreadable", REBUILD) from error
        return cls.parsed(text, oldest)

    @classmethod
    def parsed(cls, text: str, oldest: int = SCHEMA) -> Manifest:
        """The manifest that `text` is, of a schema from `oldest` on.

        Raises:
            ArchiveError: as :meth:`read`.
        """
        try:
            content: dict[str, Any] = json.loads(text)
            schema = content["schema"]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise ArchiveDamagedError("the archive's manifest is missing or unreadable", REBUILD) from error
        if schema not in range(oldest, SCHEMA + 1):
            mend = REDERIVE if schema in range(DERIVABLE, SCHEMA) else REBUILD
            raise ArchiveMismatchError(f"the archive has schema {schema}, this program reads schema {SCHEMA}", mend)
        if content.pop("seal", None) != _seal(content):
            raise ArchiveDamagedError("the archive's manifest was altered", REBUILD)
        try:
            model = content.pop("model")
            files = {name: (int(size), str(digest)) for name, (size, digest) in content.pop("files").items()}
            floors = {language: Floor(**floor) for language, floor in content.pop("floors").items()}
            identity = Identity.recorded(model)
            segments = tuple(Segment(**{**row, "removed": tuple(row["removed"])}) for row in content.pop("segments"))
            given = Given(**content.pop("given"))
            return cls(model=identity, segments=segments, given=given, floors=floors, files=files, **content)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ArchiveDamagedError("the archive's manifest is incomplete", REBUILD) from error


def _seal(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def digest_of(articles: Iterable[Article]) -> int:
    """What stands for `articles` in whatever order: the sum of a SHA-256 of each, 256 bits of it.

    So that of an archive that changes follows from what comes and goes.
    """
    total = 0
    for article in articles:
        exclusions = [(e.span.start, e.span.end, e.kind.value) for e in article.exclusions]
        exclusions += [(e.span.start, e.span.end, "included") for e in article.included]
        claims = [(claim.field, claim.value, claim.origin, claim.sureness) for claim in article.claims]
        known = (article.title, article.outlet, article.author, article.published, article.language, article.url)
        place = (article.source_file, article.pages, article.superseded_by, article.story)
        line = json.dumps((article.sha256, place, known, claims, exclusions))
        total += int.from_bytes(hashlib.sha256(line.encode()).digest(), "big")
    return total % SUMS


def index_id(digest: int, model: Identity, passage_size: int = PASSAGE_SIZE) -> str:
    """What an archive of articles with that digest, made so, is called; the same wherever and however it came about."""
    head = (SCHEMA, passage_size, model.name, model.dimension, model.question_prompt, model.passage_prompt)
    return hashlib.sha256(json.dumps((head, digest % SUMS)).encode()).hexdigest()[:16]


def checksums(folder: Path, known: Mapping[str, tuple[int, str]] = MappingProxyType({})) -> dict[str, tuple[int, str]]:
    """Bytes and SHA-256 of every file under `folder` but the manifest and lock files, by relative path.

    Of the files that are `known` they are not computed again.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(folder).as_posix(): path for path in files if path.name != MANIFEST}
    return {name: known.get(name) or checksum(path) for name, path in names.items() if not name.endswith(".lock")}


def checksum(path: Path) -> tuple[int, str]:
    """Bytes and SHA-256 of a file."""
    with path.open("rb") as file:
        return path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()


def is_source(name: str) -> bool:
    """Whether the generation's file `name` follows from no other: a database, vectors, or the manifest."""
    base = name.rpartition("/")[2]
    return base in (DATABASE, MANIFEST, INVENTED, *(f"{table}.npy" for table in VECTORS))


def mend_of(name: str) -> str:
    """The command that mends damage to the generation's file `name`."""
    return REBUILD if is_source(name) else REDERIVE
