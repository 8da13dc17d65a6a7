"""The tab that lists the archive, and changes it where that is allowed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from index.errors import VirgolettatoError
from index.readers.formats import ENDINGS
from page.changing import adding, outcome_html
from page.desk import Desk
from page.gestures import PICK
from page.inventory import inventory_html
from page.markup import escaped
from page.reader import Reading
from page.reading_room import ReadingRoom, opened
from page.uploads import MAX_FILE, MAX_FILES
from page.wording import FIRST, PRIVATE, Wording
from qa.messages import message
from qa.records import Language

_PAGE = 100
"""Articles listed at once."""


class StocktakingTab:
    """A list of the articles, newest first; each can be opened, and with ``--allow-upload`` removed and added to."""

    def __init__(self, desk: Desk, wording: Wording) -> None:
        self._desk = desk
        self.tab = wording.tab("page_tab_archive", id="archive")
        with self.tab, gr.Column(elem_id="archive"):
            self._shown = gr.State(_PAGE)
            self._senders = self._offer_adding(wording) if desk.policy.allow_upload else []
            self._change = gr.HTML(elem_id="change", apply_default_css=False)
            self._list = wording.add(
                gr.HTML(elem_id="holdings", apply_default_css=False, js_on_load=PICK), self._html, self._shown
            )

    def connect(self, language: Any, room: ReadingRoom) -> None:
        """List when the tab is opened; open what is clicked; add and remove."""
        self.tab.select(
            lambda code, shown: self._html(Language(code), shown), [language, self._shown], self._list, **PRIVATE
        )
        outputs = [self._shown, self._list, *room.outputs]
        self._list.select(self._picked, [self._shown, language], outputs, **PRIVATE)
        if not self._desk.policy.allow_upload:
            return
        # One change at a time, whoever makes it: the archive has one writer.
        changing = {"outputs": [self._change, self._list], "concurrency_limit": 1, "concurrency_id": "change"}
        for sender in self._senders:
            sender.upload(self._added, [sender, self._shown, language], **changing, **PRIVATE)
        self._list.delete(self._removed, [self._shown, language], **changing, **PRIVATE)

    def _offer_adding(self, wording: Wording) -> list[Any]:
        def limits(language: Language) -> str:
            told = message(
                "page_add_hint",
                language,
                files=str(MAX_FILES),
                size=str(MAX_FILE // 1_000_000),
                endings=" ".join(ENDINGS),
            )
            return f'<p class="small">{escaped(told)}</p>'

        with gr.Row(elem_id="changes"):
            senders = [
                wording.upload("page_add_files", elem_id="add-files", file_count="multiple"),
                wording.upload("page_add_folder", elem_id="add-folder", file_count="directory"),
            ]
        wording.add(gr.HTML(limits(FIRST), apply_default_css=False), limits)
        return senders

    def _html(self, language: Language, shown: int) -> str:
        manifest = self._desk.engine().archive.manifest
        return inventory_html(
            self._desk.holdings(), shown, manifest, language, removable=self._desk.policy.allow_upload
        )

    def _added(self, files: list[str] | None, shown: int, code: str) -> Iterator[list[Any]]:
        for told in adding(self._desk, files or [], Language(code)):
            yield [told, gr.skip()]
        yield [gr.skip(), self._html(Language(code), shown)]

    def _removed(self, shown: int, code: str, event: gr.EventData) -> list[Any]:
        language = Language(code)
        try:
            told = outcome_html(self._desk.remove(str(event.article)), language)
        except VirgolettatoError as error:
            told = outcome_html(error, language)
        return [told, self._html(language, shown)]

    def _picked(self, shown: int, code: str, event: gr.EventData) -> list[Any]:
        if getattr(event, "more", None):
            return [shown + _PAGE, self._html(Language(code), shown + _PAGE), gr.skip(), gr.skip()]

        def find() -> Reading | None:
            article = self._desk.article(str(event.article))
            return None if article is None else Reading(article)

        return [gr.skip(), gr.skip(), *opened(find, code)]
