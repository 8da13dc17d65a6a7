"""What there is to choose from: outlets, languages and speakers of the archive, each with how much it would leave."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from index.analysis import fold
from index.archive import Archive
from index.records import Holding
from qa.quotations import forms_of, selection_of
from qa.records import Filters

_SPEAKERS = 100
"""Speakers offered at most: those who say most."""


@dataclass(frozen=True, slots=True)
class Option:
    """A value to filter by exactly, and how much it leaves beside the other filters."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """What the filters leave, and what each of them could be set to.

    Attributes:
        matching: articles that meet all filters.
        total: articles of the archive.
        outlets, languages: with articles; most first, then by name. Of an outlet's spellings the most frequent.
        speakers: canonical names with direct quotations, likewise.
    """

    matching: int
    total: int
    outlets: tuple[Option, ...]
    languages: tuple[Option, ...]
    speakers: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class _Census:
    """An archive's articles, and by article who speaks in it how often."""

    holdings: dict[str, Holding]
    spoken: dict[str, Counter[str]]


def facets(archive: Archive, filters: Filters) -> Facets:
    """The facets of `archive` under `filters`; each option is counted with all filters but its own kind."""
    census = _census(archive)

    def left(chosen: Filters) -> list[str]:
        ids = archive.store.article_ids(selection_of(archive, replace(chosen, speaker=None)))
        if chosen.speaker is None:
            return ids
        named = {archive.speaker_names[form] for form in forms_of(archive, chosen.speaker, exact=chosen.exact)}
        return [i for i in ids if not named.isdisjoint(census.spoken.get(i, ()))]

    def held(ids: Iterable[str]) -> list[Holding]:
        return [census.holdings[i] for i in ids]

    said: Counter[str] = Counter()
    for i in left(replace(filters, speaker=None)):
        said.update(census.spoken.get(i, ()))
    most = [who for who, _ in sorted(said.items(), key=lambda item: (-item[1], item[0]))[:_SPEAKERS]]
    outlets = Counter(h.outlet for h in held(left(replace(filters, outlet=None))) if h.outlet)
    languages = Counter(h.language for h in held(left(replace(filters, language=None))) if h.language)
    return Facets(
        matching=len(left(filters)),
        total=len(census.holdings),
        outlets=_options(_joined(outlets)),
        languages=_options(languages),
        speakers=_options(Counter({who: said[who] for who in most})),
    )


def _joined(counts: Counter[str]) -> Counter[str]:
    """The names counted whatever their case and accents, each as it is written most often."""
    spellings: dict[str, list[str]] = {}
    for name, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        spellings.setdefault(fold(name), []).append(name)
    return Counter({names[0]: sum(counts[name] for name in names) for names in spellings.values()})


def _options(counts: Counter[str]) -> tuple[Option, ...]:
    return tuple(Option(value, count) for value, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])))


@functools.lru_cache(maxsize=2)
def _census(archive: Archive) -> _Census:
    spoken: dict[str, Counter[str]] = {}
    for i, speaker, count in archive.store.said():
        spoken.setdefault(i, Counter())[archive.speaker_names[speaker]] += count
    return _Census({holding.id: holding for holding in archive.store.holdings()}, spoken)
