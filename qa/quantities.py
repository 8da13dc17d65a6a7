"""Quantities in a text: how many of what, with qualifier and range, in the words and at the place where they stand.

Dates, times, years, ordinals, scores, ages and numbers of articles or names (*G7*, *HER2*) are no quantities.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from index.language import ENGLISH, FUNCTION_WORDS, ITALIAN
from index.records import Span
from qa.counted import counted_thing
from qa.masks import NO_QUANTITY
from qa.numerals import COLLECTIVE, DIGITS, SCALES, VAGUE, figure, numeral
from qa.qualifiers import LONGEST, Qualifier, qualifier_before, qualifier_behind


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of something.

    Attributes:
        span: the number with its qualifier and, of money or a share, its sign: *più di 10.000*, *£2.8bn*.
        low, high: what is stated, ``low <= high``; both the number where it is no range; of *migliaia*
            `high` is None.
        unit: ``%``, a currency's code, or None where things are counted.
        noun: the word for what is counted, where one stands there.
        phrase: from the number's end to the end of the words about what is counted.
    """

    span: Span
    low: Decimal
    high: Decimal | None
    qualifier: Qualifier
    unit: str | None
    noun: Span | None
    phrase: Span


class _Token(NamedTuple):
    start: int
    end: int
    low: str


_TOKEN = re.compile(rf"{DIGITS.pattern}|[^\W\d_]+(?:-[^\W\d_]+)*|[^\w\s]")
_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY"}
_CURRENCIES = (
    dict.fromkeys(("euro", "euros"), "EUR")
    | dict.fromkeys(("dollar", "dollars", "dollaro", "dollari"), "USD")
    | dict.fromkeys(("pound", "pounds", "sterlina", "sterline"), "GBP")
    | dict.fromkeys(("yen",), "JPY")
    | dict.fromkeys(("rublo", "rubli", "rouble", "roubles", "ruble", "rubles"), "RUB")
)
_LINKS = frozenset("di of d dei degli delle del della the these those dell".split())
_DESCRIBING = frozenset(
    "altri altre altro nuovi nuove giovani vecchi presunti presunte diversi diverse propri proprie suoi sue loro "
    "nostri other more new further additional young own".split()
)
_DASHES = frozenset("-–—")
_BETWEEN = {"tra": ("e",), "fra": ("e",), "between": ("and",), "from": ("to",), "dai": ("ai", "agli"), "da": ("a",)}
_ARTICLES = frozenset("i gli le ai agli the l il".split())
_ITALIAN_ARTICLES = frozenset("i gli le".split())
_AMOUNTING = frozenset(
    "sono erano sarebbero è era sarebbe stati stato saliti salito salgono sale scesi sceso a ad ammontano risultano "
    "is was are were has have had now stands stood rose risen rises climbed reached reaches to at".split()
)
"""Words between what is counted and its number: *i morti sono 12*, *the death toll rose to 14*."""
_STOPS = (
    FUNCTION_WORDS[ITALIAN] | FUNCTION_WORDS[ENGLISH] | {"a", "ad", "e", "ed", "o", "od", "su", "in", "i", "no", "so"}
)
_PHRASE = 5
"""Words after a number among which its noun is looked for."""


def quantities(text: str, within: Span, language: str | None) -> list[Quantity]:
    """The quantities of ``text[within.start:within.end]``, in order, disjoint; offsets are those of `text`."""
    return _Scan(text, within, language if language in (ITALIAN, ENGLISH) else None).read()


class _Number(NamedTuple):
    """A number on tokens ``first`` to ``last``, and how much its scale alone is."""

    first: int
    last: int
    low: Decimal
    high: Decimal | None
    scale: int
    about: bool = False
    unit: str | None = None


class _Scan:
    """One text being read from its first number to its last."""

    def __init__(self, text: str, within: Span, language: str | None) -> None:
        self._text = text
        self._language = language
        self._tongues = (language,) if language else (ITALIAN, ENGLISH)
        self._free = within.start  # what stands before belongs to the quantity read last
        masks = [match.span() for match in NO_QUANTITY.finditer(text, within.start, within.end)]
        self._masked = {at for start, end in masks for at in range(start, end)}
        found = _TOKEN.finditer(text, within.start, within.end)
        self._tokens = [_Token(*match.span(), match.group().lower().replace("'", "’")) for match in found]

    def read(self) -> list[Quantity]:
        found: list[Quantity] = []
        at = 0
        while at < len(self._tokens):
            number = self._number(at)
            if number is None:
                at += 1
                continue
            number, counts = self._range(number)
            at = number.last + 1
            if counts:
                found.append(self._quantity(number))
                self._free = found[-1].span.end
                while at < len(self._tokens) and self._tokens[at].start < self._free:
                    at += 1
        return found

    def _low(self, at: int) -> str:
        return self._tokens[at].low if 0 <= at < len(self._tokens) else ""

    def _scale(self, at: int) -> int | None:
        return next(
            (SCALES[tongue][self._low(at)] for tongue in self._tongues if self._low(at) in SCALES[tongue]), None
        )

    def _number(self, at: int) -> _Number | None:
        """The number that begins with token `at`; with its scale."""
        token = self._tokens[at]
        if token.start in self._masked:
            return None
        if token.low in _SIGNS and self._low(at + 1)[:1].isdecimal() and token.end == self._tokens[at + 1].start:
            number = self._number(at + 1)
            return None if number is None else number._replace(first=at, unit=_SIGNS[token.low])
        if re.match(r"0\d", token.low):
            return None
        if token.low[0].isdecimal():
            return self._scaled(at, at, figure(token.low, self._language))
        return self._worded(at)

    def _worded(self, at: int) -> _Number | None:
        low = self._low(at)
        for tongue in self._tongues:
            if low in VAGUE[tongue]:
                order = VAGUE[tongue][low]
                if self._low(at + 1) in ("di", "of") and self._low(at + 2) in VAGUE[tongue]:
                    return _Number(at, at + 2, Decimal(order * VAGUE[tongue][self._low(at + 2)]), None, 1)
                if at and self._low(at - 1)[:1].isdecimal():
                    return None
                return _Number(at, at, Decimal(order), None, 1)
            if low in COLLECTIVE[tongue]:
                value = Decimal(COLLECTIVE[tongue][low])
                return _Number(at, at, value, value, 1, about=True)
            counted = numeral(low, tongue)
            if counted is None and low in ("un", "uno", "una", "a", "one") and self._scale(at + 1):
                counted = 1
            if counted is None or (low == "sei" and not (self._scale(at + 1) or counted_thing(self._low(at + 1)))):
                continue
            number = self._scaled(at, at, Decimal(counted))
            rest = number.last + 1 + (self._low(number.last + 1) == "and")
            added = numeral(self._low(rest), ENGLISH) if tongue == ENGLISH and number.scale == 100 else None
            return number if added is None else self._scaled(at, rest, number.low + added)
        return None

    def _scaled(self, first: int, last: int, value: Decimal) -> _Number:
        """`value` times the scale words that follow; letters glued to figures are a scale or make them no number."""
        scale = 1
        while (found := self._scale(last + 1)) is not None:
            if len(self._low(last + 1)) == 1 and self._tokens[last].end != self._tokens[last + 1].start:
                break
            scale, last = scale * found, last + 1
        return _Number(first, last, value * scale, value * scale, scale)

    def _range(self, number: _Number) -> tuple[_Number, bool]:
        """`number` joined with the one it makes a range with; False beside it if it is a score or a code."""
        at = number.last + 1
        opening = number.first - 1
        if self._low(opening) in _ARTICLES:
            opening -= 1
        dash = self._low(at) in _DASHES
        joins = _BETWEEN.get(self._low(opening), ())
        to = self._low(at) == "to" and self._low(number.first)[:1].isdecimal()
        if not (dash or to or self._low(at) in joins):
            glued = at < len(self._tokens) and self._tokens[at].start == self._tokens[number.last].end
            return number, not (glued and self._low(at)[:1].isalpha())
        after = at + 1 + (self._low(at + 1) in _ARTICLES)
        other = self._number(after) if after < len(self._tokens) else None
        tight = dash and other is not None and self._tokens[at].start == self._tokens[number.last].end
        if other is None or other.high is None or number.high is None or (dash and not tight):
            return number, not (dash and self._tokens[at].start == self._tokens[number.last].end)
        low = number.low * (other.scale if number.scale == 1 and number.low < other.low / other.scale else 1)
        counted = self._quantity(other).noun is not None or other.scale > 1 or self._low(other.last + 1) == "%"
        if low >= other.low or (dash and not counted):
            return number._replace(last=other.last), False
        begins = number.first if dash or to else opening
        return _Number(begins, other.last, low, other.low, 1, False, number.unit or other.unit), True

    def _quantity(self, number: _Number) -> Quantity:
        first, last, qualifier = number.first, number.last, Qualifier.ABOUT if number.about else Qualifier.EXACT
        if number.about and self._low(first - 1) in ("un", "una", "a"):
            first -= 1
        for length in range(min(first, LONGEST), 0, -1):
            found = qualifier_before([token.low for token in self._tokens[first - length : first]])
            if found is not None and self._tokens[first - length].start >= self._free:
                first, qualifier = first - length, found
                break
        unit, last = self._unit(number.unit, last)
        start, end = self._tokens[first].start, self._tokens[last].end
        noun, phrase = self._noun(last + 1)
        if noun is None and unit is None:
            noun = self._noun_before(first)
        for length in (2, 1):
            behind = self._tokens[last + 1 : last + 1 + length]
            found = qualifier_behind([token.low for token in behind]) if len(behind) == length else None
            if found is not None and qualifier is Qualifier.EXACT:
                end, qualifier = self._tokens[last + length].end, found
                noun, phrase = self._noun(last + 1 + length)
                break
        if self._low(last + 1) == "+" and qualifier is Qualifier.EXACT:
            end, qualifier = self._tokens[last + 1].end, Qualifier.MORE
            noun, phrase = self._noun(last + 2)
        return Quantity(Span(start, end), number.low, number.high, qualifier, unit, noun, Span(end, max(end, phrase)))

    def _unit(self, unit: str | None, last: int) -> tuple[str | None, int]:
        """Share or money that stands behind the number, and the last token of it."""
        following = self._low(last + 1)
        if following in ("%", "percent", "percento"):
            return "%", last + 1
        if following in ("per", "punti") and self._low(last + 2) in ("cento", "cent", "percentuali"):
            return "%", last + 2
        at = last + 1 + (following in ("di", "of"))
        code = _CURRENCIES.get(self._low(at)) or _SIGNS.get(self._low(at))
        return (code, at) if code else (unit, last)

    def _noun_before(self, first: int) -> Span | None:
        """What is counted, where a known word for it and words of amounting stand before the number."""
        at = first - 1
        while at >= 0 and first - at <= _PHRASE and self._low(at) in _AMOUNTING:
            at -= 1
        if at == first - 1 or at < 0 or self._tokens[at].start < self._free or counted_thing(self._low(at)) is None:
            return None
        return Span(self._tokens[at].start, self._tokens[at].end)

    def _noun(self, at: int) -> tuple[Span | None, int]:
        """The word for what is counted, in the words from token `at`, and where these end."""
        while at < len(self._tokens) and (
            self._low(at) in _LINKS or self._low(at) in _DESCRIBING or self._low(at) == "’"
        ):
            at += 1
        if self._low(at) in _ITALIAN_ARTICLES and counted_thing(self._low(at + 1)) is not None:
            at += 1  # sono 18 i morti
        run: list[_Token] = []
        for token in self._tokens[at : at + _PHRASE]:
            if not token.low[0].isalpha() or token.low in _STOPS or (self._scale(at) is not None and not run):
                break
            run.append(token)
        if not run:
            return None, 0
        lower = [token for token in run if self._text[token.start].islower()]
        named = next((token for token in run if counted_thing(token.low)), None)
        italian = self._language == ITALIAN
        plural = next((token for token in lower if token.low.endswith("s")), None)
        head = named or (run[0] if italian else plural or (lower[-1] if lower else None))
        if head is None or head not in lower:
            return None, run[-1].end
        return Span(head.start, head.end), run[-1].end
