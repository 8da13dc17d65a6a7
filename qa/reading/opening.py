"""An engine with the reader and the reranker that were asked for."""

from __future__ import annotations

import functools

from index.archive import Archive
from index.encoder import HASHING
from qa.answer import Engine
from qa.reading.records import BUNDLED, NONE, Reader


def open_engine(
    archive: Archive,
    reader: str | None = None,
    reranker: str | None = None,
    least: float | None = None,
    max_quoted: int | None = None,
) -> Engine:
    """The engine over `archive`; see :class:`qa.answer.Engine` for the last two and :func:`open_reader` for `reader`.

    Raises:
        ModelError: one of the models cannot be opened here.
    """
    opened = open_reader(reader, archive.manifest.model.name)
    if reranker is None:
        return Engine(archive, opened, None, least, max_quoted)
    from qa.reading.reranker import Reranker

    return Engine(archive, opened, Reranker(reranker), least, max_quoted)


@functools.cache
def open_reader(name: str | None, model: str) -> Reader | None:
    """The reader `name`: ``none``, ``bundled``, or a name or folder of a question-answering model; opened once.

    Args:
        name: None is the bundled one, but none for an archive made with ``hashing``, which is for machines too small
            for a model.
        model: the archive's embedding model.

    Raises:
        ModelError: it cannot be opened here.
    """
    name = name or (NONE if model == HASHING else BUNDLED)
    if name == NONE:
        return None
    if name == BUNDLED:
        from qa.reading.bundled import BundledReader

        return BundledReader()
    from qa.reading.named import NamedReader

    return NamedReader(name)
