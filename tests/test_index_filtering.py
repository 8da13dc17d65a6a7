"""What filters let through of a generation on this machine, in several segments and after removals."""

from __future__ import annotations

import gc
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index import generation
from index.archive import Archive, LocalArchive
from index.build import add_intake, build_articles, remove
from index.encoder import HASHING
from index.entries import direct_speech
from index.errors import REDERIVE, ArchiveDamagedError
from index.ingest import Intake
from index.records import Article
from index.selection import Selection
from index.vectors import FaissIndex
from tests.test_store_contract import HOSTILE, SPEAKERS, _articles

SELECTIONS = [
    Selection(),
    Selection(since="2025-06-01"),
    Selection(until="2025-06-01"),
    Selection(since="2025-06-07", until="2025-06-07"),
    Selection("2025-03-03", "2025-10-10", "it"),
    Selection(language="de"),
    Selection(outlets=frozenset()),
    Selection(outlets=frozenset({*HOSTILE[:3], "nobody"})),
    Selection(speakers=frozenset()),
    Selection(speakers=frozenset({SPEAKERS[1], "nobody"})),
    Selection("2025-02-01", None, "it", frozenset(HOSTILE), frozenset(SPEAKERS[:2])),
    *(Selection(outlets=frozenset({name})) for name in HOSTILE),
]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> LocalArchive:
    """Three segments; two articles of the first and one of the second are removed."""
    path = tmp_path_factory.mktemp("masks") / "archive"
    articles = _articles()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(generation, "_SMALL", 1)
        patch.setattr(generation, "_STALE", 1)
        build_articles(path, articles[:14], HASHING)
        add_intake(path, Intake(tuple(articles[14:20])))
        add_intake(path, Intake(tuple(articles[20:])))
        remove(path, [articles[number].id for number in (3, 8, 15)])
    opened = Archive.open(path)
    assert len(opened.manifest.segments) >= 3
    assert opened.manifest.articles == 21
    return opened


@pytest.mark.parametrize("selection", SELECTIONS, ids=str)
@pytest.mark.parametrize("table", ["passages", "sentences"])
def test_found_is_what_brute_force_finds(archive: LocalArchive, selection: Selection, table: str) -> None:
    """Of passages and sentences, the nearest of those whose article, and passage, the selection lets through."""
    index: FaissIndex = getattr(archive, table)
    vector = np.random.default_rng(3).normal(size=256).astype(np.float32)
    vector /= np.linalg.norm(vector)
    passages = {passage.id for passage in archive.store.passages() if _met(archive, passage.id, selection)}
    allowed = (
        passages if table == "passages" else {i for own in archive.store.sentence_ids(passages).values() for i in own}
    )

    for k in (1, 7, 1_000):
        found = index.search(vector, k, selection)

        products = index.products(vector, sorted(allowed)).tolist()
        nearest = sorted(zip(sorted(allowed), products, strict=True), key=lambda hit: (-hit[1], hit[0]))
        assert found == nearest[:k]


def _met(archive: LocalArchive, passage: int, selection: Selection) -> bool:
    """Whether the article, and somebody in the passage, is as `selection` asks; told from the article itself."""
    (held,) = archive.store.passages([passage])
    article: Article = archive.store.article(held.article_id)
    day = (article.published or "")[:10]
    said = {quote.speaker for quote in direct_speech(article) if quote.span.overlaps(held.span)}
    return (
        (not selection.since or day >= selection.since)
        and (not selection.until or "" < day <= selection.until)
        and (not selection.language or article.language == selection.language)
        and (selection.outlets is None or article.outlet in selection.outlets)
        and (selection.speakers is None or bool(said & selection.speakers))
    )


def test_an_empty_archive_lets_nothing_through(tmp_path: Path) -> None:
    """Whatever is asked, nothing is found in an archive whose articles are all gone, and nothing fails."""
    articles = _articles()[:2]
    build_articles(tmp_path / "archive", articles, HASHING)
    remove(tmp_path / "archive", [article.id for article in articles])
    archive = Archive.open(tmp_path / "archive")

    for selection in SELECTIONS:
        assert archive.passages.search(np.eye(1, 256, dtype=np.float32)[0], 5, selection) == []
        assert archive.sentences.search(np.eye(1, 256, dtype=np.float32)[0], 5, selection) == []


def test_many_ask_at_once(archive: LocalArchive) -> None:
    """Each of many threads finds what its own selection lets through, also where more are asked for than are kept."""
    vector = np.eye(1, 256, dtype=np.float32)[0]
    many = [Selection(since=f"2025-{month:02}-{day:02}") for month in range(1, 13) for day in range(1, 28, 3)]
    assert len(many) > 2 * 32
    alone = [Archive.open(archive.path).sentences.search(vector, 50, selection) for selection in many]

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda selection: archive.sentences.search(vector, 50, selection), many * 2))

    assert found == alone * 2


def test_an_archive_goes_with_its_last_user(archive: LocalArchive) -> None:
    """What filters keep does not hold the vectors of a generation that nobody asks any more."""
    opened = Archive.open(archive.path)
    opened.sentences.search(np.eye(1, 256, dtype=np.float32)[0], 5, Selection(language="it"))
    gone = [weakref.ref(opened.sentences), weakref.ref(opened.passages.segments[0])]
    gc.disable()
    try:
        del opened
        assert [one() for one in gone] == [None, None]
    finally:
        gc.enable()


def test_sentences_in_another_order_are_damage(archive: LocalArchive, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files whose sentences do not follow their passages are told of with the mend, instead of filtering wrongly."""
    opened = Archive.open(archive.path)
    segment = opened.sentences.segments[0]
    monkeypatch.setattr(segment, "owners", segment.owners[::-1].copy())

    with pytest.raises(ArchiveDamagedError, match="sentences are not in the order of its passages") as caught:
        opened.sentences.search(np.eye(1, 256, dtype=np.float32)[0], 5, Selection(language="it"))

    assert caught.value.hint == REDERIVE
