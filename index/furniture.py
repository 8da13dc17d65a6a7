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

MAX_LINE = 240
"""Characters. Furniture is short; a longer line is text, whatever it begins with."""

_RELATED = re.compile(
    r"(?:storie consigliate|articoli (?:correlati|consigliati)|(?:ti )?potrebbe(?:ro)? interessar[et]i?(?: anche)?"
    r"|related (?:stories|articles)|recommended stories|more on this (?:story|topic)|you may also like)\W*",
    re.IGNORECASE,
)
_PICTURE = (
    r"(?:l[’'](?:illustrazione|immagine)|le immagini|la foto|illustrazione|immagine|foto"
    r"|the (?:image|picture|illustration|photo)s?|images?|pictures?|illustrations?|photos?)"
)
_NAMES = r"(?-i:[A-ZÀ-Þ][\w’'.-]*(?:[ /][A-ZÀ-Þ][\w’'.-]*){0,4})"
_NETWORK = r"(?:facebook|instagram|twitter|x|whatsapp|telegram|linkedin|youtube|tiktok|google news)"
_RULES: tuple[tuple[ExclusionKind, re.Pattern[str]], ...] = (
    (ExclusionKind.FURNITURE, _RELATED),
    (
        ExclusionKind.FURNITURE,
        re.compile(
            r"(?:elenco di \d+ element[io]|list of \d+ items?|(?:list \d+ of \d+)+)?\s*"
            r"(?:fine dell[’']elenco|end of list)?"
            r"|(?:leggi anche|vedi anche|read (?:more|also)|see also|also read|related)\s*[:|>»–-].*"
            r"|(?:leggi anche|vedi anche|read also|see also) (?-i:[A-ZÀ-Þ«“]).*[^.]"
            r"|(?:leggi anche|vedi anche|read more|condividi|share(?: this)?|stampa|print|pubblicità|advertisement"
            r"|annuncio pubblicitario|riproduzione riservata|all rights reserved|tutti i diritti riservati"
            r"|continua a leggere|continue reading|leggi (?:tutto|l[’']articolo completo))\W*"
            r"|©\s*(?:riproduzione riservata|all rights reserved).*|riproduzione riservata\s*©.*"
            r"|(?:iscriviti alla|abbonati alla|subscribe to our|sign up (?:for|to) our)\b.{0,80}\bnewsletters?\b.*"
            rf"|(?:segui(?:ci| il nostro canale| i nostri canali)|follow us)\b.{{0,30}}\b{_NETWORK}\W*"
            rf"|(?:condividi su|share (?:this )?on) {_NETWORK}\W*"
            r"|(?:(?:questo sito (?:web )?(?:utilizza|usa)|utilizziamo|usiamo|accetta(?: tutti)?)(?: i)?"
            r"|(?:this (?:web)?site|we(?: and our partners)?) uses?|accept(?: all)?) cookies?\b.*"
            # What WordPress sets under each entry of a feed.
            r"|the post .{1,160} (?:appeared first on|first appeared on) .{1,60}"
            r"|l[’']articolo .{1,160} (?:proviene da|sembra essere il primo su) (?-i:[A-ZÀ-Þ]).{1,60}"
            r"|tempo di lettura:? \d+ min(?:ut[oi])?\W*|\d+ min(?:ute)? read\W*",
            re.IGNORECASE,
        ),
    ),
    (
        ExclusionKind.CREDIT,
        re.compile(
            r"(?:©|\(c\)(?!.*[.;]$)|copyright\s*(?:©|\(c\)|\d{4}|by\b|:|[-–])).{1,100}"
            r"|(?:foto|photo|photograph|immagine|image|ph|crediti|credits?|picture)"
            r"(?: (?:di|by|credit))?\s*[:©].{1,120}"
            rf"|\(?(?:foto|photo|ph\.?) (?:(?:di|by) )?{_NAMES}(?: (?:su|on|via) {_NAMES})?\)?"
            rf"|(?-i:ANSA|AFP|AP|EPA|GETTY|LAPRESSE|REUTERS)/{_NAMES}|(?:getty images|shutterstock|imagoeconomica)\W*"
            r"|\(?(?:foto (?:di |d[’'])(?:archivio|repertorio)|(?:archive|file|stock) photo)\W*",
            re.IGNORECASE,
        ),
    ),
    (
        ExclusionKind.SOURCE_NOTE,
        re.compile(
            r"(?:fonte|source)\s*:\s*(?:https?://\S+|(?P<outlet>(?:[^.\n]|\.(?=\w)){1,60}?))\s*\.?",
            re.IGNORECASE,
        ),
    ),
    (
        ExclusionKind.DISCLAIMER,
        re.compile(
            rf"{_PICTURE}\b.*(?:\b(?:questo|nostro) articolo\b|\b(?:this|our) (?:article|story)\b"
            r"|\b(?:scopo|titolo) (?:\w+ )?illustrativo\b|\billustrative purposes\b).*"
            rf"|{_PICTURE}(?: [eè]| is| was)? (?:generat[ae]|creat[ae]|realizzat[ae]|generated|created|made)"
            r" (?:\S+ ){0,3}?(?:\S+[’'])?(?-i:AI|IA|intelligenza artificiale|artificial intelligence)\W*"
            rf"|{_PICTURE}(?: [eè]| is)? (?:generic[ao]|(?-i:AI)[- ]generated)\W*|AI[- ]generated {_PICTURE}\W*",
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
        if len(line) > MAX_LINE:
            continue
        for kind, rule in _RULES:
            match = rule.fullmatch(text, line.start, line.end)
            if match is None:
                continue
            exclusions.append(Exclusion(line, kind))
            if kind is ExclusionKind.SOURCE_NOTE and match["outlet"] is not None:
                outlet = Span(*match.span("outlet"))
            break
    return Furniture(tuple(exclusions), outlet)


def lines(text: str) -> Iterator[Span]:
    """The visible lines of `text`, white space at their ends left out, blank ones skipped."""
    for match in re.finditer(r"[^\r\n]+", text):
        line = trimmed(text, Span(*match.span()))
        if len(line):
            yield line
