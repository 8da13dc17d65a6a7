"""An archive in segments is the archive that would be built at once, and a change writes little of it."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from index import generation
from index.archive import Archive
from index.build import add, build, compact, remove
from index.candidates import ReadCandidates
from index.encoder import HASHING
from index.manifest import Segment
from index.mending import rebuild
from index.publish import current_generation
from index.segmented import MOST_SEGMENTS
from index.store import Store
from index.verify import verify
from qa.answer import Engine
from qa.records import Filters
from qa.render import answer_json
from tests.candidates import listed
from tests.conftest import Run

_WORDS = (
    "il ponte sul fiume sarà chiuso per tre mesi da lunedì e il traffico passerà per la statale tra i due paesi vicini "
    "come ha detto ieri sera in consiglio il sindaco mentre gli abitanti chiedono una passerella provvisoria e il "
    "museo resta aperto con orario ridotto fino alla fine dei lavori che costano tre milioni pagati dalla regione"
).split()
_QUESTIONS = (
    "Quanto costano i lavori del ponte?",
    "Chi ha parlato del museo di Rossi?",
    "Quando riapre la statale 7?",
    "Who spoke about the museum?",
)
_FILTERS = (Filters(), Filters(outlet="gazz"), Filters(since="2025-01-10"), Filters(speaker="Rossi"))


@pytest.fixture(autouse=True)
def in_many_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    """Segments of more than three passages are not written again with each change."""
    monkeypatch.setattr(generation, "_SMALL", 3)


def dump(path: Path, chance: random.Random, numbers: Iterable[int]) -> Path:
    """Articles of three outlets: some of one address, some near-copies, with lines that outlets repeat, and speech."""
    rows = []
    for number in numbers:
        chance.seed(number // 3 if number % 5 == 0 else 1000 + number)  # every fifth has near-copies
        paragraphs = [
            " ".join(chance.choices(_WORDS, k=30)).capitalize() + f" {number // 3 if number % 5 == 0 else number}."
            for _ in range(chance.randint(2, 4))
        ]
        speech = "«Il museo resta aperto per tutti», ha detto Mario Rossi." if number % 4 == 0 else "Il museo riapre."
        furniture = ["Seguici sui nostri canali", "Leggi la rubrica del sabato"][: number % 3]
        known = {
            "id": str(number),
            "text": "\n".join([*paragraphs, speech, *furniture]),
            "outlet": ("La Gazzetta", "Il Corriere", "Oggi")[number % 3],
            "published": f"2025-01-{number % 28 + 1:02}",
        }
        if number % 7 == 0:
            known["url"] = f"https://news.example/{number % 21}"
        rows.append(json.dumps(known))
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def told(path: Path) -> dict[str, Any]:
    """As :func:`told_by`, by the archive at `path`."""
    return told_by(Archive.open(path))


def told_by(archive: Archive) -> dict[str, Any]:
    """What an archive holds and answers, whatever its segments."""
    engine = Engine(archive)
    ids = [passage.id for passage in archive.store.passages()]
    lines = archive.terms.lines(ids)
    assert listed(archive.candidates.of(ids)) == listed(ReadCandidates(archive.store, archive.terms).of(ids))
    terms = sorted({term for passage in lines.values() for line in passage for term in line})
    answers = []
    for question in _QUESTIONS:
        for filters in _FILTERS:
            answer = answer_json(engine.ask(question, filters=filters))
            answer.pop("timings_ms")
            for citation in (*answer["citations"], *answer["nearest"]):
                # Its rank by BM25, whose statistics know of removed passages until their files are written again.
                citation["found_by"].pop("terms", None)
            answers.append(answer)
    return {
        "articles": list(archive.store.articles()),
        "passages": sorted((p.article_id, p.span, p.language, lines[p.id]) for p in archive.store.passages()),
        "speech": archive.store.direct_quotes(),
        "frequencies": [archive.terms.frequency(term) for term in terms],
        "counts": [archive.manifest.articles, archive.manifest.passages, archive.manifest.sentences],
        "floors": archive.manifest.floors,
        "index_id": archive.manifest.index_id,
        "answers": answers,
    }


@pytest.mark.parametrize("seed", range(3))
def test_a_segmented_archive_is_the_one_built_at_once(tmp_path: Path, seed: int) -> None:
    """Added in portions, some removed, some added again: texts, marks, counts and answers are those of one build."""
    chance = random.Random(seed)
    numbers = chance.sample(range(108), 108)
    bounds = [0, 60, 75, 87, 96, 102, 108]
    parts = [
        dump(tmp_path / f"{n}.jsonl", random.Random(), numbers[bounds[n] : bounds[n + 1]])
        for n in range(len(bounds) - 1)
    ]
    build(tmp_path / "archive", parts[:1], HASHING)
    for part in parts[1:]:
        add(tmp_path / "archive", [part])
        held = Archive.open(tmp_path / "archive").store.article_ids()
        remove(tmp_path / "archive", chance.sample(held, 2))
    add(tmp_path / "archive", parts[2:4])

    archive = Archive.open(tmp_path / "archive")
    assert len(archive.manifest.segments) > 1
    assert any(segment.removed for segment in archive.manifest.segments)
    kept = {article.source for article in archive.store.articles()}
    sources = []
    for part in parts:
        rows = part.read_text(encoding="utf-8").splitlines()
        left = [row for row in rows if (str(part), f"{part.name}#{json.loads(row)['id']}") in kept]
        part.write_text("\n".join(left) + "\n", encoding="utf-8")
        sources += [part] if left else []
    build(tmp_path / "other", sources, HASHING)
    assert verify(tmp_path / "archive") == []
    segmented, whole = told(tmp_path / "archive"), told(tmp_path / "other")
    for one in (segmented, whole):
        one["articles"] = [(a.id, a.exclusions, a.superseded_by, a.story, a.claims) for a in one["articles"]]
    assert segmented == whole


def test_a_build_over_an_archive_ends_where_a_new_one_does(tmp_path: Path) -> None:
    """Building other sources over an archive in segments leaves what building them anew does."""
    numbers = (range(8), range(8, 80), range(80, 100), range(100, 105))
    parts = [dump(tmp_path / f"{n}.jsonl", random.Random(), some) for n, some in enumerate(numbers)]
    build(tmp_path / "archive", parts[:2], HASHING)
    add(tmp_path / "archive", [parts[2]])

    build(tmp_path / "archive", parts[1:], HASHING)
    build(tmp_path / "other", parts[1:], HASHING)

    assert len(Archive.open(tmp_path / "archive").manifest.segments) > 1
    assert verify(tmp_path / "archive") == []
    assert told(tmp_path / "archive") == told(tmp_path / "other")


def test_what_stays_is_not_written_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Adding leaves former segments as they are, to the file, and reads none of their articles but those it touches."""
    build(tmp_path / "archive", [dump(tmp_path / "many.jsonl", random.Random(), range(60))], HASHING)
    before = current_generation(tmp_path / "archive")
    (tmp_path / "one.txt").write_text("Il porto riapre domani. Lo dice il prefetto.", encoding="utf-8")
    read = []
    articles_with = Store.articles_with
    monkeypatch.setattr(
        Store, "articles_with", lambda *given: (found := articles_with(*given), read.extend(found), found)[2]
    )
    monkeypatch.setattr(Store, "articles", lambda _: pytest.fail("all articles were read"))

    add(tmp_path / "archive", [tmp_path / "one.txt"])

    after = current_generation(tmp_path / "archive")
    assert after != before
    files = [path for path in (before / "000001").iterdir() if path.is_file()]
    assert len(files) == 10
    assert all((after / "000001" / path.name).samefile(path) for path in files)
    shared = [path for path in (before / "terms").iterdir() if path.suffix in (".idx", ".store", ".term")]
    assert shared
    assert all((after / "terms" / path.name).samefile(path) for path in shared)
    assert {article.source_file for article in read} == {"one.txt"}


def test_an_archive_that_is_open_needs_no_folder(tmp_path: Path) -> None:
    """Opened before its generation was removed, an archive says all that it would have said."""
    path = tmp_path / "archive"
    build(path, [dump(tmp_path / "many.jsonl", random.Random(), range(60))], HASHING)
    add(path, [dump(tmp_path / "some.jsonl", random.Random(), range(60, 70))])
    expected = told(path)
    opened = Archive.open(path)
    for place, numbers in enumerate((range(70, 73), range(73, 76))):
        add(path, [dump(tmp_path / f"later{place}.jsonl", random.Random(), numbers)])

    assert len(opened.manifest.segments) > 1
    assert not opened.folder.exists()
    assert told_by(opened) == expected


def test_a_published_generation_is_never_written_to(tmp_path: Path) -> None:
    """However an archive changes, every file of the generation before is the same to the byte."""
    build(tmp_path / "archive", [dump(tmp_path / "many.jsonl", random.Random(), range(60))], HASHING)
    (tmp_path / "one.txt").write_text("Il porto riapre domani. Lo dice il prefetto.", encoding="utf-8")
    changes = (
        lambda: add(tmp_path / "archive", [tmp_path / "one.txt"]),
        lambda: remove(tmp_path / "archive", Archive.open(tmp_path / "archive").store.article_ids()[:3]),
        lambda: rebuild(tmp_path / "archive"),
        lambda: compact(tmp_path / "archive"),
    )
    for change in changes:
        folder = current_generation(tmp_path / "archive")
        before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        change()
        assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_compacting_leaves_one_segment(tmp_path: Path, run: Run) -> None:
    """All segments become one without what was removed, which says the same; done again, nothing is written."""
    archive = tmp_path / "archive"
    build(archive, [dump(tmp_path / "a.jsonl", random.Random(), range(90))], HASHING)
    add(archive, [dump(tmp_path / "b.jsonl", random.Random(), range(90, 96))])
    remove(archive, Archive.open(archive).store.article_ids()[:3])
    before = told(archive)
    assert len(Archive.open(archive).manifest.segments) > 1

    done = run("-m", "index", "compact", "--archive", str(archive))

    assert (done.returncode, done.stdout.startswith("one segment: ")) == (0, True)
    (segment,) = Archive.open(archive).manifest.segments
    assert (segment.articles, segment.removed) == (before["counts"][0], ())
    assert verify(archive) == []
    assert told(archive) == before
    folder = current_generation(archive)
    compact(archive)
    assert current_generation(archive) == folder


def test_indexes_of_several_segments_are_derived_again(tmp_path: Path) -> None:
    """``rebuild`` mends an archive in segments, what was removed left out."""
    archive = tmp_path / "archive"
    build(archive, [dump(tmp_path / "a.jsonl", random.Random(), range(90))], HASHING)
    add(archive, [dump(tmp_path / "b.jsonl", random.Random(), range(90, 96))])
    remove(archive, Archive.open(archive).store.article_ids()[:3])
    before = told(archive)
    name = Archive.open(archive).manifest.segments[0].name
    (current_generation(archive) / name / "passages.rows.npy").write_bytes(b"")

    rebuild(archive)

    assert len(Archive.open(archive).manifest.segments) > 1
    assert verify(archive) == []
    assert told(archive) == before


@pytest.mark.parametrize(
    ("sizes", "new", "kept"),
    [
        ([], 0, 0),
        ([2], 1, 0),
        ([100], 1, 1),
        ([100], 51, 0),
        ([100], 50, 1),
        ([1000, 100], 50, 2),
        ([1000, 100, 2], 49, 1),
        ([2000, 400, 2], 201, 1),
        ([1000, 2, 2], 0, 1),
        ([4 ** (20 - n) for n in range(9)], 4, 9),
        ([4 ** (20 - n) for n in range(10)], 4, 9),
    ],
)
def test_which_segments_stay(sizes: list[int], new: int, kept: int) -> None:
    """Those stay that are at least twice all that is written after them; neither small ones nor too many do."""
    segments = [Segment(f"{n:06d}", 10, size) for n, size in enumerate(sizes)]

    assert generation._kept(segments, new) == kept
    assert kept < MOST_SEGMENTS


def test_a_segment_with_much_removed_is_written_again() -> None:
    """More than one article of four removed: that segment and all after it are written together."""
    removed = tuple("abc")
    segments = [Segment("000001", 100, 9000), Segment("000002", 11, 3000, removed), Segment("000003", 100, 1000)]

    assert generation._kept(segments, 0) == 1
    segments[1] = Segment("000002", 12, 3000, removed)
    assert generation._kept(segments, 0) == 3


def test_more_changes_than_segments(tmp_path: Path) -> None:
    """An archive that grows by equal portions never has more segments than can be read, and loses nothing."""
    archive = tmp_path / "archive"
    build(archive, [dump(tmp_path / "0.jsonl", random.Random(), range(20))], HASHING)
    for n in range(1, 13):
        add(archive, [dump(tmp_path / f"{n}.jsonl", random.Random(), range(20 * n, 20 * n + 3))])
        assert len(Archive.open(archive).manifest.segments) <= MOST_SEGMENTS

    assert Archive.open(archive).manifest.articles == 20 + 12 * 3
    assert verify(archive) == []
