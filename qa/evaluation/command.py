"""``python -m qa evaluate``."""

from __future__ import annotations

import argparse
import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from index.errors import UsageError
from index.progress import progress
from index.settings import place_of
from index.terminal import json_line
from qa.evaluation.arguments import require_apart, require_outside
from qa.evaluation.corpus import archive_of, document_names, published
from qa.evaluation.datasets import read_dataset
from qa.evaluation.measures import parse_measures
from qa.evaluation.records import System
from qa.evaluation.scores import score
from qa.evaluation.systems import run_systems
from qa.evaluation.tables import csv_text, per_question, scores_json, scores_text, write_runs
from qa.evaluation.trec import score_run
from qa.outputs import Outputs, require_places
from qa.reading.opening import open_engine
from qa.reading.records import NONE

SEEDS = Path("seeds")


def evaluate(given: argparse.Namespace) -> int:
    """Measure, print, and write what was asked for; returns 0."""
    measures = parse_measures(given.measures)
    systems = _systems(given.system or System.DEFAULT)
    if given.dataset.is_file() and given.dataset.suffix not in (".jsonl", ".json"):
        return score_run(given, measures)
    if given.sources and given.dataset.is_dir():
        raise UsageError(f"{given.dataset} brings its own texts", "leave out --sources")
    require_apart([given.dataset, given.run, given.per_question], [given.report, given.archive])
    require_places(path for path in (given.run, given.per_question) if path)
    sources = given.sources or SEEDS
    require_outside([given.run, given.per_question, given.report], given.dataset if given.dataset.is_dir() else sources)
    if System.DEFAULT not in systems and (given.reranker or given.reader not in (None, NONE)):
        raise UsageError("only the system default reads", f"add {System.DEFAULT} to --system, or use --reader {NONE}")
    if given.report:
        from qa.evaluation.report import require_report

        require_report(given.report)
    dataset = read_dataset(given.dataset, sources)
    with _archive_folder(given.archive) as folder:
        # What others read is never built here: it is named, and holds the documents, or it is an error.
        place = place_of(given) if given.engine or given.database else None
        archive = (
            archive_of(dataset, folder, sources, given.model) if place is None else published(dataset, place, sources)
        )
        names = document_names(dataset)
        engine = open_engine(archive, given.reader if System.DEFAULT in systems else NONE, given.reranker)
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
    print(json_line(scores_json(scores)) if given.json else scores_text(scores), end="")
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
