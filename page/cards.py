"""What cards of all tabs have in common: whose words, from where, and what one can do with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from index.records import Article, DirectQuote
from page.markup import attributes, button, escaped, language_attribute, reachable
from qa.export_arguments import FORMATS
from qa.links import page_link
from qa.messages import message
from qa.records import Language, Quote
from qa.reference import attributions, named_parts, page_parts, reference
from qa.styles import Style, styled

_NAMED = frozenset(Language)


def footer_html(quote: Quote, speech: Sequence[DirectQuote], interface: Language, *more: str, **place: int) -> str:
    """Speaker, source and buttons, with `more` of these; `place` is what the one that opens the article tells."""
    article = quote.article
    parts = [*named_parts(article, interface), *page_parts(quote)]
    named = [escaped(part) for part in parts]
    if article.title:
        # In its own language, within a source told in the interface's.
        named[0] = f"<span{language_attribute(article.language)}>{named[0]}</span>"
    said = attributions(speech, interface)
    speaker = f'<span class="speaker" dir="auto">{escaped(said)}</span>' if said else ""
    data = {f"data_{name}": value for name, value in place.items()}
    return (
        f'<footer>{speaker}<cite{reachable(", ".join(parts))} dir="auto">{", ".join(named)}</cite>'
        f"{_written_in(article, interface)}"
        f'<span class="actions">{button(message("page_open", interface), "open", **data)}'
        f"{copy_button(message('page_copy', interface), reference(quote, interface), interface)}{''.join(more)}"
        f"{link_button('page_link', page_link(quote), interface)}</span></footer>"
    )


def styles_html(quote: Quote, interface: Language) -> str:
    """A menu of the ways to copy `quote`: each reference style, the newsroom's in both languages."""
    ways = [(Style.NEWSROOM, language) for language in Language]
    ways += [(style, interface) for style in Style if style is not Style.NEWSROOM]
    choices = [
        copy_button(
            message(f"style_{style}_{language}" if style is Style.NEWSROOM else f"style_{style}", interface),
            styled(quote, style, language),
            interface,
        )
        for style, language in ways
    ]
    return menu_html("page_copy_as", choices, interface)


def menu_html(label: str, choices: list[str], interface: Language) -> str:
    """A menu headed by the message `label`; the browser opens it, by keyboard too."""
    return (
        f'<details class="menu"><summary>{escaped(message(label, interface))}</summary>'
        f'<span class="choices">{"".join(choices)}</span></details>'
    )


def exports_html(link: Callable[[str], str], interface: Language) -> str:
    """A menu of the files in which quotes can be taken away; `link` gives the address of one by its ending."""
    links = [
        f'<a download=""{attributes(href=link(ending))}>{escaped(message(f"export_{ending[1:]}", interface))}</a>'
        for ending in FORMATS
    ]
    return menu_html("page_export", links, interface)


def copy_button(label: str, text: str, interface: Language) -> str:
    """A button that says `label` and puts `text` on the clipboard, to the letter."""
    return button(label, "copy", data_copy=text, data_done=message("page_copied", interface))


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


def blockquote_html(article: Article, inner: str, kind: str | None = None) -> str:
    """Words of `article`, already HTML, as a quotation in its language."""
    css = f' class="{kind}"' if kind else ""
    return f'<blockquote{css}{language_attribute(article.language)} dir="auto">{inner}</blockquote>'
