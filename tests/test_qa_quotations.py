"""Direct speech in the archive: stored whole, found by words, speaker, date and outlet."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from index.archive import Archive
from index.build import build
from index.encoder import HASHING
from index.records import DirectQuote, Span
from index.speech import extract
from qa.quotations import find_quotations, forms_of, speech_within, voices
from qa.records import Filters
from tests.conftest import SEEDS, Run


@pytest.fixture
def archive(hashing_path: Path) -> Archive:
    """The seeds."""
    return Archive.open(hashing_path)


def test_what_is_stored_is_what_the_text_holds(archive: Archive) -> None:
    """The stored direct speech is that of the extraction, span by span: all 49 quotations of the seeds."""
    stored = archive.store.direct_quotes()
    made = [
        quote
        for article in sorted(archive.store.articles(), key=lambda article: article.id)
        for quote in extract(article.id, article.text, article.language, [e.span for e in article.exclusions])
    ]

    assert stored == made
    assert len(stored) == archive.manifest.direct_quotes == 49


def test_a_speaker_is_found_under_every_spelling(archive: Archive) -> None:
    """Part of a name, in any case, finds all spellings of the people so named, and nobody else."""
    assert forms_of(archive, "kim") == {"Kim Jong Un", "Kim Jong-un"}
    assert forms_of(archive, "Kim Jong-un") == {"Kim Jong Un", "Kim Jong-un"}
    assert forms_of(archive, "PUTIN") == {"Vladimir Putin"}
    assert forms_of(archive, "nobody") == frozenset()
    said = find_quotations(archive, None, Filters(speaker="Macron"))
    assert [(q.text, q.article.outlet) for q in said] == [("imprudente", "France24")]


def test_words_date_and_outlet_narrow_what_is_found(archive: Archive) -> None:
    """All words asked for must be in the quotation, whatever case and accents; articles without a date meet no date."""
    assert [q.text for q in find_quotations(archive, "ETERNITA", Filters())] == ["eternità"]
    assert {q.article.source_file[:3] for q in find_quotations(archive, None, Filters(since="2025-01-01"))} == {
        "001",
        "003",
    }
    assert {q.article.source_file[:3] for q in find_quotations(archive, None, Filters(outlet="askan"))} == {"003"}
    assert find_quotations(archive, "simbolo", Filters(speaker="Putin")) == []


def test_the_newest_comes_first_and_the_undated_last(archive: Archive) -> None:
    """Quotations are ordered by their article's date, newest first, then by place."""
    found = find_quotations(archive, None, Filters())
    files = list(dict.fromkeys(q.article.source_file[:3] for q in found))

    assert files == ["003", "001", "000", "002", "004"]
    for file in files:
        starts = [q.speech.span.start for q in found if q.article.source_file.startswith(file)]
        assert starts == sorted(starts)


def quote_at(start: int, end: int) -> DirectQuote:
    """Direct speech at this place of some article."""
    return DirectQuote("a", Span(start, end), (Span(start, end),), False, "X", None, None, None, None)


def test_the_speech_of_a_span_is_all_that_shares_words_with_it() -> None:
    """Touching is not sharing, order is the article's, and a span that is one quotation's is nobody else's."""
    speech = [quote_at(0, 5), quote_at(10, 20), quote_at(25, 35)]

    assert speech_within(speech, Span(5, 10)) == ()
    assert speech_within(speech, Span(4, 12)) == (speech[0], speech[1])
    assert speech_within(speech[::-1], Span(8, 40)) == (speech[1], speech[2])
    assert speech_within([*speech, quote_at(12, 15)], Span(12, 15)) == (quote_at(12, 15),)
    assert speech_within([], Span(0, 9)) == ()


def test_quotes_on_the_command_line(run: Run, hashing_path: Path) -> None:
    """``quotes --json`` prints one object a line with the contract's keys, and each text is its slice of the file."""
    done = run("-m", "qa", "quotes", "--speaker", "putin", "--json", "--archive", str(hashing_path))
    lines = [json.loads(line) for line in done.stdout.splitlines()]

    assert (done.returncode, done.stderr) == (0, "")
    assert len(lines) == 8
    for line in lines:
        text = (SEEDS / line["article"]["file"]).read_bytes().decode("utf-8")
        assert line["text"] == text[line["start"] : line["end"]]
        assert line["speaker"] == "Vladimir Putin"
        assert all(line["start"] <= start < end <= line["end"] for start, end in line["segments"])
        assert list(line) == [
            "text",
            "start",
            "end",
            "segments",
            "partial",
            "speaker",
            "speaker_start",
            "speaker_end",
            "verb",
            "reported_by",
            "article",
        ]
    interrupted = [line for line in lines if len(line["segments"]) > 1]
    assert [line["text"][:22] for line in interrupted] == ["Gli amici coreani - ha"]


def test_quotes_as_text_name_speaker_carrier_and_source(run: Run, hashing_path: Path) -> None:
    """For people: the words in quotation marks, who says them, who carries them, and where they stand."""
    done = run("-m", "qa", "quotes", "accordo vigore", "--archive", str(hashing_path))

    assert done.stdout.splitlines()[1].startswith("    Dmitri Peskov (Interfax) — I nordcoreani in Russia non sono")
    assert run("-m", "qa", "quotes", "zzz", "--archive", str(hashing_path)).returncode == 3


def test_no_quotations_say_where_to_look(run: Run, hashing_path: Path) -> None:
    """Where nobody of that name speaks, standard output stays empty and one line names the mend."""
    done = run("-m", "qa", "quotes", "--speaker", "Nobody", "--archive", str(hashing_path))

    assert (done.returncode, done.stdout, done.stderr) == (
        3,
        "",
        "note: no direct speech matches; who speaks in the archive: python -m qa speakers\n",
    )


def test_a_speaker_filters_answers(run: Run, hashing_path: Path) -> None:
    """``ask --speaker`` quotes only sentences with that speaker's words, and says whose they are."""
    arguments = ("--speaker", "Peskov", "--json", "--archive", str(hashing_path))
    done = run("-m", "qa", "ask", "Che cosa ha detto dell'accordo?", *arguments)
    answer = json.loads(done.stdout)
    shown = answer["citations"] or answer["nearest"]

    assert {c["article"]["file"] for c in shown} == {"001_4d098707a87e4cf2.txt"}
    said = run("-m", "qa", "quotes", *arguments)
    assert said.returncode == 0, said.stderr
    spans = [(q["start"], q["end"]) for q in map(json.loads, said.stdout.splitlines())]
    held = [any(c["start"] < end and start < c["end"] for start, end in spans) for c in shown]
    assert held == [True] * len(shown)
    assert any(c["speech"] and c["speech"]["speaker"] == "Dmitri Peskov" for c in shown)


def test_speech_goes_and_comes_with_its_article(tmp_path: Path) -> None:
    """An updated article has the speech of its new text only."""
    path = tmp_path / "a.txt"
    path.write_text("«Non partirò», ha detto il sindaco Mario Bianchi.", encoding="utf-8")
    build(tmp_path / "archive", [path], HASHING)
    path.write_text("«Partirò domani», ha detto il sindaco Mario Bianchi.", encoding="utf-8")
    build(tmp_path / "archive", [path], HASHING)

    found = find_quotations(Archive.open(tmp_path / "archive"), None, Filters())
    assert [(q.text, q.speech.speaker) for q in found] == [("Partirò domani", "Mario Bianchi")]


def test_speakers_are_counted_under_all_their_spellings(archive: Archive) -> None:
    """Each speaker stands once, with every spelling seen; what the filters leave out is neither counted nor listed."""
    found = {voice.speaker.name: voice for voice in voices(archive, Filters())}
    kim = found["Kim Jong Un"]
    dated = {voice.speaker.name: voice for voice in voices(archive, Filters(since="2025-01-01"))}

    assert set(kim.speaker.forms) == {"Kim Jong Un", "Kim Jong-un"}
    assert kim.quotations == len(find_quotations(archive, None, Filters(speaker="Kim Jong Un")))
    assert sum(voice.quotations for voice in found.values()) == sum(
        quote.speaker is not None for quote in archive.store.direct_quotes()
    )
    assert (dated["Kim Jong Un"].first, dated["Kim Jong Un"].last) == ("2025-04-28", "2025-10-24")
    assert dated["Kim Jong Un"].articles == 2
    assert [voice.quotations for voice in voices(archive, Filters())] == sorted(
        (voice.quotations for voice in found.values()), reverse=True
    )


def test_quotations_as_csv(run: Run, hashing_path: Path) -> None:
    """``--csv`` gives the quotations of ``--json`` in the same order, each cell the slice the offsets name."""
    arguments = ("quotes", "--speaker", "putin", "--archive", str(hashing_path))
    table = run("-m", "qa", *arguments, "--csv").stdout
    rows = list(csv.DictReader(io.StringIO(table)))
    lines = [json.loads(line) for line in run("-m", "qa", *arguments, "--json").stdout.splitlines()]

    assert [(row["text"], int(row["start"]), row["sha256"]) for row in rows] == [
        (line["text"], line["start"], line["article"]["sha256"]) for line in lines
    ]
    assert {row["speaker"] for row in rows} == {"Vladimir Putin"}


def test_speakers_on_the_command_line(run: Run, hashing_path: Path) -> None:
    """``speakers`` prints the same people as text, as JSON lines and as CSV; nobody found is exit status 3."""
    archive = ("--archive", str(hashing_path))
    lines = [json.loads(line) for line in run("-m", "qa", "speakers", "--json", *archive).stdout.splitlines()]
    rows = list(csv.DictReader(io.StringIO(run("-m", "qa", "speakers", "--csv", *archive).stdout)))
    text = run("-m", "qa", "speakers", *archive).stdout.splitlines()

    assert [line["speaker"] for line in lines] == [row["speaker"] for row in rows]
    assert len(text) == len(lines)
    assert [row["forms"] for row in rows if row["speaker"] == "Kim Jong Un"] == ["Kim Jong Un; Kim Jong-un"]
    assert run("-m", "qa", "speakers", "--since", "2030-01-01", *archive).returncode == 3
