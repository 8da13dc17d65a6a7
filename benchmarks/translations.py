"""Sentences that are translations of each other: ``python -m benchmarks.translations FOLDER``.

FOLDER holds the same articles in ``it/`` and ``en/``, a sentence a line, under the same file names. The articles of one
language become an archive; every line of the other one is put to it as a question. Counted is how often the sentence
that scores highest lies in the line's own translation (P@1), and how often that is in the first quote.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import add_json, tell
from index.archive import Archive
from index.build import build
from index.records import Span
from qa.answer import read_question
from qa.evidence import find_evidence
from qa.records import Filters, Language
from qa.retrieve import retrieve


def main() -> None:
    """Measure both directions, print a table, and write the figures as JSON where asked."""
    parser = argparse.ArgumentParser(description="Find sentences by their translations.")
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--model", default="bundled")
    add_json(parser)
    given = parser.parse_args()
    figures: dict[str, float] = {}
    for question, text in ((Language.ENGLISH, Language.ITALIAN), (Language.ITALIAN, Language.ENGLISH)):
        with tempfile.TemporaryDirectory() as folder:
            build(Path(folder), [given.folder / text], given.model)
            count, first, quoted = measure(Archive.open(Path(folder)), given.folder / question, question)
        asked = f"{question}→{text}"
        figures |= {
            f"{asked}, sentences": count,
            f"{asked}, P@1": round(first / count, 3),
            f"{asked}, in the first quote": round(quoted / count, 3),
        }
    tell(figures, given.json)


def measure(archive: Archive, folder: Path, language: Language) -> tuple[int, int, int]:
    """How many lines of the files in `folder` were asked, found first, and quoted first."""
    count = first = quoted = 0
    for article in archive.store.articles():
        lines = (folder / article.source_file).read_text(encoding="utf-8").rstrip("\n").split("\n")
        for line, place in zip(lines, _lines(article.text), strict=True):
            question = read_question(line, language)
            vector = archive.encoder.encode_questions([question.searched])[0]
            found = retrieve(archive, question, vector, Filters())
            _, where, best = max(
                (
                    (hit.sentence_weights[sentence.id], hit.article_id, sentence.span)
                    for hit in found.hits
                    for sentence in found.sentences[hit.passage_id]
                ),
                key=lambda row: row[0],
            )
            quote = find_evidence(found, 1)[0]
            count += 1
            first += where == article.id and best.overlaps(place)
            quoted += quote.hit.article_id == article.id and quote.span.overlaps(place)
    return count, first, quoted


def _lines(text: str) -> Iterator[Span]:
    at = 0
    for line in text.rstrip("\n").split("\n"):
        yield Span(at, at + len(line))
        at += len(line) + 1


if __name__ == "__main__":
    main()
