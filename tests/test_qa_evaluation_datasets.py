"""Data sets: the layouts that are read, what is made of them, and how each mistake is named."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.records import Span
from qa.evaluation.corpus import document_names
from qa.evaluation.datasets import read_dataset
from qa.evaluation.records import DatasetError, DatasetKind, Document, GoldAnswer
from qa.records import Language
from tests.conftest import ROOT, SEEDS

BENCH = ROOT.parent / "shared" / "bench" / "squad-it-dev"
GOLD = ROOT / "tests" / "data" / "seeds_gold.jsonl"

MUSEUM = "Il museo apre alle nove. Il biglietto costa dieci euro."
BRIDGE = "Il ponte costa molto. I lavori iniziano a maggio."
CORPUS = [{"_id": "d1", "title": "Musei", "text": MUSEUM}, {"_id": "d2", "title": "", "text": BRIDGE}]
QUERIES: list[dict[str, Any]] = [
    {"_id": "q1", "text": "Quando apre il museo?", "metadata": {"answers": [[19, 23, "nove"]]}},
    {"_id": "q2", "text": "Quanto costa il ponte?"},
]
QRELS = "query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td2\t2\n"
ENTRY: dict[str, Any] = {"id": "1", "lang": "it", "question": "Quando apre?", "answerable": True}
PIECE = {"file": "museo.txt", "text": "alle nove"}


def lines(*entries: object) -> str:
    """JSON lines."""
    return "".join(json.dumps(entry) + "\n" for entry in entries)


def put(folder: Path, files: dict[str, str | None]) -> Path:
    """`folder` with a sound BEIR data set in Italian, but these `files`; None leaves one out."""
    sound = {"corpus.jsonl": lines(*CORPUS), "queries.it.jsonl": lines(*QUERIES), "qrels.it.tsv": QRELS}
    for name, text in (sound | files).items():
        if text is not None:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
    return folder


def refused(read: Callable[[], object]) -> str:
    """The one line with which `read` is refused."""
    with pytest.raises(DatasetError) as caught:
        read()
    assert "\n" not in str(caught.value)
    assert caught.value.hint
    return str(caught.value)


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A folder of one article."""
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "museo.txt").write_text(MUSEUM + " Anche il bar apre alle nove.", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("queries", "qrels", "language"),
    [
        ("queries.it.jsonl", "qrels.it.tsv", Language.ITALIAN),
        ("queries.en.jsonl", "qrels.en.tsv", Language.ENGLISH),
        ("queries.jsonl", "qrels.tsv", Language.ITALIAN),
        ("queries.jsonl", "qrels/test.tsv", Language.ITALIAN),
        ("queries.it.jsonl", "qrels/test.it.tsv", Language.ITALIAN),
    ],
)
def test_beir_layouts(tmp_path: Path, queries: str, qrels: str, language: Language) -> None:
    """Each layout gives the same questions; the language is the file name's, or else told from the words."""
    folder = put(tmp_path, {"queries.it.jsonl": None, "qrels.it.tsv": None} | {queries: lines(*QUERIES), qrels: QRELS})

    dataset = read_dataset(folder, SEEDS)

    assert (dataset.kind, dataset.name) == (DatasetKind.BEIR, tmp_path.name)
    assert [(d.id, d.text, d.title) for d in dataset.documents] == [("d1", MUSEUM, "Musei"), ("d2", BRIDGE, None)]
    first, second = dataset.questions
    assert (first.id, first.text, first.language) == ("q1", "Quando apre il museo?", language)
    assert (first.relevant, first.answers) == ({"d1": 1}, (GoldAnswer("d1", Span(19, 23)),))
    assert (second.relevant, second.answers, second.answerable) == ({"d2": 2}, (), None)


def test_two_languages_may_share_ids(tmp_path: Path) -> None:
    """The same id in two languages' files is the same question twice, each with its own language."""
    folder = put(tmp_path, {"queries.en.jsonl": lines({"_id": "q1", "text": "When?"}), "qrels.en.tsv": "q1\td1\t1\n"})

    asked = [(question.id, question.language.value) for question in read_dataset(folder, SEEDS).questions]

    assert asked == [("q1", "en"), ("q1", "it"), ("q2", "it")]


def test_questions_without_qrels_are_kept_without_gold(tmp_path: Path) -> None:
    """A question that no qrel names has no relevant document, and says nothing about being answerable."""
    questions = read_dataset(put(tmp_path, {"qrels.it.tsv": "q1\td1\t1\n"}), SEEDS).questions

    assert [(question.relevant, question.answerable) for question in questions] == [({"d1": 1}, None), ({}, None)]


def test_offsets_need_one_relevant_document(tmp_path: Path) -> None:
    """Answers are offsets of the one document graded above 0; with two such documents they are left out."""
    one = read_dataset(put(tmp_path / "one", {"qrels.it.tsv": "q1\td2\t0\nq1\td1\t1\n"}), SEEDS)
    two = read_dataset(put(tmp_path / "two", {"qrels.it.tsv": "q1\td1\t1\nq1\td2\t1\n"}), SEEDS)

    assert one.questions[0].answers == (GoldAnswer("d1", Span(19, 23)),)
    assert two.questions[0].answers == ()


def test_numbers_as_ids_blank_lines_and_a_byte_order_mark_are_taken(tmp_path: Path) -> None:
    """Ids may be JSON numbers; blank lines, Windows newlines and a byte order mark change nothing."""
    files: dict[str, str | None] = {
        "corpus.jsonl": "\ufeff" + lines({"_id": 1, "text": MUSEUM}) + "\n",
        "queries.it.jsonl": lines({"_id": 7, "text": "Quando?"}),
        "qrels.it.tsv": "\ufeffquery-id\tcorpus-id\tscore\r\n\r\n7\t1\t1\r\n",
    }

    dataset = read_dataset(put(tmp_path, files), SEEDS)

    assert [(question.id, question.relevant) for question in dataset.questions] == [("7", {"1": 1})]


def test_the_fingerprint_follows_content_alone(tmp_path: Path) -> None:
    """The same content elsewhere has the same fingerprint; one other letter, grade or answer has another."""
    other: list[dict[str, str | None]] = [
        {"corpus.jsonl": lines(CORPUS[0], CORPUS[1] | {"text": BRIDGE + "!"})},
        {"qrels.it.tsv": QRELS.replace("q2\td2\t2", "q2\td2\t1")},
        {"queries.it.jsonl": lines({"_id": "q1", "text": "Quando apre il museo?"}, QUERIES[1])},
    ]

    same = {read_dataset(put(tmp_path / name, {}), SEEDS).fingerprint for name in ("a", "b")}
    others = {read_dataset(put(tmp_path / str(n), files), SEEDS).fingerprint for n, files in enumerate(other)}

    assert (len(same), len(others), len(same | others)) == (1, 3, 4)


ANSWERED = QUERIES[0]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"corpus.jsonl": None}, ["corpus.jsonl is missing"]),
        ({"queries.it.jsonl": None}, ["has no queries*.jsonl"]),
        ({"qrels.it.tsv": None}, ["queries.it.jsonl has no qrels.it.tsv"]),
        ({"corpus.jsonl": ""}, ["corpus.jsonl has no documents"]),
        ({"queries.it.jsonl": "", "qrels.it.tsv": ""}, ["has no questions"]),
        ({"qrels.it.tsv": "q1\td1\t0\nq2\td1\t0\n"}, ["nothing is relevant in the qrels"]),
        ({"qrels.it.tsv": QRELS + "q1\td9\t1\n"}, ["line 4 of", "qrels.it.tsv", "'d9'", "not in the corpus"]),
        ({"qrels.it.tsv": QRELS + "q9\td1\t1\n"}, ["line 4 of", "qrels.it.tsv", "'q9'", "not in queries.it.jsonl"]),
        ({"qrels.it.tsv": QRELS + "q1\td1\t0\n"}, ["line 4 of", "qrels.it.tsv", "'d1'", "second grade for 'q1'"]),
        ({"qrels.it.tsv": "q1 d1 1\nq1 d1 1\n"}, ["line 2 of", "qrels.it.tsv", "«query-id, corpus-id, score»"]),
        ({"qrels.it.tsv": QRELS + "q1\td1\n"}, ["line 4 of", "qrels.it.tsv", "«query-id, corpus-id, score»"]),
        ({"qrels.it.tsv": QRELS + "q1\td1\t--1\n"}, ["line 4 of", "qrels.it.tsv"]),
        ({"qrels.it.tsv": QRELS + "q1\td1\t²\n"}, ["line 4 of", "qrels.it.tsv"]),
        ({"corpus.jsonl": lines(*CORPUS, CORPUS[0])}, ["line 3 of", "corpus.jsonl repeats the document id 'd1'"]),
        ({"queries.it.jsonl": lines(*QUERIES, QUERIES[0])}, ["line 3 of", "repeats the question id 'q1'"]),
        ({"queries.it.jsonl": lines({"_id": "q1", "text": " "})}, ["line 1 of", "queries.it.jsonl has no «text»"]),
        ({"queries.it.jsonl": lines({"_id": "q1", "text": "?!"})}, ["line 1 of", "queries.it.jsonl: the question"]),
        ({"queries.it.jsonl": lines({"_id": "q1", "text": "a" * 5_000})}, ["line 1 of", "5000 characters"]),
        ({"queries.it.jsonl": lines({"_id": "", "text": "Dove?"})}, ["line 1 of", "has no «_id»"]),
        ({"queries.it.jsonl": lines({"text": "Dove?"})}, ["line 1 of", "has no «_id»"]),
        ({"queries.it.jsonl": lines({"_id": True, "text": "Dove?"})}, ["line 1 of", "has no «_id»"]),
        ({"queries.it.jsonl": lines({"_id": "q1", "text": ["Dove?"]})}, ["line 1 of", "has no «text»"]),
        ({"queries.it.jsonl": lines("Dove?")}, ["line 1 of", "queries.it.jsonl is not a JSON object"]),
        ({"queries.it.jsonl": lines(*QUERIES) + "{"}, ["line 3 of", "queries.it.jsonl is not JSON"]),
        ({"queries.it.jsonl": "[" * 100_000}, ["line 1 of", "queries.it.jsonl is not JSON"]),
        ({"corpus.jsonl": lines({"_id": "d1", "text": "\ud800"})}, ["line 1 of", "«text» that is not valid text"]),
        ({"corpus.jsonl": lines({"_id": "d1", "text": MUSEUM, "title": 5.5})}, ["line 1 of", "has no «title»"]),
        ({"queries.it.jsonl": lines(ANSWERED | {"metadata": "nove"})}, ["line 1 of", "«metadata» is to be an object"]),
        ({"queries.it.jsonl": lines(ANSWERED | {"metadata": {"answers": 5}})}, ["line 1 of", "«answers» in it a list"]),
    ],
)
def test_mistakes_of_a_beir_folder(tmp_path: Path, files: dict[str, str | None], words: list[str]) -> None:
    """Each mistake is one line that names the file and, where there is one, the line."""
    told = refused(lambda: read_dataset(put(tmp_path, files), SEEDS))

    assert [word for word in words if word not in told] == []


def test_a_document_without_text_is_its_title(tmp_path: Path) -> None:
    """As in BEIR's own corpora; a document without title as well is refused."""
    found = read_dataset(
        put(tmp_path, {"corpus.jsonl": lines(*CORPUS, {"_id": "d3", "title": "Ponti", "text": ""})}), SEEDS
    )
    assert found.documents[2] == Document("d3", "Ponti", None)

    put(tmp_path, {"corpus.jsonl": lines(*CORPUS, {"_id": "d3", "title": "", "text": ""})})
    assert "line 3 of" in refused(lambda: read_dataset(tmp_path, SEEDS))


def test_empty_answers_are_left_out(tmp_path: Path) -> None:
    """An answer without a character, as SQuAD-it has some, is no answer: any quote would hold it."""
    queries = lines(ANSWERED | {"metadata": {"answers": [[0, 0, ""], [19, 23, "nove"]]}}, QUERIES[1])

    first = read_dataset(put(tmp_path, {"queries.it.jsonl": queries}), SEEDS).questions[0]

    assert first.answers == (GoldAnswer("d1", Span(19, 23)),)


@pytest.mark.parametrize(
    "answer",
    [
        [18, 22, "nove"],
        [19, 23, "dieci"],
        [19, 23],
        [23, 19, "nove"],
        [-1, 3, "nove"],
        [50, 99, "euro."],
        ["19", "23", "nove"],
        [19.0, 23.0, "nove"],
        "nove",
        None,
    ],
)
def test_an_answer_must_stand_at_its_offsets(tmp_path: Path, answer: object) -> None:
    """Offsets that are not exactly the answer's, or no offsets at all, are refused with question and document."""
    queries = lines(ANSWERED | {"metadata": {"answers": [answer]}}, QUERIES[1])

    told = refused(lambda: read_dataset(put(tmp_path, {"queries.it.jsonl": queries}), SEEDS))

    assert told.startswith("line 1 of ")
    assert told.endswith(f"the answer {answer!r} is not at that place of d1")


def test_a_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    """A corpus in Latin-1 is refused by name, not read as something else."""
    (put(tmp_path, {}) / "corpus.jsonl").write_bytes('{"_id": "d1", "text": "è"}'.encode("latin-1"))

    assert f"{tmp_path / 'corpus.jsonl'} cannot be read" in refused(lambda: read_dataset(tmp_path, SEEDS))


def test_no_data_set_there(tmp_path: Path) -> None:
    """A path with nothing at it is named."""
    told = refused(lambda: read_dataset(tmp_path / "nothing", SEEDS))

    assert told == f"there is no data set at {tmp_path / 'nothing'}"


def test_gold_finds_every_place_of_its_text(tmp_path: Path, sources: Path) -> None:
    """A gold text gives a span for each place where it stands in its file; a question without gold has none."""
    path = tmp_path / "gold.jsonl"
    unanswered = {"id": "2", "question": "When does it close?", "answerable": False, "gold": [], "near": True}
    path.write_text(lines(ENTRY | {"gold": [PIECE]}, unanswered), encoding="utf-8")

    dataset = read_dataset(path, sources)

    assert (dataset.kind, dataset.name) == (DatasetKind.GOLD, "gold")
    assert [document.id for document in dataset.documents] == ["museo.txt"]
    first, second = dataset.questions
    spans = (GoldAnswer("museo.txt", Span(14, 23)), GoldAnswer("museo.txt", Span(74, 83)))
    assert (first.relevant, first.answers, first.answerable, first.near) == ({"museo.txt": 1}, spans, True, False)
    assert (second.relevant, second.answers, second.answerable, second.near) == ({}, (), False, True)
    assert (first.language, second.language) == (Language.ITALIAN, Language.ENGLISH)


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ([ENTRY | {"gold": [PIECE | {"text": "alle dieci"}]}], ["line 1 of", "'alle dieci' is not in museo.txt"]),
        ([ENTRY | {"gold": [PIECE | {"text": "Alle nove"}]}], ["line 1 of", "'Alle nove' is not in museo.txt"]),
        ([ENTRY | {"gold": [PIECE | {"text": ""}]}], ["line 1 of", "has no «text»"]),
        ([ENTRY | {"gold": [PIECE | {"file": "ponte.txt"}]}], ["line 1 of", "'ponte.txt', which is not in"]),
        ([ENTRY | {"gold": ["alle nove"]}], ["line 1 of", "has no «file»"]),
        ([ENTRY | {"gold": PIECE}], ["line 1 of", "«gold» is to be a list"]),
        ([ENTRY | {"gold": []}], ["line 1 of", "empty exactly when «answerable» is false"]),
        ([ENTRY | {"gold": [PIECE], "answerable": False}], ["line 1 of", "empty exactly when"]),
        ([ENTRY | {"gold": [PIECE], "answerable": "yes"}], ["line 1 of", "empty exactly when"]),
        ([ENTRY | {"gold": [PIECE]}, ENTRY | {"gold": [PIECE]}], ["line 2 of", "repeats the question id '1'"]),
        ([ENTRY | {"gold": [PIECE], "question": ""}], ["line 1 of", "has no «question»"]),
        ([ENTRY | {"gold": [PIECE], "question": "…"}], ["line 1 of", "the question is empty"]),
        ([ENTRY | {"gold": [PIECE], "lang": "de"}], ["line 1 of", "unknown «lang» 'de'"]),
        ([ENTRY | {"gold": [PIECE], "lang": ["it"]}], ["line 1 of", "unknown «lang» ['it']"]),
        ([ENTRY | {"gold": [PIECE], "id": None}], ["line 1 of", "has no «id»"]),
        ([[1]], ["line 1 of", "is not a JSON object"]),
        ([], ["the data set gold has no questions"]),
    ],
)
def test_mistakes_of_a_gold_file(tmp_path: Path, sources: Path, entries: list[object], words: list[str]) -> None:
    """Each mistake is one line that names the line of the gold file."""
    path = tmp_path / "gold.jsonl"
    path.write_text(lines(*entries), encoding="utf-8")

    told = refused(lambda: read_dataset(path, sources))

    assert [word for word in words if word not in told] == []
    assert not entries or str(path) in told


def test_files_of_one_name_are_refused(tmp_path: Path, sources: Path) -> None:
    """Gold names files without folders, so two sources of one name are refused instead of one being lost."""
    (sources / "more").mkdir()
    (sources / "more" / "museo.txt").write_text(BRIDGE, encoding="utf-8")
    path = tmp_path / "gold.jsonl"
    path.write_text(lines(ENTRY | {"gold": [PIECE]}), encoding="utf-8")

    assert refused(lambda: read_dataset(path, sources)) == f"{sources} has two files named museo.txt"


def test_texts_that_two_documents_share_keep_both_names(tmp_path: Path) -> None:
    """Two ids with one text are one article with two names."""
    folder = put(tmp_path, {"corpus.jsonl": lines(*CORPUS, {"_id": "d3", "text": MUSEUM})})

    assert sorted(document_names(read_dataset(folder, SEEDS)).values()) == [["d1", "d3"], ["d2"]]


def test_the_shipped_gold() -> None:
    """120 questions: 80 answerable, half of them English, and 40 unanswerable, 25 of these near the articles."""
    dataset = read_dataset(GOLD, SEEDS)

    kinds = Counter((question.answerable, question.near) for question in dataset.questions)
    languages = Counter(question.language.value for question in dataset.questions if question.answerable)
    assert len(dataset.questions) == len({question.text for question in dataset.questions}) == 120
    assert kinds == {(True, False): 80, (False, True): 25, (False, False): 15}
    assert languages == {"it": 40, "en": 40}
    assert {question.language.value for question in dataset.questions if not question.answerable} == {"it", "en"}
    assert len(dataset.documents) == 5
    texts = {document.id: document.text for document in dataset.documents}
    assert all(answer.span.of(texts[answer.document]).strip() for q in dataset.questions for answer in q.answers)


@pytest.mark.skipif(not BENCH.is_dir(), reason="the bench data is not on this machine")
def test_a_real_beir_folder() -> None:
    """squad-it-dev is read whole: every question has one relevant paragraph, and no answer is empty."""
    dataset = read_dataset(BENCH, SEEDS)

    assert len(dataset.documents) == 1_242
    assert Counter(question.language.value for question in dataset.questions) == {"it": 4_919, "en": 512}
    assert {len(question.relevant) for question in dataset.questions} == {1}
    assert all(len(answer.span) for question in dataset.questions for answer in question.answers)
