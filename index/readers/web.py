"""Web pages: trafilatura finds the article in the page, the page's own tags say what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.claims import Field, Origin, claim
from index.readers.blocks import block_text, is_crowded, tables_in
from index.readers.hidden import drop_hidden
from index.readers.source import UTF_16, Reading, Source, UnreadableError
from index.readers.tags import tag_claims

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)|<\?xml[^>]+encoding=[\"']([\w.-]+)", re.I)
_LARGEST = 16_000_000
"""Bytes. The tree of a page takes many times its size in memory."""
_DEPTH = 250
"""Elements inside elements. Deeper than any page, and shallower than what the libraries' recursion bears."""
_ASIDE = (
    "//nav|//footer|//aside|//dialog|//noscript|//textarea|//select|//button",
    "//*[@class or @id][contains(translate(concat(@class, ' ', @id), 'COKIE', 'cokie'), 'cookie')]"
    "[not(self::html or self::body)]"
    "[not(descendant-or-self::article or descendant-or-self::main or descendant::h1)]",
)
"""What is dropped before the article is looked for: trafilatura keeps some of it where a page is short."""


def read(source: Source) -> Iterator[Reading]:
    """The one article of a saved web page."""
    data = source.data()
    if len(data) > _LARGEST:
        raise UnreadableError(f"is larger than {_LARGEST:,} bytes", "save its article alone, or as text")
    yield page(decoded(data))


def decoded(data: bytes, declared: str | None = None) -> str:
    """The page's text: by its byte-order mark, as UTF-8, as `declared`, as its ``meta`` says, or as Windows-1252.

    UTF-8 is tried before what a page declares: text in another encoding is hardly ever valid UTF-8 by accident, and
    pages that were saved again often declare their former one.
    """
    if data.startswith(UTF_16):
        tried = ["utf-16"]
    else:
        found = _CHARSET.search(data[:4096])
        meta = (found[1] or found[2]).decode("ascii") if found else None
        tried = ["utf-8-sig", *(name for name in (declared, meta) if name), "cp1252"]
    for name in tried:
        try:
            text = data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
        if "\x00" not in text:
            return text
    raise UnreadableError("is in an encoding that cannot be told", "save it as UTF-8")


def page(html: str, url: str | None = None) -> Reading:
    """The article in the page `html`, saved from `url` where that is known.

    Raises:
        UnreadableError: there is none.
    """
    import trafilatura

    if not html.strip():
        raise UnreadableError("is empty", "leave it out")
    if is_crowded(html):
        raise UnreadableError("has an element with over 20,000 attributes", "leave it out, or save it as text")
    tree = trafilatura.load_html(html)
    if tree is None:
        raise UnreadableError("is no web page", "leave it out")
    if _is_deep(tree):
        raise UnreadableError(f"is nested deeper than {_DEPTH} elements", "leave it out, or save it as text")
    claims = [*claim(Field.URL, url, Origin.FIELD), *tag_claims(tree)]
    drop_hidden(tree)
    for path in _ASIDE:
        for element in tree.xpath(path):
            if element.getparent() is not None:
                element.drop_tree()
    document = trafilatura.bare_extraction(tree, include_comments=False, with_metadata=False)
    text = "" if document is None else _lined(block_text(document.body, extracted=True), tree)
    if not text:
        raise UnreadableError("holds no article that can be found", "save its text as .txt")
    return Reading(text, tuple(claims), excluded=tuple(tables_in(text)))


def _lined(text: str, tree: HtmlElement) -> str:
    """`text` with the lines of the page, where trafilatura put a short page's blocks in one."""
    if "\n" in text:
        return text
    letters = "".join(text.split())
    for element in tree.iter("article", "main", "body"):
        lined = block_text(element)
        if "".join(lined.split()) == letters:
            return lined
    return text


def _is_deep(tree: HtmlElement) -> bool:
    level: list[HtmlElement] = [tree]
    for _ in range(_DEPTH):
        level = [child for element in level for child in element]
        if not level:
            return False
    return True
