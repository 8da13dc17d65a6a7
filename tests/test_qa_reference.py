"""The reference line that a journalist prints."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.records import Article, Span
from qa.records import Language, Quote
from qa.reference import reference, source_parts, written_date, written_number

IT, EN = Language.ITALIAN, Language.ENGLISH
TEXT = "Prima. Il museo “sorgerà” a Hwasong. Poi."
WORDS = Span(7, 36)


def article(title: str | None, outlet: str | None, published: str | None, text: str = TEXT) -> Article:
    """An article of which this is known."""
    sha256 = hashlib.sha256(text.encode("utf-8")).hexdigest()
    return Article(
        id=sha256[:16],
        text=text,
        title=title,
        outlet=outlet,
        author="Nobody Asked",
        published=published,
        language="it",
        url="https://example.org",
        source_file="003.txt",
        source_path="/seeds/003.txt",
        sha256=sha256,
        source_sha256=sha256,
    )


@pytest.mark.parametrize(
    ("title", "outlet", "published", "italian", "english"),
    [
        (
            "Un museo",
            "askanews",
            "2025-10-24",
            "Un museo, askanews, 24 ottobre 2025",
            "Un museo, askanews, 24 October 2025",
        ),
        ("Un museo", "askanews", None, "Un museo, askanews", "Un museo, askanews"),
        ("Un museo", None, "2025-10-24", "Un museo, 24 ottobre 2025", "Un museo, 24 October 2025"),
        (None, "askanews", "2025-10-24T18:30", "askanews, 24 ottobre 2025", "askanews, 24 October 2025"),
        ("Un museo", None, None, "Un museo", "Un museo"),
        (None, "askanews", None, "askanews", "askanews"),
        (None, None, "2025-05-01", "1º maggio 2025", "1 May 2025"),
        (None, None, None, "003.txt", "003.txt"),
    ],
)
def test_the_line_in_both_languages(
    title: str | None, outlet: str | None, published: str | None, italian: str, english: str
) -> None:
    """The words in the language's marks, then title, outlet and date, each left out with its comma where unknown."""
    quote = Quote(article(title, outlet, published), WORDS)

    assert reference(quote, IT) == f"«Il museo “sorgerà” a Hwasong.», {italian}"
    assert reference(quote, EN) == f"“Il museo “sorgerà” a Hwasong.”, {english}"


def test_a_printed_article_s_quote_names_its_page() -> None:
    """The page follows what is known, or the file's name; a quote that goes on overleaf names both pages."""
    printed = replace(article("Un museo", None, None), pages=(0, 10, 30))

    assert reference(Quote(printed, Span(10, 30)), IT).endswith(", Un museo, p. 2")
    assert reference(Quote(printed, WORDS), EN).endswith(", Un museo, pp. 1–3")
    assert reference(Quote(replace(printed, title=None), Span(0, 10)), IT).endswith(", 003.txt, p. 1")


def test_author_and_address_are_not_in_the_line() -> None:
    """The parts are title, outlet and date only; the file's name is none of them."""
    assert source_parts(article("T", "O", "2025-10-24"), IT) == ["T", "O", "24 ottobre 2025"]
    assert source_parts(article(None, None, None), EN) == []


@pytest.mark.parametrize(
    ("iso", "italian", "english"),
    [
        ("2025-01-01", "1º gennaio 2025", "1 January 2025"),
        ("2025-02-11", "11 febbraio 2025", "11 February 2025"),
        ("2024-02-29", "29 febbraio 2024", "29 February 2024"),
        ("2025-03-21", "21 marzo 2025", "21 March 2025"),
        ("2025-04-28T11:00", "28 aprile 2025", "28 April 2025"),
        ("2025-05-01T00:00", "1º maggio 2025", "1 May 2025"),
        ("2025-06-02", "2 giugno 2025", "2 June 2025"),
        ("2025-07-31", "31 luglio 2025", "31 July 2025"),
        ("2025-08-10", "10 agosto 2025", "10 August 2025"),
        ("2025-09-03", "3 settembre 2025", "3 September 2025"),
        ("2025-10-24", "24 ottobre 2025", "24 October 2025"),
        ("2025-11-30T23:59+02:00", "30 novembre 2025", "30 November 2025"),
        ("2025-12-01", "1º dicembre 2025", "1 December 2025"),
    ],
)
def test_dates_are_written_out(iso: str, italian: str, english: str) -> None:
    """Every month is named, only the first day is an ordinal and only in Italian, and the time of day is left out."""
    assert written_date(iso, IT) == italian
    assert written_date(iso, EN) == english


@settings(max_examples=100, deadline=None)
@given(st.dates())
def test_a_date_says_its_own_day_and_year(day: datetime.date) -> None:
    """For any date, day and year of the written form are the date's, without leading zeros."""
    number, _, year = written_date(day.isoformat(), EN).split()

    assert (number, year) == (str(day.day), str(day.year))


@settings(max_examples=100, deadline=None)
@given(st.text(min_size=1), st.sampled_from(Language))
def test_the_slice_stands_in_the_line_to_the_letter(text: str, language: Language) -> None:
    """Whatever the quoted words are, marks and line breaks included, they stand unchanged between the outer marks."""
    line = reference(Quote(article(None, None, None, text), Span(0, len(text))), language)

    assert line == f"{'«' if language is IT else '“'}{text}{'»' if language is IT else '”'}, 003.txt"


@pytest.mark.parametrize(
    ("number", "italian", "english"),
    [(0, "0", "0"), (999, "999", "999"), (4000, "4000", "4,000"), (12000, "12.000", "12,000")],
)
def test_numbers_are_written_as_the_language_has_them(number: int, italian: str, english: str) -> None:
    """Thousands are parted by a point in Italian, from five figures on, and by a comma in English."""
    assert written_number(number, Language.ITALIAN) == italian
    assert written_number(number, Language.ENGLISH) == english
