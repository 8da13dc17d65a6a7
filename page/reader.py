"""The whole article as HTML, with the quotes marked in it and what is not news greyed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.records import Article, Span
from page.cards import copy_button, language_name, link_button, styles_html
from page.markup import button, escaped, language_attribute, marked, reachable
from qa.links import page_link
from qa.messages import message
from qa.records import Citation, Language
from qa.reference import reference, written_date, written_number


@dataclass(frozen=True, slots=True)
class Reading:
    """What is being read: an article, and the quotations one can go through from it.

    Attributes:
        citations: of one answer, list or check; in other articles, too.
        place: in `citations`, of the one that is highlighted; None for an article opened without any.
    """

    article: Article
    citations: tuple[Citation, ...] = ()
    place: int | None = None

    @classmethod
    def of(cls, citations: Sequence[Citation], place: int) -> Reading:
        """The article of the citation at `place`.

        Raises:
            IndexError: there is none.
        """
        if place < 0:
            raise IndexError(place)
        return cls(citations[place].quote.article, tuple(citations), place)

    @property
    def current(self) -> Citation | None:
        """The citation that is highlighted."""
        return None if self.place is None else self.citations[self.place]


def reader_html(reading: Reading | None, interface: Language, *, asked: bool) -> str:
    """The article; its current quotation is highlighted, the others of it are marked lightly.

    `asked` says whether the visitor opened it himself, so that the page may scroll to it.
    """
    if reading is None:
        return f'<p class="hint">{escaped(message("page_reader_hint", interface))}</p>'
    article, current = reading.article, reading.current
    marks = [(exclusion.span, '<span class="excluded">') for exclusion in article.exclusions]
    if current is not None:
        marks.append((current.quote.span, '<mark class="current">'))
    marks += [
        (citation.quote.span, '<mark class="other">')
        for citation in reading.citations
        if citation.quote.article.id == article.id
        and (current is None or not citation.quote.span.overlaps(current.quote.span))
    ]
    body = marked(article.text, Span(0, len(article.text)), sorted(marks))
    language = language_attribute(article.language)
    title = article.title or article.source_file
    label = escaped(message("page_reader", interface))
    return (
        f'<article data-asked="{"yes" if asked else "no"}">{_steps_html(reading, interface)}'
        f'<header><h2{language}{reachable(title)} dir="auto">{escaped(title)}</h2>'
        f"<dl>{_facts_html(article, interface)}</dl></header>"
        f'<div class="text" tabindex="0" role="region" aria-label="{label}"{language} dir="auto">{body}</div></article>'
    )


def _steps_html(reading: Reading, interface: Language) -> str:
    """Where one is among the quotations, and the way to those before and after, also by keyboard."""
    current, place = reading.current, reading.place
    if current is None or place is None:
        return ""
    last = len(reading.citations) - 1
    counted = message(
        "page_place", interface, number=written_number(place + 1, interface), count=written_number(last + 1, interface)
    )
    names = {-1: ("‹", "page_previous", place == 0), 1: ("›", "page_next", place == last)}

    def step(way: int) -> str:
        sign, name, ended = names[way]
        label = message(name, interface)
        return button(sign, "step", aria_label=label, data_step=way, disabled="" if ended else None)

    steps = [step(-1), f"<span>{escaped(counted)}</span>", step(1)]
    take = [
        copy_button(message("page_copy", interface), reference(current.quote, interface), interface),
        styles_html(current.quote, interface),
        link_button("page_link", page_link(current.quote), interface),
    ]
    back = button(message("page_back", interface), "back")
    return (
        f'<nav class="steps" aria-label="{escaped(message("page_reader", interface))}">'
        f'{"".join(steps if last else [])}<span class="actions">{"".join(take)}{back}</span></nav>'
    )


def _facts_html(article: Article, interface: Language) -> str:
    """What is known of the article, unknown facts left out."""
    facts = [
        ("outlet", article.outlet),
        ("author", article.author),
        ("published", written_date(article.published, interface) if article.published else None),
        ("written_in", language_name(article.language, interface) if article.language else None),
        ("file", article.source_file),
        ("sha256", article.sha256),
    ]
    return "".join(
        f"<div><dt>{escaped(message(f'page_{name}', interface))}</dt>"
        f'<dd class="{name}" dir="auto">{escaped(value)}</dd></div>'
        for name, value in facts
        if value
    )
