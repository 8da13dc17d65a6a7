"""Every attack in the page: in a real Chromium's document, and by the real program's every tab and address."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from index.archive import Archive
from index.build import build
from index.changes import Change
from index.encoder import HASHING
from index.errors import SourceError
from index.ingest import Intake
from index.readers.source import Refusal
from index.records import Holding
from index.terminal import printable
from page.changing import report_html, report_of
from page.conversation import Notice, conversation_html
from page.filtering import filters_html
from page.inventory import inventory_html
from page.markup import shortened
from page.quotations import list_html
from page.reader import Reading, reader_html
from page.timeline import tally_of, timeline_html
from page.verdicts import verdicts_html
from qa.facets import Facets, Option
from qa.limits import MAX_QUESTION
from qa.records import Filters, Language
from tests.attacks import UNWRITABLE, WRITABLE
from tests.test_hostile_outputs import CONTENTS, checked, hostile, steering
from tests.test_page_assistants import spoken
from tests.test_page_markup import ATTRIBUTES, ELEMENTS, manifest
from tests.visits import CHROMIUM, NO_CHROMIUM, Server, Visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM)
_EACH = 10
"""Attacks in one article."""
_ALLOWED = ELEMENTS | {"form", "label", "input", "select", "option", "table", "thead", "tbody", "tr", "th", "td", "h3"}
_ALLOWED |= {"sup", "del", "ins", "q", "caption"}
_KNOWN = ATTRIBUTES | {"name", "selected", "scope", "title", "aria-pressed", "aria-label", "data-article", "data-sure"}
_KNOWN |= {"data-label", "data-month", "data-speaker", "data-since", "data-until", "data-question", "style"}
_LOOK = """([fragments, elements, attributes]) => fragments.map(([name, html, places]) => {
  const place = document.querySelector('#place');
  place.innerHTML = html;
  const wrong = [];
  for (const one of place.querySelectorAll('*')) {
    if (!elements.includes(one.localName) || one.namespaceURI !== 'http://www.w3.org/1999/xhtml')
      wrong.push(`element ${one.localName}`);
    for (const {name, value} of one.attributes) {
      if (!attributes.includes(name)) wrong.push(`attribute ${name}`);
      if (name === 'href' && !/^(https?:|api\\/export\\/|\\?)/i.test(value)) wrong.push(`address ${value}`);
      if (name === 'style' && !/^(--[a-z]+|height|width): ?[0-9.]+(%|em)?;?$/.test(value)) wrong.push(`style ${value}`);
    }
  }
  for (const [selector, text] of places) {
    const found = [...place.querySelectorAll(selector)].map((one) => one.textContent);
    if (!found.includes(text)) wrong.push(`no ${selector} that says ${JSON.stringify(text).slice(0, 80)}`);
  }
  return [name, wrong];
}).filter(([, wrong]) => wrong.length)"""


def fragments(attack: str) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """What the page can make of an attack: a name, the HTML, and selectors with the text that is to be there."""
    answer, quotation = hostile(attack)
    article, language = quotation.article, Language.ITALIAN
    options = (Option(attack, 1),)
    holding = Holding(article.id, attack, attack, "2025-05-01", "it", attack, 1, 1)
    refusal = Refusal(attack, attack, attack)
    change = Change((), (), (), 0, False, Intake((), (refusal,), (refusal,), (attack,)), CONTENTS, None)
    chosen = Filters(outlet=attack, speaker=attack)
    return [
        ("answer", conversation_html([answer], language), [("h2.question", attack), ("mark.evidence", attack)]),
        ("notice", conversation_html([Notice(attack, "question_empty")], language), [("h2.question", attack)]),
        ("examples", conversation_html([], language, (attack,)), [("button.example", attack)]),
        (
            "article",
            reader_html(Reading.of(answer.citations, 0), language, asked=True),
            [(".text", article.text), ("h2", attack), ("dd.file", attack), ("mark.current", attack)],
        ),
        ("quotations", list_html([quotation], 9, 1, lambda e: f"?{e}", language), [("blockquote", attack)]),
        ("draft", verdicts_html(checked(attack), language), [(".draft mark", attack)]),
        (
            "filters",
            filters_html(chosen, Facets(1, 1, options, options, ()), language),
            [("option", f"{shortened(attack)} (1)")],
        ),
        (
            "holdings",
            inventory_html([holding], 9, manifest(), language, removable=True),
            [("button.open", attack), ("td", shortened(attack))],
        ),
        ("timeline", timeline_html(tally_of([quotation], {}), chosen, language), [("th", shortened(attack))]),
        ("change", report_html(report_of(change), language), [("b", printable(attack))]),
        ("refusal", report_html(report_of(SourceError(attack, attack)), language), []),
    ]


def test_no_attack_becomes_anything_in_a_document(browser: Browser) -> None:
    """Each part of the page made of each attack, put into a live document: the words stand there to the letter, there
    is no element, attribute or address but ours, nothing ran and nothing was asked for.
    """
    context = browser.new_context()
    page = context.new_page()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.set_content("<!doctype html><meta charset=utf-8><div id=place></div>")
    wrong: list[Any] = []
    for attack in WRITABLE:
        given = [[name, html, places] for name, html, places in fragments(attack)]
        wrong += [[attack[:60], *one] for one in page.evaluate(_LOOK, [given, sorted(_ALLOWED), sorted(_KNOWN)])]
    page.wait_for_timeout(500)

    assert wrong == []
    assert page.evaluate("window.hacked") is None
    assert requests == []
    context.close()


def groups() -> list[Sequence[str]]:
    """The attacks of each article."""
    return [WRITABLE[place : place + _EACH] for place in range(0, len(WRITABLE), _EACH)]


def text_of(group: Sequence[str]) -> str:
    """An article that holds attacks in speech and beside it."""
    return "\n\n".join(
        f"Il portavoce Ugo Rossi ha detto a Borgo: «{attack} e basta così». {attack}" for attack in group
    )


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Articles of all attacks, which are their titles, outlets, authors, addresses and files' names, too."""
    folder = tmp_path_factory.mktemp("hostile")
    for number, group in enumerate(groups()):
        name = (
            f"{number} {''.join(one[:12] for one in group)}".replace("/", "∕").encode()[:180].decode("utf-8", "ignore")
        )
        (folder / f"{name}.txt").write_bytes(text_of(group).encode())
        said = " ".join(group)
        url = next((one for one in group if one.startswith("https://")), "javascript:window.hacked=1")
        facts = {
            "title": f"{number}: {said}"[:5_000],
            "outlet": f"{number} {group[0]}"[:500],
            "author": group[-1][:500],
            "url": url,
        }
        (folder / f"{name}.meta.json").write_text(
            json.dumps({key: value for key, value in facts.items() if value.strip()}), encoding="utf-8"
        )
    return folder


@pytest.fixture(scope="module")
def archive(sources: Path) -> Path:
    """An archive of them."""
    build(sources / "archive", sorted(sources.glob("*.txt")), HASHING)
    return sources / "archive"


@pytest.fixture(scope="module")
def server(archive: Path) -> Iterator[Server]:
    """The page over it, with all that it can have."""
    running = Server(archive, "--allow-upload", "--mcp")
    yield running
    assert "Traceback" not in running.stop()


def shown(text: str) -> str:
    """What a document holds of `text` that came by HTML or a field: a form has its own line breaks."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def test_every_tab_shows_words(browser: Browser, server: Server, archive: Path) -> None:
    """Listed, opened, asked, browsed and checked in the real page, each attack is text: nothing ran, nothing was
    fetched, nothing was complained of, and each article is shown to the letter.
    """
    held = {article.id: article for article in Archive.open(archive).store.articles()}
    visit = Visit(browser, server, "it-IT")
    page = visit.page
    page.get_by_role("tab", name="Archivio").click()
    page.locator("#holdings button.open").first.wait_for()
    rows = page.locator("#holdings button.open").evaluate_all(
        "(all) => all.map((b) => [b.dataset.article, b.textContent])"
    )
    assert dict(rows) == {one.id: one.title for one in held.values()}
    for place, (article, title) in list(enumerate(rows))[::2]:
        page.locator("#holdings button.open").nth(place).click()
        page.wait_for_function("(title) => document.querySelector('#reader h2')?.textContent === title", arg=title)
        assert page.locator("#reader .text").text_content() == held[article].text
    page.get_by_role("tab", name="Virgolettati").click()
    page.locator("#quotations .card").first.wait_for()
    page.get_by_role("tab", name="Domande").click()
    for group in groups()[::5]:
        question = " ".join(["Rossi Borgo", *group])[:MAX_QUESTION]
        visit.ask(question)
        assert page.locator(".question").first.text_content() == shown(question)
        page.locator("#clear").click()
        page.locator(".turn").first.wait_for(state="detached")
    page.get_by_role("tab", name="Verifica").click()
    draft = "\n".join(f"«{attack[:200]}»" for attack in WRITABLE)
    page.fill("#draft textarea", draft)
    page.click("#check-draft")
    page.locator("#verdicts .draft").wait_for()
    assert page.locator("#verdicts .draft").evaluate(
        "(one) => [...one.childNodes].filter((n) => n.localName !== 'sup').map((n) => n.textContent).join('')"
    ) == shown(draft)

    assert page.evaluate("window.hacked") is None
    assert page.locator("#columns :is(img, script, iframe, object, embed, link, base, meta, math)").count() == 0
    assert [url for url in visit.requests if "hacked" in url.split("?")[0]] == []
    visit.leave()


def test_the_http_interface_gives_words(server: Server) -> None:
    """Asked with each attack as question, filter, text and name, the interface answers as JSON with the very words, or
    refuses as JSON; never with an error of its own, and never as HTML.
    """
    wrong = []
    with httpx.Client(base_url=server.url, timeout=120) as http:
        for attack in WRITABLE:
            text = attack[:MAX_QUESTION]
            answers = [
                ("ask", http.get("/api/ask", params={"q": text, "k": 1})),
                ("filters", http.get("/api/quotes", params={"text": text[:200], "speaker": text[:200], "limit": 1})),
                ("refused", http.get("/api/ask", params={"q": "x", "since": text})),
                ("missing", http.get("/api/articles/x", params={"x": text})),
            ]
            for name, answer in answers:
                media = answer.headers["content-type"]
                if answer.status_code not in (200, 400, 404) or media != "application/json":
                    wrong.append((name, attack[:60], answer.status_code, media))
            first = answers[0][1]
            if first.status_code == 200 and first.json()["question"] != text:
                wrong.append(("words", attack[:60], 0, ""))
        for attack in UNWRITABLE:
            answer = http.post("/api/check", content=json.dumps({"text": attack}))
            if answer.status_code != 400 and "\x00" not in attack:
                wrong.append(("unwritable", repr(attack), answer.status_code, answer.text[:80]))

    assert wrong == []


def test_assistants_are_told_words(server: Server) -> None:
    """Over MCP each attack, asked or given as a filter, comes back in JSON on one line to the letter, or is refused in
    one line of text; nothing in what is told steers a terminal.
    """
    asked = [attack[:MAX_QUESTION] for attack in WRITABLE]
    calls: list[tuple[str, dict[str, Any]]] = [("ask", {"question": text, "k": 1}) for text in asked]
    calls += [("quotes", {"speaker": text[:200], "limit": 1}) for text in asked]
    _, _, results = spoken(server, calls)
    wrong = []
    for (tool, given), result in zip(calls, results, strict=True):
        [content] = result.content
        told = {} if result.isError or tool != "ask" else json.loads(content.text)
        if steering(content.text, keep="") or told.get("question", given.get("question")) != given.get("question"):
            wrong.append((tool, str(given)[:80], content.text[:80]))

    assert wrong == []
    assert sum(not result.isError for result in results) > len(asked)
