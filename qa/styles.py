"""A quotation with its source as newsrooms, universities, web pages and reference managers want it."""

from __future__ import annotations

import html
import re
from enum import StrEnum

from index.records import Article
from index.terminal import printable
from qa.links import is_web_address, source_link
from qa.markdown import markdown
from qa.messages import message
from qa.records import Language, Quote
from qa.reference import named_source, reference, written_date

_PARTICLES = frozenset("de di da del della dello dei degli d’ van von der den la le el al bin ibn".split())
_JOINING = re.compile(r"\s*(?:,|;|/|&|\s(?:e|ed|and)\s)\s*")
_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{mark: f"\\{mark}" for mark in "%$#_&"},
}


class Style(StrEnum):
    """How a reference is written."""

    NEWSROOM = "newsroom"
    APA = "apa"
    CHICAGO = "chicago"
    BIBTEX = "bibtex"
    HTML = "html"
    MARKDOWN = "markdown"


def styled(quote: Quote, style: Style, language: Language) -> str:
    """`quote` and its source in `style`; marks, dates and *s.d.* or *n.d.* in `language`.

    The quoted words are the slice, as far as the format lets them be; HTML and Markdown show them to the letter.
    """
    match style:
        case Style.NEWSROOM:
            return reference(quote, language)
        case Style.APA:
            return f"{_quoted(quote.text, language)} {_apa(quote, language)}"
        case Style.CHICAGO:
            return f"{_quoted(quote.text, language)} {_chicago(quote, language)}"
        case Style.BIBTEX:
            return _bibtex(quote)
        case Style.HTML:
            return _html(quote, language)
        case Style.MARKDOWN:
            return _markdown(quote, language)


def _quoted(text: str, language: Language) -> str:
    return f"«{text}»" if language is Language.ITALIAN else f"“{text}”"


def _apa(quote: Quote, language: Language) -> str:
    """After the *Publication Manual of the APA*, 7th edition, 10.1: author, date, title, outlet, address."""
    article = quote.article
    authors = [f"{last}, {_initials(first)}" if first else last for first, last in _authors(article)]
    date = f"({_apa_date(article.published, language)})"
    title = _title(article)
    head = [_joined(authors, "&"), date, title] if authors else [title, date]
    return _sentences([*head, printable(article.outlet or "")], source_link(quote))


def _apa_date(published: str | None, language: Language) -> str:
    if published is None:
        return message("no_date", language)
    if language is Language.ITALIAN:
        return f"{published[:4]}, {written_date(published, language).rsplit(' ', 1)[0]}"
    day, month, year = written_date(published, language).split()
    return f"{year}, {month} {day}"


def _chicago(quote: Quote, language: Language) -> str:
    """After *The Chicago Manual of Style*, 18th edition, for a bibliography: author, “title”, outlet, date, address."""
    article = quote.article
    names = _authors(article)
    authors = [f"{last}, {first}" if first else last for first, last in names[:1]]
    authors += [f"{first} {last}".strip() for first, last in names[1:]]
    date = message("no_date", language)
    if article.published is not None:
        date = written_date(article.published, language)
        if language is Language.ENGLISH:
            day, month, year = date.split()
            date = f"{month} {day}, {year}"
    title = _title(article)
    if article.title:
        title = _quoted(title if title[-1] in ".?!" else f"{title}.", language)
    conjunction = "e" if language is Language.ITALIAN else "and"
    dated = ", ".join(part for part in (printable(article.outlet or ""), date) if part)
    return _sentences([_joined(authors, conjunction), title, dated], source_link(quote))


def _bibtex(quote: Quote) -> str:
    """An entry ``@online`` of biblatex; the words stand in ``annotation``. An unknown field is left out."""
    article, span = quote.article, quote.span
    authors = [
        f"{_latex(last)}, {_latex(first)}" if first else f"{{{_latex(last)}}}" for first, last in _authors(article)
    ]
    fields = {
        "author": " and ".join(authors),
        "title": f"{{{_latex(article.title or article.source_file)}}}",
        "organization": _latex(article.outlet or ""),
        "date": (article.published or "")[:10],
        "langid": {"it": "italian", "en": "english"}.get(article.language or "", ""),
        "url": (article.url or "").replace("%", r"\%").replace("#", r"\#") if is_web_address(article.url) else "",
        "annotation": _latex(quote.text),
    }
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@online{{{article.id}-{span.start}-{span.end},\n{body}}}"


def _html(quote: Quote, language: Language) -> str:
    """A blockquote with the source's address and language, and the source beneath it."""
    article, link = quote.article, source_link(quote)
    cite = f' cite="{_escaped(article.url or "")}"' if link else ""
    spoken = f' lang="{_escaped(article.language)}"' if article.language else ""
    source = _escaped(named_source(article, language))
    source = f'<a href="{_escaped(link)}">{source}</a>' if link else source
    return (
        f'<figure><blockquote{cite}{spoken} style="white-space: pre-wrap">{_escaped(quote.text)}</blockquote>'
        f'<figcaption lang="{language.value}"><cite>{source}</cite></figcaption></figure>'
    )


def _markdown(quote: Quote, language: Language) -> str:
    """A block quotation, and its source beneath it, linked where there is an address."""
    link = source_link(quote)
    source = markdown(named_source(quote.article, language))
    lines = "\n> ".join(markdown(quote.text).split("\n"))
    return f"> {lines}\n>\n> — " + (f"[{source}](<{link}>)" if link else source)


def _escaped(text: str) -> str:
    # A lone carriage return would be read as a newline.
    return html.escape(text, quote=True).replace("\r", "&#13;")


def _latex(text: str) -> str:
    # What it would refuse to set is printed as an escape.
    return "".join(_LATEX.get(character, character) for character in printable(text, keep="\t\n"))


def _title(article: Article) -> str:
    """The title; without one the file's name in brackets."""
    return printable(article.title or f"[{article.source_file}]")


def _authors(article: Article) -> list[tuple[str, str]]:
    """First and last names; a name of one word, or of an office, is a last name alone."""
    found = []
    for name in _JOINING.split(printable(article.author or "")):
        parts = name.split()
        if not parts:
            continue
        last = len(parts) - 1
        while last > 1 and parts[last - 1].lower() in _PARTICLES:
            last -= 1
        found.append((" ".join(parts[:last]), " ".join(parts[last:])))
    return found


def _initials(first: str) -> str:
    return " ".join("-".join(f"{part[0].upper()}." for part in name.split("-") if part) for name in first.split())


def _joined(names: list[str], conjunction: str) -> str:
    return f"{', '.join(names[:-1])}, {conjunction} {names[-1]}" if len(names) > 1 else "".join(names)


def _sentences(parts: list[str | None], link: str | None) -> str:
    told = [part if part[-1] in ".?!»”" else f"{part}." for part in parts if part]
    return " ".join([*told, *([link] if link else [])])
