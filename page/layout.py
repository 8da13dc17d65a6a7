"""The page: tabs, and beside them the article one reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

from page.asking import AskingTab
from page.browsing import BrowsingTab
from page.checking import CheckingTab
from page.desk import Desk
from page.door.login import OUT
from page.gestures import CHOOSE_LANGUAGE, KEEP_LANGUAGE, READY, SCRIPT
from page.markup import escaped
from page.measuring import MeasuringTab
from page.reading_room import ReadingRoom
from page.remote import offer
from page.stocktaking import StocktakingTab
from page.wording import FIRST, PRIVATE, Wording
from qa.messages import message
from qa.records import Language

_STYLE = Path(__file__).with_name("style.css")


def build_page(desk: Desk, *, guarded: bool = False) -> gr.Blocks:
    """The page over `desk`, with a way to log out where one logs in; :mod:`page.server` serves it."""
    wording = Wording()
    with gr.Blocks(title="Virgolettato", analytics_enabled=False, fill_width=True) as page:
        with gr.Row(elem_id="head"):
            wording.add(gr.HTML(_banner_html(FIRST), elem_id="banner", apply_default_css=False), _banner_html)
            if guarded:
                wording.add(gr.HTML(_leave_html(FIRST), elem_id="leave", apply_default_css=False), _leave_html)
            language = gr.Radio(
                [("Italiano", "it"), ("English", "en")],
                value=FIRST.value,
                label=message("page_language", FIRST),
                elem_id="language",
                container=False,
            )
            wording.add(
                language,
                lambda interface: gr.update(value=interface.value, label=message("page_language", interface)),
            )
        with gr.Row(elem_id="columns"):
            with gr.Column(elem_id="tabs"), gr.Tabs():
                asking = AskingTab(desk, wording)
                browsing = BrowsingTab(desk, wording)
                checking = CheckingTab(desk, wording)
                stocktaking = StocktakingTab(desk, wording)
                measuring = MeasuringTab(desk, wording)
            with gr.Column(elem_id="read"):
                room = ReadingRoom(desk, wording)
        offer(desk)
        for tab in (asking, browsing, checking, stocktaking):
            tab.connect(language, room)
        measuring.connect(language)
        room.connect(language)
        speaking: dict[str, Any] = {
            "fn": wording.said,
            "inputs": [language, *wording.states],
            "outputs": wording.parts,
            **PRIVATE,
        }
        arriving = page.load(lambda code: code, language, language, js=CHOOSE_LANGUAGE, **PRIVATE)
        arrived = arriving.then(**speaking).then(asking.arrived, language, asking.on_arrival(room), **PRIVATE)
        arrived.then(None, None, None, js=READY, **PRIVATE)
        language.input(**speaking)
        gr.Button(visible="hidden", elem_id="reword").click(**speaking)
        language.input(None, language, None, js=KEEP_LANGUAGE, **PRIVATE)
    return page


def look() -> dict[str, Any]:
    """How the page looks: own style, system fonts, nothing from other hosts."""
    fonts = ["Georgia", "Times New Roman", "serif"]
    theme = gr.themes.Base(font=["system-ui", "Segoe UI", "sans-serif"], font_mono=["ui-monospace", "monospace"])
    theme.name = "virgolettato"
    return {
        "theme": theme,
        "css": _STYLE.read_text(encoding="utf-8").replace("{serif}", ", ".join(fonts)),
        "head": f"<script>{SCRIPT.read_text(encoding='utf-8')}</script>",
    }


def _banner_html(interface: Language) -> str:
    return f'<h1>Virgolettato</h1> <p class="tagline">{escaped(message("page_tagline", interface))}</p>'


def _leave_html(interface: Language) -> str:
    label = escaped(message("page_logout", interface))
    return f'<form method="post" action="{OUT}"><button class="quiet">{label}</button></form>'
