"""Speakers across the archive: the spellings of one name joined, whatever the transliteration.

Two names are joined when their words, in order, sound alike by a small key (*Choïgou*, *Shoigu* and *Šojgu* give one)
or differ in one vowel or *h* of one long word (*Alexander*, *Aleksandr*). A surname alone is not joined to a full name:
an archive knows more than one Kim.
"""

from __future__ import annotations

import functools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from index.analysis import words
from index.speech.grammar import grammar
from index.speech.names import folded, parts

_SOUNDS = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        (r"^[yj]e(?=[^aeiou])", "e"),
        (r"sch|sh|ch", "s"), (r"sc(?=[ei])", "s"), (r"ph", "f"), (r"th", "t"), (r"gh", "g"),
        (r"gu(?=[ei])", "g"), (r"kh", "k"),
        (r"ck|q|c", "k"), (r"x", "ks"), (r"ou(\w+)ine$", r"u\1in"), (r"ou", "u"), (r"w", "v"), (r"[yj]", "i"),
        (r"(.)\1+", r"\1"),
    )
)  # fmt: skip
_SHORT = 4
"""Letters: a shorter word is too little to be compared by sound."""
_LONG = 7
"""Letters: in a word this long one vowel more or less is a spelling, not another name."""
_ARTICLES = (grammar("it").determiners | grammar("en").determiners) - {"un"}


@dataclass(frozen=True, slots=True)
class Speaker:
    """One speaker.

    Attributes:
        name: the canonical form: the most frequent, then the longest, then the first in the alphabet.
        forms: all the spellings seen, in that order.
    """

    name: str
    forms: tuple[str, ...]


@functools.lru_cache(maxsize=1 << 16)
def sound(word: str) -> str:
    """A key that the transliterations of one word share; `word` is folded."""
    if len(word) < _SHORT:
        return word
    for pattern, to in _SOUNDS:
        word = pattern.sub(to, word)
    return word


def join(names: Iterable[str]) -> list[Speaker]:
    """The speakers behind `names` (one item an occurrence), sorted by canonical form."""
    counts = Counter(names)
    groups: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for name in counts:
        groups[_key(name)].add(name)
    roots = {key: key for key in groups}

    def root(key: tuple[str, ...]) -> tuple[str, ...]:
        while roots[key] != key:
            roots[key] = roots[roots[key]]
            key = roots[key]
        return key

    for one, other in _alike(groups):
        first, second = sorted((root(one), root(other)))
        roots[second] = first
    joined: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for key, forms in groups.items():
        joined[root(key)] |= forms
    speakers = []
    for group in joined.values():
        forms_ = sorted(group, key=lambda form: (-counts[form], -len(form), form))
        speakers.append(Speaker(forms_[0], tuple(forms_)))
    return sorted(speakers, key=lambda speaker: (folded(speaker.name), speaker.name))


def by_word(speakers: Iterable[Speaker]) -> dict[str, list[tuple[Speaker, frozenset[str]]]]:
    """The `speakers` one of whose spellings holds a word, by that word; with the words of that spelling.

    Words are those that are names themselves, as :mod:`index.analysis` writes them.
    """
    holding: dict[str, list[tuple[Speaker, frozenset[str]]]] = defaultdict(list)
    for speaker in speakers:
        for form in speaker.forms:
            own = frozenset(word.form for word in words(form) if word.capitalised)
            for word in own:
                holding[word].append((speaker, own))
    return dict(holding)


def _key(name: str) -> tuple[str, ...]:
    key = list(parts(name.replace("l’", "l’ ").replace("l'", "l' ").replace("L’", "l’ ").replace("L'", "l' ")))
    while len(key) > 1 and key[0] in _ARTICLES:
        del key[0]
    return tuple(map(sound, key)) or (name,)


def _alike(groups: Mapping[tuple[str, ...], Iterable[str]]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Pairs of keys that are one when their words are run together, or that differ in one letter of one long word."""
    spelled: dict[str, tuple[str, ...]] = {}
    for key in sorted(groups):
        for form in sorted(groups[key]):
            spelling = sound("".join(parts(form)))
            other = spelled.setdefault(spelling, key) if spelling else key
            if other != key:
                yield other, key
        for place, word in enumerate(key):
            if len(word) <= _LONG:
                continue
            for at, letter in enumerate(word):
                if letter in "aeiouh" and 0 < at < len(word) - 1:
                    shorter = (*key[:place], word[:at] + word[at + 1 :], *key[place + 1 :])
                    if shorter in groups:
                        yield shorter, key
