"""Speech set off by dashes: attributions inside a quotation, and dialogue whose paragraphs begin with a dash."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.records import Span
from index.speech.marks import Pair, trimmed
from index.speech.verbs import Form, Sense, Verb

_DASH = re.compile(r"(?<=[\s,.!?;…»”\"])(?:[-–—―]|--)(?=[\s,.;])|(?<=\w)[—―](?=\w)|(?<=[\s,.!?])[–—―](?=\w)")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LINE = re.compile(r"[^\n]+")
_LONGEST = 140
"""Code points an attribution between dashes may have."""
_HELPERS = frozenset(
    "ha hanno aveva avevano fa fanno si mi ci poi infine così ancora allora gli le l' "
    "he she they has had then also added".split()
)
_COMMA = re.compile(r",\s(?=[^\W\d_])")


@dataclass(frozen=True, slots=True)
class Interruption:
    """An attribution that stands inside a quotation.

    Attributes:
        words: the attribution, without dashes or commas.
        outer: with them; what is left of the quotation around it was said.
    """

    words: Span
    outer: Span


def interruption(text: str, quoted: Span, verbs: Mapping[str, Verb], *, commas: bool) -> Interruption | None:
    """The first attribution inside `quoted`, between dashes or (with `commas`, and a name after the verb) commas."""
    dashes = [match.span() for match in _DASH.finditer(text, quoted.start, quoted.end)]
    for at, (start, end) in enumerate(dashes):
        stop, after = dashes[at + 1] if at + 1 < len(dashes) else (quoted.end, quoted.end)
        if stop - end <= _LONGEST and start > quoted.start and says(text, end, stop, verbs):
            while after < quoted.end and text[after] in ",;:.":
                after += 1
            return Interruption(trimmed(text, end, stop), Span(start, after))
    parted = [match.span() for match in _COMMA.finditer(text, quoted.start, quoted.end)] if commas else []
    for (start, end), (stop, after) in itertools.pairwise(parted):
        inside = text[end:stop].split()
        if 2 <= len(inside) <= 6 and stop - end <= 60 and inside[-1][0].isupper() and says(text, end, stop, verbs):
            return Interruption(trimmed(text, end, stop), Span(start, after))
    return None


def pieces(text: str, quoted: Pair, cut: Interruption) -> tuple[Span, ...]:
    """The spoken parts of a quotation around an interruption."""
    found: list[Span] = []
    for piece in quoted.pieces:
        if not piece.overlaps(cut.outer):
            found.append(piece)
            continue
        found.append(trimmed(text, piece.start, max(piece.start, cut.outer.start)))
        found.append(trimmed(text, min(cut.outer.end, piece.end), piece.end))
    return tuple(piece for piece in found if len(piece))


def says(text: str, start: int, end: int, verbs: Mapping[str, Verb]) -> bool:
    """Whether ``text[start:end]`` begins with a finite verb of saying, or a pronoun or helper and then one."""
    for number, match in enumerate(_WORD.finditer(text, start, end)):
        word = match[0].lower().replace("’", "'")
        verb = verbs.get(word)
        if verb is not None and verb.sense is Sense.SAY and verb.form is not Form.GERUND and match[0][0].islower():
            return verb.form is not Form.PARTICIPLE or number > 0
        if word not in _HELPERS and not word.endswith("mente") and not (match[0][0].isupper() and number < 3):
            return False
    return False


def dialogue(text: str, taken: Sequence[Pair], verbs: Mapping[str, Verb]) -> Iterator[tuple[Pair, Interruption | None]]:
    """Speech in paragraphs that begin with a dash, in runs of which one at least is attributed between dashes."""
    run: list[tuple[int, int]] = []
    starts = [pair.outer.start for pair in taken]
    blocked = 0
    for match in (*_LINE.finditer(text), None):
        if match is not None:
            line = trimmed(text, *match.span())
            while blocked < len(starts) and starts[blocked] < line.start:
                blocked += 1
            quoted = blocked < len(starts) and starts[blocked] < line.end
            if not len(line):
                continue
            if text[line.start] in "—–―-" and not quoted and len(line) > 3 and not text[line.start + 1].isdigit():
                run.append((line.start, line.end))
                continue
        found = [(span, _attributed(text, *span, verbs)) for span in run]
        if any(cut is not None for _, cut in found):
            for (start, end), cut in found:
                inner = trimmed(text, start + 1, end)
                if cut is not None and cut.outer.end >= inner.end:
                    inner, cut_ = trimmed(text, inner.start, cut.outer.start), cut
                    yield Pair(Span(start, inner.end), inner, (inner,), dialogue=True), cut_
                elif len(inner):
                    yield Pair(Span(start, end), inner, (inner,), dialogue=True), cut
        run = []


def _attributed(text: str, start: int, end: int, verbs: Mapping[str, Verb]) -> Interruption | None:
    inner = trimmed(text, start + 1, end)
    found = interruption(text, inner, verbs, commas=False)
    return found if found is not None and text[found.outer.start] in "-–—―" else None
