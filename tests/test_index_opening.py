"""An archive that stays open for who opens it next, as long as it is the one that is wanted."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from index.build import add, build
from index.encoder import HASHING
from index.errors import ArchiveError
from index.opening import open_archive, staying_open
from index.settings import Place


def _article(folder: Path, words: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "uno.txt"
    path.write_text(f"{words}.\n", encoding="utf-8")
    return path


def test_it_is_opened_once_until_there_is_a_newer_one(tmp_path: Path) -> None:
    """Who opens it again gets what is open; after a change, or outside, it is opened anew."""
    place = Place(tmp_path / "archive")
    build(place.path, [_article(tmp_path / "a", "Il ponte di Bra è chiuso")], model=HASHING)
    alone = open_archive(place)
    assert open_archive(place) is not alone

    with staying_open():
        first = open_archive(place)
        assert open_archive(place) is first
        add(place.path, [_article(tmp_path / "b", "Il mercato di Alba si sposta")])
        second = open_archive(place)
        assert (first.manifest.articles, second.manifest.articles) == (1, 2)
        assert open_archive(place) is second

    assert open_archive(place) is not second


def test_another_archive_is_another_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same relative path in another folder, and another path, are not taken for what is open."""
    for name, words in (("a", "Il ponte di Bra è chiuso"), ("b", "Il mercato di Alba si sposta")):
        build(tmp_path / name / "archive", [_article(tmp_path / name, words)], model=HASHING)

    with staying_open():
        found = []
        for name in ("a", "b", "a"):
            monkeypatch.chdir(tmp_path / name)
            (article,) = open_archive(Place(Path("archive"))).store.articles()
            found.append(article.text.split()[1])
        assert found == ["ponte", "mercato", "ponte"]
        assert open_archive(Place(tmp_path / "b" / "archive")) is not open_archive(Place(Path("archive")))


def test_an_archive_that_went_is_told(tmp_path: Path) -> None:
    """What is open does not answer in the place of an archive that is not there any more; a new one there does."""
    place = Place(tmp_path / "archive")
    build(place.path, [_article(tmp_path / "a", "Il ponte di Bra è chiuso")], model=HASHING)

    with staying_open():
        open_archive(place)
        shutil.rmtree(place.path)
        with pytest.raises(ArchiveError):
            open_archive(place)
        build(place.path, [_article(tmp_path / "b", "Il mercato di Alba si sposta")], model=HASHING)
        second = open_archive(place)
        (article,) = second.store.articles()
        assert "mercato" in article.text
        shutil.rmtree(place.path)
        build(place.path, [tmp_path / "b"], model=HASHING)
        third = open_archive(place)
        assert (third.folder, third.manifest.index_id) == (second.folder, second.manifest.index_id)
        assert third is not second


def test_what_cannot_be_a_path_is_told_in_one_line(tmp_path: Path) -> None:
    """A link to itself is an archive that cannot be read, whether one stays open or not."""
    (tmp_path / "loop").symlink_to(tmp_path / "loop")

    with pytest.raises(ArchiveError, match="cannot be read"):
        open_archive(Place(tmp_path / "loop"))
