"""What is asked of a store of texts, alike of SQLite and of PostgreSQL: the answers follow from the articles given."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from index.archive import Archive
from index.build import build_articles
from index.encoder import HASHING
from index.entries import direct_speech, passages_of
from index.errors import ArchiveDamagedError
from index.records import Article, DirectQuote, Span
from index.segmented import SegmentStore
from index.selection import Selection
from index.settings import Place
from index.shared.archive import SharedArchive
from index.shared.publishing import share
from index.store import Store
from tests.servers import Postgres
from tests.test_engine_contract import HOSTILE

SPEAKERS = ("Anna D’Amico", "Mario Rossi", "Élodie “Lò” Brûlé")


def _articles() -> list[Article]:
    """Articles with names of every kind, some without a date, an outlet or a language."""
    made = []
    for number in range(24):
        speaker = SPEAKERS[number % 3]
        text = (
            f"Capitolo {number}. Il ponte numero {number} di Quarnasco è costato {number * 1_000 + 17} euro.\n"
            f"«Il ponte {number} resterà aperto fino a sera», ha detto {speaker}.\n"
            f'Emoji \U0001f4f0 e \\ ‘ " ; -- % _ {{}} al numero {number * 31}.'
        )
        digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
        made.append(
            Article(
                id=digest[:16],
                text=text,
                title=None if number % 5 == 0 else f"Titolo «{number}» à la carte",
                outlet=None if number % 6 == 0 else HOSTILE[number % len(HOSTILE)],
                author="O'Neil",
                published=None if number % 7 == 0 else f"2025-{number % 12 + 1:02}-{number % 27 + 1:02}T10:30+02:00",
                language=("it", "it", "en", None)[number % 4],
                url=None if number % 2 else f"https://example.org/{number}?a='b'&c=%20",
                source_file=("Zeta.txt", "alfa.txt", "Èta.txt", "_b.txt")[number % 4] + str(number % 3),
                source_path=f"/news/{number}",
                sha256=digest,
                source_sha256=digest,
            )
        )
    return made


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store") / "archive"
    build_articles(folder, _articles(), HASHING)
    return folder


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, path: Path) -> Iterator[Store]:
    """The store of the same articles in each database."""
    if request.param == "sqlite":
        yield Archive.open(path).store
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    place = Place(path, request.getfixturevalue("engine_uri"), postgres.database("store_contract"))
    share(place)
    archive = SharedArchive.opened(place)
    yield archive.store
    archive.store.close()


@pytest.fixture(scope="module")
def articles(path: Path) -> list[Article]:
    """The articles as an archive keeps them, by file name, then id, in the order of bytes."""
    store = Archive.open(path).store
    assert isinstance(store, SegmentStore)
    kept = {article.id: article for article in store.articles()}
    given = _articles()
    assert [replace(kept[one.id], claims=(), exclusions=(), story=None) for one in given] == given
    return sorted(kept.values(), key=lambda one: (one.source_file.encode(), one.id))


def _speech(articles: list[Article]) -> list[DirectQuote]:
    return sorted(
        (quote for article in articles for quote in direct_speech(article)), key=lambda q: (q.article_id, q.span)
    )


def test_articles_come_whole_and_in_order(store: Store, articles: list[Article]) -> None:
    """Every field of each article is as it was stored; they come by file name, then id."""
    assert list(store.articles()) == articles
    assert [store.article(one.id) for one in articles] == articles
    assert store.articles_with("id", [articles[3].id, "nobody", articles[1].id]) == [articles[1], articles[3]]
    assert store.articles_with("source_file", ["alfa.txt0"]) == [a for a in articles if a.source_file == "alfa.txt0"]
    assert store.ids_with("url", "https://example.org/2?a='b'&c=%20") == [
        one.id for one in articles if one.url == "https://example.org/2?a='b'&c=%20"
    ]
    assert store.articles_with("id", []) == []
    assert sorted(store.numbers().values()) == sorted(one.id for one in articles)
    with pytest.raises(KeyError):
        store.article("nobody")


@pytest.mark.parametrize(
    "selection",
    [
        Selection(),
        Selection(since="2025-06-01"),
        Selection(until="2025-06-01"),
        Selection("2025-03-03", "2025-10-10", "it"),
        Selection(outlets=frozenset()),
        Selection(outlets=frozenset(HOSTILE[:3])),
        *(Selection(outlets=frozenset({name})) for name in HOSTILE),
    ],
)
def test_a_selection_lets_through_what_it_says(store: Store, articles: list[Article], selection: Selection) -> None:
    """Dates, language and outlets decide, and an article without a date meets no dates."""
    expected = [
        one.id
        for one in articles
        if (not selection.since or (one.published or "")[:10] >= selection.since)
        and (not selection.until or "" < (one.published or "")[:10] <= selection.until)
        and (not selection.language or one.language == selection.language)
        and (selection.outlets is None or one.outlet in selection.outlets)
    ]

    assert store.article_ids(selection) == sorted(expected)
    if selection == Selection():
        assert store.article_ids() == sorted(expected)


def test_kinds_are_those_of_the_articles(store: Store, articles: list[Article]) -> None:
    """Each article's number comes with what filters ask of it."""
    numbers = store.numbers()
    kinds = {numbers[number]: tuple(rest) for number, *rest in store.kinds()}
    assert kinds == {one.id: (one.published, one.language, one.outlet) for one in articles}


def test_outlets_are_found_by_part_of_their_name(store: Store) -> None:
    """Case and accents do not matter; a whole name is asked for where it is to be exact."""
    held = {one.outlet for one in _articles()} - {None}

    assert store.outlets("corriere") == {'Il "Corriere" di Bra'} & held
    assert store.outlets("CORRIERE", exact=True) == frozenset()
    assert store.outlets("{OUTLET}", exact=True) == {"{outlet}"} & held
    assert store.outlets("") == held


def test_passages_and_sentences_are_those_of_the_articles(store: Store, articles: list[Article]) -> None:
    """They come by id, as the articles are cut."""
    drafts = {one.id: passages_of(one) for one in articles}
    for article in articles:
        ids = store.passage_ids([article.id])
        passages = store.passages(ids)
        assert ids == sorted(ids)
        assert [one.span for one in passages] == [draft.span for draft in drafts[article.id]]
        assert [one.ordinal for one in passages] == list(range(len(passages)))
        for passage, draft in zip(passages, drafts[article.id], strict=True):
            sentences = store.sentences([passage.id])
            assert tuple(one.span for one in sentences) == draft.sentences
            assert store.sentences_by_id([one.id for one in reversed(sentences)]) == sentences
    everything = store.passages()
    assert [one.id for one in everything] == store.passage_ids([one.id for one in articles])
    assert store.languages() == Counter(one.language for one in everything)
    assert list(store.languages().values()) == sorted(store.languages().values(), reverse=True)


def test_direct_speech_is_that_of_the_articles(store: Store, articles: list[Article]) -> None:
    """All of it, of some articles, of some speakers; and the passages in which somebody speaks."""
    speech = _speech(articles)
    assert {quote.speaker for quote in speech} >= {"Mario Rossi"}

    assert store.direct_quotes() == speech
    some = [one.id for one in articles[4:9]]
    assert store.direct_quotes(some) == [quote for quote in speech if quote.article_id in some]
    assert store.direct_quotes(speakers=["Mario Rossi"]) == [q for q in speech if q.speaker == "Mario Rossi"]
    assert store.speakers() == Counter(q.speaker for q in speech if q.speaker)
    said = Counter((q.article_id, q.speaker) for q in speech if q.speaker)
    assert sorted(store.said()) == sorted((i, who, count) for (i, who), count in said.items())
    assert store.quotations() == len(speech)
    spoken = {
        passage.id
        for passage in store.passages()
        for quote in speech
        if quote.article_id == passage.article_id
        and quote.speaker == "Mario Rossi"
        and quote.span.overlaps(Span(passage.span.start, passage.span.end))
    }
    assert store.passages_spoken_in(["Mario Rossi"]) == sorted(spoken)


def test_holdings_and_totals_count_what_is_held(store: Store, articles: list[Article]) -> None:
    """Holdings come newest first, those without a date last; totals are whole numbers, by language."""
    speech = Counter(quote.article_id for quote in _speech(articles))
    dated = sorted((one for one in articles if one.published), key=lambda one: one.published or "", reverse=True)

    holdings = store.holdings()

    assert [one.id for one in holdings] == [one.id for one in [*dated, *(a for a in articles if not a.published)]]
    assert {one.id: one.quotations for one in holdings} == {one.id: speech[one.id] for one in articles}
    assert {one.id: one.passages for one in holdings} == {one.id: len(passages_of(one)) for one in articles}
    expected = []
    for language in (None, "en", "it"):
        of = [one for one in articles if one.language == language]
        excluded = sum(len(e.span) for one in of for e in one.exclusions)
        expected.append((language, len(of), 0, sum(len(one.text) for one in of), excluded))
    assert store.totals() == expected
    assert all(type(number) is int for row in store.totals() for number in row[1:])
    assert store.in_stories() == {one.id: (one.story, one.outlet) for one in articles if one.story}


def test_an_altered_text_is_never_handed_out(postgres: Postgres, path: Path, engine_uri: str) -> None:
    """A text that is not the one that was added is an error, in the database of many machines too."""
    import sqlalchemy

    url = postgres.database("altered")
    share(Place(path, engine_uri, url))
    engine = sqlalchemy.create_engine(url.replace("://", "+psycopg://"))
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE virgolettato_1.all_articles SET text = replace(text, 'euro', 'lire')")
    engine.dispose()
    archive = SharedArchive.opened(Place(path, engine_uri, url))

    with pytest.raises(ArchiveDamagedError, match="was altered after it was added"):
        list(archive.store.articles())
    archive.store.close()
