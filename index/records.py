"""Records of the archive: what is stored of an article and of its parts.

All offsets are Unicode code points of :attr:`Article.text`, half-open ``[start, end)``. No record but
:class:`Article` holds words of the news: everything else is a span, and its text is the slice.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum

from index.claims import Claim, Field, best


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points, ``0 <= start <= end``.

    Raises:
        ValueError: the bounds are negative or reversed.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: [{self.start}, {self.end})")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """The slice of `text` this span names.

        Raises:
            ValueError: the span reaches past the end of `text`.
        """
        if self.end > len(text):
            raise ValueError(f"span [{self.start}, {self.end}) is outside a text of {len(text)} characters")
        return text[self.start : self.end]

    def covers(self, other: Span) -> bool:
        """Whether `other` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Whether the two spans share at least one character."""
        return self.start < other.end and other.start < self.end


class ExclusionKind(StrEnum):
    """Why a span of an article is never quoted as evidence."""

    FURNITURE = "furniture"
    CREDIT = "credit"
    DISCLAIMER = "disclaimer"
    SOURCE_NOTE = "source_note"
    DATELINE = "dateline"
    BYLINE = "byline"
    KICKER = "kicker"
    TABLE = "table"
    """Rows of a printed table: figures without the words that say what they are."""
    REPEATED = "repeated"
    """A line that several of an outlet's articles hold."""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A span that is part of the file but not of the news."""

    span: Span
    kind: ExclusionKind


@dataclass(frozen=True, slots=True)
class Article:
    """One article. `text` is canonical: it is never edited, and every span refers to it.

    Attributes:
        id: the first 16 hexadecimal digits of `sha256`.
        text: of a text file its own, newlines as they are; of any other format what was extracted, once.
        published: ISO 8601 date or local date and time (``2025-10-24`` or ``2025-04-28T11:00``).
        language: ISO 639-1 code, or None where it could not be told.
        source_file: the file's name, without folders; behind it ``/path`` in a ZIP file, ``#id`` of an entry.
        source_path: where the file was read from; with `source_file` it tells an update from a new article.
        sha256: of `text` encoded as UTF-8, in hexadecimal.
        source_sha256: of the file's bytes.
        exclusions: sorted, disjoint.
        included: what was excluded and somebody took back; sorted, and none of it touches an exclusion.
        claims: what is said of the article, the surest of each field first; the fields above follow from them.
        pages: where each page begins in `text`; empty for formats without pages.
        superseded_by: the id of a newer version; this one is kept and can be cited, but gives no answers.
        story: what near-copies in several outlets share; None for an article that has none.
    """

    id: str
    text: str
    title: str | None
    outlet: str | None
    author: str | None
    published: str | None
    language: str | None
    url: str | None
    source_file: str
    source_path: str
    sha256: str
    source_sha256: str
    exclusions: tuple[Exclusion, ...] = ()
    claims: tuple[Claim, ...] = ()
    pages: tuple[int, ...] = ()
    superseded_by: str | None = None
    story: str | None = None
    included: tuple[Exclusion, ...] = ()

    def said(self, field: Field) -> str | None:
        """What is known of `field`."""
        return best(self.claims, field)

    @property
    def changed(self) -> str | None:
        """When it was last updated, or published where that is all it says."""
        return self.said(Field.UPDATED) or self.published

    @property
    def source(self) -> tuple[str, str]:
        """The place it was read from: at most one article of an archive is the current one from there."""
        return self.source_path, self.source_file

    def pages_of(self, span: Span) -> tuple[int, int] | None:
        """The numbers, from 1, of the pages on which `span` begins and ends; None for formats without pages."""
        if not self.pages:
            return None
        return bisect_right(self.pages, span.start), bisect_right(self.pages, max(span.start, span.end - 1))

    def __post_init__(self) -> None:
        if list(self.pages) != sorted(self.pages) or (self.pages and self.pages[0] != 0):
            raise ValueError(f"the pages of article {self.id} are not in order from 0")
        previous = 0
        for exclusion in self.exclusions:
            if exclusion.span.start < previous or exclusion.span.end > len(self.text):
                raise ValueError(f"exclusions of article {self.id} overlap, are unsorted or leave the text")
            previous = exclusion.span.end


@dataclass(frozen=True, slots=True)
class Holding:
    """What a list of the archive tells of an article.

    Attributes:
        passages: how many it was divided into.
        quotations: how many direct quotations it holds.
    """

    id: str
    title: str | None
    outlet: str | None
    published: str | None
    language: str | None
    source_file: str
    passages: int
    quotations: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an article: the unit of evidence.

    Attributes:
        id: stable inside an archive, never reused; 0 before it is stored.
        ordinal: its place in the passage, from 0.
    """

    id: int
    passage_id: int
    ordinal: int
    span: Span


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences: the unit of retrieval.

    Attributes:
        id: stable inside an archive, never reused; 0 before it is stored.
        ordinal: its place in the article, from 0.
        language: its own, where that can be told, else its article's.
    """

    id: int
    article_id: str
    ordinal: int
    span: Span
    language: str | None


@dataclass(frozen=True, slots=True)
class DirectQuote:
    """Somebody's exact words in an article, and who said them.

    Attributes:
        span: the words inside the quotation marks, marks left out.
        segments: the spoken words only; more than one where the attribution stands inside the marks.
        partial: the words are built into the reporter's own sentence.
        speaker: the fullest name the article gives the speaker, or None where nobody is named.
        speaker_span: the words that stand for the speaker where the quotation is attributed.
        verb_span: the words of saying.
        reported_by: the agency or outlet that carries the words; the speaker itself where that is an outlet.
        reported_by_span: where it is named.
    """

    article_id: str
    span: Span
    segments: tuple[Span, ...]
    partial: bool
    speaker: str | None
    speaker_span: Span | None
    verb_span: Span | None
    reported_by: str | None
    reported_by_span: Span | None
