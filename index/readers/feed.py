"""RSS and Atom files, by feedparser: each entry is an article, with what the feed says of it."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from typing import Any

from index.claims import Claim, Field, Origin, claim
from index.readers.blocks import fragment_text, tables_in
from index.readers.source import Reading, Refusal, Source, UnreadableError


def read(source: Source) -> Iterator[Reading | Refusal]:
    """The entries of a feed, in its order."""
    import feedparser

    data = source.data()
    if not data.strip():
        raise UnreadableError("is empty", "leave it out")
    # Given as bytes with no address, nothing is fetched; broken markup is read as far as it goes.
    feed = feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    if not feed.version and not feed.entries:
        raise UnreadableError("is no RSS or Atom feed", "leave it out")
    if feed.bozo and not _ends(data):
        raise UnreadableError("is cut short", "fetch it again")
    for number, entry in enumerate(feed.entries, start=1):
        reading = _entry(entry, feed.feed)
        if reading is None:
            yield Refusal(f"#{number}", "has no text", "leave it out")
        else:
            yield reading


def _ends(data: bytes) -> bool:
    return any(tag in data[-200:].lower() for tag in (b"</rss>", b"</feed>", b"</rdf:rdf>"))


def _entry(entry: Any, feed: Any) -> Reading | None:
    contents = [content.get("value", "") for content in entry.get("content", [])]
    summary = fragment_text(entry.get("summary", ""))
    text = max([*map(fragment_text, contents), summary], key=len)
    if not text:
        return None
    address = entry.get("link", "")
    name = entry.get("id") or address or hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
    claims = tuple(_claims(entry, feed, address, summary if summary != text else ""))
    return Reading(text, claims, part=f"#{name}", excluded=tuple(tables_in(text)))


def _claims(entry: Any, feed: Any, address: str, standfirst: str) -> Iterator[Claim]:
    origin = Origin.FIELD
    yield from claim(Field.TITLE, fragment_text(entry.get("title", "")), origin)
    if len(standfirst) <= 600:
        yield from claim(Field.STANDFIRST, standfirst, origin)
    # An aggregator's feed names the outlet of each entry; else the feed is the outlet's.
    yield from claim(Field.OUTLET, (entry.get("source") or {}).get("title"), origin)
    yield from claim(Field.OUTLET, feed.get("title"), origin, 0.85)
    names = [author.get("name", "") for author in entry.get("authors", [])]
    yield from claim(Field.AUTHOR, ", ".join(name for name in names if name) or entry.get("author"), origin)
    updated = dict.get(entry, "updated")  # feedparser's own get() puts another date in a missing one's place
    yield from claim(Field.PUBLISHED, dict.get(entry, "published"), origin)
    yield from claim(Field.PUBLISHED, updated, origin, 0.7)
    yield from claim(Field.UPDATED, updated, origin)
    yield from claim(Field.URL, address, origin)
    yield from claim(Field.LANGUAGE, feed.get("language"), origin, 0.7)
    yield from claim(Field.SECTION, next((tag.get("term") for tag in entry.get("tags", [])), None), origin)
    yield from claim(Field.LICENCE, entry.get("rights") or feed.get("rights"), origin)
