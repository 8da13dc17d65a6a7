"""Subjects: who does what a verb of saying says, by the words before and after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.records import Span
from index.speech.acts import Act
from index.speech.leads import Leads
from index.speech.lexicon import TIMES
from index.speech.names import Name
from index.speech.phrases import LONGEST, Mention
from index.speech.tokens import NUMBER, POINT, QUOTE, WORD

_APPOSING = frozenset((",", "(", "–", "—", "-", "--"))
_PAUSES = frozenset((",", ")", "–", "—", "-", "--"))
_BORDERS = frozenset((":", ";"))
_SINCE = frozenset("dopo prima fa later earlier ago".split())


class Clause(Leads):
    """A sentence asked for the subjects of its acts."""

    def before(self, act: Act) -> Mention | None:
        """The subject before an act; None where the clause names none."""
        tokens, grammar = self.tokens, self._grammar
        end = act.first
        while (
            end
            and end not in self._ends
            and (
                self._adverb(end - 1)
                or tokens[end - 1].low in grammar.auxiliaries
                or tokens[end - 1].low in grammar.skipped
            )
        ):
            end -= 1
        if not end:
            return None
        if tokens[end - 1].low in _PAUSES:
            return self._apposed(end - 1)
        start = self._clause_start(end)
        found = self._subject(start, end) if start < end else None
        opening = self._starts.get(self._border(start))
        if (
            opening is not None and opening.last < start and tokens[opening.last].low == ","
            and self._names.known_person(opening) and not self._is_person(found)
        ):  # fmt: skip
            return self._mention(opening.first, opening.last)  # an apposition that no second comma ends
        if start and tokens[start - 1].low in grammar.relative and self._lacks_subject(start, end):
            return self._antecedent(start - 1) or found
        return found

    def _lacks_subject(self, start: int, end: int) -> bool:
        """Whether a relative clause begins with its verb: ``l’esperto che ha suonato … lo ha chiamato``."""
        grammar = self._grammar
        if start == end:
            return True
        low = self.tokens[start].low
        if self.tokens[start - 1].low not in ("che", "who", "which") or start in self._starts:
            return self._timed(start, end) == end
        return (low not in grammar.determiners and low not in grammar.pronouns) or self._timed(start, end) == end

    def _border(self, at: int) -> int:
        """Where the part of the sentence that holds token `at` begins."""
        tokens = self.tokens
        while at and tokens[at - 1].kind != QUOTE and tokens[at - 1].low not in _BORDERS:
            at -= 1
        return at

    def _clause_start(self, end: int) -> int:
        tokens, grammar = self.tokens, self._grammar
        start = end
        while start:
            token = tokens[start - 1]
            if start in self._ends:
                start = self._ends[start].first
                continue
            if token.kind == QUOTE and start > 1 and tokens[start - 2].low in grammar.of:
                start -= 1  # `il conduttore di “…”`
                continue
            if token.kind == QUOTE or (token.kind == POINT and token.low not in ("&", "/", "’", "'")):
                break
            if token.low in grammar.relative or start - 1 in self._inside:
                break
            if token.low in grammar.conjunctions and not (start in self._starts and self._joins(start - 1)):
                break
            start -= 1
        return start

    def _timed(self, first: int, end: int) -> int:
        """Past the adverbs and times that begin a clause: ``poche ore dopo``."""
        tokens = self.tokens
        while first < end and first not in self._starts and (
            self._adverb(first) or self._dated(first)
            or (first and tokens[first - 1].low in TIMES and tokens[first].low in _SINCE)
        ):  # fmt: skip
            first += 1
        return first

    def _subject(self, start: int, end: int) -> Mention | None:
        """The noun phrase that ends right before the verb at `end`, in a clause that begins at `start`."""
        tokens, grammar = self.tokens, self._grammar
        if tokens[end - 1].low in grammar.pronouns and (
            end - 1 == start or tokens[end - 2].low not in grammar.prepositions
        ):
            return self._pronoun(end - 1)
        first = self._timed(start, end)
        if first < end and (
            tokens[first].low in grammar.prepositions or (tokens[first].kind == NUMBER and end - first > 6)
        ):
            run = self._ends.get(end)
            if run is not None:
                at = run.first - (run.first > first and tokens[run.first - 1].low in grammar.determiners)
                return self._mention(at, end) if at > first and tokens[at - 1].low not in grammar.governing else None
            first = next((at for at in range(first + 1, end) if self._free_article(at)), end)
        return self._mention(first, end) if 0 < end - first <= LONGEST else None

    def _apposed(self, comma: int) -> Mention | None:
        """The noun phrase before an apposition that ends at `comma`: ``Kim, leader del Paese, ha detto``.

        Only a phrase that a comma or parenthesis follows at once has an apposition.
        """
        tokens, grammar = self.tokens, self._grammar
        start = self._border(comma)
        marks = [at for at in range(start, comma + 1) if tokens[at].low in _APPOSING or at == comma]
        stops = {tokens[at - 1].end for at in marks if at > start}
        found: list[Mention] = []
        for opening in (start, *(mark + 1 for mark in marks)):
            at, first = self._past_turn(opening), opening == start
            while at < comma and tokens[at].low in grammar.conjunctions:
                at += 1
            if at >= comma or at in self._inside:
                continue
            mention = self.after(at, bare=first)
            if mention is not None and first and mention.name is None and mention.span.end not in stops:
                mention = self._described(mention, marks)
            if mention is None or mention.pronoun or mention.span.end not in stops:
                continue
            if first and mention.span.end == tokens[comma - 1].end:
                continue  # nothing stands between: `I democratici, ha detto, sono …`
            found.append(mention)
        for at in range(start + 1, comma):
            run = self._starts.get(at)
            opens = tokens[at - 1].low in grammar.relative or tokens[at - 1].low in grammar.conjunctions
            if run is not None and opens and run.span.end in stops and (clause := self._mention(run.first, run.last)):
                found.append(clause)
        persons = [mention for mention in found if self._is_person(mention)]
        named = [mention for mention in found if mention.name is not None]
        return next(iter(persons or named or found), None)

    def _described(self, mention: Mention, marks: Sequence[int]) -> Mention | None:
        """A phrase with what describes it, up to the first pause: ``two people familiar with the talks, …``."""
        tokens = self.tokens
        end = next((at for at in range(len(tokens)) if tokens[at].start >= mention.span.end), len(tokens))
        pause = next((mark for mark in marks if mark >= end), end)
        plain = tokens[end].kind == WORD and tokens[end].low in self._grammar.governing
        if not plain or not self.human(mention) or any(at in self._inside for at in range(end, pause)):
            return None
        return replace(mention, span=Span(mention.span.start, tokens[pause - 1].end))

    def _antecedent(self, relative: int) -> Mention | None:
        """The noun phrase a relative clause is about, or None where *che* and *that* only open a reported clause."""
        tokens, grammar = self.tokens, self._grammar
        end = relative - (relative > 0 and tokens[relative - 1].low == ",")
        if end and tokens[end - 1].low == ")":
            end = next((at for at in range(end - 1, -1, -1) if tokens[at].low == "("), end)  # `Tassi (FdI), che`
        if run := self._ends.get(end):
            found = self._owner(run) or self._mention(run.first, run.last)
        elif not end or end - 1 in self._inside or tokens[end - 1].kind != WORD:
            return None
        else:
            first = end - 1
            while (
                first
                and end - first < 8
                and tokens[first].low not in grammar.determiners
                and tokens[first - 1].kind == WORD
                and tokens[first - 1].low not in grammar.fused
            ):
                first -= 1
            if tokens[first - 1].low in grammar.fused and (inner := self._mention(first, end)) and self.human(inner):
                return replace(inner, aside=True)  # `la posizione del sindaco, secondo il quale`
            if tokens[first].low not in grammar.determiners:
                return None
            found = self._mention(first, end)
            run = self._ends.get(first - 1)
            if found and found.name is None and run and tokens[first - 1].low == ",":
                found = self._mention(run.first, run.last)  # `Greenpeace, un’organizzazione che si definisce …`
        return replace(found, aside=True) if found else None

    def _owner(self, run: Name) -> Mention | None:
        """Whom a name only describes: ``un funzionario della NATO``."""
        tokens, grammar = self.tokens, self._grammar
        if not run.first or tokens[run.first - 1].low not in grammar.of:
            return None
        first = run.first - 1
        while first and tokens[first].kind == WORD and tokens[first].low not in grammar.determiners:
            first -= 1
        named = self._ends.get(first)
        if tokens[first].low == "," and named is not None and self._names.known_person(named):
            return self._mention(named.first, named.last)  # `Vogel, capo economista di Commerzia, che`
        if tokens[first].low not in grammar.determiners:
            return None
        found = self._mention(first, run.last)
        return found if found is not None and self.human(found) else None

    def relative_source(self, at: int) -> Mention | None:
        """In whose view: ``Brambati, per il quale “…”``, ``la ministra, secondo cui “…”``."""
        tokens = self.tokens
        following = [token.low for token in tokens[at + 1 : at + 3]]
        if following[:1] != ["cui"] and following[1:] not in (["quale"], ["quali"]):
            return None
        found = self._antecedent(at)
        return replace(found, aside=False) if found is not None else None

    def introducer(self, place: int) -> Mention | None:
        """Who is about to speak at token `place` where no verb says so: ``Mastica amaro il tecnico, che …: «…»``."""
        tokens = self.tokens
        border = self._border(max(0, place - 1))
        for at in range(place - 1, border, -1):
            if tokens[at].low in ("che", "who") and tokens[at - 1].low == ",":
                found = self._antecedent(at)
                if found is not None and self.human(found):
                    return replace(found, aside=False)
        found = self.lead(place)
        return found if found is not None and (found.name is not None or self.human(found)) else None

    def beside(self, act: Act) -> Mention | None:
        """The noun that a gerund stands right after: ``protesters shouting``."""
        tokens, grammar = self.tokens, self._grammar
        first = act.first
        if not first or self._adverb(first - 1) or tokens[first - 1].low in grammar.auxiliaries:
            return None
        while first and act.first - first < 4 and tokens[first].low not in grammar.determiners:
            low = tokens[first - 1].low
            if tokens[first - 1].kind != WORD or first - 1 in self._inside or low in TIMES:
                break
            if low in grammar.governing or low in grammar.conjunctions:
                break
            first -= 1
        return self._mention(first, act.first) if first < act.first else None
