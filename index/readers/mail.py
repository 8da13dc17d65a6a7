"""Mails (EML), and the web pages browsers save in the same form (MHTML)."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import parseaddr
from typing import cast

from index.claims import Claim, Field, Origin, claim
from index.readers.blocks import fragment_text, tables_in
from index.readers.source import Reading, Source, UnreadableError
from index.readers.web import decoded, page

_DEEPEST = 20
"""Parts inside parts."""


def read(source: Source) -> Iterator[Reading]:
    """The one article of a mail or of a saved page; what is attached is not read."""
    data = source.data()
    message = email.message_from_bytes(data, policy=email.policy.default)
    part = _body(message, 0)
    if part is None:
        raise UnreadableError("holds no text", "leave it out")
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        raise UnreadableError("holds no text", "leave it out")
    text = decoded(content, part.get_content_charset())
    if message.get_content_type() == "multipart/related" and part.get_content_type() == "text/html":
        location = _header(message, "Snapshot-Content-Location") or _header(part, "Content-Location")
        yield page(text, location)
        return
    if part.get_content_type() == "text/html":
        text = fragment_text(text)
        excluded = tuple(tables_in(text))
    else:
        excluded = ()
    yield Reading(text, tuple(_claims(message)), excluded=excluded)


def _body(message: EmailMessage, depth: int) -> EmailMessage | None:
    """The part that is read: of alternatives the plain one, in a saved page the page."""
    kind = message.get_content_type()
    if depth > _DEEPEST or message.is_attachment():
        return None
    if not message.is_multipart():
        return message if kind in ("text/plain", "text/html") else None
    parts = [cast("EmailMessage", part) for part in message.iter_parts()]
    if kind == "multipart/related":
        parts.sort(key=lambda part: part.get_content_type() != "text/html")
    elif kind == "multipart/alternative":
        parts.sort(key=lambda part: part.get_content_type() != "text/plain")
    return next((found for part in parts if (found := _body(part, depth + 1)) is not None), None)


def _claims(message: EmailMessage) -> Iterator[Claim]:
    yield from claim(Field.TITLE, _header(message, "Subject"), Origin.FIELD)
    yield from claim(Field.PUBLISHED, _header(message, "Date"), Origin.FIELD)
    yield from claim(Field.URL, _header(message, "Archived-At").strip("<>"), Origin.FIELD)
    yield from claim(Field.LANGUAGE, _header(message, "Content-Language"), Origin.FIELD)
    name, address = parseaddr(_header(message, "From"))
    # A name may be a person's or a newsletter's: little is sure but that the words are theirs.
    yield from claim(Field.AUTHOR, name or address, Origin.FIELD, 0.6)


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message.get(name, "")).strip()
    except (ValueError, IndexError, AttributeError):  # the standard library's parser stumbles over some headers
        return ""
