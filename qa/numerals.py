"""Numbers as newspapers write them, Italian and English: ``10.000``, ``4mila``, ``nove milioni``, ``two hundred``."""

from __future__ import annotations

import functools
import re
from decimal import Decimal

from index.analysis import fold
from index.language import ENGLISH, ITALIAN

DIGITS = re.compile(
    r"(?<![\d.,])(?:\d{1,3}(?:([.,'’\u00a0\u202f\u2009 ])\d{3}(?:\1\d{3})*)(?:[.,]\d+)?|\d+(?:[.,]\d+)?)(?!\d)"
)
"""A number in figures. A separator repeated, or one before three digits, is read by the text's language."""
SCALES = {
    ITALIAN: {
        **dict.fromkeys(("mila", "mille"), 10**3),
        **dict.fromkeys(("milione", "milioni", "mln"), 10**6),
        **dict.fromkeys(("miliardo", "miliardi", "mld"), 10**9),
    },
    ENGLISH: {
        "hundred": 100,
        **dict.fromkeys(("thousand", "k"), 10**3),
        **dict.fromkeys(("million", "mn", "m"), 10**6),
        **dict.fromkeys(("billion", "bn"), 10**9),
        **dict.fromkeys(("trillion", "tn"), 10**12),
    },
}
VAGUE = {
    ITALIAN: {"decine": 10, "centinaia": 100, "migliaia": 1000, "milioni": 10**6, "miliardi": 10**9},
    ENGLISH: {
        "tens": 10,
        "dozens": 12,
        "scores": 20,
        "hundreds": 100,
        "thousands": 1000,
        "millions": 10**6,
        "billions": 10**9,
    },
}
"""Plurals that say an order of magnitude alone."""
COLLECTIVE = {
    ITALIAN: {
        "decina": 10, "dozzina": 12, "quindicina": 15, "ventina": 20, "trentina": 30, "quarantina": 40,
        "cinquantina": 50, "sessantina": 60, "settantina": 70, "ottantina": 80, "novantina": 90, "centinaio": 100,
        "migliaio": 1000,
    },
    ENGLISH: {"dozen": 12},
}  # fmt: skip
"""Nouns for about so many: *una ventina*."""
_UNITS = {
    ITALIAN: "- uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici "
    "diciassette diciotto diciannove",
    ENGLISH: "- one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen",
}
_TENS = {
    ITALIAN: "- - venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
    ENGLISH: "- - twenty thirty forty fifty sixty seventy eighty ninety",
}


def figure(digits: str, language: str | None) -> Decimal:
    """The value of `digits`, which :data:`DIGITS` matches whole, in a text in `language`.

    Between one mark and three digits the language decides what the mark is, except that no count ends in decimals
    ``000``. Where the language is neither Italian nor English, such a mark is taken for one of thousands.
    """
    plain = re.sub(r"['’\u00a0\u202f\u2009 ]", "", digits)
    marks = re.findall(r"[.,]", plain)
    if len(set(marks)) == 2:
        decimal = marks[-1]
    elif len(marks) == 1 and (len(plain) - 1 - max(plain.rfind("."), plain.rfind(","))) != 3:
        decimal = marks[0]
    elif len(marks) == 1 and not plain.endswith("000") and language in (ITALIAN, ENGLISH):
        decimal = "," if language == ITALIAN else "."
    else:
        decimal = ""
    return Decimal("".join("." if c == decimal else c for c in plain if c.isdigit() or c == decimal))


def numeral(word: str, language: str) -> int | None:
    """The value of one number word of `language`, an Italian compound or English ``twenty-one``; None of other words.

    *Uno* and *one* are left out: they are articles and pronouns more often than numbers.
    """
    form = fold(word)
    if language != ITALIAN:
        return _simple(ENGLISH).get(form)
    head, mille, tail = form.rpartition("mila")
    if not mille:
        head, mille, tail = form.partition("mille")
        if mille and head:
            return None
    if not mille:
        return _simple(ITALIAN).get(form)
    thousands = 1 if not head else _simple(ITALIAN).get(head)
    rest = 0 if not tail else _simple(ITALIAN).get(tail, 1 if tail == "uno" else None)
    if thousands is None or rest is None or (not head and mille == "mila"):
        return None
    return 1000 * thousands + rest


@functools.cache
def _simple(language: str) -> dict[str, int]:
    """Number words from 2 to 999 (English: to 99) by folded form."""
    units = dict(enumerate(_UNITS[language].split()))
    tens = dict(enumerate(_TENS[language].split()))
    below = {number: word for number, word in units.items() if number > 0}
    for ten in range(2, 10):
        below[10 * ten] = tens[ten]
        for unit in range(1, 10):
            stem = tens[ten][:-1] if language == ITALIAN and unit in (1, 8) else tens[ten]
            below[10 * ten + unit] = f"{stem}{'' if language == ITALIAN else '-'}{units[unit]}"
    found = {word: number for number, word in below.items()}
    if language == ITALIAN:
        for hundred in range(1, 10):
            head = ("" if hundred == 1 else units[hundred]) + "cento"
            found[head] = 100 * hundred
            found |= {head + word: 100 * hundred + number for number, word in below.items()}
            found |= {head[:-1] + word: 100 * hundred + number for number, word in below.items() if word[0] == "o"}
    return {word: number for word, number in found.items() if number > 1}
