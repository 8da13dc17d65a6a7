"""The quotations of a draft: found by the marks in all their national kinds, with whom the draft says they are by."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.errors import SourceError
from index.language import detect_language
from index.records import Span
from index.sentences import trimmed
from index.speech import extract
from index.speech.marks import pair
from qa.check.folding import Token, tokens

MAX_WORDS = 50_000
"""As people count them: between spaces."""
_MAX_CHARACTERS = 1_000_000
_BREAK = re.compile(
    r"\[[^\[\]\n]{0,200}\]|\(\s*(?:\.\s?\.\s?\.|…)\s*\)|\([^()\n]{0,80}\b(?:n\.?\s?d\.?\s?[art]\.?|sic)\s*\)"
    r"|…|\.\s?\.\s?\.+",
    re.IGNORECASE,
)
"""Where the quoter says that words are left out or are his own: ``(…)``, ``[…]``, ``...``, ``[Kim]``, ``(ndr)``."""


@dataclass(frozen=True, slots=True)
class Given:
    """A quotation as a draft gives it.

    Attributes:
        span: the words inside the marks, code points of the draft.
        words: the quoted words alone, without attributions, and without what stands in square brackets.
        breaks: places in `words`, from 0 to their number, before which the quoter marks an omission.
        speaker: whom the draft names.
        speaker_span: where it does.
    """

    span: Span
    words: tuple[Token, ...]
    breaks: frozenset[int]
    speaker: str | None = None
    speaker_span: Span | None = None


def read_draft(text: str) -> tuple[Given, ...]:
    """The quotations of `text` that hold a word, in order; a text without any is itself the quotation.

    Raises:
        SourceError: the text is empty, too long or no text.
    """
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise SourceError("the text to check is not valid UTF-8", "save it as UTF-8 and check it again")
    if not tokens(text[: _MAX_CHARACTERS + 1], markup=True):
        raise SourceError("there is nothing to check", "give a quotation or a draft with at least one word")
    if len(text) > _MAX_CHARACTERS or len(text.split()) > MAX_WORDS:
        raise SourceError(
            f"the text to check has more than {MAX_WORDS} words",
            f"check at most {MAX_WORDS} words and {_MAX_CHARACTERS} characters at once",
        )
    speech = {quote.span: quote for quote in extract("", text, detect_language(text))}
    pieces = {found.inner: found.pieces for found in pair(text)}
    pieces |= {span: quote.segments for span, quote in speech.items()}
    found = []
    for span in sorted(pieces):
        said = speech.get(span)
        who = (None, None) if said is None else (said.speaker, said.speaker_span)
        given = _given(text, span, pieces[span], *who)
        if given.words:
            found.append(given)
    if not found:
        whole = trimmed(text, Span(0, len(text)))
        found.append(_given(text, whole, (whole,), None, None))
    return tuple(found)


def _given(text: str, span: Span, pieces: tuple[Span, ...], speaker: str | None, speaker_span: Span | None) -> Given:
    words: list[Token] = []
    breaks: set[int] = set()
    for piece in pieces:
        at = piece.start
        for match in _BREAK.finditer(text, piece.start, piece.end):
            words += tokens(text, Span(at, match.start()), markup=True)
            breaks.add(len(words))
            at = match.end()
        words += tokens(text, Span(at, piece.end), markup=True)
    if not words:  # nothing but brackets: then they are the quotation
        words, breaks = tokens(text, span, markup=True), set()
    return Given(span, tuple(words), frozenset(breaks), speaker, speaker_span)
