"""Scoring somebody's run file against TREC qrels; needs no archive."""

from __future__ import annotations

import argparse
import dataclasses
import io
import json
import math
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import ir_measures
import numpy as np

from index.errors import UsageError
from qa.evaluation.arguments import require_apart
from qa.evaluation.measures import mean_of
from qa.evaluation.records import DatasetError
from qa.evaluation.tables import csv_text
from qa.outputs import Outputs, require_places

_HIGHEST = 9999
"""Grade; greater ones make trec_eval's gains overflow."""


def score_run(given: argparse.Namespace, measures: list[ir_measures.Measure]) -> int:
    """Score somebody's run file against qrels; needs no archive."""
    if given.run is None:
        raise UsageError(f"{given.dataset} is taken for TREC qrels", "name the run to score with --run FILE")
    unused = [
        name
        for name in ("archive", "sources", "model", "system", "reader", "reranker", "report")
        if getattr(given, name)
    ]
    if unused:
        raise UsageError(
            f"a run file is scored without {', '.join(f'--{name}' for name in unused)}",
            "leave that out, or name a BEIR folder",
        )
    require_places(filter(None, [given.per_question]))
    require_apart([given.dataset, given.run, given.per_question])
    qrels, run = _read(given.dataset, given.run)
    known = {qrel.query_id for qrel in qrels if qrel.relevance > 0}
    # A question without relevant documents has no score; one that the run leaves out counts 0.
    gold = [qrel for qrel in qrels if qrel.query_id in known]
    values: dict[str, dict[str, float]] = {str(measure): dict.fromkeys(sorted(known), 0.0) for measure in measures}
    for metric in ir_measures.iter_calc(measures, gold, [document for document in run if document.query_id in known]):
        values[str(metric.measure)][metric.query_id] = metric.value
    if given.per_question:
        rows = [[i, *(f"{column[i]:.6g}" for column in values.values())] for i in sorted(known)]
        with Outputs() as outputs:
            outputs.file(given.per_question).write(csv_text([["id", *values], *rows]))
    means = {name: mean_of(np.array(list(column.values()))) for name, column in values.items()}
    figures = {name: dataclasses.asdict(mean) for name, mean in means.items() if mean is not None}
    if given.json:
        print(json.dumps({"questions": len(known), "measures": figures}))
    else:
        for name, mean in figures.items():
            print(f"{name}\t{mean['n']}\t{mean['value']:.4f} ({mean['low']:.4f}–{mean['high']:.4f})")
    return 0


def _read(dataset: Path, file: Path) -> tuple[list[Any], list[Any]]:
    """Qrels and run, checked one by one and against each other.

    Raises:
        DatasetError: one of them cannot be read, or they contradict themselves or each other.
    """
    qrels = _trec_lines(dataset, ir_measures.read_trec_qrels)
    run = _trec_lines(file, ir_measures.read_trec_run)
    known = {qrel.query_id for qrel in qrels if qrel.relevance > 0}
    # A run may have more questions than the qrels, as those that cannot be answered.
    strange = bool(run) and known.isdisjoint(document.query_id for document in run)
    if not known or strange:
        what = f"the run answers none of the questions, but {run[0].query_id}" if known else "nothing is relevant"
        raise DatasetError(f"{what} ({dataset}, {file})", "score a run of the same questions")
    if len({(document.query_id, document.doc_id) for document in run}) < len(run):
        raise DatasetError(f"{file} names a document twice for one question", "name it once")
    grades: dict[tuple[str, str], int] = {}
    for qrel in qrels:
        if grades.setdefault((qrel.query_id, qrel.doc_id), qrel.relevance) != qrel.relevance:
            raise DatasetError(f"{dataset} grades {qrel.doc_id} twice for {qrel.query_id}", "grade it once")
        if abs(qrel.relevance) > _HIGHEST:
            raise DatasetError(f"{dataset} has the grade {qrel.relevance}", f"grade up to {_HIGHEST}")
    if not all(math.isfinite(document.score) for document in run):
        raise DatasetError(f"{file} has a score that is no number", "write finite scores")
    return qrels, run


def _trec_lines(path: Path, read: Callable[[io.StringIO], Iterable[Any]]) -> list[Any]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"{path} cannot be read ({error})", "name a file in TREC's format") from error
    rows: list[Any] = []
    for number, line in enumerate(lines, start=1):
        try:
            rows += read(io.StringIO(line))
        except ValueError as error:
            raise DatasetError(
                f"line {number} of {path} is not in TREC's format",
                "qrels are «question 0 document grade», runs «question Q0 document rank score tag»",
            ) from error
    return rows
