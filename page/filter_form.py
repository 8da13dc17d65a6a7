"""The form of filters as a part of a tab."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gradio as gr

from page.desk import Desk
from page.filtering import filters_html
from page.gestures import FILTER
from page.links import filters_from
from page.wording import FIRST, PRIVATE, Wording
from qa.records import Filters, Language


class FilterForm:
    """A form of filters.

    Attributes:
        filters: the state that holds what is chosen.
        form: the form.
    """

    def __init__(self, desk: Desk, wording: Wording, name: str) -> None:
        self._desk = desk
        self.filters = gr.State(Filters())
        self.form = wording.add(
            gr.HTML(self.html(FIRST, Filters()), elem_id=name, apply_default_css=False, js_on_load=FILTER),
            self.html,
            self.filters,
        )

    def html(self, language: Language, filters: Filters) -> str:
        """The form set to `filters`."""
        return filters_html(filters, self._desk.facets(filters), language)

    def when_shown(self, tab: Any, language: Any) -> None:
        """Register that the counts are those of now whenever `tab` is opened."""
        tab.select(lambda code, now: self.html(Language(code), now), [language, self.filters], self.form, **PRIVATE)

    def when_chosen(self, language: Any) -> Any:
        """Register that choosing is noted; returns the event, for what follows from it."""

        def choose(code: str, event: gr.EventData) -> tuple[Filters, str]:
            filters = filters_from(event._data if isinstance(event._data, Mapping) else {})
            return filters, self.html(Language(code), filters)

        return self.form.select(choose, language, [self.filters, self.form], **PRIVATE)
