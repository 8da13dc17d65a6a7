"""Noun phrases: where they end, and which name or office they point to."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.records import Span
from index.speech.acts import Act
from index.speech.grammar import MANY, Grammar
from index.speech.lexicon import TIMES, TITLES
from index.speech.names import Name, is_outlet
from index.speech.offices import ADJECTIVES, PEOPLE, ROLES, is_role
from index.speech.persons import Names
from index.speech.tokens import NUMBER, POINT, QUOTE, WORD, Token

_CLITICS = ("", "si", "lo", "la", "li", "le", "gli", "ne", "ci", "vi", "mi")
_GERUNDS = ("ing", *(stem + clitic for stem in ("ando", "endo") for clitic in _CLITICS))
_CHARGES = frozenset(("al", "alla", "allo", "all'", "alle", "agli", "ai"))
_ORDINALS = frozenset(("prima", "secondo"))
LONGEST = 16
"""Words a subject may have."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that stand for somebody.

    Attributes:
        span: where they are.
        name: the name among them, when it is what they point to.
        words: the words in lower case.
        pronoun: they are a pronoun; `gender` says which.
        definite: they point to somebody known (*il ministro*, not *un ministro*).
        aside: the clause is a relative one about them.
    """

    span: Span
    name: Name | None
    words: tuple[str, ...]
    pronoun: bool = False
    gender: str = ""
    definite: bool = False
    aside: bool = False


class Phrases:
    """The noun phrases of a sentence.

    Attributes:
        tokens: of the sentence.
        acts: its verbs of saying, in order.
        runs: its names, in order.
        subjects: whose act each act is, by its first token, where that was asked.
    """

    def __init__(
        self, tokens: Sequence[Token], acts: Sequence[Act], runs: Sequence[Name], names: Names, grammar: Grammar
    ) -> None:
        self.tokens = tokens
        self.acts = acts
        self.runs = runs
        self.subjects: dict[int, Mention | None] = {}
        self._names = names
        self._grammar = grammar
        self._ends = {run.last: run for run in runs}
        self._starts = {run.first: run for run in runs}
        self._inside = {at for act in acts for at in range(act.first, act.last + 1)}

    def after(self, at: int, *, bare: bool = False) -> Mention | None:
        """The noun phrase that begins at token `at`, adverbs skipped.

        With `bare` a common noun without an article will do (*said officials*).
        """
        tokens, grammar = self.tokens, self._grammar
        while at < len(tokens) and tokens[at].kind == WORD and at not in self._starts and self._adverb(at):
            at += 1
        if at >= len(tokens) or tokens[at].kind not in (WORD, NUMBER):
            return None
        low = tokens[at].low
        if low in grammar.pronouns:
            return self._pronoun(at)
        if low in grammar.governing or low in grammar.conjunctions or low in grammar.relative or self._dated(at):
            return None
        starts = low in grammar.determiners or at in self._starts or is_role(low) or tokens[at].capital
        if not starts and not (bare and at not in self._inside and not self.is_gerund(at)):
            return None
        end = self._extent(at)
        return self._with_name(self._mention(at, end), end) if end > at else None

    def _with_name(self, mention: Mention | None, end: int) -> Mention | None:
        """A mention with the person's name that a comma sets beside it: ``il custode, Maurizio Bandiera, 58 anni``."""
        tokens = self.tokens
        if mention is None or end + 1 >= len(tokens) or tokens[end].low != "," or not self.human(mention):
            return mention
        if mention.name is not None and self._names.known_person(mention.name) and "'s" not in mention.words:
            return mention
        at = end + 1
        while at < min(end + 5, len(tokens)) and at not in self._starts and tokens[at].kind == WORD:
            low = tokens[at].low
            if low not in self._grammar.definite and not is_role(low) and low not in TITLES:
                return mention
            at += 2 if self._abbreviates(at + 1) else 1
        run = self._starts.get(at)
        if run is None or not (self._names.known_person(run) or self._names.personal(run)):
            return mention
        goes_on = run.last < len(tokens) and tokens[run.last].kind == WORD and run.last not in self._inside
        ends = not goes_on or tokens[run.last].low in self._grammar.governing
        return replace(mention, span=Span(mention.span.start, run.span.end), name=run) if ends else mention

    def human(self, mention: Mention) -> bool:
        """Whether a mention is of somebody who can speak: a person, an office, or people."""
        if mention.pronoun or (mention.name is not None and self._names.known_person(mention.name)):
            return True
        grammar = self._grammar
        head = list(itertools.takewhile(lambda word: word not in grammar.of or word == "'s", mention.words))
        return any(
            word in PEOPLE
            or word.endswith(("enne", "enni", "-old"))
            or (is_role(word) and (word not in ADJECTIVES or at == 0 or head[at - 1] in grammar.determiners))
            for at, word in enumerate(head)
        )

    def closes(self, mention: Mention) -> bool:
        """Whether a pause or the end of the sentence follows a mention."""
        following = next((token for token in self.tokens if token.start >= mention.span.end), None)
        return following is None or following.kind in (POINT, QUOTE)

    def _dated(self, at: int) -> bool:
        """Whether the words from `at` are a time: ``ieri``, ``il 3 maggio``, ``last week``."""
        tokens = self.tokens
        if tokens[at].low in TIMES:
            return True
        if tokens[at].low not in self._grammar.determiners or at + 1 >= len(tokens):
            return False
        following = tokens[at + 1]
        return following.low in TIMES or (following.kind == NUMBER and not following.low.endswith(("old", "enne")))

    def _extent(self, at: int) -> int:
        """Where the noun phrase from `at` ends."""
        tokens, grammar = self.tokens, self._grammar
        end = at
        while end < len(tokens) and end - at < LONGEST:
            if end in self._starts:
                if end > at + 1 and tokens[at].low in MANY and self._names.known_person(self._starts[end]):
                    break  # `per i pm | Fumagalli`
                end = self._starts[end].last
            elif end > at and (self._stops(end) or tokens[end].kind == POINT):
                if not self._abbreviates(end):
                    break
                end += 1
            elif tokens[end].kind in (QUOTE, POINT):
                break
            else:
                end += 1
        while end > at + 1 and (tokens[end - 1].low in grammar.openers or tokens[end - 1].low in grammar.of):
            end -= 1
        return end

    def _abbreviates(self, at: int) -> bool:
        """Whether a point belongs to a title before a name: ``il prof. Neri``."""
        tokens = self.tokens
        return (
            at + 1 < len(tokens) and tokens[at].low == "." and tokens[at - 1].low in TITLES and tokens[at + 1].capital
        )

    def _stops(self, at: int) -> bool:
        """Whether a noun phrase ends before token `at`."""
        token, grammar = self.tokens[at], self._grammar
        low, before = token.low, self.tokens[at - 1]
        if token.kind == QUOTE or at in self._inside or low in TIMES:
            return True
        charge = low in _CHARGES and is_role(before.low) and at + 1 < len(self.tokens) and self.tokens[at + 1].capital
        if charge or (low in _ORDINALS and before.low in grammar.definite):
            return False  # `l’assessora alla Sicurezza`, `la prima cittadina`
        if (
            low in grammar.determiners
            and low != "that"
            and before.kind == WORD
            and before.low not in grammar.function_words
        ):
            return True  # another phrase begins: `per gli analisti | il piano`
        if low in grammar.prepositions or low in grammar.relative or low in grammar.auxiliaries:
            return True
        if low in grammar.conjunctions:
            return not self._joins(at)
        return (low not in grammar.determiners and self._adverb(at)) or (self.is_gerund(at) and not low.endswith("ing"))

    def _joins(self, at: int) -> bool:
        """Whether a conjunction joins two names, not two clauses."""
        return self.tokens[at].low in ("e", "and", "ed") and at + 1 in self._starts and self.tokens[at - 1].capital

    def _adverb(self, at: int) -> bool:
        low = self.tokens[at].low
        if low in self._grammar.skipped:
            return low not in self._grammar.determiners
        return low.endswith(("mente", "ly")) and low != "family"

    def is_gerund(self, at: int) -> bool:
        """Whether token `at` looks like a gerund."""
        low = self.tokens[at].low
        if not low.endswith(_GERUNDS) or len(low) < 6 or is_role(low):
            return False
        return at == 0 or self.tokens[at - 1].low not in self._grammar.determiners

    def _pronoun(self, at: int) -> Mention:
        token = self.tokens[at]
        return Mention(Span(token.start, token.end), None, (token.low,), True, self._grammar.pronouns[token.low], True)

    def _mention(self, first: int, last: int) -> Mention | None:
        """What ``tokens[first:last]`` points to: a name where one heads them, otherwise the phrase."""
        tokens, grammar = self.tokens, self._grammar
        if last - first == 1 and tokens[first].low in grammar.determiners:
            return None
        words = tuple(token.low for token in tokens[first:last])
        span = Span(tokens[first].start, tokens[last - 1].end)
        definite = words[0] in grammar.definite or (first > 0 and tokens[first - 1].low in grammar.fused)
        opening = self._starts.get(first)
        possessive = opening is not None and opening.last < last and tokens[opening.last].low == "'s"
        if opening is not None and opening.last < last and not possessive and self._names.known_person(opening):
            return Mention(span, opening, words, definite=definite)
        for run in reversed(self.runs):
            if not first <= run.first or not run.last <= last:
                continue
            before = tokens[run.first - 1].low if run.first > first else ""
            if before in grammar.governing and before != "'s":
                continue
            if before in grammar.conjunctions:
                break
            if all(part in TITLES or part in ROLES for part in run.key):
                return Mention(span, None, words, definite=True)
            if self._heads(run, first, last):
                return Mention(span, run, words, definite=definite)
        return Mention(span, None, words, definite=definite)

    def _heads(self, run: Name, first: int, last: int) -> bool:
        """Whether a name is what the phrase ``tokens[first:last]`` points to."""
        if self._names.known_person(run) or (run.first == first and run.last < last and self._names.personal(run)):
            return True
        if run.last != last:
            return False
        before = self.tokens[run.first - 1].low if run.first > first else ""
        if is_outlet(run) or run.first == first:
            return True
        return (
            len(run.key) <= 2
            if run.first - first == 1
            else len(run.key) > 1 and before not in self._grammar.determiners
        )
