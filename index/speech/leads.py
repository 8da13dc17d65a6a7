"""Leads: who stands first in a sentence, or first of all after a token, and so may be its subject."""

from __future__ import annotations

from collections.abc import Iterator

from index.speech.names import gender, parts
from index.speech.offices import PEOPLE, ROLES
from index.speech.phrases import Mention, Phrases
from index.speech.tokens import POINT, QUOTE, WORD

_TURNS = frozenset(("canto", "parte", "volta", "part", "turn"))
_MANY = frozenset(("they", "loro", "essi"))


class Leads(Phrases):
    """A sentence asked who stands first in it."""

    def names_person(self, mention: Mention) -> bool:
        """Whether a mention is a person's name."""
        return mention.name is not None and self._names.known_person(mention.name)

    def _is_person(self, mention: Mention | None) -> bool:
        if mention is None:
            return False
        return mention.pronoun or self.names_person(mention)

    def _past_turn(self, at: int) -> int:
        """Past words that give the floor to another: ``dal canto suo``, ``for her part``."""
        low = [token.low for token in self.tokens[at : at + 3]]
        if len(low) < 3 or _TURNS.isdisjoint(low) or low[0] not in self._grammar.governing:
            return at
        return at + 3 + (at + 3 < len(self.tokens) and self.tokens[at + 3].low == ",")

    def _free_article(self, at: int) -> bool:
        """Whether an article opens a phrase that no preposition governs."""
        grammar, before = self._grammar, self.tokens[at - 1]
        return (
            self.tokens[at].low in grammar.determiners
            and before.low not in grammar.governing
            and before.low not in grammar.determiners
        )

    def leader(self, pronoun: Mention) -> Mention | None:
        """The subject of the sentence where a pronoun after it can stand for him or her."""
        at = next(at for at in range(len(self.tokens)) if self.tokens[at].start >= pronoun.span.start)
        found = self.lead(at)
        if found is None or found.pronoun or found.span.end > pronoun.span.start:
            return None
        if pronoun.gender == "n":
            return found if found.name is not None and not self._is_person(found) else None
        if not self.human(found):
            return None
        many = any(word in PEOPLE for word in found.words) and not self._is_person(found)
        if many or not pronoun.gender:
            return found if many and pronoun.words[0] in _MANY else None
        shown = "" if found.name is None else gender(parts(self._names.person(found.name.key) or found.name.whole))
        return found if shown in ("", pronoun.gender) else None

    def somebody(self, at: int) -> Mention | None:
        """The first phrase from token `at` that names somebody and no preposition governs: ``in serata Sartori``."""
        tokens, grammar = self.tokens, self._grammar
        while at < len(tokens) and tokens[at].kind == WORD and at not in self._inside:
            low = tokens[at].low
            if low in grammar.conjunctions or low in grammar.relative:
                return None
            if (at in self._starts or low in grammar.definite) and tokens[at - 1].low not in grammar.governing:
                found = self.after(at)
                if found is not None and self.human(found):
                    return found
                at = self._starts[at].last if at in self._starts else at + 1
            else:
                at += 1
        return None

    def delayed(self, at: int) -> Mention | None:
        """A person's name after the hearer or the time: ``ha detto venerdì al giornale Grant Reeher, professore``."""
        tokens, grammar = self.tokens, self._grammar
        source = False
        while at < len(tokens):
            token = tokens[at]
            if run := self._starts.get(at):
                before = tokens[at - 1].low
                plain = not source and before not in grammar.governing and before not in grammar.determiners
                ends = run.last == len(tokens) or tokens[run.last].kind == POINT
                if plain and ends and (self._names.personal(run) or self._names.known_person(run)):
                    return self._mention(run.first, run.last)
                at = run.last
                continue
            if token.kind == QUOTE or token.low in (".", ":", ";", "(") or self.is_gerund(at):
                return None
            if token.low in grammar.conjunctions or token.low in grammar.relative:
                return None
            source = token.low in ("secondo", "come") or (source and token.low != ",")
            at += 1
        return None

    def lead(self, before: int) -> Mention | None:
        """The subject of the sentence, before token `before`: a phrase that begins it or follows a comma.

        A person is preferred to the subject of a subordinate clause that comes first.
        """
        found = list(self._leads(before))
        if not found:
            return None
        if found[0].name is None and not found[0].pronoun:
            return next((mention for mention in found if not mention.pronoun and self._is_person(mention)), found[0])
        return found[0]

    def _leads(self, before: int) -> Iterator[Mention]:
        tokens, grammar = self.tokens, self._grammar
        before = min(before, len(tokens))
        at = self._past_turn(self._dateline())
        while at < before:
            low = tokens[at].low
            if low in grammar.pronouns:
                yield self._pronoun(at)
            elif at in self._starts or low in grammar.determiners or low in PEOPLE or low in ROLES:
                if mention := self.after(at):
                    yield mention
            elif (
                tokens[at].kind == WORD
                and low not in grammar.governing
                and at not in self._inside
                and not self.is_gerund(at)
            ):
                at += 1
                continue
            elif low in grammar.governing:
                at = self._past_governed(at, before)
                if at < before and self._free_article(at) and (mention := self.after(at)) and self.human(mention):
                    yield mention
            while at < before and tokens[at].low != "," and tokens[at].kind != QUOTE:
                at += 1
            at += 1

    def dateline(self, place: int) -> bool:
        """Whether nothing but a name stands before token `place`, as of the town: ``PADOVA «…»``."""
        return 0 < place < 4 and all(token.kind == WORD and token.capital for token in self.tokens[:place])

    def _past_governed(self, at: int, before: int) -> int:
        """Past a phrase that a preposition opens, to a comma or a free article: ``A Bruxelles | un portavoce``."""
        tokens = self.tokens
        at += 1
        while at < before and tokens[at].kind == WORD and not self._free_article(at) and at not in self._inside:
            at += 1
        return at

    def _dateline(self) -> int:
        """Past a dateline: ``Roma, 24 ott. (askanews) – La Corea del Nord``."""
        tokens = self.tokens
        for at in range(min(14, len(tokens) - 1)):
            if tokens[at].low == ")" and tokens[at + 1].low in ("-", "–", "—"):
                return at + 2
        return 0
