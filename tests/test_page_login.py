"""The door in a real Chromium: logging in and out, refusals in the page's language, and what the policy stops."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.visits import CHROMIUM, NO_CHROMIUM, PASSWORD, WAIT, Server, Visit, guarded_server

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM)


@pytest.fixture(scope="module")
def guarded(hashing_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The page, at which one logs in."""
    yield from guarded_server(hashing_original, tmp_path_factory.mktemp("guarded"))


@pytest.mark.parametrize(
    ("locale", "enter", "wrong", "leave"),
    [
        ("it-IT", "Accedi", "Nome utente o password non corretti.", "Esci"),
        ("en-GB", "Log in", "The user name or the password is wrong.", "Log out"),
    ],
)
def test_one_logs_in_asks_and_logs_out(
    browser: Browser, guarded: Server, locale: str, enter: str, wrong: str, leave: str
) -> None:
    """A link leads to the form in the browser's language; a wrong password is told there; the right one leads on to
    what the link asked; after logging out the form is back, and so it is for who goes back.
    """
    context = browser.new_context(locale=locale)
    page = context.new_page()
    page.set_default_timeout(WAIT)
    said: list[str] = []
    page.on("console", lambda told: said.append(f"{told.location} {told.text}") if told.type == "error" else None)
    page.goto(f"{guarded.url}/?q=Putin+Kursk")
    page.fill("input[name=username]", "anna")
    page.fill("input[name=password]", "sbagliata")
    page.get_by_role("button", name=enter, exact=True).click()
    assert page.locator(".notice").text_content() == wrong
    page.fill("input[name=username]", "anna")
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.locator(".turn").wait_for()

    assert page.locator(".question").text_content() == "Putin Kursk"
    assert page.evaluate("document.cookie") == ""
    page.get_by_role("button", name=leave, exact=True).click()
    page.get_by_role("button", name=enter, exact=True).wait_for()
    assert page.url == f"{guarded.url}/login"
    page.go_back()
    page.get_by_role("button", name=enter, exact=True).wait_for()
    # The browser itself notes the form that came with 401.
    assert [told for told in said if "/login" not in told] == []
    context.close()


def test_a_session_that_ended_is_told(browser: Browser, guarded: Server) -> None:
    """Who asks after the session has ended is told so in his language."""
    context = browser.new_context(locale="it-IT")
    page = context.new_page()
    page.set_default_timeout(WAIT)
    page.goto(guarded.url)
    page.fill("input[name=username]", "anna")
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("html[data-ready=yes]")
    context.clear_cookies()
    page.fill("#question textarea", "Putin Kursk")
    page.keyboard.press("Enter")
    page.get_by_text("La sessione è scaduta").wait_for()
    context.close()


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("it-IT", "Hai fatto molte domande in poco tempo: riprova tra un minuto. (Richiesta "),
        ("en-GB", "You have asked many questions in a short time: try again in a minute. (Request "),
    ],
)
def test_who_asks_too_much_reads_so_on_the_page(
    browser: Browser, hashing_original: Path, locale: str, said: str
) -> None:
    """Beyond the rate the page says so in its language, with the number of the request; the console stays silent."""
    running = Server(hashing_original, "--rate", "1")
    try:
        visit = Visit(browser, running, locale)
        visit.ask("Putin Kursk")
        visit.ask("Putin Kursk")
        notice = visit.page.locator(".turn .notice").first.text_content() or ""
        log = running.log()
        visit.leave()
    finally:
        assert "Traceback" not in running.stop()

    assert notice.startswith(said)
    assert notice.removeprefix(said)[:16] in log


def test_when_too_many_wait_the_page_says_so(browser: Browser, hashing_original: Path) -> None:
    """With no place to wait and a draft in work, the page says of another at once that too much waits; a question has
    its place all the same.
    """
    running = Server(hashing_original, "--waiting", "0")
    draft = {"text": " ".join(f"«il generale numero {number} ha parlato a lungo ieri»" for number in range(4_000))}
    try:
        visit = Visit(browser, running, "it-IT")
        page = visit.page
        page.get_by_role("tab", name="Verifica").click()
        page.fill("#draft textarea", "«circa 12.000 soldati»")
        with httpx.Client(base_url=running.url, timeout=300) as http, ThreadPoolExecutor(1) as others:
            busy = others.submit(http.post, "/api/check", json=draft)
            while "virgolettato_questions_working 1.0" not in http.get("/metrics").text:
                assert not busy.done()
            page.click("#check-draft")
            notice = page.locator("#verdicts .notice").text_content() or ""
            refused = http.post("/api/check", json={"text": "«circa 12.000 soldati»"})
            assert not busy.done()
            page.get_by_role("tab", name="Domande").click()
            visit.ask("Putin Kursk")
            assert page.locator(".turn .notice").first.text_content() != notice
            assert not busy.done()
        visit.leave()
    finally:
        assert "Traceback" not in running.stop()

    assert notice.startswith("In questo momento ci sono troppe domande in attesa: riprova tra qualche secondo.")
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")


def test_no_script_runs_that_is_not_the_pages(browser: Browser, hashing_original: Path) -> None:
    """Were markup to get into the page, its scripts, handlers, frames, images and forms would be stopped there: nothing
    reaches another origin, here the same program under its other name.
    """
    running = Server(hashing_original)
    elsewhere = running.url.replace("127.0.0.1", "localhost")
    try:
        visit = Visit(browser, running, "it-IT")
        page = visit.page
        page.evaluate(
            """(elsewhere) => {
              const place = document.createElement('div');
              place.innerHTML = '<img src=x onerror="hacked=1"><iframe srcdoc="<script>parent.hacked=1</script>">'
                + '</iframe><a id=trap href="javascript:hacked=1">x</a><img src="' + elsewhere + '/pixel">'
                + '<form id=away action="' + elsewhere + '/away"></form>';
              document.body.append(place);
              const script = document.createElement('script');
              script.textContent = 'hacked=1';
              document.body.append(script);
              document.querySelector('#trap').click();
              document.querySelector('#away').submit();
            }""",
            elsewhere,
        )
        page.wait_for_timeout(500)

        assert page.evaluate("window.hacked") is None
        assert page.url == f"{running.url}/"
        assert not {"/pixel", "/away"} & set(re.findall(r'"route": "(/\w+)"', running.log()))
        violated = " ".join(visit.complaints)
        assert "Executing inline script violates" in violated
        visit.context.close()
    finally:
        assert "Traceback" not in running.stop()
