"""An answer as JSON and as text for a terminal. HTML is made by the page's own module."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from index.records import Article, DirectQuote
from index.terminal import printable
from qa.links import page_link, source_link
from qa.messages import message
from qa.quotations import Quotation
from qa.records import Answer, Citation, Claim, Disagreement, Language, Quote, Status
from qa.reference import attribution, source_parts
from qa.styles import Style, styled

_LINE_BREAKS = "\n"


def answer_json(answer: Answer, style: Style = Style.NEWSROOM) -> dict[str, Any]:
    """The answer as the public contract has it, references in `style`."""
    language = answer.question.language
    return {
        "question": answer.question.text,
        "searched": answer.question.searched,
        "language": language.value,
        "status": answer.status.value,
        "confidence": round(answer.confidence, 4),
        "reason": None if answer.reason is None else answer.reason.value,
        "citations": [citation_json(citation, language, style) for citation in answer.citations],
        "nearest": [citation_json(citation, language, style) for citation in answer.nearest],
        "disagreements": [disagreement_json(disagreement) for disagreement in answer.disagreements],
        "withheld": answer.withheld,
        "index_id": answer.index_id,
        "timings_ms": {name: round(value, 1) for name, value in answer.timings_ms.items()},
    }


def citation_json(citation: Citation, language: Language, style: Style) -> dict[str, Any]:
    """One citation; every text in it is the slice of the article that its offsets name."""
    quote, context = citation.quote, citation.context
    return {
        "number": citation.number,
        "text": quote.text,
        "start": quote.span.start,
        "end": quote.span.end,
        "score": round(citation.score, 4),
        "article": article_json(quote.article),
        "context": {"text": context.text, "start": context.span.start, "end": context.span.end},
        "speech": None if citation.speech is None else speech_json(citation.speech),
        "reference": styled(quote, style, language),
        "links": {"source": source_link(quote), "page": page_link(quote)},
        "found_by": citation.ranks,
    }


def disagreement_json(disagreement: Disagreement) -> dict[str, Any]:
    """What sources differ about and what each states; every text in it is a slice of its article."""
    return {
        "matter": disagreement.matter.value,
        "counted": [{**_slice_json(words), "article": words.article.id} for words in disagreement.counted],
        "claims": [
            {
                **_slice_json(claim.quote),
                "low": claim.low,
                "high": claim.high,
                "qualifier": claim.qualifier,
                "authority": None if claim.authority is None else _slice_json(claim.authority),
                "sentence": _slice_json(claim.sentence),
                "article": article_json(claim.quote.article),
            }
            for claim in disagreement.claims
        ],
    }


def _slice_json(quote: Quote) -> dict[str, Any]:
    return {"text": quote.text, "start": quote.span.start, "end": quote.span.end}


def speech_json(speech: DirectQuote) -> dict[str, Any]:
    """Who says the words, who carries them, and where they stand."""
    return {
        "speaker": speech.speaker,
        "reported_by": speech.reported_by,
        "start": speech.span.start,
        "end": speech.span.end,
        "partial": speech.partial,
    }


def quotation_json(quotation: Quotation) -> dict[str, Any]:
    """One quotation as the public contract has it; every text in it is a slice of the article."""
    speech, text = quotation.speech, quotation.article.text
    named, verb = speech.speaker_span, speech.verb_span
    return {
        "text": quotation.text,
        "start": speech.span.start,
        "end": speech.span.end,
        "segments": [[segment.start, segment.end] for segment in speech.segments],
        "partial": speech.partial,
        "speaker": speech.speaker,
        "speaker_start": None if named is None else named.start,
        "speaker_end": None if named is None else named.end,
        "verb": None if verb is None else verb.of(text),
        "reported_by": speech.reported_by,
        "article": article_json(quotation.article),
    }


def quotations_text(quotations: Sequence[Quotation]) -> str:
    """Quotations for a terminal: words, speaker, carrier, source; each in its article's language, or English."""
    lines = []
    for quotation in quotations:
        speech, article = quotation.speech, quotation.article
        language = Language(article.language) if article.language in tuple(Language) else Language.ENGLISH
        left, right = _marks(language)
        place = f"{article.source_file} [{speech.span.start}:{speech.span.end}]"
        source = ", ".join([*source_parts(article, language), place])
        lines.append(f"{left}{printable(quotation.text, keep=_LINE_BREAKS)}{right}")
        lines += [f"    {printable(attribution(speech, language))} — {printable(source)}", ""]
    return "\n".join(lines)


def _marks(language: Language) -> tuple[str, str]:
    return ("«", "»") if language is Language.ITALIAN else ("“", "”")


def article_json(article: Article) -> dict[str, Any]:
    """What is known of an article, without its text."""
    return {
        "id": article.id,
        "file": article.source_file,
        "sha256": article.sha256,
        "title": article.title,
        "outlet": article.outlet,
        "author": article.author,
        "published": article.published,
        "language": article.language,
        "url": article.url,
    }


def json_line(content: dict[str, Any]) -> str:
    """`content` as one line of JSON, letters as they are."""
    return json.dumps(content, ensure_ascii=False)


def answer_text(answer: Answer, style: Style = Style.NEWSROOM) -> str:
    """The answer for a terminal: numbered quotes with their sources; nothing in it can steer the terminal.

    In any other style than a newsroom's, the quote with its reference stands below as that style writes it.
    """
    language = answer.question.language
    lines = []
    if answer.question.follows:
        lines += [message("searched", language, searched=printable(answer.question.searched))]
    if answer.status is Status.NOT_FOUND:
        assert answer.reason is not None
        lines += ["", message("not_found", language) + " " + message(f"reason_{answer.reason}", language)]
        if answer.nearest:
            lines += ["", message("nearest", language)]
    for citation in answer.citations or answer.nearest:
        lines += ["", *_citation_lines(citation, language)]
        if style is not Style.NEWSROOM:
            lines += ["", printable(styled(citation.quote, style, language), keep=_LINE_BREAKS)]
    if answer.withheld:
        lines += ["", message("withheld", language, count=str(answer.withheld))]
    for disagreement in answer.disagreements:
        lines += ["", *_disagreement_lines(disagreement, language)]
    return "\n".join(lines).strip() + "\n"


def differing(disagreement: Disagreement, language: Language) -> str:
    """The fixed words for a disagreement, with the article's words for what it is about."""
    left, right = _marks(language)
    counted = " ".join(f"{left}{printable(words.text)}{right}" for words in disagreement.counted)
    return message("differ", language, counted=counted)


def claim_source(claim: Claim, language: Language) -> str:
    """The authority an article gives for a claim, then title, outlet and date, else the file's name."""
    article = claim.quote.article
    told = [] if claim.authority is None else [claim.authority.text]
    return " — ".join([*told, ", ".join(source_parts(article, language)) or article.source_file])


def _disagreement_lines(disagreement: Disagreement, language: Language) -> list[str]:
    left, right = _marks(language)
    lines = [differing(disagreement, language)]
    for claim in disagreement.claims:
        article, span = claim.quote.article, claim.quote.span
        place = f"{article.source_file} [{span.start}:{span.end}]"
        source = claim_source(claim, language)
        source = place if source == article.source_file else f"{source}, {place}"
        lines.append(f"  - {left}{printable(claim.quote.text)}{right}: {printable(source)}")
    return lines


def _citation_lines(citation: Citation, language: Language) -> list[str]:
    """The quote is not wrapped: what is copied from the terminal is the slice."""
    left, right = _marks(language)
    article, span = citation.quote.article, citation.quote.span
    source = ", ".join([*source_parts(article, language), f"{article.source_file} [{span.start}:{span.end}]"])
    if citation.speech is not None:
        source = f"{attribution(citation.speech, language)} — {source}"
    return [
        f"[{citation.number}] {left}{printable(citation.quote.text, keep=_LINE_BREAKS)}{right}",
        f"    {printable(source)}",
    ]
