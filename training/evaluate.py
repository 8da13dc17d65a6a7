"""How well the reader reads: held-out titles, and questions about news."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from sklearn.metrics import roc_auc_score

from training.data import hash_order
from training.model import Reader, best_spans, collate
from training.records import Collection, Item, Passage
from training.windows import Pieces, Row, WindowMaker

WINDOW = 5
STRIDE = 3
RIVALS = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader found in one passage.

    Attributes:
        first: the answer's first token in the passage.
        last: its last token.
        margin: the span's score minus that of no answer.
        answerable: the logit of the answerability head, the highest of the passage's windows.
        sentences: (sentence, margin of its best window's span) of every window, best first.
    """

    first: int
    last: int
    margin: float
    answerable: float
    sentences: tuple[tuple[int, float], ...]


def passage_rows(windows: WindowMaker, question: str, passage: Passage) -> list[Row]:
    """Windows that cover a passage: as many sentences as fit into a row, at most `WINDOW`, every `STRIDE`."""
    pieces = windows.pieces(passage)
    room = windows.room(question)
    rows = []
    first = 0
    while True:
        last = first
        while (
            last + 1 < len(pieces.sentences)
            and last + 1 < first + WINDOW
            and pieces.sentences[last + 1][1] - pieces.sentences[first][0] <= room
        ):
            last += 1
        rows.append(windows.row(question, passage, first, last))
        if last + 1 >= len(pieces.sentences):
            return rows
        first = min(first + STRIDE, last + 1)


@torch.inference_mode()
def scored(reader: Reader, rows: Sequence[Row], batch_tokens: int) -> list[tuple[int, int, float, float]]:
    """(first, last token in the passage, margin, answerable logit) of every row."""
    was_training = reader.training
    reader.eval()
    device = str(next(reader.parameters()).device)
    order = sorted(range(len(rows)), key=lambda at: len(rows[at].ids))
    result: list[tuple[int, int, float, float]] = [(0, 0, 0.0, 0.0)] * len(rows)
    at = 0
    while at < len(order):
        stop = at + 1
        while stop < len(order) and len(rows[order[stop]].ids) * (stop - at + 1) <= batch_tokens:
            stop += 1
        chosen = order[at:stop]
        start, end, answerable = reader(collate([rows[row] for row in chosen]).to(device))
        first, last, score, nothing = best_spans(start, end)
        for place, row in enumerate(chosen):
            shift = rows[row].first - rows[row].window
            margin = float(score[place] - nothing[place])
            result[row] = (int(first[place]) + shift, int(last[place]) + shift, margin, float(answerable[place]))
        at = stop
    reader.train(was_training)
    return result


class Examiner:
    """A fixed examination: the same questions and windows every time."""

    def __init__(
        self,
        collection: Collection,
        closed: frozenset[str],
        windows: WindowMaker,
        mined: Mapping[str, Sequence[Sequence[str]]],
        batch_tokens: int,
        most: int = 160,
    ) -> None:
        self._collection = collection
        self._windows = windows
        self._mined = mined
        self._batch_tokens = batch_tokens
        names = hash_order(item.id for item in collection.items.values() if item.article in closed)
        items = [collection.items[name] for name in names if collection.items[name].source == "squad"]
        self._pairs = [(item, "it", "it") for item in items if "it" in item.asked and "it" in item.told][:most]
        self._pairs += [(item, "en", "it") for item in items if "en" in item.asked and "it" in item.told][: most // 2]
        self._pairs += [(item, "en", "en") for item in items if "en" in item.asked and "en" in item.told][: most // 2]

    def readings(self, reader: Reader, asked: Sequence[tuple[str, Passage]]) -> list[Reading]:
        """What `reader` finds for every (question, passage)."""
        rows, owners = [], []
        for number, (question, passage) in enumerate(asked):
            for row in passage_rows(self._windows, question, passage):
                rows.append(row)
                owners.append(number)
        found: list[list[tuple[int, int, float, float]]] = [[] for _ in asked]
        for owner, entry in zip(owners, scored(reader, rows, self._batch_tokens), strict=True):
            found[owner].append(entry)
        return [self._reading(entries, passage) for entries, (_, passage) in zip(found, asked, strict=True)]

    def pieces(self, passage: Passage) -> Pieces:
        """Tokens of a passage."""
        return self._windows.pieces(passage)

    def examine(self, reader: Reader) -> dict[str, Any]:
        """Figures on held-out titles, by (language of question, language of text)."""
        result: dict[str, Any] = {}
        for asked, told in (("it", "it"), ("en", "it"), ("en", "en")):
            items = [item for item, *langs in self._pairs if langs == [asked, told]]
            if items:
                result[f"{asked}-{told}"] = self._titles(reader, items, asked, told)
        return result

    def _titles(self, reader: Reader, items: Sequence[Item], asked: str, told: str) -> dict[str, float]:
        questions: list[tuple[str, Passage]] = []
        rivals: list[tuple[str, Passage]] = []
        counts = []
        for item in items:
            questions.append((item.asked[asked], self._collection.passages[item.told[told].passage]))
            keys = [key for key in self._mined.get(item.id, ([],))[0] if key in self._collection.passages]
            others = [self._collection.passages[key] for key in keys]
            others = [entry for entry in others if entry.lang == told][:RIVALS]
            rivals += [(item.asked[asked], entry) for entry in others]
            counts.append(len(others))
        own = self.readings(reader, questions)
        against = iter(self.readings(reader, rivals))
        other = [max((next(against).margin for _ in range(count)), default=None) for count in counts]
        exact, sentence = 0, 0
        for item, reading, (_, passage) in zip(items, own, questions, strict=True):
            pieces = self._windows.pieces(passage)
            golds = [pieces.token_span(*span) for span in item.told[told].spans]
            exact += (reading.first, reading.last) in golds
            sentence += pieces.sentence_at(reading.first) in {pieces.sentence_at(first) for first, _ in golds}
        without = [score for score in other if score is not None]
        ahead = [score < reading.margin for score, reading in zip(other, own, strict=True) if score is not None]
        return {
            "questions": len(items),
            "exact": round(exact / len(items), 3),
            "sentence": round(sentence / len(items), 3),
            "own passage first": round(sum(ahead) / max(1, len(ahead)), 3),
            "auroc": area([reading.margin for reading in own], without),
        }

    def _reading(self, entries: Sequence[tuple[int, int, float, float]], passage: Passage) -> Reading:
        best = max(entries, key=lambda entry: entry[2])
        pieces = self._windows.pieces(passage)
        by_sentence: dict[int, float] = {}
        for first, _, margin, _ in entries:
            sentence = pieces.sentence_at(first)
            by_sentence[sentence] = max(margin, by_sentence.get(sentence, margin))
        ranked = tuple(sorted(by_sentence.items(), key=lambda pair: -pair[1]))
        return Reading(best[0], best[1], best[2], max(entry[3] for entry in entries), ranked)


def area(positive: Iterable[float], negative: Iterable[float]) -> float:
    """Area under the ROC curve, three digits; .5 where one side is empty."""
    yes, no = list(positive), list(negative)
    if not yes or not no:
        return 0.5
    return round(float(roc_auc_score([1] * len(yes) + [0] * len(no), yes + no)), 3)
