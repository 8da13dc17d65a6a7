"""The systems that can be compared, and what each makes of a data set's questions.

One retrieval serves them all: each orders the same candidates by its own score.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from index.errors import QuestionError
from qa.answer import Engine, read_question
from qa.evaluation.records import Dataset, DatasetError, GoldQuestion, System
from qa.records import Answer, Filters, Hit, Question
from qa.retrieve import Found, rescored, retrieve

_ENCODED = 512
"""Questions encoded at a time."""
_RRF = 60
"""Constant of reciprocal rank fusion (Cormack, Clarke and Büttcher 2009)."""
_QUOTES = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one system made of one question.

    Attributes:
        ranking: document ids with scores, best first; a document counts by its best passage.
        answer: its quotes, or the nearest passages.
    """

    question: GoldQuestion
    ranking: tuple[tuple[str, float], ...]
    answer: Answer


def run_systems(
    engine: Engine,
    dataset: Dataset,
    names: Mapping[str, Sequence[str]],
    systems: Sequence[System],
    done: Callable[[int], object],
) -> dict[System, list[Outcome]]:
    """Put every question of `dataset` to each of `systems`.

    Args:
        engine: over the data set's documents.
        dataset: the questions.
        names: article id to the ids of the documents with that text.
        systems: which to run.
        done: hears how many more questions are done.
    """
    outcomes: dict[System, list[Outcome]] = {system: [] for system in systems}
    for gold, question, found in _found(engine, dataset.questions):
        for system in systems:
            ordered = engine.read(question, found) if system is System.DEFAULT else _ordered(found, system)
            answer = engine.answer_from(question, ordered, _QUOTES)
            outcomes[system].append(Outcome(gold, _documents(ordered, names), answer))
        done(1)
    return outcomes


def _found(engine: Engine, questions: Sequence[GoldQuestion]) -> Iterator[tuple[GoldQuestion, Question, Found]]:
    """Candidates by question; questions are encoded many at a time."""
    for at in range(0, len(questions), _ENCODED):
        part = questions[at : at + _ENCODED]
        asked = []
        for gold in part:
            try:
                asked.append(read_question(gold.text, gold.language))
            except QuestionError as error:
                raise DatasetError(f"question {gold.id}: {error}", "leave it out of the data set") from error
        vectors = engine.archive.encoder.encode_questions([question.searched for question in asked])
        for gold, question, vector in zip(part, asked, vectors, strict=True):
            yield gold, question, retrieve(engine.archive, question, vector, Filters())


def _ordered(found: Found, system: System) -> Found:
    """`found` as `system` orders it; passages its sources did not name are left out."""
    if system is System.RETRIEVAL:
        return found
    scored = [(score, hit) for hit in found.hits if (score := _score(hit, system)) is not None]
    scored.sort(key=lambda item: (-item[0], item[1].article_id, item[1].span.start))
    return replace(found, hits=tuple(rescored(hit, score) for score, hit in scored))


def _score(hit: Hit, system: System) -> float | None:
    source = {System.DENSE: "passage", System.SENTENCE: "sentence", System.BM25: "terms"}.get(system)
    if source is not None:
        # Far enough apart that a quote comes from the first passage.
        return -100.0 * hit.ranks[source] if source in hit.ranks else None
    ranks = [hit.ranks[name] for name in ("passage", "terms") if name in hit.ranks]
    return 1e6 * sum(1 / (_RRF + rank) for rank in ranks) if ranks else None


def _documents(found: Found, names: Mapping[str, Sequence[str]]) -> tuple[tuple[str, float], ...]:
    best: dict[str, float] = {}
    for hit in found.hits:
        for document in names[hit.article_id]:
            best.setdefault(document, hit.score)
    return tuple(best.items())
