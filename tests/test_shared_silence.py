"""An engine or a database that stands still, dies while it is written to, is too old, or is named as nobody can be."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import httpx
import pytest

from index.archive import Archive
from index.build import add
from index.cli import main
from index.errors import (
    SHARE,
    ArchiveError,
    ArchiveMismatchError,
    ArchiveUnreachableError,
    UsageError,
    VirgolettatoError,
)
from index.opening import open_archive
from index.settings import DATABASE_VARIABLE, ENGINE_VARIABLE, Place, without_secrets
from index.shared import connection, database, publishing
from index.shared.database import Database, Writer
from index.shared.engine import Milvus
from index.shared.publishing import share
from index.shared.settings import Reach
from page.conversation import Notice
from page.desk import Desk
from qa.answer import Engine
from qa.records import Answer
from tests.conftest import Run
from tests.servers import MilvusLite, Postgres, Server, until
from tests.test_shared_archive import answers, dated
from tests.visits import CHROMIUM, NO_CHROMIUM, Visit
from tests.visits import Server as Page

if TYPE_CHECKING:
    from playwright.sync_api import Browser

QUESTION = "In quale distretto di Pyongyang sorgerà il museo?"
_AT_LAST = 100.0
"""Seconds after which what stands still goes on: whoever waited for it gets an answer, where an error is expected."""


@pytest.fixture
def impatient(shared: Place, monkeypatch: pytest.MonkeyPatch) -> Place:
    """The same, whose readers and writers wait for three seconds."""
    monkeypatch.setenv("VIRGOLETTATO_ENGINE_PATIENCE", "3")
    monkeypatch.setattr(publishing, "WRITING", 3.0)
    return shared


class Still:
    """A context in which `server` stands still; after a long while it goes on by itself."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._waking = threading.Timer(_AT_LAST, server.resume)

    def __enter__(self) -> None:
        self._server.pause()
        self._waking.start()

    def __exit__(self, *_: object) -> None:
        self._waking.cancel()
        self._server.resume()


@pytest.mark.parametrize("which", [0, 1], ids=["engine", "database"])
def test_what_stands_still_is_not_waited_for(
    impatient: Place, mortal: tuple[MilvusLite, Postgres], which: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It holds its connections and says nothing: questions, readers and writers are told so, and later all is well."""
    desk = Desk(replace(impatient, path=Path("nowhere")), "none")
    before = desk.answer(QUESTION)
    with Still(mortal[which]):
        notice = desk.ask("Kim soldati Kursk")
        assert isinstance(notice, Notice)
        assert notice.message == "archive_unreachable"
        if which:
            # Whoever asks a moment later is told without waiting.
            with monkeypatch.context() as own:
                own.setattr(database, "patiently", Mock(side_effect=AssertionError))
                with pytest.raises(ArchiveUnreachableError, match="does not answer"):
                    desk.holdings()
        for ask in (desk.problem, lambda: open_archive(impatient), lambda: share(impatient)):
            with pytest.raises(ArchiveUnreachableError, match="does not answer"):
                raise ask() or AssertionError("it answered")
    # For a moment nobody waits, though it goes on.
    after = until(lambda: desk.ask(QUESTION), lambda found: isinstance(found, Answer))
    assert isinstance(after, Answer)
    assert [cited.quote.text for cited in after.citations] == [cited.quote.text for cited in before.citations]


def test_several_who_ask_do_not_wait_for_each_other(impatient: Place, mortal: tuple[MilvusLite, Postgres]) -> None:
    """While one looks for a newer generation, which nobody tells, others look beside it."""
    desk = Desk(replace(impatient, path=Path("nowhere")), "none")
    archive = desk.engine().archive
    together = threading.Barrier(4, timeout=_AT_LAST)

    def looked() -> bool:
        together.wait()
        return True

    object.__setattr__(archive, "is_current", looked)
    asking = [threading.Thread(target=desk.engine) for _ in range(4)]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    assert not together.broken


def test_a_statement_that_takes_its_time_is_waited_for(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer's may take longer than it has patience, as long as the server answers others; a reader's may not."""
    monkeypatch.setattr(connection, "_LOOK", 0.5)
    one = Database(postgres.url(), 3)
    looked: list[str] = []
    rows = one.rows
    monkeypatch.setattr(one, "rows", lambda query: looked.append(query) or rows(query))
    with one.writer() as writer:
        assert writer.rows("SELECT 1 FROM pg_sleep(5)") == [(1,)]
    assert looked
    with pytest.raises(ArchiveUnreachableError, match="has no answer in 3 seconds"):
        rows("SELECT 1 FROM pg_sleep(30)")
    assert rows("SELECT 2") == [(2,)]


def test_who_waits_for_a_connection_is_answered(postgres: Postgres) -> None:
    """Where more ask at once than there are connections, time is counted from when one has one."""
    one = Database(postgres.url(), 2)
    with ThreadPoolExecutor(60) as pool:
        answered = list(pool.map(lambda n: one.rows("SELECT ? FROM pg_sleep(1)", [n]), range(60)))
    assert answered == [[(n,)] for n in range(60)]


def test_a_writer_is_told_that_its_database_stands_still(
    mortal: tuple[MilvusLite, Postgres], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the middle of a statement that may take its time as well."""
    monkeypatch.setattr(connection, "_LOOK", 0.5)
    told = pytest.raises(ArchiveUnreachableError, match="does not answer")
    with Database(mortal[1].url(), 2).writer() as writer, Still(mortal[1]), told:
        writer.rows("SELECT 1 FROM pg_sleep(1)")
    assert Database(mortal[1].url(), 60).rows("SELECT 1") == [(1,)]


@pytest.mark.parametrize("which", [0, 1], ids=["engine", "database"])
def test_a_server_that_dies_while_it_is_written_to(
    impatient: Place,
    mortal: tuple[MilvusLite, Postgres],
    which: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One line says so, the former generation stays, and the next publication brings what was missing."""
    former = answers(Engine(open_archive(impatient)), [QUESTION])
    monkeypatch.setenv(ENGINE_VARIABLE, str(impatient.engine))
    monkeypatch.setenv(DATABASE_VARIABLE, str(impatient.database))
    (source,) = dated(tmp_path / "more", "Quarnasco")
    owner, name = ((Milvus, "upsert"), (Writer, "copy"))[which]
    works = getattr(owner, name)

    def dies(*given: Any) -> Any:
        mortal[which].kill()
        return works(*given)

    with monkeypatch.context() as own:
        own.setattr(owner, name, dies)
        status = main(["add", "--archive", str(impatient.path), str(source)])
    told = capsys.readouterr().err.splitlines()[-1]
    assert status == 1
    assert "does not answer" in told
    assert told.endswith(f"; then {SHARE}")
    mortal[which].start()
    monkeypatch.setenv("VIRGOLETTATO_ENGINE_PATIENCE", "60")
    monkeypatch.setattr(publishing, "WRITING", 60.0)
    assert answers(Engine(open_archive(impatient)), [QUESTION]) == former
    share(impatient)
    asked = ["Quando apre il ponte di Quarnasco?", QUESTION]
    assert answers(Engine(open_archive(impatient)), asked) == answers(Engine(Archive.open(impatient.path)), asked)


@pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM)
def test_the_page_says_that_the_archive_cannot_be_reached(
    impatient: Place, mortal: tuple[MilvusLite, Postgres], browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a real browser, wherever one looks: in the answer, by a link, in lists, for a draft, and under ``/api``."""
    monkeypatch.setenv(ENGINE_VARIABLE, str(impatient.engine))
    monkeypatch.setenv(DATABASE_VARIABLE, str(impatient.database))
    (article, *_) = Archive.open(impatient.path).store.holdings()
    cannot = "L’archivio in questo momento non è raggiungibile"
    served = Page(Path("nowhere"), "--reader", "none")
    try:
        with Still(mortal[1]):
            visit = Visit(browser, served, "it-IT", query=f"?article={article.id}")
            page = visit.page
            page.locator("#reader .notice", has_text=cannot).wait_for()
            page.locator("#ask-filters .reach", has_text=cannot).wait_for()
            visit.ask(QUESTION)
            page.locator("#conversation .notice", has_text=cannot).wait_for()
            for tab, within in (("Virgolettati", "#quotations"), ("Archivio", "#holdings")):
                page.get_by_role("tab", name=tab).click()
                page.locator(f"{within} .notice", has_text=cannot).wait_for()
            page.get_by_role("tab", name="Verifica").click()
            page.fill("#draft textarea", "«circa 12.000 soldati a combattere in Ucraina»")
            page.click("#check-draft")
            page.locator("#verdicts .notice", has_text=cannot).wait_for()
            for address in ("articles", f"articles/{article.id}", "ask?q=Pyongyang", "quotes"):
                told = httpx.get(f"{served.url}/api/{address}", timeout=_AT_LAST)
                assert (told.status_code, told.json()["error"]) == (503, "The archive cannot be reached at the moment.")
                assert "try again shortly" in told.json()["hint"]
        visit.leave()
        # For a moment nobody waits, though it goes on.
        address = f"{served.url}/api/articles/{article.id}"
        assert until(lambda: httpx.get(address, timeout=_AT_LAST).status_code, (200).__eq__) == 200
        visit = Visit(browser, served, "it-IT", query=f"?article={article.id}")
        visit.page.locator("#reader article").wait_for()
        visit.leave()
    finally:
        assert "Traceback" not in served.stop()


@pytest.mark.parametrize(
    ("altered", "told"),
    [
        (("secret@127.0.0.1", "ge/heim@127.0.0.1"), "refuses the credentials"),
        (("secret@127.0.0.1", "ge heim@127.0.0.1"), "refuses the credentials"),
        (("secret@127.0.0.1", "geheim@127.0.0.1@127.0.0.1"), "has @ in a password"),
        (("secret@127.0.0.1", "a?b@geheim@127.0.0.1"), "has @ in a password"),
        (("secret@127.0.0.1:", "1?geheim@127.0.0.1:"), "refuses the credentials"),
        (("127.0.0.1:", "127.0.0.1:geheim"), "is no PostgreSQL database"),
        (("127.0.0.1:", "[::1:"), "is no PostgreSQL database"),
        (("127.0.0.1:", "127.0.0.1:9"), 'invalid port number: "9'),
        (("/postgres", "/postgres?geheim=1"), 'invalid connection option "geheim"'),
    ],
)
def test_a_database_that_nobody_can_be(postgres: Postgres, altered: tuple[str, str], told: str) -> None:
    """It is one line at once, without any secret."""
    address = postgres.url().replace(*altered)
    with pytest.raises(VirgolettatoError) as caught:
        Database(address, 60).rows("SELECT 1")
    assert isinstance(caught.value, UsageError | ArchiveError)
    assert not isinstance(caught.value, ArchiveUnreachableError)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)
    assert "heim@" not in str(caught.value)
    assert "ge heim" not in str(caught.value)


def test_no_secret_is_told(run: Run) -> None:
    """A password that makes no address is told no more than one that does."""
    address = "postgresql://me:ge/he@im@127.0.0.1:1/a"
    done = run("-m", "qa", "speakers", **{ENGINE_VARIABLE: "http://127.0.0.1:1", DATABASE_VARIABLE: address})

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert not {"me:", "ge/", "im@"} & {done.stderr[at : at + 3] for at in range(len(done.stderr))}
    assert without_secrets(address) == "postgresql://127.0.0.1:1/a"


def test_texts_are_kept_in_utf_8(hashing_path: Path, engine_uri: str, engine_token: None, postgres: Postgres) -> None:
    """A database of another encoding is refused before anything is written into it."""
    postgres.run("CREATE DATABASE other ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    with pytest.raises(ArchiveError, match="keeps texts as LATIN1, not as UTF8") as caught:
        share(Place(hashing_path, engine_uri, postgres.url("other")))
    assert caught.value.hint == "make one with: createdb --encoding=UTF8 --template=template0"


def test_a_reader_needs_few_rights(place: Place, postgres: Postgres, tmp_path: Path) -> None:
    """A user who may not connect, or was granted nothing, is told so.

    With the grants that ``docs/scale.md`` names it reads what is published, and what will be, and writes nothing.
    """
    assert place.database is not None
    name = f"reader_{os.getpid()}"
    postgres.run(f"CREATE ROLE {name} LOGIN PASSWORD 'secret'")
    share(place)
    reader = replace(place, database=place.database.replace("postgres:", f"{name}:"))
    own = place.database.rpartition("/")[2]
    for change in (f"REVOKE CONNECT ON DATABASE {own} FROM PUBLIC", f"GRANT CONNECT ON DATABASE {own} TO PUBLIC"):
        postgres.run(change)
        with pytest.raises(ArchiveError, match="does not let this user do that"):
            open_archive(reader)
    (granted,) = [
        block.split("```")[0] for block in Path("docs/scale.md").read_text(encoding="utf-8").split("```sql\n")[1:]
    ]
    postgres.run(granted.replace("reader", name), place.database)
    share(place, anew=True)
    add(place.path, dated(tmp_path / "more", "Quarnasco"))
    share(place)
    assert answers(Engine(open_archive(reader)), [QUESTION]) == answers(Engine(Archive.open(place.path)), [QUESTION])
    with pytest.raises(ArchiveError, match="does not let this user do that"):
        share(reader)


@pytest.mark.parametrize("version", ["v2.2.16", "2.3.4", "v2.3.5", "2.10.0-dev", "unknown"])
def test_an_older_engine_is_named(
    engine_uri: str, engine_token: None, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    """What its version says is compared number by number; what says none is taken by what it can do."""
    pymilvus = pytest.importorskip("pymilvus")
    monkeypatch.setattr(pymilvus.MilvusClient, "get_server_version", lambda *_, **__: version)
    if version in ("v2.2.16", "2.3.4"):
        with pytest.raises(ArchiveMismatchError, match=rf"is Milvus {version}$") as caught:
            Milvus(engine_uri, Reach.from_environment(), 60)
        assert caught.value.hint == "Milvus 2.3.5 or newer is needed"
    else:
        assert Milvus(engine_uri, Reach.from_environment(), 60).version == version


@pytest.mark.parametrize("port", ["abc", "99999", "0"])
def test_a_port_that_is_none(run: Run, port: str) -> None:
    """It is wrong usage, and nobody's age."""
    done = run("-m", "qa", "speakers", "--engine", f"http://127.0.0.1:{port}", "--database", "postgresql://127.0.0.1/a")

    assert done.returncode == 2
    assert "is no address of an engine" in done.stderr
    assert done.stderr.count("\n") == 1
