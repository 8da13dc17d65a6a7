"""Foreign words on a terminal or in a log: nothing in them can move the cursor or turn the writing round."""

from __future__ import annotations

import unicodedata

_HARMLESS = "\u200c\u200d\u00ad"
"""Joiners and the soft hyphen: control characters by category, but parts of ordinary writing."""


def printable(text: str, keep: str = "") -> str:
    """`text` with control, bidirectional and line-breaking characters written as escapes, those in `keep` left."""
    return "".join(c if _is_safe(c) or c in keep else c.encode("unicode_escape").decode("ascii") for c in text)


def _is_safe(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp") or character in _HARMLESS
