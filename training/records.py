"""Records of the training data: passages, what is asked of them, and where the answers stand.

All offsets are code points of :attr:`Passage.text`, half-open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Passage:
    """A text that windows are cut from.

    Attributes:
        key: unique over all sources and languages.
        article: what it belongs to; the unit of splits, the same for translations of one article.
        sentences: spans of its sentences, in order, without the white space between them.
    """

    key: str
    article: str
    lang: str
    text: str
    sentences: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Gold:
    """Where one passage answers: any of `spans` is right."""

    passage: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is asked, in every language it is asked in, of every text that answers it.

    Attributes:
        asked: language of the question → its words.
        told: language of the text → where that text answers; empty where nothing answers.
        about: passages that look as if they answered but do not (unanswerable questions only).
    """

    id: str
    source: str
    article: str
    asked: Mapping[str, str]
    told: Mapping[str, Gold] = field(default_factory=dict)
    about: tuple[str, ...] = ()


@dataclass(slots=True)
class Collection:
    """Passages and items of one or several sources."""

    passages: dict[str, Passage] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)

    def add(self, other: Collection) -> None:
        """Takes in `other`.

        Raises:
            ValueError: a key is in both.
        """
        if self.passages.keys() & other.passages.keys() or self.items.keys() & other.items.keys():
            raise ValueError("two sources share a key")
        self.passages.update(other.passages)
        self.items.update(other.items)
