"""The page in a real Chromium, served by the real program with the real model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.visits import CHROMIUM, NO_CHROMIUM, Server, Visit, source

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM)
_ATTACK = (
    "<script>window.hacked=1</script> <img src=x onerror='window.hacked=1'> {{value}} ${1+1} `x` \\n "
    "[link](javascript:alert(1)) **bold** &lt;b&gt; ha detto il ministro Rossi a Frattaglie sul Serio."
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The page over an archive that it builds itself, as on a first start."""
    archive = tmp_path_factory.mktemp("page") / "archive"
    running = Server(archive)
    yield running
    errors = running.stop()
    assert "building the archive" in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize(
    ("locale", "question"),
    [
        ("it-IT", "In quale distretto di Pyongyang sorgerà il museo?"),
        ("en-GB", "In which district of Pyongyang will the museum be built?"),
    ],
)
@pytest.mark.parametrize("width", [1280, 390])
def test_a_visitor_asks_and_reads(browser: Browser, server: Server, locale: str, question: str, width: int) -> None:
    """In both languages, wide and narrow: the quote on the page is the slice of the file, and so is the one
    highlighted in the article, which shows the whole file and is scrolled to the passage.
    """
    visit = Visit(browser, server, locale, width)
    visit.ask(question)
    page, text = visit.page, source("003_1ef017ea2025330c.txt")
    evidence = page.locator("mark.evidence").first
    start, end = (int(evidence.get_attribute(f"data-{name}") or -1) for name in ("start", "end"))

    assert "Hwasong" in visit.first_quote()
    assert visit.first_quote() == text[start:end]
    assert page.locator("#conversation blockquote").first.get_attribute("lang") == "it"
    assert (
        page.locator(".card cite").first.text_content()
        == {
            "it-IT": "askanews, 24 ottobre 2025",
            "en-GB": "askanews, 24 October 2025",
        }[locale]
    )
    page.locator("button.open").first.click()
    page.wait_for_function("document.querySelector('#reader article')?.dataset.asked === 'yes'")
    assert page.locator("mark.current").text_content() == text[start:end]
    assert page.locator("#reader .text").text_content() == text
    assert page.locator("#reader .excluded").all_text_contents() == ["date 2025-10-24 Roma, 24 ott. (askanews) –"]
    page.wait_for_function(
        "(() => { const m = document.querySelector('mark.current').getBoundingClientRect();"
        " const t = document.querySelector('#reader .text').getBoundingClientRect();"
        " return m.top >= t.top && m.top < t.bottom && m.top >= 0 && m.top < innerHeight; })()"
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    visit.leave()


def test_a_follow_up_says_what_was_searched(browser: Browser, server: Server) -> None:
    """A follow-up is searched with the question before it, and the page says so; a new conversation forgets."""
    visit = Visit(browser, server, "it-IT")
    visit.ask("Quanti soldati nordcoreani sono morti?")
    visit.ask("e quanti feriti?")

    searched = visit.page.locator(".searched").text_content()
    assert searched == "Ricerca effettuata: Quanti soldati nordcoreani sono morti? e quanti feriti?"
    visit.page.click("#clear")
    visit.page.locator(".turn").first.wait_for(state="detached")
    assert visit.page.locator("button.example").count() == 3
    visit.leave()


def test_not_found_is_said_with_the_nearest_passages(browser: Browser, server: Server) -> None:
    """A question about something else is answered with *not found*, the reason, and passages marked as nearest."""
    visit = Visit(browser, server, "en-GB")
    visit.ask("Who won the football championship?")

    assert visit.page.locator(".notice").text_content() == (
        "Not found in the archive. No passage is near enough to the question."
    )
    assert visit.page.locator("ol.nearest .card").count() == 3
    visit.leave()


def test_the_language_of_the_interface_can_be_switched(browser: Browser, server: Server) -> None:
    """One click turns labels, dates and the page's own language; quotes stay as they are."""
    visit = Visit(browser, server, "en-GB")
    visit.ask("In which district of Pyongyang will the museum be built?")
    before = visit.first_quote()
    visit.page.get_by_label("Italiano").click()
    visit.page.get_by_role("button", name="Nuova conversazione").wait_for()

    assert visit.page.evaluate("document.documentElement.lang") == "it"
    assert visit.page.locator(".card cite").first.text_content() == "askanews, 24 ottobre 2025"
    assert visit.first_quote() == before
    visit.leave()


_SHIFTS = """() => { window.shifts = []; new PerformanceObserver((list) => list.getEntries().forEach((entry) =>
  window.shifts.push(entry.hadRecentInput ? 0 : entry.value))).observe({type: 'layout-shift'}); }"""
_ROOM = """() => { window.seen = []; new MutationObserver(() => {
  const room = document.querySelector('#conversation .room');
  if (room) window.seen.push(room.innerText);
}).observe(document.querySelector('#conversation'), {childList: true, subtree: true}); }"""


@pytest.mark.parametrize("width", [1280, 390])
def test_a_further_answer_moves_nothing_that_one_reads(browser: Browser, server: Server, width: int) -> None:
    """Room is made with the question, before the answer; when that comes, the layout stays, and the room is gone."""
    visit = Visit(browser, server, "it-IT", width=width)
    visit.ask("Quanti soldati nordcoreani sono morti?")
    visit.page.evaluate(_SHIFTS)
    visit.page.evaluate(_ROOM)

    visit.ask("In quale distretto di Pyongyang sorgerà il museo?")
    visit.page.wait_for_function("!document.querySelector('#columns.waiting, #conversation .room')")

    visit.page.wait_for_timeout(200)
    assert visit.page.evaluate("window.seen")[0].split("\n\n") == [
        "In quale distretto di Pyongyang sorgerà il museo?",
        "Cerco nell’archivio…",
    ]
    assert sum(visit.page.evaluate("window.shifts")) < 0.01
    assert visit.page.locator("#reader mark.current").is_visible()
    visit.leave()


def test_a_blank_question_leaves_all_as_it_is(browser: Browser, server: Server) -> None:
    """Enter in an empty field neither makes room nor takes the article away."""
    visit = Visit(browser, server, "it-IT")
    visit.ask("In quale distretto di Pyongyang sorgerà il museo?")
    visit.page.evaluate(_ROOM)

    visit.page.fill("#question textarea", "  ")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_function("!document.querySelector('#question textarea').value")

    assert visit.page.evaluate("window.seen") == []
    assert visit.page.locator("#reader mark.current").is_visible()
    visit.leave()


def test_an_example_can_be_clicked(browser: Browser, server: Server) -> None:
    """An example is asked by one click."""
    visit = Visit(browser, server, "it-IT")
    visit.page.locator("button.example").first.click()
    visit.page.locator(".turn").wait_for()

    assert "Hwasong" in visit.first_quote()
    visit.leave()


@pytest.mark.parametrize(
    ("question", "notice"),
    [
        ("\u2603\ufe0f ?", "La domanda è vuota: scrivi qualcosa."),
        ("x" * 3000, "La domanda è troppo lunga: al massimo 2.000 caratteri."),
    ],
)
def test_a_bad_question_is_told_kindly(browser: Browser, server: Server, question: str, notice: str) -> None:
    """A question that cannot be asked gets a sentence in the interface's language, and the page goes on working."""
    visit = Visit(browser, server, "it-IT")
    visit.ask(question)

    assert visit.page.locator(".notice").text_content() == notice
    visit.ask("In quale distretto di Pyongyang sorgerà il museo?")
    assert "Hwasong" in visit.first_quote()
    visit.leave()


def test_hostile_words_are_shown_as_words(browser: Browser, tmp_path: Path) -> None:
    """Markup, scripts and template marks in an article, its title and a question are shown letter by letter."""
    from index.build import build

    path = tmp_path / "attack.txt"
    path.write_text(_ATTACK, encoding="utf-8")
    path.with_suffix(".meta.json").write_text('{"title": "<img src=x onerror=window.hacked=1>{{title}}"}')
    build(tmp_path / "archive", [path])
    running = Server(tmp_path / "archive")
    try:
        visit = Visit(browser, running, "it-IT")
        visit.ask("<b onclick=x>Cosa</b> ha detto il ministro Rossi a Frattaglie sul Serio? {{x}} ${2+2}")
        page = visit.page

        assert page.locator("#reader .text").text_content() == _ATTACK
        assert page.locator("#reader h2").text_content() == "<img src=x onerror=window.hacked=1>{{title}}"
        assert page.locator(".question").text_content() == (
            "<b onclick=x>Cosa</b> ha detto il ministro Rossi a Frattaglie sul Serio? {{x}} ${2+2}"
        )
        assert page.locator("#conversation img, #conversation script, #reader img, #reader script").count() == 0
        assert page.evaluate("window.hacked") is None
        visit.leave()
    finally:
        assert "Traceback" not in running.stop()


def test_visitors_do_not_see_each_other(browser: Browser, server: Server) -> None:
    """Two visitors at once each have their own conversation."""
    one, two = Visit(browser, server, "it-IT"), Visit(browser, server, "en-GB")
    one.ask("In quale distretto di Pyongyang sorgerà il museo?")
    two.ask("What did Peskov say about the agreement?")

    assert one.page.locator(".turn").count() == two.page.locator(".turn").count() == 1
    assert "Hwasong" in one.first_quote()
    assert "Peskov" in two.first_quote()
    one.leave()
    two.leave()


SYSTEMS = ("default", "retrieval", "dense", "bm25", "rrf")


def test_no_question_stays_in_the_browser(browser: Browser, server: Server) -> None:
    """After asking and checking, the browser keeps nothing of it for the page: no storage, database or cookie."""
    visit = Visit(browser, server, "it-IT")
    visit.ask("Putin Kursk")
    visit.page.get_by_role("tab", name="Verifica").click()
    visit.page.fill("#draft textarea", "Parla di «Kursk» e di «Pyongyang».")
    visit.page.click("#check-draft")
    visit.page.locator("#verdicts .card").first.wait_for()
    kept, databases = visit.page.evaluate(
        "async () => [JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie]),"
        " (await indexedDB.databases()).length + (await caches.keys()).length]"
    )

    assert not re.search("Kursk|Pyongyang", kept)
    assert databases == 0
    visit.leave()


@pytest.mark.parametrize(
    ("locale", "tab", "titles"),
    [
        (
            "it-IT",
            "Valutazione",
            ["Medie, con intervalli bootstrap al 95 %", "Risposto o non trovato", "Rischio e copertura"],
        ),
        (
            "en-GB",
            "Evaluation",
            ["Means with 95 % bootstrap intervals", "Answered or not found", "Risk and coverage"],
        ),
    ],
)
def test_the_evaluation_is_measured_on_request(
    browser: Browser, server: Server, locale: str, tab: str, titles: list[str]
) -> None:
    """A click measures the shipped questions and shows tables and plots, headed in the visitor's language."""
    visit = Visit(browser, server, locale)
    visit.page.get_by_role("tab", name=tab).click()
    visit.page.click("#measure")
    frame = visit.page.frame_locator("iframe.report")
    frame.locator("svg").nth(3).wait_for(timeout=480_000)

    shown = frame.locator("body").inner_text()
    assert [title for title in titles if title not in shown] == []
    rows = frame.locator("table").first.locator("tbody tr").all_inner_texts()
    assert [row.split("\t")[0] for row in rows] == [s for s in SYSTEMS for _ in range(3)]
    assert all(row.endswith("\t100%") for row in rows)
    visit.leave()
