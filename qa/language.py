"""In which language a question is asked: Italian, English, or, where it is names only, perhaps either."""

from __future__ import annotations

import re

from index.language import detect_language, function_word_votes, guess_language
from qa.records import Language

_SURE = 0.7
"""Probability fastText must give a third language; right and wrong guesses on questions seen so far lie apart there."""
_BOTH = (Language.ITALIAN, Language.ENGLISH)
_WORD = re.compile(r"[^\W\d_]+")


def question_languages(text: str) -> tuple[Language, ...]:
    """The languages `text` may be in, likelier one first: one of them, or both where it cannot be told.

    Function words in lower case decide; then how many other lower-case words simplemma knows in each language; then
    fastText's language model, kept to these two. Of names alone nothing is concluded.
    """
    votes = function_word_votes(text)
    if votes["it"] != votes["en"]:
        return (Language.ITALIAN,) if votes["it"] > votes["en"] else (Language.ENGLISH,)
    # Words of one letter are left out: simplemma knows the Italian "e" in every language.
    words = [w for place, w in enumerate(_WORD.findall(text)) if len(w) > 1 and (w.islower() or place == 0)]
    if not [word for word in words if word.islower()]:
        return _BOTH
    known = {language: sum(_is_known(word.lower(), language) for word in words) for language in _BOTH}
    if known[Language.ITALIAN] != known[Language.ENGLISH]:
        return (max(known, key=lambda language: known[language]),)
    guess = detect_language(text)
    return (Language(guess),) if guess in _BOTH else _BOTH


def is_foreign(text: str) -> str | None:
    """The code of the language `text` is in, where that is neither Italian nor English beyond doubt.

    fastText must be sure of it, and simplemma must know no more than half of the words in either language: short
    questions in Italian are easily taken for Spanish.
    """
    words = [word.lower() for place, word in enumerate(_WORD.findall(text)) if word.islower() or place == 0]
    if len(words) < 3:
        return None
    guess = guess_language(text)
    if guess is None or guess[0] in _BOTH or guess[1] < _SURE:
        return None
    known = max(sum(_is_known(word, language) for word in words) for language in _BOTH)
    return guess[0] if 2 * known <= len(words) else None


def _is_known(word: str, language: Language) -> bool:
    import simplemma

    return bool(simplemma.is_known(word, lang=language.value))
