"""Quantities: value, range, qualifier, unit and noun, and where they stand."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.records import Span
from qa.numerals import numeral
from qa.qualifiers import Qualifier
from qa.quantities import Quantity, quantities
from tests.conftest import SEEDS

EXACT, ABOUT, MORE, LESS = Qualifier

Row = tuple[str, str, str | None, Qualifier, str | None, str | None]


def read(text: str, language: str | None) -> list[Row]:
    """The quantities of a text: words, bounds, qualifier, unit, noun."""
    return [
        (
            quantity.span.of(text),
            f"{quantity.low.normalize():f}",
            None if quantity.high is None else f"{quantity.high.normalize():f}",
            quantity.qualifier,
            quantity.unit,
            None if quantity.noun is None else quantity.noun.of(text),
        )
        for quantity in quantities(text, Span(0, len(text)), language)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("schierato più di 10.000 soldati in cambio", ("più di 10.000", "10000", "10000", MORE, None, "soldati")),
        (
            "(si stima tra i 10 e gli 11 mila) in Russia",
            ("tra i 10 e gli 11 mila", "10000", "11000", EXACT, None, None),
        ),
        ("10-11 mila soldati", ("10-11 mila", "10000", "11000", EXACT, None, "soldati")),
        ("da 10 a 12mila uomini", ("da 10 a 12mila", "10000", "12000", EXACT, None, "uomini")),
        ("circa 15.000 soldati", ("circa 15.000", "15000", "15000", ABOUT, None, "soldati")),
        ("sono 10.000 circa", ("10.000 circa", "10000", "10000", ABOUT, None, None)),
        ("oltre 4mila feriti", ("oltre 4mila", "4000", "4000", MORE, None, "feriti")),
        ("circa nove milioni di munizioni", ("circa nove milioni", "9000000", "9000000", ABOUT, None, "munizioni")),
        ("ventitré feriti", ("ventitré", "23", "23", EXACT, None, "feriti")),
        ("duemilacinquecento persone", ("duemilacinquecento", "2500", "2500", EXACT, None, "persone")),
        ("almeno sei morti", ("almeno sei", "6", "6", MORE, None, "morti")),
        ("quasi 300 civili", ("quasi 300", "300", "300", LESS, None, "civili")),
        ("10.000 o più soldati", ("10.000 o più", "10000", "10000", MORE, None, "soldati")),
        ("una ventina di morti", ("una ventina", "20", "20", ABOUT, None, "morti")),
        ("migliaia di soldati nordcoreani", ("migliaia", "1000", None, EXACT, None, "soldati")),
        ("decine di migliaia di persone", ("decine di migliaia", "10000", None, EXACT, None, "persone")),
        ("per 3,5 milioni di euro", ("3,5 milioni di euro", "3500000", "3500000", EXACT, "EUR", None)),
        ("il 41,5% dei voti", ("41,5%", "41.5", "41.5", EXACT, "%", "voti")),
        ("venticinque per cento", ("venticinque per cento", "25", "25", EXACT, "%", None)),
        ("12.500,75 euro", ("12.500,75 euro", "12500.75", "12500.75", EXACT, "EUR", None)),
    ],
)
def test_italian_quantities(text: str, expected: Row) -> None:
    """Italian figures, number words, ranges and qualifiers are read with separators of their language."""
    assert read(text, "it") == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "more than 10,000 North Korean soldiers",
            ("more than 10,000", "10000", "10000", MORE, None, "soldiers"),
        ),
        (
            "between 10,000 and 11,000 troops",
            ("between 10,000 and 11,000", "10000", "11000", EXACT, None, "troops"),
        ),
        ("10,000-11,000 troops", ("10,000-11,000", "10000", "11000", EXACT, None, "troops")),
        ("10,000 to 12,000 soldiers", ("10,000 to 12,000", "10000", "12000", EXACT, None, "soldiers")),
        ("nearly 1.5 billion dollars", ("nearly 1.5 billion dollars", "1500000000", "1500000000", LESS, "USD", None)),
        ("the £2.8bn beauty market", ("£2.8bn", "2800000000", "2800000000", EXACT, "GBP", "market")),
        ("70-90% of men", ("70-90%", "70", "90", EXACT, "%", "men")),
        ("two hundred and fifty people", ("two hundred and fifty", "250", "250", EXACT, None, "people")),
        ("300+ people", ("300+", "300", "300", MORE, None, "people")),
        ("a dozen people", ("a dozen", "12", "12", ABOUT, None, "people")),
        ("tens of thousands of people", ("tens of thousands", "10000", None, EXACT, None, "people")),
        ("sold 5.69 million copies", ("5.69 million", "5690000", "5690000", EXACT, None, "copies")),
    ],
)
def test_english_quantities(text: str, expected: Row) -> None:
    """English figures, number words, ranges and qualifiers are read with separators of their language."""
    assert read(text, "en") == [expected]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "Il 24 ottobre 2025, alle 18.30, nel giugno 2024, dal 28.04.2025 11:00 alle ore 10:15 GMT, negli anni ‘80",
            "it",
        ),
        ("On 29 March 2019 at 5.30pm, from 2003 to 2005 and in the 1980s", "en"),
        ("May 30, 2005 and the London 2012 games", "en"),
        ("l’articolo 4 e il 36° incontro, finito 2-1", "it"),
        ("a 20-year-old with HER2, SS19 and 007, of the 19th century", "en"),
        ("un uomo, una donna e il 35enne", "it"),
    ],
)
def test_dates_and_names_are_no_quantities(text: str, language: str) -> None:
    """Dates, times, years, ages, ordinals, scores and numbers that name something count nothing."""
    assert read(text, language) == []


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("2.500 soldati", "it", "2500"),
        ("2.500 grams", "en", "2.5"),
        ("2,500 soldiers", "en", "2500"),
        ("2,500 grammi", "it", "2.5"),
        ("10,000 soldati", "it", "10000"),
        ("10.000 soldiers", "en", "10000"),
        ("2.500 soldats", "fr", "2500"),
        ("1.234.567,8 litri", "it", "1234567.8"),
        ("10\u202f000 soldati", "it", "10000"),
    ],
)
def test_separators_follow_the_language(text: str, language: str, value: str) -> None:
    """One mark before three digits is what the language makes it; before ``000`` it always parts thousands."""
    assert [row[1] for row in read(text, language)] == [value]


@pytest.mark.parametrize("text", ["¹", "5² metri", "€²", "più di ³ soldati", "① voto", "½ litro"])
def test_signs_that_are_no_digits_are_no_quantities(text: str) -> None:
    """A superscript, a circled figure or a fraction's sign is not read as a number, and does not stop the reading."""
    found = quantities(text, Span(0, len(text)), "it")

    assert [one.span.of(text) for one in found] == (["5"] if text.startswith("5") else [])


def test_every_italian_number_word_has_its_value() -> None:
    """Number words from two to a million less one, built by the grammar's rules, are read as their number."""
    units = " due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici".split()
    words = dict(enumerate(units, start=2)) | {21: "ventuno", 28: "ventotto", 33: "trentatré", 108: "centootto"}
    words |= {180: "centottanta", 999: "novecentonovantanove", 1000: "mille", 1001: "milleuno", 2000: "duemila"}
    words |= {15_000: "quindicimila", 123_456: "centoventitremilaquattrocentocinquantasei"}

    assert {number: numeral(word, "it") for number, word in words.items()} == {number: number for number in words}


def test_the_quantities_of_the_seeds() -> None:
    """In one paragraph of the seeds each figure stands where the file has it, and no date is among them."""
    text = (SEEDS / "003_1ef017ea2025330c.txt").read_bytes().decode("utf-8")
    found = quantities(text, Span(0, len(text)), "it")

    assert [(q.span, q.span.of(text)) for q in found if q.low > 100] == [
        (Span(948, 960), "circa 15.000"),
        (Span(1109, 1118), "circa 600"),
        (Span(1165, 1176), "oltre 4mila"),
    ]


@settings(max_examples=150, deadline=None)
@given(
    st.text(alphabet="0123456789.,-–' €%°+ aeimlndoptrc\n", max_size=60),
    st.integers(0, 10),
    st.sampled_from(["it", "en", None]),
)
def test_spans_are_ordered_and_inside(text: str, start: int, language: str | None) -> None:
    """Whatever the text, quantities lie inside what was asked for, in order, disjoint, with low not above high."""
    within = Span(min(start, len(text)), len(text))
    found: list[Quantity] = quantities(text, within, language)

    assert all(within.covers(quantity.span) and len(quantity.span) for quantity in found)
    assert all(one.span.end <= other.span.start for one, other in pairwise(found))
    assert all(quantity.high is None or Decimal(0) <= quantity.low <= quantity.high for quantity in found)
