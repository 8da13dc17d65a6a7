"""Foreign words on a terminal or in a log: nothing in them can move the cursor or turn the writing round."""

from __future__ import annotations

import argparse
import json
import re
import unicodedata
from typing import Any, NoReturn

_HARMLESS = "\u200c\u200d\u00ad"
"""Joiners and the soft hyphen: control characters by category, but parts of ordinary writing."""
_NOT_PLAIN = re.compile(r"[^ -~]")


def printable(text: str, keep: str = "") -> str:
    """`text` with control, bidirectional and line-breaking characters written as escapes, those in `keep` left."""
    return "".join(c if _is_safe(c) or c in keep else c.encode("unicode_escape").decode("ascii") for c in text)


def json_line(content: Any) -> str:
    """`content` as one line of JSON: letters as they are, what :func:`printable` escapes by its number.

    What a program reads of it is the same to the letter.
    """
    return _NOT_PLAIN.sub(
        lambda match: match[0] if _is_safe(match[0]) else json.dumps(match[0])[1:-1],
        json.dumps(content, ensure_ascii=False),
    )


class Parser(argparse.ArgumentParser):
    """Tells of what it refuses in words that a terminal only shows."""

    def error(self, message: str) -> NoReturn:
        """Print usage and `message`, and end with status 2."""
        super().error(printable(message))


def _is_safe(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp") or character in _HARMLESS
