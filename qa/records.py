"""Records of an answer. None of them can hold words of the news but the slice of an article that a span names."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from index.records import Article, DirectQuote, Span


class Language(StrEnum):
    """A language the program speaks."""

    ITALIAN = "it"
    ENGLISH = "en"


class Status(StrEnum):
    """Whether the archive answers."""

    ANSWERED = "answered"
    NOT_FOUND = "not_found"


class Reason(StrEnum):
    """Why nothing was found."""

    EMPTY_ARCHIVE = "empty_archive"
    FILTERED = "filtered"
    UNRELATED = "unrelated"
    UNANSWERED = "unanswered"
    CAPPED = "capped"


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles may answer; None lets all of them.

    Attributes:
        since: earliest day of publication, ISO 8601; an article without a date is left out.
        until: latest day of publication, likewise.
        outlet: part of the outlet's name, whatever case and accents.
        speaker: words of a speaker's name; only passages with his or her direct speech answer then.
        language: the article's, ISO 639-1.
        exact: whether `outlet` is a whole name, and `speaker` a whole one in any spelling seen.
    """

    since: str | None = None
    until: str | None = None
    outlet: str | None = None
    speaker: str | None = None
    language: str | None = None
    exact: bool = False

    @property
    def active(self) -> bool:
        """Whether any of them is set."""
        return any((self.since, self.until, self.outlet, self.speaker, self.language))


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked.

    Attributes:
        text: as it was asked.
        language: in which the answer is worded.
        searched: what is searched for; in a follow-up the former question stands before it.
        sources: languages the question itself may be in: one, or both where it consists of names only.
        former: of a follow-up, the question it hangs on.
        filters: which articles may answer.
    """

    text: str
    language: Language
    searched: str
    sources: tuple[Language, ...]
    former: str | None = None
    filters: Filters = Filters()

    @property
    def follows(self) -> bool:
        """Whether it is a follow-up."""
        return self.former is not None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, and why.

    Attributes:
        score: fused; comparable within one question only.
        ranks: by source (``passage``, ``sentence``, ``terms``) its rank from 1, where that source found it.
        sentence_scores: sentence id to inner product with the question.
        sentence_weights: sentence id to what orders it among all sentences; comparable as `score` is.
        language: the passage's.
    """

    passage_id: int
    article_id: str
    span: Span
    score: float
    ranks: dict[str, int]
    sentence_scores: dict[int, float]
    sentence_weights: dict[int, float]
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """Exact words: a span of an article.

    Raises:
        ValueError: the span is empty or leaves the article.
    """

    article: Article
    span: Span

    def __post_init__(self) -> None:
        if not len(self.span) or self.span.end > len(self.article.text):
            raise ValueError(f"[{self.span.start}, {self.span.end}) quotes nothing of article {self.article.id}")

    @property
    def text(self) -> str:
        """The slice. There is no other way to a quote's words."""
        return self.span.of(self.article.text)


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote as it is shown: numbered, in its context, with the reason why it was found.

    Attributes:
        context: the passage around the quote.
        score: 0 to 1, how near the quote is to the question; comparable within one archive's model.
        matches: where words of the question stand in the context, sorted, disjoint.
        ranks: by source, the passage's rank there.
        speech: the direct speech the quote holds or lies in, in its order.
        answer: the words inside the quote that answer, where a reader names them.
        also_in: where near-copies of the article have the same words.
    """

    number: int
    quote: Quote
    context: Quote
    score: float
    matches: tuple[Span, ...]
    ranks: dict[str, int]
    speech: tuple[DirectQuote, ...] = ()
    answer: Span | None = None
    also_in: tuple[Quote, ...] = ()


class Matter(StrEnum):
    """What sources differ in."""

    FIGURES = "figures"
    DATES = "dates"
    NAMES = "names"


@dataclass(frozen=True, slots=True)
class Claim:
    """What one source states.

    Attributes:
        quote: the words that state it: *più di 10.000 soldati*, *12 marzo*, *Donatella Righi*.
        sentence: the sentence they stand in.
        authority: the words for whom the article gives as its source, where it does.
        low, high: of figures, what is stated, a number or a range, as decimal numbers; `high` is None where it is open.
        qualifier: of figures, how they are meant: ``exact``, ``about``, ``more`` or ``less``.
        date: of dates, what they mean in ISO 8601, as precisely as the article tells.
    """

    quote: Quote
    sentence: Quote
    authority: Quote | None
    low: str | None = None
    high: str | None = None
    qualifier: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Claims about one thing that do not go together. It has no verdict.

    Attributes:
        counted: the words of a claim that say what is counted, and what happened to it; of dates and names, the words
            for what happened, or for the office.
        claims: by date of their articles, those without a date last; at least two.

    Raises:
        ValueError: fewer than two claims differ from nothing.
    """

    matter: Matter
    counted: tuple[Quote, ...]
    claims: tuple[Claim, ...]

    def __post_init__(self) -> None:
        if len(self.claims) < 2 or not self.counted:
            raise ValueError("a disagreement has two claims at least, and says what about")


@dataclass(frozen=True, slots=True)
class Answer:
    """Citations, or the nearest passages and a reason why none of them counts. It has no free text.

    Attributes:
        confidence: 0 to 1; see ``docs/retrieval.md`` for what it is worth.
        citations: best first, numbered from 1; empty exactly when nothing was found.
        nearest: what comes closest, when nothing was found.
        index_id: of the archive that answered.
        timings_ms: milliseconds by step; the only part that differs when the same is asked twice.
        withheld: quotes that the cap on what is quoted from one article has shortened or left out.
        disagreements: where sources of the citations, or sentences near them, differ about the same thing.

    Raises:
        ValueError: it says *answered* without a citation, or *not found* with one.
    """

    question: Question
    status: Status
    confidence: float
    citations: tuple[Citation, ...]
    nearest: tuple[Citation, ...]
    reason: Reason | None
    index_id: str
    timings_ms: dict[str, float] = field(compare=False)
    disagreements: tuple[Disagreement, ...] = ()
    withheld: int = 0

    def __post_init__(self) -> None:
        answered = self.status is Status.ANSWERED
        if answered != bool(self.citations) or answered != (self.reason is None) or (answered and self.nearest):
            raise ValueError("an answer has citations, or else a reason and the nearest passages")
