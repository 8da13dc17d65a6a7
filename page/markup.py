"""Text to HTML that shows exactly that text: nothing of an article becomes markup.

Gradio puts HTML through a template, so besides the characters HTML reads, those a template would read are escaped too.
"""

from __future__ import annotations

import html
from collections.abc import Iterable

from index.errors import ArchiveError, ModelError
from index.records import Span
from page.door.refusals import unread
from qa.messages import message
from qa.records import Language

_LONG_TITLE = 150
_LONGEST_NAME = 200
# A lone carriage return would be read as a newline, and the page would not hold the article's characters.
_TEMPLATE = str.maketrans({"{": "&#123;", "}": "&#125;", "$": "&#36;", "`": "&#96;", "\\": "&#92;", "\r": "&#13;"})


def escaped(text: str) -> str:
    """`text` as HTML that displays it, safe in element content and in quoted attributes."""
    return html.escape(text, quote=True).translate(_TEMPLATE)


def attributes(**values: str | int | None) -> str:
    """`values` as attributes, each with a space before it and ``_`` for ``-``; those that are None left out."""
    return "".join(
        f' {name.strip("_").replace("_", "-")}="{escaped(str(value))}"'
        for name, value in values.items()
        if value is not None
    )


def language_attribute(code: str | None) -> str:
    """The language in which words are to be read out; nothing where it is not known."""
    return attributes(lang=code) if code else ""


def reachable(text: str) -> str:
    """What lets the keyboard scroll a title of so many letters that the style shows only the beginning of it."""
    return attributes(tabindex=0) if len(text) > _LONG_TITLE else ""


def shortened(name: str) -> str:
    """`name` for a list or a choice: of a longer one its first characters. A browser is slow to break long words."""
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def notice_html(text: str) -> str:
    """Something the visitor is to know, which screen readers say at once."""
    return f'<p class="notice" role="status">{escaped(text)}</p>'


def unread_html(error: ArchiveError | ModelError, interface: Language) -> str:
    """That the archive cannot be read, or not be reached, in place of what would be read of it."""
    return notice_html(message(f"page_{unread(error)}", interface))


def problem_text(name: str, request_id: str | None, interface: Language) -> str:
    """The message `name` to the visitor, with the number under which the log tells more of the request."""
    number = "" if request_id is None else f" {message('page_request', interface, number=request_id)}"
    return f"{message(name, interface)}{number}"


def button(label: str, kind: str, **values: str | int | None) -> str:
    """A button of class `kind` that says `label`, with further attributes."""
    return f'<button type="button" class="{kind}"{attributes(**values)}>{escaped(label)}</button>'


def marked(text: str, within: Span, marks: Iterable[tuple[Span, str]]) -> str:
    """``text[within.start:within.end]`` as HTML, each span of `marks` inside its opening tag, ``</...>`` added.

    Args:
        text: the article's.
        within: what to show.
        marks: (span, opening tag), sorted, disjoint; what lies outside `within` is left out.
    """
    parts = []
    at = within.start
    for span, tag in marks:
        start, end = max(span.start, at), min(span.end, within.end)
        if start >= end:
            continue
        name = tag.split()[0].strip("<>")
        parts.append(f"{escaped(text[at:start])}{tag}{escaped(text[start:end])}</{name}>")
        at = end
    return "".join(parts) + escaped(text[at : within.end])
