"""What a check finds out about quotations."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from index.records import DirectQuote, Span
from qa.check.differences import Difference
from qa.check.drafts import Given
from qa.records import Quote


class Verdict(StrEnum):
    """What a quotation is, compared with the archive."""

    EXACT = "exact"
    ALTERED = "altered"
    REWORDED = "reworded"
    JOINED = "joined"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Source:
    """A place in the archive where the words, or those they were made from, stand.

    Attributes:
        segments: the words alone, without an attribution that interrupts them or what was left out.
        speech: the direct speech they stand in.
    """

    quote: Quote
    segments: tuple[Span, ...]
    speech: DirectQuote | None


@dataclass(frozen=True, slots=True)
class Checked:
    """One quotation of the draft.

    Attributes:
        text: the slice of the draft.
        sources: exact: every place. Altered: every place of the closest original. Joined: one for each piece, in
            the order of the quotation. Reworded: the other wordings, nearest first. Not found: none.

    Raises:
        ValueError: verdict, differences and sources contradict each other.
    """

    given: Given
    text: str
    verdict: Verdict
    differences: tuple[Difference, ...]
    sources: tuple[Source, ...]

    def __post_init__(self) -> None:
        if (self.verdict is Verdict.NOT_FOUND) != (not self.sources):
            raise ValueError("what was found has sources, and nothing else has")
        if self.verdict is not Verdict.JOINED and (self.verdict is Verdict.ALTERED) != bool(self.differences):
            raise ValueError("what was altered has differences, and nothing else but joined words has")

    @property
    def serious(self) -> bool:
        """Whether a number, a unit, a name, a negation or the speaker was changed."""
        return any(difference.serious for difference in self.differences)


@dataclass(frozen=True, slots=True)
class Check:
    """A draft and what became of its quotations, in order."""

    text: str
    quotations: tuple[Checked, ...]
    archive_id: str

    @property
    def sound(self) -> bool:
        """Whether every quotation is exact."""
        return all(checked.verdict is Verdict.EXACT for checked in self.quotations)
