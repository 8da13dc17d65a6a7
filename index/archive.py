"""An opened archive: one generation, whole, for reading."""

from __future__ import annotations

import contextlib
import functools
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.candidates import CandidateSource, MappedCandidates
from index.encoder import Encoder, open_encoder
from index.errors import REDERIVE, ArchiveDamagedError, ArchiveError, ArchiveUnreachableError
from index.filtering import Masks
from index.floor import read_invented
from index.identity import require_same
from index.manifest import INVENTED, TERMS, Manifest, Segment, checksums, mend_of
from index.publish import current_generation
from index.schema import VECTORS
from index.segmented import SegmentStore
from index.settings import Place
from index.shelf import Shelf
from index.speech import Speaker, by_word, join
from index.store import Store
from index.terms import TantivyIndex, TermIndex
from index.vectors import FaissIndex, VectorIndex, open_tables

_CHECKED_BYTES = 64_000_000
"""An archive up to this size is checked byte by byte at each opening (a tenth of a second); a larger one by its
files' sizes only, and in full by ``python -m index verify``."""


class Archive(ABC):
    """One generation of an archive, read-only and thread-safe; it never changes while it is open.

    Attributes:
        place: where it is.
        folder: where files of this generation are on this machine.
        generation: its number; a newer one has a greater one.
        manifest: what it was made with.
        store: articles, passages and sentences.
        passages: the passages' vectors, under the store's passage ids.
        sentences: the sentences' vectors, under the store's sentence ids.
        terms: the full-text index of the passages.
        candidates: what scoring needs of passages.
        nonsense: the mean vector of the questions about nothing, by language; see :mod:`index.floor`.
    """

    store: Store
    passages: VectorIndex
    sentences: VectorIndex
    terms: TermIndex
    candidates: CandidateSource
    nonsense: dict[str, NDArray[np.float32]]

    def __init__(self, place: Place, folder: Path, generation: int, open_model: Callable[[str], Encoder]) -> None:
        """Read the manifest in `folder`; whoever inherits opens the rest."""
        self.place = place
        self.folder = folder
        self.generation = generation
        self.manifest = Manifest.read(folder)
        self._open_model = open_model
        self._opening = threading.Lock()

    @staticmethod
    def open(path: Path, open_model: Callable[[str], Encoder] = open_encoder) -> LocalArchive:
        """The archive in the folder `path` as it stands now; its model is opened when the first question needs it.

        Raises:
            ArchiveError: it is missing, damaged, or of another version of the program.
        """
        folder = current_generation(path)
        while True:
            try:
                return LocalArchive(path, folder, open_model)
            except ArchiveDamagedError:
                # A writer that published twice meanwhile has removed what was being opened: take the newest.
                newest = current_generation(path)
                if newest == folder:
                    raise
                folder = newest

    @functools.cached_property
    def shelf(self) -> Shelf:
        """What questions read of it, kept in memory; the first ones, if they come at once, may each have their own."""
        return Shelf(self.store)

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
    def speakers_by_word(self) -> dict[str, list[tuple[Speaker, frozenset[str]]]]:
        """See :func:`index.speech.by_word`."""
        return by_word(self.speakers)

    @functools.cached_property
    def speaker_names(self) -> dict[str, str]:
        """Each spelling of a speaker's name with the one he or she goes by."""
        return {form: speaker.name for speaker in self.speakers for form in speaker.forms}

    def warm_up(self) -> None:
        """Do now what the first questions would wait for: open the model, and join the spellings of who speaks.

        Raises:
            ArchiveMismatchError: its model has changed.
            ModelError: the model cannot be opened.
        """
        self.encoder.encode_questions(["?"])
        # What cannot be read now is told by the question that needs it.
        with contextlib.suppress(ArchiveDamagedError, ArchiveUnreachableError):
            _ = self.speakers_by_word

    def is_current(self) -> bool:
        """Whether no newer generation has been published, as far as can be seen."""
        try:
            return self.is_newest()
        except ArchiveError:
            return True

    def probe(self) -> None:
        """Find out whether it can be asked.

        Raises:
            ArchiveError: it cannot.
        """
        self.store.ids_with("id", "")

    @abstractmethod
    def is_newest(self) -> bool:
        """Whether this is the generation that was published last.

        Raises:
            ArchiveError: it cannot be told.
        """


class LocalArchive(Archive):
    """A generation in a folder of this machine; `path` is the archive's folder, as given."""

    store: SegmentStore
    passages: FaissIndex
    sentences: FaissIndex

    def __init__(self, path: Path, folder: Path, open_model: Callable[[str], Encoder]) -> None:
        super().__init__(Place(path), folder, int(folder.name.partition("-")[0]), open_model)
        self.path = path
        _check_files(folder, self.manifest)
        # Whatever is read of a file is opened now: a while later the folder may be gone.
        self.nonsense = read_nonsense(folder)
        segments = self.manifest.segments
        self.store = SegmentStore([(folder / segment.name, segment.removed) for segment in segments])
        vectors = open_vectors(folder, segments, self.store)
        self.passages, self.sentences = (vectors[table] for table in VECTORS)
        self.terms = TantivyIndex.open(folder / TERMS)
        folders = [folder / segment.name for segment in segments]
        self.candidates = MappedCandidates(zip(folders, self.passages.segments, self.sentences.segments, strict=True))

    def is_newest(self) -> bool:
        """See :class:`Archive`."""
        return current_generation(self.path) == self.folder


def read_nonsense(folder: Path) -> dict[str, NDArray[np.float32]]:
    """See :attr:`Archive.nonsense`.

    Raises:
        ArchiveDamagedError: it is not in the generation's `folder`.
    """
    return {language: vectors.mean(axis=0) for language, vectors in read_invented(folder / INVENTED).items()}


def open_vectors(folder: Path, segments: Sequence[Segment], store: SegmentStore) -> dict[str, FaissIndex]:
    """The vectors of a generation's `segments`, by table, without those of what was removed since; `store` is its own.

    Raises:
        ArchiveDamagedError: a file is missing or is not what its name says.
    """
    opened = open_tables([(folder / segment.name, table) for table in VECTORS for segment in segments])
    parts = (opened[: len(segments)], opened[len(segments) :])
    for passages, sentences, gone in zip(*parts, store.removed_numbers(), strict=True):
        passages.remove(gone)
        if passages.alive is not None:
            sentences.remove(passages.ids[~passages.alive])
    masks = Masks(store, *parts)
    indexes = FaissIndex(parts[0], masks.of_passages), FaissIndex(parts[1], masks.of_sentences)
    return dict(zip(VECTORS, indexes, strict=True))


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
