"""Mending an archive out of its own database, without its sources and without a model."""

from __future__ import annotations

import shutil
from pathlib import Path

from index.errors import REBUILD, ArchiveDamagedError, ArchiveMismatchError
from index.generation import write_indexes
from index.manifest import DATABASE, Manifest, checksum
from index.passages import PASSAGE_SIZE
from index.publish import building_folder, current_generation, newest_generation, publish, writer_lock
from index.store import Store


def rebuild(archive: Path) -> Manifest:
    """Derive the indexes of `archive` again from the texts and vectors in its database, and publish them.

    Where the archive does not say which generation answers, the newest one is taken.

    Raises:
        ArchiveMissingError: there is no archive.
        ArchiveDamagedError: the database is missing or altered, or the manifest cannot be read.
        ArchiveMismatchError: it was made by another version of the program.
    """
    try:
        current_generation(archive)
    except ArchiveDamagedError:
        newest_generation(archive)  # before a lock is made in a folder that is no archive
    with writer_lock(archive):
        try:
            former = current_generation(archive)
        except ArchiveDamagedError:
            former = newest_generation(archive)
        manifest = Manifest.read(former)
        if manifest.passage_size != PASSAGE_SIZE:
            raise ArchiveMismatchError(f"the archive has passages of {manifest.passage_size} characters", REBUILD)
        with building_folder(archive) as folder:
            try:
                shutil.copyfile(former / DATABASE, folder / DATABASE)
            except FileNotFoundError as error:
                raise ArchiveDamagedError(f"the archive's file {DATABASE} is missing", REBUILD) from error
            if checksum(folder / DATABASE) != manifest.files.get(DATABASE):
                raise ArchiveDamagedError(
                    f"the archive's file {DATABASE} was altered, nothing can be derived from it", REBUILD
                )
            store = Store.copied(folder / DATABASE)
            made = write_indexes(folder, store, list(store.articles()), None, manifest.index_id, manifest.model)
            publish(archive, folder, manifest.index_id)
    return made
