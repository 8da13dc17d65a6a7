"""What a reader is given and what it says; what it may not hold is words of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from index.records import Span
from qa.reading.calibration import Calibration

NONE, BUNDLED = "none", "bundled"
UNREAD = -40.0
"""The score of a sentence of which a window had no room for a single token."""


@dataclass(frozen=True, slots=True)
class Window:
    """Neighbouring sentences of one article, read together.

    Attributes:
        text: the article's.
        sentences: spans of `text`, in order.

    Raises:
        ValueError: there is no sentence.
    """

    text: str
    sentences: tuple[Span, ...]

    def __post_init__(self) -> None:
        if not self.sentences:
            raise ValueError("a window without sentences cannot be read")

    @property
    def span(self) -> Span:
        """From its first sentence to its last."""
        return Span(self.sentences[0].start, self.sentences[-1].end)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader makes of one window.

    Attributes:
        scores: of each sentence, the log-odds of an answer beginning in it against there being none in the window.
        answers: of each sentence, the words that answer, if any of it does; in offsets of the article.
        answerable: the log-odds that the window answers at all.
    """

    scores: tuple[float, ...]
    answers: tuple[Span | None, ...]
    answerable: float


class Reader(Protocol):
    """Reads windows for answers."""

    @property
    def name(self) -> str:
        """What `--reader` was given."""

    @property
    def calibration(self) -> Calibration | None:
        """What makes a probability of its verdicts, if anything does."""

    def read(self, question: str, windows: Sequence[Window]) -> list[Reading]:
        """What it makes of each of `windows`, in their order."""
