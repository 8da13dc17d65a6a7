"""Is it speech? Quotations that stand as utterances, and quoted titles, names, terms and irony that nobody says."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.speech.clauses import Clause
from index.speech.grammar import Grammar
from index.speech.lexicon import TERMS, WORKS
from index.speech.links import Attribution, Link
from index.speech.tokens import QUOTE
from index.speech.verbs import Sense

_FULL_STOP = re.compile(r"[.!?…]['\")»”’]*\s+[«“\"‘(]?[^\W\d_a-zà-ÿ]")
_PAUSES = frozenset((".", "-", "–", "—", "("))
_ENDS = frozenset((".", ",", ")", ":"))
_HEARING = frozenset("tell tells told ask asks asked to a ad".split())
_BREAKS = frozenset((",", ":", ";", "(", ")"))


def is_whole(clause: Clause, place: int, inner: str, link: Attribution, words: int) -> bool:
    """Whether the quotation at token `place` is an utterance by itself, not a part of the reporter's sentence.

    `inner` is the quoted text, `words` the number of its words.
    """
    before = clause.tokens[place - 1] if place and not clause.dateline(place) else None
    if _FULL_STOP.search(inner):
        return True
    colon = before is not None and before.low == ":"
    if words < 2 and not inner.endswith(("!", "?")) and not (colon and inner[0].isupper()):
        return False
    if colon:
        return True
    if before is not None and before.low == "," and clause.tokens[0].kind == QUOTE and link.link is Link.BEFORE:
        return True  # `«Sì», sbotta, «e basta»`
    if next((letter for letter in inner if letter.isalnum()), "a").islower():
        return False
    if before is None or before.kind == QUOTE or before.low in _PAUSES:
        after = clause.tokens[place + 1] if place + 1 < len(clause.tokens) else None
        return link.link is Link.AFTER or after is None or after.low in _ENDS or after.kind == QUOTE
    if before.low == "," and link.link is Link.AFTER:
        return True
    verb = place - 2 if before.low == "," else place - 1
    return any(act.last == verb and act.sense is Sense.SAY for act in clause.acts)


def is_speech(
    clause: Clause, place: int, inner: str, words: Sequence[str], link: Attribution, grammar: Grammar, *, headline: bool
) -> bool:
    """Whether words quoted inside the reporter's sentence are somebody's: not a title, a name, a term or irony."""
    sure = link.sense is not None or not _title_case(inner, words)
    if link.link is Link.AFTER and sure and (place == 0 or clause.tokens[place - 1].low not in TERMS):
        return True
    upper = next((letter for letter in inner if letter.isalpha()), "a").isupper()
    if _named_before(clause, place, upper=upper):
        return False
    if len(words) == 1 and "-" in inner and not link.near:
        return False  # `no-fault evictions`: a term
    before = clause.tokens[place - 1].low if place else ""
    if upper and len(words) < 7 and (before in grammar.determiners or before in grammar.governing):
        return link.sense is Sense.CALL and before not in grammar.prepositions
    if upper and _title_case(inner, words):
        if place and clause.tokens[place - 1].low in _HEARING:
            return False  # `tell “60 Minutes” whether …`
        return link.near and link.sense in (Sense.SAY, Sense.CALL)
    if link.link is not Link.NONE:
        return link.sense is not Sense.MIND or len(words) > 2 or headline
    if headline:
        return len(words) > 1
    return len(words) > 3 and not upper


def _named_before(clause: Clause, place: int, *, upper: bool) -> bool:
    """Whether a noun before the quotation says that it is a title, a name or a term: ``il film “…”``."""
    tokens = clause.tokens
    for at in range(place - 1, max(-1, place - 6), -1):
        low = tokens[at].low
        if low in _BREAKS or any(act.first <= at <= act.last for act in clause.acts):
            return False
        if low in TERMS or (upper and low in WORKS):
            return not (at and tokens[at - 1].low == "a")  # `portare a termine`
    return False


def _title_case(inner: str, words: Sequence[str]) -> bool:
    """Whether all the long words have capitals, as in English titles."""
    long = [word for word in words if len(word) > 3]
    if len(words) < 2 or inner.endswith((".", "!", "?", ",")):
        return False
    return all(word[0].isupper() or word[0].isdigit() for word in long)
