"""On whose authority an article says something: *secondo Seul*, *l'agenzia ha affermato che*, *officials estimate*."""

from __future__ import annotations

from collections.abc import Sequence

from index.language import ENGLISH, ITALIAN
from index.records import Span
from index.speech.acts import acts
from index.speech.clauses import Clause
from index.speech.grammar import Grammar, grammar
from index.speech.marks import pair
from index.speech.names import Finder
from index.speech.persons import Names
from index.speech.sources import source
from index.speech.subjects import subject
from index.speech.tokens import sentences
from index.speech.verbs import Form, Sense, Verb, verbs

_ESTIMATES = {
    ITALIAN: "stima stimano stimato stimava stimavano calcola calcolano calcolato ritiene ritengono parla parlano",
    ENGLISH: "estimate estimates estimated reckon reckons reckoned puts put",
}
_SENSES = (Sense.SAY, Sense.MIND)


def authorities(text: str, language: str, excluded: Sequence[Span], places: Sequence[int]) -> list[Span | None]:
    """For each of `places`, the words for whom the article's sentence there gives as the source; None where nobody is.

    What stands in brackets is the writer's own, unless the brackets name somebody.

    Args:
        text: of the article.
        language: ``it`` or ``en``.
        excluded: sorted, disjoint spans that are not news.
        places: code points of `text`.
    """
    rules = grammar(language)
    known = verbs(language) | {word: Verb(Sense.SAY, Form.FINITE) for word in _ESTIMATES[language].split()}
    lines = sentences(text, [found.outer for found in pair(text)], excluded, known, elides=language == ITALIAN)
    finder = Finder(text, lines, rules)
    names = Names(finder, lines, rules, known)
    found: list[Span | None] = []
    for place in places:
        number = next((n for n, line in enumerate(lines) if line.tokens[-1].end > place), None)
        if number is None:
            found.append(None)
            continue
        tokens = lines[number].tokens
        told = acts(tokens, known, rules, headline=number == 0, italian=language == ITALIAN)
        clause = Clause(tokens, told, list(finder.find(tokens)), names, rules)
        opening = text.rfind("(", tokens[0].start, place)
        inside = opening if opening >= 0 and ")" not in text[opening:place] else tokens[0].start
        named = source(clause, rules)
        if named is not None:
            found.append(named[0].span if named[1].start >= inside else None)
            continue
        found.append(_teller(text, clause, rules, Span(inside, place)) if inside <= place else None)
    return found


def _teller(text: str, clause: Clause, rules: Grammar, before: Span) -> Span | None:
    """Who says it: the subject of the last act in `before`, or of one behind a comma after it (``…, police said``)."""
    tokens = clause.tokens
    told = [act for act in clause.acts if act.sense in _SENSES and not act.passive]
    for act in reversed([act for act in told if before.start <= tokens[act.first].start < before.end]):
        mention = subject(clause, act, rules)
        if mention is not None and not mention.pronoun and before.covers(mention.span):
            return mention.span
        return None
    for act in told:
        mention = (
            subject(clause, act, rules) if tokens[act.first].start >= before.end and act.sense is Sense.SAY else None
        )
        if mention is None or mention.pronoun or mention.span.start < before.end:
            continue
        first = min(mention.span.start, tokens[act.first].start)
        if text[before.end : first].removesuffix("the ").removesuffix("The ").rstrip().endswith(","):
            return mention.span
    return None
