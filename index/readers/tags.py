"""What a page's tags say of its article: JSON-LD, meta tags, and the markup of its head."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from index.claims import SURENESS, Claim, Field, Origin, claim
from index.dates import iso_moment

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_META = {
    "og:title": Field.TITLE,
    "twitter:title": Field.TITLE,
    "dc.title": Field.TITLE,
    "og:site_name": Field.OUTLET,
    "dc.publisher": Field.OUTLET,
    "author": Field.AUTHOR,
    "article:author": Field.AUTHOR,
    "dc.creator": Field.AUTHOR,
    "parsely-author": Field.AUTHOR,
    "article:published_time": Field.PUBLISHED,
    "datepublished": Field.PUBLISHED,
    "date": Field.PUBLISHED,
    "pubdate": Field.PUBLISHED,
    "dc.date": Field.PUBLISHED,
    "dc.date.issued": Field.PUBLISHED,
    "dcterms.created": Field.PUBLISHED,
    "parsely-pub-date": Field.PUBLISHED,
    "article:modified_time": Field.UPDATED,
    "og:updated_time": Field.UPDATED,
    "datemodified": Field.UPDATED,
    "last-modified": Field.UPDATED,
    "og:description": Field.STANDFIRST,
    "description": Field.STANDFIRST,
    "og:url": Field.URL,
    "article:section": Field.SECTION,
    "dc.rights": Field.LICENCE,
    "copyright": Field.LICENCE,
}
_ARTICLE = re.compile(r"(?:.*Article|BlogPosting|Report|LiveBlogPosting)")
_DEEPEST = 6
"""Objects inside objects of JSON-LD that are looked through for an article."""
_CLASS = "concat(' ', translate(@class, '-_', '  '), ' ')"
_BYLINE = (
    f".//*[@rel='author' or @itemprop='author'"
    f" or (@class and (contains({_CLASS}, ' byline ') or contains({_CLASS}, ' author ')))]"
)
_DATED = (
    f".//*[@itemprop='datePublished' or (@class and (contains({_CLASS}, ' date ') or contains({_CLASS}, ' data ')))]"
)
_BY = re.compile(r"(?:di|by|testo di|a cura di)\s+", re.IGNORECASE)
_ASIDE = "ancestor::nav or ancestor::aside or ancestor::footer"
_INSIDE = "ancestor::article or ancestor::header or ancestor::main"
_SEPARATORS = (" | ", " - ", " – ", " — ", " · ", " • ", " :: ")


def tag_claims(tree: HtmlElement) -> list[Claim]:
    """All the page's head and markup say, the surest kinds first."""
    claims = [*_linked_data(tree), *_meta(tree), *_markup(tree)]
    outlets = {one.value for one in claims if one.field is Field.OUTLET}
    return [_without_outlet(one, outlets) for one in claims]


def _without_outlet(one: Claim, outlets: set[str | None]) -> Claim:
    """A title without the site's name behind it: ``Il museo apre - La Gazzetta``."""
    if one.field is Field.TITLE and one.value is not None:
        for separator in _SEPARATORS:
            title, found, outlet = one.value.rpartition(separator)
            if found and outlet in outlets:
                return Claim(one.field, title, one.origin, one.sureness)
    return one


def _linked_data(tree: HtmlElement) -> Iterator[Claim]:
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        try:
            content = json.loads((script.text or "").strip().removeprefix("<!--").removesuffix("-->"), strict=False)
        except (ValueError, RecursionError):
            continue
        for thing in _articles(content, 0):
            yield from _article_claims(thing)


def _articles(content: Any, depth: int) -> Iterator[dict[str, Any]]:
    """The first article `content` describes; teasers of others may follow it."""
    if depth > _DEEPEST:
        return
    if isinstance(content, list):
        for item in content:
            found = list(_articles(item, depth + 1))
            if found:
                yield found[0]
                return
    elif isinstance(content, dict):
        kinds = content.get("@type")
        if any(isinstance(kind, str) and _ARTICLE.fullmatch(kind) for kind in _listed(kinds)):
            yield content
        else:
            for name in ("@graph", "mainEntity", "mainEntityOfPage"):
                yield from _articles(content.get(name), depth + 1)


def _article_claims(thing: dict[str, Any]) -> Iterator[Claim]:
    origin = Origin.JSON_LD
    for name, field in (
        ("headline", Field.TITLE),
        ("description", Field.STANDFIRST),
        ("datePublished", Field.PUBLISHED),
        ("dateModified", Field.UPDATED),
        ("inLanguage", Field.LANGUAGE),
        ("url", Field.URL),
        ("license", Field.LICENCE),
        ("dateline", Field.PLACE),
    ):
        yield from claim(field, thing.get(name), origin)
    named = [_name(author) for author in _listed(thing.get("author"))]
    yield from claim(Field.AUTHOR, ", ".join(name for name in named if name), origin)
    yield from claim(Field.OUTLET, _name(thing.get("publisher")), origin)
    yield from claim(Field.SECTION, next(iter(_listed(thing.get("articleSection"))), None), origin)
    page = thing.get("mainEntityOfPage")
    yield from claim(Field.URL, page.get("@id") if isinstance(page, dict) else page, origin)
    yield from claim(Field.PLACE, _name(thing.get("contentLocation")), origin)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _name(value: Any) -> str:
    """A person's or organisation's name, given as text or as an object."""
    if isinstance(value, dict):
        value = value.get("name")
    return value if isinstance(value, str) else ""


def _meta(tree: HtmlElement) -> Iterator[Claim]:
    authors: list[str] = []
    for element in tree.iterfind(".//meta[@content]"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        field = _META.get(name.strip().lower())
        value = element.get("content")
        if field is Field.AUTHOR:
            if value.strip() and not value.startswith(("http:", "https:", "@")) and value not in authors:
                authors.append(value)
        elif field is not None:
            # What search engines are told is often the standfirst, and sometimes an advertisement of the site.
            sureness = 0.6 if name.lower() == "description" else None
            yield from claim(field, value, Origin.META_TAG, sureness)
    yield from claim(Field.AUTHOR, ", ".join(_BY.sub("", author, count=1) for author in authors), Origin.META_TAG)
    for link in tree.iterfind(".//link[@href]"):
        relation = (link.get("rel") or "").lower().split()
        if "canonical" in relation:
            yield from claim(Field.URL, link.get("href"), Origin.META_TAG, 0.92)
        elif "license" in relation:
            yield from claim(Field.LICENCE, link.get("href"), Origin.META_TAG)


def _markup(tree: HtmlElement) -> Iterator[Claim]:
    yield from claim(Field.LANGUAGE, tree.get("lang") or tree.get("xml:lang"), Origin.MARKUP, 0.6)
    for heading in tree.xpath(f".//h1[not({_ASIDE})]"):
        yield from claim(Field.TITLE, heading.text_content(), Origin.MARKUP)
        break
    yield from claim(Field.TITLE, tree.findtext(".//title"), Origin.MARKUP, SURENESS[Origin.PROPERTY])
    for byline in tree.xpath(_BYLINE):
        name = _BY.sub("", " ".join(byline.text_content().split()), count=1)
        if byline.tag != "meta" and name and len(name) <= 80 and name[:1].isupper() and not any(map(str.isdigit, name)):
            yield from claim(Field.AUTHOR, name, Origin.MARKUP)
            break
    for time in tree.xpath(
        f".//time[@datetime][not({_ASIDE})][ancestor::article or ancestor::header or ancestor::main]"
    ):
        yield from claim(Field.PUBLISHED, time.get("datetime"), Origin.MARKUP, 0.85)
        return
    for element in tree.xpath(f"{_DATED}[not({_ASIDE})]"):
        written = iso_moment(" ".join(element.text_content().split()))
        if written is not None:
            yield from claim(Field.PUBLISHED, written, Origin.MARKUP, 0.6)
            return
