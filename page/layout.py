"""The page: a conversation beside the article it quotes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

from page.conversation import Notice, conversation_html
from page.desk import Desk
from page.markup import escaped
from page.measured import evaluation_html
from page.reader import reader_html
from qa.messages import message
from qa.records import Answer, Citation, Language

Turns = list[Answer | Notice]

_STYLE = Path(__file__).with_name("style.css")
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

# The browser's language decides until the visitor does. Runs in the browser.
_BROWSER_LANGUAGE = """() => {
  const code = (navigator.language || 'en').toLowerCase().startsWith('it') ? 'it' : 'en';
  document.documentElement.lang = code;
  return [code];
}"""
_SET_LANGUAGE = "(code) => { document.documentElement.lang = code; return []; }"
# A click on a card's button becomes a `select` event that carries the card's place.
_ON_CARD = """
element.addEventListener('click', (event) => {
  const button = event.target.closest('button.open');
  if (button) trigger('select', {turn: Number(button.dataset.turn), number: Number(button.dataset.number)});
});
watch('value', () => {
  const last = element.querySelector('.turn:last-of-type');
  if (last) element.scrollTop = last.offsetTop - element.offsetTop;
});
"""
# The passage is scrolled to inside the reader; where the reader lies below the fold, as on a phone, and the visitor
# asked for it, the page follows.
_ON_ARTICLE = """
watch('value', () => {
  const text = element.querySelector('.text');
  const mark = element.querySelector('mark.current');
  if (!text || !mark) return;
  text.scrollTop = mark.offsetTop - text.clientHeight / 3;
  const asked = element.querySelector('article').dataset.asked === 'yes';
  if (asked && element.getBoundingClientRect().top > innerHeight * 0.6)
    element.scrollIntoView({block: 'start'});
});
"""


def build_page(desk: Desk) -> gr.Blocks:
    """The page over `desk`; call ``launch`` on it."""
    with gr.Blocks(title="Virgolettato", analytics_enabled=False, fill_width=True) as page:
        turns = gr.State([])
        with gr.Row(elem_id="head"):
            banner = gr.HTML(_banner_html(desk, Language.ITALIAN), elem_id="banner", apply_default_css=False)
            language = gr.Radio(
                [("Italiano", "it"), ("English", "en")],
                value="it",
                label=message("page_language", Language.ITALIAN),
                elem_id="language",
                container=False,
            )
        with gr.Tab(message("page_tab_ask", Language.ITALIAN)) as asking_tab, gr.Row(elem_id="columns"):
            with gr.Column(elem_id="ask"):
                conversation = gr.HTML(
                    conversation_html([], Language.ITALIAN),
                    elem_id="conversation",
                    apply_default_css=False,
                    js_on_load=_ON_CARD,
                )
                question = gr.Textbox(
                    label=message("page_question", Language.ITALIAN),
                    placeholder=message("page_placeholder", Language.ITALIAN),
                    elem_id="question",
                    autofocus=True,
                    lines=1,
                    max_lines=4,
                )
                with gr.Row(elem_id="actions"):
                    ask = gr.Button(message("page_ask", Language.ITALIAN), variant="primary", elem_id="send")
                    clear = gr.Button(message("page_clear", Language.ITALIAN), elem_id="clear")
                examples = [gr.Button(text, size="sm", elem_classes="example") for text in _EXAMPLES[Language.ITALIAN]]
            with gr.Column(elem_id="read"):
                reader = gr.HTML(
                    reader_html(None, (), Language.ITALIAN, asked=False),
                    elem_id="reader",
                    apply_default_css=False,
                    js_on_load=_ON_ARTICLE,
                )
        with gr.Tab(message("page_evaluation", Language.ITALIAN)) as evaluation_tab:
            hint = gr.HTML(_hint_html(Language.ITALIAN), apply_default_css=False)
            measure = gr.Button(message("page_measure", Language.ITALIAN), elem_id="measure")
            report = gr.HTML(elem_id="report", apply_default_css=False)

        def answer(text: str, past: Turns, code: str) -> tuple[Turns, str, str, Any]:
            if not text.strip():
                return past, conversation_html(past, Language(code)), "", gr.skip()
            now = [*past, desk.ask(text, past)]
            shown = _first(now[-1])
            article = gr.skip() if shown is None else reader_html(shown, _all(now[-1]), Language(code), asked=False)
            return now, conversation_html(now, Language(code)), "", article

        def open_card(past: Turns, code: str, event: gr.EventData) -> str:
            cards = _all(past[event.turn])
            return reader_html(cards[event.number - 1], cards, Language(code), asked=True)

        def speak(code: str, past: Turns) -> list[Any]:
            interface = Language(code)
            return [
                _banner_html(desk, interface),
                gr.update(value=code, label=message("page_language", interface)),
                conversation_html(past, interface),
                gr.update(
                    label=message("page_question", interface), placeholder=message("page_placeholder", interface)
                ),
                message("page_ask", interface),
                message("page_clear", interface),
                reader_html(_first(past[-1]) if past else None, _all(past[-1]) if past else (), interface, asked=False),
                *_EXAMPLES[interface],
                gr.update(label=message("page_tab_ask", interface)),
                gr.update(label=message("page_evaluation", interface)),
                _hint_html(interface),
                message("page_measure", interface),
            ]

        def arrive(code: str, request: gr.Request) -> list[Any]:
            shown = speak(code, [])
            linked = desk.linked(dict(request.query_params))
            if linked is not None:
                shown[reader_place] = reader_html(linked, (), Language(code), asked=True)
            return shown

        private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        answered = [turns, conversation, question, reader]
        asking = {"fn": answer, "outputs": answered, "concurrency_limit": _AT_ONCE, "concurrency_id": "ask", **private}
        gr.on([question.submit, ask.click], inputs=[question, turns, language], **asking)
        for example in examples:
            example.click(inputs=[example, turns, language], **asking)
        clear.click(
            lambda code: (
                [],
                conversation_html([], Language(code)),
                reader_html(None, (), Language(code), asked=False),
            ),
            language,
            [turns, conversation, reader],
            **private,
        )
        conversation.select(open_card, [turns, language], reader, **private)
        measure.click(
            lambda code: evaluation_html(desk.engine(), Language(code)),
            language,
            report,
            concurrency_limit=1,
            api_visibility="private",
        )
        spoken = [banner, language, conversation, question, ask, clear, reader, *examples]
        spoken += [asking_tab, evaluation_tab, hint, measure]
        reader_place = next(place for place, part in enumerate(spoken) if part is reader)
        page.load(arrive, language, spoken, js=_BROWSER_LANGUAGE, **private)
        language.input(speak, [language, turns], spoken, **private)
        language.change(None, language, None, js=_SET_LANGUAGE, **private)
    return page


def launch_options() -> dict[str, Any]:
    """How the page is to be launched: own style, system fonts, nothing from other hosts, no telemetry."""
    fonts = ["Georgia", "Times New Roman", "serif"]
    theme = gr.themes.Base(font=["system-ui", "Segoe UI", "sans-serif"], font_mono=["ui-monospace", "monospace"])
    theme.name = "virgolettato"
    return {
        "theme": theme,
        "css": _STYLE.read_text(encoding="utf-8").replace("{serif}", ", ".join(fonts)),
        "footer_links": [],
        "show_error": False,
        "ssr_mode": False,
        "share": False,
        "quiet": True,
    }


def _hint_html(interface: Language) -> str:
    return f'<p class="hint">{escaped(message("page_evaluation_hint", interface))}</p>'


def _first(turn: Answer | Notice) -> Citation | None:
    cards = _all(turn)
    return cards[0] if cards else None


def _all(turn: Answer | Notice) -> tuple[Citation, ...]:
    return () if isinstance(turn, Notice) else turn.citations or turn.nearest


def _banner_html(desk: Desk, interface: Language) -> str:
    manifest = desk.engine().archive.manifest
    contents = message(
        "page_contents",
        interface,
        articles=str(manifest.articles),
        passages=str(manifest.passages),
        index_id=manifest.index_id,
    )
    return (
        f'<h1>Virgolettato</h1><p class="tagline">{escaped(message("page_tagline", interface))}</p>'
        f'<p class="contents">{escaped(contents)}</p>'
    )
