"""Which generation of a shared archive answers, and the files that go with it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from index.errors import SHARE_ANEW, ArchiveDamagedError
from index.manifest import INVENTED, MANIFEST, TERMS
from index.shared.database import Rows
from index.shared.tables import POINTERS

_PART = 4_000_000
"""Bytes of a file that stand in one row."""

Ask = Callable[[str, Sequence[Any]], Rows]


@dataclass(frozen=True, slots=True)
class Generation:
    """One that was published.

    Attributes:
        number: greater than those of all before it.
        built: which of the archives that were built it belongs to.
        name: begins the names of the archive's collections.
        ranked: whether the engine ranks passages by their words.
        manifest: as it stands in its file.
    """

    number: int
    built: int
    name: str
    ranked: bool
    manifest: str

    def collection(self, table: str) -> str:
        """The name of the collection of the vectors of `table`."""
        return collection(self.name, table, self.built)

    def files(self) -> dict[str, str]:
        """The files that go with it besides its texts and vectors, with their SHA-256.

        Raises:
            ArchiveDamagedError: its manifest cannot be read.
        """
        try:
            listed: dict[str, tuple[int, str]] = json.loads(self.manifest)["files"]
            return {name: listed[name][1] for name in sorted(listed) if goes_along(name, ranked=self.ranked)}
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            raise ArchiveDamagedError("the archive's manifest is missing or unreadable", SHARE_ANEW) from error


def goes_along(name: str, *, ranked: bool) -> bool:
    """Whether the file `name` of an archive is published as it is; `ranked` as in :class:`Generation`."""
    folder, _, file = name.rpartition("/")
    return name == INVENTED or (not ranked and folder == TERMS and file not in ("", ".", ".."))


def collection(name: str, table: str, built: int) -> str:
    """The name of the collection of `table` of what the archive `name` was built as the `built`-th."""
    return f"{name}_{table}_{built}"


def newest(ask: Ask) -> Generation | None:
    """The generation that answers; None where none was published.

    Raises:
        ArchiveDamagedError: nothing was ever published here.
        ArchiveError: the database cannot be asked.
    """
    query = (
        f"SELECT number, built, name, ranked, manifest FROM {POINTERS}.generations, {POINTERS}.archive "
        "ORDER BY number DESC LIMIT 1"
    )
    for row in ask(query, ()):
        return Generation(*row)
    return None


def parts(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """What is in `file`, in numbered parts."""
    yield from enumerate(iter(lambda: file.read(_PART), b""))


def fetch(ask: Ask, generation: Generation, folder: Path) -> None:
    """Write the manifest of `generation` and the files that go with it into `folder`.

    Raises:
        ArchiveDamagedError: one is missing, or is not what was published.
    """
    (folder / MANIFEST).write_text(generation.manifest, encoding="utf-8")
    for name, digest in generation.files().items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        held, number = hashlib.sha256(), 0
        query = f"SELECT content FROM {POINTERS}.files WHERE sha256 = ? AND part = ?"
        with path.open("wb") as file:
            while rows := ask(query, [digest, number]):
                file.write(rows[0][0])
                held.update(rows[0][0])
                number += 1
        if held.hexdigest() != digest:
            raise ArchiveDamagedError(f"the database's file {name} is missing or was altered", SHARE_ANEW)
