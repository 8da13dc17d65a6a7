"""The evaluation tab: the report on the shipped gold questions, measured here and now."""

from __future__ import annotations

import functools
import tempfile
from dataclasses import replace
from pathlib import Path

from page.examples import SEEDS
from page.markup import escaped
from qa.answer import Engine
from qa.evaluation.corpus import archive_of, document_names
from qa.evaluation.datasets import read_dataset
from qa.evaluation.measures import parse_measures
from qa.evaluation.records import DEFAULT_MEASURES, Dataset, System
from qa.evaluation.report import report_html
from qa.evaluation.scores import Scores, score
from qa.evaluation.systems import run_systems
from qa.messages import message
from qa.records import Language

_ROOT = Path(__file__).parents[1]
GOLD = _ROOT / "tests" / "data" / "seeds_gold.jsonl"


def evaluation_html(scores: Scores, interface: Language) -> str:
    """The report as a frame of its own, so that its style stays its own."""
    title = message("page_evaluation", interface)
    note = message("page_evaluation_note", interface)
    report = report_html(scores, interface)
    frame = f'<iframe class="report" title="{escaped(title)}" srcdoc="{escaped(report)}"></iframe>'
    return f'<section lang="{interface.value}"><p>{escaped(note)}</p>{frame}</section>'


@functools.lru_cache(maxsize=1)
def measured(engine: Engine) -> Scores:
    """The figures of the default system and plainer ones; measured on the engine's archive if that holds the seeds."""
    dataset = read_dataset(GOLD, SEEDS)
    names = document_names(dataset)
    if set(engine.archive.store.article_ids()) == set(names):
        return _measured(engine, dataset)
    with tempfile.TemporaryDirectory() as folder:
        own = archive_of(dataset, Path(folder) / "archive", SEEDS, engine.archive.manifest.model.name)
        return _measured(replace(engine, archive=own), dataset)


def _measured(engine: Engine, dataset: Dataset) -> Scores:
    names = document_names(dataset)
    systems = [System.DEFAULT, System.RETRIEVAL, System.DENSE, System.BM25, System.RRF]
    outcomes = run_systems(engine, dataset, names, systems, lambda _: None)
    return score(engine, dataset, names, outcomes, parse_measures(DEFAULT_MEASURES))
