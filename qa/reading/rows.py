"""Question and window as a row of tokens, and start and end scores of tokens as scores of sentences."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.records import Span
from qa.reading.records import UNREAD, Reading, Window

if TYPE_CHECKING:
    from torch import Tensor

MAX_ANSWER_TOKENS = 40


@dataclass(frozen=True, slots=True)
class Row:
    """A window as a model is given it.

    Attributes:
        ids: token ids with question and special tokens.
        first: position of the window's first token.
        spans: where each of the window's tokens stands in the article.
        sentences: of each sentence, its first position and the one after its last; equal where it was cut off.
    """

    ids: tuple[int, ...]
    first: int
    spans: tuple[Span, ...]
    sentences: tuple[tuple[int, int], ...]


def row_of(ids: Sequence[int], first: int, spans: Sequence[Span], window: Window) -> Row:
    """The row of `window`, whose tokens stand at `spans` from position `first` on; the end of it may be cut off."""
    starts = [span.start for span in spans]
    bounds = [first + bisect_left(starts, sentence.start) for sentence in window.sentences]
    ends = [*bounds[1:], first + len(spans)]
    return Row(tuple(ids), first, tuple(spans), tuple(zip(bounds, ends, strict=True)))


def visible(text: str, start: int, end: int) -> Span:
    """The token ``text[start:end]`` without the space that tokenizers count to the word after it."""
    while start < end and text[start].isspace():
        start += 1
    return Span(start, end)


def readings_of(rows: Sequence[Row], start: Tensor, end: Tensor, answerable: Sequence[float] | None) -> list[Reading]:
    """Readings out of start and end logits, shape (rows, width); position 0 stands for “nothing here answers”.

    A sentence's score sums over all answers of at most :data:`MAX_ANSWER_TOKENS` tokens that begin in it, which may end
    in a later one. Without a verdict of its own, `answerable` is the best sentence's score.
    """
    import torch

    width = start.shape[1]
    places = torch.arange(width)
    length = places[None, :] - places[:, None]
    fits = (length >= 0) & (length < MAX_ANSWER_TOKENS)
    readings: list[Reading] = []
    for number, row in enumerate(rows):
        last = row.first + len(row.spans)
        inside = (places >= row.first) & (places < last)
        pairs = (start[number][:, None] + end[number][None, :]).masked_fill(~(fits & inside[None, :]), -torch.inf)
        nothing = float(start[number, 0] + end[number, 0])
        scores: list[float] = []
        answers: list[Span | None] = []
        for begin, stop in row.sentences:
            if begin >= stop:
                scores.append(UNREAD)
                answers.append(None)
                continue
            part = pairs[begin:stop]
            at = int(part.argmax())
            first, final = begin + at // width - row.first, at % width - row.first
            scores.append(max(UNREAD, float(part.flatten().logsumexp(0)) - nothing))
            answers.append(Span(row.spans[first].start, max(row.spans[first].end, row.spans[final].end)))
        sure = max(scores) if answerable is None else answerable[number]
        readings.append(Reading(tuple(scores), tuple(answers), sure))
    return readings
