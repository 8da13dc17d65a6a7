"""Words and sentences of the reporter's own text, with each quotation standing in it as a single token."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from index.records import Span
from index.speech.lexicon import ABBREVIATIONS
from index.speech.verbs import Sense, Verb

QUOTE, BREAK, WORD, NUMBER, POINT = "quote", "break", "word", "number", "point"

_TOKEN = re.compile(
    r"(?P<break>\n)"
    r"|(?P<tag></?[A-Za-z][^<>\n]{0,500}>)"
    r"|(?P<word>(?:[^\W\d_]\.){2,}|[A-Z]\.(?=\s?[A-Z])|[\w-]{1,40}\.(?:com|it|org|net|ru)\b"
    r"|[^\W\d_][^\W_]*(?:(?:[-‑]|['’](?![sS]\b))[^\W_]+)*(?:(?<=po|mo)['’])?|['’][sS]\b)"
    r"|(?P<number>\d[\w.,%°º-]*\w|\d)"
    r"|(?P<point>\.\.\.|--|[^\w\s])"
)
_ELISION = re.compile(
    r"(?:(?:d|n|s)?(?:ell|all)|un|l|d|quest|quell|sull|c|s|m|t|v|n|com|dov|anch|tutt|trent|vent)['’](?=\w)",
    re.IGNORECASE,
)
_LONGEST = 200
"""Tokens: a longer sentence is cut, so that looking through one costs no more than so much a quotation."""
_END = frozenset(".!?…")


class Token(NamedTuple):
    """A word, number, point or quotation. (A tuple: one is made for each word of the archive.)

    Attributes:
        kind: QUOTE, WORD, NUMBER, POINT or BREAK.
        start, end: code points in the article.
        low: the text in lower case; empty for a quotation.
        capital: it begins with a capital letter.
        quote: which quotation of the article, or -1.
    """

    kind: str
    start: int
    end: int
    low: str
    capital: bool
    quote: int = -1


class Sentence(NamedTuple):
    """The tokens of one sentence, and whether a new line comes before it."""

    tokens: list[Token]
    opens_line: bool


def words(text: str, start: int, end: int, *, elides: bool) -> Iterator[Token]:
    """The words, numbers and points of ``text[start:end]``; with `elides` an apostrophe parts ``dell’|accordo``."""
    for match in _TOKEN.finditer(text, start, end):
        kind, at, to = match.lastgroup, match.start(), match.end()
        if kind == "tag":
            continue
        if kind == "word":
            if elides and (elided := _ELISION.match(text, at, to)):
                cut = elided.end()
                yield Token(WORD, at, cut, text[at:cut].lower().replace("’", "'"), text[at].isupper())
                at = cut
            yield Token(WORD, at, to, text[at:to].lower().replace("’", "'"), text[at].isupper())
        else:
            yield Token(kind or POINT, at, to, match[0].lower(), False)


def sentences(
    text: str, quotes: Sequence[Span], excluded: Sequence[Span], verbs: Mapping[str, Verb], *, elides: bool
) -> list[Sentence]:
    """The sentences of `text` outside `quotes` (sorted, disjoint spans with their marks), each quote one token.

    A new line and an excluded span always end a sentence; a quotation ends one where its last word carries a full stop.
    """
    stream: list[Token] = []
    at = 0
    holes = [(quote, number) for number, quote in enumerate(quotes)] + [(span, -1) for span in excluded]
    for hole, number in sorted(holes):
        stream.extend(words(text, at, hole.start, elides=elides))
        stream.append(Token(BREAK if number < 0 else QUOTE, hole.start, hole.end, "", False, number))
        at = hole.end
    stream.extend(words(text, at, len(text), elides=elides))
    found: list[Sentence] = []
    current: list[Token] = []
    opens = True
    for place, token in enumerate(stream):
        if token.kind != BREAK:
            current.append(token)
            if len(current) < _LONGEST and not _ends(text, stream, place, verbs):
                continue
        if current:
            found.append(Sentence(current, opens))
            current = []
            opens = False
        if token.kind == BREAK:
            opens = True
    if current:
        found.append(Sentence(current, opens))
    return found


def _ends(text: str, stream: list[Token], place: int, verbs: Mapping[str, Verb]) -> bool:
    """Whether the sentence ends with this token."""
    token = stream[place]
    following = stream[place + 1] if place + 1 < len(stream) else None
    if following is None or following.kind == BREAK:
        return False
    if token.low == ";":
        return False
    starts = following.capital or following.kind in (QUOTE, NUMBER) or following.low in "-–—«“"
    if not starts:
        return False
    if token.kind == QUOTE:
        last = text[token.start : token.end].rstrip("\"'»”“’›> \u00a0")[-1:]
        if last not in _END or following.kind != WORD:
            return last in _END and following.kind == QUOTE
        return last == "." or not _attributes(stream, place + 1, verbs)
    if token.low not in (".", "!", "?", "…", "..."):
        return False
    before = stream[place - 1] if place else None
    if before is not None and token.low == "." and before.end == token.start:
        initials = following.start == token.end and len(following.low) == 1  # `D-N.M.`
        return before.low not in ABBREVIATIONS and not initials and not (len(before.low) == 1 and before.capital)
    return True


def _attributes(stream: list[Token], at: int, verbs: Mapping[str, Verb]) -> bool:
    """Whether the words from `at` attribute the quotation before them: ``“Why?” Kim asked.``"""
    for token in stream[at : at + 7]:
        if token.kind in (BREAK, QUOTE) or token.low in (".", ":", ";"):
            return False
        verb = verbs.get(token.low)
        if verb is not None and verb.sense is Sense.SAY and not token.capital:
            return True
    return False
