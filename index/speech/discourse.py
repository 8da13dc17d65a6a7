"""Who is meant: names in full, offices, pronouns and subjects left out, by what the article said before."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from index.speech.clauses import Clause
from index.speech.given import GIVEN
from index.speech.grammar import MANY, Grammar
from index.speech.lexicon import BODIES, PLACES
from index.speech.names import gender, is_outlet, parts
from index.speech.offices import BESTOWED, KIN, ROLES, is_demonym, is_role, two_word_office
from index.speech.persons import Names
from index.speech.phrases import Mention
from index.speech.subjects import subject
from index.speech.verbs import Sense

_LOOKBACK = 8
"""Sentences an unnamed speaker is looked for in."""
_DEEPEST = 2
"""How far an epithet may be taken up by another: whom *the baker* means may hang on whom *the captain* means."""
_SOMEBODY = "person"
"""In place of a gender: a person, described and not named."""
_THING = "n"
"""The gender of a body: *it*."""
_GENDERS = {"il": "m", "lo": "m", "la": "f"}
_OWNED = frozenset("suo sua suoi sue loro his her its their my our your".split())
_CAPITAL = re.compile(r"[^\W\d_a-zà-ÿ]\w+")
_BREAK = re.compile(r"[\s’']+")


class Discourse:
    """The speakers of one article so far, and whom the next mention means."""

    def __init__(self, text: str, clause: Callable[[int], Clause], names: Names, grammar: Grammar) -> None:
        self._text = text
        self._clause = clause
        self._names = names
        self._grammar = grammar
        self._spoke: dict[int, str] = {}
        self._depth = 0
        self._bodies: dict[str, list[tuple[tuple[str, ...], str]]] = {}

    def note(self, number: int, speaker: str) -> None:
        """Remember who spoke last in sentence `number`."""
        self._spoke[number] = speaker

    def resolved(self, number: int, mention: Mention) -> str:
        """The fullest name for what a mention in sentence `number` points to."""
        if mention.name is not None:
            return self._named(mention)
        if mention.definite and mention.words[0] not in MANY:
            shown = _GENDERS.get(mention.words[0], "")
            if holder := self._names.holder(mention.words, mention.span.start, shown):
                return holder
            somebody = None
            if self._depth < _DEEPEST and self._is_epithet(mention):
                self._depth += 1
                somebody = self._meant(number, shown or _SOMEBODY, mention.words)
                self._depth -= 1
            if somebody is not None:
                return somebody
        return self._body(mention.span.of(self._text))

    def is_unnamed(self, speaker: str) -> bool:
        """Whether a speaker is one person by office only: ``il costruttore``."""
        words = _BREAK.split(speaker.lower())
        known = self._names.person(parts(speaker)) is not None
        return not known and words[0] not in MANY and any(is_role(word) for word in words)

    def may_mean(self, phrase: str, name: str) -> bool:
        """Whether a speaker not named can be a person who is."""
        words = tuple(_BREAK.split(phrase.lower()))
        return BESTOWED.isdisjoint(words) and self._fits(name, _GENDERS.get(words[0], _SOMEBODY), words)

    def _meant(self, number: int, wanted: str, words: Sequence[str]) -> str | None:
        """Whom an epithet takes up: somebody recent; for an office one of at most two persons who have spoken."""
        if BESTOWED.isdisjoint(words):
            near = (self._subject_of(back, wanted, words) for back in (number, number - 1) if back >= 0)
            if found := next(filter(None, near), None):
                return found
            hero = self._names.hero
            return hero if hero and self._fits(hero, wanted, words) else self.recent(number, wanted, words)
        persons = [name for name in dict.fromkeys(reversed(self._spoke.values())) if self._fits(name, _SOMEBODY, ())]
        if len(persons) > 2:
            return None
        free = (name for name in persons if not self._names.in_office(name) and self._fits(name, wanted, words))
        return next(free, None)

    def _named(self, mention: Mention) -> str:
        name = mention.name
        assert name is not None
        if is_outlet(name):
            return name.whole
        if full := self._names.person(name.key, mention.span.start):
            return full
        last = mention.words[-1]
        if mention.span == name.span or parts(last)[-1:] != name.key[-1:]:
            return self._body(name.whole)
        described = [word for word in mention.words[: name.first - name.last] if word not in self._grammar.determiners]
        woman = mention.words[0] == "la" and len(name.key) == 1 and name.key[0] not in PLACES | BODIES
        if described or woman or name.key[0] in GIVEN:
            return name.whole
        return self._body(mention.span.of(self._text))

    def _is_epithet(self, mention: Mention) -> bool:
        """Whether a phrase takes up one person named before: ``the captain``, ``il 24enne``, ``lo stesso ministro``."""
        words = mention.words
        if len(words) == 2 and is_demonym(words[1]):
            return True
        if words[0] in MANY or (any(word in self._grammar.of for word in words[1:]) and not two_word_office(words)):
            return False
        if not any(is_role(word) or word.endswith(("enne", "year-old")) for word in words):
            return False
        if not _OWNED.isdisjoint(words[:2]):
            return False
        return two_word_office(words) is not None or all(
            word.lower() in ROLES for word in _CAPITAL.findall(mention.span.of(self._text), 1)
        )

    def _body(self, whole: str) -> str:
        """A body by the first longer form that begins with this one, of those that have spoken before."""
        key = tuple(part for part in parts(whole) if part not in self._grammar.determiners)
        if not key:
            return whole
        known = self._bodies.setdefault(key[0], [])
        for longer, form in known:
            if len(longer) > len(key) and longer[: len(key)] == key and len(key[0]) > 3:
                return form
        if len(known) < 20 and all(longer != key for longer, _ in known):
            known.append((key, whole))
        return whole

    def recent(self, number: int, wanted: str = "", words: Sequence[str] = ()) -> str | None:
        """The last speaker or subject before the end of sentence `number`.

        `wanted` is the gender of the pronoun that stands for him or her, empty where there is none; `words` are what he
        or she is called instead of a name.
        """
        if number in self._spoke and self._fits(self._spoke[number], wanted, words):
            return self._spoke[number]
        earlier = range(number - 1, max(-1, number - 1 - _LOOKBACK), -1)
        for back in earlier:
            found = self._subject_of(back, wanted, words)
            if found is None and back == number - 1:
                found = self._owner(back, wanted, words)
            if found is not None:
                return found
        for back in earlier:
            for run in self._names.of(back):
                name = self._names.person(run.key, run.span.start) if self._names.known_person(run) else None
                if name is not None and self._fits(name, wanted, words):
                    return name
        return None

    def _owner(self, number: int, wanted: str, words: Sequence[str]) -> str | None:
        """The one person that a sentence names, as part of its subject: ``Il voto di Graham è scontato.``"""
        runs = [run for run in self._names.of(number) if self._names.known_person(run)]
        clause = self._clause(number)
        lead = clause.lead(len(clause.tokens)) if len(runs) == 1 else None
        if lead is None or lead.name is not None or not lead.span.covers(runs[0].span):
            return None
        name = self._names.person(runs[0].key, runs[0].span.start)
        return name if name is not None and self._fits(name, wanted, words) else None

    def _subject_of(self, number: int, wanted: str, words: Sequence[str]) -> str | None:
        """Who spoke in a sentence, or else its subject, or else the subject of an act of saying in it."""
        if number in self._spoke and self._fits(self._spoke[number], wanted, words):
            return self._spoke[number]
        clause = self._clause(number)
        lead = clause.lead(len(clause.tokens))
        if lead is not None and (
            clause.names_person(lead)
            or (wanted == _THING and not lead.pronoun)
            or (not wanted and self._points(lead) and clause.human(lead))
        ):
            name = self.resolved(number, lead)
            if self._fits(name, wanted, words):
                return name
        for act in reversed(clause.acts):
            mention = None if act.passive or act.bound else subject(clause, act, self._grammar)
            if (
                mention is None
                or mention.pronoun
                or mention.aside
                or (mention.name is None and act.sense is not Sense.SAY)
            ):
                continue
            name = self.resolved(number, mention)
            if self._fits(name, wanted, words):
                return name
        return None

    def _points(self, mention: Mention) -> bool:
        """Whether a phrase points to one person known: *il ministro*, not *suo marito*."""
        one = mention.definite and not mention.pronoun and mention.words[0] not in MANY
        return one and _OWNED.isdisjoint(mention.words[:2]) and KIN.isdisjoint(mention.words)

    def _fits(self, name: str, wanted: str, words: Sequence[str]) -> bool:
        """Whether a pronoun of gender `wanted`, or a phrase of `words`, can stand for `name`."""
        if not wanted:
            return True
        key = parts(name)
        known = bool(key) and self._names.person(key) is not None
        if words and not (known and self._names.may_be(name, words)):
            return False
        if wanted == _SOMEBODY:
            return known
        office = any(is_role(word) for word in _BREAK.split(name.lower()))
        if wanted == _THING:
            return not known and not office
        if office:
            return True
        return known and gender(key) in ("", wanted)
