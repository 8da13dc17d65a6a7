"""Writing a generation: the segments that stay as they are, the one that is new, and the terms of them all."""

from __future__ import annotations

import contextlib
import datetime
import itertools
import os
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from index.archive import LocalArchive, open_vectors
from index.arranging import Arrangement
from index.encoder import Encoder
from index.entries import Embedder, embedding_here, entries, passages_of
from index.floor import encode_invented, measure_floor, read_invented, write_invented
from index.identity import Identity
from index.manifest import (
    INVENTED,
    SCHEMA,
    SUMS,
    TERMS,
    Given,
    Manifest,
    Segment,
    checksums,
    digest_of,
    index_id,
    is_source,
)
from index.numbered import NumbersFile
from index.passages import PASSAGE_SIZE
from index.progress import Bars
from index.segment import rederive, segment_writer
from index.segmented import MOST_SEGMENTS, SegmentStore
from index.termed import termed_passages
from index.terms import TantivyIndex, TermedPassage, TermIndex

_SMALL = 2_000
"""Passages up to which a segment is written again together with what is new: a fraction of a second."""
_GROWTH = 2
"""A segment has at least so many times the passages of all newer ones, or it is written together with them: an archive
of ten million passages has at most nine, and no passage is written more than some twenty times."""
_STALE = 4
"""One article of so many removed, and a segment is written again without them."""


def write_generation(
    folder: Path,
    former: LocalArchive | None,
    arrangement: Arrangement,
    open_model: Callable[[], Encoder],
    identity: Identity,
    bars: Bars,
    *,
    embed: Embedder | None = None,
    compact: bool = False,
) -> Manifest:
    """Write into the empty `folder` what `former` holds, changed by `arrangement`; `compact`, in one segment.

    Articles are embedded by `embed`, or else here by the model.
    """
    changed = arrangement.changed
    drafts = {article.id: passages_of(article) for article in changed}
    segments = [] if former is None else _without(former, arrangement.replaced)
    kept = 0 if compact else _kept(segments, sum(map(len, drafts.values())))
    name = f"{max((int(segment.name) for segment in segments), default=0) + 1:06d}"
    (folder / name).mkdir()
    given = Given() if former is None else former.manifest.given
    with segment_writer(folder / name, identity.dimension, given) as writer:
        for segment in segments[kept:]:
            assert former is not None
            writer.take(former.folder / segment.name, segment.removed)
        embed = embed or embedding_here(open_model, identity.precision)
        for entry, vectors in entries(former, arrangement, changed, drafts, embed, bars):
            writer.add(entry, vectors)
        writer.count(arrangement.repeats)
    segments = [*segments[:kept], Segment(name, writer.articles, writer.passages)]
    shared = {}
    if former is None:
        write_invented(folder / INVENTED, encode_invented(open_model()))
    else:
        shared = _shared(folder, former, {segment.name for segment in segments[:kept]}, terms=kept > 0)
    passages = _termed(folder, segments[-1], None if former is None else former.terms)
    if former is None or not kept:
        (folder / TERMS).mkdir()
        TantivyIndex.build(folder / TERMS, passages)
    else:
        new = (passage for passage in passages if passage.article_id in drafts)
        TantivyIndex.changed(folder / TERMS, sorted(arrangement.replaced), new)
    store = _store(folder, segments)
    digest = 0 if former is None else int(former.manifest.digest, 16) - digest_of(arrangement.before.values())
    digest += digest_of(arrangement.after.values())
    return _finished(folder, segments, store, digest, writer.given, identity, shared)


def write_rederived(folder: Path, former: Path, manifest: Manifest) -> Manifest:
    """Write into the empty `folder` what the generation `former` holds; all but texts and vectors is made anew.

    Raises:
        FileNotFoundError: some of these are missing.
    """
    sources = [name for name in manifest.files if is_source(name)]
    for segment in manifest.segments:
        (folder / segment.name).mkdir()
    for name in sources:
        _share(former / name, folder / name)
    for segment in manifest.segments:
        rederive(folder / segment.name)
    (folder / TERMS).mkdir()
    TantivyIndex.build(
        folder / TERMS, itertools.chain.from_iterable(_termed(folder, segment) for segment in manifest.segments)
    )
    store = _store(folder, manifest.segments)
    shared = {name: manifest.files[name] for name in sources}
    digest = int(manifest.digest, 16)
    return _finished(folder, manifest.segments, store, digest, manifest.given, manifest.model, shared)


def _termed(folder: Path, segment: Segment, former: TermIndex | None = None) -> Iterator[TermedPassage]:
    """The living passages of the `segment` in `folder`; the terms of all of them are written there on the way."""
    removed = frozenset(segment.removed)
    opened = contextlib.closing(SegmentStore([(folder / segment.name, ())]))
    with opened as store, NumbersFile(folder / segment.name) as file:
        for passage in termed_passages(store, former):
            file.append(passage.lines)
            if passage.article_id not in removed:
                yield passage


def _store(folder: Path, segments: Sequence[Segment]) -> SegmentStore:
    return SegmentStore([(folder / segment.name, segment.removed) for segment in segments])


def _finished(
    folder: Path,
    segments: Sequence[Segment],
    store: SegmentStore,
    digest: int,
    given: Given,
    identity: Identity,
    shared: Mapping[str, tuple[int, str]],
) -> Manifest:
    """Write the manifest of what `folder` holds, and close `store`, which reads it; `shared` files are known."""
    vectors = open_vectors(folder, segments, store)
    manifest = Manifest(
        schema=SCHEMA,
        index_id=index_id(digest, identity),
        digest=f"{digest % SUMS:064x}",
        created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        model=identity,
        passage_size=PASSAGE_SIZE,
        articles=sum(segment.articles - len(segment.removed) for segment in segments),
        passages=vectors["passages"].living,
        sentences=vectors["sentences"].living,
        direct_quotes=store.quotations(),
        segments=tuple(segments),
        given=given,
        floors=measure_floor(read_invented(folder / INVENTED), vectors["sentences"]),
        files=checksums(folder, shared),
    )
    store.close()
    manifest.write(folder)
    return manifest


def _without(former: LocalArchive, replaced: Collection[str]) -> list[Segment]:
    """The segments of `former`, the articles `replaced` removed from them."""
    holding = former.store.held_by_segment(replaced)
    return [
        replace(segment, removed=tuple(sorted({*segment.removed, *held})))
        for segment, held in zip(former.manifest.segments, holding, strict=True)
    ]


def _kept(segments: Sequence[Segment], new: int) -> int:
    """How many of `segments` stay as they are when so many `new` passages come; the others are written together."""
    stale = [place for place, one in enumerate(segments) if _STALE * len(one.removed) > one.articles]
    kept = min(stale, default=len(segments))
    total = new + sum(segment.passages for segment in segments[kept:])
    while kept and (kept >= MOST_SEGMENTS or segments[kept - 1].passages < max(_SMALL, _GROWTH * total)):
        kept -= 1
        total += segments[kept].passages
    return kept


def _shared(folder: Path, former: LocalArchive, names: Collection[str], *, terms: bool) -> dict[str, tuple[int, str]]:
    """Take over from `former` the segments `names`, its terms where wanted, and its questions about nothing.

    Returns sizes and checksums of the files that nothing will write over.
    """
    shared = {}
    folders = {*names, TERMS} if terms else {*names}
    for name in sorted(folders):
        (folder / name).mkdir()
    for name, known in former.manifest.files.items():
        parent, _, base = name.rpartition("/")
        if name != INVENTED and parent not in folders:
            continue
        if base in TantivyIndex.CHANGING:
            shutil.copyfile(former.folder / name, folder / name)
        else:
            _share(former.folder / name, folder / name)
            shared[name] = known
    return shared


def _share(file: Path, other: Path) -> None:
    """Have `file` in two places: as one, where the system can do that. No file of a generation is ever written to."""
    try:
        os.link(file, other)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copyfile(file, other)
