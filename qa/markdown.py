"""Any text as Markdown that shows exactly it, and back to the letter."""

from __future__ import annotations

import re
import unicodedata

_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_MARKER = 10
"""Characters of which the first of a line are all digits where it may begin a list: CommonMark allows nine."""
_ESCAPE = re.compile(r"\\(\n|[!-/:-@\[-`{-~])|&#(\d+);")


def markdown(text: str) -> str:
    """`text` as CommonMark: marks escaped by a backslash, a newline as a hard break, what else is not plain by number.

    What is ordinary in prose stays bare where it can mean nothing: ``,`` always, ``'`` and ``.`` inside a line.
    """
    return "\\\n".join(_line(line) for line in text.split("\n"))


def plain(escaped: str) -> str:
    """The text that :func:`markdown` made `escaped` of."""
    return _ESCAPE.sub(lambda match: match[1] if match[1] else chr(int(match[2])), escaped)


def _line(line: str) -> str:
    last = len(line) - 1
    return "".join(_character(c, line, place, edge=place in (0, last)) for place, c in enumerate(line))


def _character(character: str, line: str, place: int, *, edge: bool) -> str:
    if character == " ":
        return "&#32;" if edge else " "
    if unicodedata.category(character) in ("Cc", "Cf", "Zs", "Zl", "Zp"):
        return f"&#{ord(character)};"
    if character in _PUNCTUATION:
        begins = line[: min(place, _MARKER)]
        # Some readers make a link of a bare address.
        harmless = begins and not begins.isdigit() and line[max(0, place - 3) : place].lower() != "www"
        return character if character in ",'%?" or (character in ".;:)(" and harmless) else f"\\{character}"
    return character
