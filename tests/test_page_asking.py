"""Asking in a real Chromium: one question after another, what is announced, and what becomes of a broken connection."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient

from index.archive import Archive
from index.settings import Place
from page.api import build_api
from page.desk import Desk
from page.links import answer_link, export_link
from qa.quotations import find_quotations
from qa.records import Answer, Filters, Language
from tests.visits import CHROMIUM, NO_CHROMIUM, Server, Visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM)
FIRST, SECOND = "Cosa ha detto Putin dei soldati nordcoreani?", "L’edificio del grande simbolo a Pyongyang"
ANNOUNCED = """() => { window.announced = []; const said = document.querySelector('.announcer');
  new MutationObserver(() => window.announced.push(said.textContent)).observe(said, {childList: true}); }"""


@pytest.fixture(scope="module")
def server(hashing_original: Path) -> Iterator[Server]:
    """The page over an archive that needs no model."""
    running = Server(hashing_original)
    yield running
    assert "Traceback" not in running.stop()


def sent(page: Page, question: str) -> None:
    """Type a question and press Enter."""
    page.fill("#question textarea", question)
    page.keyboard.press("Enter")
    page.wait_for_function("!document.querySelector('#question textarea').value")


@needs_chromium
def test_questions_are_answered_in_their_order(browser: Browser, server: Server) -> None:
    """A question sent while another is answered comes after it, what is typed meanwhile stays, the address is that of
    the newest answer, and screen readers hear of each.
    """
    visit = Visit(browser, server, "it-IT")
    page = visit.page
    page.evaluate(ANNOUNCED)
    held: list[Route] = []
    page.route("**/queue/join*", lambda route: route.continue_() if held else held.append(route))
    sent(page, FIRST)
    sent(page, SECOND)
    page.fill("#question textarea", "sto ancora scrivendo")
    held[0].continue_()
    page.locator(".turn").nth(1).wait_for()
    page.wait_for_function("!document.querySelector('#columns.waiting, .room')")

    assert page.locator(".turn .question").all_inner_texts() == [SECOND, FIRST]
    assert page.locator("#question textarea").input_value() == "sto ancora scrivendo"
    assert parse_qs(urlsplit(page.url).query)["q"] == [SECOND]
    searching, first, again, second = page.evaluate("window.announced")
    assert searching == again == "Cerco nell’archivio…"
    shown = [turn.locator(".card").count() for turn in reversed(page.locator(".turn").all())]
    for count, said in zip(shown, (first, second), strict=True):
        assert said.startswith((f"{count} citazioni, confidenza ", "Una citazione, ", "Non trovato nell’archivio. "))
    visit.leave()


@needs_chromium
def test_a_broken_connection_costs_nothing(browser: Browser, server: Server) -> None:
    """Where the connection breaks, question and article are there again and the page says so in its own language; when
    it is back, the page opens again with the answer.
    """
    visit = Visit(browser, server, "it-IT")
    page = visit.page
    visit.ask(FIRST)
    page.route("**/gradio_api/**", lambda route: route.abort())
    page.fill("#question textarea", SECOND)
    page.keyboard.press("Enter")
    page.locator("p.notice", has_text="Il collegamento si è interrotto").wait_for()

    assert page.locator("#question textarea").input_value() == SECOND
    assert page.locator("#reader mark.current").is_visible()
    assert page.locator("#columns.waiting, .room").count() == 0
    assert not page.get_by_text("Connection Lost").is_visible()
    page.unroute("**/gradio_api/**")
    page.locator(".turn .question", has_text=SECOND).wait_for()
    assert page.locator(".turn").count() == 1
    visit.context.close()


@pytest.mark.parametrize("question", ["What about Kim?", "e Kim?"])
def test_a_follow_up_is_taken_away_as_it_was_answered(hashing_original: Path, question: str) -> None:
    """Link and export of a follow-up, in another language than the question it hangs on or not, give its quotes."""
    former = "Quanti soldati ha inviato la Corea del Nord?"
    desk = Desk(Place(hashing_original))
    turn = desk.ask(question, former)
    assert isinstance(turn, Answer)
    assert turn.question.follows

    given = parse_qs(urlsplit(answer_link(turn.question, Language.ITALIAN)).query)
    again = desk.ask(given["q"][0], given["former"][0])
    with TestClient(build_api(desk)) as client:
        exported = client.get(export_link(turn.question, ".json").removeprefix("api")).json()["quotations"]

    assert isinstance(again, Answer)
    assert again == turn
    cited = [(citation.quote.span.start, citation.quote.span.end) for citation in turn.citations]
    assert [(row["start"], row["end"]) for row in exported] == cited
    assert Archive.open(hashing_original).manifest.index_id == turn.index_id


@needs_chromium
def test_the_last_choice_holds(browser: Browser, server: Server, hashing_original: Path) -> None:
    """Filters chosen while the page still follows an earlier choice are all kept, and list and form agree."""
    spoken = Filters(since="2025-04-01", speaker="Vladimir Putin", language="it", exact=True)
    known = find_quotations(Archive.open(hashing_original), None, spoken)
    visit = Visit(browser, server, "it-IT")
    page = visit.page
    page.get_by_role("tab", name="Virgolettati").click()
    page.get_by_text("Virgolettati trovati:").wait_for()
    held: list[Route] = []
    page.route("**/queue/join*", lambda route: route.continue_() if held else held.append(route))
    form = page.locator("#quotes-filters")
    form.locator("select[name=speaker]").select_option("Vladimir Putin")
    form.locator("select[name=source]").select_option("it")
    page.wait_for_timeout(100)
    held[0].continue_()
    form.locator("input[name=since]").fill("2025-04-01")
    form.locator("input[name=since]").dispatch_event("change")
    page.get_by_text(f"Virgolettati trovati: {len(known)}", exact=True).wait_for()

    fields = form.locator("select, input").evaluate_all("nodes => nodes.map(node => [node.name, node.value])")
    assert dict(fields) == {
        "since": "2025-04-01",
        "until": "",
        "outlet": "",
        "speaker": "Vladimir Putin",
        "source": "it",
    }
    shown = page.locator("#quotations blockquote").all_text_contents()
    assert shown == [quotation.text for quotation in known[:20]]
    page.get_by_role("tab", name="Domande").click()
    visit.leave()


@needs_chromium
def test_an_answer_comes_in_the_language_chosen_meanwhile(browser: Browser, server: Server) -> None:
    """An answer that was asked for before the interface's language was switched is told in the new one, and a reload
    keeps it.
    """
    visit = Visit(browser, server, "it-IT")
    page = visit.page
    held: list[Route] = []
    page.route("**/queue/join*", lambda route: route.continue_() if held else held.append(route))
    sent(page, FIRST)
    page.wait_for_timeout(200)
    page.get_by_label("English").click()
    page.get_by_role("tab", name="Quotes").wait_for()
    held[0].continue_()
    page.locator(".turn[lang=en]").wait_for()

    assert page.get_by_role("button", name="Copy link to this answer").is_visible()
    page.reload()
    page.locator(".turn[lang=en] .question", has_text=FIRST).wait_for()
    visit.leave()
