"""Which lines of an article are page furniture and not news.

Each rule takes a whole short line, so that a sentence of the article that merely mentions a photo or a source is
never touched. Spans are marked; the text stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.records import Exclusion, ExclusionKind, Span
from index.sentences import trimmed

_MAX_LINE = 240
"""Characters. Furniture is short; a longer line is text, whatever it begins with."""

_RELATED = re.compile(
    r"(?:storie consigliate|articoli (?:correlati|consigliati)|(?:ti )?potrebbe(?:ro)? interessar[et]i?(?: anche)?"
    r"|related (?:stories|articles)|recommended stories|more on this (?:story|topic)|you may also like)\W*",
    re.IGNORECASE,
)
_RULES: tuple[tuple[ExclusionKind, re.Pattern[str]], ...] = (
    (ExclusionKind.FURNITURE, _RELATED),
    (
        ExclusionKind.FURNITURE,
        re.compile(
            r"elenco di \d+ element[io].{0,80}|list of \d+ items?.{0,80}|(?:fine dell[’']elenco|end of list)"
            r"|(?:leggi anche|vedi anche|read (?:more|also)|see also|also read)\s*[:|>»–-].*"
            r"|(?:leggi anche|vedi anche|read more|condividi|share(?: this)?|stampa|print|pubblicità|advertisement"
            r"|annuncio pubblicitario|riproduzione riservata|all rights reserved)\W*"
            r"|©\s*(?:riproduzione riservata|all rights reserved).*"
            r"|(?:iscriviti alla|abbonati alla|subscribe to our|sign up (?:for|to) our)\b.{0,80}\bnewsletters?\b.*"
            r"|(?:questo sito (?:utilizza|usa) i cookie|(?:this (?:web)?site|we) uses? cookies)\b.*",
            re.IGNORECASE,
        ),
    ),
    (
        ExclusionKind.CREDIT,
        re.compile(
            r"(?:©|\(c\)|copyright\b).{1,100}"
            r"|(?:foto|photo|photograph|immagine|image|ph|crediti|credits?|picture)"
            r"(?: (?:di|by|credit))?\s*[:©].{1,120}",
            re.IGNORECASE,
        ),
    ),
    (ExclusionKind.SOURCE_NOTE, re.compile(r"(?:fonte|source)\s*:\s*(?P<outlet>[^.\n]{1,60}?)\s*", re.IGNORECASE)),
    (
        ExclusionKind.DISCLAIMER,
        re.compile(
            r"(?:l[’'](?:illustrazione|immagine)|le immagini|la foto|illustrazione|immagine"
            r"|the (?:image|picture|illustration)s?|images?|pictures?|illustrations?)\b.*"
            r"(?:\bAI\b|\bIA\b|intelligenza artificiale|artificial intelligence"
            r"|scopo illustrativo|illustrative purposes|generic[ao]\b).*",
            re.IGNORECASE,
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Furniture:
    """What the rules found: spans to leave out, and the outlet a source note names."""

    exclusions: tuple[Exclusion, ...]
    outlet: Span | None


def find_furniture(text: str) -> Furniture:
    """Mark the furniture lines of `text`."""
    exclusions: list[Exclusion] = []
    outlet: Span | None = None
    for line in lines(text):
        if len(line) > _MAX_LINE:
            continue
        for kind, rule in _RULES:
            match = rule.fullmatch(text, line.start, line.end)
            if match is None:
                continue
            exclusions.append(Exclusion(line, kind))
            if kind is ExclusionKind.SOURCE_NOTE:
                outlet = Span(*match.span("outlet"))
            break
    return Furniture(tuple(exclusions), outlet)


def lines(text: str) -> Iterator[Span]:
    """The visible lines of `text`, white space at their ends left out, blank ones skipped."""
    for match in re.finditer(r"[^\r\n]+", text):
        line = trimmed(text, Span(*match.span()))
        if len(line):
            yield line
