"""Figures: retrieval by ir-measures, evidence and abstention by their definitions, each with its uncertainty."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ir_measures
import numpy as np
from numpy.typing import NDArray

from index.analysis import words
from index.errors import UsageError
from index.records import Span
from index.sentences import split_sentences
from qa.evaluation.records import DEFAULT_MEASURES, GoldAnswer, GoldQuestion
from qa.evaluation.systems import Outcome
from qa.records import Citation, Status

_RESAMPLES = 1_000
_SEED = 20_251_024
_BINS = 10
_PROVIDERS = (ir_measures.pytrec_eval, ir_measures.msmarco, ir_measures.judged)
"""What computes the measures; the second has RR with a cutoff, the third Judged."""


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over questions with its 95 % percentile bootstrap interval (1,000 resamples, fixed seed)."""

    n: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Abstention:
    """How well *answered* and *not found* were told apart.

    Attributes:
        precision: of *answered*: share of answered questions that can be answered.
        recall: share of answerable questions that were answered.
        auroc: of `confidence`, answerable against unanswerable; the same for near ones alone, None without any.
        risks: expected error among the first i + 1 questions by confidence, equally sure ones in any order; right is
            a first quote that holds the answer.
        aurc: area under the risk-coverage curve (Geifman and El-Yaniv 2017): the mean of `risks`.
        ece: expected calibration error of `confidence` over ten equal bins (Guo et al. 2017).
        bins: (mean confidence, share right, questions) of the bins that hold any.
    """

    n: int
    precision: float
    recall: float
    f1: float
    auroc: float
    auroc_near: float | None
    risks: tuple[float, ...]
    aurc: float
    ece: float
    bins: tuple[tuple[float, float, int], ...]


def parse_measures(text: str) -> list[ir_measures.Measure]:
    """The measures `text` names, as ir-measures writes them.

    Raises:
        UsageError: one of them is unknown, or cannot be computed with its parameters.
    """
    measures = []
    for name in re.split(r"[\s,]+(?![^()]*\))", text.strip()):
        try:
            measures.append(_checked(ir_measures.parse_measure(name)))
        except (NameError, ValueError, SyntaxError, TypeError, AssertionError) as error:
            raise UsageError(f"unknown measure {name!r}", f"write measures like «{DEFAULT_MEASURES} AP»") from error
    return list(dict.fromkeys(measures))


def _checked(measure: ir_measures.Measure) -> ir_measures.Measure:
    """`measure`, once tried on a question with a result.

    Raises:
        ValueError, TypeError, AssertionError: it cannot be computed.
    """
    # trec_eval ends the process at a cutoff below 1.
    if measure.params.get("cutoff", 1) < 1 or not any(provider.supports(measure) for provider in _PROVIDERS):
        raise ValueError(str(measure))
    list(ir_measures.iter_calc([measure], [ir_measures.Qrel("1", "1", 1)], [ir_measures.ScoredDoc("1", "1", 1.0)]))
    return measure


def retrieval_values(
    outcomes: Sequence[Outcome], measures: Sequence[ir_measures.Measure]
) -> dict[str, NDArray[np.float64]]:
    """By measure, a value for each outcome whose question has gold; a question without result counts 0.

    Values stand in the order of the outcomes, those without gold (NaN) included.
    """
    judged = {
        str(place): outcome
        for place, outcome in enumerate(outcomes)
        if any(grade > 0 for grade in outcome.question.relevant.values())
    }
    qrels = [
        ir_measures.Qrel(key, document, grade)
        for key, outcome in judged.items()
        for document, grade in outcome.question.relevant.items()
    ]
    # Scores are replaced by ranks: ties were broken already, and tools break them differently.
    run = [
        ir_measures.ScoredDoc(key, document, float(-rank))
        for key, outcome in judged.items()
        for rank, (document, _) in enumerate(outcome.ranking)
    ]
    values = {str(measure): np.full(len(outcomes), np.nan) for measure in measures}
    for metric in ir_measures.iter_calc(list(measures), qrels, run):
        values[str(metric.measure)][int(metric.query_id)] = metric.value
    for column in values.values():
        unanswered = np.isnan(column)
        unanswered[[place for place in range(len(outcomes)) if str(place) not in judged]] = False
        column[unanswered] = 0.0
    return values


def evidence_values(outcomes: Sequence[Outcome], names: dict[str, list[str]]) -> dict[str, NDArray[np.float64]]:
    """For each outcome with gold answers: does the first quote, or one of the first three, hold an answer whole; and
    the best token F1 (Rajpurkar et al. 2016) between the first quote and the gold sentences. NaN without answers.
    """
    columns = {name: np.full(len(outcomes), np.nan) for name in ("quote@1", "quote@3", "token-F1")}
    for place, outcome in enumerate(outcomes):
        if not outcome.question.answers:
            continue
        shown = outcome.answer.citations or outcome.answer.nearest
        hits = [holds_answer(citation, outcome.question, names) for citation in shown[:3]]
        columns["quote@1"][place] = float(hits[:1] == [True])
        columns["quote@3"][place] = float(any(hits))
        columns["token-F1"][place] = _best_f1(shown[0], outcome.question, names) if shown else 0.0
    return columns


def holds_answer(citation: Citation, question: GoldQuestion, names: dict[str, list[str]]) -> bool:
    """Whether the quote holds one of the question's answers whole, at its place."""
    documents = names[citation.quote.article.id]
    return any(a.document in documents and citation.quote.span.covers(a.span) for a in question.answers)


def _best_f1(citation: Citation, question: GoldQuestion, names: dict[str, list[str]]) -> float:
    """Against the sentences around the answers that stand in the quote's own article; 0 where none does."""
    article = citation.quote.article
    answers = [answer for answer in question.answers if answer.document in names[article.id]]
    quoted = _tokens(citation.quote.text)
    return max((_f1(quoted, _tokens(_around(article.text, answer))) for answer in answers), default=0.0)


def _around(text: str, answer: GoldAnswer) -> str:
    sentences = [s for s in split_sentences(text, Span(0, len(text))) if s.overlaps(answer.span)]
    return text[sentences[0].start : sentences[-1].end] if sentences else answer.span.of(text)


def _tokens(text: str) -> Counter[str]:
    return Counter(word.form for word in words(text))


def _f1(one: Counter[str], other: Counter[str]) -> float:
    shared = (one & other).total()
    return 2 * shared / (one.total() + other.total()) if shared else 0.0


def verbatim_rate(outcomes: Sequence[Outcome], documents: Mapping[str, str], names: dict[str, list[str]]) -> float:
    """Share of the quotes shown that equal, at their offsets, the text the data set itself gives; 1 for none.

    `documents` is document id to text.
    """
    quotes = [c.quote for outcome in outcomes for c in (*outcome.answer.citations, *outcome.answer.nearest)]
    exact = [quote.text == documents[names[quote.article.id][0]][quote.span.start : quote.span.end] for quote in quotes]
    return sum(exact) / len(exact) if exact else 1.0


def abstention(outcomes: Sequence[Outcome], names: dict[str, list[str]]) -> Abstention | None:
    """None unless some questions are said to be answerable and some unanswerable."""
    told = [outcome for outcome in outcomes if outcome.question.answerable is not None]
    answerable = np.array([bool(outcome.question.answerable) for outcome in told])
    if len(told) == 0 or answerable.all() or not answerable.any():
        return None
    answered = np.array([outcome.answer.status is Status.ANSWERED for outcome in told])
    sure = np.array([outcome.answer.confidence for outcome in told])
    right = np.array(
        [
            bool(shown) and holds_answer(shown[0], outcome.question, names)
            for outcome in told
            for shown in [outcome.answer.citations or outcome.answer.nearest]
        ]
    )
    precision = float((answered & answerable).sum() / max(1, answered.sum()))
    recall = float((answered & answerable).sum() / answerable.sum())
    near = np.array([outcome.question.near for outcome in told])
    kept = answerable | near
    # Among equally sure ones any order is as good: each counts as their mean, or the data set's order would decide.
    _, tied = np.unique(-sure, return_inverse=True)
    shares = np.bincount(tied, right) / np.bincount(tied)
    risks = 1 - np.cumsum(shares[np.sort(tied)]) / np.arange(1, len(told) + 1)
    bins = _bins(sure, right)
    return Abstention(
        len(told),
        precision,
        recall,
        2 * precision * recall / (precision + recall) if precision + recall else 0.0,
        auroc(answerable, sure),
        auroc(answerable[kept], sure[kept]) if near.any() else None,
        tuple(map(float, risks)),
        float(risks.mean()),
        sum(count * abs(mean - share) for mean, share, count in bins) / len(told),
        bins,
    )


def auroc(positive: NDArray[np.bool_], scores: NDArray[np.float64]) -> float:
    """Chance that a positive scores above a negative, ties half: the Mann-Whitney statistic."""
    from scipy.stats import rankdata

    ranks = rankdata(scores)
    n, m = int(positive.sum()), int((~positive).sum())
    return float((ranks[positive].sum() - n * (n + 1) / 2) / (n * m))


def _bins(sure: NDArray[np.float64], right: NDArray[np.bool_]) -> tuple[tuple[float, float, int], ...]:
    places = np.minimum((sure * _BINS).astype(int), _BINS - 1)
    return tuple(
        (float(sure[places == b].mean()), float(right[places == b].mean()), int((places == b).sum()))
        for b in range(_BINS)
        if (places == b).any()
    )


def mean_of(values: NDArray[np.float64]) -> Mean | None:
    """The mean of the values that are not NaN; None where there is none."""
    known = values[~np.isnan(values)]
    if len(known) == 0:
        return None
    draws = np.random.default_rng(_SEED).integers(0, len(known), (_RESAMPLES, len(known)))
    low, high = np.percentile(known[draws].mean(axis=1), [2.5, 97.5])
    return Mean(len(known), float(known.mean()), float(low), float(high))
