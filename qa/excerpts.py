"""Quotations as they are taken away: each with all that is needed to find and check it later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.links import source_link
from qa.messages import message
from qa.quotations import Quotation, who_says
from qa.records import Answer, Quote


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A quotation as it is taken away; unknown facts are empty.

    Attributes:
        text: the slice of the article, to the letter.
        start, end: code points of the article's text, half-open.
        archive_id: of the archive it was taken from.
        kind: ``quote``, or ``nearest`` for a passage that comes near to what was asked and does not answer it.
        also_in: where near-copies have the same words, ``file [start:end]`` parted by semicolons.
    """

    number: int
    text: str
    start: int
    end: int
    article_id: str
    sha256: str
    archive_id: str
    file: str
    title: str
    outlet: str
    author: str
    published: str
    language: str
    url: str
    speaker: str
    reported_by: str
    link: str
    question: str
    kind: str = "quote"
    also_in: str = ""

    @classmethod
    def of(cls, number: int, quote: Quote, archive_id: str, **known: str | None) -> Excerpt:
        """`quote` as number `number`; `known` are who speaks and the question, as far as they are, and what has a
        default.
        """
        article = quote.article
        facts = {"speaker": None, "reported_by": None, "question": None, "link": source_link(quote), **known}
        return cls(
            number,
            quote.text,
            quote.span.start,
            quote.span.end,
            article.id,
            article.sha256,
            archive_id,
            article.source_file,
            article.title or "",
            article.outlet or "",
            article.author or "",
            article.published or "",
            article.language or "",
            article.url or "",
            **{name: value or "" for name, value in facts.items()},
        )


def answer_excerpts(answer: Answer) -> list[Excerpt]:
    """The citations of `answer`; where nothing was found the nearest passages, marked as such."""
    excerpts = []
    for citation in answer.citations or answer.nearest:
        speaker, carrier = who_says(citation.speech)
        known = {"speaker": speaker, "reported_by": carrier, "question": answer.question.text}
        known["kind"] = "quote" if answer.citations else "nearest"
        known["also_in"] = "; ".join(f"{q.article.source_file} [{q.span.start}:{q.span.end}]" for q in citation.also_in)
        excerpts.append(Excerpt.of(citation.number, citation.quote, answer.index_id, **known))
    return excerpts


def answer_heading(answer: Answer) -> str | None:
    """What people read first where nothing was found: why, and that these are the nearest passages."""
    if answer.reason is None:
        return None
    told = ["not_found", f"reason_{answer.reason}", *(["nearest"] if answer.nearest else [])]
    return " ".join(message(name, answer.question.language) for name in told)


def quotation_excerpts(found: Sequence[Quotation], text: str | None, archive_id: str) -> list[Excerpt]:
    """Direct speech that was asked for by `text`, numbered from 1."""
    excerpts = []
    for number, quotation in enumerate(found, start=1):
        who = {"speaker": quotation.speech.speaker, "reported_by": quotation.speech.reported_by}
        quote = Quote(quotation.article, quotation.speech.span)
        excerpts.append(Excerpt.of(number, quote, archive_id, question=text, **who))
    return excerpts
