"""Sentences with exact spans, for Italian and English news.

Own rules, because the splitters at hand break inside quotations and after ``24 ott.``. A newline ends a sentence
(articles come a paragraph a line) unless the text is plainly wrapped at a column; a full stop does not end one after
an abbreviation or an initial, nor inside quotation marks that are closed in the same paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.records import Span

MAX_SENTENCE = 1200
"""Characters. A longer quotation is split at its own full stops, and a longer run without any at a space: past about
512 tokens an encoder reads no further, and nobody prints a sentence of that length as evidence."""

_OPENERS = "«“„‟\"'‘‹(["
_CLOSERS = "»”“\"'’›)]"
_PAIRS = {"«": "»", "“": "”", "„": "“”", "‹": "›"}
_END = re.compile(rf"(?:[.!?…]+)(?P<closers>[{re.escape(_CLOSERS)}]*)(?:[.!?]+(?=\s|$|[A-ZÀ-Þ]))?")
_WORD_BEFORE = re.compile(r"[^\W\d_][\w.’']*$|\d+$")
_WORD_AFTER = re.compile(rf"[{re.escape(_OPENERS)}\s–—-]*([^\W_]+)")
_NUMBER = re.compile(r"\d+\w*|[IVXLC]+")
_SINGLE_QUOTED = re.compile(r"(?<!\w)‘(?=[^\W\d])(?:[^‘’]|’(?=\w))*[.,!?…]’(?!\w)")
"""British marks: an apostrophe closes them only after a mark (``un po’`` does not)."""
_WRAPPED = re.compile(r"(?<=[^\W\d_,;])[ \t]*\r?\n(?=[^\W\d_])")

_ABBREVIATIONS = frozenset(
    """
    sig sigg sig.ra sig.na dott dott.ssa dr dr.ssa prof prof.ssa avv ing arch rag geom cav comm sen gen col magg
    serg mons don rev s ss san d.ssa mr mrs ms messrs hon lt sgt capt cmdr adm maj gov rep pres
    cc cfr es ediz ed trad v vs ca approx prov fraz loc p.za v.le c.so via.le mt bros dept
    est.mo ill.mo egr gent spett ecc.mo dir segr min.stro amm u.n e.g i.e c.d sedic sec div rgt btg
    """.split()
)
_BEFORE_NUMBERS = frozenset(
    "art artt c cc n nn nr no num p pp pag pagg par vol voll cap capp fig figg tab tel cell".split()
)
"""Abbreviations only where a number follows: elsewhere most are words (``a work of art. The``, ``Dice no. Poi``)."""
_MONTHS = frozenset(
    "gen feb febbr mar apr mag giu giugn lug ago set sett ott nov dic jan jun jul aug sep sept oct dec".split()
)
"""Abbreviations only beside a number: elsewhere some are words (``two years ago. The``, ``in tre set. Poi``)."""
_FINAL_ABBREVIATIONS = frozenset(
    "ecc etc inc ltd co corp a.c d.c p.m a.m s.p.a s.r.l u.s u.k u.n jr sr min max al cap ten st".split()
)
"""Abbreviations that also end sentences: they do when the next word can only begin one."""
_STARTERS = frozenset(
    """
    il lo la i gli le un una uno l nel nella nello nei negli nelle al alla dal dalla per ma e se non in da di quando
    dopo secondo anche questo questa quello quella ieri oggi the a an he she it they we in on at but and if when after
    this that these those his her its their there for as however yesterday
    """.split()
)


def split_sentences(text: str, within: Span) -> list[Span]:
    """The sentences of ``text[within.start:within.end]`` in order.

    Spans are disjoint, begin and end on a visible character, and together hold every visible character of `within`.
    """
    found: list[Span] = []
    for block in _blocks(text, within):
        start = block.start
        for end in _ends(text, block):
            found += _limited(text, Span(start, end))
            start = end
        found += _limited(text, Span(start, block.end))
    return found


def trimmed(text: str, span: Span) -> Span:
    """`span` without white space and byte-order marks at its ends; empty where there is nothing else."""
    start, end = span.start, span.end
    while start < end and (text[start].isspace() or text[start] == "\ufeff"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] == "\ufeff"):
        end -= 1
    return Span(start, end)


def _blocks(text: str, within: Span) -> Iterator[Span]:
    """Paragraphs: lines, joined again where one was wrapped at a column."""
    start = within.start
    for newline in re.finditer(r"[\r\n\u2028\u2029]+", text[within.start : within.end]):
        at = within.start + newline.start()
        if _is_soft(text, within, start, at):
            continue
        yield Span(start, at)
        start = within.start + newline.end()
    yield Span(start, within.end)


def _is_soft(text: str, within: Span, line_start: int, at: int) -> bool:
    """Whether the newline at `at` only wraps a line: a long line without an end, then a lower-case letter."""
    match = _WRAPPED.match(text, at, within.end) or _WRAPPED.match(text, at - 1, within.end)
    if match is None or match.end() >= within.end:
        return False
    return text[match.end()].islower() and at - max(line_start, text.rfind("\n", 0, at) + 1) >= 40


def _limited(text: str, span: Span) -> Iterator[Span]:
    """`span` trimmed, cut at white space where it is longer than :data:`MAX_SENTENCE`."""
    span = trimmed(text, span)
    while len(span) > MAX_SENTENCE:
        cut = text.rfind(" ", span.start + 1, span.start + MAX_SENTENCE)
        if cut <= span.start:
            cut = span.start + MAX_SENTENCE
        yield trimmed(text, Span(span.start, cut))
        span = trimmed(text, Span(cut, span.end))
    if len(span):
        yield span


def _ends(text: str, block: Span) -> Iterator[int]:
    """Offsets at which a sentence of `block` ends, the block's own end left out."""
    quoted = _quotations(text, block)
    inside = 0
    for match in _END.finditer(text, block.start, block.end):
        end = match.end()
        if end >= block.end:
            return
        while inside < len(quoted) and quoted[inside].end < match.start():
            inside += 1
        if inside < len(quoted) and quoted[inside].start < match.start() and end < quoted[inside].end:
            continue
        if _ends_sentence(text, block, match):
            yield end


def _ends_sentence(text: str, block: Span, match: re.Match[str]) -> bool:
    end = match.end()
    after = text[end : min(end + 40, block.end)]
    following = _WORD_AFTER.match(after)
    if not after[0].isspace():
        return _is_glued(text, match, following)
    if following is None:
        return True
    word = following.group(1)
    if not (word[0].isupper() or word[0].isdigit() or after.lstrip()[0] in '«“„"‹'):
        return False
    return match.group() != "." or not _is_abbreviation(text, block, match.start(), word)


def _is_glued(text: str, match: re.Match[str], following: re.Match[str] | None) -> bool:
    """``personalmente».Il``: a new sentence begins though the space is missing."""
    if following is None or following.start(1) != 0:
        return False
    word = following.group(1)
    before = text[max(0, match.start() - 3) : match.start()]
    if not (len(word) > 1 and word[0].isupper() and word[1:].islower()):
        return word.istitle() and bool(match.group("closers"))
    after_word = text[match.end() + len(word) : match.end() + len(word) + 1]
    return (
        before[-1:] in _CLOSERS
        or bool(match.group("closers"))
        or (before.isalpha() and before.islower() and after_word == " ")
    )


def _is_abbreviation(text: str, block: Span, stop: int, following: str) -> bool:
    """Whether the full stop at `stop` belongs to an abbreviation, an initial or a list number."""
    found = _WORD_BEFORE.search(text[max(block.start, stop - 24) : stop])
    if found is None:
        return False
    article, _, word = found.group().replace("’", "'").rpartition("'")
    before = text[block.start : stop - len(word)].rstrip()
    if word.isdigit():
        return not before
    begins = following.lower() in _STARTERS
    known = word.lower()
    if _is_beside_number(known, before, following):
        return True
    if known in _FINAL_ABBREVIATIONS:
        return not (begins or known in ("ecc", "etc"))
    if known == "on":
        return bool(article) or word == "On"
    if known in _ABBREVIATIONS:
        return True
    if len(word) == 1:
        return word.isupper() and not (begins and len(following) > 1)
    return re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", word) is not None and not begins


def _is_beside_number(word: str, before: str, following: str) -> bool:
    """``24 ott.``, ``Sept. 5``, ``set. 2024``, ``n. 5``, ``cap. III``: the number makes `word` an abbreviation."""
    if word in _MONTHS:
        year = len(following) == 4 or word not in ("ago", "set")
        return before[-1:].isdigit() or (following.isdigit() and year)
    return word in _BEFORE_NUMBERS and _NUMBER.fullmatch(following) is not None


def _quotations(text: str, block: Span) -> list[Span]:
    """Outermost quotations closed inside `block`, sorted; none longer than :data:`MAX_SENTENCE`."""
    found = _double_quotations(text, block)
    for match in _SINGLE_QUOTED.finditer(text, block.start, block.end):
        span = Span(*match.span())
        if len(span) <= MAX_SENTENCE and not any(span.overlaps(other) for other in found):
            found.append(span)
    return sorted(found)


def _double_quotations(text: str, block: Span) -> list[Span]:
    found: list[Span] = []
    open_at: int | None = None
    closers = ""
    for at in range(block.start, block.end):
        character = text[at]
        if open_at is None:
            if character in _PAIRS:
                open_at, closers = at, _PAIRS[character]
            elif character == '"' and (at == block.start or not text[at - 1].isalnum()):
                open_at, closers = at, '"'
        elif character in closers:
            if at - open_at <= MAX_SENTENCE:
                found.append(Span(open_at, at + 1))
            open_at = None
        elif at - open_at > MAX_SENTENCE:
            open_at = None
    return found
