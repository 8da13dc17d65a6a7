"""Figures as text, JSON, CSV and TREC files."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index.terminal import printable
from qa.evaluation.measures import Abstention, Mean
from qa.evaluation.records import DatasetError, System
from qa.evaluation.scores import ALL, Row, Scores
from qa.evaluation.systems import Outcome
from qa.messages import message
from qa.outputs import Outputs
from qa.records import Language, Status
from qa.spreadsheet import table


def scores_text(scores: Scores) -> str:
    """The figures as aligned columns: settings, means with their intervals, abstention, comparisons."""
    lines = [f"{name}: {value}" for name, value in scores.settings.items()]
    for title, rows in tables(scores, Language.ENGLISH):
        lines += ["", title, *_aligned(rows)]
    return "".join(f"{printable(line)}\n" for line in lines)


def tables(scores: Scores, language: Language) -> list[tuple[str, list[list[str]]]]:
    """Titles and tables, each with its heading row, in `language`; only those that have something to say."""

    def said(name: str) -> str:
        return message(f"report_{name}", language)

    def pair(row: Row) -> str:
        return said("all") if row.pair == ALL else row.pair

    measures = list(dict.fromkeys(name for row in scores.rows for name in row.means))
    head = [said("system"), said("pair"), "n", *measures, said("verbatim")]
    found = [
        (said("means"), [head, *([row.system.value, pair(row), *means_cells(row, measures)] for row in scores.rows)])
    ]
    told = [(row, row.abstention) for row in scores.rows if row.abstention is not None]
    if told:
        head = [said("system"), said("pair"), "n", said("precision"), said("recall"), "F1", "AUROC", said("near")]
        body = [[row.system.value, pair(row), *_abstention(figures)] for row, figures in told]
        found.append((said("abstention"), [[*head, "AURC", "ECE"], *body]))
    if scores.comparisons:
        body = [
            [c.one, c.other, c.measure, f"{c.difference:+.3f}", f"{c.p:.4f}", f"{c.p_holm:.4f}"]
            for c in scores.comparisons
        ]
        head = [said("one"), said("other"), said("measure"), said("difference"), "p", "p (Holm)"]
        found.append((said("tests"), [head, *body]))
    return found


def means_cells(row: Row, measures: Sequence[str]) -> list[str]:
    """Counts, a cell for each of `measures`, and the verbatim rate."""
    counts = "/".join(map(str, dict.fromkeys(mean.n for mean in row.means.values()))) or "0"
    return [counts, *(_mean_cell(row.means.get(name)) for name in measures), _verbatim(row.verbatim)]


def _verbatim(share: float) -> str:
    """Rounded down: 100% is said only when every quote is verbatim."""
    return "100%" if share == 1 else f"{math.floor(10_000 * share) / 100:.2f}%"


def _mean_cell(mean: Mean | None) -> str:
    return "–" if mean is None else f"{mean.value:.3f} ({mean.low:.3f}–{mean.high:.3f})"


def _abstention(told: Abstention) -> list[str]:
    near = "–" if told.auroc_near is None else f"{told.auroc_near:.3f}"
    figures = [f"{value:.3f}" for value in (told.precision, told.recall, told.f1, told.auroc)]
    return [str(told.n), *figures, near, f"{told.aurc:.3f}", f"{told.ece:.3f}"]


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def scores_json(scores: Scores) -> dict[str, Any]:
    """The figures as plain values; per-question values apart."""
    rows = [
        {
            "system": row.system.value,
            "pair": row.pair,
            "measures": {name: dataclasses.asdict(mean) for name, mean in row.means.items()},
            "verbatim": row.verbatim,
            "abstention": None if row.abstention is None else dataclasses.asdict(row.abstention),
        }
        for row in scores.rows
    ]
    comparisons = [dataclasses.asdict(comparison) for comparison in scores.comparisons]
    return {"settings": dict(scores.settings), "rows": rows, "comparisons": comparisons}


def per_question(scores: Scores) -> list[list[str]]:
    """A heading and a row for each question and system: what was answered, and values, empty where it has no gold.

    ``answerable`` and ``answered`` are 1 or 0, ``answerable`` empty where the data set does not say.
    """
    names = list(next(iter(scores.values.values())))
    rows = [["system", "id", "language", "pair", "answerable", "answered", "confidence", "rank", *names]]
    for system, columns in scores.values.items():
        for place, question in enumerate(scores.dataset.questions):
            values = (float(columns[name][place]) for name in names)
            cells = ["" if math.isnan(value) else f"{value:.6g}" for value in values]
            rank = str(scores.ranks[system][place] or "")
            answer = scores.answers[system][place]
            answerable = "" if question.answerable is None else f"{question.answerable:d}"
            told = [answerable, f"{answer.status is Status.ANSWERED:d}", f"{answer.confidence:.6g}"]
            rows.append([system.value, question.id, question.language.value, scores.pairs[place], *told, rank, *cells])
    return rows


def write_runs(outputs: Outputs, path: Path, outcomes: dict[System, list[Outcome]]) -> None:
    """Write each system's rankings as a TREC run: `path`, or with several systems one file each, ``NAME.system.EXT``.

    Questions of two languages that share an id are told apart by ``id.language``. Of equal scores the later one is
    written a little lower, so that every tool keeps the order.

    Raises:
        DatasetError: an id has a space, which TREC's format cannot hold.
    """
    for system, results in outcomes.items():
        place = path if len(outcomes) == 1 else path.with_name(f"{path.stem}.{system}{path.suffix}")
        outputs.file(place).write(_run_text(system, results))


def _run_text(system: System, results: Sequence[Outcome]) -> str:
    ids = [outcome.question.id for outcome in results]
    shared = len(set(ids)) < len(ids)
    lines = []
    for outcome in results:
        question = outcome.question
        name = f"{question.id}.{question.language}" if shared else question.id
        former = np.float32(np.inf)
        for rank, (document, score) in enumerate(outcome.ranking, start=1):
            spaced = next((i for i in (name, document) if any(map(str.isspace, i))), None)
            if spaced is not None:
                raise DatasetError(f"the id {spaced!r} has a space, which a TREC run cannot hold", "leave out --run")
            # trec_eval keeps scores in 4 bytes, and has its own order for equal ones.
            former = min(np.float32(score), np.nextafter(former, np.float32(-np.inf)))
            lines.append(f"{name} Q0 {document} {rank} {former:.9g} virgolettato-{system}\n")
    return "".join(lines)


def csv_text(rows: Sequence[Sequence[str]]) -> str:
    """`rows`, the first of them the heading, as CSV."""
    return table(rows[0], rows[1:])
