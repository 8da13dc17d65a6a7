"""What the readers must reach, on files made from real articles with real libraries."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from index.arranging import arrange
from index.ingest import read_file, read_sources
from index.passages import split_passages
from index.records import Article, Span
from tests import collection
from tests.collection import FURNITURE, TODAY, Told, put, token_f1
from tests.printing import printed

_FIELDS = ("title", "author", "published", "outlet")


def _read(path: Path) -> Article:
    """The one article of a file."""
    (article,) = read_file(path, TODAY, [])
    assert isinstance(article, Article)
    return article


def _quotable(article: Article) -> str:
    """All that can be quoted of an article."""
    drafts = split_passages(article.text, [exclusion.span for exclusion in article.exclusions])
    return "\n".join(span.of(article.text) for draft in drafts for span in draft.sentences)


def _right(article: Article, told: Told) -> float:
    """The share of the fields that are what the file says, null where it says nothing."""
    return sum(getattr(article, name) == getattr(told, name) for name in _FIELDS) / len(_FIELDS)


@pytest.mark.parametrize("style", collection.STYLES)
@pytest.mark.parametrize("absent", [False, True], ids=["all said", "little said"])
def test_web_pages_give_their_article_and_what_they_say_of_it(tmp_path: Path, style: str, absent: bool) -> None:
    """Fields are right in 95 % and null where absent, the text's token F1 is .98, and no furniture can be quoted."""
    right, recovered = [], []
    # What a seed's own dateline says of it is not invented, but it is not what the page was made to say.
    for number, told in enumerate([*collection.written(12), *collection.seeds()[:3]]):
        if absent:
            told = replace(told, author=None, published=None, outlet=None)
        path = tmp_path / f"{number}.html"
        path.write_text(collection.web_page(told, style), encoding="utf-8")

        article = _read(path)

        if style == "classes" and told.published:
            told = replace(told, published=told.published[:10])  # the day is all it shows
        right.append(_right(article, told))
        recovered.append(token_f1(_quotable(article), told.text))
        assert article.language == told.language
        assert not [line for line in FURNITURE if line in _quotable(article)]
    assert sum(right) / len(right) >= 0.95
    assert min(recovered) >= 0.98


@pytest.mark.parametrize("across", [False, True], ids=["by column", "across"])
@pytest.mark.parametrize("columns", [1, 2, 3])
def test_printed_pages_are_read_in_order_and_name_their_pages(tmp_path: Path, columns: int, across: bool) -> None:
    """Each paragraph is one line again, broken words are whole, running heads are gone, and pages are right."""
    for told in collection.written(4):
        paragraphs = told.paragraphs * 3  # over several pages
        data, begins = printed(told.title, paragraphs, columns=columns, across=across)
        path = tmp_path / "a.pdf"
        path.write_bytes(data)

        article = _read(path)

        lines = article.text.split("\n")
        assert token_f1(article.text, "\n".join((told.title, *paragraphs))) >= 0.98
        assert article.title == told.title
        assert article.exclusions == ()  # lines in columns are no table
        assert not [line for line in lines if line.startswith(("Pagina", "La Gazzetta di prova"))]
        at, whole = 0, 0
        for line in lines:
            pages = article.pages_of(Span(at, at + len(line)))
            places = [page for page, paragraph in zip(begins, paragraphs, strict=True) if paragraph == line]
            assert not places or (pages is not None and pages[0] in places)
            whole += bool(places)
            at += len(line) + 1
        assert whole >= 0.9 * len(paragraphs)


def test_narrow_columns_are_no_table(tmp_path: Path) -> None:
    """Lines of three words side by side over a whole page are prose."""
    for told in collection.written(4):
        path = tmp_path / "a.pdf"
        path.write_bytes(printed(told.title, told.paragraphs * 3, columns=6, across=True)[0])

        assert _read(path).exclusions == ()


def test_a_quote_from_a_pdf_names_its_page(tmp_path: Path) -> None:
    """Every word that stands on one page only is found on that page, whichever the order of drawing."""
    lines = [line for told in collection.written(6) for line in told.paragraphs]
    paragraphs = [f"Il testimone numero{number} dice: {line}" for number, line in enumerate(lines[:60])]
    data, begins = printed("Un processo", paragraphs, columns=2, across=True)
    path = tmp_path / "a.pdf"
    path.write_bytes(data)

    article = _read(path)

    assert max(begins) >= 2
    for number, page in enumerate(begins):
        start = article.text.split(f"numero{number} ")[0]
        span = Span(len(start), len(start) + 7)
        assert article.pages_of(span) == (page, page)


def test_documents_feeds_and_dumps_give_their_articles(tmp_path: Path) -> None:
    """DOCX, RSS, JSONL and a ZIP file of them: texts whole, and every field as it was written."""
    articles = collection.written(6)
    put(
        tmp_path,
        {
            "a.docx": collection.word_file(articles[0]),
            "b.rss": collection.rss(articles[1:4]),
            "c.jsonl": collection.jsonl(articles[4:8]),
            "d.zip": collection.zipped(
                {"sub/e.docx": collection.word_file(articles[8]), "f.jsonl": collection.jsonl(articles[9:11])}
            ),
        },
    )

    intake = read_sources([tmp_path])

    assert (intake.refusals, intake.duplicates, intake.notes) == ((), (), ())
    found = {article.title: article for article in intake.articles}
    assert [article.source_file for article in intake.articles] == [
        "a.docx",
        *(f"b.rss#{one.url}" for one in sorted(articles[1:4], key=lambda one: str(one.url))),
        *(f"c.jsonl#{number}" for number in range(4)),
        "d.zip/f.jsonl#0",
        "d.zip/f.jsonl#1",
        "d.zip/sub/e.docx",
    ]
    for number, told in enumerate(articles[:11]):
        article = found[told.title]
        in_word = number in (0, 8)
        text = told.text if in_word else "\n".join(told.paragraphs)
        assert article.text == text
        assert article.author == told.author
        if not in_word:
            assert article.url == told.url
            assert (article.published or "")[:4] == "2025"
        if 4 <= number < 8:
            assert _right(article, told) == 1


def test_near_copies_are_one_story_and_the_seeds_are_five(tmp_path: Path) -> None:
    """Shortened and slightly rewritten copies under other outlets are linked; no two seeds and no two articles are."""
    originals = collection.written(20)
    copies = collection.copies_of(originals)
    put(tmp_path, {"a.jsonl": collection.jsonl(originals), "b.jsonl": collection.jsonl(copies)})

    articles = arrange(read_sources([tmp_path, collection.SEEDS]).articles)

    stories: dict[str, set[str]] = {}
    for article in articles:
        if article.story is not None:
            stories.setdefault(article.story, set()).add(article.source_file)
    pairs = [{f"a.jsonl#{number}", f"b.jsonl#{number}"} for number in range(len(originals))]
    assert sum(pair in stories.values() for pair in pairs) >= 0.95 * len(pairs)
    assert all(members in pairs for members in stories.values())
