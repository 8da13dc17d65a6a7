"""How a quotation is attributed: the act of saying that governs it and the phrase that stands for the speaker."""

from __future__ import annotations

from index.records import Span
from index.speech.acts import Act
from index.speech.clauses import Clause
from index.speech.grammar import Grammar
from index.speech.lexicon import TIMES, UTTERANCES
from index.speech.links import Attribution, Link, verb_span
from index.speech.names import is_outlet
from index.speech.phrases import LONGEST, Mention
from index.speech.pointing import comment
from index.speech.sources import source
from index.speech.subjects import READ, subject
from index.speech.tokens import QUOTE, WORD
from index.speech.verbs import Sense

_COMMAS = frozenset((",", "-", "–", "—", "--"))
_SEPARATORS = frozenset((".", ";", "|", "–", "—", "--", "-"))
_FINITE = ("a", "e", "o", "ò", "ì", "é", "no", "s", "d")
"""What third persons of Italian and English verbs end in."""
_PARTICIPLES = ("ato", "ata", "uto", "uta", "ito", "ita", "sto", "tto", "so", "sa")
_REACH = 60
"""Code points from such a verb to its subject."""
_BORDERS = frozenset((":", ";", "."))
_REPORTS = frozenset("riferito riferisce riportato riporta reported reports scrive".split())
"""Verbs of passing on what another said."""


def attribute(clause: Clause, place: int, grammar: Grammar, *, expects: bool, words: int) -> Attribution:
    """The attribution of the quotation at token `place`, from its own sentence.

    `expects` says that it ends as one does whose attribution follows (a comma, ``?`` or ``!``), `words` how many words
    it has.
    """
    colon = place > 0 and clause.tokens[place - 1].low == ":"
    after = (
        _after(clause, place, grammar, expects)
        or comment(clause, place + 1, grammar)
        or _inverted(clause, place, grammar, expects)
    )
    before = _before(clause, place, grammar, words)
    if after and before and after.reports and after.mention and after.mention.name and is_outlet(after.mention.name):
        after = None  # an agency that reports what somebody said
    return (
        after
        or (_named(clause, place) if colon else None)
        or before
        or _source(clause, grammar)
        or (_colon(clause, place) if colon else None)
        or _later(clause, place, grammar)
        or _noun(clause, place)
        or Attribution(Link.NONE, near=colon)
    )


def _after(clause: Clause, place: int, grammar: Grammar, expects: bool) -> Attribution | None:
    """The attribution that follows at once, verb or subject first."""
    tokens = clause.tokens
    at = place + 1
    comma = at < len(tokens) and tokens[at].low in _COMMAS
    at += comma
    act = next((act for act in clause.acts if act.first >= at), None)
    if act is None or (act.sense is Sense.MIND and act.first > at):
        return None
    if act.bound:
        return _limited(clause, at, act, grammar)
    between = tokens[at : act.first]
    if any(token.kind == QUOTE or token.low in _BORDERS for token in between):
        return None
    lead = [token for token in between if token.low not in grammar.skipped and not token.low.endswith(("mente", "ly"))]
    mention = _subject_after(clause, act, grammar, bare=expects or act.plural) if not lead else clause.before(act)
    inside = mention is None or mention.span.start >= tokens[place].end
    if lead:
        first = tokens[at]
        governed = (
            first.low in grammar.prepositions or first.low in grammar.conjunctions or first.low in grammar.relative
        )
        fits = (comma or expects) and act.sense is Sense.SAY and len(lead) <= LONGEST and not governed
        if not fits or mention is None or not inside or mention.span.start > first.end + 40:
            return None
    elif not comma and not expects and (mention is None or not inside or act.sense is Sense.CALL):
        return None
    reports = tokens[act.last].low in _REPORTS
    return Attribution(Link.AFTER, mention, verb_span(clause, act), act.sense, near=True, reports=reports)


def _limited(clause: Clause, at: int, act: Act, grammar: Grammar) -> Attribution | None:
    """An infinitive that another verb leads to: ``«…», si limita a dire il capitano Serra``."""
    tokens = clause.tokens
    if (
        not 1 < act.first - at < 5
        or tokens[act.first - 1].low not in grammar.prepositions
        or clause.is_gerund(act.last)
    ):
        return None
    if any(token.kind != WORD or token.capital for token in tokens[at : act.first]):
        return None
    mention = clause.somebody(act.last + 1)
    return None if mention is None else Attribution(Link.AFTER, mention, verb_span(clause, act), act.sense, near=True)


def _subject_after(clause: Clause, act: Act, grammar: Grammar, *, bare: bool) -> Mention | None:
    if clause.tokens[act.last].low == READ:
        return subject(clause, act, grammar)
    return clause.after(act.last + 1, bare=bare) or clause.before(act) or clause.delayed(act.last + 1)


def _inverted(clause: Clause, place: int, grammar: Grammar, expects: bool) -> Attribution | None:
    """Any other verb with somebody named right after it: ``«…», taglia corto in serata Sartori``."""
    tokens = clause.tokens
    comma = place + 1 < len(tokens) and tokens[place + 1].low in _COMMAS
    at = place + 1 + comma
    while at < len(tokens) and tokens[at].low in grammar.skipped:
        at += 1
    if at + 1 < len(tokens) and tokens[at].low in grammar.auxiliaries and tokens[at + 1].low.endswith(_PARTICIPLES):
        at += 1
    if not (comma or expects) or at + 1 >= len(tokens) or tokens[at].kind != WORD or tokens[at].capital:
        return None
    if (
        tokens[at].low in grammar.function_words
        or clause.is_gerund(at)
        or tokens[at].low in TIMES
        or not tokens[at].low.endswith(_FINITE)
    ):
        return None
    mention = clause.somebody(at + 1)
    if mention is None:
        return None
    last = next(token for token in reversed(tokens) if token.start < mention.span.start)
    if last.end - tokens[at].start > _REACH or any(
        act.first > at and tokens[act.first].start < mention.span.start for act in clause.acts
    ):
        return None
    return Attribution(Link.AFTER, mention, Span(tokens[at].start, tokens[at].end), None, near=True)


def _before(clause: Clause, place: int, grammar: Grammar, words: int) -> Attribution | None:
    earlier = [act for act in clause.acts if act.last < place]
    said = [act for act in earlier if act.sense is not Sense.MIND]
    act = said[-1] if said else earlier[0] if earlier and words > 2 else None
    if act is None:
        return None
    if any(token.low == ";" for token in clause.tokens[act.last : place]):
        return None
    mention = subject(clause, act, grammar)
    if mention is not None and mention.name is None and not clause.human(mention):
        # `un portavoce ha detto che i negoziati proseguono «…»`
        for other in reversed(said[:-1]):
            somebody = None if other.passive else subject(clause, other, grammar)
            if somebody is not None and clause.human(somebody):
                act, mention = other, somebody
                break
    near = place - act.last <= 3
    impersonal = act.first > 0 and act.sense is Sense.ACT and clause.tokens[act.first - 1].low == "si"
    nameless = (act.passive and mention is None) or (impersonal and clause.tokens[act.last].low in ("parla", "parlava"))
    if nameless:
        mention = None
        if found := _source(clause, grammar):
            return found
    return Attribution(Link.BEFORE, mention, verb_span(clause, act), act.sense, near, nameless=nameless)


def _source(clause: Clause, grammar: Grammar) -> Attribution | None:
    found = source(clause, grammar)
    return None if found is None else Attribution(Link.SOURCE, found[0], found[1])


def _named(clause: Clause, place: int) -> Attribution | None:
    """Nothing but a name before the colon: ``– Putin: «…»``."""
    tokens = clause.tokens
    start = place - 1
    while start and tokens[start - 1].kind != QUOTE and tokens[start - 1].low not in _SEPARATORS:
        start -= 1
    mention = clause.after(start)
    if mention is not None and mention.span.end == tokens[place - 2].end and place - 1 - start <= 9:
        return Attribution(Link.COLON, mention, None, None, near=True)
    return None


def _colon(clause: Clause, place: int) -> Attribution | None:
    lead = clause.introducer(place)
    return None if lead is None else Attribution(Link.COLON, lead, None, None, near=False)


def _later(clause: Clause, place: int, grammar: Grammar) -> Attribution | None:
    """An attribution that closes the sentence: ``…, ha aggiunto Kim.``"""
    for act in reversed(clause.acts):
        if act.first <= place or act.bound or act.passive or act.sense is not Sense.SAY:
            continue
        mention = subject(clause, act, grammar)
        if mention is None and clause.tokens[act.first - 1].low not in _COMMAS:
            continue
        return Attribution(Link.LATER, mention, verb_span(clause, act), act.sense)
    return None


def _noun(clause: Clause, place: int) -> Attribution | None:
    for token in reversed(clause.tokens[max(0, place - 4) : place]):
        if token.low in UTTERANCES:
            return Attribution(Link.NOUN, None, Span(token.start, token.end), None, near=True)
    return None
