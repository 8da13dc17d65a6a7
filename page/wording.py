"""What the page says in the language of the interface: which parts say what, all turned at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr

from page.markup import escaped
from qa.messages import message
from qa.records import Language

FIRST = Language.ITALIAN
"""What a page is built in, before the browser says what it wants."""
PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
"""How what happens inside the page is registered: nobody calls it from outside, and nothing flickers."""

Say = Callable[..., Any]


class Wording:
    """The parts of a page that speak, each with what it says.

    Attributes:
        parts: the components, in order.
        states: what they speak about, in order, each component's after the former's.
    """

    def __init__(self) -> None:
        self.parts: list[Any] = []
        self.states: list[Any] = []
        self._says: list[tuple[Say, int]] = []

    def add(self, part: Any, say: Say, *states: Any) -> Any:
        """Have `part` become ``say(language, *values of states)`` whenever the language turns; returns `part`."""
        self.parts.append(part)
        self.states += states
        self._says.append((say, len(states)))
        return part

    def said(self, code: str, *values: Any) -> list[Any]:
        """What each part says in the language `code`, `values` being those of the states."""
        language, rest = Language(code), list(values)
        updates = []
        for say, count in self._says:
            updates.append(say(language, *rest[:count]))
            rest = rest[count:]
        return updates

    def button(self, name: str, **options: Any) -> Any:
        """A button that says the message `name`."""
        return self.add(gr.Button(message(name, FIRST), **options), lambda language: message(name, language))

    def upload(self, name: str, **options: Any) -> Any:
        """A button that says the message `name` and sends files."""
        return self.add(
            gr.UploadButton(message(name, FIRST), **options), lambda language: gr.update(label=message(name, language))
        )

    def tab(self, name: str, **options: Any) -> Any:
        """A tab headed by the message `name`."""
        return self.add(
            gr.Tab(message(name, FIRST), **options), lambda language: gr.update(label=message(name, language))
        )

    def textbox(self, label: str, placeholder: str | None = None, **options: Any) -> Any:
        """A field under the message `label`, in which the message `placeholder` stands while it is empty."""

        def worded(language: Language) -> dict[str, Any]:
            said = {"label": message(label, language)}
            return said if placeholder is None else {**said, "placeholder": message(placeholder, language)}

        return self.add(gr.Textbox(**worded(FIRST), **options), lambda language: gr.update(**worded(language)))

    def hint(self, name: str, kind: str = "hint") -> Any:
        """A paragraph of class `kind` that says the message `name`."""

        def worded(language: Language) -> str:
            return f'<p class="{kind}">{escaped(message(name, language))}</p>'

        return self.add(gr.HTML(worded(FIRST), apply_default_css=False), worded)
