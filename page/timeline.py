"""Direct speech by month and speaker, as a table of bars one can click."""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise

from page.markup import attributes, escaped, shortened
from qa.messages import message
from qa.quotations import Quotation
from qa.records import Filters, Language
from qa.reference import written_month, written_number

Tally = Counter[tuple[str, str | None]]
"""Quotations by month (``2025-10``; empty where the article has no date) and speaker (None where nobody is named)."""

_MONTHS = 120
"""Months in a row that are drawn with the empty ones between; over a longer time only those with quotations are."""
_SPEAKERS = 5
"""Speakers with a row of their own: those who say most."""


def tally_of(quotations: Iterable[Quotation], names: Mapping[str, str]) -> Tally:
    """The quotations counted, speakers by the name that `names` has for a spelling."""
    return Counter(
        ((quotation.article.published or "")[:7], speaker and names.get(speaker, speaker))
        for quotation in quotations
        for speaker in [quotation.speech.speaker]
    )


def timeline_html(tally: Tally, filters: Filters, interface: Language) -> str:
    """A row for all and one for each of those who say most, a column a month, oldest first, what is undated last.

    Each bar is a button with its number and the filters that it sets; where `filters` are set to them it is marked as
    pressed, and frees them.
    """
    if not tally:
        return ""
    months = _months(sorted({month for month, _ in tally if month}))
    months += [""] if any(not month for month, _ in tally) else []
    by_month: Counter[str] = Counter()
    by_speaker: Counter[str] = Counter()
    for (month, speaker), count in tally.items():
        by_month[month] += count
        if speaker is not None:
            by_speaker[speaker] += count
    told = _told(by_speaker, filters)
    most = max((tally[month, speaker] for month in months for speaker in told), default=0)
    gaps = {month for former, month in pairwise(months) if month and _number(month) - _number(former) > 1}
    rows = [_row_html(None, months, gaps, by_month, max(by_month.values()), filters, interface)]
    for speaker in told:
        counts = Counter({month: tally[month, speaker] for month in months})
        rows.append(_row_html(speaker, months, gaps, counts, most, filters, interface))
    heads = "".join(f'<th scope="col"{_gap(month, gaps)}>{escaped(_short(month, interface))}</th>' for month in months)
    title = escaped(message("page_timeline", interface))
    return (
        f'<div class="wide timeline" tabindex="0" lang="{interface.value}" role="region" aria-label="{title}">'
        f"<table><caption><span>{title}</span></caption><thead><tr><td></td>{heads}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _told(by_speaker: Counter[str], filters: Filters) -> list[str]:
    """Who has a row: those who say most, and whoever is chosen."""
    most = sorted(by_speaker, key=lambda name: (-by_speaker[name], name))[:_SPEAKERS]
    chosen = filters.speaker
    return most if chosen is None or chosen in most or chosen not in by_speaker else [*most, chosen]


def _row_html(
    speaker: str | None,
    months: Sequence[str],
    gaps: Collection[str],
    counts: Mapping[str, int],
    most: int,
    filters: Filters,
    interface: Language,
) -> str:
    name = message("page_everyone", interface) if speaker is None else speaker
    cells = "".join(
        f"<td{_gap(month, gaps)}>{_cell_html(month, speaker, counts[month], most, filters, interface)}</td>"
        for month in months
    )
    kind = ' class="all"' if speaker is None else ""
    return f'<tr{kind}><th scope="row" dir="auto"><span>{escaped(shortened(name))}</span></th>{cells}</tr>'


def _cell_html(month: str, speaker: str | None, count: int, most: int, filters: Filters, interface: Language) -> str:
    if not count:
        return ""
    bar = f'<span class="bar" style="height:{100 * count / most:.0f}%"></span><span class="count">{count}</span>'
    if not month:
        return f'<span class="undated">{bar}</span>'
    when = written_month(month, interface)
    label = message("page_timeline_month", interface, month=when, count=written_number(count, interface))
    label = label if speaker is None else f"{speaker}, {label}"
    since, until = f"{month}-01", f"{month}-{calendar.monthrange(int(month[:4]), int(month[5:]))[1]}"
    pressed = "true" if (filters.since, filters.until, filters.speaker) == (since, until, speaker) else "false"
    sets = attributes(data_month=month, data_since=since, data_until=until, data_speaker=speaker)
    given = sets + attributes(aria_pressed=pressed, aria_label=label, title=label)
    return f'<button type="button"{given}>{bar}</button>'


def _short(month: str, interface: Language) -> str:
    return f"{month[5:]}/{month[:4]}" if month else message("page_undated", interface)


def _gap(month: str, gaps: Collection[str]) -> str:
    """What marks a column before which months are left out."""
    return attributes(class_="gap") if month in gaps else ""


def _number(month: str) -> int:
    """Months since the year 0."""
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _months(known: Sequence[str]) -> list[str]:
    """The months from the first to the last of `known`."""
    if not known:
        return []
    first, last = _number(known[0]), _number(known[-1])
    if last - first >= _MONTHS:
        return list(known)
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(first, last + 1)]
