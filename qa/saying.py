"""Questions that ask what somebody said: who that is, so that his or her own words come first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from index.analysis import Word, words
from index.archive import Archive
from index.records import DirectQuote, Span
from index.speech import Speaker
from index.speech.verbs import Sense, verbs
from qa.records import Question

_NOUNS = frozenset(
    "parole parola dichiarazione dichiarazioni frase frasi discorso commento commenti risposta citazione citazioni "
    "opinione detta giudizio words word statement statements quote quotes speech comment comments remarks opinion view "
    "reply".split()
)
_FURTHER = frozenset(
    "definisce definito definita definì chiama chiamato chiamò descrive descritto ringraziato ringrazia promesso "
    "promette replicato risposto esortato raccomandato commentato parlato pensa called call describe described thank "
    "thanked promise promised pledge pledged urge urged speak spoke talk talked think".split()
)
_OTHERS = frozenset("a al alla allo agli ai to with con".split())
_ACCORDING = frozenset(("secondo", "according"))
_BEHIND = 4
"""Words from *secondo* or *according* on among which the name must stand."""
_SHORT = 3
"""Letters: a shorter word alone names nobody."""


@dataclass(frozen=True, slots=True)
class Saying:
    """Whose direct speech a question asks for.

    Attributes:
        forms: the speaker's spellings in the archive.
        quotes: his or her direct speech, by article.
    """

    forms: frozenset[str]
    quotes: dict[str, tuple[Span, ...]]

    def speaks(self, article_id: str, span: Span) -> bool:
        """Whether his or her words stand in `span` of an article."""
        return any(span.overlaps(said) for said in self.quotes.get(article_id, ()))


def asked_speaker(archive: Archive, question: Question, articles: Iterable[str]) -> Saying | None:
    """The speaker whose words `question` asks for, and where in `articles` he or she speaks.

    None where it asks for no words, or of nobody who speaks in the archive.

    It asks for words when it has a verb or noun of saying. The speaker is the first one named in it; a name behind *a*,
    *to* or *with* is whom he or she speaks to.
    """
    text = question.searched
    found = list(words(text))
    according = next((place for place, word in enumerate(found) if word.form in _ACCORDING), None)
    asks = any(_of_saying(word.span.of(text), question.sources) for word in found)
    if not asks and according is None:
        return None
    known = archive.speakers_by_word
    places = range(len(found)) if asks or according is None else range(according, min(len(found), according + _BEHIND))
    speaking = [place for place in places if not place or found[place - 1].form not in _OTHERS]
    forms = next((forms for place in speaking if (forms := _named(found, place, known, text))), None)
    if forms is None:
        return None
    return Saying(forms, _spoken(archive.store.direct_quotes(articles), forms))


def _of_saying(word: str, languages: Iterable[str]) -> bool:
    low = word.lower()
    if low in _NOUNS or low in _FURTHER:
        return True
    return any((verb := verbs(language).get(low)) is not None and verb.sense is Sense.SAY for language in languages)


def _named(
    found: Sequence[Word], place: int, known: Mapping[str, Sequence[tuple[Speaker, frozenset[str]]]], text: str
) -> frozenset[str]:
    """The spellings of the speakers whose name holds the capitalised word at `place`, and the next one if that fits.

    Bodies and states are named by a word of theirs as well, as *Pyongyang*; a word of several speakers is all of them.
    """
    word = found[place]
    if not word.capitalised or len(word.form) < _SHORT or (place == 0 and _of_saying(word.span.of(text), ("it", "en"))):
        return frozenset()
    fitting = known.get(word.form, ())
    if place + 1 < len(found) and found[place + 1].capitalised:
        fitting = [one for one in fitting if found[place + 1].form in one[1]] or fitting
    return frozenset(form for speaker, _ in fitting for form in speaker.forms)


def _spoken(quotes: Iterable[DirectQuote], forms: frozenset[str]) -> dict[str, tuple[Span, ...]]:
    spoken: dict[str, list[Span]] = {}
    for quote in quotes:
        if quote.speaker in forms:
            spoken.setdefault(quote.article_id, []).append(quote.span)
    return {article: tuple(spans) for article, spans in spoken.items()}
