"""Records of an answer: they hold spans, slice on demand and refuse to contradict themselves."""

from __future__ import annotations

import dataclasses
import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.records import Article, Span
from qa.records import Answer, Citation, Filters, Hit, Language, Question, Quote, Reason, Status

TEXT = "Il museo sorgerà a Hwasong. Così ha detto Kim."


def article(text: str = TEXT) -> Article:
    """An article of which nothing but the text is known."""
    sha256 = hashlib.sha256(text.encode("utf-8")).hexdigest()
    return Article(
        id=sha256[:16],
        text=text,
        title=None,
        outlet=None,
        author=None,
        published=None,
        language=None,
        url=None,
        source_file="a.txt",
        source_path="/a.txt",
        sha256=sha256,
        source_sha256=sha256,
    )


QUESTION = Question("Dove?", Language.ITALIAN, "Dove?", (Language.ITALIAN,))
QUOTE = Quote(article(), Span(0, 27))
CITATION = Citation(1, QUOTE, Quote(article(), Span(0, len(TEXT))), 0.5, (), {"passage": 1})


def answer(
    status: Status, citations: tuple[Citation, ...], nearest: tuple[Citation, ...], reason: Reason | None
) -> Answer:
    """An answer of these parts."""
    return Answer(QUESTION, status, 0.5, citations, nearest, reason, "0" * 16, {})


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_quote_is_the_slice_its_span_names(data: st.DataObject) -> None:
    """For any text and any span inside it, a quote's words are exactly that slice, astral characters counted as one."""
    text = data.draw(st.text(min_size=1))
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))

    assert Quote(article(text), Span(start, end)).text == text[start:end]


def test_a_quote_keeps_every_character() -> None:
    """Newlines, decomposed accents and characters beyond the basic plane come out as they stand in the text."""
    text = "a\r\n\u202eperche\u0301 🇰🇵\u00a0»"

    assert Quote(article(text), Span(0, len(text))).text == text
    assert Quote(article(text), Span(12, 14)).text == "🇰🇵"


@settings(max_examples=100, deadline=None)
@given(st.text(), st.integers(0, 50), st.integers(1, 50))
def test_a_quote_cannot_leave_its_article(text: str, start: int, beyond: int) -> None:
    """A span that ends behind the last character is refused, wherever it begins."""
    end = len(text) + beyond

    with pytest.raises(ValueError, match="quotes nothing of article"):
        Quote(article(text), Span(min(start, end), end))


@pytest.mark.parametrize("place", [0, 5, len(TEXT)])
def test_a_quote_cannot_be_empty(place: int) -> None:
    """A span without a character is no quotation."""
    with pytest.raises(ValueError, match="quotes nothing of article"):
        Quote(article(), Span(place, place))


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (4, 3), (-2, -1)])
def test_a_span_cannot_be_negative_or_reversed(start: int, end: int) -> None:
    """Bounds Python's slices would quietly accept are refused."""
    with pytest.raises(ValueError, match="not a span"):
        Span(start, end)


@pytest.mark.parametrize(
    ("status", "citations", "nearest", "reason"),
    [
        (Status.ANSWERED, (), (), None),
        (Status.ANSWERED, (), (CITATION,), None),
        (Status.ANSWERED, (), (), Reason.UNRELATED),
        (Status.ANSWERED, (CITATION,), (CITATION,), None),
        (Status.ANSWERED, (CITATION,), (), Reason.UNRELATED),
        (Status.NOT_FOUND, (CITATION,), (), None),
        (Status.NOT_FOUND, (CITATION,), (), Reason.UNRELATED),
        (Status.NOT_FOUND, (), (), None),
        (Status.NOT_FOUND, (), (CITATION,), None),
    ],
)
def test_an_answer_cannot_contradict_itself(
    status: Status, citations: tuple[Citation, ...], nearest: tuple[Citation, ...], reason: Reason | None
) -> None:
    """Answered goes with citations alone, not found with a reason and no citation; all else is refused."""
    with pytest.raises(ValueError, match="an answer has citations"):
        answer(status, citations, nearest, reason)


def test_the_three_kinds_of_answer() -> None:
    """Answered with citations, not found with nearest passages, and not found with none are what there is."""
    assert answer(Status.ANSWERED, (CITATION,), (), None).citations == (CITATION,)
    assert answer(Status.NOT_FOUND, (), (CITATION,), Reason.UNRELATED).nearest == (CITATION,)
    assert answer(Status.NOT_FOUND, (), (), Reason.FILTERED).nearest == ()


def test_timings_do_not_make_two_answers_different() -> None:
    """Answers that differ only in how long they took are equal."""
    slow = dataclasses.replace(answer(Status.ANSWERED, (CITATION,), (), None), timings_ms={"total": 900.0})

    assert slow == answer(Status.ANSWERED, (CITATION,), (), None)


def test_an_answer_has_no_free_text() -> None:
    """No field of an answer or a citation could carry a sentence about the news that is not a slice."""
    assert [field.name for field in dataclasses.fields(Answer)] == [
        "question",
        "status",
        "confidence",
        "citations",
        "nearest",
        "reason",
        "index_id",
        "timings_ms",
        "disagreements",
        "withheld",
    ]
    assert [field.name for field in dataclasses.fields(Quote)] == ["article", "span"]
    strings = [f.name for kind in (Citation, Hit, Quote) for f in dataclasses.fields(kind) if f.type == "str"]
    assert strings == ["article_id"]


@pytest.mark.parametrize("record", [QUESTION, QUOTE, CITATION, answer(Status.ANSWERED, (CITATION,), (), None)])
def test_records_do_not_change(record: object) -> None:
    """No field of a record can be set, and none can be added."""
    name = dataclasses.fields(record)[0].name  # type: ignore[arg-type]

    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(record, name, None)
    assert not hasattr(record, "__dict__")


@pytest.mark.parametrize(
    ("filters", "active"),
    [
        (Filters(), False),
        (Filters(outlet=""), False),
        (Filters(since="2025-01-01"), True),
        (Filters(until="2025-01-01"), True),
        (Filters(outlet="ask"), True),
    ],
)
def test_filters_know_whether_they_filter(filters: Filters, active: bool) -> None:
    """One filter that is set makes them active; none, or an empty one, does not."""
    assert filters.active is active
