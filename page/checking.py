"""The tab in which a draft is checked."""

from __future__ import annotations

from typing import Any

import gradio as gr

from index.errors import ArchiveError, ModelError, SourceError
from page.conversation import Notice
from page.desk import Desk
from page.door.caller import Caller
from page.door.refusals import RefusedError, unread
from page.gestures import PICK
from page.markup import notice_html, problem_text
from page.reader import Reading
from page.reading_room import ReadingRoom, opened
from page.verdicts import places_of, verdicts_html
from page.wording import FIRST, PRIVATE, Wording
from qa.check.records import Check
from qa.records import Language


class CheckingTab:
    """A field for a draft, and what becomes of its quotations."""

    def __init__(self, desk: Desk, wording: Wording) -> None:
        self._desk = desk
        with wording.tab("page_tab_check", id="check"), gr.Column(elem_id="check"):
            self._done = gr.State(None)
            wording.hint("page_check_hint")
            self._draft = wording.textbox(
                "page_draft",
                "page_draft_placeholder",
                elem_id="draft",
                elem_classes="primary-field",
                lines=6,
                max_lines=14,
            )
            self._check = wording.button("page_check", variant="primary", elem_id="check-draft")
            self._verdicts = wording.add(
                gr.HTML(_html(FIRST, None), elem_id="verdicts", apply_default_css=False, js_on_load=PICK),
                _html,
                self._done,
            )

    def connect(self, language: Any, room: ReadingRoom) -> None:
        """Check on a click, and open what is found."""
        self._check.click(
            self._checked,
            [self._draft, language],
            [self._done, self._verdicts],
            concurrency_limit=2,
            api_visibility="private",
        )
        self._verdicts.select(self._opened, [self._done, language], room.outputs, **PRIVATE)

    def _checked(self, text: str, code: str, request: gr.Request) -> tuple[Check | Notice | None, str]:
        """The check, or why there is none."""
        done: Check | Notice
        caller = Caller.of(request, "page")
        try:
            done = self._desk.check(text, caller) if text.strip() else Notice("", "page_draft_empty")
        except SourceError:
            done = Notice("", "page_draft_refused")
        except (ArchiveError, ModelError) as error:
            done = Notice("", f"page_{unread(error)}", caller.request_id)
        except RefusedError as error:
            done = Notice("", error.name, caller.request_id)
        return done, _html(Language(code), done)

    def _opened(self, done: Check | Notice | None, code: str, event: gr.EventData, request: gr.Request) -> list[Any]:
        def find() -> Reading | None:
            if not isinstance(done, Check):
                return None
            return Reading.of(places_of(done.quotations[int(event.turn)]), int(event.number) - 1)

        return opened(self._desk, find, code, request)


def _html(language: Language, done: Check | Notice | None) -> str:
    if isinstance(done, Notice):
        return notice_html(problem_text(done.message, done.request_id, language))
    return "" if done is None else verdicts_html(done, language)
