"""Figures as text, JSON and TREC files; a file appears whole or not at all."""

from __future__ import annotations

import dataclasses
import math
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from qa.evaluation.measures import Abstention, Mean
from qa.evaluation.records import DatasetError, System
from qa.evaluation.scores import Row, Scores
from qa.evaluation.systems import Outcome


def scores_text(scores: Scores) -> str:
    """The figures as aligned columns: settings, means with their intervals, abstention, comparisons."""
    lines = [f"{name}: {value}" for name, value in scores.settings.items()]
    for title, table in tables(scores):
        lines += ["", title, *_aligned(table)]
    return "\n".join(lines) + "\n"


def tables(scores: Scores) -> list[tuple[str, list[list[str]]]]:
    """Titles and tables, each with its heading row; only those that have something to say."""
    found = [("means with 95 % bootstrap intervals", _means_table(scores.rows))]
    told = [(row, row.abstention) for row in scores.rows if row.abstention is not None]
    if told:
        found.append(("answered or not found", [_ABSTENTION_HEAD, *(_abstention_cells(*item) for item in told)]))
    if scores.comparisons:
        body = [
            [c.one, c.other, c.measure, f"{c.difference:+.3f}", f"{c.p:.4f}", f"{c.p_holm:.4f}"]
            for c in scores.comparisons
        ]
        head = ["one", "other", "measure", "difference", "p", "p (Holm)"]
        found.append(("paired permutation tests, all questions", [head, *body]))
    return found


_ABSTENTION_HEAD = ["system", "pair", "n", "precision", "recall", "F1", "AUROC", "AUROC near", "AURC", "ECE"]


def _means_table(rows: Sequence[Row]) -> list[list[str]]:
    names = list(dict.fromkeys(name for row in rows for name in row.means))
    table = [["system", "pair", "n", *names, "verbatim"]]
    for row in rows:
        counts = "/".join(map(str, dict.fromkeys(mean.n for mean in row.means.values()))) or "0"
        cells = [_mean_cell(row.means.get(name)) for name in names]
        table.append([row.system.value, row.pair, counts, *cells, f"{row.verbatim:.0%}"])
    return table


def _mean_cell(mean: Mean | None) -> str:
    return "–" if mean is None else f"{mean.value:.3f} ({mean.low:.3f}–{mean.high:.3f})"


def _abstention_cells(row: Row, told: Abstention) -> list[str]:
    near = "–" if told.auroc_near is None else f"{told.auroc_near:.3f}"
    figures = [f"{value:.3f}" for value in (told.precision, told.recall, told.f1, told.auroc)]
    return [row.system.value, row.pair, str(told.n), *figures, near, f"{told.aurc:.3f}", f"{told.ece:.3f}"]


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
    """A heading and a row for each question and system: values, empty where it has no gold."""
    names = list(next(iter(scores.values.values())))
    table = [["system", "id", "language", "pair", "rank", *names]]
    for system, columns in scores.values.items():
        for place, question in enumerate(scores.dataset.questions):
            values = (float(columns[name][place]) for name in names)
            cells = ["" if math.isnan(value) else f"{value:.6g}" for value in values]
            rank = str(scores.ranks[system][place] or "")
            table.append([system.value, question.id, question.language.value, scores.pairs[place], rank, *cells])
    return table


def write_runs(path: Path, outcomes: dict[System, list[Outcome]]) -> list[Path]:
    """Write each system's rankings as a TREC run: `path`, or with several systems one file each, ``NAME.system.EXT``.

    Questions of two languages that share an id are told apart by ``id.language``. Of equal scores the later one is
    written a little lower, so that every tool keeps the order.

    Raises:
        DatasetError: an id has a space, which TREC's format cannot hold; a file cannot be written; none appears then.
    """
    paths = [path if len(outcomes) == 1 else path.with_name(f"{path.stem}.{name}{path.suffix}") for name in outcomes]
    texts = [_run_text(system, results) for system, results in outcomes.items()]
    write_whole(dict(zip(paths, texts, strict=True)))
    return paths


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


def write_whole(files: dict[Path, str]) -> None:
    """Write all `files` aside, then rename them into place.

    Raises:
        DatasetError: one of them cannot be written; none appears then.
    """
    aside: dict[Path, Path] = {}
    require_places(files)
    try:
        for path, text in files.items():
            with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.resolve().parent, delete=False) as file:
                aside[path] = Path(file.name)
                file.write(text)
            aside[path].chmod(0o644)
        for path, written in aside.items():
            written.replace(path)
    except OSError as error:
        raise DatasetError(f"cannot write {path}: {error.strerror}", "name a writable folder") from error
    finally:
        for written in aside.values():
            written.unlink(missing_ok=True)


def require_places(paths: Iterable[Path]) -> None:
    """Check that each of `paths` can be a file; cheap, so that nobody waits for figures that cannot be written.

    Raises:
        DatasetError: it is a folder, or lies in none.
    """
    for path in paths:
        if path.is_dir() or not path.resolve().parent.is_dir():
            what = "it is a folder" if path.is_dir() else "its folder is missing"
            raise DatasetError(f"cannot write {path}: {what}", "name a file in a writable folder")
