"""Mending an archive out of its own texts and vectors, without its sources and without a model."""

from __future__ import annotations

from pathlib import Path

from index.errors import REBUILD, ArchiveDamagedError, ArchiveMismatchError
from index.generation import write_rederived
from index.manifest import DERIVABLE, Manifest, checksum, is_source
from index.passages import PASSAGE_SIZE
from index.publish import building_folder, current_generation, newest_generation, publish, writer_lock


def rebuild(archive: Path) -> Manifest:
    """Derive the indexes of `archive` again from its texts and vectors, and publish them.

    Where the archive does not say which generation answers, the newest one is taken. It may be of an earlier schema,
    from :data:`index.manifest.DERIVABLE` on.

    Raises:
        ArchiveMissingError: there is no archive.
        ArchiveDamagedError: a database or vectors are missing or altered, or the manifest cannot be read.
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
        manifest = Manifest.read(former, DERIVABLE)
        if manifest.passage_size != PASSAGE_SIZE:
            raise ArchiveMismatchError(f"the archive has passages of {manifest.passage_size} characters", REBUILD)
        for name in filter(is_source, manifest.files):
            if not (former / name).is_file():
                raise ArchiveDamagedError(f"the archive's file {name} is missing", REBUILD)
            if checksum(former / name) != manifest.files[name]:
                raise ArchiveDamagedError(
                    f"the archive's file {name} was altered, nothing can be derived from it", REBUILD
                )
        with building_folder(archive) as folder:
            made = write_rederived(folder, former, manifest)
            publish(archive, folder, made.index_id)
    return made
