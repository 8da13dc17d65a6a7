"""Opening an archive wherever it is."""

from __future__ import annotations

from collections.abc import Callable

from index.archive import Archive
from index.encoder import Encoder, open_encoder
from index.settings import Place


def open_archive(place: Place, open_model: Callable[[str], Encoder] = open_encoder) -> Archive:
    """The archive at `place` as it stands now: from its engine and database where it has them, else from its folder.

    Raises:
        ArchiveError: it is missing, damaged, or of another version of the program, or it cannot be reached.
    """
    if place.engine is None:
        return Archive.open(place.path, open_model)
    from index.shared.archive import SharedArchive

    return SharedArchive.opened(place, open_model)
