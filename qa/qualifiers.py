"""Words that say how a number is meant: *più di*, *circa*, *at least*, *or so*."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum


class Qualifier(StrEnum):
    """How a number is meant."""

    EXACT = "exact"
    ABOUT = "about"
    MORE = "more"
    LESS = "less"


_BEFORE = {
    Qualifier.MORE: "più di|più dei|più degli|più delle|oltre|almeno|non meno di"
    "|poco più di|ben oltre|un minimo di|minimo|more than|over|at least"
    "|no fewer than|no less than|not less than|upwards of|in excess of|above|well over|just over|a minimum of",
    Qualifier.LESS: "meno di|quasi|fino a|fino ai|fino a un massimo di|non più di|al massimo|un massimo di|poco meno di"
    "|al di sotto di|nearly|almost|fewer than|less than|up to|as many as|no more than|at most|under|below|just under"
    "|a maximum of|close to|not more than",
    Qualifier.ABOUT: "circa|all’incirca|intorno a|attorno a|intorno ai|attorno ai|intorno alle|approssimativamente"
    "|pressappoco|grosso modo|più o meno|qualcosa come|about|around|some|roughly|approximately|an estimated|estimated"
    "|more or less|or so|circa un|circa una",
}
_BEHIND = {
    Qualifier.MORE: "o più|or more|in su|and counting|e oltre|plus",
    Qualifier.ABOUT: "circa|or so|all’incirca",
}
LONGEST = 5
"""Words in one at most."""


def qualifier_before(words: Sequence[str]) -> Qualifier | None:
    """What `words`, in lower case and all of them, say of the number after them."""
    return _TABLES[0].get(tuple(words))


def qualifier_behind(words: Sequence[str]) -> Qualifier | None:
    """What they say of the number before them."""
    return _TABLES[1].get(tuple(words))


_TABLES = tuple(
    {
        tuple(re.findall(r"\w+|[^\w\s]", phrase)): qualifier
        for qualifier, row in table.items()
        for phrase in row.split("|")
    }
    for table in (_BEFORE, _BEHIND)
)
