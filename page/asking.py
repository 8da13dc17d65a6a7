"""The tab in which one asks."""

from __future__ import annotations

from typing import Any

import gradio as gr

from page.conversation import Notice, cards_of, conversation_html
from page.desk import Desk
from page.filter_form import FilterForm
from page.gestures import PICK_AND_FOLLOW
from page.links import filters_from
from page.reader import Reading, reader_html
from page.reading_room import ReadingRoom, opened, unchanged
from page.wording import FIRST, PRIVATE, Wording
from qa.messages import message
from qa.records import Answer, Filters, Language

Turns = list[Answer | Notice]

_EXAMPLES = {
    Language.ITALIAN: (
        "In quale distretto di Pyongyang sorgerà il museo?",
        "Cosa ha detto Putin dei soldati nordcoreani?",
        "Quanti soldati ha inviato la Corea del Nord?",
    ),
    Language.ENGLISH: (
        "In which district of Pyongyang will the museum be built?",
        "What did Peskov say about the agreement?",
        "How many North Korean soldiers were killed?",
    ),
}
_AT_ONCE = 4
"""Questions answered at the same time; further ones queue."""


class AskingTab:
    """Filters, a conversation, a field to ask in, and examples."""

    def __init__(self, desk: Desk, wording: Wording) -> None:
        self._desk = desk
        with wording.tab("page_tab_ask", id="ask"), gr.Column(elem_id="ask"):
            self._turns = gr.State([])
            self._form = FilterForm(desk, wording, "ask-filters")
            self._conversation = wording.add(
                gr.HTML(
                    conversation_html([], FIRST),
                    elem_id="conversation",
                    apply_default_css=False,
                    js_on_load=PICK_AND_FOLLOW,
                ),
                lambda language, turns: conversation_html(turns, language),
                self._turns,
            )
            self._question = wording.textbox(
                "page_question",
                "page_placeholder",
                elem_id="question",
                elem_classes="primary-field",
                autofocus=True,
                lines=1,
                max_lines=4,
            )
            with gr.Row(elem_id="actions"):
                self._ask = wording.button("page_ask", variant="primary", elem_id="send")
                self._clear = wording.button("page_clear", elem_id="clear")
            wording.hint("page_examples", "small")
            with gr.Row(elem_id="examples"):
                self._examples = [
                    wording.add(
                        gr.Button(text, size="sm", elem_classes="example"),
                        lambda language, at=at: _EXAMPLES[language][at],
                    )
                    for at, text in enumerate(_EXAMPLES[FIRST])
                ]
            wording.hint("page_keys", "small keys")

    def connect(self, language: Any, room: ReadingRoom) -> None:
        """Say what happens when one asks, clicks or chooses."""
        self._form.when_chosen(language)
        outputs = [self._turns, self._conversation, self._question, *room.outputs]
        asking = {
            "fn": self._answered,
            "outputs": outputs,
            "concurrency_limit": _AT_ONCE,
            "concurrency_id": "ask",
            **PRIVATE,
        }
        rest = [self._turns, self._form.filters, language]
        gr.on([self._question.submit, self._ask.click], inputs=[self._question, *rest], **asking)
        for example in self._examples:
            example.click(inputs=[example, *rest], **asking)
        self._clear.click(_cleared, language, [self._turns, self._conversation, *room.outputs], **PRIVATE)
        self._conversation.select(_opened, [self._turns, language], room.outputs, **PRIVATE)

    def on_arrival(self, room: ReadingRoom) -> list[Any]:
        """What :meth:`arrived` gives."""
        return [self._turns, self._conversation, *room.outputs, self._form.filters, self._form.form]

    def arrived(self, code: str, request: gr.Request) -> list[Any]:
        """What a link ``?q=…`` asks for, or ``?article=…`` opens; a stale one says so."""
        query, language = dict(request.query_params), Language(code)
        same = [gr.skip(), gr.skip()]
        if query.get("q", "").strip():
            filters = filters_from(query)
            turns, shown, _, *article = self._answered(query["q"], [], filters, code)
            return [turns, shown, *article, filters, self._form.html(language, filters)]
        if "article" not in query:
            return [*same, *same, *same]
        reading = self._desk.linked(query)
        if reading is None:
            stale = f'<p class="notice" role="status">{message("page_stale_link", language)}</p>'
            return [*same, None, stale, *same]
        return [*same, reading, reader_html(reading, language, asked=True), *same]

    def _answered(self, text: str, past: Turns, filters: Filters, code: str) -> list[Any]:
        if not text.strip():
            return [gr.skip(), gr.skip(), "", *unchanged()]
        turn = self._desk.ask(text, past, filters)
        now = [*past, turn]
        article = opened(lambda: Reading.of(cards_of(turn), 0), code, asked=False)
        return [now, conversation_html(now, Language(code)), "", *article]


def _cleared(code: str) -> list[Any]:
    language = Language(code)
    return [[], conversation_html([], language), None, reader_html(None, language, asked=False)]


def _opened(past: Turns, code: str, event: gr.EventData) -> list[Any]:
    return opened(lambda: Reading.of(cards_of(past[int(event.turn)]), int(event.number) - 1), code)
