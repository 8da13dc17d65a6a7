"""The evaluation tab: the report on the shipped gold questions, measured here and now."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

from index.archive import Archive
from page.markup import escaped
from qa.evaluation.corpus import archive_of, document_names
from qa.evaluation.datasets import read_dataset
from qa.evaluation.measures import parse_measures
from qa.evaluation.records import DEFAULT_MEASURES, Dataset, System
from qa.evaluation.report import report_html
from qa.evaluation.scores import score
from qa.evaluation.systems import run_systems
from qa.messages import message
from qa.records import Language

_ROOT = Path(__file__).parents[1]
GOLD = _ROOT / "tests" / "data" / "seeds_gold.jsonl"
SEEDS = _ROOT / "seeds"


def evaluation_html(archive: Archive, interface: Language) -> str:
    """The report as a frame of its own, so that its style stays its own."""
    title = message("page_evaluation", interface)
    note = message("page_evaluation_note", interface)
    frame = f'<iframe class="report" title="{escaped(title)}" srcdoc="{escaped(_report(archive))}"></iframe>'
    return f"<p>{escaped(note)}</p>{frame}"


@functools.lru_cache(maxsize=1)
def _report(archive: Archive) -> str:
    """The report of the default system and the plain ones; measured on `archive` if that holds just the seeds."""
    dataset = read_dataset(GOLD, SEEDS)
    names = document_names(dataset)
    if set(archive.store.article_ids()) == set(names):
        return _measured(archive, dataset)
    with tempfile.TemporaryDirectory() as folder:
        own = archive_of(dataset, Path(folder) / "archive", SEEDS, archive.manifest.model.name)
        return _measured(own, dataset)


def _measured(archive: Archive, dataset: Dataset) -> str:
    names = document_names(dataset)
    systems = [System.DEFAULT, System.DENSE, System.BM25, System.RRF]
    outcomes = run_systems(archive, dataset, names, systems, lambda _: None)
    return report_html(score(archive, dataset, names, outcomes, parse_measures(DEFAULT_MEASURES)))
