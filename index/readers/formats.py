"""Which format a file is in: its content says, and its ending only where the content leaves it open."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import PurePosixPath

from index.readers.source import Reader, UnreadableError

HEAD = 4096
"""Bytes looked at."""


class Format(StrEnum):
    """A format articles come in."""

    PLAIN = "text"
    WEB = "HTML"
    SAVED = "MHTML"
    PDF = "PDF"
    WORD = "DOCX"
    FEED = "feed"
    MAIL = "mail"
    LINES = "JSONL"
    TABLE = "CSV"
    PACKED = "ZIP"


ENDINGS = {
    ".txt": Format.PLAIN,
    ".md": Format.PLAIN,
    ".html": Format.WEB,
    ".htm": Format.WEB,
    ".xhtml": Format.WEB,
    ".mhtml": Format.SAVED,
    ".mht": Format.SAVED,
    ".pdf": Format.PDF,
    ".docx": Format.WORD,
    ".rss": Format.FEED,
    ".atom": Format.FEED,
    ".xml": Format.FEED,
    ".eml": Format.MAIL,
    ".jsonl": Format.LINES,
    ".ndjson": Format.LINES,
    ".csv": Format.TABLE,
    ".tsv": Format.TABLE,
    ".zip": Format.PACKED,
}
_SKIPPED = rb"^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*"
_WEB = re.compile(_SKIPPED + rb"(?:<!doctype\s+html|<html[\s>])", re.IGNORECASE | re.DOTALL)
_FEED = re.compile(_SKIPPED + rb"(?:<!doctype\s+[^>]*>\s*)?<(?:rss|feed|rdf:RDF)[\s>]", re.DOTALL)
_TAG = re.compile(rb"<(?:!doctype|html|head|body|div|p|article|section|h1)[\s>]", re.IGNORECASE)
_OBJECT = re.compile(rb'^(?:\xef\xbb\xbf)?\s*\{\s*"[^"\\]+"\s*:')
_SAVED = re.compile(rb"^content-type:\s*multipart/related", re.IGNORECASE | re.MULTILINE)
_HEADER = re.compile(rb"^[A-Za-z][A-Za-z-]*:[ \t]|^From ")


def told(name: str, head: bytes) -> Format:
    """The format of a file called `name` that begins with `head`.

    Raises:
        UnreadableError: neither says.
    """
    ending = ENDINGS.get(PurePosixPath(name.lower()).suffix)
    if head.startswith(b"%PDF-") or (ending is Format.PDF and b"%PDF-" in head[:1024]):
        return Format.PDF
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Format.WORD if ending is Format.WORD or b"word/" in head else Format.PACKED
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableError("is a document of old office programs", "save it as .docx or .pdf")
    if head.startswith(b"{\\rtf"):
        raise UnreadableError("is an RTF document", "save it as .docx or .txt")
    if _WEB.match(head):
        return Format.WEB
    if _FEED.match(head):
        return Format.FEED
    if ending in (Format.MAIL, Format.SAVED) and _HEADER.match(head):
        return Format.SAVED if _SAVED.search(head) else Format.MAIL
    if ending in (Format.PDF, Format.WORD, Format.PACKED) and head.strip():
        raise UnreadableError(f"does not hold a {ending} file, whatever its ending says", "check the file")
    if ending is Format.WEB and not _TAG.search(head) and b"\x00" not in head:
        return Format.PLAIN
    if ending is Format.PLAIN and _OBJECT.match(head):
        return Format.LINES
    if ending is None:
        raise UnreadableError("is in no format that is read", f"name files ending in {' '.join(ENDINGS)}")
    return ending


def reader(form: Format) -> Reader:
    """The reader of `form`; its libraries are imported when it first reads."""
    from index.readers import dump, feed, mail, packed, pdf, plain, web, word

    readers: dict[Format, Reader] = {
        Format.PLAIN: plain,
        Format.WEB: web,
        Format.SAVED: mail,
        Format.PDF: pdf,
        Format.WORD: word,
        Format.FEED: feed,
        Format.MAIL: mail,
        Format.LINES: dump,
        Format.TABLE: dump,
        Format.PACKED: packed,
    }
    return readers[form]
