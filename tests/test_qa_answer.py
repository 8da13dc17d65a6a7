"""Answers over the real seeds by the real model: verbatim, repeatable, and no worse than they were."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from index.archive import Archive
from index.build import build, remove
from index.encoder import HASHING
from index.errors import ArchiveDamagedError, QuestionError, QuestionProblem, UsageError
from index.manifest import Manifest, checksums
from index.publish import current_generation
from index.schema import DATABASE
from qa.answer import Engine, read_question
from qa.limits import MAX_QUESTION, MAX_QUOTES
from qa.records import Answer, Filters, Language, Reason, Status
from qa.render import answer_json
from tests.conftest import ROOT, SEEDS

HWASONG_FILE = "003_1ef017ea2025330c.txt"
HWASONG = "Il museo sorgerà nel distretto di Hwasong, nella capitale nordcoreana, e comprenderà"
NOT_NEWS = (
    "Storie consigliate",
    "elenco di 3 elementi",
    "©Kristina Kormilitsyna",
    "28.04.2025 11:00",
    "date 2025-10-24",
)
SETS = ("gold", "hard")

Entry = dict[str, Any]


def read_set(name: str) -> list[Entry]:
    """The questions of a gold set, checked against the corpus."""
    lines = (ROOT / f"tests/data/seeds_{name}.jsonl").read_text(encoding="utf-8").splitlines()
    entries: list[Entry] = [json.loads(line) for line in lines]
    for entry in entries:
        assert set(entry) == {"id", "lang", "question", "answerable", "gold", "near"}
        assert entry["lang"] in ("it", "en")
        assert entry["answerable"] == bool(entry["gold"])
        assert not (entry["answerable"] and entry["near"])
        for gold in entry["gold"]:
            assert gold["text"] in TEXTS[gold["file"]], f"{name} {entry['id']}: not in {gold['file']}"
    return entries


TEXTS = {path.name: path.read_bytes().decode("utf-8") for path in sorted(SEEDS.glob("*.txt"))}
QUESTIONS = {name: read_set(name) for name in SETS}


@pytest.fixture(scope="module")
def engine(seeds_archive: Archive) -> Engine:
    """Answers over the seeds by the real model."""
    return Engine(seeds_archive)


@pytest.fixture(scope="module")
def answers(engine: Engine) -> dict[str, list[tuple[Entry, Answer]]]:
    """Every question of both sets, asked once."""
    return {name: [(entry, engine.ask(entry["question"])) for entry in QUESTIONS[name]] for name in SETS}


def untimed(answer: Answer) -> str:
    """An answer's JSON without its timings."""
    return json.dumps({**answer_json(answer), "timings_ms": None}, ensure_ascii=False)


def is_gold(entry: Entry, file: str, text: str) -> bool:
    """Whether `text` of `file` contains one of the entry's gold passages."""
    return any(gold["file"] == file and gold["text"] in text for gold in entry["gold"])


@pytest.mark.parametrize("name", SETS)
def test_the_gold_sets_are_what_they_are_said_to_be(name: str) -> None:
    """40 answerable questions a language, 20 that are not; ids are unique, and no question is asked twice."""
    entries = QUESTIONS[name]

    for language in ("it", "en"):
        own = [entry for entry in entries if entry["lang"] == language]
        assert [sum(entry["answerable"] for entry in own), len(own)] == [40, 60]
    assert len({entry["id"] for entry in entries}) == len({entry["question"] for entry in entries}) == 120


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("In quale distretto di Pyongyang sorgerà il museo?", "it"),
        ("In which district of Pyongyang will the museum be built?", "en"),
    ],
)
def test_the_district_of_the_museum(engine: Engine, question: str, language: str) -> None:
    """In both languages the first quote is the Hwasong sentence, at its offsets in the bytes of the seed's file."""
    data = (SEEDS / HWASONG_FILE).read_bytes()

    content = answer_json(engine.ask(question))

    first = content["citations"][0]
    assert (content["status"], content["language"]) == ("answered", language)
    assert first["article"]["file"] == HWASONG_FILE
    assert first["article"]["sha256"] == hashlib.sha256(data).hexdigest()
    assert first["text"].startswith(HWASONG)
    assert first["text"] == data.decode("utf-8")[first["start"] : first["end"]]
    assert first["start"] == data.decode("utf-8").index(HWASONG)
    assert first["reference"].endswith(
        ", askanews, 24 ottobre 2025" if language == "it" else ", askanews, 24 October 2025"
    )


@pytest.mark.parametrize("name", SETS)
def test_every_quote_is_its_slice_of_the_file(answers: dict[str, list[tuple[Entry, Answer]]], name: str) -> None:
    """Each quote and context of 120 answers equals its slice of the file, and holds nothing that is not news."""
    shown = 0
    for _, answer in answers[name]:
        content = answer_json(answer)
        cited = answer.citations or answer.nearest
        for entry, citation in zip(content["citations"] + content["nearest"], cited, strict=True):
            text = TEXTS[entry["article"]["file"]]
            context = entry["context"]
            assert entry["text"] == text[entry["start"] : entry["end"]] != ""
            assert context["text"] == text[context["start"] : context["end"]]
            assert context["start"] <= entry["start"] < entry["end"] <= context["end"]
            assert not [e for e in citation.context.article.exclusions if e.span.overlaps(citation.context.span)]
            assert not [words for words in NOT_NEWS if words in context["text"]]
            shown += 1
    assert shown >= 3 * 120


@pytest.mark.parametrize("name", SETS)
def test_answered_means_cited(answers: dict[str, list[tuple[Entry, Answer]]], name: str) -> None:
    """Each answer is answered with one to five citations, or not found with three nearest passages and a reason."""
    for entry, answer in answers[name]:
        counts = (len(answer.citations), len(answer.nearest))
        if answer.status is Status.ANSWERED:
            assert 1 <= counts[0] <= 5
            assert counts[1] == 0
            assert answer.reason is None
        else:
            assert counts == (0, 3)
            assert answer.reason is Reason.UNRELATED
        assert answer.question.text == answer.question.searched == entry["question"]
        assert answer.question.language.value == entry["lang"]
        assert [c.number for c in answer.citations + answer.nearest] == list(range(1, sum(counts) + 1))


@pytest.mark.parametrize("name", SETS)
def test_the_same_question_gets_the_same_answer(
    engine: Engine, answers: dict[str, list[tuple[Entry, Answer]]], name: str
) -> None:
    """Asked again, each of 120 questions gets the same JSON, timings apart."""
    for entry, answer in answers[name]:
        assert untimed(engine.ask(entry["question"])) == untimed(answer)


@pytest.mark.parametrize("name", SETS)
def test_questions_about_other_things_are_not_found(answers: dict[str, list[tuple[Entry, Answer]]], name: str) -> None:
    """Of 15 questions on other subjects, at least 12 are not found (14 were when this was written)."""
    other = [answer for entry, answer in answers[name] if not entry["answerable"] and not entry["near"]]

    assert len(other) == 15
    assert sum(answer.status is Status.NOT_FOUND for answer in other) >= 12


@pytest.mark.parametrize(
    ("name", "language", "first", "three"),
    [
        ("gold", "it", 0.60, 0.75),
        ("gold", "en", 0.60, 0.80),
        ("hard", "it", 0.425, 0.55),
        ("hard", "en", 0.725, 0.80),
    ],
)
def test_quotes_contain_the_gold_as_often_as_they_did(
    answers: dict[str, list[tuple[Entry, Answer]]], name: str, language: str, first: float, three: float
) -> None:
    """The share of questions whose first, or first three, citations contain the gold: floors against regressions, set a
    little under what was measured (gold .65/.80 and .65/.85, hard .475/.60 and .775/.85), not targets.
    """
    hits = [
        [is_gold(entry, c.quote.article.source_file, c.quote.text) for c in answer.citations]
        for entry, answer in answers[name]
        if entry["answerable"] and entry["lang"] == language
    ]

    assert len(hits) == 40
    assert sum(any(row[:1]) for row in hits) / 40 >= first
    assert sum(any(row[:3]) for row in hits) / 40 >= three


@pytest.mark.parametrize("k", [1, 2, 10, MAX_QUOTES])
def test_fewer_quotes_are_the_first_of_more(engine: Engine, k: int) -> None:
    """At most k citations come, and they are the first of those that come when more are asked for."""
    question = "Che cosa ha detto Putin dei soldati nordcoreani?"

    some, most = engine.ask(question, k=k).citations, engine.ask(question, k=MAX_QUOTES).citations

    assert 1 <= len(some) <= k
    assert some == most[:k]


@pytest.mark.parametrize("k", [0, -1, MAX_QUOTES + 1])
def test_a_senseless_number_of_quotes_is_refused(engine: Engine, k: int) -> None:
    """No quote at all, or more than the most, is wrong usage and not an empty answer."""
    with pytest.raises(UsageError, match=f"cannot give {k} quotes"):
        engine.ask("Dove?", k=k)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", QuestionProblem.EMPTY),
        (" \t\r\n\u00a0\u3000", QuestionProblem.EMPTY),
        ("\x00\x07\x1b\x7f\x9b", QuestionProblem.EMPTY),
        ("\u200b\u202e\ufeff", QuestionProblem.EMPTY),
        ("???!…", QuestionProblem.EMPTY),
        ("🇰🇵🔥👩\u200d🚀", QuestionProblem.EMPTY),
        ("a" * (MAX_QUESTION + 1), QuestionProblem.TOO_LONG),
        ("Dove? " * 16_667, QuestionProblem.TOO_LONG),
        (" " * 100_000, QuestionProblem.TOO_LONG),
        ("Dove \ud800?", QuestionProblem.NOT_TEXT),
        ("\udcff", QuestionProblem.NOT_TEXT),
        ("Chi \ud83c\uddf0?", QuestionProblem.NOT_TEXT),
    ],
)
def test_what_is_no_question_is_refused(engine: Engine, text: str, problem: QuestionProblem) -> None:
    """Blank, control characters or emoji only, too long, or no valid text: each is named, with a hint."""
    with pytest.raises(QuestionError) as caught:
        engine.ask(text)

    assert caught.value.problem is problem
    assert caught.value.hint
    assert len(str(caught.value)) < 100


@pytest.mark.parametrize(
    "text",
    [
        "In quale\x00 distretto\x07 di Pyongyang\r\n\tsorgerà il museo?\x1b",
        "🔥 In quale distretto di Pyongyang 🇰🇵 sorgerà il museo? 👩\u200d🚀",
        "  In quale distretto di Pyongyang sorgerà il museo?  ",
        "IN QUALE DISTRETTO DI PYONGYANG SORGERÀ IL MUSEO?",
        "In quale distretto di Pyongyang sorgera\u0300 il museo?",
    ],
)
def test_noise_in_a_question_does_no_harm(engine: Engine, text: str) -> None:
    """With control characters, emoji, blanks or capitals the museum's district is still the first quote."""
    answer = engine.ask(text)

    assert answer.question.text == text
    assert answer.citations[0].quote.text.startswith(HWASONG)


@pytest.mark.parametrize(
    "text",
    [
        "Dans quel quartier de Pyongyang le musée sera-t-il construit ?",
        "In welchem Bezirk von Pjöngjang wird das Museum gebaut?",
        "平壌のどの地区に博物館が建設されますか",
        "في أي حي من بيونغ يانغ سيبنى المتحف؟",
        "Kim Jong Un",
        "x" * MAX_QUESTION,
        "Dove sorgerà il museo? " * 80,
        "2025",
        "<script>alert('x')</script> ${x} {{y}}",
        '" OR 1=1; DROP TABLE articles; --',
        "AND OR NOT (title:* ~2 ^3",
    ],
)
def test_any_other_question_gets_an_answer_object(engine: Engine, text: str) -> None:
    """Third languages, names, figures, the longest question and other syntaxes give an answer made of slices."""
    answer = engine.ask(text)

    assert answer.question.language in (Language.ITALIAN, Language.ENGLISH)
    for citation in answer.citations + answer.nearest:
        span = citation.quote.span
        assert citation.quote.text == TEXTS[citation.quote.article.source_file][span.start : span.end]


def test_control_characters_count_as_spaces() -> None:
    """What is searched is the question with controls and runs of blanks made one space; the question itself is kept."""
    question = read_question("\x00In quale\x1b\r\n distretto?\t")

    assert question.searched == "In quale distretto?"
    assert question.text == "\x00In quale\x1b\r\n distretto?\t"
    assert question.sources == (Language.ITALIAN,)


def test_the_longest_question_is_still_one() -> None:
    """The limit itself is allowed, one character more is not."""
    assert len(read_question("a" * MAX_QUESTION).text) == MAX_QUESTION == 2000
    with pytest.raises(QuestionError):
        read_question("a" * (MAX_QUESTION + 1))


def test_the_language_can_be_told(engine: Engine) -> None:
    """A language that was given is used for search and wording, whatever the words look like."""
    asked = engine.ask("In which district of Pyongyang will the museum be built?", language=Language.ITALIAN)

    assert (asked.question.language, asked.question.sources) == (Language.ITALIAN, (Language.ITALIAN,))


def test_a_follow_up_keeps_the_topic(engine: Engine) -> None:
    """What a follow-up searches for stands in the answer, with the former question; the question stays as asked."""
    former = "Quanti soldati nordcoreani sono stati uccisi?"

    linked, alone = engine.ask("e quanti feriti?", former=former), engine.ask("e quanti feriti?")

    assert linked.question.searched == f"{former} e quanti feriti?"
    assert linked.question.text == alone.question.searched == "e quanti feriti?"
    assert any("feriti" in citation.quote.text for citation in linked.citations[:3])


@pytest.mark.parametrize(
    ("filters", "files"),
    [
        (Filters(since="2025-10-01"), {HWASONG_FILE}),
        (Filters(until="2025-05-01"), {"001_4d098707a87e4cf2.txt"}),
        (Filters(outlet="france"), {"004_6cc3362cfc1a244f.txt"}),
    ],
)
def test_only_articles_that_meet_the_filters_are_quoted(engine: Engine, filters: Filters, files: set[str]) -> None:
    """Whatever is cited or named as nearest comes from the articles that were let through."""
    answer = engine.ask("Quanti soldati nordcoreani sono stati uccisi?", filters=filters, k=10)

    assert {c.quote.article.source_file for c in answer.citations + answer.nearest} == files


def test_a_filter_that_lets_nothing_through_says_so(engine: Engine) -> None:
    """Where no article meets the filters, the answer is not found for that reason, with nothing nearest."""
    answer = engine.ask("Chi?", filters=Filters(since="2030-01-01"))

    assert (answer.status, answer.reason, answer.confidence) == (Status.NOT_FOUND, Reason.FILTERED, 0.0)
    assert answer.nearest == ()


def test_an_empty_archive_says_so(tmp_path: Path) -> None:
    """An archive whose last article was removed answers that it holds none."""
    only = tmp_path / "one.txt"
    shutil.copyfile(SEEDS / HWASONG_FILE, only)
    build(tmp_path / "archive", [only], HASHING)
    (article,) = Archive.open(tmp_path / "archive").store.articles()
    remove(tmp_path / "archive", [article.id])

    answer = Engine(Archive.open(tmp_path / "archive")).ask("In quale distretto sorgerà il museo?")

    assert (answer.status, answer.reason) == (Status.NOT_FOUND, Reason.EMPTY_ARCHIVE)


def alter(path: Path, statement: str, *, cover_up: bool) -> None:
    """Change the database of the archive at `path`; covered up, the manifest's checksums agree with it again."""
    folder = current_generation(path)
    connection = sqlite3.connect(folder / "000001" / DATABASE)
    assert connection.execute(statement).rowcount > 0
    connection.commit()
    connection.close()
    if cover_up:
        manifest = Manifest.read(folder)
        dataclasses.replace(manifest, files=checksums(folder)).write(folder)


ALTERATIONS = {
    "one letter": "UPDATE articles SET text = replace(text, 'Hwasong', 'Hwasung')",
    "cut short": "UPDATE articles SET text = substr(text, 1, 100) WHERE source_file LIKE '003%'",
    "moved": "UPDATE articles SET text = ' ' || text",
}


@pytest.mark.parametrize("statement", ALTERATIONS.values(), ids=list(ALTERATIONS))
def test_an_altered_text_is_never_quoted(hashing_path: Path, statement: str) -> None:
    """Stored words that are not those that were added are an error that names the mend, even if checksums agree."""
    alter(hashing_path, statement, cover_up=True)
    engine = Engine(Archive.open(hashing_path))

    with pytest.raises(ArchiveDamagedError, match="was altered after it was added") as caught:
        engine.ask("In quale distretto di Pyongyang sorgerà il museo?")
    assert caught.value.hint == "build the archive again: python -m index build"


def test_an_altered_database_is_noticed_on_opening(hashing_path: Path) -> None:
    """A database whose checksum is another than the manifest's does not open."""
    alter(hashing_path, ALTERATIONS["one letter"], cover_up=False)

    with pytest.raises(ArchiveDamagedError, match=DATABASE):
        Archive.open(hashing_path)


@pytest.mark.parametrize("text", ["perché", "a", "E che cosa è?", "what is it?"])
def test_a_question_without_content_is_not_answered(seeds_archive: Archive, text: str) -> None:
    """A question of function words alone comes near to anything, and nothing answers it."""
    assert Engine(seeds_archive).ask(text).status is Status.NOT_FOUND
