"""Whether a draft gives somebody's words to somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from index.analysis import words
from index.archive import Archive
from index.records import DirectQuote
from index.speech import join
from index.speech.grammar import grammar
from index.speech.offices import PEOPLE, is_role
from qa.check.drafts import Given
from qa.check.folding import FUNCTION_WORDS

_FEW = 4
"""Words: shorter quotations are anybody's, unless all that stand in the archive are somebody else's."""
_KEPT = 1_000
"""Names whose spellings are kept at once."""
_DETERMINERS = grammar("it").determiners | grammar("en").determiners


class Speakers:
    """The speakers of an archive, for comparing names with them."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._known: dict[str, frozenset[str]] = {}

    @cached_property
    def _spellings(self) -> dict[str, frozenset[str]]:
        return {form: frozenset(speaker.forms) for speaker in self._archive.speakers for form in speaker.forms}

    def same(self, name: str | None, speech: DirectQuote) -> bool:
        """Whether `name` may be the speaker's, or the carrier's: the same words, a part of them, another spelling."""
        if name is None:
            return False
        forms = self._forms(name)
        return any(
            other in forms or _holds(name, other) or _holds(other, name)
            for other in (speech.speaker, speech.reported_by)
            if other is not None
        )

    def wrong(self, given: Given, speech: Sequence[DirectQuote | None]) -> str | None:
        """Who says the words in the archive, where the draft names somebody else; `speech` by occurrence."""
        if given.speaker is None or not _is_named(given.speaker):
            return None
        known = [quote for quote in speech if quote is not None and quote.speaker is not None]
        if not known or (len(given.words) < _FEW and len(known) < len(speech)):
            return None
        if any(self.same(given.speaker, quote) for quote in known):
            return None
        return known[0].speaker

    def _forms(self, name: str) -> frozenset[str]:
        """The archive's spellings of `name`; one that it does not know is joined with all others, and that once.

        That takes a fifth of a second where 13,000 speak, and a long draft names the same few people.
        """
        if name in self._spellings:
            return self._spellings[name]
        if name not in self._known:
            if len(self._known) > _KEPT:
                self._known.clear()
            self._known[name] = next(
                frozenset(speaker.forms) for speaker in join([name, *self._spellings]) if name in speaker.forms
            )
        return self._known[name]


def _is_named(speaker: str) -> bool:
    """Whether `speaker` names somebody: *Putin*, *il presidente Putin*, but no office, whosever it is.

    *Il portavoce*, *il leader della Corea del Nord* and *the North Korean leader* may be anybody's offices: they have a
    noun of a person with no name after it, before the first preposition. With a capital it is a name where no article
    stands before it (*Stephen King*).
    """
    found = list(words(speaker))
    article = len(found) > 1 and found[0].form in _DETERMINERS
    named = office = False
    for at, word in enumerate(found[article:], start=int(article)):
        if not word.capitalised and word.form in FUNCTION_WORDS:
            return named or (not office and any(other.capitalised for other in found[at:]))
        if (article or not word.capitalised) and (is_role(word.form) or word.form in PEOPLE):
            named, office = False, True
        elif word.capitalised:
            named = True
    return named


def _holds(name: str, other: str) -> bool:
    """Whether `other` has all words of `name`, or all that have a capital: *il leader Kim*, *Kim Jong Un*."""
    found = list(words(name))
    telling = {word.form for word in found if word.capitalised} or {word.form for word in found}
    return telling <= {word.form for word in words(other)}
