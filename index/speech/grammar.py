"""The function words of Italian and English: what a clause is read by."""

from __future__ import annotations

from dataclasses import dataclass, field

from index.speech.lexicon import phrases_of, words_of


@dataclass(frozen=True, slots=True)
class Grammar:
    """The function words of one language.

    Attributes:
        determiners: begin a noun phrase.
        definite: of these, the ones that point to somebody known.
        fused: prepositions that hold a definite article.
        of: prepositions that continue a noun phrase.
        prepositions: any other; what follows is not a subject.
        pronouns: subjects standing for a person named before; value: ``m``, ``f`` or empty.
        relative: open a clause about the noun before.
        conjunctions: join clauses.
        auxiliaries: stand before a participle.
        passive: of these, the ones that make it passive.
        skipped: adverbs, negations and clitics between a subject and its verb.
        sources: words and phrases before a source; each is a tuple of words.
        according: the same by their first word.
        governing: any preposition.
        openers: begin a clause or its subject.
        function_words: all of them.
    """

    determiners: frozenset[str]
    definite: frozenset[str]
    fused: frozenset[str]
    of: frozenset[str]
    prepositions: frozenset[str]
    pronouns: dict[str, str]
    relative: frozenset[str]
    conjunctions: frozenset[str]
    auxiliaries: frozenset[str]
    passive: frozenset[str]
    skipped: frozenset[str]
    sources: tuple[tuple[str, ...], ...]
    according: dict[str, tuple[tuple[str, ...], ...]] = field(init=False)
    governing: frozenset[str] = field(init=False)
    openers: frozenset[str] = field(init=False)
    function_words: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        openers = self.determiners | self.conjunctions | self.relative
        governing = self.prepositions | self.of
        words = openers | governing | self.auxiliaries | self.skipped | frozenset(self.pronouns)
        firsts = {phrase[0] for phrase in self.sources}
        according = {first: tuple(phrase for phrase in self.sources if phrase[0] == first) for first in firsts}
        values = {"governing": governing, "openers": openers, "function_words": words, "according": according}
        for name, value in values.items():
            object.__setattr__(self, name, value)


MANY = words_of("i gli le questi quei these those")
"""Determiners of several."""

_ITALIAN = Grammar(
    determiners=words_of(
        "il lo la i gli le l' un uno una un' questo questa questi queste quel quello quella quei quegli quelle "
        "alcuni alcune molti molte pochi poche qualche parecchi parecchie numerosi numerose tutti altri altre suo "
        "sua suoi sue due tre quattro cinque diversi diverse ogni"
    ),
    definite=words_of("il lo la i gli le l' questo questa quel quello quella questi suo sua"),
    fused=words_of(
        "del dello della dei degli delle dell' al allo alla ai agli alle all' dal dallo dalla dai dagli dalle dall' "
        "nel nello nella nei negli nelle nell' sul sullo sulla sui sugli sulle sull'"
    ),
    of=words_of("di del dello della dei degli delle dell' d'"),
    prepositions=words_of(
        "a al allo alla ai agli alle all' ad da dal dallo dalla dai dagli dalle dall' in nel nello nella nei "
        "negli nelle nell' con col su sul sullo sulla sui sugli sulle sull' per tra fra contro durante dopo "
        "verso senza presso oltre entro fino sotto sopra dietro davanti accanto circa mediante secondo stando "
        "prima come"
    ),
    pronouns={"lui": "m", "lei": "f", "egli": "m", "ella": "f", "essa": "f", "esso": "m", "loro": "", "essi": ""},
    relative=words_of("che cui quale quali dove"),
    conjunctions=words_of("e ed ma o oppure mentre quando perché poiché se però anche né dunque quindi così infatti"),
    auxiliaries=words_of(
        "ha hanno aveva avevano avrebbe avrebbero abbia abbiano ebbe avrà avranno avesse avendo è sono era "
        "erano sarebbe sarebbero fu furono sia siano fosse viene vengono venne veniva venivano ho abbiamo s'è"
    ),
    passive=words_of("stato stata stati state viene vengono venne veniva venivano venuto fu furono"),
    skipped=words_of(
        "non si lo la li le gli ne mi ci vi ti se già mai più poi ancora anche infine inoltre invece intanto "
        "quindi però dunque ieri oggi allora sempre spesso subito tuttavia inizialmente successivamente "
        "recentemente finalmente ufficialmente pubblicamente persino addirittura ripetutamente chiaramente "
        "apertamente pure nuovamente adesso ora stesso stessa solo così voluto tenuto ritenuto dovuto potuto "
        "fatto reso sua volta poco fa stamattina stamani chiaro recente ulteriormente esplicitamente l' m' s' "
        "c'"
    ),
    sources=phrases_of(
        "secondo, stando a, stando al, stando alla, stando ai, stando alle, stando all', a giudizio di, a giudizio "
        "del, a giudizio della, a parere di, a detta di, a detta del, a detta della, a dire di, ad avviso di, "
        "parola di, parole di, parole del, parole della, così, per"
    ),
)
_ENGLISH = Grammar(
    determiners=words_of(
        "the a an this that these those his her its their some many several most other another two three four "
        "five every each both all any my our your one"
    ),
    definite=words_of("the this that his her its their"),
    fused=frozenset(),
    of=words_of("of 's for"),
    prepositions=words_of(
        "in at on to with from by about after before during against over under between among into through "
        "without within since until towards toward near outside inside across behind despite via as than like "
        "amid upon per following including"
    ),
    pronouns={"he": "m", "she": "f", "they": "", "it": "n", "we": "", "i": "", "who": ""},
    relative=words_of("who whom whose which that where what"),
    conjunctions=words_of("and but or while when because although though if so as whether yet nor"),
    auxiliaries=words_of(
        "has have had is was are were be been being will would could may might can should did does do having"
    ),
    passive=words_of("is was are were been be being gets got"),
    skipped=words_of(
        "also has have had not n't never later then recently already previously earlier once again still even "
        "often just now always repeatedly publicly openly angrily simply further additionally today yesterday "
        "monday tuesday wednesday thursday friday saturday sunday is was were been will would could did to be "
        "reportedly allegedly initially finally subsequently famously jokingly specifically clearly only both "
        "all on last week month year immediately quickly quietly strongly firmly explicitly"
    ),
    sources=phrases_of("according to, in the words of, words of, for"),
)


def grammar(language: str) -> Grammar:
    """The function words of ``it`` or ``en``."""
    return _ITALIAN if language == "it" else _ENGLISH
