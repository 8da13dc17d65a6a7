"""What is said of an article, by whom, and how sure that is.

Every value keeps its origin. Where several places say different things, all of them are kept and the surest one
counts; of equally sure ones the first.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from index.dates import iso_moment


class Field(StrEnum):
    """What can be known of an article."""

    TITLE = "title"
    KICKER = "kicker"
    STANDFIRST = "standfirst"
    OUTLET = "outlet"
    AUTHOR = "author"
    PLACE = "place"
    AGENCY = "agency"
    PUBLISHED = "published"
    UPDATED = "updated"
    URL = "url"
    LANGUAGE = "language"
    SECTION = "section"
    LICENCE = "licence"


class Origin(StrEnum):
    """Where a value was found."""

    SIDE_FILE = "side_file"
    FIELD = "field"
    """A field of a dump or feed, or a header of a mail."""
    JSON_LD = "json_ld"
    META_TAG = "meta_tag"
    MARKUP = "markup"
    """A heading, a byline's class or a time element of a page; a style or a font size of a document."""
    PROPERTY = "property"
    """The properties a document carries beside its text; often left from a template."""
    TEXT = "text"
    FILE_NAME = "file_name"


SURENESS = {
    Origin.SIDE_FILE: 1.0,
    Origin.FIELD: 0.95,
    Origin.JSON_LD: 0.95,
    Origin.META_TAG: 0.9,
    Origin.TEXT: 0.8,
    Origin.MARKUP: 0.7,
    Origin.PROPERTY: 0.5,
    Origin.FILE_NAME: 0.4,
}
"""How sure a value from each origin is, unless the reader that found it knows better: an order, not a probability."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One value from one place.

    Attributes:
        value: one line that shows something; None says that there is nothing to know (a side file's ``null``).
        sureness: above 0, up to 1.
    """

    field: Field
    value: str | None
    origin: Origin
    sureness: float

    def __post_init__(self) -> None:
        if not 0 < self.sureness <= 1:
            raise ValueError(f"not a sureness: {self.sureness}")


def claim(field: Field, value: object, origin: Origin, sureness: float | None = None) -> list[Claim]:
    """The claim that `field` is `value`, as a list: empty where `value` is no text that shows anything."""
    if not isinstance(value, str):
        return []
    line = " ".join(without_breaks(value).split())
    if not line or len(line) > _LONGEST or not is_text(line):
        return []
    return [Claim(field, line, origin, sureness or SURENESS[origin])]


_BREAKS = re.compile("[\u00ad\u200b\u2060\ufeff]+")


def without_breaks(value: str) -> str:
    """`value` without the marks of where a line may or may not break, such as soft hyphens: nobody sees them."""
    return _BREAKS.sub("", value)


_LONGEST = 2_000
"""Characters; a standfirst may be long, and what is longer still is no metadata."""


def is_text(value: str) -> bool:
    """Whether `value` shows something and, without NULs and lone surrogates, can be written anywhere."""
    return bool(value.strip()) and not any("\ud800" <= c <= "\udfff" or c == "\x00" for c in value)


def settled(claims: Iterable[Claim], today: datetime.date) -> tuple[tuple[Claim, ...], tuple[str, ...]]:
    """`claims` as they can be kept, the surest of each field first, each value once; and what was refused, a line each.

    Dates come out as ISO 8601; one that is none, or lies before print or after tomorrow, is refused. Addresses that are
    not of the web and languages that are no code are passed over.
    """
    kept: list[Claim] = []
    refused: list[str] = []
    for one in claims:
        value = one.value
        if value is not None and one.field in (Field.PUBLISHED, Field.UPDATED):
            moment = iso_moment(value)
            problem = _date_problem(moment, today)
            if problem is not None:
                refused.append(f"{one.field} «{value[:60]}» ({one.origin}) {problem}")
                continue
            value = moment
        elif value is not None and one.field is Field.URL and not re.match(r"https?://[^\s/]", value):
            continue
        elif value is not None and one.field is Field.LANGUAGE:
            code = re.match(r"([A-Za-z]{2,3})(?:[-_].*)?$", value)
            if code is None:
                continue
            value = code[1].lower()
        kept.append(Claim(one.field, value, one.origin, one.sureness))
    order = {field: place for place, field in enumerate(Field)}
    kept.sort(key=lambda one: (order[one.field], -one.sureness))  # stable: of equals the first stays first
    seen: set[tuple[Field, str | None, Origin]] = set()
    unique = []
    for one in kept:
        if (one.field, one.value, one.origin) not in seen:
            seen.add((one.field, one.value, one.origin))
            unique.append(one)
    return tuple(unique), tuple(refused)


def _date_problem(moment: str | None, today: datetime.date) -> str | None:
    if moment is None:
        return "is no date"
    if moment[:4] < "1600":
        return "lies before there was news"
    if datetime.date.fromisoformat(moment[:10]) > today + datetime.timedelta(days=1):
        return "lies in the future"
    return None


def best(claims: Sequence[Claim], field: Field) -> str | None:
    """What the settled `claims` say of `field`."""
    return next((one.value for one in claims if one.field is field), None)
