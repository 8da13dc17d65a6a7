"""References in every style and links to the very words."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.records import Article, Span
from qa.export_arguments import STYLES
from qa.links import page_link, source_link
from qa.markdown import markdown, plain
from qa.records import Language, Quote
from qa.styles import Style, styled

IT, EN = Language.ITALIAN, Language.ENGLISH
TEXT = "Prima. Il museo, al 50% & oltre, sorge-rà. Poi."
KNOWN: dict[str, Any] = {
    "title": "Un museo & altro?",
    "outlet": "askanews",
    "author": "Michele De Luca e Anna Rossi",
    "published": "2025-10-24T18:30",
    "url": "https://e.org/a?b=1",
}


def quote(text: str = TEXT, span: Span | None = None, **facts: Any) -> Quote:
    """A quotation of an article of which this is known."""
    known = dict.fromkeys(KNOWN) | facts
    article = Article(
        id="a" * 16,
        text=text,
        language="it",
        source_file="003.txt",
        source_path="/003.txt",
        sha256="a" * 64,
        source_sha256="b" * 64,
        **known,
    )
    return Quote(article, span or Span(7, 42))


WORDS = TEXT[7:42]
LINK = "https://e.org/a?b=1#:~:text=Il%20museo%2C%20al%2050%25%20%26%20oltre%2C%20sorge%2Dr%C3%A0."


@pytest.mark.parametrize(
    ("style", "language", "expected"),
    [
        (Style.NEWSROOM, IT, f"«{WORDS}», Un museo & altro?, askanews, 24 ottobre 2025"),
        (Style.NEWSROOM, EN, f"“{WORDS}”, Un museo & altro?, askanews, 24 October 2025"),
        (
            Style.APA,
            IT,
            f"«{WORDS}» De Luca, M., & Rossi, A. (2025, 24 ottobre). Un museo & altro? askanews. {LINK}",
        ),
        (
            Style.APA,
            EN,
            f"“{WORDS}” De Luca, M., & Rossi, A. (2025, October 24). Un museo & altro? askanews. {LINK}",
        ),
        (
            Style.CHICAGO,
            IT,
            f"«{WORDS}» De Luca, Michele, e Anna Rossi. «Un museo & altro?» askanews, 24 ottobre 2025. {LINK}",
        ),
        (
            Style.CHICAGO,
            EN,
            f"“{WORDS}” De Luca, Michele, and Anna Rossi. “Un museo & altro?” askanews, October 24, 2025. {LINK}",
        ),
        (
            Style.BIBTEX,
            EN,
            "@online{aaaaaaaaaaaaaaaa-7-42,\n  author = {De Luca, Michele and Rossi, Anna},\n"
            "  title = {{Un museo \\& altro?}},\n  organization = {askanews},\n  date = {2025-10-24},\n"
            "  langid = {italian},\n  url = {https://e.org/a?b=1},\n"
            "  annotation = {Il museo, al 50\\% \\& oltre, sorge-rà.},\n}",
        ),
        (
            Style.HTML,
            IT,
            '<figure><blockquote cite="https://e.org/a?b=1" lang="it" style="white-space: pre-wrap">'
            "Il museo, al 50% &amp; oltre, sorge-rà.</blockquote>"
            f'<figcaption lang="it"><cite><a href="{LINK}">Un museo &amp; altro?, askanews, 24 ottobre 2025</a>'
            "</cite></figcaption></figure>",
        ),
        (
            Style.MARKDOWN,
            EN,
            "> Il museo, al 50% \\& oltre, sorge\\-rà.\n>\n"
            f"> — [Un museo \\& altro?, askanews, 24 October 2025](<{LINK}>)",
        ),
    ],
)
def test_a_source_of_which_all_is_known(style: Style, language: Language, expected: str) -> None:
    """Each style has the slice, author, title, outlet, date and link where it wants them, escaped for its format."""
    assert styled(quote(**KNOWN), style, language) == expected


@pytest.mark.parametrize(
    ("style", "language", "expected"),
    [
        (Style.APA, IT, f"«{WORDS}» [003.txt]. (s.d.)."),
        (Style.APA, EN, f"“{WORDS}” [003.txt]. (n.d.)."),
        (Style.CHICAGO, IT, f"«{WORDS}» [003.txt]. s.d."),
        (Style.CHICAGO, EN, f"“{WORDS}” [003.txt]. n.d."),
        (Style.MARKDOWN, IT, "> Il museo, al 50% \\& oltre, sorge\\-rà.\n>\n> — 003\\.txt"),
    ],
)
def test_a_source_of_which_nothing_is_known(style: Style, language: Language, expected: str) -> None:
    """Without author, title, date or address the file's name and *s.d.* or *n.d.* stand in, and no link is made."""
    assert styled(quote(), style, language) == expected


def test_the_command_offers_every_style() -> None:
    """The names the command line takes are the styles there are."""
    assert list(STYLES) == [style.value for style in Style]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", 'https://a/"onclick="x', "http://a b", ""]
)
def test_no_link_but_to_the_web(url: str) -> None:
    """An address of another scheme, or one that would leave its quotes, is never linked."""
    made = quote(**{**KNOWN, "url": url})

    assert source_link(made) is None
    assert "href" not in styled(made, Style.HTML, IT)
    assert "cite=" not in styled(made, Style.HTML, IT)


def test_long_texts_are_linked_by_their_ends() -> None:
    """A text of many characters or lines is named by its first and last words, not by all of them."""
    text = "Uno due tre quattro cinque sei sette.\n\nOtto nove dieci undici dodici tredici quattordici."
    link = source_link(quote(text, Span(0, len(text)), url="https://e.org/#top"))

    assert link == (
        "https://e.org/#top:~:text=Uno%20due%20tre%20quattro%20cinque%20sei,"
        "nove%20dieci%20undici%20dodici%20tredici%20quattordici."
    )


def test_a_repeated_text_is_told_by_what_stands_around() -> None:
    """Words that the article has twice are linked with those before and after them."""
    text = "Il re disse sì. Il papa disse sì. Basta."
    link = source_link(quote(text, Span(24, 32), url="https://e.org/"))

    assert link is not None
    assert text[24:32] == "disse sì"
    assert unquote(link.split("text=")[1]) == "disse sì. Il papa-,disse sì,-. Basta."


def test_the_page_link_names_article_and_place() -> None:
    """Our own page is asked for the article by its id, and for the span."""
    assert page_link(quote()) == f"?article={'a' * 16}&start=7&end=42"


@settings(max_examples=150, deadline=None)
@given(st.text(min_size=1), st.text())
def test_html_shows_exactly_the_words(text: str, title: str) -> None:
    """Read as HTML, the block holds the words to the letter, and nothing in words or title is markup."""
    made = styled(quote(text, Span(0, len(text)), title=title or None), Style.HTML, EN)
    inner = re.fullmatch(r"<figure><blockquote[^>]*>([^<>]*)</blockquote><figcaption[^>]*><cite>[^<>]*</cite>.*", made)

    assert inner is not None
    # The standard's reader replaces some numbers; the escapes made here are named ones and the carriage return's.
    assert html.unescape(inner[1].replace("&#13;", "\r")).replace("&#x27;", "'") == text


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("\\\n`*_#>-+ .1)&;{}[]<>|~\t\r"))))
def test_markdown_gives_any_text_back(text: str) -> None:
    """What is made Markdown of any text has no bare control character, and reads back as the text."""
    made = markdown(text)

    assert plain(made) == text
    assert not [c for c in made if ord(c) < 32 and c != "\n"]


@settings(max_examples=100, deadline=None)
@given(st.text(min_size=1))
def test_bibtex_keeps_its_braces(text: str) -> None:
    """Whatever is quoted, braces of an entry are balanced and no LaTeX mark is bare."""
    made = styled(quote(text, Span(0, len(text))), Style.BIBTEX, EN)
    depth = 0
    for mark in re.findall(r"[{}]", made):
        depth += 1 if mark == "{" else -1
        assert depth >= 0

    assert depth == 0
    assert not re.search(r"(?<!\\)[%$#&~^]", made)
