"""``--export`` and ``python -m qa verify-export``."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from index.archive import Archive
from index.opening import open_archive
from index.records import Span
from index.reporting import DONE, FAILED
from index.settings import place_of
from index.terminal import json_line, printable
from qa.excerpts import Excerpt
from qa.exports import read_export, write_export
from qa.quotations import speech_within, who_says


class Standing(StrEnum):
    """Whether an exported quotation is still what the archive holds."""

    STANDS = "stands"
    ARTICLE_MISSING = "article_missing"
    ARTICLE_CHANGED = "article_changed"
    HASH_DIFFERS = "hash_differs"
    TEXT_DIFFERS = "text_differs"
    SPEAKER_DIFFERS = "speaker_differs"
    CARRIER_DIFFERS = "carrier_differs"


_SAID = {
    Standing.ARTICLE_MISSING: "its article {article} ({file}) is not in the archive",
    Standing.ARTICLE_CHANGED: "the archive holds another version of {file}, {now}, instead of {article}",
    Standing.HASH_DIFFERS: "the SHA-256 given is not that of article {article}",
    Standing.TEXT_DIFFERS: "other words stand at [{start}:{end}] of {file}: «{found}»",
    Standing.SPEAKER_DIFFERS: "the file names «{speaker}» as the speaker, the archive «{says}»",
    Standing.CARRIER_DIFFERS: "the file names «{reported_by}» as the carrier, the archive «{carries}»",
}
_SHOWN = 200


def export(path: Path, excerpts: Sequence[Excerpt], heading: str | None = None) -> None:
    """Write `excerpts` to `path` under `heading`, and say so."""
    write_export(path, excerpts, heading)
    print(f"{printable(str(path))}: {len(excerpts)} quotations", file=sys.stderr)


def verify_export(given: argparse.Namespace) -> int:
    """Check each quotation of a file and print those that do not stand; returns 0 where all stand, else 1."""
    excerpts = read_export(given.file)
    archive = open_archive(place_of(given))
    checked = [(excerpt, *standing(archive, excerpt)) for excerpt in excerpts]
    if given.json:
        rows = [
            {
                "number": e.number,
                "article": e.article_id,
                "start": e.start,
                "end": e.end,
                "standing": s,
                "message": said,
            }
            for e, s, said in checked
        ]
        print(json_line({"archive_id": archive.manifest.index_id, "quotations": rows}))
    else:
        for excerpt, _, said in checked:
            if said:
                print(f"[{excerpt.number}] {printable(said)}")
        stand = sum(s is Standing.STANDS for _, s, _ in checked)
        print(f"{stand} of {len(checked)} quotations stand in archive {archive.manifest.index_id}")
    return DONE if all(s is Standing.STANDS for _, s, _ in checked) else FAILED


def standing(archive: Archive, excerpt: Excerpt) -> tuple[Standing, str]:
    """Whether `excerpt` stands in `archive`, its speaker and carrier too, and what to say where it does not.

    Raises:
        ArchiveDamagedError: the archive's text is not what its hash says.
    """
    now = found = ""
    says = carries = None
    if not archive.store.ids_with("id", excerpt.article_id):
        others = archive.store.ids_with("source_file", excerpt.file)
        kind, now = (Standing.ARTICLE_CHANGED, others[0]) if others else (Standing.ARTICLE_MISSING, "")
    else:
        article = archive.store.article(excerpt.article_id)
        placed = 0 <= excerpt.start < excerpt.end <= len(article.text)
        found = article.text[excerpt.start : excerpt.end] if placed else ""
        if article.sha256 != excerpt.sha256:
            kind = Standing.HASH_DIFFERS
        elif not placed or found != excerpt.text:
            kind = Standing.TEXT_DIFFERS
        else:
            span = Span(excerpt.start, excerpt.end)
            says, carries = who_says(speech_within(archive.store.direct_quotes([article.id]), span))
            if excerpt.speaker != (says or ""):
                kind = Standing.SPEAKER_DIFFERS
            elif excerpt.reported_by != (carries or ""):
                kind = Standing.CARRIER_DIFFERS
            else:
                return Standing.STANDS, ""
    values = dataclasses.asdict(excerpt) | {"article": excerpt.article_id, "now": now, "found": found[:_SHOWN]}
    values |= {"says": says or "", "carries": carries or ""}
    return kind, _SAID[kind].format(**values)
