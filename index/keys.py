"""From a question to what is looked for: for each of its words, the terms that stand for it in any language."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from index.analysis import LANGUAGES, Word, figure_term, is_figure, is_function_word, is_thousand, term, words
from index.lexicon import counterparts, guesses, kin


@dataclass(frozen=True, slots=True)
class Key:
    """A word of a question.

    Attributes:
        named: whether it is a number, or written as a name.
        terms: any of them in a text means that the text holds the word, or its translation.
    """

    named: bool
    terms: frozenset[str]


@functools.lru_cache(maxsize=64)
def question_keys(text: str, languages: tuple[str, ...]) -> tuple[Key, ...]:
    """The words of a question asked in any of `languages`, each once, in order; function words are left out."""
    keys: dict[frozenset[str], Key] = {}
    found = list(words(text))
    for place, word in enumerate(found):
        if is_figure(word):
            terms = frozenset({figure_term(word, found[place + 1] if place + 1 < len(found) else None)})
            keys.setdefault(terms, Key(True, terms))
        elif place and found[place - 1].numeric and is_thousand(word):
            continue
        elif not any(is_function_word(word, text, language) for language in languages):
            terms = frozenset(_terms(word, text, languages))
            keys.setdefault(terms, Key(word.capitalised, terms))
    return tuple(keys.values())


def _terms(word: Word, text: str, languages: tuple[str, ...]) -> set[str]:
    """A name is itself in all languages; of other words one looks like itself only where the lexicon has none."""
    own = word.span.of(text)
    terms = {f"={word.form}", *(term(own, language) for language in LANGUAGES)}
    for language in languages:
        terms |= kin(own, language)
        for target in set(LANGUAGES) - {language}:
            known = counterparts(own, language, target)
            terms |= known
            if not known and not (word.capitalised and word.span.start > 0):
                terms |= guesses(own, language, target)
    return terms
