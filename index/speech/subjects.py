"""Whose act it is: the subject of a verb of saying, the agent of a passive one, the author of a text that is read."""

from __future__ import annotations

from index.speech.acts import Act
from index.speech.clauses import Clause
from index.speech.grammar import Grammar
from index.speech.phrases import Mention
from index.speech.tokens import QUOTE
from index.speech.verbs import Sense

_TEXTS = frozenset("nota comunicato messaggio lettera post documento dichiarazione testo rapporto sentenza".split())
_PAUSES = frozenset((",", "-", "–", "—", "--", "(", ".", ":"))
_BY = frozenset("by da dal dalla dallo dai dagli dalle dall'".split())
READ = "legge"
"""*Si legge*: what is quoted was written, and by whom stands after it if at all."""


def subject(clause: Clause, act: Act, grammar: Grammar) -> Mention | None:
    """Who does an act, where its own sentence says so."""
    if act.first not in clause.subjects:
        clause.subjects[act.first] = _found(clause, act, grammar)
    return clause.subjects[act.first]


def _found(clause: Clause, act: Act, grammar: Grammar) -> Mention | None:
    number = clause.acts.index(act)
    if clause.tokens[act.last].low == READ:
        return _author(clause, act, grammar)
    if act.passive:
        return _agent(clause, act)
    if act.bound:
        beside = clause.beside(act) if clause.tokens[act.first].low.endswith("ing") else None
        return beside or _inherited(clause, number, grammar) or _next_subject(clause, number)
    before = clause.tokens[act.first - 1] if act.first else None
    titled = act.first > 1 and clause.tokens[act.first - 2].low in grammar.of  # `il conduttore di “…” ha detto`
    if titled and before is not None and before.kind == QUOTE and (mention := clause.before(act)):
        return mention
    if before is None or before.kind == QUOTE or before.low in _PAUSES:
        quoted = before is not None and (before.kind == QUOTE or _beside_quote(clause, act))
        mention = _inverted(clause, act, quoted=quoted)
        if mention or number == 0 or quoted:
            return mention
    return clause.before(act) or _inherited(clause, number, grammar)


def _beside_quote(clause: Clause, act: Act) -> bool:
    return act.first > 1 and clause.tokens[act.first - 2].kind == QUOTE


def _inverted(clause: Clause, act: Act, *, quoted: bool) -> Mention | None:
    """The subject after a verb that follows a quotation or a pause, or the one before it."""
    if quoted:
        return clause.after(act.last + 1, bare=True) or clause.before(act) or clause.delayed(act.last + 1)
    if mention := clause.before(act):
        return mention
    mention = clause.after(act.last + 1, bare=act.plural)
    if mention is None or (not clause.closes(mention) and act.first):
        return None
    if not act.first and (mention.name is None or act.sense is not Sense.SAY):
        return None  # `Ha accusato le imprese`: an object
    return mention


def _author(clause: Clause, act: Act, grammar: Grammar) -> Mention | None:
    """Whose text is read: ``si legge in una nota del ministero``."""
    tokens = clause.tokens
    for at in range(act.last + 1, min(len(tokens) - 1, act.last + 7)):
        if tokens[at].low in _TEXTS and tokens[at + 1].low in grammar.of:
            return clause.after(at + 2, bare=True)
    return None


def _next_subject(clause: Clause, number: int) -> Mention | None:
    """The subject of the main verb after a gerund that opens the sentence."""
    following = next((act for act in clause.acts[number + 1 :] if not act.bound), None)
    return clause.before(following) if following is not None else None


def _inherited(clause: Clause, number: int, grammar: Grammar) -> Mention | None:
    """The subject of the verb before, or of the sentence."""
    earlier = next((act for act in reversed(clause.acts[:number]) if not act.bound and not act.passive), None)
    if earlier is not None:
        return subject(clause, earlier, grammar)
    return clause.lead(clause.acts[number].first)


def _agent(clause: Clause, act: Act) -> Mention | None:
    tokens = clause.tokens
    for at in range(act.last + 1, min(len(tokens), act.last + 14)):
        low = tokens[at].low
        if low in _BY:
            return clause.after(at + 1, bare=True)
        if low in (";", ":", "."):
            break
    return None
