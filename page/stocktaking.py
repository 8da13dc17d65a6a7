"""The tab that lists the archive, and changes it where that is allowed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from index.errors import ArchiveError, VirgolettatoError
from index.readers.formats import ENDINGS
from page.changing import Report, adding, report_html, report_of
from page.desk import Desk
from page.door.caller import Caller
from page.gestures import PICK
from page.inventory import holds, inventory_html
from page.markup import escaped, unread_html
from page.reader import Reading
from page.reading_room import ReadingRoom, opened
from page.uploads import MAX_FILE, MAX_FILES
from page.wording import FIRST, PRIVATE, Wording
from qa.messages import message
from qa.records import Language

_PAGE = 100
"""Articles listed at once."""
_LONGEST = 200
"""Characters of a search."""


class StocktakingTab:
    """A list of the articles, newest first; each can be opened, and with ``--allow-upload`` removed and added to."""

    def __init__(self, desk: Desk, wording: Wording) -> None:
        self._desk = desk
        self.tab = wording.tab("page_tab_archive", id="archive")
        with self.tab, gr.Column(elem_id="archive"):
            self._shown = gr.State(_PAGE)
            self._senders = self._offer_adding(wording) if desk.policy.allow_upload else []
            self._report = gr.State(None)
            self._change = wording.add(
                gr.HTML(elem_id="change", apply_default_css=False, js_on_load=PICK), _report, self._report
            )
            self._sought = gr.State("")
            self._search = wording.textbox(
                "page_search_archive",
                elem_id="search-archive",
                elem_classes="primary-field",
                max_length=_LONGEST,
                max_lines=1,
            )
            self._list = wording.add(
                gr.HTML(elem_id="holdings", apply_default_css=False, js_on_load=PICK),
                self._html,
                self._shown,
                self._sought,
            )

    def connect(self, language: Any, room: ReadingRoom) -> None:
        """List when the tab is opened; open what is clicked; add and remove."""
        gr.on(
            [self.tab.select, self._search.change, self._search.submit],
            self._looked,
            [self._search, language],
            [self._shown, self._sought, self._list],
            trigger_mode="always_last",
            **PRIVATE,
        )
        listed = [self._shown, self._sought, language]
        self._list.select(self._picked, listed, [self._shown, self._list, *room.outputs], **PRIVATE)
        if not self._desk.policy.allow_upload:
            return
        # One change at a time, whoever makes it: the archive has one writer.
        changing = {
            "outputs": [self._report, self._change, self._list],
            "concurrency_limit": 1,
            "concurrency_id": "change",
        }
        for sender in self._senders:
            sender.upload(self._added, [sender, *listed], **changing, **PRIVATE)
        self._list.delete(self._removed, listed, **changing, **PRIVATE)

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

    def _html(self, language: Language, shown: int, sought: str) -> str:
        try:
            holdings = [holding for holding in self._desk.holdings() if holds(holding, sought)]
        except ArchiveError as error:
            return unread_html(error, language)
        manifest = self._desk.engine().archive.manifest
        return inventory_html(holdings, shown, manifest, language, removable=self._desk.policy.allow_upload)

    def _looked(self, text: str, code: str) -> list[Any]:
        sought = text[:_LONGEST]
        return [_PAGE, sought, self._html(Language(code), _PAGE, sought)]

    def _added(
        self, files: list[str] | None, shown: int, sought: str, code: str, request: gr.Request
    ) -> Iterator[list[Any]]:
        for told in adding(self._desk, files or [], Caller.of(request, "page")):
            yield [told, report_html(told, Language(code)), gr.skip()]
        yield [gr.skip(), gr.skip(), self._html(Language(code), shown, sought)]

    def _removed(self, shown: int, sought: str, code: str, event: gr.EventData, request: gr.Request) -> list[Any]:
        language = Language(code)
        try:
            told = report_of(self._desk.remove(str(event.article), Caller.of(request, "page")))
        except VirgolettatoError as error:
            told = report_of(error)
        return [told, report_html(told, language), self._html(language, shown, sought)]

    def _picked(self, shown: int, sought: str, code: str, event: gr.EventData, request: gr.Request) -> list[Any]:
        if getattr(event, "more", None):
            return [shown + _PAGE, self._html(Language(code), shown + _PAGE, sought), gr.skip(), gr.skip()]

        def find() -> Reading | None:
            article = self._desk.article(str(event.article))
            return None if article is None else Reading(article)

        return [gr.skip(), gr.skip(), *opened(self._desk, find, code, request)]


def _report(language: Language, report: Report | None) -> str:
    return report_html(report, language)
