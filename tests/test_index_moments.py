"""Dates inside a text: the words that tell them, how precise they are, and the days they mean."""

from __future__ import annotations

import datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.ingest import read_sources
from index.moments import find_moments, moments
from tests.conftest import SEEDS

WRITTEN = datetime.date(2025, 10, 24)
"""A Friday."""
Told = tuple[str, str, str | None, str | None]
CASES: dict[str, list[Told]] = {
    "Il 10 ottobre 2024 e l’1º maggio 2025.": [
        ("10 ottobre 2024", "day", "2024-10-10", "2024-10-10"),
        ("1º maggio 2025", "day", "2025-05-01", "2025-05-01"),
    ],
    "On June 19, 1953 and 4 October 1918, not 2025-02-30.": [
        ("June 19, 1953", "day", "1953-06-19", "1953-06-19"),
        ("4 October 1918", "day", "1918-10-04", "1918-10-04"),
    ],
    "Aperta fino al 10 ottobre, poi il 3 gennaio.": [
        ("10 ottobre", "day", "2025-10-10", "2025-10-10"),
        ("3 gennaio", "day", "2026-01-03", "2026-01-03"),
    ],
    "Il 24.10.2025 alle 11": [("24.10.2025", "day", "2025-10-24", "2025-10-24")],
    "Nell’ottobre 2024 e a giugno del 2023": [
        ("ottobre 2024", "month", "2024-10-01", "2024-10-31"),
        ("giugno del 2023", "month", "2023-06-01", "2023-06-30"),
    ],
    "nel giugno dello scorso anno": [("giugno dello scorso anno", "month", "2024-06-01", "2024-06-30")],
    "lo scorso giugno, novembre scorso, il prossimo marzo": [
        ("scorso giugno", "month", "2025-06-01", "2025-06-30"),
        ("novembre scorso", "month", "2024-11-01", "2024-11-30"),
        ("prossimo marzo", "month", "2026-03-01", "2026-03-31"),
    ],
    "Ad aprile, ad agosto, a dicembre": [
        ("aprile", "month", "2025-04-01", "2025-04-30"),
        ("agosto", "month", "2025-08-01", "2025-08-31"),
        ("dicembre", "month", "2024-12-01", "2024-12-31"),
    ],
    "Dal 2024, in 2020, l’anno scorso, last year": [
        ("2024", "year", "2024-01-01", "2024-12-31"),
        ("2020", "year", "2020-01-01", "2020-12-31"),
        ("l’anno scorso", "year", "2024-01-01", "2024-12-31"),
        ("last year", "year", "2024-01-01", "2024-12-31"),
    ],
    "Un anno fa, two months ago, 10 giorni fa, three weeks ago": [
        ("Un anno fa", "year", "2024-01-01", "2024-12-31"),
        ("two months ago", "month", "2025-08-01", "2025-08-31"),
        ("10 giorni fa", "day", "2025-10-14", "2025-10-14"),
        ("three weeks ago", "week", "2025-09-29", "2025-10-05"),
    ],
    "Giovedì, venerdì, on Saturday, venerdì scorso, next Monday": [
        ("Giovedì", "day", "2025-10-23", "2025-10-23"),
        ("venerdì", "day", "2025-10-24", "2025-10-24"),
        ("Saturday", "day", "2025-10-18", "2025-10-18"),
        ("venerdì scorso", "day", "2025-10-17", "2025-10-17"),
        ("next Monday", "day", "2025-10-27", "2025-10-27"),
    ],
    "Lunedì 27 ottobre, giovedì 2 ottobre 2025, on Friday, October 24; sabato 25.10.2025": [
        ("Lunedì 27 ottobre", "day", "2025-10-27", "2025-10-27"),
        ("giovedì 2 ottobre 2025", "day", "2025-10-02", "2025-10-02"),
        ("Friday, October 24", "day", "2025-10-24", "2025-10-24"),
        ("sabato 25.10.2025", "day", "2025-10-25", "2025-10-25"),
    ],
    "Si replica lunedì 27; mercoledì 22 c’erano in mille. Martedì 12 persone, sabato 10.30": [
        ("lunedì 27", "day", "2025-10-27", "2025-10-27"),
        ("mercoledì 22", "day", "2025-10-22", "2025-10-22"),
        ("Martedì", "day", "2025-10-21", "2025-10-21"),
        ("sabato", "day", "2025-10-18", "2025-10-18"),
    ],
    "Ieri, oggi, tomorrow; la settimana scorsa": [
        ("Ieri", "day", "2025-10-23", "2025-10-23"),
        ("oggi", "day", "2025-10-24", "2025-10-24"),
        ("tomorrow", "day", "2025-10-25", "2025-10-25"),
        ("settimana scorsa", "week", "2025-10-13", "2025-10-19"),
    ],
    "They may march on in the second of 2000 soldiers; una fata; le 10.000 bombe": [],
}


def _rows(text: str, written: datetime.date | None) -> list[Told]:
    return [
        (one.span.of(text), one.precision.value, *(str(day) for day in one.days))
        if one.days
        else (one.span.of(text), one.precision.value, None, None)
        for one in moments(text, written)
    ]


@pytest.mark.parametrize("text", CASES)
def test_dates_are_found_and_resolved(text: str) -> None:
    """Each date is these words, this precision and these days, in both languages."""
    assert _rows(text, WRITTEN) == CASES[text]


def test_without_the_article_s_date_what_depends_on_it_stays_open() -> None:
    """Absolute dates are resolved all the same; the others are found, and mean no days."""
    assert _rows("Giovedì, ad aprile, un anno fa, il 10 ottobre; nel giugno 2024.", None) == [
        ("Giovedì", "day", None, None),
        ("aprile", "month", None, None),
        ("un anno fa", "year", None, None),
        ("10 ottobre", "day", None, None),
        ("giugno 2024", "month", "2024-06-01", "2024-06-30"),
    ]


def test_the_seeds_tell_these_dates() -> None:
    """On the real articles: what is found, counted, and resolved where the article is dated."""
    found = {a.source_file[:3]: find_moments(a) for a in read_sources([SEEDS]).articles}

    assert {name: len(rows) for name, rows in found.items()} == {"000": 7, "001": 10, "002": 5, "003": 7, "004": 4}
    assert all(one.days for name in ("001", "003") for one in found[name])
    assert sum(one.days is None for one in found["000"]) == 5


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*CASES, "Il museo. ", "x" * 90]), max_size=5).map(" ".join), st.dates())
def test_spans_are_sorted_and_disjoint_on_any_day(text: str, written: datetime.date) -> None:
    """Whatever is put together and whenever it is written, spans are in order and days are too."""
    found = moments(text, written)

    assert all(one.span.end <= other.span.start for one, other in pairwise(found))
    assert all(one.days is None or one.days[0] <= one.days[1] for one in found)
