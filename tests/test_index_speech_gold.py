"""Direct speech measured: the seeds' gold, exactly, and news articles annotated by hand, by thresholds."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from index.records import DirectQuote
from index.speech import extract
from index.speech.names import parts

SHARED = Path(__file__).parents[1].parent / "shared"
GOLD = SHARED / "gold" / "quotes_seeds.json"
BENCH = SHARED / "bench" / "ntrex-dev"
ANNOTATED = Path(__file__).parent / "data" / "speech_bench.jsonl"
ARTICLES = ("il", "lo", "la", "i", "gli", "le", "l", "un", "uno", "una", "the", "a", "an")


def read(path: Path) -> str:
    """The text of a file, its line ends as they are."""
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def plain(name: str | None) -> tuple[str, ...]:
    """A name for comparing: folded words without the article before them."""
    words = list(parts((name or "").replace("’", "' ").replace("'", "' ")))
    while words and words[0].strip("'") in ARTICLES:
        del words[0]
    return tuple(words)


def by_place(found: tuple[DirectQuote, ...]) -> dict[tuple[int, int], DirectQuote]:
    return {(quote.span.start, quote.span.end): quote for quote in found}


@pytest.fixture(scope="module")
def seeds() -> list[tuple[dict[str, Any], DirectQuote | None]]:
    """Each gold quotation of the seeds with the one found at its place, if any."""
    if not GOLD.exists():
        pytest.skip("the gold quotations (../shared/gold) are not here")
    gold = json.loads(GOLD.read_text(encoding="utf-8"))["quotes"]
    found = {
        name: by_place(extract(name, read(SHARED / "seeds" / name), "it")) for name in {row["file"] for row in gold}
    }
    extra = sum(map(len, found.values())) - len(gold)
    pairs = [(row, found[row["file"]].get((row["start"], row["end"]))) for row in gold]

    assert extra <= 0, "quotations that nobody says"
    return pairs


@pytest.mark.parametrize("field", ["span", "speaker", "carrier", "partial"])
def test_seeds(seeds: list[tuple[dict[str, Any], DirectQuote | None]], field: str) -> None:
    """All gold quotations of the seeds are found at their exact places, with the gold's speaker, carrier and kind."""
    wrong = []
    for row, quote in seeds:
        right = quote is not None and {
            "span": True,
            "speaker": quote.speaker == row["speaker"],
            "carrier": quote.reported_by == row["reported_by"],
            "partial": quote.partial == row["partial"],
        }
        if not right or not right[field]:
            wrong.append(row["id"])

    assert wrong == []


def test_interruption_in_the_seeds(seeds: list[tuple[dict[str, Any], DirectQuote | None]]) -> None:
    """The quotation that its attribution interrupts has the gold's segments; every other has one."""
    for row, quote in seeds:
        assert quote is not None
        expected = row.get("segments", [[row["start"], row["end"]]])
        assert [[segment.start, segment.end] for segment in quote.segments] == expected


@pytest.mark.parametrize(
    ("language", "part", "spans", "speakers", "carriers"),
    [
        ("it", "dev", 0.97, 0.90, 0.95),
        ("en", "dev", 0.97, 0.90, 0.95),
        ("it", "held", 0.95, 0.90, 0.95),
        ("en", "held", 0.95, 0.90, 0.95),
        ("it", "round1", 0.97, 0.90, 0.95),
        ("en", "round1", 0.95, 0.90, 0.95),
        ("it", "round2", 0.97, 0.90, 0.95),
        ("en", "round2", 0.95, 0.90, 0.95),
        ("it", "round3", 0.97, 0.90, 0.90),
        ("en", "round3", 0.97, 0.90, 0.95),
    ],
)
def test_annotated_articles(language: str, part: str, spans: float, speakers: float, carriers: float) -> None:
    """On articles annotated by hand: exact-span F1, speaker and carrier given the span are at least these."""
    if not BENCH.exists():
        pytest.skip("the news articles (../shared/bench) are not here")
    files: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in ANNOTATED.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["language"] == language and row["part"] == part:
            files[row["file"]].append(row)
    hits = found_all = gold_all = 0
    speaker_right: list[bool] = []
    carrier_right: list[bool] = []
    for name, rows in files.items():
        text = read(BENCH / language / name)
        found = by_place(extract(name, text, language))
        free = [(row["start"], row["end"]) for row in rows if row.get("optional")]
        gold = {(row["start"], row["end"]): row for row in rows if not row.get("optional")}
        counted = {place for place in found if not any(place[0] < end and start < place[1] for start, end in free)}
        hits += len(counted & gold.keys())
        found_all += len(counted)
        gold_all += len(gold)
        for place in counted & gold.keys():
            row, quote = gold[place], found[place]
            if not row.get("speaker_open"):
                named = text[slice(*row["speaker"])] if row.get("speaker") else None
                speaker_right.append(plain(quote.speaker) == plain(named))
            if not row.get("carrier_open"):
                carried = text[slice(*row["carrier"])] if row.get("carrier") else None
                carrier_right.append(plain(quote.reported_by) == plain(carried))

    assert 2 * hits / (found_all + gold_all) >= spans
    assert sum(speaker_right) / len(speaker_right) >= speakers
    assert sum(carrier_right) / len(carrier_right) >= carriers
