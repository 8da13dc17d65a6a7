"""The whole article as HTML, with the quotes marked in it and what is not news greyed."""

from __future__ import annotations

from collections.abc import Sequence

from index.records import Span
from page.markup import escaped, marked
from qa.messages import message
from qa.records import Citation, Language
from qa.reference import written_date


def reader_html(current: Citation | None, others: Sequence[Citation], interface: Language, *, asked: bool) -> str:
    """The article of `current`, which is highlighted; `others` of the same article are marked lightly.

    `asked` says whether the visitor opened it himself, so that the page may scroll to it.
    """
    if current is None:
        return f'<p class="hint">{escaped(message("page_reader_hint", interface))}</p>'
    article = current.quote.article
    marks = [(exclusion.span, '<span class="excluded">') for exclusion in article.exclusions]
    marks.append((current.quote.span, '<mark class="current">'))
    marks += [
        (citation.quote.span, '<mark class="other">')
        for citation in others
        if citation.quote.article.id == article.id and citation.quote.span != current.quote.span
    ]
    body = marked(article.text, Span(0, len(article.text)), sorted(marks))
    language = f' lang="{escaped(article.language)}"' if article.language else ""
    title = article.title or article.source_file
    return (
        f'<article data-asked="{"yes" if asked else "no"}">'
        f'<header><h2 dir="auto">{escaped(title)}</h2><dl>{_facts_html(current, interface)}</dl></header>'
        f'<div class="text" tabindex="0"{language} dir="auto">{body}</div></article>'
    )


def _facts_html(citation: Citation, interface: Language) -> str:
    """What is known of the article, unknown facts left out."""
    article = citation.quote.article
    facts = [
        ("outlet", article.outlet),
        ("author", article.author),
        ("published", written_date(article.published, interface) if article.published else None),
        ("file", article.source_file),
        ("sha256", article.sha256),
    ]
    return "".join(
        f"<div><dt>{escaped(message(f'page_{name}', interface))}</dt>"
        f'<dd class="{name}" dir="auto">{escaped(value)}</dd></div>'
        for name, value in facts
        if value
    )
