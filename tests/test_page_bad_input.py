"""What no newsroom would send on purpose, in a real Chromium: shown as text, and the page goes on working."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index.archive import Archive
from index.build import build
from index.encoder import HASHING
from tests.visits import CHROMIUM, NO_CHROMIUM, Server, Visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM)
WORDS = 200_000
TITLE = ("# <script>hacked=1</script> [link](javascript:alert(1)) **forte** {{value}} ${1} " * 80)[:5_000]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The page over one sentence."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "a.txt").write_text("Il ponte di Frattaglie è aperto da ieri.", encoding="utf-8")
    build(folder / "archive", [folder / "a.txt"], HASHING)
    running = Server(folder / "archive")
    yield running
    assert "Traceback" not in running.stop()


def test_a_huge_article_with_a_huge_title_is_read(browser: Browser, tmp_path: Path) -> None:
    """An article of 200,000 words under a title of 5,000 characters of markup is found, read whole and quoted; title
    and text come to the letter, the page is no wider, and what is copied is the slice.
    """
    needle = "Il sindaco Rossi ha detto: «Il ponte di Frattaglie resterà chiuso fino a maggio»."
    filler = " ".join(f"La delibera numero {n} riguarda la strada provinciale di collina." for n in range(WORDS // 10))
    half = filler.index(" La delibera numero 9000 ")
    text = f"{filler[:half]}\n\n{needle}\n\n{filler[half + 1 :]}"
    path = tmp_path / "enorme.txt"
    path.write_bytes(text.encode())
    path.with_suffix(".meta.json").write_text(json.dumps({"title": TITLE}), encoding="utf-8")
    build(tmp_path / "archive", [path], HASHING)
    assert len(text.split()) >= WORDS
    running = Server(tmp_path / "archive")
    try:
        visit = Visit(browser, running, "it-IT", 390)
        visit.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = visit.page
        visit.ask("Cosa ha detto il sindaco Rossi del ponte di Frattaglie?")
        card = page.locator("#conversation .card").first
        card.locator("button.open").click()
        page.wait_for_function("document.querySelector('#reader article')?.dataset.asked === 'yes'")

        assert needle in visit.first_quote()
        assert page.locator("#reader .text").text_content() == text
        assert page.locator("#reader h2").text_content() == TITLE
        assert page.locator("#reader mark.current").text_content() == visit.first_quote()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.evaluate("window.hacked") is None
        card.locator("button.copy").first.click()
        page.get_by_text("Copiato").first.wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == f"«{visit.first_quote()}», {TITLE}"
        page.get_by_role("tab", name="Archivio").click()
        page.locator("#holdings button.open").wait_for()
        assert page.locator("#holdings button.open").text_content() == TITLE
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        visit.leave()
    finally:
        assert "Traceback" not in running.stop()


def test_tricks_in_names_and_speech_stay_text(browser: Browser, tmp_path: Path) -> None:
    """Markup in a file's name, in speech, outlet and author, Markdown and template marks are shown letter by letter in
    every tab.
    """
    name = "<img src=x onerror=hacked=1> {{x}} ${1} `y` [l](javascript:1).txt"
    spoken = "<script>hacked=1</script> **Basta** con le _strade_ chiuse {{value}} ${1}"
    path = tmp_path / name
    path.write_bytes(f"«{spoken}», ha detto il sindaco Ugo Rossi ai giornalisti di Frattaglie.\n".encode())
    facts = {"outlet": "<b>Gazzetta</b> & {{Figli}}", "author": "'><img src=x onerror=hacked=1>"}
    path.with_name(f"{path.stem}.meta.json").write_text(json.dumps(facts), encoding="utf-8")
    build(tmp_path / "archive", [path], HASHING)
    assert Archive.open(tmp_path / "archive").store.holdings()[0].source_file == name
    running = Server(tmp_path / "archive", "--allow-upload")
    try:
        visit = Visit(browser, running, "it-IT")
        page = visit.page
        visit.ask("Cosa ha detto Ugo Rossi delle strade chiuse di Frattaglie? <script>hacked=1</script> {{x}} ${1}")
        assert page.locator(".question").text_content() == (
            "Cosa ha detto Ugo Rossi delle strade chiuse di Frattaglie? <script>hacked=1</script> {{x}} ${1}"
        )
        assert spoken in (page.locator("#reader .text").text_content() or "")
        assert page.locator("#reader dd.file").text_content() == name
        assert page.locator("#reader dd.outlet").text_content() == facts["outlet"]
        assert page.locator("#reader dd.author").text_content() == facts["author"]
        assert f"{facts['outlet']} (1)" in page.locator("#ask-filters option").all_text_contents()
        page.get_by_role("tab", name="Virgolettati").click()
        page.locator("#quotations .card").first.wait_for()
        assert page.locator("#quotations blockquote").first.text_content() == spoken
        page.get_by_role("tab", name="Verifica").click()
        page.fill("#draft textarea", f"«{spoken}»")
        page.click("#check-draft")
        page.locator("#verdicts .card").first.wait_for()
        assert page.locator("#verdicts .draft mark").text_content() == spoken
        page.get_by_role("tab", name="Archivio").click()
        page.locator("#holdings button.open").wait_for()
        assert page.locator("#holdings button.open").text_content() == name
        assert page.evaluate("window.hacked") is None
        assert page.locator("#columns :is(img, script)").count() == 0
        visit.leave()
    finally:
        assert "Traceback" not in running.stop()


@pytest.mark.parametrize(
    "query",
    [
        "?article=0123456789abcdef&start=0&end=5",
        "?article=../../etc/passwd",
        "?article=0123456789abcdef",
        "?article=%00%ff&start=-1&end=99999999999999999999",
    ],
)
def test_a_stale_link_says_so(browser: Browser, small: Server, query: str) -> None:
    """A link to what the archive does not hold opens a page that says so and works."""
    visit = Visit(browser, small, "it-IT", query=query)
    visit.page.locator("#reader .notice", has_text="Il link porta a un passo").wait_for()
    visit.ask("Il ponte di Frattaglie")
    visit.leave()


def test_a_link_to_no_article_is_not_stale(browser: Browser, small: Server) -> None:
    """``?article=`` names nothing, so there is nothing to complain of."""
    visit = Visit(browser, small, "it-IT", query="?article=")

    assert visit.page.locator("#reader .hint").is_visible()
    assert visit.page.locator(".notice").count() == 0
    visit.leave()


@pytest.mark.parametrize("width", [1280, 390])
def test_long_names_hide_nothing(browser: Browser, tmp_path: Path, width: int) -> None:
    """Under a title of 5,000 characters and an outlet without a space the passage is in sight, and so is the table."""
    path = tmp_path / "lungo.txt"
    path.write_text(
        "Il ponte è vecchio. " * 200 + "Il sindaco Rossi ha chiuso il ponte di Frattaglie.", encoding="utf-8"
    )
    facts = {"title": TITLE, "outlet": "Gazzetta" * 40, "published": "2025-05-01"}
    path.with_suffix(".meta.json").write_text(json.dumps(facts), encoding="utf-8")
    build(tmp_path / "archive", [path], HASHING)
    running = Server(tmp_path / "archive")
    try:
        visit = Visit(browser, running, "it-IT", width)
        page = visit.page
        visit.ask("Chi ha chiuso il ponte di Frattaglie?")
        page.locator("#conversation .card button.open").first.click()
        page.wait_for_function("document.querySelector('#reader article')?.dataset.asked === 'yes'")
        page.wait_for_function(
            "(() => { const m = document.querySelector('mark.current').getBoundingClientRect();"
            " const t = document.querySelector('#reader .text').getBoundingClientRect();"
            " return m.top >= t.top && m.top < t.bottom - 20 && m.top >= 0 && m.top < innerHeight - 20; })()"
        )
        card = page.locator("#conversation .card").first.bounding_box()
        assert card is not None
        assert card["height"] < 700
        assert page.locator("#reader h2").text_content() == TITLE
        page.screenshot(path=tmp_path / "read.png")
        page.get_by_role("tab", name="Archivio").click()
        page.locator("#holdings td").first.wait_for()
        row, wide = (page.locator(f"#holdings {part}").bounding_box() for part in ("tbody tr", ".wide"))
        assert row is not None
        assert wide is not None
        assert row["height"] < 500
        assert page.evaluate(
            "(() => { const w = document.querySelector('#holdings .wide');"
            " return w.scrollWidth <= w.clientWidth + 1; })()"
        )
        visit.leave()
    finally:
        assert "Traceback" not in running.stop()
