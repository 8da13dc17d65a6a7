"""Inputs nobody wrote: ``python -m trials.fuzz [--times N] [--seed S]``, N of them over all targets, by hypothesis.

Texts go through everything that cuts, reads and compares text, files (whole ones with bytes changed) through every
reader. Whatever the input, there is no error but those declared, every span lies in its text, every quote is the
slice it says it is, and it takes a bounded time. Inputs are new ones each time, unless a seed is given: the one that
is printed repeats them.
"""

from __future__ import annotations

import contextlib
import datetime
import faulthandler
import hashlib
import json
import random
import signal
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from index.archive import Archive
from index.build import build
from index.encoder import HASHING
from index.errors import QuestionError, SourceError
from index.furniture import find_furniture
from index.ingest import read_file
from index.language import detect_language
from index.masthead import read_masthead
from index.moments import moments
from index.passages import split_passages
from index.readers.source import UnreadableError
from index.records import Article, Span
from index.sentences import split_sentences
from index.speech import extract
from index.terminal import json_line, printable
from qa.answer import Engine
from qa.check.checker import Checker
from qa.check.report import check_json, check_text
from qa.excerpts import Excerpt
from qa.exports import exported, read_export
from qa.markdown import markdown, plain
from qa.quantities import quantities
from qa.records import Filters, Language, Quote
from qa.render import answer_json, answer_text
from qa.styles import Style
from trials.command import run
from trials.samples import SAMPLES
from trials.state import SEEDS

_DAY = datetime.date(2025, 6, 1)
_LINES = tuple(
    line for path in sorted(SEEDS.glob("*.txt")) for line in path.read_text(encoding="utf-8").splitlines() if line
)
_SIGNS = (
    "«", "»", "“", "”", "‘", "’", '"', "'", "—", "–", "- ", "…", "[…]", "(", ")", ": ", "! ", "? ", ".", "\n", "\n\n",
    "\r\n", "\t", "\u00a0", "\u2028", "\u200b", "\u202e", "\ufeff", "\x85", "\x1b[31m", "e\u0301", "👩\u200d🚀",
    "ha detto", "secondo", "said", "according to", "10.000", "1,5", "12.000.000.000", "3 milioni", "€2.8bn", "50 %",
    "dieci", "duemila", "tra 10 e 20", "24 ott.", "12 marzo 2025", "March 3", "l’8 agosto", "ieri", "99/99/9999",
    "lunedì scorso", "31 febbraio 2023", "’90", "Putin", "Kim Jong Un", "il ministro Rossi", "**", "{{x}}", "<b>",
    "&amp;", "$1", "\\", "9" * 40, "İ", "ß", "ﬁ",
)  # fmt: skip
_TEXTS = st.lists(
    st.one_of(st.sampled_from(_SIGNS), st.sampled_from(_LINES), st.text(max_size=20), st.sampled_from(" \n")),
    max_size=25,
).map("".join)
"""Noise between lines of real articles and signs that mean something: what is near to news goes deeper than noise."""
_MOST_CHANGES = 12
_BUSY, _WAITING = 20.0, 300.0
"""Seconds of computing that an input may take, hundreds of times what any does; and, for what waits or cannot be
interrupted, seconds by the clock."""


def main() -> None:
    """Fuzz as often as asked; see :func:`trials.command.run`."""
    run("Feed inputs nobody wrote to everything that reads.", 10_000, fuzz, seed=None)


def fuzz(folder: Path, times: int, chance: random.Random) -> tuple[Counter[str], list[str]]:
    """Give `times` inputs to all targets, each its share; how many each took, and what went wrong."""
    archive = folder / "archive"
    build(archive, [SEEDS], HASHING)
    targets = {**_text_targets(Archive.open(archive)), **_file_targets(folder)}
    counted: Counter[str] = Counter()
    wrong: list[str] = []
    share = -(-times // len(targets))
    for name, (inputs, check) in targets.items():
        counted[name] = tried(name, inputs, check, share, chance.randrange(1 << 32), wrong)
    counted["all"] = counted.total()
    return counted, wrong


def tried(
    name: str, inputs: st.SearchStrategy[Any], check: Callable[[Any], None], times: int, chance: int, wrong: list[str]
) -> int:
    """How many of `inputs` went through `check`; the smallest that made it fail is added to `wrong`."""
    count = 0

    @seed(chance)
    @settings(max_examples=times, suppress_health_check=list(HealthCheck), database=None, deadline=None)
    @given(inputs)
    def try_one(given_one: Any) -> None:
        nonlocal count
        count += 1
        try:
            with _bounded():
                check(given_one)
        except Exception as error:
            error.add_note(f"{name}: {repr(given_one)[:300]}")
            raise

    try:
        try_one()
    except Exception as error:  # whatever a target lets out is what this looks for
        told = [f"{type(one).__name__}: {one} {one.__notes__[0]}" for one in _single(error)]
        wrong += [line.replace("\n", " ") for line in told]
    return count


class _TooLongError(BaseException):
    """An input takes too long; of a kind that no reader catches."""


@contextlib.contextmanager
def _bounded() -> Iterator[None]:
    """Have what is done here end in time.

    What computes for too long is an error. What waits, or is busy where Python cannot interrupt it, ends the process
    with a traceback that names the target.

    Raises:
        AssertionError: it took too long.
    """

    def stop(*_: object) -> None:
        raise _TooLongError

    signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, _BUSY)
    faulthandler.dump_traceback_later(_WAITING, exit=True)
    try:
        yield
    except _TooLongError:
        raise AssertionError(f"more than {_BUSY} seconds") from None
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        faulthandler.cancel_dump_traceback_later()


def _single(error: BaseException) -> Iterable[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from _single(one)
    else:
        yield error


def _text_targets(archive: Archive) -> dict[str, tuple[st.SearchStrategy[Any], Callable[[Any], None]]]:
    engine, checker = Engine(archive), Checker(archive)
    filters = st.builds(Filters, *[st.none() | st.dates().map(str)] * 2, *[st.none() | st.text(max_size=9)] * 3)
    return {
        "sentences and passages": (_TEXTS, _cut),
        "furniture, masthead and dates": (_TEXTS, _read),
        "direct speech": (_TEXTS, _heard),
        "figures": (_TEXTS, _counted),
        "words for outputs": (_TEXTS, _written),
        "check": (_TEXTS, lambda text: _checked(checker, text)),
        "questions and filters": (st.tuples(_TEXTS, filters), lambda asked: _asked(engine, *asked)),
    }


def _ordered(spans: Iterable[Span], text: str) -> None:
    """Check that `spans` follow each other without overlapping, inside `text`."""
    end = 0
    for span in spans:
        assert end <= span.start < span.end <= len(text), (span, end)
        end = span.end


def _cut(text: str) -> None:
    sentences = split_sentences(text, Span(0, len(text)))
    _ordered(sentences, text)
    held = "".join(span.of(text) for span in sentences)
    assert "".join(held.replace("\ufeff", "").split()) == "".join(text.replace("\ufeff", "").split())
    third = len(text) // 3
    excluded = [Span(third, 2 * third)] if third else []
    drafts = split_passages(text, excluded, 200)
    _ordered([draft.span for draft in drafts], text)
    for draft in drafts:
        _ordered(draft.sentences, text)
        assert all(draft.span.covers(sentence) for sentence in draft.sentences)
        assert not any(draft.span.overlaps(one) for one in excluded)


def _read(text: str) -> None:
    furniture = find_furniture(text)
    head = read_masthead(text, furniture.exclusions)
    for exclusion in (*furniture.exclusions, *head.exclusions):
        exclusion.span.of(text)
    for span in (furniture.outlet, head.title, head.author, head.outlet, head.kicker, head.standfirst, head.place):
        assert span is None or span.of(text).strip()
    for day in (_DAY, None):
        for moment in moments(text, day):
            assert moment.span.of(text)
            assert moment.days is None or moment.days[0] <= moment.days[1]
    detect_language(text)


def _heard(text: str) -> None:
    for language in ("it", "en", None):
        for quote in extract("0" * 16, text, language):
            assert quote.span.of(text)
            _ordered(quote.segments, text)
            assert all(quote.span.covers(segment) for segment in quote.segments)
            assert all(one is None or one.of(text) for one in (quote.speaker_span, quote.verb_span))


def _counted(text: str) -> None:
    for language in ("it", "en", None):
        found = quantities(text, Span(0, len(text)), language)
        for one in found:
            assert one.span.of(text)
            assert one.phrase.end <= len(text)
            assert one.high is None or one.low <= one.high


def _written(text: str) -> None:
    if not any("\ud800" <= c <= "\udfff" for c in text):
        assert plain(markdown(text)) == text
    assert json.loads(json_line([text])) == [text]
    assert printable(printable(text)) == printable(text)


def _checked(checker: Checker, text: str) -> None:
    try:
        check = checker.check(text)
    except SourceError:
        return
    for one in check.quotations:
        assert one.text == one.given.span.of(text)
        for source in one.sources:
            assert source.quote.text == source.quote.article.text[source.quote.span.start : source.quote.span.end]
    json.dumps(check_json(check))
    check_text(check, Language.ITALIAN)


def _asked(engine: Engine, text: str, filters: Filters) -> None:
    try:
        answer = engine.ask(text, filters=filters)
    except QuestionError:
        return
    told = answer_json(answer)
    for quote, shown in zip((*answer.citations, *answer.nearest), (*told["citations"], *told["nearest"]), strict=True):
        assert shown["text"] == quote.quote.article.text[shown["start"] : shown["end"]]
    for style in Style:
        answer_text(answer, style)


def _file_targets(folder: Path) -> dict[str, tuple[st.SearchStrategy[Any], Callable[[Any], None]]]:
    article = read_file(sorted(SEEDS.glob("*.txt"))[0], _DAY, [])[0]
    assert isinstance(article, Article)
    exports = {f"export.{form}": _export(article, form) for form in ("csv", "json", "md", "docx")}
    return {
        **{f"reader: {name}": (_mutated(data), _reading(folder, name)) for name, data in SAMPLES.items()},
        **{name: (_mutated(data), _taking_back(folder / name)) for name, data in exports.items()},
        "side file": (_mutated(b'{"title": "Il ponte", "published": "2025-03-12", "url": null}'), _beside(folder)),
    }


@st.composite
def _mutated(draw: st.DrawFn, data: bytes) -> bytes:
    """`data` with up to a dozen changes: bytes flipped, put in, cut out or repeated, or an end cut off."""
    chance = draw(st.randoms(use_true_random=False))
    changed = bytearray(data)
    for _ in range(draw(st.integers(0, _MOST_CHANGES))):
        at = chance.randrange(len(changed) + 1)
        to = min(len(changed), at + 2 ** chance.randrange(9))
        match chance.randrange(6):
            case 0:
                changed[at:to] = bytes(byte ^ 1 << chance.randrange(8) for byte in changed[at : at + 1])
            case 1:
                changed[at:at] = chance.randbytes(2 ** chance.randrange(5))
            case 2:
                del changed[at:to]
            case 3:
                changed[at:at] = changed[at:to] * chance.randrange(1, 5)
            case 4:
                changed[at:at] = chance.choice(_SIGNS).encode()
            case _:
                del changed[at + chance.randrange(2_000) :]
    return bytes(changed)


def _reading(folder: Path, name: str) -> Callable[[bytes], None]:
    place = folder / "files"
    place.mkdir(exist_ok=True)

    def check(data: bytes) -> None:
        (place / name).write_bytes(data)
        try:
            found = read_file(place / name, _DAY, [])
        except UnreadableError as error:
            _told(error)
            return
        for article in found:
            if isinstance(article, Article):
                _sound(article)

    return check


def _told(error: UnreadableError) -> None:
    """Check that a refusal is a line and a mend."""
    assert error.reason
    assert error.mend
    assert "\n" not in error.reason


def _sound(article: Article) -> None:
    """Check what every article promises, and that all that is made of its text can be."""
    assert hashlib.sha256(article.text.encode("utf-8")).hexdigest() == article.sha256
    assert article.text.strip()
    assert "\x00" not in article.text
    for exclusion in article.exclusions:
        exclusion.span.of(article.text)
    drafts = split_passages(article.text, [exclusion.span for exclusion in article.exclusions])
    _ordered([draft.span for draft in drafts], article.text)
    for value in (article.title, article.outlet, article.author, article.source_file):
        assert value is None or value.encode("utf-8")


def _export(article: Article, form: str) -> bytes:
    quote = Quote(article, Span(0, min(60, len(article.text))))
    return exported([Excerpt.of(1, quote, "0" * 16), Excerpt.of(2, quote, "0" * 16)], f".{form}")


def _taking_back(path: Path) -> Callable[[bytes], None]:
    def check(data: bytes) -> None:
        path.write_bytes(data)
        with contextlib.suppress(SourceError):
            read_export(path)

    return check


def _beside(folder: Path) -> Callable[[bytes], None]:
    place = folder / "beside"
    place.mkdir(exist_ok=True)
    (place / "a.txt").write_text("Il ponte è aperto.", encoding="utf-8")

    def check(data: bytes) -> None:
        (place / "a.meta.json").write_bytes(data)
        try:
            read_file(place / "a.txt", _DAY, [])
        except UnreadableError as error:
            _told(error)

    return check


if __name__ == "__main__":
    main()
