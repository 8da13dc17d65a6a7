"""The tab that lists the archive."""

from __future__ import annotations

from typing import Any

import gradio as gr

from page.desk import Desk
from page.gestures import PICK
from page.inventory import inventory_html
from page.reader import Reading
from page.reading_room import ReadingRoom, opened
from page.wording import PRIVATE, Wording
from qa.records import Language

_PAGE = 100
"""Articles listed at once."""


class StocktakingTab:
    """A list of the articles, newest first; each can be opened."""

    def __init__(self, desk: Desk, wording: Wording) -> None:
        self._desk = desk
        self.tab = wording.tab("page_tab_archive", id="archive")
        with self.tab, gr.Column(elem_id="archive"):
            self._shown = gr.State(_PAGE)
            self._list = wording.add(
                gr.HTML(elem_id="holdings", apply_default_css=False, js_on_load=PICK), self._html, self._shown
            )

    def connect(self, language: Any, room: ReadingRoom) -> None:
        """List when the tab is opened; open what is clicked."""
        self.tab.select(
            lambda code, shown: self._html(Language(code), shown), [language, self._shown], self._list, **PRIVATE
        )
        outputs = [self._shown, self._list, *room.outputs]
        self._list.select(self._picked, [self._shown, language], outputs, **PRIVATE)

    def _html(self, language: Language, shown: int) -> str:
        return inventory_html(self._desk.holdings(), shown, language)

    def _picked(self, shown: int, code: str, event: gr.EventData) -> list[Any]:
        if getattr(event, "more", None):
            return [shown + _PAGE, self._html(Language(code), shown + _PAGE), gr.skip(), gr.skip()]

        def find() -> Reading | None:
            article = self._desk.article(str(event.article))
            return None if article is None else Reading(article)

        return [gr.skip(), gr.skip(), *opened(find, code)]
