"""A newsroom's material made from real articles: what each file says is known exactly, and what it does not say too."""

from __future__ import annotations

import datetime
import html
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import docx
import pytest

from tests.conftest import ROOT, SEEDS

TODAY = datetime.date(2026, 1, 1)
BENCH = ROOT.parent / "shared" / "bench" / "ntrex-dev"
_NAMES = ("Anna De Luca", "Mario Rossi", "Jane O’Neil", "Giulia Bianchi", "John Smith")
_OUTLETS = ("La Gazzetta di prova", "Il Corriere finto", "The Daily Sample")
FURNITURE = (
    "Questo sito utilizza i cookie per migliorare la tua esperienza. Accetta tutti i cookie e continua a navigare.",
    "Cinque ricette per la cena di stasera",
    "Il meteo del fine settimana regione per regione",
    "Calciomercato, tutte le trattative in diretta",
    "Iscriviti alla nostra newsletter e ricevi ogni mattina le notizie",
    "Chi siamo Contatti Pubblicità Privacy",
    "LEGGI ANCHE",
    "Condividi su",
    "Foto: Ansa",
    "Riproduzione riservata",
    "Vai alla home",
    "lo consiglio",
)
"""What no reader of these files wrote as news."""


@dataclass(frozen=True, slots=True)
class Told:
    """An article as it was written, and what its file is to say of it; None for what it leaves out."""

    title: str
    paragraphs: tuple[str, ...]
    language: str
    outlet: str | None = None
    author: str | None = None
    published: str | None = None
    url: str | None = None

    @property
    def text(self) -> str:
        """Title and paragraphs, a line each."""
        return "\n".join((self.title, *self.paragraphs))


STYLES = ("json-ld", "meta", "markup", "classes")
"""Where a page says what it is; the last has a layout of its own."""


def copies_of(originals: Sequence[Told]) -> list[Told]:
    """Near-copies under the same outlets: a fifth of the paragraphs left out, words changed."""
    copies = []
    for number, told in enumerate(originals):
        kept = [line for place, line in enumerate(told.paragraphs) if place % 5 != number % 5]
        changed = [line.replace(" ha detto ", " ha dichiarato ").replace(" said ", " told us ") for line in kept]
        copies.append(replace(told, title=told.title + " (agenzia)", paragraphs=tuple(changed), url=None))
    return copies


def written(limit: int | None = None) -> list[Told]:
    """The articles of ntrex-dev in both languages, with invented authors and dates; `limit` for each language."""
    if not BENCH.is_dir():
        pytest.skip("the shared bench data are not there")
    told = []
    for language in ("it", "en"):
        for number, path in enumerate(sorted((BENCH / language).glob("*.txt"))[:limit]):
            title, *paragraphs = [
                line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()
            ]
            told.append(
                Told(
                    title,
                    tuple(paragraphs),
                    language,
                    _OUTLETS[number % 3],
                    _NAMES[number % 5],
                    f"2025-{number % 9 + 1:02}-{number % 28 + 1:02}T{number % 24:02}:30+01:00",
                    f"https://news.example/{language}/{path.stem}",
                )
            )
    return told


def seeds() -> list[Told]:
    """The seeds' paragraphs under invented titles."""
    told = []
    for number, path in enumerate(sorted(SEEDS.glob("*.txt"))):
        paragraphs = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if len(line) > 150]
        told.append(Told(f"Il museo dei soldati di Pyongyang, parte {number + 1}", tuple(paragraphs), "it"))
    return told


def web_page(told: Told, style: str) -> str:
    """`told` as a page with navigation, cookie bar and related stories; `style` is where it says what it is."""
    if style == "classes":
        return blog_page(told)
    escaped = html.escape
    head = [f"<title>{escaped(told.title)}{escaped(' | ' + told.outlet) if told.outlet else ''}</title>"]
    author = f'<p class="byline">di {escaped(told.author)}</p>' if told.author else ""
    moment = f'<time datetime="{told.published}">quel giorno</time>' if told.published else ""
    if style == "json-ld":
        content = {
            "@context": "https://schema.org",
            "@graph": [
                {"@type": "WebSite", "name": "non la testata", "url": "https://news.example/"},
                {
                    "@type": ["NewsArticle"],
                    "headline": told.title,
                    "author": [{"@type": "Person", "name": told.author}] if told.author else [],
                    "publisher": {"@type": "Organization", "name": told.outlet},
                    "datePublished": told.published,
                    "mainEntityOfPage": {"@id": told.url},
                },
            ],
        }
        head.append(f'<script type="application/ld+json">{json.dumps(content)}</script>')
        author = moment = ""
    elif style == "meta":
        values = {
            "og:title": told.title,
            "og:site_name": told.outlet,
            "article:published_time": told.published,
            "author": told.author,
        }
        head += [f'<meta property="{name}" content="{escaped(value)}">' for name, value in values.items() if value]
        head.append(f'<link rel="canonical" href="{told.url}">' if told.url else "")
        author = moment = ""
    elif told.outlet:
        head.append(f'<meta property="og:site_name" content="{escaped(told.outlet)}">')
    body = [f"<p>{escaped(line)}</p>" for line in told.paragraphs]
    links = "".join(f'<li><a href="/{n}">{escaped(line)}</a></li>' for n, line in enumerate(FURNITURE[1:4]))
    body.insert(len(body) // 2, f'<div class="box-correlati"><h4>Leggi anche</h4><ul>{links}</ul></div>')
    return f"""<!DOCTYPE html>
<html lang="{told.language}"><head><meta charset="utf-8">{"".join(head)}
<script>var hidden = "{escaped(FURNITURE[5])}";</script><style>p {{ margin: 0 }}</style></head>
<body><div id="cookie-bar" class="cookie-consent"><p>{FURNITURE[0]}</p><button>Accetta</button></div>
<header><nav><ul><li><a href="/">Home</a></li><li><a href="/esteri">Esteri</a></li><li><a href="/sport">Sport</a></li>
</ul></nav></header>
<main><article><h1>{escaped(told.title)}</h1>{author}{moment}
{"".join(body)}
<p style="display: none">{FURNITURE[5]}</p>
<div class="newsletter-signup"><p>{FURNITURE[4]}</p></div></article>
<aside class="related"><h3>Leggi anche</h3><ul>{links}</ul></aside></main>
<section class="related-posts"><h2>Altre notizie</h2><ul>{links}</ul></section>
<footer><p>{FURNITURE[5]}</p><p>© 2025 Tutti i diritti riservati</p></footer></body></html>"""


def blog_page(told: Told) -> str:
    """`told` as a page of nothing but ``div``, byline and date in classes, related stories and credits in the text."""
    escaped = html.escape
    related = [f'<a href="/{n}">{escaped(line)}</a>' for n, line in enumerate(FURNITURE[1:4])]
    body = [f"<p>{escaped(line)}</p>" for line in told.paragraphs]
    body.insert(len(body) // 2, f"<p><strong>LEGGI ANCHE – {related[0]}</strong></p>")
    body.insert(1, f'<div class="related-inline"><span>Leggi anche</span>{related[1]}</div>')
    day = "/".join(reversed((told.published or "")[:10].split("-")))
    meta = [
        f'<span class="author vcard">di <a rel="author" href="/a">{escaped(told.author)}</a></span>'
        if told.author
        else "",
        f'<span class="post-date">{day}</span>' if told.published else "",
    ]
    site = f'<meta property="og:site_name" content="{escaped(told.outlet)}">' if told.outlet else ""
    return f"""<!doctype html><html><head><meta charset="utf-8"><title>{escaped(told.title)}</title>{site}</head><body>
<div id="iubenda-cs-banner" role="dialog"><div>{FURNITURE[0]}</div></div>
<div class="top-menu"><a href="/">Vai alla home</a> <a href="/p">Politica</a> <a href="/e">Economia</a></div>
<div class="container"><div class="post"><h1>{escaped(told.title)}</h1><div class="meta">{"".join(meta)}</div>
<div class="share"><a href="#">Condividi su Facebook</a></div>
<figure><img src="a.jpg"><figcaption>Foto: Ansa / Mario Bianchi</figcaption></figure>
<div class="post-content">{"".join(body)}<p>© Riproduzione riservata</p></div>
<div class="newsletter"><p>{FURNITURE[4]}</p></div>
<div id="comments"><h3>3 commenti</h3><div class="comment"><p>Articolo molto interessante, lo consiglio.</p></div></div>
</div><div class="sidebar"><h3>I più letti</h3><ul>{"".join(f"<li>{link}</li>" for link in related)}</ul></div></div>
<div class="footer">{FURNITURE[5]}</div></body></html>"""


def word_file(told: Told) -> bytes:
    """`told` as a DOCX file with a title in that style and the author among its properties."""
    document = docx.Document()
    document.core_properties.author = told.author or ""
    document.add_paragraph(told.title, style="Title")
    for line in told.paragraphs:
        document.add_paragraph(line)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def rss(articles: Sequence[Told]) -> bytes:
    """`articles` as one outlet's feed with full texts as HTML."""
    items = [
        f"<item><title>{html.escape(one.title)}</title><link>{one.url}</link><guid>{one.url}</guid>"
        f"<dc:creator>{one.author}</dc:creator><pubDate>Mon, 03 Mar 2025 0{number % 10}:15:00 +0100</pubDate>"
        f"<content:encoded><![CDATA[{''.join(f'<p>{html.escape(line)}</p>' for line in one.paragraphs)}]]>"
        f"</content:encoded></item>"
        for number, one in enumerate(articles)
    ]
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Il Corriere finto</title>'
        f"<link>https://news.example</link><description>Prova</description>{''.join(items)}</channel></rss>"
    ).encode()


def jsonl(articles: Sequence[Told]) -> bytes:
    """`articles` as a scraper's dump."""
    rows = [
        {
            "id": number,
            "text": "\n".join(one.paragraphs),
            "title": one.title,
            "source": one.outlet,
            "author": one.author,
            "date": one.published,
            "url": one.url,
            "language": one.language,
        }
        for number, one in enumerate(articles)
    ]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def zipped(files: dict[str, bytes]) -> bytes:
    """A ZIP file of `files`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def token_f1(found: str, expected: str) -> float:
    """F1 of the words of two texts, counted with repetition."""
    one, other = (Counter(re.findall(r"\w+", text)) for text in (found, expected))
    return 2 * (one & other).total() / (one.total() + other.total())


def put(folder: Path, files: dict[str, bytes]) -> Path:
    """Write `files` into `folder`."""
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder
