"""An answer as JSON and as text for a terminal. HTML is made by the page's own module."""

from __future__ import annotations

import json
from typing import Any

from index.records import Article
from index.terminal import printable
from qa.messages import message
from qa.records import Answer, Citation, Language, Status
from qa.reference import reference, source_parts

_LINE_BREAKS = "\n"


def answer_json(answer: Answer) -> dict[str, Any]:
    """The answer as the public contract has it; the same for the command line and the HTTP interface."""
    language = answer.question.language
    return {
        "question": answer.question.text,
        "searched": answer.question.searched,
        "language": language.value,
        "status": answer.status.value,
        "confidence": round(answer.confidence, 4),
        "reason": None if answer.reason is None else answer.reason.value,
        "citations": [citation_json(citation, language) for citation in answer.citations],
        "nearest": [citation_json(citation, language) for citation in answer.nearest],
        "disagreements": [],
        "index_id": answer.index_id,
        "timings_ms": {name: round(value, 1) for name, value in answer.timings_ms.items()},
    }


def citation_json(citation: Citation, language: Language) -> dict[str, Any]:
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
        "speech": None,
        "reference": reference(quote, language),
        "found_by": citation.ranks,
    }


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


def answer_text(answer: Answer) -> str:
    """The answer for a terminal: numbered quotes with their sources; nothing in it can steer the terminal."""
    language = answer.question.language
    lines = []
    if answer.question.searched != answer.question.text:
        lines += [message("searched", language, searched=printable(answer.question.searched)), ""]
    if answer.status is Status.NOT_FOUND:
        assert answer.reason is not None
        lines += [message("not_found", language) + " " + message(f"reason_{answer.reason}", language)]
        if answer.nearest:
            lines += ["", message("nearest", language)]
    for citation in answer.citations or answer.nearest:
        lines += ["", *_citation_lines(citation, language)]
    return "\n".join(lines).strip() + "\n"


def _citation_lines(citation: Citation, language: Language) -> list[str]:
    """The quote is not wrapped: what is copied from the terminal is the slice."""
    left, right = "«»" if language is Language.ITALIAN else "“”"
    article, span = citation.quote.article, citation.quote.span
    source = ", ".join([*source_parts(article, language), f"{article.source_file} [{span.start}:{span.end}]"])
    return [
        f"[{citation.number}] {left}{printable(citation.quote.text, keep=_LINE_BREAKS)}{right}",
        f"    {printable(source)}",
    ]
