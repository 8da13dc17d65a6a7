"""An opened archive: one generation, whole, for reading."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from index.encoder import Encoder, open_encoder, require_same
from index.errors import REDERIVE, ArchiveDamagedError, ArchiveError, ArchiveMissingError
from index.floor import read_invented
from index.manifest import INVENTED, TERMS, Manifest, Segment, checksums, mend_of
from index.publish import current_generation
from index.schema import VECTORS
from index.selection import Selection
from index.shelf import Shelf
from index.speech import Speaker, join
from index.store import Store
from index.terms import TantivyIndex, TermIndex
from index.vectors import FaissIndex, Mask, SegmentVectors

_CHECKED_BYTES = 64_000_000
"""An archive up to this size is checked byte by byte at each opening (a tenth of a second); a larger one by its
files' sizes only, and in full by ``python -m index verify``."""

_SELECTIONS = 32
"""Selections kept; each takes a byte for every vector."""


class Archive:
    """One generation of an archive, read-only and thread-safe; it never changes while it is open.

    Attributes:
        path: the archive's folder, as given.
        manifest: what it was made with.
        store: articles, passages and sentences.
        passages: the passages' vectors, under the store's passage ids.
        sentences: the sentences' vectors, under the store's sentence ids.
        terms: the full-text index of the passages.
        nonsense: the mean vector of the questions about nothing, by language; see :mod:`index.floor`.
        shelf: what questions read of it, kept in memory.
        chosen: which of the passages' and which of the sentences' vectors a selection lets through; kept in memory.
    """

    def __init__(self, path: Path, folder: Path, open_model: Callable[[str], Encoder]) -> None:
        self.path = path
        self.folder = folder
        self.manifest = Manifest.read(folder)
        _check_files(folder, self.manifest)
        segments = self.manifest.segments
        self.store = Store([(folder / segment.name, segment.removed) for segment in segments])
        vectors = open_vectors(folder, segments, self.store)
        self.passages, self.sentences = (vectors[table] for table in VECTORS)
        self.terms: TermIndex = TantivyIndex.open(folder / TERMS)
        # Whatever is read of a file is opened now: a while later the folder may be gone.
        invented = read_invented(folder / INVENTED)
        self.nonsense = {language: np.asarray(vectors.mean(axis=0)) for language, vectors in invented.items()}
        self.shelf = Shelf(self.store, self.terms)
        # No method of its own: an archive that a newer one has replaced is to be gone at once, not with the next cycle.
        choose = functools.partial(_chosen, self.store, self.passages, self.sentences)
        self.chosen: Callable[[Selection], tuple[Mask, Mask]] = functools.lru_cache(maxsize=_SELECTIONS)(choose)
        self._open_model = open_model
        self._opening = threading.Lock()

    @classmethod
    def open(cls, path: Path, open_model: Callable[[str], Encoder] = open_encoder) -> Archive:
        """The archive at `path` as it stands now; its model is opened when the first question needs it.

        Raises:
            ArchiveError: it is missing, damaged, or of another version of the program.
        """
        folder = current_generation(path)
        while True:
            try:
                return cls(path, folder, open_model)
            except ArchiveDamagedError:
                # A writer that published twice meanwhile has removed what was being opened: take the newest.
                newest = current_generation(path)
                if newest == folder:
                    raise
                folder = newest

    @property
    def encoder(self) -> Encoder:
        """The model the archive was made with, opened once.

        Raises:
            ModelError: it cannot be opened here.
            ArchiveMismatchError: what opens under its name is another model.
        """
        with self._opening:
            return self._encoder

    @functools.cached_property
    def _encoder(self) -> Encoder:
        encoder = self._open_model(self.manifest.model.name)
        require_same(self.manifest.model, encoder)
        return encoder

    @functools.cached_property
    def speakers(self) -> list[Speaker]:
        """Who speaks in it, spelling variants joined, by name."""
        return join(self.store.speakers())

    @functools.cached_property
    def speaker_names(self) -> dict[str, str]:
        """Each spelling of a speaker's name with the one he or she goes by."""
        return {form: speaker.name for speaker in self.speakers for form in speaker.forms}

    def is_current(self) -> bool:
        """Whether no newer generation has been published."""
        try:
            return current_generation(self.path) == self.folder
        except (ArchiveMissingError, ArchiveDamagedError):
            return True


def _chosen(store: Store, passages: FaissIndex, sentences: FaissIndex, selection: Selection) -> tuple[Mask, Mask]:
    chosen = np.isin(passages.owners, store.article_numbers(selection))
    if selection.speakers is not None:
        chosen &= np.isin(passages.ids, store.passages_spoken_in(selection.speakers))
    return chosen, np.isin(sentences.owners, passages.ids[chosen])


def open_vectors(folder: Path, segments: Sequence[Segment], store: Store) -> dict[str, FaissIndex]:
    """The vectors of a generation's `segments`, by table, without those of what was removed since; `store` is its own.

    Raises:
        ArchiveDamagedError: a file is missing or is not what its name says.
    """
    passages, sentences = [], []
    for segment, gone in zip(segments, store.removed_numbers(), strict=True):
        passages.append(SegmentVectors.open(folder / segment.name, VECTORS[0], gone))
        dead = () if passages[-1].alive is None else passages[-1].ids[~passages[-1].alive]
        sentences.append(SegmentVectors.open(folder / segment.name, VECTORS[1], dead))
    return dict(zip(VECTORS, (FaissIndex(passages), FaissIndex(sentences)), strict=True))


def _check_files(folder: Path, manifest: Manifest) -> None:
    try:
        for name, (size, _) in manifest.files.items():
            path = folder / name
            if not path.is_file():
                raise ArchiveDamagedError(f"the archive's file {name} is missing", mend_of(name))
            if path.stat().st_size != size:
                raise ArchiveDamagedError(
                    f"the archive's file {name} has {path.stat().st_size} bytes, not {size}", mend_of(name)
                )
        whole = sum(size for size, _ in manifest.files.values()) <= _CHECKED_BYTES
        found = checksums(folder) if whole else manifest.files
    except FileNotFoundError as error:
        raise ArchiveDamagedError("a file of the archive has gone", REDERIVE) from error
    except OSError as error:
        # Not damaged: a build would leave out what it cannot read again.
        raise ArchiveError(f"the archive cannot be read ({error})", "check its permissions and the disk") from error
    for name, expected in manifest.files.items():
        if found.get(name) != expected:
            raise ArchiveDamagedError(f"the archive's file {name} was altered", mend_of(name))
