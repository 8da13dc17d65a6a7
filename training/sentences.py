"""Sentence spans of training texts.

Small on purpose: windows only need whole sentences, and the few wrong breaks are a mild augmentation.
"""

from __future__ import annotations

import re

ABBREVIATIONS = frozenset(
    {
        "mr",
        "mrs",
        "ms",
        "dr",
        "st",
        "prof",
        "jr",
        "sr",
        "vs",
        "etc",
        "no",
        "inc",
        "ltd",
        "co",
        "corp",
        "gen",
        "col",
        "sen",
        "rep",
        "gov",
        "lt",
        "sgt",
        "capt",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "u.s",
        "u.k",
        "d.c",
        "a.c",
        "ca",
        "art",
        "sig",
        "dott",
        "on",
        "ing",
        "avv",
        "pag",
        "n",
        "nr",
        "mons",
        "s",
        "sant",
        "es",
        "cfr",
        "ecc",
        "secc",
        "sec",
        "e.g",
        "i.e",
        "al",
        "ed",
        "vol",
        "fig",
        "approx",
        "est",
        "bros",
        "ft",
    }
)
BREAK = re.compile(
    r"""(?:[.!?…]+["'”’»)\]]*|[。！？])(\s+|(?<=[。！？]))(?=["'“‘«(\[¿¡]*\s?[^\W\d_a-zàèéìòù]|["'“‘«(\[]*\d)|\n+"""
)
LAST_WORD = re.compile(r"([\w.]+)\.[\"'”’»)\]]*$")


def sentence_spans(text: str) -> tuple[tuple[int, int], ...]:
    """The sentences of `text` as half-open spans, in order, without the white space around them."""
    spans: list[tuple[int, int]] = []
    start = 0
    for match in BREAK.finditer(text):
        head = text[start : match.start() + len(match.group().rstrip())]
        if "\n" not in match.group() and _is_abbreviation(head):
            continue
        _append(spans, text, start, match.end())
        start = match.end()
    _append(spans, text, start, len(text))
    return tuple(spans)


def _is_abbreviation(head: str) -> bool:
    word = LAST_WORD.search(head)
    if word is None:
        return False
    token = word.group(1)
    return (len(token) == 1 and token.isalpha() and token.isupper()) or token.lower() in ABBREVIATIONS


def _append(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    left = start + len(piece) - len(piece.lstrip())
    right = end - (len(piece) - len(piece.rstrip()))
    if left < right:
        spans.append((left, right))
