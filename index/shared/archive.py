"""A shared archive, opened: everything a question needs, read from its engine and its database."""

from __future__ import annotations

import functools
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from index.archive import Archive, read_nonsense
from index.candidates import ReadCandidates
from index.encoder import Encoder, open_encoder
from index.errors import SHARE, ArchiveDamagedError, ArchiveMismatchError, ArchiveMissingError
from index.manifest import TERMS
from index.records import Article
from index.schema import VECTORS
from index.settings import Place
from index.shared.collections import dimension_of
from index.shared.database import Database, Silence
from index.shared.engine import Milvus
from index.shared.generations import Generation, fetch, newest
from index.shared.ranked import RankedTerms
from index.shared.settings import Reach
from index.shared.texts import SharedStore, told_to_readers
from index.shared.vectors import MilvusIndex
from index.shelf import Shelf
from index.terms import TantivyIndex

_GLANCE = 1.0
"""Seconds that looking for a newer generation may take: whoever asks has one that answers."""


class SharedArchive(Archive):
    """A generation that any number of machines read. Of files it keeps a few megabytes, in a folder of its own.

    Attributes:
        published: what the database says of it.
        milvus: the engine.
    """

    store: SharedStore
    passages: MilvusIndex
    sentences: MilvusIndex

    def __init__(
        self, place: Place, generation: Generation, folder: Path, open_model: Callable[[str], Encoder]
    ) -> None:
        with told_to_readers():
            super().__init__(place, folder, generation.number, open_model)
            # Read now: of old temporary files the system may clear away any.
            self.nonsense = read_nonsense(folder)
        assert place.engine is not None
        assert place.database is not None
        reach = Reach.from_environment()
        silence = Silence()
        self._pointers = Database(place.database, min(_GLANCE, reach.patience), silence=silence)
        self.published = generation
        reading = Database(place.database, reach.patience, (generation.built, generation.number), silence)
        self.store = SharedStore(reading)
        self.milvus = milvus = Milvus(place.engine, reach, reach.patience)
        for table in VECTORS:
            _check(milvus, generation.collection(table), self.manifest.model.dimension)
        self.passages, self.sentences = (
            MilvusIndex(milvus, generation.collection(table), generation.number) for table in VECTORS
        )
        if generation.ranked:
            name, count = generation.collection(VECTORS[0]), self.manifest.passages
            self.terms = RankedTerms(milvus, name, reading, generation.number, count)
        else:
            with told_to_readers():
                self.terms = _FetchedTerms.open(folder / TERMS)
        self.candidates = ReadCandidates(self.store, self.terms)

    @classmethod
    def opened(cls, place: Place, open_model: Callable[[str], Encoder] = open_encoder) -> SharedArchive:
        """The archive at `place` as it stands now.

        Raises:
            ArchiveMissingError: nothing was ever published there.
            ArchiveError: it is damaged, of another version of the program, or cannot be reached.
        """
        assert place.database is not None
        pointers = Database(place.database, Reach.from_environment().patience)
        generation = _published(pointers, place)
        while True:
            folder = Path(tempfile.mkdtemp(prefix="virgolettato-shared-"))
            try:
                fetch(pointers.rows, generation, folder)
                archive = cls(place, generation, folder, open_model)
            except BaseException as error:
                shutil.rmtree(folder, ignore_errors=True)
                # A writer that published twice meanwhile has removed what was being opened: take the newest.
                newer = _published(pointers, place) if isinstance(error, ArchiveDamagedError) else generation
                if newer == generation:
                    raise
                generation = newer
            else:
                weakref.finalize(archive, shutil.rmtree, folder, ignore_errors=True)
                return archive

    @functools.cached_property
    def shelf(self) -> Shelf:
        """See :class:`Archive`."""
        return _SharedShelf(self.store)

    @functools.cached_property
    def _encoder(self) -> Encoder:
        with told_to_readers():
            return super()._encoder

    def probe(self) -> None:
        """See :class:`Archive`."""
        super().probe()
        for table in VECTORS:
            self.milvus.load(self.published.collection(table))

    def is_newest(self) -> bool:
        """See :class:`Archive`."""
        return _published(self._pointers, self.place).number == self.generation


class _SharedShelf(Shelf):
    def articles(self, ids: Iterable[str]) -> dict[str, Article]:
        """See :class:`Shelf`."""
        with told_to_readers():
            return super().articles(ids)


class _FetchedTerms(TantivyIndex):
    """A reader's copy of the writer's index."""

    def _found(self, any_key: Any, k: int) -> list[tuple[float, Any]]:
        with told_to_readers():
            return super()._found(any_key, k)


def _published(pointers: Database, place: Place) -> Generation:
    """The generation that answers.

    Raises:
        ArchiveMissingError: nothing was ever published there.
    """
    try:
        generation = newest(pointers.rows)
    except ArchiveDamagedError:
        generation = None
    if generation is None:
        raise ArchiveMissingError(f"there is no archive in {place}", SHARE)
    return generation


def _check(milvus: Milvus, collection: str, dimension: int) -> None:
    """Have `collection` in memory.

    Raises:
        ArchiveDamagedError: there is none.
        ArchiveMismatchError: its vectors are of another dimension.
    """
    found = dimension_of(milvus, collection)
    if found != dimension:
        raise ArchiveMismatchError(
            f"the engine's {collection} has vectors of {found} dimensions, the archive's model {dimension}", SHARE
        )
    milvus.load(collection)
