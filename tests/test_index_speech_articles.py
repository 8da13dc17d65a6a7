"""Direct speech in whole articles of our own, written in the manner of newsrooms and annotated before they were read.

In `data/speech/` each quotation is written ``⟦speaker<carrier~|words⟧`` inside its marks: ``~`` where it is part of the
reporter's sentence, ``*`` for a speaker where either reading is right, ``?`` where one of the two is open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from index.records import DirectQuote
from index.speech import extract
from tests.test_index_speech_gold import by_place, plain

ARTICLES = Path(__file__).parent / "data" / "speech"
_QUOTED = re.compile(r"⟦([^|⟧]*)\|([^⟧]*)⟧")


@dataclass(frozen=True, slots=True)
class Gold:
    """What a quotation was annotated with."""

    speaker: str
    carrier: str
    partial: bool


def annotated(language: str) -> Iterator[tuple[str, dict[tuple[int, int], Gold]]]:
    """Each article as its text and its quotations by their place."""
    for path in sorted(ARTICLES.glob(f"{language}-*.txt")):
        for article in re.split(r"^=== .*\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE):
            text, at, gold = "", 0, {}
            for found in _QUOTED.finditer(article):
                text += article[at : found.start()]
                speaker, _, carrier = found[1].rstrip("~").partition("<")
                place = (len(text), len(text) + len(found[2]))
                gold[place] = Gold(speaker, carrier, found[1].endswith("~"))
                text += found[2]
                at = found.end()
            if gold:
                yield text + article[at:], gold


@pytest.mark.parametrize(
    ("language", "spans", "speakers", "carriers", "partial"),
    [("it", 0.98, 0.93, 0.98, 0.97), ("en", 0.98, 0.93, 0.98, 0.97)],
)
def test_articles(language: str, spans: float, speakers: float, carriers: float, partial: float) -> None:
    """Exact-span F1, and speaker, carrier and kind given the span, are at least these."""
    hits = found_all = gold_all = 0
    pairs: list[tuple[Gold, DirectQuote]] = []
    for text, gold in annotated(language):
        free = [place for place, row in gold.items() if row.speaker == "*"]
        found = {
            place: quote
            for place, quote in by_place(extract("a", text, language)).items()
            if not any(place[0] < end and start < place[1] for start, end in free)
        }
        wanted = {place: row for place, row in gold.items() if place not in free}
        hits += len(found.keys() & wanted.keys())
        found_all += len(found)
        gold_all += len(wanted)
        pairs += [(wanted[place], found[place]) for place in found.keys() & wanted.keys()]
    named = [plain(quote.speaker) == plain(row.speaker) for row, quote in pairs if row.speaker != "?"]
    carried = [plain(quote.reported_by) == plain(row.carrier) for row, quote in pairs if row.carrier != "?"]
    kinds = [quote.partial == row.partial for row, quote in pairs]

    assert 2 * hits / (found_all + gold_all) >= spans
    assert sum(named) / len(named) >= speakers
    assert sum(carried) / len(carried) >= carriers
    assert sum(kinds) / len(kinds) >= partial


def test_a_long_chain_of_epithets_ends() -> None:
    """Speakers that are each named by an office only, hundreds in a row, are read without error."""
    text = "«Non so che cosa dire oggi», ha detto il tecnico. Il portiere ha parlato di «errori».\n" * 300
    found = extract("a", text, "it")

    assert len(found) == 600
    assert {quote.speaker for quote in found} == {"il tecnico", "Il portiere"}
