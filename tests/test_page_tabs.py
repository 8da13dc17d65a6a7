"""The page's tabs, filters, links, keyboard and clipboard in a real Chromium, over an archive that needs no model."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from index.archive import Archive
from qa.answer import Engine
from qa.export_command import Standing, standing
from qa.exports import read_export
from qa.quotations import find_quotations
from qa.records import Filters
from qa.render import answer_json
from tests.visits import CHROMIUM, NO_CHROMIUM, Server, Visit, source

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM)
MUSEUM = "003_1ef017ea2025330c.txt"
QUESTION = "Cosa ha detto Putin dei soldati nordcoreani?"


@pytest.fixture(scope="module")
def server(hashing_original: Path) -> Iterator[Server]:
    """The page over it."""
    running = Server(hashing_original)
    yield running
    assert "Traceback" not in running.stop()


def test_filters_narrow_the_answer_and_say_so(browser: Browser, server: Server) -> None:
    """Options show counts; what is chosen holds for the next question, is said with its answer, and can be cleared."""
    visit = Visit(browser, server, "it-IT")
    page = visit.page
    form = page.locator("#ask-filters")
    outlets = form.locator("select[name=outlet] option").all_inner_texts()
    form.locator("select[name=outlet]").select_option("askanews")
    form.get_by_text("Articoli: 1 di 5").wait_for()
    visit.ask(QUESTION)

    assert outlets == ["tutte", "France24 (1)", "askanews (1)"]
    assert page.locator(".filtered").inner_text() == "Filtri: askanews"
    assert {cite.split(",")[0] for cite in page.locator("#conversation cite").all_inner_texts()} == {"askanews"}
    form.get_by_role("button", name="Togli i filtri").click()
    form.get_by_text("Articoli: 5 di 5").wait_for()
    visit.leave()


def test_filters_that_exclude_everything_are_told(browser: Browser, server: Server) -> None:
    """Dates beyond the archive leave nothing: the form says it before, and the answer after one asks."""
    visit = Visit(browser, server, "en-GB")
    visit.page.fill("#ask-filters input[name=since]", "2030-01-01")
    visit.page.locator("#ask-filters input[name=since]").dispatch_event("change")
    visit.page.locator("#ask-filters .reach.none").wait_for()
    visit.ask("What did Putin say?")

    assert visit.page.locator("#ask-filters .reach").inner_text() == "The filters exclude every article."
    assert visit.page.locator("#conversation .notice").inner_text() == (
        "Not found in the archive. No article matches the filters you chose."
    )
    assert visit.page.locator(".filtered").inner_text() == "Filters: from 1 January 2030"
    visit.leave()


def test_a_draft_is_checked(browser: Browser, server: Server) -> None:
    """Each quotation gets its verdict in words, what was changed is marked and told, and its source opens."""
    visit = Visit(browser, server, "it-IT")
    page = visit.page
    page.get_by_role("tab", name="Verifica").click()
    page.fill(
        "#draft textarea",
        "Parla di «circa 12.000 soldati a combattere in Ucraina», di un «grande simbolo», e «pioverà <b>domani</b>».",
    )
    page.click("#check-draft")
    page.locator("#verdicts .card").nth(2).wait_for()

    assert [badge[2:] for badge in page.locator(".badge").all_inner_texts()] == [
        "alterato",
        "esatto",
        "non presente nell’archivio",
    ]
    assert page.locator("#verdicts del").all_inner_texts() == ["15.000"]
    assert page.locator("#verdicts ins").all_inner_texts() == ["12.000"]
    assert page.locator("#verdicts li.serious").all_inner_texts() == ["numero: «12.000» invece di «15.000»"]
    assert page.locator("#verdicts .draft mark").last.inner_text() == "pioverà <b>domani</b>"
    page.locator("#verdicts button.open").first.click()
    page.locator("#reader mark.current").wait_for()
    assert page.locator("#reader mark.current").inner_text() == "circa 15.000 soldati a combattere in Ucraina"
    page.get_by_label("English").click()
    page.locator(".badge", has_text="altered").wait_for()
    assert page.locator("#verdicts .hint").count() == 0
    page.wait_for_timeout(500)  # the field has another label now, and is still being drawn
    page.fill("#draft textarea", "un grande simbolo")
    page.click("#check-draft")
    page.locator("#verdicts .hint", has_text="The text has no quotation marks").wait_for()
    assert page.locator("#verdicts blockquote").first.get_attribute("lang") == "it"
    page.fill("#draft textarea", " ")
    page.click("#check-draft")
    page.locator("#verdicts .notice", has_text="There is nothing to check.").wait_for()
    visit.leave()


def test_direct_speech_is_browsed(browser: Browser, server: Server, hashing_original: Path) -> None:
    """The list is that of the archive, newest first; speaker, search and a click on a month narrow it."""
    known = find_quotations(Archive.open(hashing_original), None, Filters())
    october = "#timeline tr.all button[data-month='2025-10']"
    visit = Visit(browser, server, "it-IT")
    page = visit.page
    page.get_by_role("tab", name="Virgolettati").click()
    page.get_by_text(f"Virgolettati trovati: {len(known)}").wait_for()
    shown = page.locator("#quotations blockquote").evaluate_all("nodes => nodes.map(node => node.textContent)")

    assert shown == [quotation.text for quotation in known[:20]]
    page.locator(october).click()
    autumn = [quotation.text for quotation in known if (quotation.article.published or "") > "2025-10"]
    page.get_by_text(f"Virgolettati trovati: {len(autumn)}", exact=True).wait_for()
    assert page.locator("#quotes-filters input[name=since]").input_value() == "2025-10-01"
    assert page.locator("#timeline button[aria-pressed=true]").get_attribute("data-month") == "2025-10"
    page.locator(october).click()
    page.get_by_text(f"Virgolettati trovati: {len(known)}").wait_for()
    assert page.locator("#quotes-filters input[name=since]").input_value() == ""
    page.locator("#timeline button[data-month='2025-04'][data-speaker='Vladimir Putin']").click()
    page.locator("#timeline button[aria-pressed=true][data-speaker='Vladimir Putin']").wait_for()
    spoken = Filters(since="2025-04-01", until="2025-04-30", speaker="Vladimir Putin")
    april = [quotation.text for quotation in find_quotations(Archive.open(hashing_original), None, spoken)]
    page.get_by_text(f"Virgolettati trovati: {len(april)}", exact=True).wait_for()
    assert page.locator("#quotations blockquote").all_text_contents() == april
    page.locator("#quotes-filters .reset").click()
    page.get_by_text(f"Virgolettati trovati: {len(known)}").wait_for()
    page.locator("#quotes-filters select[name=speaker]").select_option("Emmanuel Macron")
    page.get_by_text("Virgolettati trovati: 1", exact=True).wait_for()
    assert page.locator("#quotations blockquote").text_content() == "imprudente"
    page.fill("#search input, #search textarea", "simbolo")
    page.keyboard.press("Enter")
    page.get_by_text("Nessun virgolettato corrisponde a parole e filtri.").wait_for()
    visit.leave()


def test_the_archive_is_listed_and_opened(browser: Browser, server: Server) -> None:
    """Each article stands there with its counts, and opens whole without a quotation marked."""
    visit = Visit(browser, server, "en-GB")
    page = visit.page
    page.get_by_role("tab", name="Archive").click()
    page.locator("table.holdings td").first.wait_for()
    rows = [row.split("\t") for row in page.locator("table.holdings tbody tr").all_inner_texts()]

    assert len(rows) == 5
    assert [cell.strip() for cell in rows[0]][:4] == [MUSEUM, "askanews", "24 October 2025", "Italian"]
    page.get_by_role("button", name=MUSEUM).click()
    page.locator("#reader .text").wait_for()
    assert page.locator("#reader .text").text_content() == source(MUSEUM)
    assert page.locator("#reader mark").count() == 0
    page.fill("#search-archive :is(input, textarea)", "ASKA 003")
    page.get_by_text("Articles found: 1", exact=True).wait_for()
    assert page.locator("table.holdings tbody button.open").all_inner_texts() == [MUSEUM]
    page.fill("#search-archive :is(input, textarea)", "")
    page.get_by_text("Articles found: 5", exact=True).wait_for()
    visit.leave()


def test_what_is_copied_is_the_slice_with_its_source(browser: Browser, server: Server) -> None:
    """The real clipboard gets the words of the file between quotation marks, and then the source."""
    visit = Visit(browser, server, "it-IT")
    visit.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit.ask("L’edificio del grande simbolo a Pyongyang")
    page = visit.page
    mark = page.locator("#conversation mark.evidence").first
    start, end = (int(mark.get_attribute(f"data-{name}") or -1) for name in ("start", "end"))
    file = page.locator("#reader dd.file").inner_text()
    page.locator("#conversation .card button.copy").first.click()
    page.get_by_text("Copiato").wait_for()

    assert page.evaluate("navigator.clipboard.readText()").startswith(f"«{source(file)[start:end]}», ")
    visit.leave()


def test_a_link_to_a_passage_opens_it(browser: Browser, server: Server) -> None:
    """The link that a card copies opens the article at the passage; one to a place that is gone says so."""
    visit = Visit(browser, server, "it-IT")
    visit.ask(QUESTION)
    link = visit.page.locator("#conversation .card button.link").first.get_attribute("data-link") or ""
    quoted = visit.first_quote()
    visit.leave()
    again = Visit(browser, server, "it-IT", query=link)
    stale = Visit(browser, server, "en-GB", query=re.sub(r"article=\w+", "article=0123456789abcdef", link))

    again.page.locator("#reader mark.current").wait_for()
    assert again.page.locator("#reader mark.current").text_content() == quoted
    assert stale.page.locator("#reader .notice").inner_text().startswith("The link leads to a passage")
    again.leave()
    stale.leave()


def test_a_link_to_an_answer_asks_again(browser: Browser, server: Server) -> None:
    """The link to an answer brings the same quotes under the same filters, in the language it names."""
    visit = Visit(browser, server, "it-IT")
    visit.page.locator("#ask-filters select[name=speaker]").select_option("Vladimir Putin")
    visit.page.locator("#ask-filters .reset").wait_for()
    visit.ask(QUESTION)
    link = visit.page.locator("#conversation .about button.link").get_attribute("data-link") or ""
    quotes = visit.page.locator("#conversation mark.evidence").all_text_contents()
    visit.leave()
    again = Visit(browser, server, "it-IT", query=link)

    again.page.locator(".turn").wait_for()
    assert again.page.locator("#conversation mark.evidence").all_text_contents() == quotes
    assert again.page.locator(".question").inner_text() == QUESTION
    assert again.page.locator("#ask-filters select[name=speaker]").input_value() == "Vladimir Putin"
    again.leave()


def test_the_page_is_used_by_keyboard(browser: Browser, server: Server) -> None:
    """``/`` leads to the field, arrows from there through the quotes and back, Enter opens; steps go on from there."""
    visit = Visit(browser, server, "it-IT")
    visit.ask(QUESTION)
    page = visit.page
    page.locator("#reader .text").focus()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.closest('#question') !== null")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.value") == 2
    page.keyboard.press("Enter")
    page.locator("#reader .steps", has_text="2 di").wait_for()
    quotes = page.locator("#conversation mark.evidence").all_text_contents()
    assert page.locator("#reader mark.current").text_content() == quotes[1]
    page.wait_for_function("document.activeElement.matches('#reader .text')")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.value") == 2
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.matches('#reader .text')")
    page.get_by_role("button", name="Citazione successiva").press("Enter")
    page.locator("#reader .steps", has_text="3 di").wait_for()
    assert page.locator("#reader mark.current").text_content() == quotes[2]
    page.locator("#conversation .card").first.focus()
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.closest('#question') !== null")
    page.keyboard.type("/")
    assert page.locator("#question textarea").input_value() == "/"
    visit.leave()


def test_tabs_and_drafts_by_keyboard(browser: Browser, server: Server) -> None:
    """Arrows lead from tab to tab and around; Ctrl+Enter in the draft checks it."""
    visit = Visit(browser, server, "it-IT")
    page = visit.page
    page.get_by_role("tab", name="Domande").focus()
    for key, name in (("ArrowRight", "Virgolettati"), ("ArrowLeft", "Domande"), ("ArrowLeft", "Valutazione")):
        page.keyboard.press(key)
        page.locator("[role=tab].selected", has_text=name).first.wait_for()
        assert page.evaluate("document.activeElement.textContent").strip() == name
    page.get_by_role("tab", name="Verifica").click()
    page.fill("#draft textarea", "«un grande simbolo»")
    page.keyboard.press("Control+Enter")
    page.locator("#verdicts .card").wait_for()
    visit.leave()


def test_why_a_passage_was_found_is_told_on_request(browser: Browser, server: Server) -> None:
    """The reasons are folded until one asks, and name the words of the question that the passage holds."""
    visit = Visit(browser, server, "en-GB")
    visit.ask("Putin Kursk")
    why = visit.page.locator("#conversation .why").first

    assert not why.locator("li").first.is_visible()
    why.locator("summary").click()
    assert re.match(r"Words of the question in the passage: .*(Putin|Kursk)", why.locator("li").first.inner_text())
    visit.leave()


def test_the_chosen_language_is_remembered(browser: Browser, server: Server) -> None:
    """After a switch the page comes back in that language, whatever the browser prefers, everywhere and in `lang`."""
    visit = Visit(browser, server, "en-GB")
    page = visit.page
    page.get_by_label("Italiano").click()
    page.get_by_role("tab", name="Domande").wait_for()
    page.locator("#ask-filters form[lang=it]").wait_for()
    page.wait_for_timeout(500)  # an answer that a reload cuts off is a complaint in the console
    page.reload()
    page.get_by_role("tab", name="Virgolettati").wait_for()

    assert page.evaluate("document.documentElement.lang") == "it"
    assert page.locator("#ask-filters form").get_attribute("lang") == "it"
    assert page.get_by_role("tab").all_inner_texts()[:5] == [
        "Domande",
        "Virgolettati",
        "Verifica",
        "Archivio",
        "Valutazione",
    ]
    visit.leave()


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_every_tab_is_in_sight(browser: Browser, server: Server, width: int) -> None:
    """All tabs can be seen and clicked at any width, and beside the evaluation nothing is read."""
    visit = Visit(browser, server, "it-IT", width)
    page = visit.page
    visit.ask(QUESTION)
    page.locator("#reader .text").wait_for()
    names = ("Virgolettati", "Verifica", "Archivio", "Valutazione", "Domande")
    panels = ("#quotations .card", "#draft", "#holdings td", "#measure", "#question")
    for name, panel in zip(names, panels, strict=True):
        page.get_by_role("tab", name=name, exact=True).click()
        page.locator(panel).first.wait_for()
        assert page.locator("#read").is_visible() is (name != "Valutazione")
    assert page.locator(".overflow-menu").is_hidden()
    field = page.locator("#question textarea").bounding_box()
    assert field is not None
    assert field["y"] + field["height"] < 850 * 0.4
    visit.leave()


@pytest.mark.parametrize(
    ("label", "opening"),
    [
        ("Redazione, in italiano", "«{words}», "),
        ("Redazione, in inglese", "“{words}”, "),
        ("APA", "«{words}» "),
        ("BibTeX", "@online{{"),
        ("HTML (blockquote)", "<figure><blockquote"),
        ("Markdown", "> "),
    ],
)
def test_a_quote_is_copied_in_a_style(browser: Browser, server: Server, label: str, opening: str) -> None:
    """The menu beside the open quote puts it on the real clipboard in the style one chooses, to the letter."""
    visit = Visit(browser, server, "it-IT")
    visit.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit.ask(QUESTION)
    page = visit.page
    words = page.locator("#reader mark.current").text_content()
    menu = page.locator("#reader .menu")
    menu.locator("summary").click()
    menu.get_by_role("button", name=label, exact=True).click()
    menu.get_by_text("Copiato").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")

    assert copied.startswith(opening.format(words=words))
    assert (
        page.locator("#conversation .card").first.locator(f".menu button:text-is('{label}')").get_attribute("data-copy")
        == copied
    )
    visit.leave()


@pytest.mark.parametrize(
    ("form", "label"), [("csv", "CSV"), ("json", "JSON"), ("md", "Markdown"), ("docx", "Word (DOCX)")]
)
def test_an_answer_is_taken_away(
    browser: Browser, server: Server, hashing_original: Path, tmp_path: Path, form: str, label: str
) -> None:
    """A click in the menu beside an answer, or beside the list of quotations, downloads a file whose quotes stand."""
    visit = Visit(browser, server, "it-IT")
    page = visit.page
    visit.ask(QUESTION)
    quotes = page.locator("#conversation mark.evidence").all_text_contents()
    for part, tab in (("#conversation", "Domande"), ("#quotations", "Virgolettati")):
        page.get_by_role("tab", name=tab, exact=True).click()
        page.locator(f"{part} .about summary").click()
        with page.expect_download() as download:
            page.locator(f"{part} .about").get_by_role("link", name=label).click()
        path = tmp_path / f"{tab}.{form}"
        download.value.save_as(path)
        taken = read_export(path)
        assert download.value.suggested_filename == f"virgolettato.{form}"
        assert {standing(Archive.open(hashing_original), excerpt)[0] for excerpt in taken} == {Standing.STANDS}
        if tab == "Domande":
            assert [excerpt.text for excerpt in taken] == quotes
        else:
            assert len(taken) == len(find_quotations(Archive.open(hashing_original), None, Filters()))
    visit.leave()


def test_the_context_is_unfolded_on_request(browser: Browser, server: Server) -> None:
    """Only what is near a quote is shown at once; one click shows the whole passage, another folds it."""
    visit = Visit(browser, server, "it-IT")
    visit.ask(QUESTION)
    card = visit.page.locator("#conversation .card:has(.unfold)").first
    far = card.locator(".far").first

    assert not far.is_visible()
    card.get_by_role("button", name="Mostra il contesto").click()
    assert far.is_visible()
    card.get_by_role("button", name="Riduci il contesto").click()
    assert not far.is_visible()
    visit.leave()


def test_the_page_answers_programs(server: Server, hashing_original: Path) -> None:
    """The served program gives the command line's JSON to curl and to Gradio's own client, and no file of its own."""
    # Not above: it loads huggingface_hub, which reads on import whether it is to stay off the network.
    from gradio_client import Client
    from gradio_client.exceptions import AppError

    answer = answer_json(Engine(Archive.open(hashing_original)).ask("Putin Kursk", k=2))
    client = Client(server.url, verbose=False)
    called = client.predict("Putin Kursk", 2, api_name="/ask")
    with httpx.Client(base_url=server.url) as http:
        fetched = http.get("/api/ask", params={"q": "Putin Kursk", "k": 2}).json()
        stolen = [http.get(path).status_code for path in ("/gradio_api/file=app.py", "/file=app.py", "/api/../app.py")]

    for found in (called, fetched):
        assert {**found, "timings_ms": 0} == {**json.loads(json.dumps(answer)), "timings_ms": 0}
    assert set(stolen) <= {403, 404}
    with pytest.raises(AppError, match="the question is empty"):
        client.predict(" ", 2, api_name="/ask")
    assert sorted(client.view_api(return_format="dict", print_info=False)["named_endpoints"]) == [
        "/ask",
        "/check",
        "/quotes",
    ]
