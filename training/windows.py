"""Windows: question and a few sentences of a passage as one row of token ids.

A row is ``<s> question </s></s> window </s>``; position 0 stands for “nothing here answers”.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

from qa.reading.bundled import BEGIN, END, MAX_QUESTION_TOKENS, MAX_TOKENS
from qa.reading.rows import visible
from training.records import Passage


@dataclass(frozen=True, slots=True)
class Pieces:
    """A passage as tokens.

    Attributes:
        ids: token ids without special ones.
        starts: code point where each token's visible part begins.
        ends: code point after each token.
        sentences: token ranges of the passage's sentences.
    """

    ids: tuple[int, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    sentences: tuple[tuple[int, int], ...]

    def token_span(self, start: int, end: int) -> tuple[int, int]:
        """First and last token that touch the code points ``[start, end)``."""
        first = bisect_right(self.ends, start)
        last = bisect_left(self.starts, end) - 1
        return first, max(first, last)

    def sentence_at(self, token: int) -> int:
        """The sentence that holds `token`; the nearest earlier one for a token between sentences."""
        return max(0, bisect_right([first for first, _ in self.sentences], token) - 1)


@dataclass(frozen=True, slots=True)
class Row:
    """One input of the reader.

    Attributes:
        ids: token ids with the special ones.
        window: where the window's tokens begin.
        first: the passage's token that stands at `window`.
        starts: positions where an answer may begin; empty where nothing answers.
        ends: positions of an answer's last token, one per start.
    """

    ids: tuple[int, ...]
    window: int
    first: int
    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()


class WindowMaker:
    """Tokenises once and cuts rows from the kept tokens."""

    def __init__(self, tokenizer_file: Path, max_tokens: int = MAX_TOKENS) -> None:
        self._tokenizer = Tokenizer.from_file(str(tokenizer_file))
        self._max_tokens = max_tokens
        self._questions: dict[str, tuple[int, ...]] = {}
        self._pieces: dict[str, Pieces] = {}

    def question(self, text: str) -> tuple[int, ...]:
        """Token ids of a question, cut to `MAX_QUESTION_TOKENS`."""
        if text not in self._questions:
            ids = self._tokenizer.encode(text, add_special_tokens=False).ids
            self._questions[text] = tuple(ids[:MAX_QUESTION_TOKENS])
        return self._questions[text]

    def pieces(self, passage: Passage) -> Pieces:
        """Tokens of a passage."""
        if passage.key not in self._pieces:
            self._pieces[passage.key] = self._encoded(passage)
        return self._pieces[passage.key]

    def room(self, question: str) -> int:
        """How many window tokens fit beside `question`."""
        return self._max_tokens - 4 - len(self.question(question))

    def row(self, question: str, passage: Passage, first: int, last: int, spans: Sequence[tuple[int, int]] = ()) -> Row:
        """The sentences ``first … last`` (inclusive) of `passage` under `question`.

        A window that is too long loses its end, or its beginning where that holds the answer.

        Args:
            question: its words.
            passage: the text.
            first: the window's first sentence.
            last: its last sentence.
            spans: answers in code points of the passage; those outside the window are dropped.
        """
        pieces = self.pieces(passage)
        begin, end = pieces.sentences[first][0], pieces.sentences[last][1]
        answers = [pieces.token_span(*span) for span in spans]
        answers = [(a, b) for a, b in answers if begin <= a and b < end]
        room = self.room(question)
        if end - begin > room:
            if answers and min(b for _, b in answers) >= begin + room:
                begin = min(max(begin, answers[0][1] + 1 - room // 2), end - room)
            end = begin + room
        head = (BEGIN, *self.question(question), END, END)
        shift = len(head) - begin
        inside = [(a + shift, b + shift) for a, b in answers if begin <= a and b < end]
        ids = (*head, *pieces.ids[begin:end], END)
        return Row(ids, len(head), begin, tuple(a for a, _ in inside), tuple(b for _, b in inside))

    def _encoded(self, passage: Passage) -> Pieces:
        text = passage.text
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        ids, starts, ends = [], [], []
        for token, bounds in zip(encoding.ids, encoding.offsets, strict=True):
            span = visible(text, *bounds)
            ids.append(token)
            starts.append(span.start)
            ends.append(span.end)
        sentences = []
        for start, end in passage.sentences:
            left, right = bisect_left(starts, start), bisect_left(starts, end)
            if left < right:
                sentences.append((left, right))
        return Pieces(tuple(ids), tuple(starts), tuple(ends), tuple(sentences or [(0, len(ids))]))
