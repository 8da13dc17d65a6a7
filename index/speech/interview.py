"""Interviews: answers in quotation marks, each on its own line, under questions without marks."""

from __future__ import annotations

from collections.abc import Sequence

from index.speech.marks import Pair

_FEWEST = 2
"""Answers right under a question that make an article an interview."""


def answers(text: str, pairs: Sequence[Pair]) -> frozenset[int]:
    """Which of `pairs` (sorted) are answers of an interview: those that open a line, where some follow a question."""
    opening: list[int] = []
    asked = 0
    for number, quoted in enumerate(pairs):
        line = text.rfind("\n", 0, quoted.outer.start) + 1
        if quoted.dialogue or text[line : quoted.outer.start].strip():
            continue
        opening.append(number)
        asked += _line_before(text, line).endswith("?")
    return frozenset(opening) if asked >= _FEWEST else frozenset()


def _line_before(text: str, line: int) -> str:
    """The last line with words before the one that begins at `line`."""
    end = line
    while end > 0 and text[end - 1].isspace():
        end -= 1
    return text[text.rfind("\n", 0, end) + 1 : end]
