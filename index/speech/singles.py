"""Single quotation marks, told from apostrophes."""

from __future__ import annotations

import re

_SINGLE = re.compile(r"[‘’‚‛'‹›]")
_SPACES = re.compile(r"\s*")
_ELIDED = re.compile(r"[’'‘](?:\d\d\b|(?:em|til|tis|twas|cause|n|ndrangheta|st[aoei]|round|bout)\b)", re.IGNORECASE)
"""Words that begin with an apostrophe."""
_CUT_SHORT = frozenset(
    "po mo va fa da di sta be to ca pe e perche piu cosi citta gia puo sara cioe finche poiche".split()
)
"""Italian words written with a final apostrophe, cut short or standing for an accent."""


def single_marks(text: str, taken: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Where single marks open and close outside `taken` (sorted, disjoint ranges), each pair within its paragraph."""
    scan = _Scan(text)
    place = 0
    for match in _SINGLE.finditer(text):
        at = match.start()
        while place < len(taken) and taken[place][1] <= at:
            place += 1
        if place == len(taken) or at < taken[place][0]:
            scan.read(match[0], at)
    scan.end_line()
    return scan.found


class _Scan:
    """Single marks of a text read from first to last.

    A mark that closes after an *s* may be a plural's apostrophe: it closes only where no surer one follows.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._opened: int | None = None
        self._doubtful: int | None = None
        self._line_end = -1
        self.found: list[tuple[int, int]] = []

    def read(self, mark: str, at: int) -> None:
        """Take the next mark."""
        text = self._text
        if at >= self._line_end:
            self.end_line()
            end = text.find("\n", at)
            self._line_end = len(text) if end < 0 else end
        left = text[at - 1] if at else "\n"
        right = text[at + 1] if at + 1 < len(text) else "\n"
        if not left.isalnum() and left not in '.,!?…»”"' and (right.isalnum() or right in '“«"…'):
            if mark != "›" and not _ELIDED.match(text, at):
                self._close_doubtful()
                self._opened = at if self._opened is None else self._opened
        elif self._opened is not None and mark in "'’›‘" and not left.isspace() and not right.isalnum():
            word = text[max(self._opened + 1, at - 12) : at].rpartition(" ")[2].casefold()
            if mark in "'’" and left == "s" and right == " " and self._word_follows(at):
                self._doubtful = at
            elif mark not in "'’" or word not in _CUT_SHORT:
                self._close(at)

    def end_line(self) -> None:
        """A quotation in single marks ends with its paragraph at the latest."""
        self._close_doubtful()
        self._opened = None

    def _word_follows(self, at: int) -> bool:
        spaces = _SPACES.match(self._text, at + 1)
        end = spaces.end() if spaces else at + 1
        return self._text[end : end + 1].isalpha()

    def _close_doubtful(self) -> None:
        if self._doubtful is not None:
            self._close(self._doubtful)

    def _close(self, at: int) -> None:
        if self._opened is not None:
            self.found.append((self._opened, at))
        self._opened = self._doubtful = None
