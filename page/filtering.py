"""The filters as a form that stays in sight, each choice with how much it leaves."""

from __future__ import annotations

from collections.abc import Sequence

from page.cards import language_name
from page.markup import attributes, button, escaped, shortened
from qa.facets import Facets, Option
from qa.messages import message
from qa.records import Filters, Language
from qa.reference import written_date, written_number


def filters_html(filters: Filters, facets: Facets, interface: Language, problem: str | None = None) -> str:
    """The form, set to `filters`; says how many articles they leave, or that they leave none.

    `problem` names the message that is said instead.
    """
    languages = [Option(option.value, option.count) for option in facets.languages]
    names = {option.value: language_name(option.value, interface) for option in languages}
    fields = (
        _day_html("since", filters.since, interface),
        _day_html("until", filters.until, interface),
        _choice_html("outlet", "page_any_outlet", filters.outlet, facets.outlets, interface),
        _choice_html("speaker", "page_any_speaker", filters.speaker, facets.speakers, interface),
        _choice_html("source", "page_any_language", filters.language, languages, interface, names),
    )
    none = not facets.matching and facets.total > 0
    said = message(
        problem or ("page_reach_none" if none else "page_reach"),
        interface,
        matching=written_number(facets.matching, interface),
        total=written_number(facets.total, interface),
    )
    clear = button(message("page_no_filters", interface), "reset") if filters.active else ""
    return (
        f'<form class="filters" lang="{interface.value}" aria-label="{escaped(message("page_filters", interface))}">'
        f'{"".join(fields)}<p class="reach{" none" if none else ""}" role="status">{escaped(said)}</p>{clear}</form>'
    )


def filters_text(filters: Filters, interface: Language) -> str:
    """The filters that are set, in words; empty where none is."""
    parts = []
    if filters.since:
        parts.append(message("page_from_day", interface, day=written_date(filters.since, interface)))
    if filters.until:
        parts.append(message("page_to_day", interface, day=written_date(filters.until, interface)))
    parts += [value for value in (filters.outlet, filters.speaker) if value]
    if filters.language:
        parts.append(language_name(filters.language, interface))
    return ", ".join(parts)


def _day_html(name: str, value: str | None, interface: Language) -> str:
    label = escaped(message(f"page_{name}", interface))
    return f'<label>{label}<input type="date"{attributes(name=name, value=value)}></label>'


def _choice_html(
    name: str,
    any_one: str,
    chosen: str | None,
    options: Sequence[Option],
    interface: Language,
    names: dict[str, str] | None = None,
) -> str:
    """A choice; what is chosen is among the options even where nothing is left of it."""
    shown = list(options)
    if chosen and chosen not in [option.value for option in options]:
        shown.append(Option(chosen, 0))
    rows = [f'<option value="">{escaped(message(any_one, interface))}</option>']
    for option in shown:
        label = (
            f"{shortened((names or {}).get(option.value, option.value))} ({written_number(option.count, interface)})"
        )
        selected = ' selected=""' if option.value == chosen else ""
        rows.append(f"<option{attributes(value=option.value)}{selected}>{escaped(label)}</option>")
    titles = {"outlet": "page_outlet", "speaker": "page_speaker", "source": "page_written_in"}
    label = escaped(message(titles[name], interface))
    return f'<label>{label}<select name="{name}">{"".join(rows)}</select></label>'
