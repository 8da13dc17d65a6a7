"""The tab in which the program measures itself."""

from __future__ import annotations

from typing import Any

import gradio as gr

from index.errors import ArchiveError, ModelError
from page.desk import Desk
from page.gestures import PICK
from page.markup import unread_html
from page.measured import evaluation_html, measured
from page.wording import Wording
from qa.evaluation.scores import Scores
from qa.records import Language


class MeasuringTab:
    """A button, and the report it makes."""

    def __init__(self, desk: Desk, wording: Wording) -> None:
        self._desk = desk
        with wording.tab("page_evaluation", id="evaluation"), gr.Column(elem_id="evaluation"):
            wording.hint("page_evaluation_hint")
            self._measure = wording.button("page_measure", elem_id="measure")
            self._scores = gr.State(None)
            self._report = wording.add(
                gr.HTML(elem_id="report", apply_default_css=False, js_on_load=PICK), _report, self._scores
            )

    def connect(self, language: Any) -> None:
        """Measure on a click."""
        self._measure.click(
            self._measured,
            language,
            [self._scores, self._report],
            concurrency_limit=1,
            api_visibility="private",
        )

    def _measured(self, code: str) -> tuple[Scores | None, str]:
        language = Language(code)
        try:
            scores = measured(self._desk.engine())
        except (ArchiveError, ModelError) as error:
            return None, unread_html(error, language)
        return scores, evaluation_html(scores, language)


def _report(language: Language, scores: Scores | None) -> str:
    return "" if scores is None else evaluation_html(scores, language)
