"""Words as they are compared: folded, with their places in the text, so that typography never counts.

Case, quotation marks, apostrophes, hyphens, dashes, spaces, soft hyphens, composed or decomposed accents, and the way a
number is written (``10.000``, ``10,000``, ``10 mila``; ``seicento``, ``six hundred``, ``600``; ``1.2 million``,
``1,200,000``; ``50%``, ``50 per cento``) make no difference.
Punctuation makes none either: what is compared is words.
"""

from __future__ import annotations

import functools
import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from index.analysis import Word, figure_term, fold, is_figure
from index.language import ENGLISH, ITALIAN
from index.language import FUNCTION_WORDS as _BY_LANGUAGE
from index.records import Span
from qa.numerals import SCALES, numeral

FUNCTION_WORDS = _BY_LANGUAGE[ITALIAN] | _BY_LANGUAGE[ENGLISH]
_GROUPED = re.compile(r"\d{1,3}(?:[ \u00a0\u2009\u202f'’.]\d{3})+|\d{1,3}(?:,\d{3})+")
_LETTER = r"(?:[^\W\d_]|&[A-Za-z](?:grave|acute|circ|uml|tilde|cedil|ring|caron|slash);)"
_INSIDE = rf"(?:{_LETTER}|[\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff])"
_PLAIN = (
    r"(?P<number>(?:\d{1,3}(?:[ \u00a0\u2009\u202f'’]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,:/]\d+)*)"
    r"(?P<thousand>[ \u00a0\u2009\u202f]?(?:mila|thousand)\b)?)"
    r"|(?P<percent>%|\bper\s?cento?\b)"
    r"|(?P<sign>[€$£¥°‰])"
    r"|(?P<minus>(?<![\w.,;:)»”])[-−](?=\d))"
    rf"|(?P<word>{_LETTER}{_INSIDE}*)"
)
_TEXT = re.compile(_PLAIN, re.IGNORECASE)
_MARKUP = re.compile(
    rf"(?P<skipped></?[A-Za-z!][^<>\n]{{0,500}}>)|{_PLAIN}|&(?:[A-Za-z]{{2,8}}|\#\w{{1,7}});", re.IGNORECASE
)
"""Pasted text may hold HTML: tags are passed over, and a letter's entity is that letter."""

_NEGATIONS = frozenset(
    "non no né mai nessun nessuno nessuna nessun’ niente nulla neanche nemmeno neppure senza mica "
    "not never none nobody nothing neither nor nowhere without cannot".split()
)
_DATES = frozenset(
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre "
    "lunedi martedi mercoledi giovedi venerdi sabato domenica ieri oggi domani yesterday today tomorrow".split()
)
_WRITTEN = re.compile(
    r"(?:(?:un|due|tre|quattro|cinque|sei|sette|otto|nove|dieci|undici|dodici|tredici|quattordici|quindici|sedici|"
    r"diciassette|diciotto|diciannove|venti?|trenta?|quaranta?|cinquanta?|sessanta?|settanta?|ottanta?|novanta?|cento?|"
    r"duecento|mille|mila|milion[ei]|miliard[oi])+(?:uno|tre)?|decin[ae]|centinai[ao]|migliai[ao]|dozzin[ae]|"
    r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|"
    r"twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|trillion|dozen)s?)"
)
_SCALES = {
    word: scale for words in SCALES.values() for word, scale in words.items() if len(word) > 1 and word != "mille"
}
_FIGURE = re.compile(r"\d{1,15}(?:\.\d{1,15})?")
_LARGEST = 10**15
"""A larger number is not multiplied."""
_ONE = frozenset(("un", "sei"))
"""Also an article, and a form of *to be*."""
_OPENS = re.compile(r"(?:^|[.!?…:\n]|[.!?…]?[«»“”„\"‘(])\s*$")
_ACUTE = str.maketrans("èòìù", "éóíú")


class Kind(StrEnum):
    """What a word is to the sense of what was said; a change of any but a plain word is serious."""

    WORD = "word"
    NUMBER = "number"
    NEGATION = "negation"


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or sign.

    Attributes:
        start, end: where it stands, code points.
        form: what is compared.
        spelled: the same with its accents, composed; grave ones as acute (*perchè* is *perché*). Of a number in words:
            the words.
        loose: an apostrophe follows a last vowel, which may stand for an accent (*perche'*).
    """

    start: int
    end: int
    form: str
    spelled: str
    kind: Kind
    capital: bool
    loose: bool = False


def tokens(text: str, within: Span | None = None, *, markup: bool = False) -> list[Token]:
    """The words of `text`, or of the part `within`, in order; with `markup` HTML tags and entities are no words."""
    start, end = (0, len(text)) if within is None else (within.start, within.end)
    found: list[Token] = []
    for match in (_MARKUP if markup else _TEXT).finditer(text, start, end):
        if match["word"]:
            found.append(_word(text, match, end))
        elif match["number"]:
            form = _digits(match["number"][: len(match["number"]) - len(match["thousand"] or "")])
            if match["thousand"] and _FIGURE.fullmatch(form):
                form = f"{(Decimal(form) * 1000).normalize():f}"
            found.append(Token(*match.span(), form, form, Kind.NUMBER, capital=False))
        elif match["percent"] or match["sign"]:
            form = "%" if match["percent"] else match["sign"]
            found.append(Token(*match.span(), form, form, Kind.NUMBER, capital=False))
        elif match["minus"] and not (found and found[-1].kind is Kind.NUMBER):
            found.append(Token(*match.span(), "-", "-", Kind.NUMBER, capital=False))
    return list(_numbers(text, found))


def _numbers(text: str, found: Sequence[Token]) -> Iterator[Token]:
    """`found`, with each number that is written in words, or in figures and words, made one token of its value."""
    at = 0
    while at < len(found):
        first = last = found[at]
        value, written = _value(text, first, found[at + 1] if at + 1 < len(found) else None)
        at += 1
        while value is not None and at < len(found) and not text[last.end : found[at].start].strip(" \u00a0\u202f-‑\n"):
            unit = _simple_value(found[at])
            if found[at].form in _SCALES and value < _LARGEST:
                value *= _SCALES[found[at].form]
            elif written and first is last and value in range(20, 100, 10) and unit is not None and unit < 10:
                value += unit  # twenty-five
            else:
                break
            last = found[at]
            at += 1
        if value is None or (first is last and not written):
            yield first
        else:
            form = str(int(value)) if value == int(value) else str(value.normalize())
            spelled = text[first.start : last.end].casefold()
            yield Token(first.start, last.end, form, spelled, Kind.NUMBER, capital=False)


def _value(text: str, token: Token, following: Token | None) -> tuple[Decimal | None, bool]:
    """The value of a word or figure that a number may begin with, and whether it is a word; *un* only of *milione*."""
    if text[token.start].isdigit():
        year = token.end - token.start == 4 and token.form.isdecimal()  # in 2023 millions of people …
        return (Decimal(token.form) if _FIGURE.fullmatch(token.form) and not year else None), False
    if token.form in ("un", "one") and following is not None and following.form in _SCALES:
        return Decimal(1), True
    value = _simple_value(token)
    return (None if value is None else Decimal(value)), True


def _simple_value(token: Token) -> int | None:
    """The value of one number word."""
    if token.kind is not Kind.NUMBER:
        return None
    if token.form.isdecimal():
        return int(token.form) if len(token.form) < 3 else None
    return numeral(token.form, ITALIAN) or numeral(token.form, ENGLISH)


def same_spelling(given: Sequence[Token], source: Sequence[Token]) -> list[bool]:
    """For words whose forms are equal one by one: whether their accents allow them to be the same words.

    An accent counts where both spellings are words (*e*, *è*; *arrivo*, *arrivò*; *ne*, *né*): *citta* can only be
    *città*. Where words show that accents were not typed at all, none counts but that of *né*.
    """
    pairs = list(zip(given, source, strict=True))
    untyped = all(token.spelled.isascii() for token in given) and any(
        g.spelled != s.spelled and not _told_apart(g, s) for g, s in pairs
    )
    return [
        g.spelled == s.spelled or not _told_apart(g, s) or (untyped and Kind.NEGATION not in (g.kind, s.kind))
        for g, s in pairs
    ]


def _told_apart(one: Token, other: Token) -> bool:
    """Whether an accent on the last letter makes two words of them."""
    if Kind.NUMBER in (one.kind, other.kind):
        return False
    if one.loose or other.loose or one.spelled[-1:] == other.spelled[-1:]:
        return False
    return _is_known(one.form) or len(one.form) < 3


@functools.lru_cache(maxsize=1 << 14)
def _is_known(word: str) -> bool:
    import simplemma

    return any(simplemma.is_known(word, lang=language) for language in ("it", "en"))


def is_common(word: str) -> bool:
    """Whether the folded `word` is an Italian or English word when it is written without a capital."""
    return _is_known(word)


def opens(text: str, start: int) -> bool:
    """Whether the word at `start` begins the text, a line, a sentence or a quotation, which explains a capital."""
    return start == 0 or _OPENS.search(text, max(0, start - 20), start) is not None


def _word(text: str, match: re.Match[str], end: int) -> Token:
    raw = html.unescape(match[0])
    letters = "".join(c for c in raw if unicodedata.category(c) != "Cf")
    form = fold(letters)
    spelled = unicodedata.normalize("NFC", letters.casefold()).translate(_ACUTE)
    after = text[match.end() : match.end() + 1] if match.end() < end else ""
    loose = bool(after) and after in "'’`´" and form[-1:] in "aeiou"
    kind = _kind(form, spelled, text, match.start(), loose=loose)
    if kind is Kind.NUMBER:
        word = Word(Span(*match.span()), form, capitalised=False)
        if is_figure(word):
            form = spelled = figure_term(word, None)[1:]
    return Token(*match.span(), form, spelled, kind, capital=raw[0].isupper(), loose=loose)


def _kind(form: str, spelled: str, text: str, start: int, *, loose: bool) -> Kind:
    if spelled in _NEGATIONS or (form == "ne" and loose):
        return Kind.NEGATION
    if form == "t" and start > 1 and text[start - 1] in "'’" and text[start - 2] in "nN":
        return Kind.NEGATION  # isn't
    return Kind.NUMBER if form in _DATES or (form not in _ONE and _WRITTEN.fullmatch(form)) else Kind.WORD


def _digits(number: str) -> str:
    """*10.000* and *10,000* as *10000*, *3,5* as *3.5*, *18:30* as *18.30*."""
    if _GROUPED.fullmatch(number):
        return "".join(digit for digit in number if digit.isdigit())
    plain = "".join(c for c in number if c not in " \u00a0\u2009\u202f'’")
    return plain.replace(",", ".").replace(":", ".")
