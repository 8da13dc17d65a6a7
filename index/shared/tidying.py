"""Clearing away what no generation needs: what a writer left that died, and what is two generations behind."""

from __future__ import annotations

import contextlib
import re

from index.errors import ArchiveDamagedError
from index.schema import VECTORS
from index.shared.collections import drop
from index.shared.database import Writer
from index.shared.engine import Milvus
from index.shared.generations import Generation, collection
from index.shared.tables import COLUMNS, OPEN, POINTERS, schema_of


def restore(milvus: Milvus, name: str, former: Generation | None) -> None:
    """Undo what a writer did to the engine that died before it published: nobody saw it."""
    number, built = (0, 0) if former is None else (former.number, former.built)
    for found, of in _collections(milvus, name).items():
        if of > built:
            drop(milvus, found)
    for table in VECTORS if former is not None else ():
        held = collection(name, table, built)
        try:
            while rows := milvus.matching(held, f"since > {number}", ["id"]):
                milvus.delete(held, [row["id"] for row in rows])
            while rows := milvus.matching(held, f"until > {number} and until < {OPEN}", ["*"]):
                milvus.upsert(held, [{**written(row), "until": OPEN} for row in rows])
        except ArchiveDamagedError:
            return  # A collection is gone: all is written anew, into another one.


def written(row: dict[str, object] | object) -> dict[str, object]:
    """What was written of a row, without what the engine made of it."""
    assert isinstance(row, dict)
    return {field: value for field, value in row.items() if not field.endswith("_ranked")}


def tidy(milvus: Milvus, writer: Writer, current: Generation) -> None:
    """Remove what neither `current` nor the generation before it needs, which a reader may still be reading."""
    kept = writer.rows(
        f"SELECT number, built, ranked, manifest FROM {POINTERS}.generations ORDER BY number DESC LIMIT 2"
    )
    oldest = min(number for number, *_ in kept)
    built = {row[1] for row in kept}
    for name, of in _collections(milvus, current.name).items():
        if of not in built:
            drop(milvus, name)
    for (schema,) in writer.rows("SELECT nspname FROM pg_namespace WHERE nspname LIKE ?", [f"{POINTERS}\\_%"]):
        if schema not in map(schema_of, built):
            writer.rows(f"DROP SCHEMA {schema} CASCADE")
    for one in built:
        for table in VECTORS:
            name = collection(current.name, table, one)
            dead = writer.rows(f"SELECT id FROM {schema_of(one)}.all_{table} WHERE until <= ?", [oldest])
            milvus.delete(name, [i for (i,) in dead])
        for table in COLUMNS:
            writer.rows(f"DELETE FROM {schema_of(one)}.all_{table} WHERE until <= ?", [oldest])
    files: set[str] = set()
    for row in kept:
        # A manifest that was damaged opens nothing.
        with contextlib.suppress(ArchiveDamagedError):
            files |= set(Generation(row[0], row[1], "", row[2], row[3]).files().values())
    writer.rows(f"DELETE FROM {POINTERS}.files WHERE NOT sha256 = ANY(?)", [sorted(files)])
    writer.rows(f"DELETE FROM {POINTERS}.generations WHERE number < ?", [oldest])


def _collections(milvus: Milvus, name: str) -> dict[str, int]:
    """The archive's collections, and of each which of the archives that were built it belongs to."""
    found = {one: re.fullmatch(rf"{name}_(?:{'|'.join(VECTORS)})_([0-9]+)", one) for one in milvus.collections()}
    return {one: int(match[1]) for one, match in found.items() if match is not None}
