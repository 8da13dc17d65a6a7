"""Quotation marks of a text, paired: every national nesting, straight and mixed marks, broken typing.

A mark is read by its glyph first and by its neighbours second, so that ``"``, a German ``“`` that closes and a mistyped
``”`` that opens are all understood. Pairing is one pass with a stack; no pattern backtracks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.records import Span
from index.speech.singles import single_marks

_LONGEST_LOOSE = 2_500
"""Code points: a pair of marks that look alike (``"…"``) and is longer than this is two unpaired marks."""

_NESTED_REACH = 1_500
"""Code points: how far a mark may reach over another paragraph's quotation and still be its outer mark."""

_DEEPEST = 8
"""Marks open at once; more than that is no nesting but noise."""

_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
_MARK = re.compile(
    r"""(?P<tag></?[A-Za-z][^<>\n]{0,500}>)"""
    r"""|(?P<mark>[«»“”„‟〝〞"＂]|<<|>>|''|``|,,(?=\w)|&(?:quot|[lr]aquo|[lrb]dquo|\#(?:34|171|187|8220|8221|8222));)"""
)
_KINDS = {
    "«": "g", "»": "g", "<<": "g", ">>": "g", "&laquo;": "g", "&raquo;": "g", "&#171;": "g", "&#187;": "g",
    "“": "c", "”": "c", "„": "c", "‟": "c", "〝": "c", "〞": "c", ",,": "c", "``": "c",
    "&ldquo;": "c", "&rdquo;": "c", "&bdquo;": "c", "&#8220;": "c", "&#8221;": "c", "&#8222;": "c",
}  # fmt: skip
"""Kind of each mark: guillemets, curly, and (by default) straight."""
_OPENING = frozenset(
    {"«", "<<", "“", "„", "‟", "〝", ",,", "``", "&laquo;", "&ldquo;", "&bdquo;", "&#171;", "&#8220;", "&#8222;"}
)
_CLOSING = frozenset({"»", ">>", "”", "〞", "&raquo;", "&rdquo;", "&#187;", "&#8221;"})
_INCHES = re.compile(r"\d['’′]\s?\d{1,2}$")


@dataclass(frozen=True, slots=True)
class Pair:
    """What stands between an opening and a closing mark.

    Attributes:
        outer: with the marks.
        inner: without the marks and without the spaces beside them.
        pieces: `inner` without the marks that reopen a quotation at each paragraph; usually `inner` alone.
        dialogue: a dash opens it and the end of the paragraph closes it.
    """

    outer: Span
    inner: Span
    pieces: tuple[Span, ...]
    dialogue: bool = False


@dataclass(slots=True)
class _Open:
    start: int
    end: int
    kind: str
    reopened: list[tuple[int, int]]
    children: list[Pair]
    stray: Span | None = None
    """The first closing mark of another kind that stands in it and closes nothing."""


def pair(text: str) -> tuple[Pair, ...]:
    """The outermost quotations of `text`, sorted and disjoint; quotations inside others are part of them."""
    found = _doubles(text)
    singles = single_marks(text, [(double.outer.start, double.outer.end) for double in found])
    for start, end in singles:
        inner = trimmed(text, start + 1, end)
        if len(inner):
            found.append(Pair(Span(start, end + 1), inner, (inner,)))
    outermost: list[Pair] = []
    for quoted in sorted(found, key=lambda quoted: quoted.outer):
        if not outermost or quoted.outer.start >= outermost[-1].outer.end:
            outermost.append(quoted)
    return tuple(outermost)


def trimmed(text: str, start: int, end: int) -> Span:
    """``[start, end)`` without white space and invisible direction marks at its ends."""
    while start < end and (text[start].isspace() or text[start] in _INVISIBLE):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in _INVISIBLE):
        end -= 1
    return Span(start, end)


def _before(text: str, at: int) -> str:
    """The visible character before `at`, a line feed at the start of the text."""
    while at > 0 and text[at - 1] in _INVISIBLE:
        at -= 1
    return text[at - 1] if at else "\n"


def _after(text: str, at: int) -> str:
    while at < len(text) and text[at] in _INVISIBLE:
        at += 1
    return text[at] if at < len(text) else "\n"


def _role(text: str, mark: str, start: int, end: int) -> str:
    """What the neighbours of a mark allow: ``open``, ``close``, or ``either``."""
    left, right = _before(text, start), _after(text, end)
    opens = not left.isalnum() and (right.isalnum() or right in "([«“„‘‚'\"¿¡…$€£#@*-–—&<")
    closes = not right.isalnum() and not left.isspace() and left not in "([¿¡"
    if left in "“«„‘‚" and not right.isspace():
        opens, closes = True, False
    if opens != closes:
        return "open" if opens else "close"
    if mark in _OPENING:
        return "open"
    return "close" if mark in _CLOSING else "either"


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    return len(text) if found < 0 else found


def _starts_line(text: str, at: int) -> bool:
    line = text.rfind("\n", max(0, at - 200), at) + 1
    return (line > 0 or at < 200) and not text[line:at].strip(_INVISIBLE + " \t\u00a0")


class _Stack:
    """The double marks of a text, read from first to last, with those still open on a stack."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._open: list[_Open] = []
        self.found: list[Pair] = []

    def read(self, mark: str, start: int, end: int) -> None:
        """Take the next mark: it opens, closes, reopens, or is nobody's."""
        kind = _KINDS.get(mark, "s")
        depth = self._partner(kind)
        role = self._role(mark, kind, start, end)
        if role == "either":
            if depth is None and _before(self._text, start).isalnum():
                return
            role = "open" if depth is None else "close"
        if self._open and _starts_line(self._text, start) and _continues(self._text, self._open[0], kind, start):
            self._drop(1)
            self._open[0].reopened.append((start, end))
        elif role == "open":
            if len(self._open) == _DEEPEST:
                self._drop(0)
            self._open.append(_Open(start, end, kind, [], []))
        elif depth is not None:
            self._drop(depth + 1)
            opened = self._open.pop()
            self._settle(_closed(self._text, opened, start, end))
        elif self._open and self._open[-1].stray is None:
            self._open[-1].stray = Span(start, end)

    def finish(self) -> list[Pair]:
        """The outermost pairs, those of marks left open included."""
        while self._open:
            self._settle(_unclosed(self._text, self._open.pop()))
        return sorted(self.found, key=lambda found: found.outer)

    def _settle(self, pairs: list[Pair]) -> None:
        (self._open[-1].children if self._open else self.found).extend(pairs)

    def _drop(self, depth: int) -> None:
        """Forget the marks left open above `depth`; what was quoted inside them stays."""
        while len(self._open) > depth:
            self._settle(self._open.pop().children)

    def _partner(self, kind: str) -> int | None:
        """Which open mark a closing one of this kind would close: the nearest of its kind, or a look-alike."""
        places = range(len(self._open) - 1, -1, -1)
        same = next((at for at in places if self._open[at].kind == kind), None)
        if same is not None or kind == "g":
            return same
        return next((at for at in places if self._open[at].kind != "g"), None)

    def _role(self, mark: str, kind: str, start: int, end: int) -> str:
        role = _role(self._text, mark, start, end)
        if kind != "g" or (not self._open and role == "open"):
            return role
        # Guillemets are seldom mistyped: only a pair that began inverted (»so«) is read against its glyphs.
        top = self._open[-1] if self._open else None
        inverted = top is not None and self._text[top.start : top.end] in _CLOSING
        return "close" if inverted or mark in _CLOSING else "open"


def _doubles(text: str) -> list[Pair]:
    stack = _Stack(text)
    for match in _MARK.finditer(text):
        mark, start = match["mark"], match.start()
        straight = mark in ('"', "＂", "''")
        if mark and not (straight and _INCHES.search(text, max(0, start - 6), start)):
            stack.read(mark, start, match.end())
    return stack.finish()


def _continues(text: str, opened: _Open, kind: str, at: int) -> bool:
    """Whether a mark that starts a paragraph reopens a quotation left open at the end of the paragraph before."""
    if opened.kind != kind:
        return False
    last = opened.reopened[-1][1] if opened.reopened else opened.end
    end = _line_end(text, last)
    if opened.children and 0 <= end - opened.children[-1].outer.end <= 3:
        return False  # one mark closed both the inner and the outer quotation
    return end < at <= end + 20 and not text[end:at].strip(_INVISIBLE + " \t\n\r\u00a0")


def _made(text: str, opened: _Open, end: int, outer_end: int) -> list[Pair]:
    inner = trimmed(text, opened.end, end)
    if not len(inner):
        return []
    cuts = [opened.end, *(at for mark in opened.reopened for at in mark), end]
    pieces = [trimmed(text, *cut) for cut in zip(cuts[::2], cuts[1::2], strict=True)]
    return [Pair(Span(opened.start, outer_end), inner, tuple(piece for piece in pieces if len(piece)))]


def _closed(text: str, opened: _Open, start: int, end: int) -> list[Pair]:
    """The pair, or what is left when its marks cannot belong together."""
    first_line = text.find("\n", opened.end, start)
    if first_line < 0 or opened.reopened:
        return _made(text, opened, start, end)
    whole = opened.start < 200 and end > len(text) - 200
    later = [child for child in opened.children if child.outer.start > first_line]
    far = later and start > later[-1].outer.end + 200 and start - opened.start > _NESTED_REACH
    long = opened.kind != "g" and start - opened.start > _LONGEST_LOOSE
    if (far or long) and not whole:
        return _unclosed(text, opened)
    return _made(text, opened, start, end)


def _unclosed(text: str, opened: _Open) -> list[Pair]:
    """A quotation that never ends: it ends with a mark of another kind, its paragraph, or the quotation inside it."""
    if opened.reopened:
        end = _line_end(text, opened.reopened[-1][1])
        return _made(text, opened, end, end)
    end = _line_end(text, opened.end)
    rest = [child for child in opened.children if child.outer.start >= end]
    last = [child for child in opened.children if child.outer.start < end]
    if not last and opened.stray is not None and opened.stray.start < end:
        return _made(text, opened, opened.stray.start, opened.stray.end) + rest
    if last and end - last[-1].outer.end <= 3:
        return _made(text, opened, last[-1].inner.end, last[-1].outer.end) + rest
    if last and last[-1].outer.end > opened.end + 1:
        # Other quotations follow in the paragraph: where this one ended cannot be known.
        return last + rest
    return _made(text, opened, end, end) + rest
