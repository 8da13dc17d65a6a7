"""Near-copies of agency text: one quote, with where else the words stand."""

from __future__ import annotations

import json
from pathlib import Path

from index.archive import Archive
from index.build import build
from qa.answer import Engine
from qa.exports import read_export
from qa.render import answer_json, answer_text
from tests.conftest import Run

AGENCY = (
    "Il ponte di Arona è crollato stamattina sotto la pioggia, senza fare vittime tra gli automobilisti. "
    "«Abbiamo chiuso la strada appena in tempo», ha detto la sindaca Donatella Righi. "
    "I vigili del fuoco hanno lavorato per tutta la notte con gli elicotteri e con le squadre cinofile di Novara."
)
OTHER = "A Verbania il mercato del sabato si sposta in piazza Ranzoni per i lavori al lungolago, fino a settembre."
QUESTION = "Che cosa è crollato ad Arona?"


def archive_of(folder: Path, **texts: str) -> Archive:
    """A hashing archive of these texts, a file each."""
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    build(folder / "archive", sorted(folder.glob("*.txt")), "hashing")
    return Archive.open(folder / "archive")


def test_near_copies_are_one_quote(tmp_path: Path) -> None:
    """The same words in two near-copies are cited once, with the other place, whose slice has them too."""
    changed = AGENCY.replace("«", "“").replace("»", "”").replace("squadre", "unità")
    archive = archive_of(tmp_path, uno=AGENCY, due=changed, tre=OTHER)
    answer = Engine(archive).ask(QUESTION)
    citations = answer.citations
    first = citations[0]
    (copy,) = first.also_in

    assert {first.quote.article.source_file, copy.article.source_file} == {"uno.txt", "due.txt"}
    assert copy.text.replace("“", "«").replace("”", "»") == first.quote.text.replace("“", "«").replace("”", "»")
    places = [(c.quote.article.id, c.quote.span) for c in citations] + [
        (q.article.id, q.span) for c in citations for q in c.also_in
    ]
    assert not any(
        one != other and one[0] == other[0] and one[1].overlaps(other[1]) for one in places for other in places
    )
    assert f"anche in: {copy.article.source_file} [{copy.span.start}:{copy.span.end}]" in answer_text(answer)
    (told,) = answer_json(answer)["citations"][0]["also_in"]
    assert (told["start"], told["end"], told["article"]["file"]) == (
        copy.span.start,
        copy.span.end,
        copy.article.source_file,
    )
    assert "text" not in told


def test_other_articles_with_the_same_sentence_stay_apart(tmp_path: Path) -> None:
    """A sentence that two articles share which are no near-copies is cited from both."""
    sentence = "Il ponte di Arona è crollato stamattina sotto la pioggia."
    long = " ".join(f"Parola{number} numero{number} senza alcun rapporto con altre cose." for number in range(8))
    archive = archive_of(tmp_path, uno=sentence, due=f"{sentence}\n\n{long}", tre=OTHER)
    answer = Engine(archive).ask(QUESTION)

    assert all(citation.also_in == () for citation in answer.citations)
    assert sum("crollato" in citation.quote.text for citation in answer.citations) == 2


def test_all_speakers_of_a_quote_are_named(tmp_path: Path) -> None:
    """A quote with the words of two people names both, in the order in which they speak, and whose words are whose."""
    text = (
        "«Il ponte di Arona era pericolante», ha detto la sindaca Donatella Righi; «il ponte di Arona era sicuro», "
        "ha replicato il deputato Mario Rossi."
    )
    archive = archive_of(tmp_path, uno=text)
    answer = Engine(archive).ask("Chi ha parlato del ponte di Arona?")
    (citation, *_) = [*answer.citations, *answer.nearest]
    (told, *_) = answer_json(answer)["citations"] or answer_json(answer)["nearest"]

    assert [speech.speaker for speech in citation.speech] == ["Donatella Righi", "Mario Rossi"]
    assert told["speech"]["speaker"] == "Donatella Righi; Mario Rossi"
    assert [(text[s["start"] : s["end"]], s["speaker"]) for s in told["speech"]["spans"]] == [
        ("Il ponte di Arona era pericolante", "Donatella Righi"),
        ("il ponte di Arona era sicuro", "Mario Rossi"),
    ]
    assert "Donatella Righi; Mario Rossi" in answer_text(answer)


def test_what_was_not_found_is_exported_as_such(run: Run, hashing_path: Path, tmp_path: Path) -> None:
    """The nearest passages leave in every format, each marked, under the line that says that nothing was found."""
    question = "Quanto costa la ricetta della carbonara?"
    for ending in ("csv", "json", "md", "docx"):
        file = tmp_path / f"e.{ending}"
        asked = run("-m", "qa", "ask", question, "--json", "--archive", str(hashing_path), "--export", str(file))
        nearest = json.loads(asked.stdout)["nearest"]
        assert asked.returncode == 3
        assert [(e.kind, e.text) for e in read_export(file)] == [("nearest", one["text"]) for one in nearest]
        assert nearest
    assert "Non trovato nell’archivio." in (tmp_path / "e.md").read_text(encoding="utf-8")
