"""Retrieval against the same formula written out plainly over the stored vectors and texts."""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest

from index.analysis import passage_terms
from index.archive import Archive
from index.build import build
from index.encoder import HASHING
from index.keys import question_keys
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
    for number, language in enumerate(["it", "en"] * 8):
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

    z(passage) + z(its best sentence) + w · z'(share of the question's words and pairs in it), over the union of the 100
    best passages, those of the 200 best sentences and the 100 best by BM25; w = .9 where question and article share a
    language, else .7. Of products among texts in several languages, what the invented questions' mean vector scores on
    average with the texts in the same language is taken off first. A sentence is worth z(sentence) + .25 · z'(share of
    the question's words in it), over all sentences of these passages; z' divides by .12 at least.
    """
    vector = archive.encoder.encode_questions([question.searched])[0].astype(float)
    dense = dict(zip(*_products(archive, "passages", vector), strict=True))
    by_sentence = dict(zip(*_products(archive, "sentences", vector), strict=True))
    passages = {passage.id: passage for passage in archive.store.passages()}
    owner = {sentence.id: sentence.passage_id for sentence in archive.store.sentences(passages)}
    pool = {*_best(dense, 100), *(owner[i] for i in _best(by_sentence, 200)), *_best(bm25(archive, question), 100)}
    ids = sorted(pool)
    of_sentences, of_passages = shares(archive, question)
    rows = [i for i in owner if owner[i] in pool]
    of_passage = {i: passages[i].language for i in ids}
    nonsense = archive.nonsense[question.language.value].astype(float)
    level_passages = _levels(archive, "passages", nonsense, of_passage)
    level_sentences = _levels(archive, "sentences", nonsense, {i: of_passage[owner[i]] for i in rows})
    near = _standard(by_sentence[i] - level_sentences[of_passage[owner[i]]] for i in rows)
    held = _standard((of_sentences[i] for i in rows), 0.12)
    sharp: dict[int, float] = {}
    for i, x, y in zip(rows, near, held, strict=True):
        sharp[owner[i]] = max(x + 0.25 * y, sharp.get(owner[i], -math.inf))
    weights = [0.9 if of_passage[i] in question.sources else 0.7 for i in ids]
    first = _standard(dense[i] - level_passages[of_passage[i]] for i in ids)
    second = _standard(sharp[i] for i in ids)
    third = _standard((of_passages[i] for i in ids), 0.12)
    scores = [x + y + w * z for x, y, w, z in zip(first, second, weights, third, strict=True)]
    order = sorted(
        zip(ids, scores, strict=True), key=lambda x: (-x[1], passages[x[0]].article_id, passages[x[0]].span.start)
    )
    return [(i, score) for i, score in order]


def _levels(archive: Archive, table: str, nonsense: np.ndarray, language: dict[int, str | None]) -> dict:
    """By language, the mean product of `nonsense` with these texts; 0 where all are in one language."""
    products = dict(zip(*_products(archive, table, nonsense), strict=True))
    groups: dict[str | None, list[float]] = {}
    for i, code in language.items():
        groups.setdefault(code, []).append(products[i])
    return {code: sum(values) / len(values) if len(groups) > 1 else 0.0 for code, values in groups.items()}


def _products(archive: Archive, table: str, vector: np.ndarray) -> tuple[list[int], list[float]]:
    index = archive.passages if table == "passages" else archive.sentences
    ids = index.ids.tolist()
    vectors = index.vectors_of(ids)
    return ids, [float(sum(row * vector)) for row in vectors.astype(float)]


def _best(scores: dict[int, float], k: int) -> list[int]:
    return sorted(scores, key=lambda i: (-scores[i], i))[:k]


def _standard(values: Iterable[float], least: float = 1e-9) -> list[float]:
    values = list(values)
    mean = sum(values) / len(values)
    spread = math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))
    return [(value - mean) / max(spread, least) for value in values]


def term_lines(archive: Archive) -> dict[int, list[list[str]]]:
    """By passage the terms of its article's title and of each of its sentences, from their texts."""
    articles = {article.id: article for article in archive.store.articles()}
    lines: dict[int, list[list[str]]] = {}
    for passage in archive.store.passages():
        article = articles[passage.article_id]
        texts = [s.span.of(article.text) for s in archive.store.sentences([passage.id])]
        title = passage_terms(article.title or "", article.language)
        lines[passage.id] = [title, *(passage_terms(text, passage.language) for text in texts)]
    return lines


def shares(archive: Archive, question: Question) -> tuple[dict[int, float], dict[int, float]]:
    """How much of the question each sentence and each passage holds.

    A word weighs its idf, or half the idf of what no passage holds; two neighbouring words that stand at most two
    places apart in one line, half the lighter one, in passages only.
    """
    lines = term_lines(archive)
    keys = [key.terms for key in question_keys(question.searched, tuple(question.sources))]
    bags = [{term for line in own for term in line} for own in lines.values()]
    weights = []
    for key in keys:
        holders = min(len(bags), sum(term in bag for term in key for bag in bags))
        idf = math.log((len(bags) + 1) / (holders + 0.5))
        weights.append(idf if holders else idf / 2)
    pairs = [min(weights[i], weights[i + 1]) / 2 for i in range(len(keys) - 1)]
    of_sentences, of_passages = {}, {}
    for i, own in lines.items():
        for sentence, line in zip(archive.store.sentences([i]), own[1:], strict=True):
            held = sum(w for key, w in zip(keys, weights, strict=True) if key & set(line))
            of_sentences[sentence.id] = held / sum(weights) if keys else 0.0
        held = sum(w for key, w in zip(keys, weights, strict=True) if any(key & set(line) for line in own))
        held += sum(w for n, w in enumerate(pairs) if any(_close(line, keys[n], keys[n + 1]) for line in own))
        of_passages[i] = held / (sum(weights) + sum(pairs)) if keys else 0.0
    return of_sentences, of_passages


def _close(line: list[str], one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether a term of `one` and a term of `other` stand one or two places apart."""
    places = range(len(line))
    return any(line[i] in one and line[j] in other for i in places for j in places if 0 < abs(i - j) < 3)


def bm25(archive: Archive, question: Question) -> dict[int, float]:
    """Robertson's BM25 of every passage that has a term of the question, k1 = 1.2, b = .75; each word's best term."""
    terms = {i: [term for line in lines for term in line] for i, lines in term_lines(archive).items()}
    average = sum(map(len, terms.values())) / len(terms)
    keys = [key.terms for key in question_keys(question.searched, tuple(question.sources))]
    holders = {term: sum(term in own for own in terms.values()) for key in keys for term in key}
    scores = {}
    for i, own in terms.items():
        counts = Counter(own)
        length = 1.2 * (0.25 + 0.75 * _kept_length(len(own)) / average)
        score = sum(
            max(
                math.log(1 + (len(terms) - holders[term] + 0.5) / (holders[term] + 0.5))
                * 2.2
                * counts[term]
                / (counts[term] + length)
                for term in key
            )
            for key in keys
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


@pytest.mark.parametrize("text", QUESTIONS)
def test_a_sentence_is_worth_its_vector_and_its_words(mixed: Archive, text: str) -> None:
    """A sentence is worth its levelled standard score and a quarter of that of its share of the question's words."""
    question = read_question(text)
    vector = mixed.encoder.encode_questions([question.searched])[0].astype(float)
    products = dict(zip(*_products(mixed, "sentences", vector), strict=True))
    held, _ = shares(mixed, question)
    ids = sorted(products)
    articles = {article.id: article.language for article in mixed.store.articles()}
    passages = {passage.id: articles[passage.article_id] for passage in mixed.store.passages()}
    language = {s.id: passages[s.passage_id] for s in mixed.store.sentences(passages)}
    nonsense = mixed.nonsense[question.language.value].astype(float)
    levels = _levels(mixed, "sentences", nonsense, language)
    near = _standard(products[i] - levels[language[i]] for i in ids)
    words = _standard((held[i] for i in ids), 0.12)

    hits = found(mixed, text).hits

    scores = {i: score for hit in hits for i, score in hit.sentence_scores.items()}
    worth = {i: weight - hit.score for hit in hits for i, weight in hit.sentence_weights.items()}
    assert [scores[i] for i in ids] == pytest.approx([products[i] for i in ids], abs=1e-5)
    assert [worth[i] for i in ids] == pytest.approx([x + 0.25 * y for x, y in zip(near, words, strict=True)], abs=1e-4)


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
    """Each hit carries the inner product and the worth of every one of its sentences, and the same search brings the
    same.
    """
    first, again = (replace(one, hits=tuple(one.hits)) for one in (found(mixed, QUESTIONS[0]) for _ in range(2)))

    assert first == again
    for hit in first.hits:
        ids = {sentence.id for sentence in first.sentences[hit.passage_id]}
        assert set(hit.sentence_scores) == set(hit.sentence_weights) == ids
        assert [s.ordinal for s in first.sentences[hit.passage_id]] == list(range(len(hit.sentence_scores)))
