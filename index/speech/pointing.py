"""Pointing back: a sentence, or the end of one, that says who spoke the quotation before it."""

from __future__ import annotations

from collections.abc import Sequence

from index.records import Span
from index.speech.clauses import Clause
from index.speech.grammar import Grammar
from index.speech.lexicon import UTTERANCES
from index.speech.links import Attribution, Link, verb_span
from index.speech.sources import only_carries
from index.speech.tokens import QUOTE, Token

_COMMAS = frozenset((",", "-", "–", "—", "--"))
_BORDERS = frozenset((":", ";", "."))
_IS = ("è", "sono", "era")
_POINTING = frozenset(("lo", "così", "è", "sono", "parola", "parole", "a", "queste", "questa", "questo", "firmato"))
"""First words of a sentence that may say who spoke just before: ``Lo ha detto Kim``."""


def comment(clause: Clause, at: int, grammar: Grammar, *, points: bool = False) -> Attribution | None:
    """A noun of saying that takes up the quotation before token `at`: ``«…», è il commento di Maria Neri``.

    `points` says that the sentence begins with a word that takes it up, so that the noun may stand far from it.
    """
    tokens = clause.tokens
    at += at < len(tokens) and tokens[at].low in _COMMAS
    for noun in range(at, min(at + (14 if points else 7), len(tokens) - 1)):
        token = tokens[noun]
        if token.kind == QUOTE or token.low in _BORDERS or (token.low in grammar.governing and not points):
            return None
        if token.low in UTTERANCES and tokens[noun + 1].low in grammar.of:
            mention = clause.after(noun + 2, bare=True)
            return Attribution(Link.AFTER, mention, Span(token.start, token.end), None, near=True) if mention else None
    return None


def pointing(clause: Clause, grammar: Grammar) -> Attribution | None:
    """The attribution in a sentence that points back: ``Così Kim.``, ``Lo ha detto Kim.``"""
    tokens = clause.tokens
    for act in clause.acts:
        if (
            act.first
            and tokens[act.first - 1].low == "lo"
            and (mention := clause.before(act))
            and not only_carries(clause)
        ):
            return Attribution(Link.LATER, mention, verb_span(clause, act), act.sense)
    if any(token.low in _POINTING for token in tokens[:2]) and (found := comment(clause, 0, grammar, points=True)):
        return found
    noun = len(tokens) > 3 and tokens[1].low in UTTERANCES and tokens[2].low in grammar.of
    if noun and (mention := clause.after(3, bare=True)) and clause.human(mention):
        return Attribution(Link.LATER, mention, Span(tokens[1].start, tokens[1].end))  # `L’urlo di Kim ha …`
    if tokens[0].low not in _POINTING or len(tokens) > 20 or only_carries(clause):
        return None
    for act in clause.acts:
        if mention := clause.after(act.last + 1 + (tokens[min(act.last + 1, len(tokens) - 1)].low in _IS)):
            return Attribution(Link.LATER, mention, verb_span(clause, act), act.sense)
    if tokens[0].low in ("così", "firmato", "parola", "parole") and (mention := clause.after(_named_at(tokens))):
        return Attribution(Link.LATER, mention, Span(tokens[0].start, tokens[0].end))
    return None


def introduced(clause: Clause) -> Attribution | None:
    """The person that a sentence begins with, after a quotation that opens its paragraph: ``«Basta». Gritti non …``."""
    lead = clause.lead(len(clause.tokens))
    if lead is None or lead.span.start != clause.tokens[0].start or not clause.names_person(lead):
        return None
    return Attribution(Link.LATER, lead)


def _named_at(tokens: Sequence[Token]) -> int:
    """Where the name stands in ``Così Kim.``, ``Firmato: Kim.``, ``Parola di Kim.``"""
    return 2 if len(tokens) > 1 and tokens[1].low in (":", "di", "del", "della", "dell'") else 1
