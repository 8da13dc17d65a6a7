"""The tab in which one browses what people said."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import gradio as gr

from index.errors import ArchiveError
from page.desk import Desk
from page.door.caller import Caller
from page.door.refusals import unread
from page.filter_form import FilterForm
from page.gestures import NEWEST, PICK
from page.links import quotes_export_link
from page.markup import notice_html
from page.quotations import citations_of, list_html
from page.reader import Reading
from page.reading_room import ReadingRoom, opened
from page.timeline import Tally, tally_of, timeline_html
from page.wording import PRIVATE, Wording
from qa.messages import message
from qa.quotations import Quotation
from qa.records import Filters, Language

_PAGE = 20
"""Quotations shown at once."""
_LONGEST = 200
"""Characters of a search."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is on show.

    Attributes:
        tally: what holds the words searched for, of any date and speaker.
        within: what is to be listed, under the cap.
        withheld: how many the cap leaves out.
        problem: names the message that says why the archive could not be read; None where it could.
    """

    text: str
    filters: Filters
    tally: Tally
    within: tuple[Quotation, ...]
    withheld: int = 0
    shown: int = _PAGE
    problem: str | None = None


class BrowsingTab:
    """Filters, a search, a timeline, and a list of quotations."""

    def __init__(self, desk: Desk, wording: Wording) -> None:
        self._desk = desk
        self.tab = wording.tab("page_tab_quotes", id="quotes")
        with self.tab, gr.Column(elem_id="quotes"):
            self._shelf = gr.State(None)
            self._form = FilterForm(desk, wording, "quotes-filters")
            with gr.Row(elem_id="search-row", elem_classes="field-row"):
                self._search = wording.textbox(
                    "page_search", elem_id="search", elem_classes="primary-field", max_length=_LONGEST, max_lines=1
                )
                self._find = wording.button("page_find", variant="primary", elem_id="find")
            self._timeline = wording.add(
                gr.HTML(elem_id="timeline", apply_default_css=False, js_on_load=NEWEST), _timeline, self._shelf
            )
            self._list = wording.add(
                gr.HTML(elem_id="quotations", apply_default_css=False, js_on_load=PICK), _listed, self._shelf
            )

    def connect(self, language: Any, room: ReadingRoom) -> None:
        """Say what happens when one searches, chooses or clicks."""
        form = self._form
        gr.on(
            [self._search.submit, self._find.click, form.form.select, self.tab.select],
            self._searched,
            [form.form, self._search, language],
            [form.filters, form.form, self._shelf, self._timeline, self._list],
            **form.read,
        )
        self._list.select(self._picked, [self._shelf, language], [self._shelf, self._list, *room.outputs], **PRIVATE)

    def _searched(self, given: object, text: str, code: str, request: gr.Request) -> list[Any]:
        filters, form = self._form.chosen(given, code)
        text = text[:_LONGEST]
        try:
            anyone = dataclasses.replace(filters, since=None, until=None, speaker=None)
            tally = tally_of(self._desk.quotations(text, anyone), self._desk.names())
            within = self._desk.quotations(text, filters)
            shown = self._desk.shown(within)
            shelf = Shelf(text, filters, tally, shown, len(within) - len(shown))
            self._note(shelf, 0, request)
        except ArchiveError as error:
            shelf = Shelf(text, filters, Tally(), (), problem=f"page_{unread(error)}")
        return [filters, form, shelf, _timeline(Language(code), shelf), _listed(Language(code), shelf)]

    def _picked(self, shelf: Shelf | None, code: str, event: gr.EventData, request: gr.Request) -> list[Any]:
        """More of the list, or a quotation of it in its article."""
        if shelf is None:
            return [gr.skip()] * 4
        if getattr(event, "more", None):
            longer = dataclasses.replace(shelf, shown=shelf.shown + _PAGE)
            self._note(longer, shelf.shown, request)
            return [longer, _listed(Language(code), longer), gr.skip(), gr.skip()]
        within = shelf.within
        found = opened(self._desk, lambda: Reading.of(citations_of(within), int(event.number) - 1), code, request)
        return [gr.skip(), gr.skip(), *found]

    def _note(self, shelf: Shelf, first: int, request: gr.Request) -> None:
        """Have the audit log tell what is shown of `shelf` from `first` on."""
        shown = shelf.within[first : shelf.shown]
        articles = [quotation.article.id for quotation in shown]
        self._desk.note(Caller.of(request, "page"), "quotes", text=shelf.text, articles=articles)


def _timeline(language: Language, shelf: Shelf | None) -> str:
    return "" if shelf is None else timeline_html(shelf.tally, shelf.filters, language)


def _listed(language: Language, shelf: Shelf | None) -> str:
    if shelf is None:
        return ""
    if shelf.problem is not None:
        return notice_html(message(shelf.problem, language))
    return list_html(
        shelf.within,
        shelf.shown,
        shelf.withheld,
        lambda ending: quotes_export_link(shelf.text, shelf.filters, ending),
        language,
    )
