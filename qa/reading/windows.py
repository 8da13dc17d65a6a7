"""From what was found to what is read, and back: windows of the best passages, scores of their sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.records import Sentence, Span
from qa.reading.records import UNREAD, Reader, Window
from qa.records import Hit, Question
from qa.retrieve import Found, ReadSentence

WINDOWS = 8
"""Windows read for a question: one batch. Twelve found no more first quotes in ``docs/reader.md``."""
_SENTENCES, _STRIDE = 5, 3
"""Sentences in a window, and from one window of a passage to the next; in training windows had three to six."""
_CHARACTERS = 900
"""About what a row of 256 tokens holds beside a question."""
_READER = 0.5
"""Weight of a sentence's log-odds beside 1 for its retrieval score."""


def read(reader: Reader, question: Question, found: Found) -> Found:
    """`found` in the order that `reader` gives it: passages by their best sentence, unread ones last."""
    chosen = windows_to_read(found)
    readings = reader.read(question.searched, [window for window, _ in chosen])
    scores: dict[int, list[float]] = {}
    answers: dict[int, tuple[float, Span]] = {}
    for (_, part), reading in zip(chosen, readings, strict=True):
        for sentence, score, answer in zip(part, reading.scores, reading.answers, strict=True):
            scores.setdefault(sentence.id, []).append(score)
            if answer is not None and score > answers.get(sentence.id, (UNREAD - 1, answer))[0]:
                answers[sentence.id] = (score, answer)
    told = {i: ReadSentence(sum(row) / len(row), answers[i][1]) for i, row in scores.items() if i in answers}
    hits = [_weighed(hit, told) for hit in found.hits]
    hits.sort(key=lambda hit: (-hit.score, hit.article_id, hit.span.start))
    answerable = max((reading.answerable for reading in readings), default=None)
    return replace(found, hits=tuple(hits), read=told, answerable=answerable)


def windows_to_read(found: Found, most: int = WINDOWS) -> list[tuple[Window, Sequence[Sentence]]]:
    """The windows worth reading, with their sentences: those whose best sentence retrieval puts first."""
    windows = [
        (max(hit.sentence_weights[sentence.id] for sentence in part), hit, part)
        for hit in found.hits
        for part in _windows(found.sentences[hit.passage_id])
    ]
    windows.sort(key=lambda window: (-window[0], window[1].article_id, window[2][0].span.start))
    return [
        (Window(found.articles[hit.article_id].text, tuple(sentence.span for sentence in part)), part)
        for _, hit, part in windows[:most]
    ]


def _windows(sentences: Sequence[Sentence]) -> list[Sequence[Sentence]]:
    windows = []
    first = 0
    while True:
        last = first + 1
        while (
            last < min(len(sentences), first + _SENTENCES)
            and sentences[last].span.end - sentences[first].span.start <= _CHARACTERS
        ):
            last += 1
        windows.append(sentences[first:last])
        if last >= len(sentences):
            return windows
        first = min(first + _STRIDE, last)


def _weighed(hit: Hit, told: dict[int, ReadSentence]) -> Hit:
    weights = {
        i: weight + _READER * (told[i].score if i in told else UNREAD) for i, weight in hit.sentence_weights.items()
    }
    return replace(hit, score=max(weights.values()), sentence_weights=weights)
