"""Questions of saying: whose words are asked for, and that they come first, with the real model."""

from __future__ import annotations

import json

import pytest

from index.archive import Archive
from qa.answer import Engine, read_question
from qa.records import Answer, Language
from qa.saying import asked_speaker
from tests.conftest import ROOT

LINES = (ROOT / "tests/data/saying_gold.jsonl").read_text(encoding="utf-8").splitlines()
GOLD = [json.loads(line) for line in LINES]
KIM, PUTIN = {"Kim Jong Un", "Kim Jong-un"}, {"Vladimir Putin"}


@pytest.mark.parametrize(
    ("question", "forms"),
    [
        ("Cosa ha detto Putin dei soldati?", PUTIN),
        ("What did Kim tell the builders?", KIM),
        ("Cosa ha detto Kim a Putin a dicembre?", KIM),
        ("What did Kim tell Putin?", KIM),
        ("A Kim che cosa ha detto Putin?", PUTIN),
        ("Di che cosa è simbolo il memoriale, secondo Kim Jong-un?", KIM),
        ("How did Kim describe the victory of Russia?", KIM),
        ("Come ha risposto la KCNA a Macron?", {"KCNA"}),
        ("What did Pyongyang declare?", {"Pyongyang"}),
        ("Che cosa ha detto il leader nordcoreano a Putin?", None),
        ("Secondo gli 007 di Seul, quanti uomini di Kim sono morti?", None),
        ("Cosa ha detto Zelensky?", None),
        ("Quanti soldati ha inviato Kim?", None),
        ("In which district will Kim build the museum?", None),
        ("cosa ha detto?", None),
    ],
)
def test_whose_words_are_asked_for(hashing_archive: Archive, question: str, forms: set[str] | None) -> None:
    """A verb or noun of saying and a known speaker's name, not the one spoken to, make a question of saying."""
    saying = asked_speaker(hashing_archive, read_question(question), hashing_archive.store.article_ids())

    assert (None if saying is None else set(saying.forms)) == forms


@pytest.fixture(scope="module")
def answers(seeds_archive: Archive) -> list[Answer]:
    """The answers to the sixteen questions of saying."""
    engine = Engine(seeds_archive)
    return [engine.ask(entry["question"], language=Language(entry["lang"])) for entry in GOLD]


def holds(answer: Answer, first: int, entry: dict[str, list[dict[str, str]]]) -> bool:
    """Whether one of the `first` quotes holds the words."""
    return any(
        citation.quote.article.source_file == gold["file"] and gold["text"] in citation.quote.text
        for citation in answer.citations[:first]
        for gold in entry["gold"]
    )


def test_the_speakers_words_come_first(answers: list[Answer]) -> None:
    """Of sixteen questions of saying all have the words in the first three quotes, fourteen at least in the first."""
    assert len(GOLD) == 16
    assert [e["id"] for e, answer in zip(GOLD, answers, strict=True) if not holds(answer, 3, e)] == []
    assert sum(holds(answer, 1, e) for e, answer in zip(GOLD, answers, strict=True)) >= 14


def test_the_first_quote_says_who_speaks(answers: list[Answer]) -> None:
    """Where the person asked for has spoken, the first quote is speech, and carries a speaker."""
    silent = [a.question.text for a in answers if a.citations[0].speech is None]

    assert silent == ["Cosa ha detto lo stato maggiore ucraino sui droni?"] or silent == []
