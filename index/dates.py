"""Dates as people and machines write them, brought to ISO 8601."""

from __future__ import annotations

import datetime
import email.utils
import re

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "gennaio gen january jan",
            "febbraio feb february",
            "marzo mar march",
            "aprile apr april",
            "maggio mag may",
            "giugno giu june jun",
            "luglio lug july jul",
            "agosto ago august aug",
            "settembre set sett september sep sept",
            "ottobre ott october oct",
            "novembre nov november",
            "dicembre dic december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_LABEL = r"(?:(?:pubblicato|aggiornato|published|updated|date|data)(?: il| on)?:?\s+)?"
_WEEKDAY = r"(?:[^\W\d_]{3,9},?\s+)?"
_TIME = r"(?:[\s,–-]*(?:ore |alle |at )?(?P<hour>\d{1,2})[:.](?P<minute>\d{2}))?"
DATE_LINES = tuple(
    re.compile(_LABEL + _WEEKDAY + pattern + _TIME, re.IGNORECASE)
    for pattern in (
        r"(?P<day>\d{1,2})[./](?P<month>\d{1,2})[./](?P<year>\d{4})",
        r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})T?",
        r"(?P<day>\d{1,2})°?\s+(?P<month>[^\W\d_]{3,10})\.?\s+(?P<year>\d{4})",
        r"(?P<month>[^\W\d_]{3,10})\.?\s+(?P<day>\d{1,2}),\s+(?P<year>\d{4})",
    )
)
"""A line that is a date, with a label, a weekday and a time of day where it has them."""


def iso_of(match: re.Match[str]) -> str | None:
    """The date that one of :data:`DATE_LINES` matched, with the time where it has one; None for an impossible one."""
    month = match["month"]
    number = int(month) if month.isdigit() else MONTHS.get(month.lower(), 0)
    try:
        day = datetime.date(int(match["year"]), number, int(match["day"]))
        if match["hour"] is None:
            return day.isoformat()
        time = datetime.time(int(match["hour"]), int(match["minute"]))
    except ValueError:
        return None
    return f"{day.isoformat()}T{time:%H:%M}"


def checked_date(iso: str | None) -> str | None:
    """`iso` as a date without a time of day, or None where it is none."""
    try:
        return None if iso is None else datetime.date.fromisoformat(iso).isoformat()
    except ValueError:
        return None


def iso_moment(value: str) -> str | None:
    """`value` as an ISO 8601 date, or date and time to the minute with the offset it gives; None where it is no date.

    Read are ISO 8601, what mails and RSS write (RFC 2822), and written Italian and English dates.
    """
    value = value.strip()
    if (day := checked_date(value)) is not None:
        return day
    for read in (datetime.datetime.fromisoformat, email.utils.parsedate_to_datetime):
        try:
            return read(value).isoformat(timespec="minutes")
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    match = next((found for rule in DATE_LINES if (found := rule.fullmatch(value))), None)
    return None if match is None else iso_of(match)
