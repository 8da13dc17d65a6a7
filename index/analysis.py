"""From text to index terms: words with their spans, stems by language, and forms shared by all languages.

A word gives the term ``it:stem`` (stems of two languages never meet by accident); a capitalised word also gives
``=form``, and a number only that, so that names and figures match across languages. A question gives both kinds for
every word, since people type names in lower case.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import Stemmer

from index.language import ENGLISH, FUNCTION_WORDS, ITALIAN
from index.records import Span

_TOKEN = re.compile(r"\d+(?:[.,:/]\d+)*|[^\W\d_](?:[^\W\d_]|[\u0300-\u036f])*")
"""Combining accents belong to their letter, so that a decomposed text gives the terms of a composed one."""
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+")
_SNOWBALL = {
    "it": "italian",
    "en": "english",
    "fr": "french",
    "de": "german",
    "es": "spanish",
    "pt": "portuguese",
    "nl": "dutch",
    "ro": "romanian",
    "ru": "russian",
}
_STOP_WORDS = {
    # Words of both languages, or too short to tell a language by, carry no topic either.
    ITALIAN: FUNCTION_WORDS[ITALIAN]
    | {"a", "ad", "e", "ed", "i", "in", "o", "od", "su", "mi", "ti", "vi", "ho", "no", "sì"},
    ENGLISH: FUNCTION_WORDS[ENGLISH] | {"a", "i", "in", "no", "so", "me", "my", "our", "us", "am", "t", "did"},
}


@dataclass(frozen=True, slots=True)
class Word:
    """A word or number: where it stands, and its folded form."""

    span: Span
    form: str
    capitalised: bool

    @property
    def numeric(self) -> bool:
        """Whether it begins with a digit."""
        return self.form[0].isdigit()


def words(text: str) -> Iterator[Word]:
    """Words and numbers of `text` in order; apostrophes and hyphens divide words, ``10.000`` stays whole."""
    for match in _TOKEN.finditer(text):
        token = match.group()
        if token[0].isdigit():
            form = re.sub(r"[.,]", "", token) if _THOUSANDS.fullmatch(token) else token
        else:
            form = fold(token)
        yield Word(Span(*match.span()), form, token[0].isupper())


def fold(word: str) -> str:
    """Lower case without accents; compatibility forms as plain letters. The length may change: for matching only."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character)) or word


def passage_terms(text: str, language: str | None) -> list[str]:
    """The terms a passage in `language` is indexed under, in text order, with repetitions."""
    tag = language or ""
    terms = []
    for word in words(text):
        if word.numeric:
            terms.append(f"={word.form}")
        elif not is_function_word(word, text, language):
            terms.append(f"{tag}:{stem(word.span.of(text), language)}")
            if word.capitalised:
                terms.append(f"={word.form}")
    return terms


def question_terms(text: str, languages: tuple[str, ...]) -> list[str]:
    """The terms to look for, each once, for passages in any of `languages`."""
    terms: dict[str, None] = {}
    for word in words(text):
        if not word.numeric:
            if any(is_function_word(word, text, language) for language in languages):
                continue
            for language in languages:
                terms[f"{language}:{stem(word.span.of(text), language)}"] = None
        terms[f"={word.form}"] = None
    return list(terms)


def is_function_word(word: Word, text: str, language: str | None) -> bool:
    """Whether `word` carries no topic. A capitalised one does, unless it begins the text: the *Un* of Kim Jong Un."""
    if word.form not in _folded_stop_words(language or ""):
        return False
    return not word.capitalised or not text[: word.span.start].strip(" \t\r\n\"'«“‘¿¡(")


def stem(word: str, language: str | None) -> str:
    """The Snowball stem of `word`, folded; the folded word where `language` has no stemmer."""
    algorithm = _SNOWBALL.get(language or "")
    if algorithm is None:
        return fold(word)
    return fold(_stemmer(algorithm).stemWord(unicodedata.normalize("NFC", word.lower())))


@functools.cache
def _folded_stop_words(language: str) -> frozenset[str]:
    known = _STOP_WORDS.get(language) or _STOP_WORDS[ITALIAN] | _STOP_WORDS[ENGLISH]
    return frozenset(map(fold, known))


@functools.cache
def _stemmer(algorithm: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(algorithm)
