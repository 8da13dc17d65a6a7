"""What reading reaches on the whole test collection: ``python -m benchmarks.collection``.

The tests hold the same on a part of it. Pages are made from the shared bench data and the seeds, see
:mod:`tests.collection`; they are cleaner than many on the web.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.figures import add_json, tell
from index.arranging import arrange
from index.ingest import read_file, read_sources
from index.passages import split_passages
from index.records import Article, Span
from tests import collection
from tests.collection import FURNITURE, TODAY, Told, put, token_f1
from tests.conftest import SEEDS
from tests.printing import printed

_FIELDS = ("title", "author", "published", "outlet")


def main() -> None:
    """Measure, print a table, and write the figures as JSON where asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.collection", description=__doc__.split("\n")[0])
    add_json(parser)
    given = parser.parse_args()
    if not collection.BENCH.is_dir():
        print("left out: the shared bench data are not there")
        return
    with tempfile.TemporaryDirectory() as folder:
        figures = {name: value for measure in (_pages, _prints, _copies) for name, value in measure(Path(folder))}
    tell(figures, given.json)


def _read(path: Path) -> Article:
    (article,) = read_file(path, TODAY, [])
    if not isinstance(article, Article):
        raise SystemExit(f"not read: {article}")
    return article


def _quotable(article: Article) -> str:
    drafts = split_passages(article.text, [exclusion.span for exclusion in article.exclusions])
    return "\n".join(span.of(article.text) for draft in drafts for span in draft.sentences)


def _pages(folder: Path) -> Iterator[tuple[str, str]]:
    right = Counter[str]()
    recovered: list[float] = []
    quoted = 0
    for style in collection.STYLES:
        for told in [*collection.written(), *collection.seeds()]:
            for one in (told, replace(told, author=None, published=None, outlet=None)):
                path = folder / "page.html"
                path.write_text(collection.web_page(one, style), encoding="utf-8")
                article = _read(path)
                # A page of the last style shows the day alone.
                moment = one.published and one.published[:10] if style == "classes" else one.published
                for name in _FIELDS:
                    right[name] += getattr(article, name) == getattr(replace(one, published=moment), name)
                words = _quotable(article)
                recovered.append(token_f1(words, one.text))
                quoted += any(line in words for line in FURNITURE)
    for name in _FIELDS:
        yield f"{name} right, null where absent", f"{right[name] / len(recovered):.3f}"
    yield "token F1 of what can be quoted, mean", f"{sum(recovered) / len(recovered):.4f}"
    yield "token F1 of what can be quoted, least", f"{min(recovered):.4f}"
    yield "pages, and those with furniture that can be quoted", f"{len(recovered)}, {quoted}"


def _prints(folder: Path) -> Iterator[tuple[str, str]]:
    for columns in (1, 2, 3, 6):
        whole = right = total = tables = 0
        for told in collection.written(4):
            for across in (False, True):
                paragraphs = _numbered(told)
                data, begins = printed(told.title, paragraphs, columns=columns, across=across)
                path = folder / "print.pdf"
                path.write_bytes(data)
                article = _read(path)
                tables += len(article.exclusions)
                lines = set(article.text.split("\n"))
                for number, (paragraph, page) in enumerate(zip(paragraphs, begins, strict=True)):
                    total += 1
                    whole += paragraph in lines
                    start = article.text.find(f"n{number}n")
                    right += start >= 0 and article.pages_of(Span(start, start + 3)) == (page, page)
        name = f"PDF, {columns} column{'s' * (columns > 1)}"
        yield f"{name}: paragraphs whole", f"{whole} of {total}"
        yield f"{name}: on the right page", f"{right} of {total}"
        yield f"{name}: prose taken for tables", str(tables)


def _numbered(told: Told) -> list[str]:
    """The paragraphs four times over, over several pages, each beginning with a word of its own."""
    return [f"n{number}n {line}" for number, line in enumerate(told.paragraphs * 4)]


def _copies(folder: Path) -> Iterator[tuple[str, str]]:
    originals = collection.written()
    files = {"a.jsonl": collection.jsonl(originals), "b.jsonl": collection.jsonl(collection.copies_of(originals))}
    put(folder, files)
    articles = arrange(read_sources([folder / "a.jsonl", folder / "b.jsonl", SEEDS]).articles)
    stories: dict[str, set[str]] = {}
    for article in articles:
        if article.story is not None:
            stories.setdefault(article.story, set()).add(article.source_file)
    pairs = [{f"a.jsonl#{number}", f"b.jsonl#{number}"} for number in range(len(originals))]
    yield "near-copies found", f"{sum(pair in stories.values() for pair in pairs)} of {len(pairs)}"
    yield "false links", str(sum(members not in pairs for members in stories.values()))


if __name__ == "__main__":
    main()
