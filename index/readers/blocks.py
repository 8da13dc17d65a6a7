"""The visible text of a piece of HTML: a line for each block, white space as a browser shows it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.readers.hidden import drop_hidden

if TYPE_CHECKING:
    from lxml.etree import _Element

_BLOCKS = frozenset(
    """
    address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form h1
    h2 h3 h4 h5 h6 head header hr item li list main nav ol p pre quote row section summary table tbody tfoot thead tr ul
    """.split()
)
"""Elements that begin and end a line: those of HTML, and those trafilatura puts in their place."""
_BREAKS = frozenset(["br", "lb"])
_CELLS = frozenset(["td", "th", "cell"])
_SILENT = frozenset("script style noscript template iframe object svg math head title meta link button select".split())
"""Of HTML; in trafilatura's own trees ``head`` is a heading."""
_SPACES = re.compile(r"[ \t\r\n\f\u00a0\u200b]+")


def block_text(root: _Element, *, extracted: bool = False) -> str:
    """The text of `root` in reading order; `extracted` says that trafilatura made it.

    Walks without recursion: pages may be nested deeper than Python's stack.
    """
    silent = frozenset[str]() if extracted else _SILENT
    parts: list[str] = []
    stack: list[tuple[_Element, bool]] = [(root, False)]
    while stack:
        element, done = stack.pop()
        tag = element.tag if isinstance(element.tag, str) else ""
        if not done:
            if tag in _BLOCKS or tag in _BREAKS:
                parts.append("\n")
            if tag and tag not in silent:
                parts.append(_SPACES.sub(" ", element.text or ""))
                stack.append((element, True))
                stack.extend((child, False) for child in reversed(element))
                continue
        if tag in _BLOCKS:
            parts.append("\n")
        elif tag in _CELLS:
            parts.append(" ")
        if element is not root:
            parts.append(_SPACES.sub(" ", element.tail or ""))
    lines = (" ".join(line.split(" ")).strip() for line in "".join(parts).split("\n"))
    return "\n".join(re.sub(r" {2,}", " ", line) for line in lines if line)


def fragment_text(html: str) -> str:
    """The visible text of a fragment of HTML, as feeds and mails carry it; empty where it shows nothing."""
    from lxml import etree
    from lxml import html as markup

    if "<" not in html and "&" not in html:
        return "\n".join(line for part in html.splitlines() if (line := " ".join(part.split())))
    try:
        root = markup.fragment_fromstring(html, create_parent="div")
    except (etree.ParserError, ValueError):
        return ""
    drop_hidden(root)
    return block_text(root)
