"""Publishing an archive for many machines: what changed goes into the engine, then, in one transaction, the database.

A reader sees the rows of its own generation and no others, and which one answers is told by the database alone. So a
writer that dies leaves rows that nobody sees, and the next one clears them away before it begins.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from index.archive import Archive, LocalArchive
from index.errors import ArchiveDamagedError, ArchiveMismatchError
from index.manifest import MANIFEST, Manifest
from index.schema import VECTORS
from index.settings import Place
from index.shared.collections import create, dimension_of, flush, point, ranks
from index.shared.copying import frequencies, grouped, stored_rows, vector_rows
from index.shared.database import Database, Writer
from index.shared.difference import Difference, difference, grown
from index.shared.engine import Field, Milvus, Row
from index.shared.generations import Generation, goes_along, newest, parts
from index.shared.settings import WRITING, Reach
from index.shared.tables import COLUMNS, OPEN, POINTERS, SHARED, schema_of, statements
from index.shared.tags import FIELDS
from index.shared.texts import SharedStore
from index.shared.tidying import restore, tidy


@dataclass(frozen=True, slots=True)
class Shared:
    """What was published.

    Attributes:
        generation: the one that answers now.
        new, gone: how many articles came and went; none where nothing had to change.
        built: whether all was written anew.
    """

    generation: Generation
    new: int = 0
    gone: int = 0
    built: bool = False

    def __str__(self) -> str:
        what = f"all {self.new} articles anew" if self.built else f"{self.new} articles came, {self.gone} went"
        return f"generation {self.generation.number}, {what}"


def reach(place: Place) -> None:
    """Find out whether the engine and the database of `place` answer, before work is done in vain.

    Raises:
        ArchiveError: one of them does not.
    """
    assert place.engine is not None
    assert place.database is not None
    own = Reach.from_environment()
    Milvus(place.engine, own, own.patience).close()
    database = Database(place.database, own.patience)
    database.rows("SELECT 1")
    database.close()


def share(place: Place, *, anew: bool = False) -> Shared:
    """Publish the archive in the folder of `place` in its engine and its database; `anew`, also what did not change.

    Raises:
        ArchiveBusyError: another process is publishing there.
        ArchiveUnreachableError: one of these does not answer.
        ArchiveError: one of these cannot do what it takes. What was published before answers as before.
    """
    assert place.engine is not None
    assert place.database is not None
    reach = Reach.from_environment()
    patience = max(WRITING, reach.patience)
    with contextlib.ExitStack() as opened:
        archive, files = _opened(place, opened)
        milvus = Milvus(place.engine, reach, patience)
        opened.callback(milvus.close)
        database = Database(place.database, patience)
        opened.callback(database.close)
        writer = opened.enter_context(database.writer())
        for statement in SHARED.split(";"):
            if statement.strip():
                writer.rows(statement)
        return _shared(archive, files, milvus, writer, lambda one: _reading(place, patience, one), anew=anew)


def _opened(place: Place, stack: contextlib.ExitStack) -> tuple[LocalArchive, Mapping[str, BinaryIO]]:
    """The archive in the folder of `place`, and of its files those that may go along, which `stack` closes.

    They are sent at the end. By then, hours later, changes may have removed their generation: no lock keeps it.
    """
    while True:
        archive = Archive.open(place.path)
        names = [MANIFEST, *(name for name in archive.manifest.files if goes_along(name, ranked=False))]
        # Where two changes have removed it since it was opened a moment ago, the newest is taken.
        with contextlib.suppress(FileNotFoundError), contextlib.ExitStack() as own:
            files = {name: own.enter_context((archive.folder / name).open("rb")) for name in names}
            stack.push(own.pop_all())
            return archive, files


def _reading(place: Place, patience: float, generation: Generation) -> SharedStore:
    assert place.database is not None
    return SharedStore(Database(place.database, patience, (generation.built, generation.number)))


def _shared(
    archive: LocalArchive,
    files: Mapping[str, BinaryIO],
    milvus: Milvus,
    writer: Writer,
    reading: Callable[[Generation], SharedStore],
    *,
    anew: bool,
) -> Shared:
    if not writer.rows(f"SELECT name FROM {POINTERS}.archive"):
        writer.rows(f"INSERT INTO {POINTERS}.archive VALUES (?)", [f"virgolettato_{secrets.token_hex(4)}"])
    ((name,),) = writer.rows(f"SELECT name FROM {POINTERS}.archive")
    former = newest(writer.rows)
    restore(milvus, name, former)
    change = None
    if former is not None and not anew:
        store = reading(former)
        try:
            for table in VECTORS:
                dimension_of(milvus, former.collection(table))
            change = difference(archive, Manifest.parsed(former.manifest), store)
            if change == Difference((), ()):
                # A writer may have died between publishing and these.
                _point(milvus, former)
                tidy(milvus, writer, former)
                return Shared(former)
            removed = [] if change is None else _removed(store, change.gone)
        except (ArchiveDamagedError, ArchiveMismatchError):
            change = None
        finally:
            store.close()
    manifest = files[MANIFEST].read().decode("utf-8")
    if former is None or change is None:
        number, built = (1, 1) if former is None else (former.number + 1, former.built + 1)
        generation = Generation(number, built, name, ranks(milvus, name), manifest)
        everything = Difference((), tuple(archive.store.article_ids()))
        _create(archive, milvus, generation)
        _write(archive, milvus, generation, everything.new)
        for table in VECTORS:
            flush(milvus, generation.collection(table))
        _see(milvus, generation)
        _commit(archive, files, writer, generation, everything, new=True)
        shared = Shared(generation, len(everything.new), 0, True)
    else:
        generation = Generation(former.number + 1, former.built, name, former.ranked, manifest)
        _write(archive, milvus, generation, change.new)
        for table, ids in zip(VECTORS, removed, strict=True):
            _end(milvus, generation.collection(table), ids, generation.number, _fields(generation, table))
        _see(milvus, generation)
        _commit(archive, files, writer, generation, change)
        shared = Shared(generation, len(change.new), len(change.gone))
    _point(milvus, generation)
    tidy(milvus, writer, generation)
    return shared


def _removed(store: SharedStore, article_ids: Sequence[str]) -> list[list[int]]:
    """The ids of the passages and of the sentences of `article_ids`."""
    passages = store.passage_ids(article_ids)
    return [passages, [sentence.id for sentence in store.sentences(passages)]]


def _fields(generation: Generation, table: str) -> tuple[Field, ...]:
    """The fields of the collection of `table`."""
    return (*FIELDS, Field("terms", "terms")) if generation.ranked and table == VECTORS[0] else FIELDS


def _create(archive: LocalArchive, milvus: Milvus, generation: Generation) -> None:
    for table in VECTORS:
        name, manifest = generation.collection(table), archive.manifest
        create(
            milvus, name, manifest.model.dimension, _fields(generation, table), graph=grown(getattr(manifest, table))
        )


def _write(archive: LocalArchive, milvus: Milvus, generation: Generation, ids: Sequence[str]) -> None:
    """Write the vectors of the articles `ids`."""
    for group in grouped(ids):
        for table, rows in vector_rows(archive, group, generation.number, ranked=generation.ranked).items():
            milvus.upsert(generation.collection(table), rows)


def _see(milvus: Milvus, generation: Generation) -> None:
    """Wait until all that was written can be seen: a strong read waits for it."""
    for table in VECTORS:
        milvus.count(generation.collection(table), f"since == {generation.number}")


def _point(milvus: Milvus, generation: Generation) -> None:
    """Have the aliases name the collections of `generation`."""
    for table in VECTORS:
        point(milvus, f"{generation.name}_{table}", generation.collection(table))


def _end(milvus: Milvus, name: str, ids: Sequence[int], until: int, fields: Sequence[Field]) -> None:
    """Have the rows `ids` count no longer from the generation `until` on."""
    rows = milvus.rows(name, ids, ["vector", *(field.name for field in fields)], strong=True)
    ended: list[Row] = [{**row, "until": until} for row in rows.values()]
    milvus.upsert(name, ended)


def _commit(
    archive: LocalArchive,
    files: Mapping[str, BinaryIO],
    writer: Writer,
    generation: Generation,
    change: Difference,
    *,
    new: bool = False,
) -> None:
    """Write the texts and say which generation answers, at once."""
    schema, number = schema_of(generation.built), generation.number
    with writer.whole():
        if new:
            writer.rows(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
            for statement in statements(generation.built):
                writer.rows(statement)
            # Sent again as well: what stands there under these sums may have been altered.
            writer.rows(f"DELETE FROM {POINTERS}.files WHERE sha256 = ANY(?)", [[*generation.files().values()]])
        _end_texts(writer, schema, change.gone, number)
        if generation.ranked:
            _count(archive, writer, generation, change)
        for table, columns in COLUMNS.items():
            if table == "frequencies" or (table == "termed" and not generation.ranked):
                continue
            rows = ((*row, number, OPEN) for row in stored_rows(archive, table, change.new))
            writer.copy(f"{schema}.all_{table}", (*columns, "since", "until"), rows)
        held = {digest for (digest,) in writer.rows(f"SELECT DISTINCT sha256 FROM {POINTERS}.files")}
        for name, digest in generation.files().items():
            if digest not in held:
                rows = ((digest, part, content) for part, content in parts(files[name]))
                writer.copy(f"{POINTERS}.files", ("sha256", "part", "content"), rows)
                held.add(digest)
        writer.rows(
            f"INSERT INTO {POINTERS}.generations (number, built, ranked, manifest) VALUES (?, ?, ?, ?)",
            [number, generation.built, generation.ranked, generation.manifest],
        )


def _end_texts(writer: Writer, schema: str, article_ids: Sequence[str], until: int) -> None:
    of_passages = f"passage_id IN (SELECT id FROM {schema}.all_passages WHERE article_id = ANY(?) AND until = {OPEN})"
    for table, condition in (
        ("sentences", of_passages),
        ("termed", of_passages),
        ("passages", "article_id = ANY(?)"),
        ("direct_quotes", "article_id = ANY(?)"),
        ("articles", "id = ANY(?)"),
    ):
        writer.rows(
            f"UPDATE {schema}.all_{table} SET until = {until} WHERE {condition} AND until = {OPEN}", [list(article_ids)]
        )


def _count(archive: LocalArchive, writer: Writer, generation: Generation, change: Difference) -> None:
    """Count anew how many passages hold the terms of what comes and goes. Called while what goes is marked already."""
    schema, number = schema_of(generation.built), generation.number
    counts = frequencies(archive, change.new)
    for (lines,) in writer.rows(f"SELECT lines FROM {schema}.all_termed WHERE until = ?", [number]):
        terms = lines.split()
        counts.subtract(set(terms))
        counts[""] -= len(terms)
    changed = [term for term, count in counts.items() if count]
    held: dict[str, int] = dict(
        writer.rows(
            f"UPDATE {schema}.all_frequencies SET until = {number} WHERE term = ANY(?) AND until = {OPEN} "
            "RETURNING term, holders",
            [changed],
        )
    )
    rows = ((term, held.get(term, 0) + counts[term], number, OPEN) for term in changed)
    writer.copy(f"{schema}.all_frequencies", ("term", "holders", "since", "until"), rows)
