"""Whether an engine and a database hold what they should: all texts, all counts, and of the vectors a sample."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from index.errors import SHARE_ANEW, ArchiveError
from index.schema import VECTORS
from index.settings import Place
from index.shared.archive import SharedArchive
from index.shared.collections import pointed
from index.shared.tags import living
from index.verify import LENGTH, Damage, text_problems

_SAMPLE = 1_000
"""Vectors of each table that are looked at, taken at equal distances."""


def problems(place: Place) -> Iterator[Damage]:
    """Everything that is wrong with the archive in the engine and the database of `place`.

    Raises:
        ArchiveError: there is none, or it cannot be reached.
    """
    archive = SharedArchive.opened(place)
    try:
        for what in itertools.chain(_text_problems(archive), _vector_problems(archive)):
            yield Damage(what, SHARE_ANEW)
    except ArchiveError as error:
        yield Damage(str(error), error.hint)


def _text_problems(archive: SharedArchive) -> Iterator[str]:
    counts = archive.store.counts()
    for table in counts:
        expected = getattr(archive.manifest, table)
        if counts[table] != expected:
            yield f"the database has {counts[table]} {table.replace('_', ' ')}, not {expected}"
    yield from text_problems(archive.store, archive.manifest)


def _vector_problems(archive: SharedArchive) -> Iterator[str]:
    for table, index in zip(VECTORS, (archive.passages, archive.sentences), strict=True):
        name, expected = archive.published.collection(table), getattr(archive.manifest, table)
        found = archive.milvus.count(name, living(archive.generation))
        if found != expected:
            yield f"the engine has {found} vectors of {table}, not {expected}"
        alias = f"{archive.published.name}_{table}"
        if pointed(archive.milvus, alias) != name:
            yield f"the engine's alias {alias} does not name {name}"
        ids = archive.store.vector_owners(table)
        sample = sorted(ids)[:: max(1, len(ids) // _SAMPLE)]
        if [ids[i] for i in sample] != index.owners_of(sample):
            yield f"the engine's vectors of {table} belong to others than the database says"
        lengths = np.linalg.norm(index.vectors_of(sample), axis=1)
        for i in np.array(sample)[np.abs(lengths - 1) > LENGTH].tolist():
            yield f"the vector of {table} {i} is not of length 1"
