"""From outcomes to a table: by system and by language pair."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ir_measures
import numpy as np
from numpy.typing import NDArray

from index.archive import Archive
from qa.answer import Engine
from qa.evaluation.comparison import Comparison, compare
from qa.evaluation.measures import (
    Abstention,
    Mean,
    abstention,
    evidence_values,
    mean_of,
    retrieval_values,
    verbatim_rate,
)
from qa.evaluation.records import Dataset, System
from qa.evaluation.systems import Outcome
from qa.reading.records import NONE
from qa.records import Answer

ALL = "all"
_LIBRARIES = (
    "sentence-transformers", "transformers", "torch", "faiss-cpu", "tantivy", "ir-measures", "pytrec-eval-terrier",
    "numpy", "scipy",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One system on one language pair (``it→it``, or ``all``)."""

    system: System
    pair: str
    means: Mapping[str, Mean]
    verbatim: float
    abstention: Abstention | None


@dataclass(frozen=True, slots=True)
class Scores:
    """All figures of one evaluation, and what they were measured with.

    Attributes:
        values: by system and measure, a value for each question in the data set's order; NaN where it has no gold.
        pairs: the questions' language pairs, in the same order.
        ranks: by system, the rank from 1 of each question's first relevant document; 0 where it was not found.
        answers: by system, the answers in the same order.
    """

    dataset: Dataset
    rows: tuple[Row, ...]
    comparisons: tuple[Comparison, ...]
    values: Mapping[System, Mapping[str, NDArray[np.float64]]]
    pairs: tuple[str, ...]
    ranks: Mapping[System, tuple[int, ...]]
    answers: Mapping[System, tuple[Answer, ...]]
    settings: Mapping[str, Any]


def score(
    engine: Engine,
    dataset: Dataset,
    names: dict[str, list[str]],
    outcomes: Mapping[System, Sequence[Outcome]],
    measures: Sequence[ir_measures.Measure],
) -> Scores:
    """The figures of `outcomes`, which `engine` came to."""
    pairs = language_pairs(engine.archive, dataset, names)
    values = {
        system: retrieval_values(results, measures) | evidence_values(results, names)
        for system, results in outcomes.items()
    }
    texts = {document.id: document.text for document in dataset.documents}
    rows = []
    for system, results in outcomes.items():
        for pair in [*sorted(set(pairs)), ALL]:
            chosen = np.array([pair in (ALL, p) for p in pairs])
            part = [outcome for outcome, taken in zip(results, chosen, strict=True) if taken]
            means = {name: mean for name, column in values[system].items() if (mean := mean_of(column[chosen]))}
            verbatim = verbatim_rate(part, texts, names)
            told = abstention(part, names)
            # Questions without gold have a pair of their own in which nothing is measured.
            if means or told or pair == ALL:
                rows.append(Row(system, pair, means, verbatim, told))
    compared = compare({system.value: dict(columns) for system, columns in values.items()})
    ranks = {system: tuple(map(_first_rank, results)) for system, results in outcomes.items()}
    answers = {system: tuple(outcome.answer for outcome in results) for system, results in outcomes.items()}
    settings = _settings(engine, dataset, measures)
    return Scores(dataset, tuple(rows), tuple(compared), values, pairs, ranks, answers, settings)


def language_pairs(archive: Archive, dataset: Dataset, names: dict[str, list[str]]) -> tuple[str, ...]:
    """For each question, its language and that of its relevant documents; an unanswerable one has the archive's."""
    languages = {article.id: article.language or "?" for article in archive.store.articles()}
    by_document = {document: languages[i] for i, held in names.items() for document in held if i in languages}
    everywhere = "+".join(sorted(set(languages.values())))
    pairs = []
    for question in dataset.questions:
        gold = {by_document[document] for document, grade in question.relevant.items() if grade > 0}
        pairs.append(f"{question.language}→{'+'.join(sorted(gold)) or everywhere}")
    return tuple(pairs)


def _first_rank(outcome: Outcome) -> int:
    relevant = (n for n, (d, _) in enumerate(outcome.ranking, start=1) if outcome.question.relevant.get(d, 0) > 0)
    return next(relevant, 0)


def _settings(engine: Engine, dataset: Dataset, measures: Sequence[ir_measures.Measure]) -> dict[str, Any]:
    manifest = engine.archive.manifest
    return {
        "data set": dataset.name,
        "data set fingerprint": dataset.fingerprint,
        "questions": len(dataset.questions),
        "archive": manifest.index_id,
        "articles": manifest.articles,
        "passages": manifest.passages,
        "sentences": manifest.sentences,
        "passage size": manifest.passage_size,
        "model": manifest.model.name,
        "precision": manifest.model.precision.value,
        "reader": NONE if engine.reader is None else engine.reader.name,
        "reranker": NONE if engine.reranker is None else engine.reranker.name,
        "python": platform.python_version(),
        "measures": " ".join(map(str, measures)),
        **{name: importlib.metadata.version(name) for name in _LIBRARIES},
    }
