"""Sources: *according to* somebody, and the agency, newspaper or broadcaster that carries somebody's words."""

from __future__ import annotations

from index.records import Span
from index.speech.clauses import Clause
from index.speech.grammar import Grammar
from index.speech.lexicon import OUTLET_NOUNS
from index.speech.names import Name, is_outlet
from index.speech.phrases import Mention
from index.speech.tokens import POINT, QUOTE, WORD

_FROM = frozenset(
    "secondo da dal dalla dallo dall' dai al alla allo all' a con stando per come by to told from with in su "
    "sul sulla "
    "sull' via".split()
)
_REPORTS = frozenset(
    "riferisce riferito riferiscono riporta riportato riportano scrive scritto cita citato citata citati "
    "pubblicato pubblicata diffuso diffusa diffusi ripreso reso rende anticipa rivela rivelato annunciato "
    "detto dichiarato spiegato intervista secondo stando reported reports reporting reportedly told quoted "
    "cited published obtained writes "
    "intervistato intervistata according interview interviewed says said".split()
)
_OFFICES = frozenset((
    ("servizio", "stampa"), ("ufficio", "stampa"), ("press", "service"), ("press", "office"), ("media", "statali"),
    ("state", "media"), ("stampa", "locale"), ("local", "media"), ("stampa", "statale"),
))  # fmt: skip
_FOR = ("per", "for")
_WHOM = frozenset(("secondo", "per"))
"""Before *il quale*, *cui*: in the view of the person named before."""
_BY = frozenset("da dal dalla dallo dall' dai dagli dalle by".split())


def source(clause: Clause, grammar: Grammar) -> tuple[Mention, Span] | None:
    """The source named by *secondo*, *according to* and the like, with the span of those words."""
    tokens = clause.tokens
    for at, token in enumerate(tokens):
        if token.low in _WHOM and at > 2 and (found := clause.relative_source(at)) is not None:
            return found, Span(token.start, token.end)
        for phrase in grammar.according.get(token.low, ()):
            end = at + len(phrase)
            if tuple(word.low for word in tokens[at:end]) == phrase and not _ordinary(clause, at, grammar):
                mention = clause.after(_past_clause(clause, end), bare=token.low not in ("così", *_FOR))
                if mention is not None and (token.low not in _FOR or mention.name is not None or clause.human(mention)):
                    return mention, Span(token.start, tokens[end - 1].end)
    return None


def _ordinary(clause: Clause, at: int, grammar: Grammar) -> bool:
    """Whether the word is no preposition here: ``il secondo``, ``è così``."""
    if not at:
        return False
    low, before = clause.tokens[at].low, clause.tokens[at - 1]
    if low in _FOR:
        return True  # an opinion only where it opens the sentence
    if low == "secondo":
        return before.low in grammar.determiners or before.low in grammar.governing
    return low == "così" and before.kind not in (QUOTE, POINT)


def _past_clause(clause: Clause, at: int) -> int:
    """Past the clause of ``secondo quanto riferito da``."""
    tokens = clause.tokens
    if at < len(tokens) and tokens[at].low in ("quanto", "what"):
        return next((after + 1 for after in range(at, min(at + 6, len(tokens))) if tokens[after].low in _BY), at)
    return at


def carrier(clause: Clause, grammar: Grammar) -> Span | None:
    """Where a sentence names the carrier of what is quoted in it, or in the sentence before."""
    tokens = clause.tokens
    for at in range(len(tokens) - 1):
        pair = (tokens[at].low, tokens[at + 1].low)
        if pair in _OFFICES and not (at and tokens[at - 1].low in grammar.of) and _introduced(clause, at):
            mention = clause.after(at, bare=True)
            return Span(tokens[at].start, mention.span.end if mention is not None else tokens[at + 1].end)
    for run in clause.runs:
        if _is_outlet(clause, run) and _carries(clause, run):
            return run.span
    return None


def only_carries(clause: Clause) -> bool:
    """Whether a sentence does nothing but name a carrier: ``Lo ha riferito la KCNA.``"""
    tokens = clause.tokens
    if len(tokens) > 16 or not tokens or any(token.kind == QUOTE for token in tokens):
        return False
    return tokens[0].low in ("lo", "ne", "è", "a", "così") and any(token.low in _REPORTS for token in tokens)


def _is_outlet(clause: Clause, run: Name) -> bool:
    if is_outlet(run):
        return True
    for token in reversed(clause.tokens[max(0, run.first - 4) : run.first]):
        if token.kind != WORD:
            return False
        if token.low in OUTLET_NOUNS:
            return True
    return False


def _introduced(clause: Clause, at: int) -> bool:
    """Whether a word that leads to a source stands before token `at`, across its own noun phrase."""
    for back in range(at - 1, max(-1, at - 7), -1):
        token = clause.tokens[back]
        if token.kind != WORD:
            return False
        if token.low in _FROM:
            return True
    return False


def _carries(clause: Clause, run: Name) -> bool:
    """Whether what stands around an outlet makes it the carrier, not only a thing spoken of."""
    tokens = clause.tokens
    before = {token.low for token in tokens[max(0, run.first - 6) : run.first]}
    after = {token.low for token in tokens[run.last : run.last + 4]}
    further = {token.low for token in tokens[max(0, run.first - 9) : run.first]}
    return not _REPORTS.isdisjoint(before | after) or (
        not _REPORTS.isdisjoint(further) and _introduced(clause, run.first)
    )
