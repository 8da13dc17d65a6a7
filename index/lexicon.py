"""What an Italian word may be in English, and the other way round: an everyday lexicon, and word endings in common.

The lexicon (``lexicon.tsv``, 1,300 lines written for this program) holds peoples, cities, offices, months, numbers
and the common words of news and encyclopedias. Other words are guessed by their endings: *inflation*, *inflazione*.
Guesses need not be words: only those that stand in the archive can match.
"""

from __future__ import annotations

import functools
from pathlib import Path

from index.analysis import fold, stem, term
from index.language import ENGLISH, ITALIAN

_FILE = Path(__file__).with_name("lexicon.tsv")
_PEOPLES = "# peoples"
_ENDINGS = tuple(
    (fold(english), fold(italian))
    for english, italian in (
        pair.split(":")
        for pair in """
    ically:icamente ical:ico ic:ico tions:zioni tion:zione sion:sione ity:ità ty:tà isms:ismo ism:ismo ists:ista
    ist:ista ous:oso ence:enza ance:anza ency:enza ancy:anza ments:menti ment:mento ive:ivo able:abile ible:ibile
    ogy:ogia phy:fia y:ia al:ale ent:ente ant:ante or:ore er:ero ian:iano an:ano ary:ario ure:ura ine:ina ated:ato
    ate:ato ating:are ize:izzare um:o us:o ed:ato e:o e:a s: :o :a :e
    """.split()
    )
)
"""English endings and Italian ones in their place; several may fit."""
_SPELLINGS = (
    (("ph", "f"), ("th", "t"), ("y", "i"), ("x", "s")),
    (("ph", "f"), ("th", "t"), ("y", "i"), ("ct", "tt"), ("pt", "tt"), ("k", "c"), ("x", "ss"), ("ch", "c")),
)
"""Letters that Italian writes otherwise, applied in order."""
_ROOT = 3
"""Letters at least before an ending."""


def counterparts(word: str, source: str, target: str) -> frozenset[str]:
    """Terms of texts in `target` that `word`, in `source`, may stand for; without those of `word` itself."""
    return _lexicon(source, target).get(stem(word, source)) or frozenset()


def guesses(word: str, source: str, target: str) -> frozenset[str]:
    """Terms in `target` of what `word`, in `source`, may look like there, by its ending."""
    form = fold(word)
    endings = _ENDINGS if source == ENGLISH else [(italian, english) for english, italian in _ENDINGS]
    found = {
        form[: len(form) - len(old)] + new
        for old, new in endings
        if form.endswith(old) and len(form) - len(old) >= _ROOT
    }
    if source == ENGLISH:
        found |= {_respelt(guess, rules) for guess in found for rules in _SPELLINGS}
    return frozenset(term(guess, target) for guess in found)


def kin(word: str, language: str) -> frozenset[str]:
    """Terms in `language` of the country and people that `word`, in `language`, names: *russi*, *Russia*."""
    return _peoples(language).get(stem(word, language)) or frozenset()


def _respelt(word: str, rules: tuple[tuple[str, str], ...]) -> str:
    for old, new in rules:
        word = word.replace(old, new)
    return word


@functools.cache
def _lines() -> tuple[tuple[bool, dict[str, list[str]]], ...]:
    """Each line of the file: whether it names a people, and its words by language."""
    lines, peoples = [], False
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            peoples = line == _PEOPLES
            continue
        english, italian = line.split("\t")
        lines.append((peoples, {ENGLISH: english.split(), ITALIAN: italian.split()}))
    return tuple(lines)


@functools.cache
def _lexicon(source: str, target: str) -> dict[str, frozenset[str]]:
    """Stems in `source` to terms in `target`. Of an expression of several words (joined by _) any may match."""
    found: dict[str, set[str]] = {}
    for _, words in _lines():
        terms = {term(part, target) for word in words[target] for part in word.split("_")}
        for word in words[source]:
            if "_" not in word:
                found.setdefault(stem(word, source), set()).update(terms)
    return {word: frozenset(terms) for word, terms in found.items()}


@functools.cache
def _peoples(language: str) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for peoples, words in _lines():
        if peoples:
            single = [word for word in words[language] if "_" not in word]
            for word in single:
                found[stem(word, language)] = frozenset(term(other, language) for other in single)
    return found
