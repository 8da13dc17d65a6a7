"""What goes wrong between an archive and its engine and database: one line that says what, and nothing is lost."""

from __future__ import annotations

import contextlib
import itertools
import json
import multiprocessing
import os
import secrets
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from index.archive import Archive
from index.build import add, remove
from index.encoder import HASHING, open_encoder
from index.errors import (
    SHARE_ANEW,
    SHARE_REBUILT,
    ArchiveBusyError,
    ArchiveDamagedError,
    ArchiveError,
    ArchiveMismatchError,
    ArchiveMissingError,
    ArchiveUnreachableError,
    UsageError,
)
from index.manifest import INVENTED, SCHEMA
from index.opening import open_archive
from index.settings import Place, without_secrets
from index.shared import publishing
from index.shared.archive import SharedArchive
from index.shared.checking import problems
from index.shared.collections import create, drop
from index.shared.database import Database, Writer
from index.shared.engine import Milvus
from index.shared.generations import Generation
from index.shared.publishing import share
from index.shared.settings import Reach
from index.shared.tags import FIELDS
from page.conversation import Notice
from page.desk import Desk
from page.door.health import build_health
from qa.answer import Engine
from qa.records import Answer
from tests.conftest import Run
from tests.servers import MilvusLite, Postgres, until
from tests.test_shared_archive import answers, dated, texts, told_to

QUESTION = "Putin Kursk"


@pytest.mark.parametrize("which", [0, 1], ids=["engine", "database"])
def test_who_does_not_answer_is_told_and_recovers(
    shared: Place, mortal: tuple[MilvusLite, Postgres], which: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the engine or the database killed, a question is a notice and ``/readyz`` is 503; later all is well."""
    monkeypatch.setenv("VIRGOLETTATO_ENGINE_PATIENCE", "3")
    monkeypatch.setattr(publishing, "WRITING", 3.0)
    app = FastAPI()
    desk = Desk(replace(shared, path=Path("nowhere")), "none")
    app.include_router(build_health(desk))
    before = until(lambda: desk.ask(QUESTION), lambda found: isinstance(found, Answer))
    assert isinstance(before, Answer)
    with TestClient(app) as client:
        mortal[which].kill()
        try:
            started = time.monotonic()
            notice = desk.ask("Kim soldati Kursk")
            waited = time.monotonic() - started
            assert isinstance(notice, Notice)
            assert notice.message == "archive_unreachable"
            assert waited < 60
            unready = client.get("/readyz")
            assert unready.status_code == 503
            assert "127.0.0.1" not in unready.text
            with pytest.raises(ArchiveUnreachableError, match="does not answer"):
                open_archive(shared)
            with pytest.raises(ArchiveUnreachableError, match="does not answer") as caught:
                share(shared)
            assert "\n" not in str(caught.value)
            assert "secret" not in str(caught.value)
        finally:
            mortal[which].start()
        after = until(lambda: desk.ask(QUESTION), lambda found: isinstance(found, Answer))
        assert isinstance(after, Answer)
        assert [c.quote.text for c in after.citations] == [c.quote.text for c in before.citations]
        ready = {"status": "ready"}
        assert until(lambda: client.get("/readyz").json(), ready.__eq__) == ready


@pytest.mark.parametrize("which", [0, 1], ids=["engine", "database"])
def test_a_patient_question_survives_a_restart(shared: Place, mortal: tuple[MilvusLite, Postgres], which: int) -> None:
    """With patience set, a question that is asked while the engine or the database starts again is answered."""
    archive = open_archive(shared)
    expected = answers(Engine(Archive.open(shared.path)), [QUESTION])
    mortal[which].kill()
    starting = threading.Timer(3, mortal[which].start)
    starting.start()
    try:
        assert answers(Engine(archive), [QUESTION]) == expected
    finally:
        starting.join()


Moment = tuple[str, int]
"""Just before or just after the n-th time that a certain word is said to the engine or the database."""

_BOUNDARIES = ("COMMIT", "create_alias", "alter_alias")
"""What changes for others: which generation answers, and what the aliases name."""
_SPREAD = 2
"""Moments of a run at which it is killed, or one more, besides those around its boundaries."""
_FORKED = multiprocessing.get_context("forkserver")
"""Makes processes that have loaded everything, and are connected with nothing."""


def _publishing(place: Place, anew: bool, end: Moment | None, told: Connection) -> None:
    """Publish in this process, which is killed at the moment `end`; one that is not tells all its moments."""
    moments: list[Moment] = []

    def reach(name: str) -> None:
        moments.append((name, 1 + sum(name == one for one, _ in moments)))
        if moments[-1] == end:
            os.kill(os.getpid(), signal.SIGKILL)

    def mortal(call: Callable[..., Any]) -> Callable[..., Any]:
        def said(asked: object, what: str, *arguments: Any, **options: Any) -> Any:
            word = "copy" if call.__name__ == "copy" else what.split()[0]
            reach(f"before {word}")
            result = call(asked, what, *arguments, **options)
            reach(f"after {word}")
            return result

        return said

    for kind, name in ((Milvus, "ask"), (Writer, "rows"), (Writer, "copy")):
        setattr(kind, name, mortal(getattr(kind, name)))
    share(place, anew=anew)
    told.send(moments)


def _published(place: Place, *, anew: bool, end: Moment | None = None) -> list[Moment]:
    """The moments of a process that published; none where it was killed at `end`."""
    _FORKED.set_forkserver_preload([__name__, "pymilvus", "sqlalchemy", "psycopg"])
    here, there = _FORKED.Pipe(duplex=False)
    process = _FORKED.Process(target=_publishing, args=(place, anew, end, there))
    process.start()
    there.close()
    moments = []
    assert here.poll(120)
    with contextlib.suppress(EOFError):
        moments = here.recv()
    process.join()
    assert process.exitcode == (0 if moments else -signal.SIGKILL)
    return moments


def _chosen(moments: Sequence[Moment]) -> list[Moment]:
    """Some of the `moments` of a run, evenly spread, and those around the first boundary of each kind, in order."""
    spread = set(moments[:: max(1, len(moments) // _SPREAD)])
    return [one for one in moments if one in spread or (one[0].split()[1] in _BOUNDARIES and one[1] == 1)]


def _answered(place: Place) -> tuple[int, list[str], list[dict[str, Any]]]:
    """The generation that answers at `place`, its articles and what it says; nothing where none was published."""
    try:
        archive = open_archive(place)
    except ArchiveMissingError:
        return 0, [], []
    return archive.generation, texts(archive), answers(Engine(archive), [QUESTION])


@pytest.mark.parametrize("kind", ["first", "anew", "change"])
def test_a_writer_may_die_anywhere(kind: str, place: Place, postgres: Postgres, tmp_path: Path) -> None:
    """Killed at any moment, it leaves the former generation or the new one; the next one brings all into order."""
    anew, numbers = kind == "anew", itertools.count()

    def another() -> Place:
        """Where there is something to be published."""
        if kind == "first":
            return replace(place, database=postgres.database(f"archive_{secrets.token_hex(6)}"))
        if kind == "change":
            oldest = texts(Archive.open(place.path))[:1]
            add(place.path, dated(tmp_path / "more", f"Quarnasco{next(numbers)}"))
            remove(place.path, oldest)
        return place

    if kind != "first":
        share(place)
    moments = _published(another(), anew=anew)
    names = {name for name, _ in moments}
    assert {"before COMMIT", "after COMMIT"} <= names
    assert kind == "change" or {"create_alias", "alter_alias"} & {name.split()[1] for name in names}
    outcomes, there = set(), another()
    for moment in _chosen(moments):
        here = Archive.open(there.path)
        now = (texts(here), answers(Engine(here), [QUESTION]))
        former = _answered(there)
        ended = not _published(there, anew=anew, end=moment)
        number, *found = _answered(there)
        assert found == list(now if number > former[0] else former[1:]), moment
        outcomes.add((ended, number > former[0]))
        if number > former[0] or moment[0].split()[1] in _BOUNDARIES:
            share(there)
            assert _answered(there)[1:] == now, moment
            assert list(problems(there)) == [], moment
            there = another()

    assert {(True, False), (True, True)} <= outcomes
    share(there)
    assert list(problems(there)) == []


def test_two_writers_do_not_publish_at_once(place: Place) -> None:
    """The second one is told that another is publishing, and the first one's lock goes with its connection."""
    assert place.database is not None
    database = Database(place.database, 2)

    with database.writer(), pytest.raises(ArchiveBusyError, match="another writer is publishing"):
        share(place)

    assert share(place).built


def test_wrong_credentials_are_told(shared: Place, mortal: tuple[MilvusLite, Postgres]) -> None:
    """A wrong password or a database that is not there is said at once, without the password."""
    _, postgres = mortal
    wrong = replace(shared, database=postgres.url("postgres", "wrong-secret"))

    with pytest.raises(ArchiveError, match="refuses the credentials") as caught:
        open_archive(wrong)
    assert "wrong-secret" not in f"{caught.value} {caught.value.hint}"
    with pytest.raises(ArchiveError, match="there is no database"):
        open_archive(replace(shared, database=postgres.url("nowhere")))


def test_a_lost_collection_is_told_and_sent_again(place: Place) -> None:
    """Without one of its collections the archive is damaged, which sharing it mends; with another dimension, too."""
    share(place)
    archive = open_archive(place)
    assert isinstance(archive, SharedArchive)
    name = archive.published.collection("sentences")

    drop(archive.milvus, name)
    with pytest.raises(ArchiveDamagedError, match=rf"has no collection {name}$") as caught:
        open_archive(place)
    assert caught.value.hint.endswith("python -m index share")
    create(archive.milvus, name, 7, FIELDS, graph=False)
    with pytest.raises(ArchiveMismatchError, match="has vectors of 7 dimensions"):
        open_archive(place)
    drop(archive.milvus, name)

    assert share(place).built
    assert answers(Engine(open_archive(place)), [QUESTION]) == answers(Engine(Archive.open(place.path)), [QUESTION])


def test_what_verify_finds(place: Place) -> None:
    """Vectors and texts that are missing or others than they should be are told, and sending all again mends it."""
    share(place)
    archive = open_archive(place)
    assert isinstance(archive, SharedArchive)
    ids = [one.id for one in archive.store.passages()]
    archive.milvus.delete(archive.published.collection("passages"), ids[:1])
    told_to(place, "DELETE FROM virgolettato_1.all_direct_quotes")

    found = [damage.what for damage in problems(place)]

    assert f"the engine has {len(ids) - 1} vectors of passages, not {len(ids)}" in found
    assert any(line.startswith("the database has 0 direct quotes, not ") for line in found)
    share(place, anew=True)
    assert list(problems(place)) == []


_MANIFEST = "UPDATE virgolettato.generations SET manifest ="
_ARTICLES = "virgolettato_1.all_articles"


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (f"{_MANIFEST} replace(manifest, '\"schema\": {SCHEMA}', '\"schema\": {SCHEMA - 1}')", "has schema"),
        (f"{_MANIFEST} replace(manifest, '\"schema\": {SCHEMA}', '\"schema\": 1')", "has schema 1,"),
        (f"{_MANIFEST} replace(manifest, '\"articles\": 5', '\"articles\": 6')", "manifest was altered"),
        (f"{_MANIFEST} left(manifest, 99)", "manifest is missing or unreadable"),
        ("UPDATE virgolettato.files SET content = 'x'", "invented.npy is missing or was altered"),
        ("DELETE FROM virgolettato.files", "invented.npy is missing or was altered"),
        (f"UPDATE {_ARTICLES} SET text = text || 'x'", "was altered after it was added"),
        (f"UPDATE {_ARTICLES} SET exclusions = 'x'", "a stored article was altered"),
        (f"DELETE FROM {_ARTICLES}", "that a passage of the archive names is not there"),
        ("DELETE FROM virgolettato_1.all_sentences WHERE ordinal = 0", "other sentences than terms"),
        ("DELETE FROM virgolettato_1.all_termed", "other sentences than terms"),
    ],
)
def test_readers_are_told_what_mends_a_shared_archive(place: Place, damage: str, told: str) -> None:
    """Not to build an archive that they have not: what to do on the machine that writes, which does mend it."""
    if not share(place).generation.ranked and "termed" in damage:
        pytest.skip("this server does not rank by words")
    expected = answers(Engine(Archive.open(place.path)), [QUESTION])
    told_to(place, damage)

    with pytest.raises((ArchiveDamagedError, ArchiveMismatchError), match=told) as caught:
        answers(Engine(open_archive(place)), [QUESTION])

    older = "schema" in damage
    assert isinstance(caught.value, ArchiveMismatchError) == older
    assert caught.value.hint == (SHARE_REBUILT if older else SHARE_ANEW)
    share(place, anew=not older)
    assert answers(Engine(open_archive(place)), [QUESTION]) == expected
    assert list(problems(place)) == []


def test_readers_are_told_of_another_model_or_index(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that is another one here, and words that cannot be read here, name the mend of a shared archive, too."""
    monkeypatch.setattr(publishing, "ranks", lambda *_: False)
    share(place)
    other = open_encoder(HASHING)
    monkeypatch.setattr(other, "dimension", 7)

    with pytest.raises(ArchiveMismatchError, match="those of hashing 7") as another:
        _ = open_archive(place, lambda _: other).encoder
    assert another.value.hint == SHARE_REBUILT
    monkeypatch.setattr("tantivy.Index.open", Mock(side_effect=ValueError("no such format")))
    with pytest.raises(ArchiveDamagedError, match="full-text index terms cannot be read") as unread:
        open_archive(place)
    assert unread.value.hint == SHARE_ANEW


@pytest.mark.parametrize("package", ["pymilvus", "sqlalchemy", "psycopg"])
def test_missing_packages_are_told(
    hashing_path: Path, engine_uri: str, engine_token: None, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    """Without what only big installations need, one line says what to install."""
    monkeypatch.setitem(sys.modules, package, None)

    with pytest.raises(ArchiveError, match="is not installed") as caught:
        publishing.reach(Place(hashing_path, engine_uri, "postgresql://127.0.0.1:1/none"))

    assert caught.value.hint.endswith("pip install -r requirements-scale.txt")


def test_a_silent_engine_is_not_waited_for_long(
    postgres: Postgres, hashing_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that takes the call and says nothing is told like one that is down."""
    monkeypatch.setenv("VIRGOLETTATO_ENGINE_PATIENCE", "1")
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        place = Place(hashing_path, f"http://127.0.0.1:{silent.getsockname()[1]}", postgres.url())
        with pytest.raises(ArchiveUnreachableError, match="does not answer"):
            publishing.reach(place)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--engine", "http://127.0.0.1:1"], "the database is not named"),
        (["--database", "postgresql://127.0.0.1/a"], "the engine is not named"),
        (["--engine", "http://127.0.0.1:1", "--database", "postgresql://a:b@127.0.0.1/a"], "a password on the command"),
        (
            ["--engine", "127.0.0.1:1", "--database", "postgresql://127.0.0.1/a"],
            "is no address of an engine",
        ),
        (["--engine", "ftp://127.0.0.1", "--database", "postgresql://127.0.0.1/a"], "is no address of an engine"),
        (["--engine", "http://127.0.0.1:1", "--database", "mysql://127.0.0.1/a"], "is no PostgreSQL database"),
    ],
)
def test_settings_that_cannot_be_meant(run: Run, arguments: list[str], told: str) -> None:
    """They are wrong usage, told in one line."""
    done = run("-m", "qa", "speakers", *arguments)

    assert done.returncode == 2, done.stderr
    assert told in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_name_that_nobody_knows_is_asked_for_again() -> None:
    """A name that is not resolved may be a moment later: the engine does not answer, whatever words gRPC has for it."""
    with pytest.raises(ArchiveUnreachableError, match=r"the engine at http://no-such\.invalid:19530 does not answer"):
        Milvus("http://no-such.invalid:19530", Reach(), 1)


def test_a_server_that_does_not_know_what_is_asked_is_too_old() -> None:
    """What speaks the protocol and none of Milvus's methods is one line that says what is needed."""
    grpc = pytest.importorskip("grpc")
    server = grpc.server(ThreadPoolExecutor(2))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        with pytest.raises(
            ArchiveMismatchError, match=r"cannot do what is asked of it \(Method not found!\)$"
        ) as caught:
            Milvus(f"http://127.0.0.1:{port}", Reach(), 3_600)
    finally:
        server.stop(None)
    assert caught.value.hint == "Milvus 2.3.5 or newer is needed"


def test_no_name_from_the_database_leads_out_of_the_folder() -> None:
    """Of the files that a manifest in the database lists, a reader writes only what belongs into its folder."""
    outside = ("../terms", "terms/..", "terms/.", "terms/", "terms/../../out", "/terms/out", "../invented.npy", "/out")
    listed = dict.fromkeys((*outside, "terms/meta.json", INVENTED), (1, "digest"))
    generation = Generation(1, 1, "name", ranked=False, manifest=json.dumps({"files": listed}))
    assert generation.files() == {INVENTED: "digest", "terms/meta.json": "digest"}


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A token from a file goes before one that stands there itself; numbers out of range are refused."""
    (tmp_path / "token").write_text("root:from a file\n", encoding="utf-8")
    monkeypatch.setenv("VIRGOLETTATO_ENGINE_TOKEN", "root:plain")
    assert Reach.from_environment().token == "root:plain"
    monkeypatch.setenv("VIRGOLETTATO_ENGINE_TOKEN_FILE", str(tmp_path / "token"))
    monkeypatch.setenv("VIRGOLETTATO_ENGINE_REPLICAS", "2")
    assert Reach.from_environment() == Reach("root:from a file", None, 5.0, 2, 1)
    assert "from a file" not in repr(Reach.from_environment())
    for name, value in (
        ("PATIENCE", "0"),
        ("SHARDS", "many"),
        ("REPLICAS", "1.5"),
        ("TOKEN_FILE", str(tmp_path / "none")),
    ):
        with monkeypatch.context() as own:
            own.setenv(f"VIRGOLETTATO_ENGINE_{name}", value)
            with pytest.raises(UsageError):
                Reach.from_environment()
    assert without_secrets("postgresql://me:word@host/a?password=word&x=1") == "postgresql://host/a?password=&x=1"


def test_the_commands_publish_and_read(place: Place, run: Run, tmp_path: Path) -> None:
    """``index add`` publishes what it changes, and ``qa`` and ``index`` read it without any archive of their own."""
    where = {"VIRGOLETTATO_ENGINE": str(place.engine), "VIRGOLETTATO_DATABASE": str(place.database)}
    (path,) = dated(tmp_path / "more", "Quarnasco")

    added = run("-m", "index", "add", "--archive", str(place.path), str(path), **where)
    asked = run("-m", "qa", "quotes", "ponte aperto", "--archive", "nowhere", **where)
    told = run("-m", "index", "info", "--archive", "nowhere", **where)
    verified = run("-m", "index", "verify", "--archive", "nowhere", **where)

    assert added.returncode == 0, added.stderr
    assert "shared: generation 1, all 6 articles anew" in added.stderr
    assert "Il ponte è aperto" in asked.stdout
    assert "words     ranked by milvus" in told.stdout
    assert (verified.returncode, verified.stdout) == (0, "sound\n")
    assert "secret" not in told.stdout
    # Where the archive is written, its own files are checked as well.
    (Archive.open(place.path).folder / INVENTED).write_bytes(b"")
    unsound = run("-m", "index", "verify", "--archive", str(place.path), **where)
    assert unsound.returncode == 1
    assert INVENTED in unsound.stdout
