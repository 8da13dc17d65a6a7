"""Retrieval against the same formula written out plainly over the stored vectors and texts."""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from collections.abc import Iterable

import numpy as np
import pytest

from index.analysis import passage_terms, question_terms
from index.archive import Archive
from index.build import build
from index.encoder import HASHING
from qa.answer import read_question
from qa.records import Filters, Language, Question
from qa.retrieve import Found, retrieve
from tests.conftest import SEEDS

EVERYTHING = Filters()
ITALIAN_TEXT = (
    "Il ministro Ferri ha inaugurato il museo di Kursk. Alla cerimonia hanno assistito 600 soldati e la banda.\n\n"
    "Il museo resterà aperto fino a ottobre. Il biglietto costa 12 euro e si compra soltanto alla cassa di Mosca.\n"
)
ENGLISH_TEXT = (
    "Minister Ferri opened the museum of Kursk. The ceremony was attended by 600 soldiers and by the band.\n\n"
    "The museum will stay open until October. A ticket costs 12 euros and is sold only at the Moscow ticket office.\n"
)


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """The seeds with an Italian and an English article of the same contents, dated and with outlets."""
    folder = tmp_path_factory.mktemp("mixed")
    for name, text, known in (
        ("ita", ITALIAN_TEXT, {"language": "it", "published": "2024-05-31", "outlet": "Il Corriere di Prova"}),
        ("eng", ENGLISH_TEXT, {"language": "en", "published": "2024-06-01T23:30", "outlet": "The Test Courier"}),
    ):
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
        (folder / f"{name}.meta.json").write_text(json.dumps(known), encoding="utf-8")
    build(folder / "archive", [SEEDS, folder / "ita.txt", folder / "eng.txt"], HASHING)
    return Archive.open(folder / "archive")


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """An archive of more passages and sentences than are taken from one source."""
    folder = tmp_path_factory.mktemp("large")
    chance = random.Random(7)
    syllables = [a + b for a in "bcdfglmnprst" for b in "aeiou"]
    names = ["Ferri", "Kursk", "Mosca", "Hwasong", "Tervisia"]
    for number, language in enumerate(["it", "en"] * 4):
        paragraphs = []
        for _ in range(40):
            sentences = []
            for _ in range(4):
                lengths = [chance.randint(1, 3) for _ in range(chance.randint(6, 16))]
                words = ["".join(chance.choices(syllables, k=length)) for length in lengths]
                sentences.append(" ".join([chance.choice(names), *words]) + ".")
            paragraphs.append(" ".join(sentences))
        (folder / f"{number}.txt").write_text("\n\n".join(paragraphs), encoding="utf-8")
        (folder / f"{number}.meta.json").write_text(json.dumps({"language": language}), encoding="utf-8")
    build(folder / "archive", [folder], HASHING)
    return Archive.open(folder / "archive")


def found(archive: Archive, text: str, filters: Filters = EVERYTHING, language: Language | None = None) -> Found:
    """What is found for `text`."""
    question = read_question(text, language)
    return retrieve(archive, question, archive.encoder.encode_questions([question.searched])[0], filters)


def brute_force(archive: Archive, question: Question) -> list[tuple[int, float]]:
    """Passage ids and fused scores, best first, from the stored vectors and texts alone.

    z(passage) + z(best sentence of the passage) + w · z(BM25), over the union of the 100 best passages, those of the
    200 best sentences and the 100 best by BM25; w = .5 where question and article share a language, else .05.
    """
    vector = archive.encoder.encode_questions([question.searched])[0].astype(float)
    dense = dict(zip(*_products(archive, "passages", vector), strict=True))
    by_sentence = dict(zip(*_products(archive, "sentences", vector), strict=True))
    passages = {passage.id: passage for passage in archive.store.passages()}
    owner = {sentence.id: sentence.passage_id for sentence in archive.store.sentences(passages)}
    sharp: dict[int, float] = {}
    for i, product in by_sentence.items():
        sharp[owner[i]] = max(product, sharp.get(owner[i], -2.0))
    lexical = bm25(archive, question)
    pool = {*_best(dense, 100), *(owner[i] for i in _best(by_sentence, 200)), *_best(lexical, 100)}
    top = {i: lexical[i] for i in _best(lexical, 100)}
    ids = sorted(pool)
    language = {article.id: article.language for article in archive.store.articles()}
    weights = [0.5 if language[passages[i].article_id] in question.sources else 0.05 for i in ids]
    columns = [[dense[i] for i in ids], [sharp[i] for i in ids], [top.get(i, 0.0) for i in ids]]
    first, second, third = (_standard(column) for column in columns)
    scores = [a + b + w * c for a, b, w, c in zip(first, second, weights, third, strict=True)]
    order = sorted(
        zip(ids, scores, strict=True), key=lambda x: (-x[1], passages[x[0]].article_id, passages[x[0]].span.start)
    )
    return [(i, score) for i, score in order]


def _products(archive: Archive, table: str, vector: np.ndarray) -> tuple[list[int], list[float]]:
    ids, vectors = archive.store.vectors(table)
    return ids, [float(sum(row * vector)) for row in vectors.astype(float)]


def _best(scores: dict[int, float], k: int) -> list[int]:
    return sorted(scores, key=lambda i: (-scores[i], i))[:k]


def _standard(values: Iterable[float]) -> list[float]:
    values = list(values)
    mean = sum(values) / len(values)
    spread = math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))
    return [(value - mean) / spread if spread > 1e-9 else 0.0 for value in values]


def bm25(archive: Archive, question: Question) -> dict[int, float]:
    """Robertson's BM25 of every passage that has a term of the question, k1 = 1.2, b = .75."""
    articles = {article.id: article for article in archive.store.articles()}
    terms = {
        p.id: passage_terms(p.span.of(articles[p.article_id].text), articles[p.article_id].language)
        for p in archive.store.passages()
    }
    average = sum(map(len, terms.values())) / len(terms)
    wanted = question_terms(question.searched, tuple(question.sources))
    holders = {term: sum(term in own for own in terms.values()) for term in wanted}
    scores = {}
    for i, own in terms.items():
        counts = Counter(own)
        length = 1.2 * (0.25 + 0.75 * _kept_length(len(own)) / average)
        score = sum(
            math.log(1 + (len(terms) - holders[term] + 0.5) / (holders[term] + 0.5))
            * 2.2
            * counts[term]
            / (counts[term] + length)
            for term in wanted
            if counts[term]
        )
        if score:
            scores[i] = score
    return scores


def _kept_length(length: int) -> int:
    """A passage's length as one byte keeps it: exact to 40, then in steps that double after each eight."""
    if length <= 40:
        return length
    step, at = 2, 40
    while length >= at + 8 * step:
        at, step = at + 8 * step, 2 * step
    return at + (length - at) // step * step


QUESTIONS = [
    "In quale distretto di Pyongyang sorgerà il museo?",
    "In which district of Pyongyang will the museum be built?",
    "Quanti soldati hanno assistito alla cerimonia?",
    "How many soldiers attended the ceremony?",
    "Ferri Kursk",
    "600",
    "zxqv wkjh",
]


@pytest.mark.parametrize("text", QUESTIONS)
def test_the_fused_order_is_the_formulas(mixed: Archive, text: str) -> None:
    """Every passage of a small archive is found, in the order and with the score of the formula."""
    expected = brute_force(mixed, read_question(text))

    hits = found(mixed, text).hits

    assert len(hits) == mixed.manifest.passages
    assert [hit.passage_id for hit in hits] == [i for i, _ in expected]
    assert [hit.score for hit in hits] == pytest.approx([score for _, score in expected], abs=1e-4)


@pytest.mark.parametrize("text", ["Ferri bago Kursk lemi", "Where is Hwasong, tisa?", "Dove si trova Tervisia?"])
def test_a_large_archive_is_searched_by_its_best_candidates(large: Archive, text: str) -> None:
    """Of hundreds of passages only the best of each source are fused, by the same formula."""
    expected = brute_force(large, read_question(text))

    hits = found(large, text).hits

    assert 100 <= len(hits) < large.manifest.passages
    assert [hit.passage_id for hit in hits] == [i for i, _ in expected]
    assert [hit.score for hit in hits] == pytest.approx([score for _, score in expected], abs=1e-4)


def test_ranks_say_why_a_passage_was_found(mixed: Archive) -> None:
    """The ranks of each source count from 1 without gaps, in that source's own order."""
    question = read_question(QUESTIONS[0])
    vector = mixed.encoder.encode_questions([question.searched])[0].astype(float)
    dense = dict(zip(*_products(mixed, "passages", vector), strict=True))
    lexical = bm25(mixed, question)

    hits = found(mixed, QUESTIONS[0]).hits

    by_rank = {s: {hit.ranks[s]: hit.passage_id for hit in hits if s in hit.ranks} for s in ("passage", "terms")}
    assert [by_rank["passage"][n] for n in range(1, len(dense) + 1)] == _best(dense, len(dense))
    assert [by_rank["terms"][n] for n in range(1, len(lexical) + 1)] == _best(lexical, len(lexical))


def test_words_count_more_in_their_own_language(mixed: Archive) -> None:
    """The same question told to be Italian or English favours the article of that language."""
    text = "Ferri Kursk museo museum 600"
    names = {article.id: article.source_file for article in mixed.store.articles()}

    def better(language: Language) -> str:
        hits = found(mixed, text, language=language).hits
        return next(names[h.article_id] for h in hits if names[h.article_id] in ("ita.txt", "eng.txt"))

    assert better(Language.ITALIAN) == "ita.txt"
    assert better(Language.ENGLISH) == "eng.txt"


@pytest.mark.parametrize(
    ("filters", "files"),
    [
        (Filters(since="2025-01-01"), ["001", "003"]),
        (Filters(since="2025-04-28"), ["001", "003"]),
        (Filters(since="2025-04-29"), ["003"]),
        (Filters(until="2025-04-27"), ["eng", "ita"]),
        (Filters(until="2025-04-28"), ["001", "eng", "ita"]),
        (Filters(until="2024-06-01"), ["eng", "ita"]),
        (Filters(until="2024-05-31"), ["ita"]),
        (Filters(since="2024-06-01", until="2025-05-01"), ["001", "eng"]),
        (Filters(since="2025-10-25"), []),
        (Filters(since="2025-10-24", until="2025-10-23"), []),
        (Filters(outlet="ASKA"), ["003"]),
        (Filters(outlet="courier"), ["eng"]),
        (Filters(outlet="co"), ["eng", "ita"]),
        (Filters(outlet="%"), []),
        (Filters(outlet="' OR 1 --"), []),
        (Filters(since="2024-06-01", outlet="co"), ["eng"]),
    ],
)
def test_filters_let_through_exactly_these_articles(mixed: Archive, filters: Filters, files: list[str]) -> None:
    """Bounds are inclusive days, an outlet is part of the name in any case, and what is unknown meets no filter."""
    brought = found(mixed, "Il museo e i soldati", filters)

    assert sorted(article.source_file[:3] for article in brought.articles.values()) == files
    assert {hit.article_id for hit in brought.hits} == set(brought.articles)
    allowed = mixed.store.passage_ids(brought.articles)
    assert sorted(hit.passage_id for hit in brought.hits) == allowed


def test_without_a_filter_all_articles_may_answer(mixed: Archive) -> None:
    """No filter lets through those without date and outlet, too."""
    brought = found(mixed, "Il museo e i soldati")

    assert len(brought.articles) == mixed.manifest.articles == 7


def test_what_is_found_is_complete_and_repeatable(mixed: Archive) -> None:
    """Each hit carries the inner product of every one of its sentences, and the same search brings the same."""
    first = found(mixed, QUESTIONS[0])

    assert first == found(mixed, QUESTIONS[0])
    for hit in first.hits:
        assert set(hit.sentence_scores) == {sentence.id for sentence in first.sentences[hit.passage_id]}
        assert [s.ordinal for s in first.sentences[hit.passage_id]] == list(range(len(hit.sentence_scores)))
