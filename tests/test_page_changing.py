"""Adding to the archive and removing from it in the page: a real Chromium, the real program, and real files."""

from __future__ import annotations

import json
import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from index.archive import Archive
from index.build import build
from index.encoder import HASHING
from index.verify import verify
from qa.quotations import find_quotations
from qa.records import Filters
from tests.conftest import SEEDS
from tests.visits import CHROMIUM, NO_CHROMIUM, Server, Visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM)
MUSEUM = SEEDS / "003_1ef017ea2025330c.txt"
NEWS = "Il sindaco Ugo Prova ha inaugurato il ponte. «Questo ponte unisce due quartieri di Frattaglie», ha detto Prova."


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive of one seed, which may be changed."""
    path = tmp_path / "archive"
    build(path, [MUSEUM], HASHING)
    return path


@pytest.fixture
def server(archive: Path, tmp_path: Path) -> Iterator[Server]:
    """The page over it, in which one may add, and which writes down who does what."""
    running = Server(archive, "--allow-upload", "--audit", str(tmp_path / "audit"))
    yield running
    assert "Traceback" not in running.stop()


def test_files_are_added_and_reported(browser: Browser, server: Server, archive: Path, tmp_path: Path) -> None:
    """What was read, skipped, passed over and why is told; side files count; the archive is sound; and the new article
    answers at once, by the name it was sent under.
    """
    names = {"ponte <b>.txt": NEWS, "vuoto.txt": " ", "foto.xyz": "x", "copia.txt": MUSEUM.read_text(encoding="utf-8")}
    folder = tmp_path / "new"
    folder.mkdir()
    for name, text in names.items():
        (folder / name).write_bytes(text.encode())
    (folder / "ponte <b>.meta.json").write_text('{"outlet": "Gazzetta di Frattaglie"}')
    visit = Visit(browser, server, "it-IT")
    page = visit.page
    page.get_by_role("tab", name="Archivio").click()
    page.locator("#holdings td").first.wait_for()
    with page.expect_file_chooser() as chosen:
        page.click("#add-files")
    chosen.value.set_files(sorted(folder.iterdir()))
    page.locator("#change .change").wait_for()
    report = page.locator("#change").inner_text().replace("\n", " ")

    assert "Articoli letti 1" in report
    assert "Aggiunti 1" in report
    assert "Scartati, e perché: 2" in report
    assert "foto.xyz è in un formato che non si legge; lascialo fuori, o salvalo come testo" in report
    assert "vuoto.txt è vuoto; lascialo fuori" in report
    assert "Stesso testo di un altro articolo: 1 copia.txt" in report
    page.locator("#change details summary", has_text="Aggiunti: 1").click()
    assert page.locator("#change details li").all_inner_texts() == [
        next(
            name
            for name in (holding.source_file for holding in Archive.open(archive).store.holdings())
            if "ponte" in name
        )
    ]
    assert verify(archive) == []
    held = {holding.source_file: holding.outlet for holding in Archive.open(archive).store.holdings()}
    added = next(name for name in held if name.startswith("ponte"))
    assert sorted(held) == [MUSEUM.name, added]
    assert held[added] == "Gazzetta di Frattaglie"
    assert page.locator("#holdings tbody tr").count() == 2
    page.get_by_role("tab", name="Domande").click()
    page.locator("#ask-filters", has_text="Articoli: 2 di 2").wait_for()
    visit.ask("Cosa ha detto il sindaco Prova del ponte di Frattaglie?")
    assert "Questo ponte unisce due quartieri di Frattaglie" in page.locator("#conversation").inner_text()
    page.get_by_label("English").click()
    page.get_by_role("tab", name="Archive").click()
    page.locator("#change .change[lang=en]", has_text="Skipped, and why: 2").wait_for()
    visit.leave()


def test_a_folder_is_added_and_an_article_removed(
    browser: Browser, server: Server, archive: Path, tmp_path: Path
) -> None:
    """A whole folder is sent at once; an article is removed only after one said yes. What was read, added and removed
    stands in the audit log.
    """
    folder = tmp_path / "folder"
    (folder / "inner").mkdir(parents=True)
    (folder / "a.txt").write_text(NEWS, encoding="utf-8")
    (folder / "inner" / "b.txt").write_text(NEWS.replace("ponte", "teatro"), encoding="utf-8")
    visit = Visit(browser, server, "en-GB")
    page = visit.page
    page.get_by_role("tab", name="Archive").click()
    with page.expect_file_chooser() as chosen:
        page.click("#add-folder")
    chosen.value.set_files(folder)
    page.locator("#change .change", has_text="Added").wait_for()
    assert page.locator("#change dl").inner_text().replace("\n", " ") == "Articles read 2 Added 2 Unchanged 1"
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="Remove: a.txt").click()
    assert page.locator("#holdings tbody tr").count() == 3
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Remove: a.txt").click()
    page.locator("#change .change", has_text="Removed").wait_for()

    assert page.locator("#holdings tbody tr").count() == 2
    held = Archive.open(archive)
    assert held.manifest.articles == 2
    assert verify(archive) == []
    page.locator("#holdings button.open").first.click()
    page.locator("#reader article").wait_for()
    page.get_by_role("tab", name="Quotes").click()
    page.locator("#quotations .card").first.wait_for()
    visit.leave()
    lines = [json.loads(line) for line in (tmp_path / "audit").read_text(encoding="ascii").splitlines()]
    assert [(line["kind"], len(line["articles"])) for line in lines] == [
        ("add", 2),
        ("remove", 1),
        ("article", 1),
        ("quotes", len({quotation.article.id for quotation in find_quotations(held, None, Filters())})),
    ]
    assert lines[1]["articles"][0] in lines[0]["articles"]
    assert lines[2]["articles"][0] in held.store.article_ids()
    assert lines[1]["archive"] == lines[2]["archive"] == held.manifest.index_id != lines[0]["archive"]


def test_asking_goes_on_while_articles_are_added(server: Server, browser: Browser, tmp_path: Path) -> None:
    """While a large dump is being added every question is answered, and each answer is of one whole archive."""
    dump = tmp_path / "dump.jsonl"
    lines = (f'{{"id": "{n}", "text": "{NEWS.replace("ponte", f"ponte numero {n}")}"}}\n' for n in range(400))
    dump.write_text("".join(lines), encoding="utf-8")
    seen: list[tuple[int, str, str]] = []
    done = threading.Event()

    def ask() -> None:
        with httpx.Client(base_url=server.url, timeout=120) as http:
            while not done.is_set():
                answer = http.get("/api/ask", params={"q": "Cosa ha detto Kim Jong Un del museo?"})
                seen.append((answer.status_code, answer.json()["index_id"], answer.json()["status"]))

    visit = Visit(browser, server, "it-IT")
    page = visit.page
    page.get_by_role("tab", name="Archivio").click()
    asking = threading.Thread(target=ask)
    asking.start()
    with page.expect_file_chooser() as chosen:
        page.click("#add-files")
    chosen.value.set_files(dump)
    page.locator("#change .change", has_text="Aggiunti").wait_for()
    page.get_by_role("tab", name="Domande").click()
    visit.ask("Cosa ha detto Kim Jong Un del museo?")
    visit.leave()
    done.set()
    asking.join()

    assert {status for status, _, _ in seen} == {200}
    assert 1 <= len({index_id for _, index_id, _ in seen}) <= 2


def refused(server: Server, length: int) -> int:
    """The status of a request that says it has `length` bytes, before any of them is sent."""
    with socket.create_connection(("127.0.0.1", int(server.url.rsplit(":", 1)[1])), timeout=60) as connection:
        head = f"POST /gradio_api/upload HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {length}\r\n\r\n"
        connection.sendall(head.encode())
        return int(connection.recv(100).split()[1])


def test_limits_hold(browser: Browser, server: Server, archive: Path, tmp_path: Path) -> None:
    """More files than allowed are refused whole; a file that is too large never arrives; neither harms the page."""
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(501):
        (folder / f"{number}.txt").write_text(f"{NEWS} {number}", encoding="utf-8")
    with httpx.Client(base_url=server.url, timeout=120) as http:
        large = http.post("/gradio_api/upload", files={"files": ("x.txt", b"x" * 20_000_001)})
        told = refused(server, 200_000_001)
        untold = http.post("/gradio_api/upload", content=iter([b"x"]))
        upwards = http.post("/gradio_api/upload", files={"files": ("../../../evil.txt", NEWS.encode())}).json()
    visit = Visit(browser, server, "it-IT")
    page = visit.page
    page.get_by_role("tab", name="Archivio").click()
    with page.expect_file_chooser() as chosen:
        page.click("#add-folder")
    chosen.value.set_files(folder)
    page.locator("#change .notice").wait_for()

    # A length that is not told is counted as it comes; what came here is no form.
    assert (large.status_code, told, untold.status_code) == (413, 413, 400)
    assert Path(upwards[0]).name == "evil.txt"
    assert not (Path(upwards[0]).parents[3] / "evil.txt").exists()
    assert page.locator("#change .notice").inner_text().startswith("Troppi file: al massimo 500 alla volta.")
    assert Archive.open(archive).manifest.articles == 1
    page.reload()
    visit.leave()


def test_nothing_is_taken_where_it_is_not_allowed(browser: Browser, archive: Path) -> None:
    """Without ``--allow-upload`` there is nothing to add with or remove by, and files sent anyway are refused."""
    running = Server(archive)
    try:
        visit = Visit(browser, running, "it-IT")
        visit.page.get_by_role("tab", name="Archivio").click()
        visit.page.locator("#holdings td").first.wait_for()
        assert visit.page.locator("#changes, .remove, input[type=file]").count() == 0
        visit.leave()
        with httpx.Client(base_url=running.url) as http:
            assert http.post("/gradio_api/upload", files={"files": ("x.txt", b"x")}).status_code == 403
            assert http.post("/gradio_api/upload/", files={"files": ("x.txt", b"x")}).status_code == 403
    finally:
        assert "Traceback" not in running.stop()


def test_an_archive_that_disappears_leaves_the_page_working(browser: Browser, server: Server, archive: Path) -> None:
    """Where the archive's folder goes while the page is open, one is answered from what was open or told kindly, and a
    change is refused in words; when it is back, all is as before.
    """
    visit = Visit(browser, server, "it-IT")
    page = visit.page
    visit.ask("Museo di Pyongyang")
    away = archive.with_name("away")
    shutil.move(archive, away)
    visit.ask("Kim Jong Un")
    page.get_by_role("tab", name="Virgolettati").click()
    page.locator("#quotations p, #quotations .card").first.wait_for()
    page.get_by_role("tab", name="Archivio").click()
    page.locator("#holdings td").first.wait_for()
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("#holdings .remove").first.click()
    page.locator("#change .notice", has_text="L’archivio non si può modificare").wait_for()
    assert str(archive) not in page.locator("#change").inner_text()
    shutil.move(away, archive)
    page.get_by_role("tab", name="Domande").click()
    visit.ask("Museo di Pyongyang")

    assert visit.page.locator(".turn").count() == 3
    assert page.locator(".turn").first.locator(".card").count() >= 1
    visit.leave()
