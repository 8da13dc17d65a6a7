"""The same words across articles: one quotation, where it is printed alike, and where otherwise."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from index.records import Span
from qa.check.folding import Token, tokens
from qa.quotations import Quotation

_RUN = 3
"""Words in a row two quotations must share to be compared at all."""
_SHARED = 0.5
"""Share of the shorter one's runs that the longer one must hold for them to be the same words."""


@dataclass(frozen=True, slots=True)
class Group:
    """One quotation as the archive's articles print it.

    Attributes:
        lead: the longest; of equally long ones the first.
        also: other places with the very same words, typography aside.
        variants: places with words left out, added or changed.
    """

    lead: Quotation
    also: tuple[Quotation, ...]
    variants: tuple[Quotation, ...]


def grouped(quotations: Sequence[Quotation]) -> list[Group]:
    """`quotations` by the words they share, in the order in which each group's first stands among them."""
    words = [spoken(quotation) for quotation in quotations]
    runs = [_runs(said) for said in words]
    holders: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    group = list(range(len(quotations)))
    for i, own in enumerate(runs):
        for j in sorted({j for run in own for j in holders[run]}):
            if len(own & runs[j]) >= _SHARED * min(len(own), len(runs[j])):
                joined = {group[i], group[j]}
                group = [min(joined) if number in joined else number for number in group]
        for run in own:
            holders[run].append(i)
    members: defaultdict[int, list[int]] = defaultdict(list)
    for i, number in enumerate(group):
        members[number].append(i)
    found = []
    for places in members.values():
        lead = max(places, key=lambda i: (len(words[i]), -i))
        same = [i for i in places if i != lead and _forms(words[i]) == _forms(words[lead])]
        changed = [i for i in places if i != lead and i not in same]
        also, variants = (tuple(quotations[i] for i in which) for which in (same, changed))
        found.append(Group(quotations[lead], also, variants))
    return found


def marked(lead: Quotation, variant: Quotation) -> str:
    """The lead's words with what `variant` has otherwise, as ``[-left out-]{+put in+}``."""
    theirs, ours = spoken(lead), spoken(variant)
    parts = []
    for op, a, b, c, d in difflib.SequenceMatcher(None, _forms(theirs), _forms(ours), autojunk=False).get_opcodes():
        if op == "equal":
            parts.append(_slice(lead, theirs[a:b]))
            continue
        parts += [f"[-{_slice(lead, theirs[a:b])}-]"] if a < b else []
        parts += [f"{{+{_slice(variant, ours[c:d])}+}}"] if c < d else []
    return " ".join(parts)


def spoken(quotation: Quotation) -> list[Token]:
    """The spoken words, without an attribution between them."""
    return [word for segment in quotation.speech.segments for word in tokens(quotation.article.text, segment)]


def _runs(words: Sequence[Token]) -> set[tuple[str, ...]]:
    forms = _forms(words)
    return {tuple(forms[i : i + _RUN]) for i in range(len(forms) - _RUN + 1)}


def _forms(words: Sequence[Token]) -> list[str]:
    return [word.form for word in words]


def _slice(quotation: Quotation, words: Sequence[Token]) -> str:
    return Span(words[0].start, words[-1].end).of(quotation.article.text)
