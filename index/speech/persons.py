"""Who is who in an article: persons, all the forms of their names, and the offices they hold."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from index.speech.given import GIVEN
from index.speech.grammar import MANY, Grammar
from index.speech.lexicon import BODIES, PLACES, TITLES
from index.speech.names import Finder, Name, folded, gender, is_outlet, parts, titled
from index.speech.offices import is_role, office_keys
from index.speech.tokens import NUMBER, WORD, Sentence, Token
from index.speech.verbs import Sense, Verb

_NATIONS = {
    "nordcorean": "corea", "sudcorean": "corea", "statunitens": "uniti", "american": "uniti", "tedesc": "germania",
    "frances": "francia", "britannic": "unito", "ingles": "inghilterra", "russ": "russia", "ucrain": "ucraina",
    "italian": "italia", "cines": "cina", "turc": "turchia", "spagnol": "spagna",
}  # fmt: skip
"""Adjectives whose country begins with other letters or is named in several words."""


@dataclass(slots=True)
class _Person:
    key: tuple[str, ...]
    places: list[int] = field(default_factory=list)
    forms: Counter[str] = field(default_factory=Counter)
    offices: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    age: str = ""


class Names:
    """All the names of one article, by sentence, and the persons among them."""

    def __init__(
        self, finder: Finder, sentences: Sequence[Sentence], grammar: Grammar, verbs: Mapping[str, Verb]
    ) -> None:
        self._grammar = grammar
        self._verbs = verbs
        self._runs = [list(finder.find(sentence.tokens)) for sentence in sentences]
        self._persons: dict[tuple[str, ...], _Person] = {}
        self._holders: dict[str, list[_Person]] = defaultdict(list)
        self._index(sentences)
        self._by_part: dict[str, list[_Person]] = defaultdict(list)
        for person in self._persons.values():
            for part in set(person.key):
                self._by_part[part].append(person)
            for role in person.offices:
                self._holders[role].append(person)
        self._fullest: dict[tuple[str, ...], str] = {}

    @cached_property
    def hero(self) -> str | None:
        """The protagonist where no other person is named half as often."""
        named = sorted(self._named().values(), reverse=True)
        alone = len(named) > 0 and named[0] > 2 and (len(named) == 1 or named[0] > 2 * named[1])
        return self.protagonist if alone else None

    def _named(self) -> Counter[str]:
        """How often each person is named."""
        named: Counter[str] = Counter()
        for key, person in self._persons.items():
            if name := self.person(key):
                named[name] += len(person.places)
        return named

    @cached_property
    def protagonist(self) -> str | None:
        """Whom the article names most often, the first of several."""
        return max(named, key=named.__getitem__, default=None) if (named := self._named()) else None

    def of(self, number: int) -> list[Name]:
        """The names in sentence `number`, in order."""
        return self._runs[number]

    def _index(self, sentences: Sequence[Sentence]) -> None:
        alone = Counter(name.key[0] for runs in self._runs for name in runs if len(name.key) == 1)
        for sentence, runs in zip(sentences, self._runs, strict=True):
            if titled(sentence.tokens):
                continue
            for name in runs:
                if self._is_person(name, sentence.tokens, alone):
                    person = self._persons.setdefault(name.key, _Person(name.key))
                    person.places.append(name.span.start)
                    person.forms[name.whole] += 1
                    self._note_offices(person, name, sentence.tokens)

    def _is_person(self, name: Name, tokens: Sequence[Token], alone: Mapping[str, int]) -> bool:
        """Whether a name is a person's: by given name, age, office, a verb of saying, or its parts used alone."""
        first = name.key[0] in GIVEN and len(name.key) > 1  # *Bill*, *Florence*
        if len(name.key) > 5 or is_outlet(name) or any(part in BODIES or part in PLACES for part in name.key[first:]):
            return False
        after = tokens[name.last : name.last + 3]
        if name.key[0] in GIVEN or (len(after) > 1 and after[0].low in (",", "(") and after[1].kind == NUMBER):
            return True
        described = len(after) > 1 and after[0].low == "," and after[1].low == "who" and len(name.key) > 1
        if described or self._in_office(name, tokens):
            return True
        if len(name.key) > 1:
            return alone[name.key[-1]] > 0 or alone[name.key[0]] > 0
        before = tokens[name.first - 1] if name.first else None
        opens = before is None or before.kind != WORD or before.low in self._grammar.openers
        if after and after[0].low not in self._verbs and after[0].low not in self._grammar.function_words:
            return False
        return opens and any((verb := self._verbs.get(token.low)) and verb.sense is Sense.SAY for token in after[:2])

    def _in_office(self, name: Name, tokens: Sequence[Token]) -> bool:
        if not name.first:
            return False
        before = tokens[name.first - 1]
        if before.low == "," and name.first > 1 and len(name.key) > 1 and is_role(tokens[name.first - 2].low):
            return True
        if before.low in TITLES or is_role(before.low):
            return True
        joined = before.kind != WORD or before.low in self._grammar.governing
        return (
            not joined
            and len(name.key) > 1
            and any(is_role(token.low) for token in tokens[max(0, name.first - 3) : name.first])
        )

    def _note_offices(self, person: _Person, name: Name, tokens: Sequence[Token]) -> None:
        """Note the age and the offices that stand before the name or in apposition after it."""
        after_name = tokens[name.last : name.last + 2]
        if len(after_name) > 1 and after_name[0].low in (",", "(") and after_name[1].kind == NUMBER:
            person.age = _digits(after_name[1].low)
        before: list[str] = []
        for token in reversed(tokens[max(0, name.first - 9) : name.first]):
            if token.kind != WORD and (token.low != "," or before):
                break
            before.append(token.low)
        after: list[str] = []
        for place, token in enumerate(tokens[name.last : name.last + 9]):
            if (token.low != ",") if place == 0 else (token.kind != WORD or token.low in self._grammar.relative):
                break
            after.append(token.low)
        if not MANY.isdisjoint(before[:2]):
            before = []  # `per i pm | Fumagalli`
        for words in (before[::-1], after):
            for office in office_keys(words):
                person.offices[office].update(word for word in words if len(word) > 2)

    def _holding(self, key: Sequence[str]) -> Sequence[_Person]:
        """The persons whose names hold the rarest word of `key`."""
        return min((self._by_part.get(part, ()) for part in key), key=len, default=())

    def person(self, key: Sequence[str], at: int | None = None) -> str | None:
        """The fullest name of the person a form stands for.

        Of several, a full name wins over a short one, then the one named most often before `at`, then the nearest.
        """
        wanted = set(key)
        best: tuple[tuple[bool, bool, int, int], _Person] | None = None
        for person in self._holding(key):
            whole = person.key
            if not wanted <= set(whole) or (len(key) == 1 < len(whole) and key[0] not in (whole[0], *whole[-2:])):
                continue
            earlier = len(person.places) if at is None else bisect_right(person.places, at)
            rank = (whole == tuple(key) and len(key) > 1, len(whole) > 1, earlier, person.places[max(0, earlier - 1)])
            if best is None or rank > best[0]:
                best = rank, person
        return self._name(best[1]) if best else None

    def _name(self, person: _Person) -> str:
        """The form most words long, then most frequent, then first, of all that hold the same words."""
        name = self._fullest.get(person.key)
        if name is None:
            wanted = set(person.key)
            forms = [
                (len(other.key), count, -other.places[0], form)
                for other in self._holding(person.key)
                if wanted <= set(other.key) and (other.key[-1] == person.key[-1] or other.key[0] == person.key[0])
                for form, count in other.forms.items()
            ]
            name = self._fullest[person.key] = max(forms)[3]
        return name

    def holder(self, words: Sequence[str], at: int, wanted: str) -> str | None:
        """The person who holds the office `words` describe (``il leader nordcoreano``), where the article says so.

        `wanted` is the gender that the words show, empty where they show none.
        """
        offices = office_keys(words)
        rest = {
            _stem(word)
            for word in words
            if not is_role(word) and word not in self._grammar.function_words and len(word) > 3
        }
        rest |= {_stem(place) for stem in rest for adjective, place in _NATIONS.items() if adjective.startswith(stem)}
        best: tuple[tuple[int, int], _Person] | None = None
        for office in sorted(offices):
            for person in self._holders.get(office, ()):
                described = person.offices[office]
                shared = len(rest & {_stem(word) for word in described})
                other = rest and not shared and (len(described) > 1 or office not in words)
                if other or not _agree(wanted, gender(person.key)):
                    continue
                earlier = bisect_right(person.places, at)
                rank = (shared, person.places[earlier - 1] if earlier else -1)
                if best is None or rank > best[0]:
                    best = rank, person
        return self._name(best[1]) if best else None

    def in_office(self, name: str) -> bool:
        """Whether the article gives a person an office."""
        key = set(parts(name))
        return any(person.offices for person in self._holding(parts(name)) if set(person.key) == key)

    def may_be(self, name: str, words: Sequence[str]) -> bool:
        """Whether a person can be meant by an age or office he or she is not given elsewhere in the article.

        Not where the article gives another age, or only offices of other kinds.
        """
        key = parts(name)
        persons = [person for person in self._holding(key) if set(key) == set(person.key)]
        ages = {_digits(word) for word in words if word[:1].isdigit()}
        if any(person.age and ages and person.age not in ages for person in persons):
            return False
        wanted = {office for office in office_keys(words) if office.isdigit()}
        held = {office for person in persons for office in person.offices if office.isdigit()}
        return not wanted or not held or bool(wanted & held)

    def personal(self, name: Name) -> bool:
        """Whether a name looks like a person's full name."""
        if not 1 < len(name.key) < 5 or is_outlet(name):
            return False
        return not any(part in BODIES or part in PLACES for part in name.key)

    def known_person(self, name: Name) -> bool:
        """Whether a name is a person's in this article."""
        if name.key in self._persons or (len(name.key) == 1 and self.person(name.key) is not None):
            return True
        return any(person.key[-len(name.key) :] == name.key for person in self._holding(name.key))


def _agree(one: str, other: str) -> bool:
    """Whether two genders can be one person's."""
    return not one or not other or one == other


def _digits(word: str) -> str:
    """The number a word begins with: ``34`` of ``34enne``."""
    return "".join(itertools.takewhile(str.isdigit, word))


def _stem(word: str) -> str:
    return folded(word)[:5]
