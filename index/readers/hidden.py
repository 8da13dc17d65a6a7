"""What a page holds and its reader does not see: hidden by an attribute, or by a rule of the page's own style sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_STYLE = "concat(translate(@style, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ \t\n', 'abcdefghijklmnopqrstuvwxyz'), ';')"
_MARKED = "//template|//*[@hidden or @aria-hidden='true' or (@style and ({}))]".format(
    " or ".join(
        f"contains({_STYLE}, '{hides}')"
        # The last one puts it off the screen.
        for hides in ("display:none", "visibility:hidden", "opacity:0;", "font-size:0;", "font-size:0px;", ":-999")
    )
)
_AT_RULE = re.compile(r"/\*.*?\*/|@[^{};]*(?:;|\{(?:[^{}]*\{[^{}]*\})*[^{}]*\})", re.DOTALL)
"""Comments, and rules that hold for some screens, for print or for browsers without scripts only."""
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_HIDES = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)\b", re.IGNORECASE)
_NAMED = re.compile(r"([.#])([\w-]+)")
_ARTICLE = "descendant-or-self::article or descendant-or-self::main or descendant-or-self::h1"
"""Scripts show what holds one, however the page begins."""


def drop_hidden(tree: HtmlElement) -> None:
    """Take out of `tree` what its reader does not see."""
    for path in (_MARKED, *_by_style_sheet(tree)):
        for element in tree.xpath(path):
            if element.getparent() is not None:
                element.drop_tree()


def _by_style_sheet(tree: HtmlElement) -> Iterator[str]:
    """XPaths of what rules for one class or one id hide on every screen."""
    for sheet in tree.iter("style"):
        css = sheet.text or ""
        if "none" not in css and "hidden" not in css:
            continue
        for selectors, declarations in _RULE.findall(_AT_RULE.sub("", css)):
            if not _HIDES.search(declarations):
                continue
            for selector in selectors.split(","):
                if named := _NAMED.fullmatch(selector.strip()):
                    kind, name = named.groups()
                    same = f"@id='{name}'" if kind == "#" else f"contains(concat(' ', @class, ' '), ' {name} ')"
                    yield f"//*[{same}][not({_ARTICLE})]"
