"""Fits confidence: from what the reader says to the probability that the archive answers.

``python -m training.calibrate --bench BENCH --work DIR --out models/confidence.json`` asks the program itself, with the
shipped reader, what neither was trained on: questions on the held-out titles of SQuAD-it over its whole archive, once
as they are and once with their own paragraph withheld, and the held-out questions about news over all 62 articles in
Italian. A logistic regression (scikit-learn, unit penalty on standardised signals; the three sources weigh alike)
tells answerable questions from the rest. Figures are cross-fitted: whole titles and articles are left out in turn. They
are printed as JSON; with ``--figures`` nothing is written.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from index.archive import Archive
from index.build import build
from index.records import Span
from qa.answer import Engine, read_question
from qa.confidence import ANSWERED, signals
from qa.evaluation.corpus import archive_of, document_names
from qa.evaluation.datasets import read_dataset
from qa.evidence import find_evidence
from qa.reading.bundled import BundledReader
from qa.reading.calibration import Calibration
from qa.reading.records import Reader, Reading, Window
from qa.records import Filters, Language
from qa.retrieve import Found, retrieve
from qa.saying import asked_speaker
from training.data import held_out_titles, json_lines, squad

_QUOTES = 3
_HOW = ((0, "without the reader"), (1, "with it"))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question put to the program.

    Attributes:
        source: ``titles``, ``withheld`` or ``news``.
        group: the title or article it is about.
        answerable: whether the gold is among what could be found.
        ranks: of the first quote that holds it, from 0, without the reader and with it; None where none of three does.
        first: whether the passage found first is of a text that holds the gold, without the reader and with it.
        told: the signals of the first quote.
    """

    source: str
    lang: str
    group: str
    answerable: bool
    ranks: tuple[int | None, int | None]
    first: tuple[bool, bool]
    told: dict[str, float]


class Remembering:
    """`reader`, which reads no window twice for one question: most are the same when a paragraph is withheld."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._question = ""
        self._known: dict[Window, Reading] = {}

    @property
    def name(self) -> str:
        """See :class:`qa.reading.records.Reader`."""
        return self._reader.name

    @property
    def calibration(self) -> Calibration | None:
        """See :class:`qa.reading.records.Reader`."""
        return self._reader.calibration

    def read(self, question: str, windows: Sequence[Window]) -> list[Reading]:
        """See :class:`qa.reading.records.Reader`."""
        if question != self._question:
            self._question, self._known = question, {}
        new = [window for window in windows if window not in self._known]
        self._known |= zip(new, self._reader.read(question, new), strict=True)
        return [self._known[window] for window in windows]


def asked(
    engine: Engine, text: str, lang: str, gold: list[tuple[str, Span]], withheld: frozenset[str]
) -> tuple[tuple[int | None, int | None], tuple[bool, bool], dict[str, float]]:
    """What :class:`Asked` tells of it: ranks, which is first, and the signals. Nothing `withheld` is found."""
    question = read_question(text, Language(lang))
    vector = engine.archive.encoder.encode_questions([question.searched])[0]
    found = retrieve(engine.archive, question, vector, Filters())
    found = replace(found, hits=tuple(hit for hit in found.hits if hit.article_id not in withheld))
    saying = asked_speaker(engine.archive, question, found.articles)

    def rank(found: Found) -> int | None:
        for at, quote in enumerate(find_evidence(found, _QUOTES, saying)):
            if any(quote.hit.article_id == article and quote.span.covers(span) for article, span in gold):
                return at
        return None

    told = engine.read(question, found)
    right = {article for article, _ in gold}
    first = (found.hits[0].article_id in right, told.hits[0].article_id in right)
    return (rank(found), rank(told)), first, signals(told, find_evidence(told, 1)[0])


def titles(bench: Path, work: Path, reader: Reader, most: int) -> Iterator[Asked]:
    """Questions on held-out titles, at most `most` in a language, each as it is and with its paragraph withheld."""
    dataset = read_dataset(bench / "squad-it-dev", Path())
    engine = Engine(archive_of(dataset, work / "titles", Path(), None), reader)
    closed = held_out_titles(squad(bench).items.values())
    articles = {document: article for article, names in document_names(dataset).items() for document in names}
    about = {document.id: document.title or "" for document in dataset.documents}
    questions = [q for q in dataset.questions if q.answers and about[q.answers[0].document] in closed]
    random.Random(1).shuffle(questions)
    for language in Language:
        for question in [q for q in questions if q.language is language][:most]:
            gold = [(articles[answer.document], answer.span) for answer in question.answers]
            group = about[question.answers[0].document]
            seen = asked(engine, question.text, language, gold, frozenset())
            yield Asked("titles", language, group, True, *seen)
            seen = asked(engine, question.text, language, [], frozenset(article for article, _ in gold))
            yield Asked("withheld", language, group, False, *seen)


def news(bench: Path, work: Path, reader: Reader, questions: Path) -> Iterator[Asked]:
    """The held-out questions about news, on the Italian articles."""
    build(work / "news", [bench / "ntrex-dev" / "it"])
    archive = Archive.open(work / "news")
    engine = Engine(archive, reader)
    by_name = {Path(article.source_file).stem: article for article in archive.store.articles()}
    for row in json_lines(questions):
        article = by_name[row["article"]]
        lines = [0]
        for line in article.text.split("\n"):
            lines.append(lines[-1] + len(line) + 1)
        gold = [(article.id, Span(lines[at] + start, lines[at] + end)) for at, start, end in row["gold"].get("it", [])]
        seen = asked(engine, row["question"], row["lang"], gold, frozenset())
        yield Asked("news", row["lang"], row["article"], row["answerable"], *seen)


def fitted(rows: list[Asked]) -> tuple[dict[str, object], dict[str, object]]:
    """The calibration of all `rows`, and cross-fitted figures by source and language."""
    names = list(rows[0].told)
    x = np.array([[row.told[name] for name in names] for row in rows])
    y = np.array([row.answerable for row in rows])
    # Each source counts alike, however many questions it has.
    count = {source: sum(row.source == source for row in rows) for source in {row.source for row in rows}}
    weights = np.array([1 / count[row.source] for row in rows]) * len(rows) / len(count)
    model = make_pipeline(StandardScaler(), LogisticRegression())
    sure = np.zeros(len(rows))
    for train, test in GroupKFold(n_splits=8).split(x, y, [row.group for row in rows]):
        model.fit(x[train], y[train], logisticregression__sample_weight=weights[train])
        sure[test] = model.predict_proba(x[test])[:, 1]
    model.fit(x, y, logisticregression__sample_weight=weights)
    scale, regression = model.named_steps["standardscaler"], model.named_steps["logisticregression"]
    slopes = regression.coef_[0] / scale.scale_
    bias = float(regression.intercept_[0] - (slopes * scale.mean_).sum())
    calibration = {
        "weights": {name: round(float(w), 5) for name, w in zip(names, slopes, strict=True)},
        "bias": round(bias, 5),
    }
    figures: dict[str, object] = {}
    for lang in Language:
        for label, sources in (("titles", ("titles", "withheld")), ("news", ("news",))):
            chosen = np.array([row.lang == lang and row.source in sources for row in rows])
            part = [row for row, taken in zip(rows, chosen, strict=True) if taken]
            figures[f"{label} {lang}"] = _figures(part, sure[chosen])
    return calibration, figures


def _figures(rows: list[Asked], sure: np.ndarray[tuple[int], np.dtype[np.float64]]) -> dict[str, float]:
    known = [row for row in rows if row.answerable]
    answered = sure >= ANSWERED
    truth = np.array([row.answerable for row in rows])
    right = np.array([row.ranks[1] == 0 for row in rows])
    return {
        "answerable": len(known),
        "unanswerable": len(rows) - len(known),
        **{f"right text first, {how}": _share(row.first[at] for row in known) for at, how in _HOW},
        **{f"first quote right, {how}": _share(row.ranks[at] == 0 for row in known) for at, how in _HOW},
        **{f"one of three right, {how}": _share(row.ranks[at] is not None for row in known) for at, how in _HOW},
        "AUROC answerable": round(float(roc_auc_score(truth, sure)), 3),
        "AUROC right": round(float(roc_auc_score(right, sure)), 3),
        "Brier": round(float(brier_score_loss(truth, sure)), 3),
        "answered": round(float(answered.mean()), 3),
        "precision of answered": round(float(truth[answered].mean()), 3),
        "recall of answered": round(float(answered[truth].mean()), 3),
    }


def _share(yes: Iterable[bool]) -> float:
    return round(float(np.mean(list(yes))), 3)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bench", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="archives are kept there")
    parser.add_argument("--news", type=Path, default=Path("training/questions/heldout.jsonl"))
    parser.add_argument("--most", type=int, default=200, help="questions on held-out titles, in either language")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--figures", action="store_true", help="measure only")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    reader = Remembering(BundledReader())
    rows = [
        *news(options.bench, options.work, reader, options.news),
        *titles(options.bench, options.work, reader, options.most),
    ]
    calibration, figures = fitted(rows)
    print(json.dumps(figures, indent=1))
    if not options.figures:
        options.out.write_text(json.dumps(calibration, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
