"""The manifest: what an archive's generation consists of, and with what it was made."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.encoder import Identity, Precision
from index.errors import REBUILD, REDERIVE, ArchiveDamagedError, ArchiveMismatchError
from index.floor import Floor
from index.passages import PASSAGE_SIZE
from index.records import Article

SCHEMA = 5
"""Raised when the form of an archive, or the rules that cut, mark and analyse texts, change."""
MANIFEST = "manifest.json"
DATABASE, PASSAGES, SENTENCES, TERMS = "archive.sqlite", "passages.faiss", "sentences.faiss", "terms"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What stands in ``manifest.json``.

    Attributes:
        index_id: 16 hexadecimal digits that follow from articles, model and settings, not from time or place.
        floors: what nonsense scores here, by language of the question.
        files: relative path to (bytes, SHA-256) of every other file of the generation.
    """

    schema: int
    index_id: str
    created: str
    model: Identity
    passage_size: int
    articles: int
    passages: int
    sentences: int
    direct_quotes: int
    floors: dict[str, Floor]
    files: dict[str, tuple[int, str]]

    def write(self, folder: Path) -> None:
        """Write the manifest into `folder`, sealed with its own checksum: nothing else would tell an altered floor."""
        content = dataclasses.asdict(self)
        sealed = json.dumps(content | {"seal": _seal(content)}, indent=1, sort_keys=True, ensure_ascii=False)
        (folder / MANIFEST).write_text(sealed + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """The manifest in `folder`.

        Raises:
            ArchiveDamagedError: it is missing or unreadable.
            ArchiveMismatchError: it is of another version of the program.
        """
        try:
            content: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            schema = content["schema"]
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise ArchiveDamagedError("the archive's manifest is missing or unreadable", REBUILD) from error
        if schema != SCHEMA:
            raise ArchiveMismatchError(f"the archive has schema {schema}, this program reads schema {SCHEMA}", REBUILD)
        if content.pop("seal", None) != _seal(content):
            raise ArchiveDamagedError("the archive's manifest was altered", REBUILD)
        try:
            model = content.pop("model")
            files = {name: (int(size), str(digest)) for name, (size, digest) in content.pop("files").items()}
            floors = {language: Floor(**floor) for language, floor in content.pop("floors").items()}
            identity = Identity(**{**model, "probe": tuple(model["probe"]), "precision": Precision(model["precision"])})
            return cls(model=identity, floors=floors, files=files, **content)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ArchiveDamagedError("the archive's manifest is incomplete", REBUILD) from error


def _seal(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def index_id(articles: Iterable[Article], model: Identity, passage_size: int = PASSAGE_SIZE) -> str:
    """What an archive of `articles` made so is called; the same wherever and however often it is built."""
    digest = hashlib.sha256()
    head = (SCHEMA, passage_size, model.name, model.dimension, model.question_prompt, model.passage_prompt)
    digest.update(json.dumps(head).encode())
    for article in sorted(articles, key=lambda article: article.id):
        exclusions = [(e.span.start, e.span.end, e.kind.value) for e in article.exclusions]
        exclusions += [(e.span.start, e.span.end, "included") for e in article.included]
        claims = [(claim.field, claim.value, claim.origin, claim.sureness) for claim in article.claims]
        known = (article.title, article.outlet, article.author, article.published, article.language, article.url)
        place = (article.source_file, article.pages, article.superseded_by, article.story)
        digest.update(json.dumps((article.sha256, place, known, claims, exclusions)).encode())
    return digest.hexdigest()[:16]


def checksums(folder: Path) -> dict[str, tuple[int, str]]:
    """Bytes and SHA-256 of every file under `folder` but the manifest and lock files, by relative path."""
    return {
        path.relative_to(folder).as_posix(): checksum(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST and not path.name.endswith(".lock")
    }


def checksum(path: Path) -> tuple[int, str]:
    """Bytes and SHA-256 of a file."""
    with path.open("rb") as file:
        return path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()


def mend_of(name: str) -> str:
    """The command that mends damage to the generation's file `name`."""
    return REBUILD if name in (DATABASE, MANIFEST) else REDERIVE
