"""The article beside the tabs: what they open, and the way from quote to quote."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr

from index.errors import ArchiveError
from page.desk import Desk
from page.door.caller import Caller
from page.gestures import READ
from page.markup import unread_html
from page.reader import Reading, reader_html
from page.wording import FIRST, PRIVATE, Wording
from qa.records import Language


class ReadingRoom:
    """The reader.

    Attributes:
        outputs: what an event that opens something gives: the state, and the article as HTML.
    """

    def __init__(self, desk: Desk, wording: Wording) -> None:
        self._desk = desk
        self._reading = gr.State(None)
        self._reader = wording.add(
            gr.HTML(reader_html(None, FIRST, asked=False), elem_id="reader", apply_default_css=False, js_on_load=READ),
            lambda language, reading: reader_html(reading, language, asked=False),
            self._reading,
        )
        self.outputs = [self._reading, self._reader]

    def connect(self, language: Any) -> None:
        """Let the buttons of the article lead to the quotes before and after."""

        def step(reading: Reading | None, code: str, event: gr.EventData, request: gr.Request) -> list[Any]:
            if reading is None or reading.place is None:
                return unchanged()
            place = reading.place
            return opened(self._desk, lambda: Reading.of(reading.citations, place + int(event.step)), code, request)

        self._reader.select(step, [self._reading, language], self.outputs, **PRIVATE)


def opened(
    desk: Desk, find: Callable[[], Reading | None], code: str, request: gr.Request | None, *, asked: bool = True
) -> list[Any]:
    """The reader's outputs for what `find` finds; they stay as they are where an event names nothing that is there.

    The audit log tells who read the article. Where the archive cannot be read, the reader says so.
    """
    try:
        reading = find()
    except ArchiveError as error:
        return [None, unread_html(error, Language(code))]
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return unchanged()
    if reading is None:
        return unchanged()
    desk.note(Caller.of(request, "page"), "article", articles=[reading.article.id])
    return [reading, reader_html(reading, Language(code), asked=asked)]


def unchanged() -> list[Any]:
    """The reader's outputs where nothing is opened."""
    return [gr.skip(), gr.skip()]
