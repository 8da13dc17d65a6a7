"""The report: one page that needs nothing else, the CSV behind it, and folders that are left alone."""

from __future__ import annotations

import csv
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import precision_recall_fscore_support as prfs
from sklearn.metrics import roc_auc_score

from qa.cli import main
from qa.evaluation.records import DatasetError, System
from qa.evaluation.report import _COLOURS, require_report
from tests.conftest import ROOT, SEEDS

GOLD = ROOT / "tests" / "data" / "seeds_gold.jsonl"
FILES = ["comparisons.csv", "questions.csv", "report.html", "rows.csv"]


class Reader(HTMLParser):
    """Collects the names of elements and all their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See HTMLParser."""
        self.elements.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file by heading."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def beir(folder: Path) -> Path:
    """A BEIR folder of one document and one question, with signs that HTML would take for markup."""
    folder.mkdir()
    document = {"_id": "d1", "text": "Il museo apre alle nove. Il bar apre alle dieci."}
    (folder / "corpus.jsonl").write_text(json.dumps(document), encoding="utf-8")
    (folder / "queries.it.jsonl").write_text('{"_id": "q1", "text": "Quando apre il museo?"}', encoding="utf-8")
    (folder / "qrels.it.tsv").write_text("q1\td1\t1\n", encoding="utf-8")
    return folder


def evaluate(dataset: Path, report: Path, *arguments: str) -> int:
    """``python -m qa evaluate --report`` in this process; returns the exit status."""
    given = ["evaluate", str(dataset), "--model", "hashing", "--report", str(report), *arguments]
    return main(given)


@pytest.fixture
def gold_report(hashing_path: Path, tmp_path: Path) -> Path:
    """The report of two systems on the shipped gold questions."""
    report = tmp_path / "report"
    options = ["--system", "default,bm25", "--sources", str(SEEDS), "--archive", str(hashing_path)]
    assert evaluate(GOLD, report, *options) == 0
    return report


def test_the_page_needs_nothing_else(gold_report: Path) -> None:
    """The page has no script, fetches nothing, and refers to nothing but itself."""
    text = (gold_report / "report.html").read_text(encoding="utf-8")

    reader = Reader()
    reader.feed(text)

    assert text.startswith("<!doctype html>")
    assert not reader.elements & {"script", "link", "img", "iframe", "object", "embed", "base", "image"}
    links = [value for name, value in reader.attributes if name in ("src", "href", "xlink:href", "data", "srcset")]
    assert [link for link in links if not link.startswith("#")] == []
    assert not re.search(r"url\(\s*['\"]?(?!#)|@import|javascript:|\bon\w+=", text)
    assert str(gold_report.parent) not in text


def test_the_page_says_what_was_measured(gold_report: Path) -> None:
    """The page names archive, model, settings and versions, has three tables and four plots, and a name for each."""
    text = (gold_report / "report.html").read_text(encoding="utf-8")

    for name in ("archive ", "model hashing", "passage size ", "reader none", "questions 120", "python ", "torch "):
        assert name in text
    assert re.findall(r"<h2>(.*?)</h2>", text) == [
        "Means with 95 % bootstrap intervals",
        "Answered or not found",
        "Paired permutation tests, all questions",
    ]
    assert re.findall(r"<figcaption>(.*?)</figcaption>", text) == [
        "Retrieval by language pair, first measure",
        "Rank of the first relevant document",
        "Risk and coverage",
        "Reliability of confidence",
    ]
    assert text.count("<svg") == text.count("</svg>") == 4
    assert "nan" not in re.sub(r"<[^>]*>", " ", text).lower().split()


def test_the_csv_behind_it(gold_report: Path) -> None:
    """The folder holds page and CSV; means in rows.csv are those of the values in questions.csv."""
    questions, means = rows(gold_report / "questions.csv"), rows(gold_report / "rows.csv")

    assert sorted(path.name for path in gold_report.iterdir()) == FILES
    assert len(questions) == 2 * 120
    for row in means:
        if not row["low"]:
            continue
        chosen = [
            float(question[row["measure"]])
            for question in questions
            if question["system"] == row["system"]
            and row["pair"] in ("all", question["pair"])
            and question[row["measure"]]
        ]
        assert int(row["n"]) == len(chosen)
        assert float(row["mean"]) == pytest.approx(sum(chosen) / len(chosen), abs=2e-6)
        assert float(row["low"]) <= float(row["mean"]) <= float(row["high"])
    assert len(rows(gold_report / "comparisons.csv")) == 7


def test_the_plots_can_be_drawn_again(gold_report: Path) -> None:
    """What questions.csv says of every question gives the abstention figures of rows.csv by scikit-learn."""
    questions = rows(gold_report / "questions.csv")
    told = {(row["system"], row["measure"]): row for row in rows(gold_report / "rows.csv") if row["pair"] == "all"}

    for system in ("default", "bm25"):
        part = [row for row in questions if row["system"] == system]
        answerable, answered = ([int(row[name]) for row in part] for name in ("answerable", "answered"))
        sure = np.array([float(row["confidence"]) for row in part])
        right = np.array([float(row["quote@1"] or 0) for row in part])
        measured = dict(zip(("precision", "recall", "F1"), prfs(answerable, answered, average="binary"), strict=False))
        measured["AUROC"] = roc_auc_score(answerable, sure)
        measured["AURC"] = np.mean([1 - right[np.argsort(-sure, kind="stable")][:n].mean() for n in range(1, 121)])

        assert {name: float(told[system, name]["mean"]) for name in measured} == pytest.approx(measured, abs=2e-6)
        assert {told[system, name]["n"] for name in measured} == {"120"}


def test_every_system_has_a_colour() -> None:
    """No two systems look alike, however many are compared."""
    assert len(set(_COLOURS)) == len(_COLOURS) >= len(System)


def test_the_same_figures_give_the_same_report(tmp_path: Path) -> None:
    """Two runs on the same data set write the same bytes."""
    folder = beir(tmp_path / "small")

    for name in ("one", "two"):
        assert evaluate(folder, tmp_path / name, "--system", "default,rrf") == 0

    assert [(tmp_path / "one" / name).read_bytes() for name in FILES] == [
        (tmp_path / "two" / name).read_bytes() for name in FILES
    ]


def test_a_report_without_any_gold(tmp_path: Path) -> None:
    """Questions that are all unanswerable have a report with nothing in its means."""
    gold = tmp_path / "gold.jsonl"
    gold.write_text('{"id": "1", "lang": "it", "question": "Chi ha vinto?", "answerable": false}\n', encoding="utf-8")

    assert evaluate(gold, tmp_path / "report", "--sources", str(SEEDS)) == 0

    assert (tmp_path / "report" / "rows.csv").read_text(encoding="utf-8") == "system,pair,measure,n,mean,low,high\n"


def test_names_are_no_markup(tmp_path: Path) -> None:
    """A data set's name is shown as it is written."""
    assert evaluate(beir(tmp_path / "a<b>&c"), tmp_path / "report") == 0

    assert "<h1>Virgolettato on a&lt;b&gt;&amp;c</h1>" in (tmp_path / "report" / "report.html").read_text("utf-8")


def test_a_former_report_is_replaced_whole(tmp_path: Path) -> None:
    """Over a former report, or an empty folder, the new one stands alone; nothing is left beside it."""
    folder, report = beir(tmp_path / "small"), tmp_path / "report"
    report.mkdir()

    assert evaluate(folder, report, "--measures", "P@1") == 0
    (report / "rows.csv").unlink()
    assert evaluate(folder, report, "--measures", "AP") == 0

    assert sorted(path.name for path in report.iterdir()) == FILES
    assert {row["measure"] for row in rows(report / "rows.csv")} == {"AP"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report", "small"]
    assert report.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("names", [["thesis.txt"], ["report.html", "thesis.txt"], ["questions.csv"]])
def test_a_folder_of_something_else_is_left_alone(
    tmp_path: Path, names: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder that holds anything but a report is refused before anything is measured, and stays as it is."""
    report = tmp_path / "report"
    report.mkdir()
    for name in names:
        (report / name).write_text("mine", encoding="utf-8")

    assert evaluate(beir(tmp_path / "small"), report) == 1

    out, err = capsys.readouterr()
    assert (out, err) == ("", f"error: {report} is there and is not a report — name another folder with --report\n")
    assert {path.name: path.read_text(encoding="utf-8") for path in report.iterdir()} == dict.fromkeys(names, "mine")


def test_a_file_in_the_report_s_place_is_left_alone(tmp_path: Path) -> None:
    """A file is no report."""
    (tmp_path / "report").write_text("mine", encoding="utf-8")

    with pytest.raises(DatasetError, match=r"is there and is not a report"):
        require_report(tmp_path / "report")

    assert (tmp_path / "report").read_text(encoding="utf-8") == "mine"


def test_folders_above_are_made(tmp_path: Path) -> None:
    """A report in a folder that is not there yet makes it."""
    assert evaluate(beir(tmp_path / "small"), tmp_path / "a" / "b") == 0

    assert sorted(path.name for path in (tmp_path / "a" / "b").iterdir()) == FILES


def test_a_report_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Below a file no folder can be made: one line, and nothing is left."""
    (tmp_path / "file").write_text("mine", encoding="utf-8")

    assert evaluate(beir(tmp_path / "small"), tmp_path / "file" / "report") == 1

    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith(f"error: cannot write {tmp_path / 'file' / 'report'}: ")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "small"]


def test_a_page_that_fails_leaves_the_former(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When writing fails midway the former report stays whole, and nothing stands beside it."""
    folder, report = beir(tmp_path / "small"), tmp_path / "report"
    assert evaluate(folder, report) == 0
    before = {path.name: path.read_bytes() for path in report.iterdir()}

    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("qa.evaluation.report.csv_text", full)
    assert evaluate(folder, report, "--measures", "AP") == 1

    assert {path.name: path.read_bytes() for path in report.iterdir()} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report", "small"]
