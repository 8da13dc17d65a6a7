"""What cards of all tabs have in common: whose words, from where, and what one can do with them."""

from __future__ import annotations

from collections.abc import Sequence

from index.records import Article, DirectQuote
from page.markup import button, escaped
from qa.links import page_link
from qa.messages import message
from qa.records import Language, Quote
from qa.reference import attributions, page_parts, reference, source_parts

_NAMED = frozenset(Language)


def footer_html(quote: Quote, speech: Sequence[DirectQuote], interface: Language, **place: int) -> str:
    """Speaker, source and buttons; `place` is what the button that opens the article tells the page."""
    article = quote.article
    source = ", ".join([*(source_parts(article, interface) or [article.source_file]), *page_parts(quote)])
    said = attributions(speech, interface)
    speaker = f'<span class="speaker" dir="auto">{escaped(said)}</span>' if said else ""
    data = {f"data_{name}": value for name, value in place.items()}
    return (
        f'<footer>{speaker}<cite dir="auto">{escaped(source)}</cite>'
        f"{_written_in(article, interface)}"
        f'<span class="actions">{button(message("page_open", interface), "open", **data)}'
        f"{copy_button('page_copy', reference(quote, interface), interface)}"
        f"{link_button('page_link', page_link(quote), interface)}</span></footer>"
    )


def copy_button(label: str, text: str, interface: Language) -> str:
    """A button that puts `text` on the clipboard, to the letter."""
    return button(message(label, interface), "copy", data_copy=text, data_done=message("page_copied", interface))


def link_button(label: str, link: str, interface: Language) -> str:
    """A button that puts the page's own address with the query `link` on the clipboard."""
    return button(message(label, interface), "copy link", data_link=link, data_done=message("page_copied", interface))


def language_name(code: str | None, interface: Language) -> str:
    """The name of a language in the interface's; the code of one that has none there."""
    if code is None:
        return message("page_unknown", interface)
    return message(f"language_{code}", interface) if code in _NAMED else code


def _written_in(article: Article, interface: Language) -> str:
    if article.language is None or article.language == interface:
        return ""
    written = message("page_source_language", interface, tongue=language_name(article.language, interface))
    return f'<span class="tongue">{escaped(written)}</span>'
