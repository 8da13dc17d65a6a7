"""``python -m qa evaluate``."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import io
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import ir_measures
import numpy as np

from index.errors import UsageError
from index.progress import progress
from qa.evaluation.corpus import archive_of, document_names
from qa.evaluation.datasets import read_dataset
from qa.evaluation.measures import mean_of, parse_measures
from qa.evaluation.records import DatasetError, System
from qa.evaluation.scores import score
from qa.evaluation.systems import run_systems
from qa.evaluation.tables import csv_text, per_question, scores_json, scores_text, write_runs
from qa.outputs import Outputs, require_places
from qa.reading.opening import open_engine

SEEDS = Path("seeds")


def evaluate(given: argparse.Namespace) -> int:
    """Measure, print, and write what was asked for; returns 0."""
    measures = parse_measures(given.measures)
    systems = _systems(given.system or System.DEFAULT)
    if given.dataset.is_file() and given.dataset.suffix not in (".jsonl", ".json"):
        return _score_run(given, measures)
    if given.sources and given.dataset.is_dir():
        raise UsageError(f"{given.dataset} brings its own texts", "leave out --sources")
    require_places(path for path in (given.run, given.per_question) if path)
    if given.report:
        from qa.evaluation.report import require_report

        require_report(given.report)
    sources = given.sources or SEEDS
    dataset = read_dataset(given.dataset, sources)
    with _archive_folder(given.archive) as folder:
        archive = archive_of(dataset, folder, sources, given.model)
        names = document_names(dataset)
        engine = open_engine(archive, given.reader, given.reranker)
        with progress("answering", len(dataset.questions)) as bar:
            outcomes = run_systems(engine, dataset, names, systems, bar.update)
        scores = score(engine, dataset, names, outcomes, measures)
        with Outputs() as outputs:
            if given.run:
                write_runs(outputs, given.run, outcomes)
            if given.per_question:
                outputs.file(given.per_question).write(csv_text(per_question(scores)))
            if given.report:
                from qa.evaluation.report import write_report

                write_report(outputs, given.report, scores)
    print(json.dumps(scores_json(scores), ensure_ascii=False) if given.json else scores_text(scores), end="")
    if given.json:
        print()
    return 0


def _systems(text: str) -> list[System]:
    try:
        return list(dict.fromkeys(System(name.strip()) for name in text.split(",")))
    except ValueError as error:
        raise UsageError(str(error), f"name some of: {', '.join(System)}") from error


@contextlib.contextmanager
def _archive_folder(path: Path | None) -> Iterator[Path]:
    if path is not None:
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "archive"


def _score_run(given: argparse.Namespace, measures: list[ir_measures.Measure]) -> int:
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
    qrels = _trec_lines(given.dataset, ir_measures.read_trec_qrels)
    run = _trec_lines(given.run, ir_measures.read_trec_run)
    known = {qrel.query_id for qrel in qrels if qrel.relevance > 0}
    stray = sorted({document.query_id for document in run} - {qrel.query_id for qrel in qrels})
    if not known or stray:
        what = f"the run has questions without qrels, as {stray[0]}" if stray else "nothing is relevant in the qrels"
        raise DatasetError(f"{what} ({given.dataset}, {given.run})", "score a run of the same questions")
    if len({(document.query_id, document.doc_id) for document in run}) < len(run):
        raise DatasetError(f"{given.run} names a document twice for one question", "name it once")
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
