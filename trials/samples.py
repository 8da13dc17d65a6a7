"""Files in each format that is read, small and whole; the fuzzing mutates them."""

from __future__ import annotations

import json

from tests.collection import Told, rss, web_page, word_file, zipped
from tests.printing import printed

_TOLD = Told(
    "Il ponte nuovo è costato 3 milioni",
    (
        "FRATTAGLIE, 12 marzo 2025 - «Ne valeva la pena», ha detto il sindaco Ugo Rossi alla Gazzetta di prova.",
        "Secondo la prefettura i feriti sono circa 1.200, tra cui due bambini; l’opera fu chiusa il 3 aprile 2024.",
        "“It was worth it”, Mr Rossi told reporters on Friday. The bridge cost €3.5 million, more than planned.",
    ),
    "it",
    "La Gazzetta di prova",
    "Anna De Luca",
    "2025-03-12T10:30+01:00",
    "https://news.example/ponte",
)
_TEXT = _TOLD.text.encode()
_PAGE = web_page(_TOLD, "json-ld").encode()
_ROW = {"id": "1", "text": _TOLD.text, "title": _TOLD.title, "date": _TOLD.published, "url": _TOLD.url}
_HEAD = (
    b"From: Redazione <redazione@news.example>\r\nSubject: =?utf-8?q?Il_ponte_=C3=A8_costato?=\r\n"
    b"Date: Wed, 12 Mar 2025 10:30:00 +0100\r\nMIME-Version: 1.0\r\n"
)
_MAIL = _HEAD + b'Content-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n' + _TEXT
_SAVED = (
    _HEAD
    + b'Content-Type: multipart/related; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n'
    + b"Content-Transfer-Encoding: 8bit\r\n\r\n"
    + _PAGE
    + b"\r\n--b--\r\n"
)

SAMPLES: dict[str, bytes] = {
    "a.txt": _TEXT,
    "a.md": b"# " + _TEXT,
    "a.html": _PAGE,
    "b.html": web_page(_TOLD, "classes").encode(),
    "a.mhtml": _SAVED,
    "a.pdf": printed(_TOLD.title, _TOLD.paragraphs, columns=2, byline="di Anna De Luca")[0],
    "a.docx": word_file(_TOLD),
    "a.xml": rss([_TOLD, _TOLD]),
    "a.eml": _MAIL,
    "a.jsonl": (json.dumps(_ROW, ensure_ascii=False) + "\n").encode() * 2,
    "a.csv": f'id,text,title\n1,"{_TOLD.text}",x\n2,"altro",y\n'.encode(),
    "a.zip": zipped({"a.txt": _TEXT, "b/c.html": _PAGE, "d.jsonl": json.dumps(_ROW).encode()}),
    "a.rtf": b"{\\rtf1\\ansi Il ponte}",
}
"""By the name that a file of the format has."""
