"""The form of filters as a part of a tab."""

from __future__ import annotations

import json
from typing import Any

import gradio as gr

from index.errors import ArchiveError
from page.desk import Desk
from page.door.refusals import unread
from page.filtering import filters_html
from page.gestures import FILTER, choosing
from page.links import filters_from
from page.wording import FIRST, PRIVATE, Wording
from qa.facets import Facets
from qa.records import Filters, Language


class FilterForm:
    """A form of filters.

    Attributes:
        filters: the state that holds what is chosen.
        form: the form; as an input with :attr:`read` it gives what :meth:`chosen` takes.
        read: how an event whose first input is the form is registered.
    """

    def __init__(self, desk: Desk, wording: Wording, name: str) -> None:
        self._desk = desk
        self.filters = gr.State(Filters(exact=True))
        self.form = wording.add(
            gr.HTML(self.html(FIRST, Filters()), elem_id=name, apply_default_css=False, js_on_load=FILTER),
            self.html,
            self.filters,
        )
        # Whoever chooses again before the page has followed is followed to the last choice.
        self.read: dict[str, Any] = {"js": choosing(name), "trigger_mode": "always_last", **PRIVATE}

    def html(self, language: Language, filters: Filters) -> str:
        """The form set to `filters`; without choices while the archive cannot be read."""
        try:
            return filters_html(filters, self._desk.facets(filters), language)
        except ArchiveError as error:
            return filters_html(filters, Facets(0, 0, (), (), ()), language, f"page_{unread(error)}")

    def chosen(self, given: object, code: str) -> tuple[Filters, str]:
        """The filters that the browser tells as JSON, and the form set to them."""
        filters = read_filters(given)
        return filters, self.html(Language(code), filters)


def read_filters(given: object) -> Filters:
    """The filters of a form as JSON; what cannot be read counts as not given."""
    try:
        values = json.loads(given) if isinstance(given, str) else {}
    except ValueError:
        values = {}
    return filters_from(values if isinstance(values, dict) else {})
