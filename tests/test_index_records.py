"""Spans, slices and the checks records make of themselves."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.records import Article, DirectQuote, Exclusion, ExclusionKind, Passage, Sentence, Span

_spans = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda pair: Span(min(pair), max(pair)))


def _article(text: str, *exclusions: Exclusion) -> Article:
    return Article(
        "a" * 16, text, None, None, None, None, None, None, "a.txt", "/a.txt", "0" * 64, "0" * 64, exclusions
    )


def _furniture(start: int, end: int) -> Exclusion:
    return Exclusion(Span(start, end), ExclusionKind.FURNITURE)


@pytest.mark.parametrize(("start", "end"), [(-1, 0), (-2, -1), (3, 2)])
def test_span_refuses_negative_and_reversed_bounds(start: int, end: int) -> None:
    """A span that names no range cannot be made."""
    with pytest.raises(ValueError, match=rf"not a span: \[{start}, {end}\)"):
        Span(start, end)


@given(st.text(max_size=30), _spans)
def test_slice_is_python_s_own_or_an_error(text: str, span: Span) -> None:
    """``of`` gives exactly the code points of the range, and never fewer than the span's length."""
    if span.end <= len(text):
        assert span.of(text) == text[span.start : span.end]
        assert len(span.of(text)) == len(span)
    else:
        with pytest.raises(ValueError, match=f"outside a text of {len(text)} characters"):
            span.of(text)


def test_offsets_are_code_points() -> None:
    """An emoji, a decomposed accent's two parts and a line feed after a carriage return each count as they stand."""
    assert Span(1, 5).of("a\U0001f600e\u0301\r\n") == "\U0001f600e\u0301\r"


@given(_spans, _spans)
def test_covers_and_overlaps_agree_with_sets_of_places(one: Span, other: Span) -> None:
    """Both relations of non-empty spans are those of their sets of places."""
    places, others = set(range(one.start, one.end)), set(range(other.start, other.end))
    if places and others:
        assert one.covers(other) == (others <= places)
        assert one.overlaps(other) == bool(places & others)
        assert one.overlaps(other) == other.overlaps(one)


def test_spans_sort_by_start_then_end() -> None:
    """Sorting spans puts them in text order, the shorter of two with the same start first."""
    assert sorted([Span(2, 3), Span(0, 9), Span(0, 1)]) == [Span(0, 1), Span(0, 9), Span(2, 3)]


@pytest.mark.parametrize(
    "exclusions",
    [
        (_furniture(0, 3), _furniture(2, 4)),
        (_furniture(3, 4), _furniture(0, 2)),
        (_furniture(4, 11),),
    ],
    ids=["overlapping", "unsorted", "outside"],
)
def test_article_refuses_exclusions_that_cannot_be(exclusions: tuple[Exclusion, ...]) -> None:
    """Exclusions that overlap, are unsorted or leave the text make no article."""
    with pytest.raises(ValueError, match="exclusions of article aaaaaaaaaaaaaaaa overlap, are unsorted or leave"):
        _article("0123456789", *exclusions)


def test_article_accepts_touching_exclusions_up_to_the_end() -> None:
    """Neighbouring exclusions and one that ends with the text are in order."""
    exclusions = (_furniture(0, 3), _furniture(3, 4), _furniture(9, 10))

    assert _article("0123456789", *exclusions).exclusions == exclusions


@pytest.mark.parametrize("record", [Span, Exclusion, Article, Sentence, Passage, DirectQuote])
def test_records_are_frozen_and_hold_nothing_else(record: type) -> None:
    """Every record has slots, so no field can be added to it, and refuses to be changed."""
    assert record.__slots__ == tuple(field.name for field in fields(record))
    with pytest.raises(FrozenInstanceError):
        setattr(object.__new__(record), fields(record)[0].name, 1)


def test_only_article_and_a_quote_s_names_hold_words() -> None:
    """No part of an article has a text of its own: only ids, places, languages and the names a quotation has."""
    words = {
        (record.__name__, field.name)
        for record in (Span, Exclusion, Sentence, Passage, DirectQuote)
        for field in fields(record)
        if "str" in str(field.type)
    }

    assert words == {
        ("Passage", "article_id"),
        ("Passage", "language"),
        ("DirectQuote", "article_id"),
        ("DirectQuote", "speaker"),
        ("DirectQuote", "reported_by"),
    }
