"""The tab in which one asks."""

from __future__ import annotations

from typing import Any

import gradio as gr

from index.errors import ArchiveError
from page.conversation import Notice, cards_of, conversation_html, former_of
from page.desk import Desk
from page.door.caller import Caller
from page.filter_form import FilterForm, read_filters
from page.gestures import DONE, FAILED, FORGET, NEXT, PICK, SEND
from page.links import filters_from
from page.markup import notice_html, unread_html
from page.reader import Reading, reader_html
from page.reading_room import ReadingRoom, opened, unchanged
from page.wording import FIRST, PRIVATE, Wording
from qa.messages import message
from qa.records import Answer, Filters, Language

Turns = list[Answer | Notice]


class AskingTab:
    """A field to ask in, filters, and the conversation, newest answer first; before it begins, examples."""

    def __init__(self, desk: Desk, wording: Wording) -> None:
        self._desk = desk
        self.tab = wording.tab("page_tab_ask", id="ask")
        with self.tab, gr.Column(elem_id="ask"):
            self._turns = gr.State([])
            with gr.Row(elem_id="ask-row", elem_classes="field-row"):
                self._question = wording.textbox(
                    "page_question",
                    "page_placeholder",
                    elem_id="question",
                    elem_classes="primary-field",
                    autofocus=True,
                    lines=1,
                    max_lines=4,
                )
                self._ask = wording.button("page_ask", variant="primary", elem_id="send")
            self._form = FilterForm(desk, wording, "ask-filters")
            self._conversation = wording.add(
                gr.HTML(self._html(FIRST, []), elem_id="conversation", apply_default_css=False, js_on_load=PICK),
                self._html,
                self._turns,
            )

    def connect(self, language: Any, room: ReadingRoom) -> None:
        """Say what happens when one asks, clicks or chooses."""
        form = self._form
        gr.on(
            [form.form.select, self.tab.select],
            form.chosen,
            [form.form, language],
            [form.filters, form.form],
            **form.read,
        )
        outputs = [self._turns, self._conversation, *room.outputs]
        sending = [self._question.submit, self._ask.click]
        gr.on(sending, None, self._question, self._question, js=SEND, **PRIVATE)
        asked = gr.on(
            [*sending, self._conversation.submit],
            self._asked,
            [self._question, form.form, self._turns, language],
            outputs,
            # A question sent meanwhile waits in the browser.
            trigger_mode="multiple",
            # How many are answered at once is the desk's affair; here nobody is to be kept from its queue.
            concurrency_limit=None,
            js=NEXT,
            **PRIVATE,
        )
        asked.then(None, None, None, js=DONE, **PRIVATE)
        asked.failure(None, None, None, js=FAILED, **PRIVATE)
        self._conversation.clear(self._cleared, language, outputs, js=FORGET, **PRIVATE)
        self._conversation.select(self._opened, [self._turns, language], room.outputs, **PRIVATE)

    def on_arrival(self, room: ReadingRoom) -> list[Any]:
        """What :meth:`arrived` gives."""
        return [self._turns, self._conversation, *room.outputs, self._form.filters, self._form.form]

    def arrived(self, code: str, request: gr.Request) -> list[Any]:
        """What a link ``?q=…`` asks for, or ``?article=…`` opens; a stale one says so."""
        query, language = dict(request.query_params), Language(code)
        same = [gr.skip(), gr.skip()]
        if query.get("q", "").strip():
            filters = filters_from(query)
            answered = self._answered(query["q"], [], filters, code, request, query.get("former"))
            return [*answered, filters, self._form.html(language, filters)]
        if not query.get("article"):
            return [*same, *same, *same]
        try:
            reading = self._desk.linked(query)
        except ArchiveError as error:
            return [*same, None, unread_html(error, language), *same]
        if reading is None:
            return [*same, None, notice_html(message("page_stale_link", language)), *same]
        return [*same, *opened(self._desk, lambda: reading, code, request), *same]

    def _html(self, language: Language, turns: Turns) -> str:
        return conversation_html(turns, language, () if turns else self._desk.examples(language))

    def _asked(self, text: str, given: object, past: Turns, code: str, request: gr.Request) -> list[Any]:
        return self._answered(text, past, read_filters(given), code, request)

    def _answered(
        self, text: str, past: Turns, filters: Filters, code: str, request: gr.Request, former: str | None = None
    ) -> list[Any]:
        if not text.strip():
            return [gr.skip(), gr.skip(), *unchanged()]
        turn = self._desk.ask(text, former or former_of(past), filters, Caller.of(request, "page"))
        now = [*past, turn]
        article = opened(self._desk, lambda: Reading.of(cards_of(turn), 0), code, request, asked=False)
        return [now, self._html(Language(code), now), *article]

    def _cleared(self, code: str) -> list[Any]:
        language = Language(code)
        return [[], self._html(language, []), None, reader_html(None, language, asked=False)]

    def _opened(self, past: Turns, code: str, event: gr.EventData, request: gr.Request) -> list[Any]:
        def find() -> Reading | None:
            return Reading.of(cards_of(past[int(event.turn)]), int(event.number) - 1)

        return opened(self._desk, find, code, request)
