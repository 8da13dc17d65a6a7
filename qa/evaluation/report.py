"""One self-contained HTML page with tables and plots, and the CSV behind them."""

from __future__ import annotations

import html
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np

from qa.evaluation.records import DatasetError
from qa.evaluation.scores import ALL, Scores
from qa.evaluation.tables import csv_text, per_question, tables
from qa.messages import message
from qa.outputs import Outputs
from qa.records import Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_NAME, _QUESTIONS, _ROWS, _COMPARISONS = "report.html", "questions.csv", "rows.csv", "comparisons.csv"
_COLOURS = ("#0b5394", "#b45309", "#38761d", "#741b47", "#555555", "#007a78")
"""One a system, dark enough on white for contrast of 4.5."""
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}"
    "table{border-collapse:collapse;font-size:.85rem;white-space:nowrap}td,th{padding:.15rem .6rem;text-align:left}"
    "tr:nth-child(even){background:#f3f3f3}.wide{overflow-x:auto}svg{max-width:100%;height:auto}"
    "figure{margin:1.5rem 0}figcaption{font-size:.9rem}"
)


def write_report(outputs: Outputs, folder: Path, scores: Scores) -> None:
    """Write ``report.html`` and its three CSV files for `folder`, which appears or changes as a whole."""
    aside = outputs.folder(folder)
    (aside / _NAME).write_text(report_html(scores, Language.ENGLISH), encoding="utf-8")
    (aside / _QUESTIONS).write_text(csv_text(per_question(scores)), encoding="utf-8")
    (aside / _ROWS).write_text(csv_text(_rows(scores)), encoding="utf-8")
    (aside / _COMPARISONS).write_text(csv_text(_comparisons(scores)), encoding="utf-8")


def require_report(folder: Path) -> None:
    """Check that `folder` is missing, empty or a former report, which may be replaced.

    Raises:
        DatasetError: it holds something else.
    """
    names = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    if (
        (folder.exists() and not folder.is_dir())
        or (names and _NAME not in names)
        or names - {_NAME, _QUESTIONS, _ROWS, _COMPARISONS}
    ):
        raise DatasetError(f"{folder} is there and is not a report", "name another folder with --report")


def report_html(scores: Scores, language: Language) -> str:
    """The page, its headings in `language`; it fetches nothing."""
    figures = {"report_bars": _bars, "report_ranks": _ranks}
    if any(row.abstention for row in scores.rows):
        figures |= {"report_risk": _risk, "report_reliability": _reliability}
    drawn = "".join(
        f"<figure>{_svg(draw, scores, language)}"
        f"<figcaption>{html.escape(message(name, language))}</figcaption></figure>"
        for name, draw in figures.items()
    )
    written = [f"<h2>{html.escape(title)}</h2>{_table(table)}" for title, table in tables(scores, language)]
    # The comparisons are by far the longest table, and the last.
    before = len(written) - bool(scores.comparisons)
    title = message("report_title", language, dataset=scores.dataset.name)
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light">'
        f"<title>{html.escape(title)}</title><style>{_STYLE}</style>"
        f"<h1>{html.escape(title)}</h1>{_settings(scores)}{''.join(written[:before])}{drawn}{''.join(written[before:])}</html>\n"
    )


def _settings(scores: Scores) -> str:
    facts = "; ".join(f"{name} {value}" for name, value in scores.settings.items())
    return f"<p>{html.escape(facts)}</p>"


def _table(table: Sequence[Sequence[str]]) -> str:
    head, *body = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in table)
    rows = "".join(f"<tr>{row}</tr>" for row in body)
    head = head.replace("td>", "th>")
    return f'<div class="wide" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _svg(draw: Callable[[Axes, Scores, Language], None], scores: Scores, language: Language) -> str:
    from matplotlib.figure import Figure

    # Fixed ids and no date: the same figures give the same page.
    with mpl.rc_context({"svg.hashsalt": "virgolettato", "svg.fonttype": "none", "font.family": "sans-serif"}):
        figure = Figure(figsize=(5, 3.6), layout="constrained")
        draw(figure.subplots(), scores, language)
        text = io.StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    return text.getvalue().partition("<svg")[1] + text.getvalue().partition("<svg")[2]


def _bars(axes: Axes, scores: Scores, language: Language) -> None:
    name = next(iter(next(iter(scores.values.values()))))
    pairs = list(dict.fromkeys(row.pair for row in scores.rows if name in row.means))
    labels = [message("report_all", language) if pair == ALL else pair for pair in pairs]
    bars = _grouped(axes, len(scores.values), labels)
    for system, places, colour in zip(scores.values, bars, _COLOURS, strict=False):
        found = {row.pair: row.means[name] for row in scores.rows if row.system is system and name in row.means}
        means = [found[pair] for pair in pairs]
        values = [mean.value for mean in means]
        spread = [[mean.value - mean.low for mean in means], [mean.high - mean.value for mean in means]]
        axes.bar(places, values, 0.8 / len(bars), yerr=spread, label=system.value, color=colour)
    axes.set_ylim(0, 1)
    axes.set_ylabel(name)
    _legend(axes)


def _grouped(axes: Axes, systems: int, labels: Sequence[str]) -> list[list[float]]:
    """For each system, where its bar stands in the group of each label."""
    axes.set_xticks(range(len(labels)), labels)
    return [[group - 0.4 + (n + 0.5) * 0.8 / systems for group in range(len(labels))] for n in range(systems)]


def _legend(axes: Axes) -> None:
    """Above the plot, so that it hides nothing."""
    if axes.get_legend_handles_labels()[0]:
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3, frameon=False)


def _ranks(axes: Axes, scores: Scores, language: Language) -> None:
    labels = ["1", "2", "3", "4–10", "11–20", message("report_later", language), message("report_none", language)]
    bars = _grouped(axes, len(scores.ranks), labels)
    for (system, ranks), places, colour in zip(scores.ranks.items(), bars, _COLOURS, strict=False):
        questions = scores.dataset.questions
        judged = [n for n, q in zip(ranks, questions, strict=True) if any(grade > 0 for grade in q.relevant.values())]
        counts = [0] * len(labels)
        for rank in judged:
            counts[6 if rank == 0 else rank - 1 if rank <= 3 else 3 if rank <= 10 else 4 if rank <= 20 else 5] += 1
        shares = [count / max(1, len(judged)) for count in counts]
        axes.bar(places, shares, 0.8 / len(bars), label=system.value, color=colour)
    axes.set_ylim(0, 1)
    axes.set_ylabel(message("report_share", language))
    _legend(axes)


def _risk(axes: Axes, scores: Scores, language: Language) -> None:
    for number, row in enumerate(row for row in scores.rows if row.pair == ALL and row.abstention):
        assert row.abstention is not None
        risks = row.abstention.risks
        coverage = np.arange(1, len(risks) + 1) / len(risks)
        axes.plot(coverage, risks, label=row.system.value, color=_COLOURS[number])
    axes.set_xlabel(message("report_coverage", language))
    axes.set_ylabel(message("report_wrong", language))
    axes.set_ylim(0, 1)
    _legend(axes)


def _reliability(axes: Axes, scores: Scores, language: Language) -> None:
    axes.plot([0, 1], [0, 1], linestyle=":", color="#555555")
    for number, row in enumerate(row for row in scores.rows if row.pair == ALL and row.abstention):
        assert row.abstention is not None
        sure, right, _ = zip(*row.abstention.bins, strict=True)
        axes.plot(sure, right, marker="o", label=row.system.value, color=_COLOURS[number])
    axes.set_xlabel(message("report_confidence", language))
    axes.set_ylim(-0.03, 1.03)
    axes.set_ylabel(message("report_right", language))
    _legend(axes)


def _rows(scores: Scores) -> list[list[str]]:
    table = [["system", "pair", "measure", "n", "mean", "low", "high"]]
    for row in scores.rows:
        for name, mean in row.means.items():
            figures = [f"{value:.6f}" for value in (mean.value, mean.low, mean.high)]
            table.append([row.system.value, row.pair, name, str(mean.n), *figures])
        told = row.abstention
        if told is not None:
            named = [("precision", told.precision), ("recall", told.recall), ("F1", told.f1), ("AUROC", told.auroc)]
            named += [] if told.auroc_near is None else [("AUROC near", told.auroc_near)]
            for name, value in [*named, ("AURC", told.aurc), ("ECE", told.ece)]:
                table.append([row.system.value, row.pair, name, str(told.n), f"{value:.6f}", "", ""])
    return table


def _comparisons(scores: Scores) -> list[list[str]]:
    table = [["one", "other", "measure", "difference", "p", "p_holm"]]
    for c in scores.comparisons:
        table.append([c.one, c.other, c.measure, *(f"{value:.6f}" for value in (c.difference, c.p, c.p_holm))])
    return table
