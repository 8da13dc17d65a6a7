"""Every attack as the name, the id and the words of what is evaluated: report, tables and terminal show it, no more."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from index.archive import Archive
from qa.answer import Engine
from qa.cli import main
from qa.evaluation.corpus import document_names
from qa.evaluation.datasets import read_dataset
from qa.evaluation.measures import parse_measures
from qa.evaluation.records import System
from qa.evaluation.report import report_html
from qa.evaluation.scores import Scores, score
from qa.evaluation.systems import run_systems
from qa.evaluation.tables import csv_text, per_question, scores_text
from qa.limits import MAX_QUESTION
from qa.records import Language
from tests.attacks import WRITABLE
from tests.conftest import SEEDS
from tests.test_hostile_outputs import Shown, cells, steering

_EACH = 60
"""Attacks in one name: a report is drawn for each name."""
ASKED = [attack for attack in dict.fromkeys(one.strip()[: MAX_QUESTION - 9] for one in WRITABLE) if attack]


@pytest.fixture(scope="module")
def gold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data set whose questions, and their ids, are the attacks."""
    path = tmp_path_factory.mktemp("gold") / "gold.jsonl"
    rows = [{"id": attack, "lang": "it", "question": f"Rossi {attack}", "answerable": False} for attack in ASKED]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def scores(gold: Path, hashing_original: Path) -> Scores:
    """Its figures with two systems."""
    dataset, engine = read_dataset(gold, SEEDS), Engine(Archive.open(hashing_original))
    names = document_names(dataset)
    outcomes = run_systems(engine, dataset, names, [System.DEFAULT, System.BM25], lambda _: None)
    return score(engine, dataset, names, outcomes, parse_measures("P@1"))


def test_the_report_is_the_same_page_whatever_it_is_called(scores: Scores) -> None:
    """Attacks in the data set's name and in the settings add no element, attribute or comment to the page, and its
    heading says them.
    """
    plain = Shown(report_html(_called(scores, "x"), Language.ITALIAN))
    for place in range(0, len(WRITABLE), _EACH):
        name = " ".join(WRITABLE[place : place + _EACH])
        page = report_html(_called(scores, name), Language.ITALIAN)
        shown = Shown(page)

        assert (shown.elements, shown.attributes, shown.others) == (plain.elements, plain.attributes, plain.others)
        assert shown.text.count(name) >= 2


def _called(scores: Scores, name: str) -> Scores:
    settings = {**scores.settings, "dataset": name}
    return replace(scores, dataset=replace(scores.dataset, name=name), settings=settings)


def test_the_tables_hold_each_attack_in_its_cell(scores: Scores) -> None:
    """Read as CSV, each id is the attack, marked where a spreadsheet would run it; none adds a cell."""
    table = csv_text(per_question(scores))
    rows = list(csv.DictReader(io.StringIO(table, newline="")))

    assert {row["id"].removeprefix("'") for row in rows} == set(ASKED)
    assert len(cells(table)) == 2 * len(ASKED) * len(rows[0])
    assert not [row["id"] for row in rows if row["id"].startswith(("=", "+", "@"))]


def test_the_terminal_is_not_steered(scores: Scores, gold: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The printed table holds nothing that steers; neither does what is said of a data set that cannot be read."""
    wrong = [attack[:60] for attack in WRITABLE if steering(scores_text(_called(scores, attack)))]
    for attack in WRITABLE[::10]:
        gold.with_name("bad.jsonl").write_text(json.dumps({"id": "1", "lang": attack, "question": "x"}), "utf-8")
        assert main(["evaluate", str(gold.with_name("bad.jsonl")), "--model", "hashing"]) == 1
        told = capfd.readouterr()
        wrong += [attack[:60] for text in told if steering(text)]

    assert wrong == []
