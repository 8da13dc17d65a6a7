"""The tab in which the program measures itself."""

from __future__ import annotations

from typing import Any

import gradio as gr

from page.desk import Desk
from page.measured import evaluation_html
from page.wording import Wording
from qa.records import Language


class MeasuringTab:
    """A button, and the report it makes."""

    def __init__(self, desk: Desk, wording: Wording) -> None:
        self._desk = desk
        with wording.tab("page_evaluation", id="evaluation"), gr.Column(elem_id="evaluation"):
            wording.hint("page_evaluation_hint")
            self._measure = wording.button("page_measure", elem_id="measure")
            self._report = gr.HTML(elem_id="report", apply_default_css=False)

    def connect(self, language: Any) -> None:
        """Measure on a click."""
        self._measure.click(
            lambda code: evaluation_html(self._desk.engine(), Language(code)),
            language,
            self._report,
            concurrency_limit=1,
            api_visibility="private",
        )
