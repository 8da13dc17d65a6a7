"""Names for the same office or deed that are not one person's: *il sindaco Mario Rossi*, *Luigi Bianchi, mayor of …*.

An office's name is the one that stands right beside it, with what the question says of it in the same breath; a deed's
is its subject, or whom it was done by. Former, future and acting holders are left out, and spellings of one name are
one (:func:`index.speech.join`).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.analysis import passage_terms, words
from index.language import ENGLISH, ITALIAN
from index.records import Article, Span
from index.speech import join
from index.speech.grammar import grammar
from index.speech.lexicon import BODIES, PLACES
from index.speech.marks import pair
from index.speech.names import Name, is_outlet, names_in, parts
from index.speech.tokens import sentences as lines_of
from index.speech.verbs import verbs
from qa.acts import Asked, act, asked, by_one, office
from qa.claims import days_of, names_of
from qa.records import Claim, Disagreement, Matter, Question, Quote
from qa.statements import Ground, opening, part

_ASKING = frozenset("chi nome nomi chiama who whose whom name names divergono discordanti differ disagree".split())
_NOT_NOW = frozenset(
    "ex former formerly already gia allora then late defunto defunta compianto vice deputy acting futuro futura future "
    "neo nuovo nuova new uscente outgoing interim candidato candidata candidate designato elect designate predecessore "
    "predecessor predecessora successore successor aspirante shadow ombra altro altra another non not".split()
)
_JOINS = re.compile(
    r"\s*(?:,\s*(?:l['’]\s*|(?:il|la|lo|the|a|un|una)\s+)?|(?:è|is)\s+(?:l['’]\s*|(?:il|la|lo|the)\s+)?)?",
    re.IGNORECASE,
)
"""What stands between a name and the office after it: ``, `` or *è il*."""
_COMPLEMENT = re.compile(r"(?:\s+[\w'’.-]+){0,7}?(?:\s*,)?\s*")
"""What stands between an office and the name after it: *di Arona,*; no verb is told apart, so few words."""
_VERB = frozenset(
    "ha hanno aveva è era fu che ed e and has had was is who which said says disse detto incontrato con with to a per "
    "dal dalla by from insieme al against contro".split()
)
_BEING = frozenset("è era fu stato stata venne viene was were been is be being".split())
_BY = re.compile(r"^(?:\s+[\w'’]+){0,4}?\s+(?:da|dal|dalla|dall['’]|by)\s*$", re.IGNORECASE)
_HAVING = re.compile(r"^\s*(?:(?:ha|hanno|aveva|ebbe|has|had)\s+)?(?:[\w'’]+mente\s+)?$", re.IGNORECASE)
_PASSED = re.compile(r"^\s*(?:(?:è|era|fu|sarebbe|venne|was|is|has|had|been|stato|stata)\s+){1,3}$", re.IGNORECASE)
_FULL = 2
"""Words of a name that is surely a person's."""
_TENURE = 183
"""Days between two articles from which on an office may have changed hands."""
_CLAUSE = re.compile(r"[,;:.()\n]")
_GOVERNING = grammar(ITALIAN).governing | grammar(ENGLISH).governing


@dataclass(frozen=True, slots=True)
class Named:
    """A name that an article gives for an office or a deed.

    Attributes:
        about: the word for the office or the deed.
        thing: the office, or the deed by the lexicon's name.
        places: names that say where.
        days: years and months the sentence names.
    """

    article: Article
    sentence: Span
    span: Span
    about: Span
    thing: str
    places: frozenset[str]
    days: frozenset[str]

    @property
    def name(self) -> str:
        """The words."""
        return self.span.of(self.article.text)


def differing_names(question: Question, ground: Ground) -> list[Disagreement]:
    """The disagreements about the name asked for, in the order of the citations; claims have no authority yet."""
    wanted = asked(question, _ASKING)
    if wanted is None or not (wanted.offices or any(map(by_one, wanted.acts))):
        return []
    reader = _Reader(question, wanted)
    anchors = ground.cited(reader.names)
    known = ground.all(reader.names) if anchors else []
    found = []
    for anchor in anchors:
        group = [named for named in known if named == anchor or _same_thing(anchor, named)]
        unsure = {
            one.article.id
            for one in group
            for other in group
            if one.article.id == other.article.id and _differs(one, other)
        }
        group = [named for named in group if named.article.id not in unsure]
        if anchor in group and any(_differs(anchor, other) for other in group):
            found.append(_disagreement(anchor, group))
    return found


class _Reader:
    """Reads sentences for the names a question asks for."""

    def __init__(self, question: Question, wanted: Asked) -> None:
        text = question.searched
        self._wanted = wanted
        self._found: dict[str, list[Name]] = {}
        found = [word.form for word in words(text)]
        self._undergone = not _BEING.isdisjoint(found) and {"da", "by"}.isdisjoint(found)

    def names(self, sentence: Quote) -> Iterator[Named]:
        """The persons a sentence names for the office or the deed."""
        article, text, start = sentence.article, sentence.article.text, sentence.span.start
        terms = frozenset(passage_terms(sentence.text, article.language))
        found = list(words(sentence.text))
        for place, word in enumerate(found):
            thing = office(word.form) if office(word.form) in self._wanted.offices else act(word.form)
            near = {other.form for other in found[max(0, place - 3) : place + 2]}
            if thing is None or near & _NOT_NOW:
                continue
            about = Span(start + word.span.start, start + word.span.end)
            people = [name for name in self._people(article) if sentence.span.covers(name.span)]
            if thing in self._wanted.offices:
                name = self._holder(article, about, people, sentence.span)
            elif thing in self._wanted.acts and by_one(thing) and self._wanted.held(terms, opening(article)):
                name = self._doer(text, about, people)
            else:
                name = None
            if name is not None and not self._is_asked(name, article.language):
                _, places, _ = names_of(text, sentence.span, article.language)
                days = days_of(text, sentence.span)
                yield Named(article, sentence.span, name.span, about, thing, places, days)

    def _people(self, article: Article) -> list[Name]:
        """The names in an article that may be a person's."""
        if article.id not in self._found:
            language = article.language if article.language in (ITALIAN, ENGLISH) else ITALIAN
            rules, known = grammar(language), verbs(language)
            excluded = [exclusion.span for exclusion in article.exclusions]
            quoted = [found.outer for found in pair(article.text)]
            lines = lines_of(article.text, quoted, excluded, known, elides=language == ITALIAN)
            self._found[article.id] = [name for name in names_in(article.text, lines, rules) if _is_person(name)]
        return self._found[article.id]

    def _holder(self, article: Article, about: Span, people: Sequence[Name], sentence: Span) -> Name | None:
        """Who holds the office at `about`: the name right before or after it, with what the question says beside it."""
        text = article.text
        for name in people:
            if name.span.end <= about.start and _JOINS.fullmatch(text, name.span.end, about.start):
                ends = _CLAUSE.search(text, about.end, sentence.end)
                window = Span(name.span.start, sentence.end if ends is None else ends.start())
            elif about.end <= name.span.start and self._leads(text, about, name):
                window = Span(about.start, name.span.end)
            else:
                continue
            terms = frozenset(passage_terms(window.of(text), article.language))
            if all(key.terms & terms for key in self._wanted.keys):
                return name
        return None

    @staticmethod
    def _leads(text: str, about: Span, name: Name) -> bool:
        """Whether nothing but what the office is of stands between it and a name that no preposition governs."""
        between = Span(about.end, name.span.start).of(text)
        forms = [word.form for word in words(between)]
        governed = between.rstrip(" '’").lower().split()[-1:]
        return (
            _COMPLEMENT.fullmatch(between) is not None
            and not (_VERB & set(forms))
            and not any(map(office, forms))
            and not (governed and governed[0] in _GOVERNING)
        )

    def _doer(self, text: str, about: Span, people: Sequence[Name]) -> Name | None:
        """Who did it; of a question in the passive to whom it was done. One word may be an office's: *della Sanità*."""
        for name in people:
            if len(name.key) < _FULL:
                continue
            before, after = text[name.span.end : about.start], text[about.end : name.span.start]
            if name.span.end <= about.start and (_PASSED if self._undergone else _HAVING).fullmatch(before):
                return name
            if about.end <= name.span.start and not self._undergone and _BY.fullmatch(after):
                return name
        return None

    def _is_asked(self, name: Name, language: str | None) -> bool:
        terms = set(passage_terms(name.whole, language))
        return any(key.terms & terms for key in self._wanted.keys)


def _is_person(name: Name) -> bool:
    bodily = any(part in BODIES or part in PLACES for part in name.key)
    return not bodily and not is_outlet(name) and not (name.whole.isupper() and len(name.key) == 1)


def _same_thing(one: Named, other: Named) -> bool:
    """Whether two names are for one office or deed: the same word for it, in the same time and place."""
    if one.thing != other.thing or part(one.places, other.places) or part(one.days, other.days):
        return False
    if one.article.published is None or other.article.published is None:
        return True
    days = [datetime.date.fromisoformat(named.article.published[:10]) for named in (one, other)]  # type: ignore[index]
    return abs((days[0] - days[1]).days) <= _TENURE


def _differs(one: Named, other: Named) -> bool:
    """Whether two names cannot be one person's: neither holds the other, and no spelling joins them."""
    first, second = (parts(named.name) for named in (one, other))
    if set(first) <= set(second) or set(second) <= set(first):
        return False
    return len(join([one.name, other.name])) > 1 and len(join([first[-1], second[-1]])) > 1


def _disagreement(anchor: Named, group: Sequence[Named]) -> Disagreement:
    """Of each article the first place for each name."""
    claims: dict[tuple[str, tuple[str, ...]], Claim] = {}
    for named in group:
        claim = Claim(Quote(named.article, named.span), Quote(named.article, named.sentence), None)
        claims.setdefault((named.article.id, parts(named.name)), claim)
    return Disagreement(Matter.NAMES, (Quote(anchor.article, anchor.about),), tuple(claims.values()))
