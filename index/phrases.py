"""How dates are told in Italian and English: phrases, how precise they are, and which days they mean.

News tells of what has been: a month or a weekday alone means the last one.
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Callable, Iterator
from enum import StrEnum

from index.dates import MONTHS

Days = tuple[datetime.date, datetime.date]
"""The first and the last day meant."""
Rule = Callable[[re.Match[str], "datetime.date | None"], "Days | None"]
"""From a phrase, and the day it was written on, to what it means; None where that day is needed and not known.

Raises:
    ValueError, OverflowError: no calendar has such a day.
"""


class Precision(StrEnum):
    """How long the time is that is meant."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


_FULL = frozenset(name for name in MONTHS if len(name) > 4 or name in ("june", "july"))
_SHORT = "|".join(name for name in MONTHS if name not in _FULL)
_PLAIN_MONTH = "|".join(name for name in MONTHS if name in _FULL)
_MONTH = rf"(?P<month>{_PLAIN_MONTH}|(?:{_SHORT})\b\.?)"
_CAPITAL = rf"(?P<month>(?-i:{'|'.join(name.title() for name in MONTHS if len(name) > 2)}))"
_DAY = r"(?P<day>[12]?\d|3[01])(?:º|°|st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_OF = r"(?:\s+(?:del|di|of))?"
WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "lunedì monday",
            "martedì tuesday",
            "mercoledì wednesday",
            "giovedì thursday",
            "venerdì friday",
            "sabato saturday",
            "domenica sunday",
        )
    )
    for name in names.split()
}
_WEEKDAY = rf"(?P<weekday>{'|'.join(WEEKDAYS)})"
_ON = rf"(?:{_WEEKDAY},?\s+)?"
_LAST = r"(?:scors[oa]|last|past)"
_NEXT = r"(?:prossim[oa]|next)"
_LAST_YEAR = r"(?:(?:dello |lo |nello )?scorso anno|(?:dell|nell|l)?[’']?anno scorso|(?:of |the )?last year)"
_NUMBERS = {
    name: number
    for number, names in enumerate(
        (
            "un uno una a an one",
            "due two",
            "tre three",
            "quattro four",
            "cinque five",
            "sei six",
            "sette seven",
            "otto eight",
            "nove nine",
            "dieci ten",
        ),
        start=1,
    )
    for name in names.split()
}
_NUMBER = rf"(?P<number>\d{{1,3}}|{'|'.join(_NUMBERS)})"
NEAR = {"ieri": -1, "yesterday": -1, "oggi": 0, "today": 0, "domani": 1, "tomorrow": 1}


def _month_number(match: re.Match[str]) -> int:
    return MONTHS[match["month"].lower().rstrip(".")]


def _one(day: datetime.date) -> Days:
    return day, day


def _whole_month(year: int, month: int) -> Days:
    return datetime.date(year, month, 1), datetime.date(year, month, calendar.monthrange(year, month)[1])


def _whole_year(year: int) -> Days:
    return datetime.date(year, 1, 1), datetime.date(year, 12, 31)


def _months_from(day: datetime.date, number: int) -> Days:
    months = day.year * 12 + day.month - 1 + number
    return _whole_month(months // 12, months % 12 + 1)


def _full_day(match: re.Match[str], _: datetime.date | None) -> Days:
    month = match["month"]
    number = int(month) if month.isdigit() else _month_number(match)
    return _one(datetime.date(int(match["year"]), number, int(match["day"])))


def _day_of_month(match: re.Match[str], written: datetime.date | None) -> Days | None:
    """Of the years around, the one that brings it nearest to the day of writing."""
    month, day = _month_number(match), int(match["day"])
    datetime.date(2000, month, day)  # refuses a day no month has
    if written is None:
        return None
    near = [
        datetime.date(year, month, day)
        for year in (written.year - 1, written.year, written.year + 1)
        if day <= calendar.monthrange(year, month)[1]
    ]
    return _one(min(near, key=lambda one: abs(one - written)))


def _weekday_of_month(match: re.Match[str], written: datetime.date | None) -> Days:
    """``lunedì 27``: the nearest such day; where weekday and number do not agree, the number counts something else."""
    if written is None:
        raise ValueError("no day to count from")
    number, weekday = int(match["day"]), WEEKDAYS[match["weekday"].lower()]
    around = (written + datetime.timedelta(days=step) for away in range(32) for step in (-away, away))
    for day in around:
        if day.day == number and day.weekday() == weekday:
            return _one(day)
    raise ValueError("no such day")


def _month_of_year(match: re.Match[str], _: datetime.date | None) -> Days:
    return _whole_month(int(match["year"]), _month_number(match))


def _month_last_year(match: re.Match[str], written: datetime.date | None) -> Days | None:
    return None if written is None else _whole_month(written.year - 1, _month_number(match))


def _month_before(match: re.Match[str], written: datetime.date | None) -> Days | None:
    if written is None:
        return None
    month = _month_number(match)
    return _whole_month(written.year - (month >= written.month), month)


def _month_after(match: re.Match[str], written: datetime.date | None) -> Days | None:
    if written is None:
        return None
    month = _month_number(match)
    return _whole_month(written.year + (month <= written.month), month)


def _month_alone(match: re.Match[str], written: datetime.date | None) -> Days | None:
    """The last one begun: news tells of what has been."""
    if written is None:
        return None
    month = _month_number(match)
    return _whole_month(written.year - (month > written.month), month)


def _year_alone(match: re.Match[str], _: datetime.date | None) -> Days:
    return _whole_year(int(match["year"]))


def _last_year(_: re.Match[str], written: datetime.date | None) -> Days | None:
    return None if written is None else _whole_year(written.year - 1)


def _ago(match: re.Match[str], written: datetime.date | None) -> Days | None:
    if written is None:
        return None
    word, unit = match["number"].lower(), match["unit"].lower()
    number = int(word) if word.isdigit() else _NUMBERS[word]
    if unit.startswith(("ann", "year")):
        return _whole_year(written.year - number)
    if unit.startswith(("mes", "month")):
        return _months_from(written, -number)
    if unit.startswith(("settiman", "week")):
        return _week_of(written - datetime.timedelta(weeks=number))
    return _one(written - datetime.timedelta(days=number))


def _week_of(day: datetime.date) -> Days:
    monday = day - datetime.timedelta(days=day.weekday())
    return monday, monday + datetime.timedelta(days=6)


def _week(weeks: int) -> Rule:
    return lambda _, written: None if written is None else _week_of(written + datetime.timedelta(weeks=weeks))


def _weekday(step: int) -> Rule:
    """The nearest one before (-1), up to (0) or after (1) the day of writing."""

    def rule(match: re.Match[str], written: datetime.date | None) -> Days | None:
        if written is None:
            return None
        back = (written.weekday() - WEEKDAYS[match["weekday"].lower()]) % 7
        if step > 0:
            return _one(written + datetime.timedelta(days=7 - back))
        return _one(written - datetime.timedelta(days=back or (7 if step else 0)))

    return rule


def _near(match: re.Match[str], written: datetime.date | None) -> Days | None:
    days = NEAR[match["near"].lower()]
    return None if written is None else _one(written + datetime.timedelta(days=days))


def _rules() -> Iterator[tuple[Precision, re.Pattern[str], Rule]]:
    day, week, month, year = Precision.DAY, Precision.WEEK, Precision.MONTH, Precision.YEAR
    for precision, pattern, rule in (
        (day, rf"{_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)", _full_day),
        (day, rf"{_ON}(?P<day>\d{{1,2}})[./](?P<month>\d{{1,2}})[./]{_YEAR}", _full_day),
        (day, rf"{_ON}{_DAY}{_OF}\s+{_MONTH}{_OF},?\s+{_YEAR}", _full_day),
        (day, rf"{_ON}{_MONTH}\s+{_DAY},?\s+{_YEAR}", _full_day),
        (month, rf"{_MONTH}{_OF}\s+{_YEAR}", _month_of_year),
        (month, rf"(?P<month>{_PLAIN_MONTH})\s+{_LAST_YEAR}", _month_last_year),
        (day, rf"{_ON}{_DAY}{_OF}\s+{_MONTH}", _day_of_month),
        (day, rf"{_ON}{_CAPITAL}\.?\s+{_DAY}(?!\d|[.,]\d)", _day_of_month),
        (day, rf"{_WEEKDAY}\s+{_DAY}(?!\d|[.,:]\d)", _weekday_of_month),
        (month, rf"{_LAST}\s+(?P<month>{_PLAIN_MONTH}|may)", _month_before),
        (month, rf"(?P<month>{_PLAIN_MONTH})\s+scorso", _month_before),
        (month, rf"{_NEXT}\s+(?P<month>{_PLAIN_MONTH}|may)", _month_after),
        (day, rf"{_LAST}\s+{_WEEKDAY}", _weekday(-1)),
        (day, rf"{_WEEKDAY}\s+scors[oa]", _weekday(-1)),
        (day, rf"{_NEXT}\s+{_WEEKDAY}", _weekday(1)),
        (day, rf"{_WEEKDAY}\s+prossim[oa]", _weekday(1)),
        (year, _LAST_YEAR, _last_year),
        (day, rf"{_NUMBER}\s+(?P<unit>giorni|giorno|days?)\s+(?:fa|ago)", _ago),
        (week, rf"{_NUMBER}\s+(?P<unit>settiman[ae]|weeks?)\s+(?:fa|ago)", _ago),
        (month, rf"{_NUMBER}\s+(?P<unit>mes[ei]|months?)\s+(?:fa|ago)", _ago),
        (year, rf"{_NUMBER}\s+(?P<unit>ann[oi]|years?)\s+(?:fa|ago)", _ago),
        (week, r"(?:scorsa settimana|settimana scorsa|last week)", _week(-1)),
        (week, r"(?:questa settimana|this week)", _week(0)),
        (week, r"(?:prossima settimana|settimana prossima|next week)", _week(1)),
        (
            month,
            rf"(?:ad?|in|di|da|nel|dal|del|(?:nel|dal|del)l?[’'])\s?(?P<told>(?P<month>{_PLAIN_MONTH}))",
            _month_alone,
        ),
        (month, rf"(?:in|since|until|by|of)\s(?P<told>{_CAPITAL})", _month_alone),
        (year, rf"(?:nel|del|dal|al|in|since|until|by)\s(?P<told>{_YEAR})", _year_alone),
        (year, rf"of\s(?P<told>{_YEAR})(?!\s\w)", _year_alone),
        (day, rf"{_WEEKDAY}", _weekday(0)),
        (day, rf"(?P<near>{'|'.join(NEAR)})", _near),
    ):
        told = pattern if "(?P<told>" in pattern else f"(?P<told>{pattern})"
        yield precision, re.compile(rf"(?<![\w-])(?:{told})(?!\w)", re.IGNORECASE), rule


RULES = tuple(_rules())
"""Precision, pattern (the date is its group ``told``) and rule; of two that match the same words the first counts."""
