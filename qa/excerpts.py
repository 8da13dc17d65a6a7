"""Quotations as they are taken away: each with all that is needed to find and check it later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.records import DirectQuote
from qa.links import source_link
from qa.quotations import Quotation
from qa.records import Answer, Quote


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A quotation as it is taken away; unknown facts are empty.

    Attributes:
        text: the slice of the article, to the letter.
        start, end: code points of the article's text, half-open.
        archive_id: of the archive it was taken from.
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

    @classmethod
    def of(cls, number: int, quote: Quote, archive_id: str, **known: str | None) -> Excerpt:
        """`quote` as number `number`, with who speaks, the link and the question as far as they are `known`."""
        article = quote.article
        facts = {"speaker": None, "reported_by": None, "link": None, "question": None, **known}
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
    """The citations of `answer`; of one that was not found, none."""
    return [
        _excerpt(citation.number, citation.quote, citation.speech, answer.index_id, answer.question.text)
        for citation in answer.citations
    ]


def quotation_excerpts(found: Sequence[Quotation], text: str | None, archive_id: str) -> list[Excerpt]:
    """Direct speech that was asked for by `text`, numbered from 1."""
    return [
        _excerpt(number, Quote(quotation.article, quotation.speech.span), quotation.speech, archive_id, text)
        for number, quotation in enumerate(found, start=1)
    ]


def _excerpt(number: int, quote: Quote, speech: DirectQuote | None, archive_id: str, question: str | None) -> Excerpt:
    who = {} if speech is None else {"speaker": speech.speaker, "reported_by": speech.reported_by}
    return Excerpt.of(number, quote, archive_id, link=source_link(quote), question=question, **who)
