"""Names in an article: runs of capitalised words, cut where a title, a place or another name ends."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.records import Span
from index.speech.given import FEMALE, GIVEN, MALE
from index.speech.grammar import Grammar
from index.speech.lexicon import BODIES, OUTLET_ENDS, OUTLETS, PLACES, TIMES, TITLES
from index.speech.offices import is_role
from index.speech.tokens import WORD, Sentence, Token

_JOINED = frozenset("de van von der den bin ben ibn dos das du la le el al di da del della".split())
_AFTER_GIVEN = frozenset("di da del della la le".split())
"""Joining words that are prepositions or articles as well: part of a name only after a given name."""
_PREFIXES = frozenset(("al-", "el-", "as-", "ad-", "ed-", "ul-"))
_PARTS = re.compile(r"[\s\-‑]+")
_SITE = re.compile(r"\w\.(?:com|it|org|net|ru)$")


def folded(word: str) -> str:
    """Lower case without accents, apostrophes straight: for comparing names."""
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFKD", word.casefold().replace("’", "'"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def parts(name: str) -> tuple[str, ...]:
    """The folded words of a name; a hyphen parts words as a space does."""
    return tuple(part for part in _PARTS.split(folded(name)) if part)


@dataclass(frozen=True, slots=True)
class Name:
    """A run of capitalised words: `tokens[first:last]` of a sentence.

    Attributes:
        key: its folded words, for comparing.
        whole: the text as it stands.
    """

    first: int
    last: int
    span: Span
    whole: str
    key: tuple[str, ...]


def is_site(word: str) -> bool:
    """Whether a word is the address of a web site."""
    return "." in word and _SITE.search(word) is not None


def is_outlet(name: Name) -> bool:
    """Whether the words name a newspaper, agency, broadcaster or web site."""
    return (
        (name.key[-1] in OUTLET_ENDS and len(name.key) > 1)
        or any(part in OUTLETS for part in name.key[:2])
        or is_site(name.whole)
        or name.key[-2:] == ("associated", "press")
    )  # fmt: skip


def gender(key: Sequence[str]) -> str:
    """``m`` or ``f`` by the given name, empty where it does not tell."""
    male, female = key[0] in MALE, key[0] in FEMALE
    return "" if male == female or len(key) < 2 else "m" if male else "f"


def titled(tokens: Sequence[Token]) -> bool:
    """Whether all the words of a line have capitals, as English headlines do."""
    words = [token for token in tokens if token.kind == WORD and len(token.low) > 3]
    return (
        len(words) > 4
        and tokens[-1].low not in (".", ":", "")
        and sum(token.capital for token in words) > 0.7 * len(words)
    )


class Finder:
    """Finds names in the sentences of one article, knowing how all of them write their words."""

    def __init__(self, text: str, sentences: Sequence[Sentence], grammar: Grammar) -> None:
        self._text = text
        self._grammar = grammar
        self._common = grammar.function_words
        self._proper = _proper(sentences)

    def find(self, tokens: Sequence[Token]) -> Iterator[Name]:
        """The names in a run of tokens, in order."""
        headline = titled(tokens)
        at = 0
        while at < len(tokens):
            if not self._begins(tokens, at, headline):
                at += 1
                continue
            first = at
            at += 1
            while step := self._goes_on(tokens, at):
                at += step
            yield from self._split(tokens, first, at)

    def _goes_on(self, tokens: Sequence[Token], at: int) -> int:
        """How many tokens from `at` belong to the name before them."""
        if at >= len(tokens):
            return 0
        token, before = tokens[at], tokens[at - 1]
        if token.kind == WORD and (token.capital or self._prefixed(token)):
            return 1
        if at + 1 == len(tokens) or not tokens[at + 1].capital:
            return 0
        if token.low in _JOINED and (token.low not in _AFTER_GIVEN or before.low in GIVEN):
            return 2
        return int(token.low == "." and (before.low in TITLES or len(before.low) == 1))

    def _prefixed(self, token: Token) -> bool:
        """Whether a word is a name with a small first part: ``al-Moualem``."""
        return token.low[:3] in _PREFIXES and self._text[token.start + 3 : token.start + 4].isupper()

    def _begins(self, tokens: Sequence[Token], at: int, headline: bool) -> bool:
        token = tokens[at]
        if token.kind != WORD or token.low in TIMES:
            return False
        if not token.capital:
            return is_site(token.low)
        if at and tokens[at - 1].kind == WORD and not headline:
            return True
        if token.low in self._common:
            return False
        if token.low in GIVEN or token.low in PLACES or token.low in OUTLETS or token.low in TITLES:
            return True
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        if following is not None and following.capital and following.low in GIVEN and token.low not in self._proper:
            return False  # `Born Carmen Diaz in …`
        if headline:
            return token.low in self._proper and following is not None and following.low in "':"
        return token.low in self._proper or (following is not None and following.capital) or "." in token.low

    def _split(self, tokens: Sequence[Token], first: int, last: int) -> Iterator[Name]:
        """Cut a run where a title ends, and where a place or body ends and a person's name begins."""
        led = first > 0 and tokens[first - 1].low in self._grammar.governing
        start = first
        for at in range(first, last):
            low = tokens[at].low.strip(".")
            rest = last - at - 1
            if at > start and rest and low in GIVEN and self._ends_body(tokens[at - 1], led=led):
                yield self._name(tokens, start, at)
                start = at
            elif (
                not low
                or low.endswith("-old")
                or (
                    (low in TITLES or (at == start and is_role(low)))
                    and rest
                    and not (rest == 1 and tokens[last - 1].low in BODIES)
                )
            ):
                start = at + 1  # a title is no part of the name
            elif self._ends_place(tokens, start, at, last) and (
                rest > 1 or (at > start and tokens[at - 1].low in PLACES)
            ):
                yield self._name(tokens, start, at + 1)
                start = at + 1
        if start < last:
            yield self._name(tokens, start, last)

    def _ends_body(self, token: Token, *, led: bool) -> bool:
        """Whether what a given name follows is a place, or (after a preposition) anything but a given name."""
        if token.low in PLACES or token.low in BODIES or is_role(token.low):
            return True
        return led and token.low not in GIVEN

    def _ends_place(self, tokens: Sequence[Token], first: int, at: int, last: int) -> bool:
        """Whether a place, or a body named by its initials, ends with this token of a run and a name follows."""
        if at + 1 >= last:
            return False
        if first == at and self._acronym(tokens[at]) and last - at > 2:
            return True
        following = tokens[at + 1].low
        return tokens[at].low in PLACES and following not in PLACES and following not in BODIES

    def _acronym(self, token: Token) -> bool:
        return 1 < len(token.low) < 5 and self._text[token.start : token.end].isupper()

    def _name(self, tokens: Sequence[Token], first: int, last: int) -> Name:
        span = Span(tokens[first].start, tokens[last - 1].end)
        whole = span.of(self._text)
        return Name(first, last, span, whole, parts(whole) or (whole.casefold(),))


def names_in(text: str, sentences: Sequence[Sentence], grammar: Grammar) -> list[Name]:
    """The names in all the sentences of one article, in order."""
    finder = Finder(text, sentences, grammar)
    return [name for sentence in sentences for name in finder.find(sentence.tokens)]


def _proper(sentences: Sequence[Sentence]) -> frozenset[str]:
    """Words written with a capital inside a sentence, or at several beginnings and never without."""
    inside: set[str] = set()
    openings: Counter[str] = Counter()
    common: set[str] = set()
    for sentence in sentences:
        for place, token in enumerate(sentence.tokens):
            if token.kind != WORD:
                continue
            if not token.capital:
                common.add(token.low)
            elif place:
                inside.add(token.low)
            else:
                openings[token.low] += 1
    return frozenset(inside.union(word for word, count in openings.items() if count > 1 and word not in common))
