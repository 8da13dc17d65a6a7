"""Title, author, outlet and date as the head of a plain text holds them.

Three layouts are known: a block of short lines (kicker, title, standfirst, credit, author, date) closed by a line
that is a date; a title line set apart by a blank line; an agency's dateline (``Roma, 24 ott. (askanews) –``).
What none of them shows is left unknown, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from index.dates import DATE_LINES, checked_date, iso_of
from index.furniture import lines
from index.records import Exclusion, ExclusionKind, Span
from index.sentences import trimmed

_HEAD_LINES = 12
"""A date line further down belongs to the story, not to its head."""
_HEAD_LINE = 400
"""Characters. A longer line above a date is the story, and the date one it tells of."""

_NAME = r"[A-ZÀ-Þ][\w’'.-]*(?:\s+(?:(?:de|di|da|del|della|van|von|bin|al)\s+)?[A-ZÀ-Þ][\w’'.-]*){1,3}"
_AUTHOR = re.compile(rf"(?:(?i:di|by|testo di|a cura di)\s+)?(?P<name>{_NAME}(?:(?:,| e| and)\s+{_NAME})*)")
_DATELINE = re.compile(
    r"(?:date\s+(?P<iso>\d{4}-\d{2}-\d{2})\s+)?"
    r"(?:\((?P<agency_first>[A-Z][\w.-]{1,20})\)\s*[-–—]\s*)?"
    r"(?P<place>[A-ZÀ-Þ][\w’' /-]{1,40})"
    r"(?:,\s+\d{1,2}\s+[^\W\d_]{3,9}\.?(?:\s+\d{4})?|,\s+[A-Z][a-z]{2,8}\.?\s+\d{1,2}(?:,\s+\d{4})?)?"
    r"\s*(?:\((?P<agency>[^()\n]{2,30})\)\s*)?[-–—]\s+"
)
_AGENCIES = frozenset(
    """
    ansa agi adnkronos askanews italpress lapresse radiocor nova dire reuters ap afp dpa efe bloomberg interfax tass
    kcna xinhua upi pa ats apa belga ukrinform yonhap kyodo
    """.split()
)


@dataclass(frozen=True, slots=True)
class Masthead:
    """What the head of an article says of it; spans where the words stand, None where it says nothing."""

    title: Span | None = None
    author: Span | None = None
    outlet: Span | None = None
    published: str | None = None
    updated: str | None = None
    kicker: Span | None = None
    standfirst: Span | None = None
    place: Span | None = None
    exclusions: tuple[Exclusion, ...] = field(default=())


def read_masthead(text: str, furniture: Sequence[Exclusion]) -> Masthead:
    """Read the head of `text`, passing over what `furniture` already marks."""
    marked = {exclusion.span for exclusion in furniture}
    head = [line for line, _ in zip(lines(text), range(_HEAD_LINES), strict=False) if line not in marked]
    for place, line in enumerate(head):
        dateline = _read_dateline(text, line)
        if dateline is not None:
            above = _read_block(text, head[:place]) or Masthead(title=_title_line(text, head[: place + 1]))
            return replace(
                above,
                outlet=dateline.outlet,
                place=dateline.place,
                published=above.published or dateline.published,
                exclusions=above.exclusions + dateline.exclusions,
            )
    return _read_block(text, head) or Masthead(title=_title_line(text, head))


def _read_block(text: str, head: list[Span]) -> Masthead | None:
    """The block that a date closes, or several: ``Pubblicato il …``, ``Aggiornato il …``; None where there is none."""
    dates = [next((found for rule in DATE_LINES if (found := rule.fullmatch(line.of(text)))), None) for line in head]
    first = next((place for place, match in enumerate(dates) if match is not None), None)
    if first is None or any(len(line) > _HEAD_LINE for line in head[:first]):
        return None
    after = next((place for place in range(first, len(head)) if dates[place] is None), len(head))
    exclusions = [Exclusion(line, ExclusionKind.BYLINE) for line in head[first:after]]
    titles = head[:first]
    author: Span | None = None
    for candidate in (first - 1, after):
        found = _AUTHOR.fullmatch(head[candidate].of(text)) if 0 < candidate < len(head) else None
        if found is not None and len(found["name"]) <= 80:
            start = head[candidate].start
            author = Span(start + found.start("name"), start + found.end("name"))
            exclusions.append(Exclusion(head[candidate], ExclusionKind.BYLINE))
            titles = [line for line in titles if line != head[candidate]]
            break
    kicker: Span | None = None
    if len(titles) > 1 and len(titles[0].of(text).split()) <= 3 and _is_title(titles[1].of(text)):
        exclusions.append(Exclusion(titles[0], ExclusionKind.KICKER))
        kicker, titles = titles[0], titles[1:]
    title = titles[0] if titles and _is_title(titles[0].of(text)) else None
    moments = [date for match in dates[first:after] if match and (date := iso_of(match))]
    return Masthead(
        title=title,
        author=author,
        published=next(iter(moments), None),
        updated=moments[-1] if len(moments) > 1 else None,
        kicker=kicker,
        standfirst=titles[1] if title is not None and len(titles) == 2 else None,
        exclusions=tuple(sorted(exclusions, key=lambda exclusion: exclusion.span)),
    )


def _read_dateline(text: str, line: Span) -> Masthead | None:
    """The agency's dateline with which `line` begins."""
    match = _DATELINE.match(text, line.start, line.end)
    if match is None:
        return None
    group = "agency" if match["agency"] else "agency_first"
    name = match[group] or ""
    if name.split("/")[0].strip().lower() not in _AGENCIES and match["iso"] is None:
        return None
    outlet = Span(*match.span(group)) if name else None
    full = next((found for rule in DATE_LINES if (found := rule.search(match.group()))), None)
    published = checked_date(match["iso"]) if match["iso"] else full and iso_of(full)
    exclusion = Exclusion(trimmed(text, Span(*match.span())), ExclusionKind.DATELINE)
    place = trimmed(text, Span(*match.span("place")))
    return Masthead(outlet=outlet, published=published, place=place, exclusions=(exclusion,))


def _title_line(text: str, head: list[Span]) -> Span | None:
    """The first line, where a blank line sets it apart and it does not end as a sentence does."""
    if len(head) < 2 or not _is_title(head[0].of(text)):
        return None
    between = text[head[0].end : head[1].start]
    return head[0] if between.replace("\r\n", "\n").count("\n") >= 2 else None


def _is_title(line: str) -> bool:
    return len(line) <= 250 and not line.rstrip("»”\"’') ").endswith((".", ";", ":", ","))
