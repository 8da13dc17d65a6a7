"""How well altered quotations are recognised: ``python -m benchmarks.alterations [SOURCE ...]``.

Real quotations of an archive are altered by a script, always the same way, and checked. What each alteration must be
called follows from what was done to it, and is written down here beside it.
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from benchmarks.figures import add_json, tell
from index.archive import Archive
from index.build import build
from index.records import Article, DirectQuote
from index.speech import join
from qa.check.checker import Checker
from qa.check.records import Checked, Verdict

NUMBER = 200
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_NEGATIONS = re.compile(r"\b(?:non|mai|né|senza|nessun[oa]?|not|never|no|without)\b", re.IGNORECASE)


class Class(StrEnum):
    """What was done to a quotation."""

    TYPOGRAPHY = "only typography"
    SWAPPED = "a word swapped"
    NEGATION = "a negation dropped or added"
    FIGURE = "a number changed"
    NAME = "a name changed"
    CUT = "words cut out"
    JOINED = "two quotations joined"
    SPEAKER = "another speaker"


EXPECTED = {
    Class.TYPOGRAPHY: (Verdict.EXACT, False),
    Class.SWAPPED: (Verdict.ALTERED, False),
    Class.NEGATION: (Verdict.ALTERED, True),
    Class.FIGURE: (Verdict.ALTERED, True),
    Class.NAME: (Verdict.ALTERED, True),
    Class.CUT: (Verdict.ALTERED, False),
    Class.JOINED: (Verdict.JOINED, False),
    Class.SPEAKER: (Verdict.ALTERED, True),
}
"""The verdict, and whether the alteration must be called serious; where it need not, it may (a cut may hold a name)."""


@dataclass(frozen=True, slots=True)
class Alteration:
    """A draft of one quotation, what was done to it, and the words it was made from."""

    kind: Class
    draft: str
    original: str


@dataclass(frozen=True, slots=True)
class _Said:
    """The words of a real quotation, without an attribution inside it."""

    article: Article
    speech: DirectQuote | None
    text: str

    @property
    def italian(self) -> bool:
        return self.article.language != "en"


def alterations(archive: Archive, number: int = NUMBER) -> list[Alteration]:
    """`number` alterations of the archive's quotations, the classes by turns, the same ones each time."""
    chance = random.Random(0)  # noqa: S311 - the same alterations each time is the point
    spoken, sentences = quotations(archive)
    for pool in (spoken, sentences):
        chance.shuffle(pool)
    makers: dict[Class, Iterator[tuple[str, str]]] = {
        Class.TYPOGRAPHY: (_typography(said, chance) for said in spoken),
        Class.SWAPPED: _made(spoken, lambda said: _swapped(said, spoken, chance)),
        Class.NEGATION: _made(spoken, lambda said: _negation(said, chance)),
        Class.FIGURE: _made([*spoken, *sentences], lambda said: _figure(said, chance)),
        Class.NAME: _made([*spoken, *sentences], lambda said: _name(said, spoken, chance)),
        Class.CUT: _made([*spoken, *sentences], lambda said: _cut(said, chance)),
        Class.JOINED: _made(spoken, lambda said: _joined(said, spoken, chance)),
        Class.SPEAKER: _made(spoken, lambda said: _speaker(said, spoken, chance)),
    }
    found: list[Alteration] = []
    while makers and len(found) < number:
        for kind in list(makers):
            made = next(makers[kind], None)
            if made is None:
                del makers[kind]
            elif len(found) < number:
                found.append(Alteration(kind, *made))
    return found


def recognised(alteration: Alteration, checked: Checked) -> bool:
    """Whether the verdict is the one expected, and what is serious is called so."""
    verdict, serious = EXPECTED[alteration.kind]
    return checked.verdict is verdict and (checked.serious or not serious)


def quotations(archive: Archive) -> tuple[list[_Said], list[_Said]]:
    """Direct speech of three words or more, and the archive's sentences without quotation marks."""
    articles = {article.id: article for article in archive.store.articles()}
    spoken = []
    for speech in archive.store.direct_quotes():
        article = articles[speech.article_id]
        text = " ".join(segment.of(article.text) for segment in speech.segments)
        if len(_WORD.findall(text)) >= 3:
            spoken.append(_Said(article, speech, text))
    sentences = []
    owners = {passage.id: passage.article_id for passage in archive.store.passages()}
    for sentence in archive.store.sentences(owners):
        article = articles[owners[sentence.passage_id]]
        text = sentence.span.of(article.text)
        if 6 <= len(text.split()) <= 40 and not re.search(r"[«»“”„\"‘’'<>\[\]]|\.\.|…", text):
            sentences.append(_Said(article, None, text))
    return spoken, sentences


def _made(pool: Sequence[_Said], make: Callable[[_Said], str | None]) -> Iterator[tuple[str, str]]:
    for said in pool:
        made = make(said)
        if made is not None:
            yield made if made.startswith(("«", "“")) else _quoted(said, made), said.text


def _quoted(said: _Said, text: str) -> str:
    return f"«{text}»" if said.italian else f"“{text}”"


def _typography(said: _Said, chance: random.Random) -> tuple[str, str]:
    """Other marks, apostrophes, dashes, spaces, accents decomposed, a soft hyphen; the words stay."""
    text = said.text
    changes: list[Callable[[str], str]] = [
        lambda t: t.replace("’", "'") if "’" in t else t.replace("'", "’"),
        lambda t: unicodedata.normalize("NFD", t),
        lambda t: t.replace(" ", "\u00a0", 1),
        lambda t: t.replace(" ", "  ").replace("-", "‑"),
        lambda t: t.replace(" ", "\n", 1),
        lambda t: re.sub(r"(\w{4})(\w{3})", "\\1\u00ad\\2", t, count=2),
        lambda t: t.replace("–", "-").replace("—", "–"),
        lambda t: re.sub(r"(\d)[.,](\d{3})\b", "\\1\\2", t),
    ]
    for change in chance.sample(changes, 3):
        text = change(text)
    left, right = chance.choice([("«", "»"), ("“", "”"), ('"', '"'), ("„", "“"), ("« ", " »")])
    return f"{left}{text}{right}", said.text


def _words(text: str) -> list[re.Match[str]]:
    return list(_WORD.finditer(text))


def _plain(text: str) -> list[re.Match[str]]:
    """Long words in lower case that are no negation."""
    return [w for w in _words(text) if len(w[0]) > 4 and w[0].islower() and not _NEGATIONS.fullmatch(w[0])]


def _replaced(text: str, word: re.Match[str], other: str) -> str:
    return text[: word.start()] + other + text[word.end() :]


def _swapped(said: _Said, pool: Sequence[_Said], chance: random.Random) -> str | None:
    words = _plain(said.text)
    others = [w[0] for o in pool if o.italian == said.italian for w in _plain(o.text) if w[0] not in said.text]
    return _replaced(said.text, chance.choice(words), chance.choice(others)) if words and others else None


def _negation(said: _Said, chance: random.Random) -> str | None:
    found = _NEGATIONS.search(said.text)
    if found is not None:
        return said.text[: found.start()] + said.text[found.end() :].lstrip()
    inside = _words(said.text)[1:]
    if len(inside) < 4:
        return None
    at = chance.choice(inside).start()
    return f"{said.text[:at]}{'non' if said.italian else 'not'} {said.text[at:]}"


def _figure(said: _Said, chance: random.Random) -> str | None:
    figures = list(re.finditer(r"(?<![\w.,/])\d[\d.,]*\d|(?<![\w.,/])\d(?![\w.,/])", said.text))
    if not figures:
        return None
    found = chance.choice(figures)
    digits = [i for i in range(found.start(), found.end()) if said.text[i].isdigit()]
    at = chance.choice(digits)
    other = chance.choice([digit for digit in "123456789" if digit != said.text[at]])
    return said.text[:at] + other + said.text[at + 1 :]


def _names(text: str) -> list[re.Match[str]]:
    """Words with a capital after a word in lower case: names, wherever else capitals stand."""
    return [
        w for b, w in zip(_words(text), _words(text)[1:], strict=False)
        if b[0].islower() and w[0][0].isupper() and len(w[0]) > 3 and text[b.end() : w.start()] == " "
    ]  # fmt: skip


def _name(said: _Said, pool: Sequence[_Said], chance: random.Random) -> str | None:
    names = _names(said.text)
    others = [w[0] for o in pool for w in _names(o.text) if w[0] not in said.text]
    return _replaced(said.text, chance.choice(names), chance.choice(others)) if names and others else None


def _cut(said: _Said, chance: random.Random) -> str | None:
    """Two words or more out of the middle, at most half of them, with three or more left on either side."""
    words = _words(said.text)
    if len(words) < 8:
        return None
    count = chance.randint(2, min(len(words) // 2, len(words) - 6))
    first = chance.randint(3, len(words) - 3 - count)
    return said.text[: words[first].start()] + said.text[words[first + count].start() :]


def _joined(said: _Said, pool: Sequence[_Said], chance: random.Random) -> str | None:
    """The first half of one quotation and the second of another article's, five words each at least."""
    others = [o for o in pool if o.article.id != said.article.id and o.italian == said.italian]
    others = [o for o in others if len(_words(o.text)) >= 10]
    words = _words(said.text)
    if len(words) < 10 or not others:
        return None
    other = chance.choice(others).text
    tail = _words(other)
    return said.text[: words[len(words) // 2 - 1].end()] + " " + other[tail[len(tail) // 2].start() :]


def _speaker(said: _Said, pool: Sequence[_Said], chance: random.Random) -> str | None:
    """The words as they are, given to another person of the archive; four words or more."""
    if said.speech is None or said.speech.speaker is None or len(_words(said.text)) < 4:
        return None
    people = [
        s
        for s in join(o.speech.speaker for o in pool if o.speech and o.speech.speaker)
        if re.fullmatch(r"[A-Z]\w+(?: [A-Z]\w+)+", s.name)
    ]
    own = {word for name in (said.speech.speaker, said.speech.reported_by or "") for word in name.split()}
    others = [s.name for s in people if said.speech.speaker not in s.forms and not own & set(s.name.split())]
    if not others:
        return None
    return f"{_quoted(said, said.text)}, {'ha detto' if said.italian else 'said'} {chance.choice(others)}."


def main() -> None:
    """Print how many of each class are recognised, and which are not."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.alterations", description=__doc__.split("\n")[0])
    parser.add_argument("sources", nargs="*", type=Path, default=[Path("seeds")], metavar="SOURCE")
    parser.add_argument("--archive", type=Path, help="use this one instead of building one of the sources")
    parser.add_argument("--model", default="hashing", help="for building; the classes here do not depend on it")
    parser.add_argument("--number", type=int, default=NUMBER)
    add_json(parser)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = given.archive or Path(folder) / "archive"
        if given.archive is None:
            build(path, given.sources, given.model)
        archive = Archive.open(path)
        checker = Checker(archive)
        made, right, exact = Counter[str](), Counter[str](), 0
        for alteration in alterations(archive, given.number):
            checked = checker.check(alteration.draft).quotations[0]
            made[alteration.kind] += 1
            right[alteration.kind] += recognised(alteration, checked)
            exact += EXPECTED[alteration.kind][1] and checked.verdict is Verdict.EXACT
            if not recognised(alteration, checked):
                changes = [(d.op.value, d.change.value, d.given, d.source) for d in checked.differences]
                print(f"{alteration.kind}: {checked.verdict.value} {changes}")
                print(f"   {alteration.draft}\n   {alteration.original}")
    figures: dict[str, Any] = {kind.value: f"{right[kind]} of {made[kind]}" for kind in Class}
    figures["all"] = f"{sum(right.values())} of {sum(made.values())}"
    figures["recognised, share"] = round(sum(right.values()) / sum(made.values()), 3)
    figures["serious ones called exact"] = exact
    tell(figures, given.json)


if __name__ == "__main__":
    main()
