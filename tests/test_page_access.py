"""The page for everybody: axe-core finds nothing serious, nothing is too wide, and how it looks is kept as pictures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from index.build import build
from index.encoder import HASHING
from tests.conftest import ROOT, SEEDS
from tests.visits import CHROMIUM, NO_CHROMIUM, PASSWORD, Server, Visit, guarded_server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

AXE = Path(__file__).parent / "accessibility" / "node_modules" / "axe-core" / "axe.min.js"
PICTURES = ROOT / "artefacts" / "page"
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM),
    pytest.mark.skipif(not AXE.is_file(), reason="no axe-core here: npm ci --prefix tests/accessibility"),
]
TABS = ("ask", "quotes", "check", "archive", "evaluation")
NAMES = {
    "it": ("Domande", "Virgolettati", "Verifica", "Archivio", "Valutazione"),
    "en": ("Ask", "Quotes", "Check", "Archive", "Evaluation"),
}
SHOWN = ("#conversation .card", "#quotations .card", "#verdicts .card", "#holdings tbody td", "#measure")
QUESTION = {
    "it": "Quanti soldati ha inviato la Corea del Nord a combattere in Ucraina?",
    "en": "How many soldati did Corea del Nord send to Ucraina?",
}
DRAFT = "Parla di «circa 12.000 soldati a combattere in Ucraina», di un «grande simbolo», e «pioverà domani»."
_SERIOUS = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations
  .filter((found) => ['serious', 'critical'].includes(found.impact))
  .map((found) => [found.id, found.nodes.slice(0, 3).map((node) => node.html.slice(0, 200))])"""
_WIDER = """() => [...document.querySelectorAll('body *')]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 1
    && !one.closest('.wide, .visually-hidden, .draft') && !getComputedStyle(one).clipPath.includes('inset'))
  .map((one) => one.outerHTML.slice(0, 120)).slice(0, 3)"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The page with all that it can have, over an archive that needs no model."""
    path = tmp_path_factory.mktemp("access") / "archive"
    build(path, [SEEDS], HASHING)
    running = Server(path, "--allow-upload")
    yield running
    assert "Traceback" not in running.stop()


def opened(page: Page, place: int, language: str) -> None:
    """Open a tab and fill it as a visitor would."""
    page.get_by_role("tab", name=NAMES[language][place], exact=True).click()
    if TABS[place] == "check":
        page.fill("#draft textarea", DRAFT)
        page.click("#check-draft")
    page.locator(SHOWN[place]).first.wait_for()
    page.mouse.move(0, 0)


@pytest.mark.parametrize("language", ["it", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_every_tab_is_for_everybody(browser: Browser, server: Server, language: str, scheme: str, width: int) -> None:
    """In each tab, language, scheme and width, empty and with an answer beside the article: axe-core finds nothing
    serious or critical, and nothing reaches beyond the window. Pictures are kept.
    """
    locale = {"it": "it-IT", "en": "en-GB"}[language]
    visit = Visit(browser, server, locale, width, scheme=scheme)
    page = visit.page
    # Not as a script of the page, which its policy would not run.
    page.evaluate(AXE.read_text(encoding="utf-8"))
    PICTURES.mkdir(parents=True, exist_ok=True)

    def sound(name: str) -> None:
        page.screenshot(path=PICTURES / f"{name}-{language}-{scheme}-{width}.png", full_page=True)
        assert page.evaluate(_SERIOUS) == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        assert page.evaluate(_WIDER) == [], name

    sound("start")
    visit.ask(QUESTION[language])
    page.locator("#reader mark.current").wait_for()
    for place, tab in enumerate(TABS):
        opened(page, place, language)
        sound(tab)
    visit.leave()


@pytest.fixture(scope="module")
def guarded(hashing_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The page, at which one logs in."""
    yield from guarded_server(hashing_original, tmp_path_factory.mktemp("guarded"))


@pytest.mark.parametrize(("language", "locale", "leave"), [("it", "it-IT", "Esci"), ("en", "en-GB", "Log out")])
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_the_way_in_is_for_everybody(
    browser: Browser,
    guarded: Server,
    language: str,
    locale: str,
    leave: str,
    scheme: Literal["light", "dark"],
    width: int,
) -> None:
    """The form, the form after a wrong password, and the page with its way out: axe-core finds nothing serious or
    critical, nothing reaches beyond the window, and all is done by keyboard.
    """
    context = browser.new_context(locale=locale, color_scheme=scheme, viewport={"width": width, "height": 800})
    page = context.new_page()

    def sound(name: str) -> None:
        page.evaluate(AXE.read_text(encoding="utf-8"))
        page.screenshot(path=PICTURES / f"{name}-{language}-{scheme}-{width}.png", full_page=True)
        assert page.evaluate(_SERIOUS) == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        assert page.evaluate(_WIDER) == [], name

    PICTURES.mkdir(parents=True, exist_ok=True)
    page.goto(guarded.url)
    sound("login")
    # Four guesses an hour cost nothing, and all of these come from one address.
    for password in ("sbagliata", PASSWORD) if width == 320 else (PASSWORD,):
        page.locator("input[name=username]").focus()
        page.keyboard.insert_text("anna")
        page.keyboard.press("Tab")
        page.keyboard.insert_text(password)
        page.keyboard.press("Enter")
        if password != PASSWORD:
            page.locator(".notice").wait_for()
            sound("login-wrong")
    page.get_by_role("button", name=leave, exact=True).wait_for()
    page.wait_for_selector("html[data-ready=yes]")
    sound("logged-in")
    page.get_by_role("button", name=leave, exact=True).press("Enter")
    page.locator("input[name=username]").wait_for()
    context.close()


@pytest.mark.parametrize("width", [1280, 320])
def test_menus_fit_and_close(browser: Browser, server: Server, width: int) -> None:
    """A menu of reference styles is opened by keyboard, fits the window, passes axe-core, and closes by Escape."""
    visit = Visit(browser, server, "it-IT", width)
    page = visit.page
    # Not as a script of the page, which its policy would not run.
    page.evaluate(AXE.read_text(encoding="utf-8"))
    visit.ask(QUESTION["it"])
    for menu in ("#reader .menu", "#conversation .about .menu", "#conversation .card .menu"):
        page.locator(f"{menu} summary").first.press("Enter")
        page.locator(f"{menu}[open]").first.wait_for()
        assert page.evaluate(_WIDER) == []
        assert page.evaluate(_SERIOUS) == []
        page.keyboard.press("Tab")
        page.keyboard.press("Escape")
        page.locator(f"{menu}[open]").wait_for(state="detached")
        assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    visit.leave()


def test_motion_is_reduced_for_who_asks(browser: Browser, server: Server) -> None:
    """Where the visitor prefers less motion, nothing on the page is animated."""
    visit = Visit(browser, server, "it-IT", motion="reduce")
    visit.ask("Putin Kursk")
    moving = visit.page.evaluate(
        """() => [...document.querySelectorAll('body *')].filter((one) => { const style = getComputedStyle(one);
          const still = style.transitionDuration.split(", ").every((time) => time === "0s");
          return style.animationName !== "none" || !still; }).length"""
    )

    assert moving == 0
    visit.leave()
