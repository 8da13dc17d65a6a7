"""``--export`` and ``python -m qa verify-export``."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from index.archive import Archive
from index.cli import DONE, FAILED
from index.records import Span
from index.settings import archive_path
from index.terminal import printable
from qa.exports import Excerpt, read_export, write_export
from qa.links import source_link
from qa.messages import message
from qa.quotations import Quotation, speech_within, who_says
from qa.records import Answer, Quote


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


def export_answer(path: Path, answer: Answer) -> None:
    """Write the citations of `answer`; where nothing was found the nearest passages, marked as such."""
    excerpts = []
    for citation in answer.citations or answer.nearest:
        speaker, carrier = who_says(citation.speech)
        known = {"speaker": speaker, "reported_by": carrier, "link": source_link(citation.quote)}
        known["kind"] = "quote" if answer.citations else "nearest"
        known["also_in"] = "; ".join(f"{q.article.source_file} [{q.span.start}:{q.span.end}]" for q in citation.also_in)
        question = answer.question.text
        excerpts.append(Excerpt.of(citation.number, citation.quote, answer.index_id, question=question, **known))
    heading = None
    if answer.reason is not None:
        language = answer.question.language
        told = ["not_found", f"reason_{answer.reason}", *(["nearest"] if answer.nearest else [])]
        heading = " ".join(message(name, language) for name in told)
    _export(path, excerpts, heading)


def export_quotations(path: Path, text: str | None, found: Sequence[Quotation], archive: Archive) -> None:
    """Write direct speech that was asked for by `text`."""
    excerpts = []
    for number, quotation in enumerate(found, start=1):
        quote, speech = Quote(quotation.article, quotation.speech.span), quotation.speech
        known = {"speaker": speech.speaker, "reported_by": speech.reported_by, "link": source_link(quote)}
        excerpts.append(Excerpt.of(number, quote, archive.manifest.index_id, question=text, **known))
    _export(path, excerpts)


def _export(path: Path, excerpts: Sequence[Excerpt], heading: str | None = None) -> None:
    write_export(path, excerpts, heading)
    print(f"{path}: {len(excerpts)} quotations", file=sys.stderr)


def verify_export(given: argparse.Namespace) -> int:
    """Check each quotation of a file and print those that do not stand; returns 0 where all stand, else 1."""
    excerpts = read_export(given.file)
    archive = Archive.open(archive_path(given.archive))
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
        print(json.dumps({"archive_id": archive.manifest.index_id, "quotations": rows}, ensure_ascii=False))
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
    if not archive.store.article_ids("id = ?", [excerpt.article_id]):
        others = archive.store.article_ids("source_file = ?", [excerpt.file])
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
