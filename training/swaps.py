"""Questions made unanswerable: a name, number or year exchanged for another of the same article."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterable

from training.records import Collection

NUMBER = re.compile(r"(?<![\w.,])\d[\d.,]*(?![\w])")
YEAR = re.compile(r"^(?:1\d{3}|20\d{2})$")
CONNECTIVES = r"(?:of|de|di|del|della|dei|da|von|van|the|la|le|y|du)"
NAME = re.compile(rf"[^\W\d_a-zà-ÿ][\w’'-]+(?:\s+(?:{CONNECTIVES}\s+)?[^\W\d_a-zà-ÿ][\w’'-]+)*")
CAPITALISED_NOUNS = frozenset({"de"})
"""Languages in which a capital does not tell a name: to exchange *Jahr* for *Stadt* leaves a question answerable."""
SHIFTED_YEARS = 0.3


def names(text: str) -> list[tuple[int, int]]:
    """Spans of capitalised words that do not begin a sentence."""
    found = []
    for match in NAME.finditer(text):
        before = text[: match.start()].rstrip(" \"'“‘«(¿¡")
        if before and before[-1] not in ".!?…:\n":
            found.append(match.span())
    return found


def numbers(text: str) -> list[tuple[int, int]]:
    """Spans of figures, without the punctuation after them."""
    spans = [match.span() for match in NUMBER.finditer(text)]
    return [(start, start + len(text[start:end].rstrip(".,"))) for start, end in spans]


def kind_of(words: str) -> str:
    """What a span may be exchanged for: a year for a year, a figure for a figure, a name for a name."""
    if YEAR.match(words):
        return "year"
    return "number" if words[0].isdigit() else "name"


class Swapper:
    """Knows the names and figures of every article, by language."""

    def __init__(self, collection: Collection) -> None:
        self._pool: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        for passage in collection.passages.values():
            self._learn(passage.article, passage.lang, passage.text)
        for item in collection.items.values():
            for lang, text in item.asked.items():
                self._learn(item.article, lang, text)
        for key, words in self._pool.items():
            self._pool[key] = sorted(set(words))

    def swapped(self, question: str, article: str, lang: str, window: str, rng: random.Random) -> str | None:
        """`question` about something else that `window` does not name, or None where nothing can be exchanged."""
        spans = numbers(question) if lang in CAPITALISED_NOUNS else names(question) + numbers(question)
        rng.shuffle(spans)
        for start, end in spans:
            words = question[start:end]
            other = self._other(words, article, lang, window, rng)
            if other is not None:
                return question[:start] + other + question[end:]
        return None

    def _other(self, words: str, article: str, lang: str, window: str, rng: random.Random) -> str | None:
        kind = kind_of(words)
        if kind == "year" and rng.random() < SHIFTED_YEARS:
            shifted = str(int(words) + rng.choice([-20, -10, -4, -3, -2, -1, 1, 2, 3, 4, 10, 20]))
            return None if shifted in window else shifted
        pool = self._pool.get((article, lang, kind), [])
        for candidate in rng.sample(pool, min(8, len(pool))):
            if candidate not in window and not _shares_word(candidate, words):
                return candidate
        return None

    def _learn(self, article: str, lang: str, text: str) -> None:
        for start, end in names(text) + numbers(text):
            words = text[start:end]
            if len(words) <= 40:
                self._pool[article, lang, kind_of(words)].append(words)


def _shares_word(left: str, right: str) -> bool:
    return bool(set(_words(left)) & set(_words(right)))


def _words(text: str) -> Iterable[str]:
    return re.findall(r"\w{2,}", text.lower())
