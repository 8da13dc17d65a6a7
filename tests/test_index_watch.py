"""Watching: what appears is added whole, once, and a bad file does not end the watch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from index import cli
from index.archive import Archive
from index.build import add
from index.changes import Change
from index.errors import SourceError, VirgolettatoError
from index.publish import writer_lock
from index.settings import Place
from index.shared import publishing
from index.shared.checking import problems
from index.watch import watch
from tests.collection import put
from tests.servers import Postgres, common_folder, running


class EndedError(Exception):
    """The last look was taken."""


def script(*steps: Callable[[], object]) -> Callable[[float], None]:
    """A pause that does one step each time instead of waiting, and then ends the watch."""
    left: Iterator[Callable[[], object]] = iter(steps)

    def pause(_: float) -> None:
        step = next(left, None)
        if step is None:
            raise EndedError
        step()

    return pause


def seen(archive: Path, folder: Path, *steps: Callable[[], object]) -> list[Change | VirgolettatoError]:
    """All that a watch over `folder` yields while `steps` happen, one before each look."""
    found = []
    try:
        for one in watch(archive, [folder], pause=script(*steps)):
            found.append(one)
    except EndedError:
        return found
    raise AssertionError("the watch ended by itself")


def nothing() -> None:
    """A look at which nothing has changed."""


def test_what_appears_is_added_once_it_stands_still(hashing_path: Path, tmp_path: Path) -> None:
    """A file that still grows is waited for, then added once; a later change of it is an update."""
    folder = put(tmp_path / "in", {})
    folder.mkdir()

    found = seen(
        hashing_path,
        folder,
        lambda: put(folder, {"a.txt": b"Il ponte"}),
        lambda: put(folder, {"a.txt": b"Il ponte sarebbe aperto."}),
        nothing,
        nothing,
        lambda: put(folder, {"a.txt": b"Il ponte sarebbe di nuovo chiuso."}),
        nothing,
        nothing,
    )

    changes = [one for one in found if isinstance(one, Change)]
    assert [(len(c.added), len(c.updated)) for c in changes] == [(1, 0), (0, 1)]
    assert len(found) == 2
    texts = [article.text for article in Archive.open(hashing_path).store.articles()]
    assert "Il ponte sarebbe di nuovo chiuso." in texts
    assert len(texts) == 6


def test_a_bad_file_is_told_once_and_the_watch_goes_on(hashing_path: Path, tmp_path: Path) -> None:
    """What cannot be read is one error; the next good file is added."""
    folder = put(tmp_path / "in", {"bad.pdf": b"%PDF-1.7"})

    found = seen(hashing_path, folder, nothing, nothing, lambda: put(folder, {"a.txt": b"Il ponte."}), nothing, nothing)

    assert isinstance(found[0], SourceError)
    assert isinstance(found[1], Change)
    assert len(found) == 2


def test_a_side_file_that_comes_later_is_read(hashing_path: Path, tmp_path: Path) -> None:
    """Metadata written after its article update it."""
    folder = put(tmp_path / "in", {"a.txt": b"Il ponte."})
    late = b'{"title": "Chiuso il ponte"}'

    found = seen(hashing_path, folder, nothing, nothing, lambda: put(folder, {"a.meta.json": late}), nothing, nothing)

    assert [(len(c.added), len(c.updated)) for c in found if isinstance(c, Change)] == [(1, 0), (0, 1)]
    titles = {article.text: article.title for article in Archive.open(hashing_path).store.articles()}
    assert titles["Il ponte."] == "Chiuso il ponte"


def test_a_file_that_goes_does_not_cost_the_others(
    hashing_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that is deleted between the look and the addition is forgotten; what appeared with it is added."""
    folder = put(tmp_path / "in", {"a.txt": b"Il ponte.", "b.txt": b"La strada."})

    def adding(archive: Path, sources: list[Path]) -> Change:
        (folder / "a.txt").unlink(missing_ok=True)
        return add(archive, sources)

    monkeypatch.setattr("index.watch.add", adding)
    found = seen(hashing_path, folder, nothing, nothing, nothing)

    assert [len(c.added) for c in found if isinstance(c, Change)] == [1]
    assert len(found) == 1
    assert "La strada." in [article.text for article in Archive.open(hashing_path).store.articles()]


def test_a_busy_archive_is_waited_for(hashing_path: Path, tmp_path: Path) -> None:
    """While another writer is at work nothing is lost: the file is added when it is done."""
    folder = put(tmp_path / "in", {"a.txt": b"Il ponte."})
    lock = writer_lock(hashing_path)

    found = seen(hashing_path, folder, lock.__enter__, lambda: lock.__exit__(None, None, None), nothing)

    assert [type(one) for one in found] == [Change]


def test_a_missing_source_ends_the_watch_at_once(hashing_path: Path, tmp_path: Path) -> None:
    """A mistyped folder is an error and no watch."""
    with pytest.raises(SourceError, match="does not exist"):
        next(watch(hashing_path, [tmp_path / "typo"], pause=script()))


def test_what_could_not_be_published_is_tried_again(
    hashing_path: Path,
    tmp_path: Path,
    engine_uri: str,
    engine_token: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With the database down a watch says so once, and publishes when it is back, though no other file comes."""
    folder = put(tmp_path / "in", {"a.txt": b"Il ponte sarebbe aperto."})
    monkeypatch.setattr(publishing, "WRITING", 1.0)
    with common_folder() as place, running(database := Postgres(place)):
        url = database.database("watched")
        for name, value in (("ENGINE", engine_uri), ("DATABASE", url), ("ENGINE_PATIENCE", "1")):
            monkeypatch.setenv(f"VIRGOLETTATO_{name}", value)
        database.kill()
        monkeypatch.setattr(cli, "time", SimpleNamespace(sleep=script(nothing, database.start, nothing)))

        with pytest.raises(EndedError):
            cli.main(["watch", "--archive", str(hashing_path), str(folder)])

        assert list(problems(Place(hashing_path, engine_uri, url))) == []
    said = capsys.readouterr()
    assert "1 added" in said.out
    assert said.err.count("error: the database") == 1
    assert said.err.splitlines()[-1] == "shared: generation 1, all 6 articles anew"
