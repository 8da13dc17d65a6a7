"""Acts of saying in a sentence: verb groups with their auxiliaries and clitics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from index.speech.grammar import Grammar
from index.speech.tokens import POINT, QUOTE, WORD, Token
from index.speech.verbs import Form, Sense, Verb

_NOTICE = Verb(Sense.SAY, Form.INFINITIVE)
_NOTICED = frozenset(("sapere", "noto", "presente"))
"""What *fare* and *rendere* make verbs of saying with: ``fa sapere``, ``ha reso noto``."""
_MAKES = frozenset("fa fanno fece fecero faceva facevano farà rende rendono rese resero".split())
_MADE = frozenset("fatto reso resa resi".split())
_MAKING = frozenset("facendo rendendo".split())
_BE = frozenset("è sono era erano".split())
_PLURAL = frozenset("hanno avevano sono erano avrebbero abbiano".split())
_FRONTED = frozenset("un una un' il i del della di".split())
_POSSESSIVES = frozenset("a an the his her its their".split())
_PLURALS = frozenset(("to", "people", "men", "women", "also", ""))
_HELPING = frozenset(("n't", "not", "also", "never", "since", "already", "to"))
_WONT = frozenset("likes like liked loves loved used tends tended continued goes".split())
"""*Likes to say* says."""
_READERS = frozenset(("it", "statement", "note", "sign", "letter", "message"))


@dataclass(frozen=True, slots=True)
class Act:
    """A verb of saying with its auxiliaries: `tokens[first : last + 1]` of a sentence.

    Attributes:
        bound: a gerund or infinitive, whose subject is another verb's.
        passive: the subject is what was said or called; the speaker stands after *da* or *by*.
        plural: the verb says that there are several subjects (Italian only).
    """

    first: int
    last: int
    sense: Sense
    bound: bool = False
    passive: bool = False
    plural: bool = False


def acts(
    tokens: Sequence[Token], verbs: Mapping[str, Verb], grammar: Grammar, *, headline: bool, italian: bool
) -> list[Act]:
    """The acts of saying in a sentence, in order.

    In a `headline` a capital does not tell a name from a verb.
    """
    found: list[Act] = []
    for at, token in enumerate(tokens):
        if token.kind != WORD:
            continue
        verb = verbs.get(token.low)
        if italian and token.low in _NOTICED:
            verb = _NOTICE
        if verb is None or (token.capital and at and not headline and tokens[at - 1].kind not in (POINT, QUOTE)):
            continue
        act = _italian(tokens, at, verb, grammar) if italian else _english(tokens, at, verb, grammar)
        if act is not None:
            if found and found[-1].last >= act.first:
                found.pop()
            found.append(act)
    return found


def _italian(tokens: Sequence[Token], at: int, verb: Verb, grammar: Grammar) -> Act | None:
    low, before = tokens[at].low, tokens[at - 1].low if at else ""
    if verb.form is Form.INFINITIVE and before in _MAKES:
        return Act(at - 1, at, verb.sense, plural=before.endswith("no"))
    if verb.form is Form.INFINITIVE and before in _MAKING:
        return Act(at - 1, at, verb.sense, bound=True)
    if verb.form is Form.PARTICIPLE or (verb.form is Form.INFINITIVE and before in _MADE):
        return _compound(tokens, at, verb, grammar)
    if verb is _NOTICE:
        return None
    if verb.noun and (before in grammar.determiners or before in grammar.governing):
        return None
    if verb.form is Form.FINITE:
        first = at - (low == "legge" and before == "si")
        return None if before in _FRONTED else Act(first, at, verb.sense, plural=low.endswith("no"))
    return Act(at, at, verb.sense, bound=True)


def _compound(tokens: Sequence[Token], at: int, verb: Verb, grammar: Grammar) -> Act | None:
    """A participle with its auxiliary, adverbs between: ``ha infine fatto sapere``, ``si è detta``."""
    passive = False
    for back in range(at - 1, max(-1, at - 7), -1):
        low = tokens[back].low
        if low in grammar.auxiliaries:
            reflexive = back > 0 and tokens[back - 1].low in ("si", "s'")
            passive = passive or low in grammar.passive or (low in _BE and verb.sense is Sense.CALL)
            return Act(back, at, verb.sense, passive=passive and not reflexive, plural=low in _PLURAL)
        if low in grammar.passive:
            passive = True
        elif not (low in grammar.skipped or low in _MADE or low.endswith("mente")):
            return None
    return None


def _english(tokens: Sequence[Token], at: int, verb: Verb, grammar: Grammar) -> Act | None:
    low, before = tokens[at].low, tokens[at - 1].low if at else ""
    if before == "to" and at > 1 and tokens[at - 2].low in _WONT:
        return Act(at - 2, at, verb.sense)
    if before in _POSSESSIVES or (verb.noun and _is_noun(low, before, verb, grammar)):
        return None
    last = at
    following = tokens[at + 1].low if at + 1 < len(tokens) else ""
    if low.startswith("point"):
        if following != "out":
            return None
        last = at + 1
    if low.startswith("call") and following in ("on", "for", "off"):
        verb = replace(verb, sense=Sense.ACT)
    first, passive = _helped(tokens, at, grammar)
    if (verb.form is Form.GERUND and first == at) or (before == "to" and not low.endswith(("d", "s"))):
        return Act(at, last, verb.sense, bound=True)
    if low == "read" and first == at and before not in _READERS:
        return None
    return Act(first, last, verb.sense, passive=passive)


def _is_noun(low: str, before: str, verb: Verb, grammar: Grammar) -> bool:
    """Whether a form that may be a noun is one here: ``the report``, ``in response``, ``a mock voice``."""
    if before in grammar.determiners or before in grammar.governing or before == "no":
        return True
    if verb.form is not Form.FINITE or low.endswith(("s", "t", "d")):
        return False
    plural = before in _PLURALS or before.endswith("s")
    return not plural and before not in grammar.auxiliaries and before not in grammar.pronouns


def _helped(tokens: Sequence[Token], at: int, grammar: Grammar) -> tuple[int, bool]:
    """Where the verb group that ends at `at` begins, and whether it is passive."""
    first, passive = at, False
    for back in range(at - 1, max(-1, at - 5), -1):
        word = tokens[back].low
        if word in grammar.auxiliaries and not (back and tokens[back].capital):
            first = back
            passive = passive or (word in grammar.passive and not tokens[at].low.endswith("ing"))
        elif word not in _HELPING and not word.endswith("ly"):
            break
    return first, passive
