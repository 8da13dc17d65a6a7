"""A check as JSON and as text for a terminal."""

from __future__ import annotations

from collections import Counter
from typing import Any

from index.terminal import printable
from qa.check.differences import Difference
from qa.check.gravity import Change
from qa.check.records import Check, Checked, Source, Verdict
from qa.messages import message
from qa.records import Language
from qa.reference import attribution, source_parts
from qa.render import article_json, marks, speech_json

MAX_SOURCES = 50
"""Places listed for one quotation; all are counted."""
_SHOWN = 3
"""Places shown on a terminal."""


def check_json(check: Check) -> dict[str, Any]:
    """The check as the public contract has it; the same for the command line and the page."""
    return {"quotations": [_checked_json(checked) for checked in check.quotations], "archive_id": check.archive_id}


def _checked_json(checked: Checked) -> dict[str, Any]:
    given = checked.given
    return {
        "text": checked.text,
        "start": given.span.start,
        "end": given.span.end,
        "speaker": given.speaker,
        "verdict": checked.verdict.value,
        "serious": checked.serious,
        "differences": [_difference_json(difference) for difference in checked.differences],
        "occurrences": len(checked.sources),
        "sources": [_source_json(source) for source in checked.sources[:MAX_SOURCES]],
    }


def _difference_json(difference: Difference) -> dict[str, Any]:
    return {
        "op": difference.op.value,
        "change": difference.change.value,
        "given": difference.given,
        "source": difference.source,
        "start": difference.span.start,
        "end": difference.span.end,
    }


def _source_json(source: Source) -> dict[str, Any]:
    quote = source.quote
    return {
        "article": article_json(quote.article),
        "start": quote.span.start,
        "end": quote.span.end,
        "text": quote.text,
        "segments": [[segment.start, segment.end] for segment in source.segments],
        "speech": None if source.speech is None else speech_json(source.speech),
    }


def summary(check: Check, language: Language) -> str:
    """How many quotations there are, of which verdict, and how many of them are seriously altered."""
    counts = Counter(checked.verdict for checked in check.quotations)
    serious = sum(checked.serious for checked in check.quotations)
    parts = [
        message(f"check_count_{verdict}", language, count=str(counts[verdict]))
        for verdict in Verdict
        if counts[verdict]
    ]
    if serious:
        parts.append(message("check_serious_count", language, count=str(serious)))
    return message("check_summary", language, count=str(len(check.quotations)), verdicts=", ".join(parts))


def check_text(check: Check, language: Language) -> str:
    """The check for a terminal: a summary, then each quotation; nothing in it can steer the terminal.

    Differences stand in the words as ``[-what the source says-]{+what the draft says+}``.
    """
    lines = [summary(check, language)]
    for number, checked in enumerate(check.quotations, start=1):
        lines += ["", *_checked_lines(number, check.text, checked, language)]
    return "\n".join(lines) + "\n"


def _checked_lines(number: int, text: str, checked: Checked, language: Language) -> list[str]:
    left, right = marks(language)
    verdict = message(f"check_{checked.verdict}", language)
    if checked.serious:
        verdict += f", {message('check_serious', language)}"
    lines = [f"[{number}] {verdict}: {left}{_one_line(_marked(text, checked))}{right}"]
    for difference in checked.differences:
        if difference.serious:
            lines.append(f"    ! {told(difference, language)}")
    outlets = {source.quote.article.outlet or source.quote.article.source_file for source in checked.sources}
    if len(checked.sources) > 1 and checked.verdict in (Verdict.EXACT, Verdict.ALTERED):
        count = {"places": str(len(checked.sources)), "outlets": str(len(outlets))}
        lines.append(f"    {message('check_places', language, **count)}")
    for source in checked.sources[:_SHOWN]:
        lines += _source_lines(source, checked.verdict is not Verdict.EXACT, language)
    if len(checked.sources) > _SHOWN:
        lines.append(f"    {message('check_more', language, count=str(len(checked.sources) - _SHOWN))}")
    return lines


def _marked(text: str, checked: Checked) -> str:
    """The draft's words with the differences marked in them."""
    parts, at = [], checked.given.span.start
    for difference in checked.differences:
        if difference.change is Change.SPEAKER:
            continue
        parts.append(text[at : difference.span.start])
        parts.append(f"[-{difference.source}-]" if difference.source else "")
        parts.append(f"{{+{difference.given}+}}" if difference.given else " ")
        at = difference.span.end
    return "".join([*parts, text[at : checked.given.span.end]])


def told(difference: Difference, language: Language) -> str:
    """A difference in words."""
    values = {"given": _one_line(difference.given), "source": _one_line(difference.source)}
    if difference.change is Change.SPEAKER:
        return message("check_speaker", language, **values)
    what = message(f"check_{difference.change}", language)
    return f"{what}: {message(f'check_{difference.op}', language, **values)}"


def _source_lines(source: Source, with_words: bool, language: Language) -> list[str]:
    left, right = marks(language)
    quote = source.quote
    place = f"{quote.article.source_file} [{quote.span.start}:{quote.span.end}]"
    cited = ", ".join([*source_parts(quote.article, language), place])
    if source.speech is not None:
        cited = f"{attribution(source.speech, language)} — {cited}"
    if not with_words:
        return [f"    {_one_line(cited)}"]
    return [f"    {left}{_one_line(quote.text)}{right}", f"        {_one_line(cited)}"]


def _one_line(text: str) -> str:
    return printable(" ".join(text.split()))
