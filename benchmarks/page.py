"""How the page feels: ``python -m benchmarks.page [--json FILE]``, in the real Chromium, over the seeds.

First paint, an answer visible after Enter, layout shift when quotes arrive, weight and number of requests; and ten
people who ask at once, whose longest wait is told as a ratio to a single answer. Absolute times hold for the machine
they were measured on.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import httpx

from benchmarks.figures import add_json, tell

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[1]
PORT = 7873
URL = f"http://127.0.0.1:{PORT}"
QUESTIONS = (
    "In quale distretto di Pyongyang sorgerà il museo?",
    "Cosa ha detto Putin dei soldati nordcoreani?",
    "Quanti soldati ha inviato la Corea del Nord?",
    "How many North Korean soldiers were killed?",
    "What did Peskov say about the agreement?",
    "Chi ha inaugurato il museo?",
    "Quando è stato firmato il trattato?",
    "What did Kim Jong Un say of the heroes?",
    "Cosa ha confermato la KCNA?",
    "Quanti feriti ci sono stati?",
)
_VISITS = 5
# As web browsers define it: what moves within half a second of a key is the visitor's own doing and does not count.
_SHIFTED = "window.shifts.splice(0).reduce((sum, [value, own]) => sum + (own ? 0 : value), 0)"
_WATCH = """() => { window.shifts = []; new PerformanceObserver((list) => list.getEntries().forEach((entry) =>
  window.shifts.push([entry.value, entry.hadRecentInput]))).observe({type: 'layout-shift', buffered: true}); }"""
_SHOWN = """(before) => new Promise((done) => { const look = () => {
  const cards = document.querySelectorAll('.turn');
  if (cards.length > before && cards[0].querySelector('mark.evidence'))
    requestAnimationFrame(() => done(performance.now()));
  else requestAnimationFrame(look); }; look(); })"""


def main() -> None:
    """Measure, print a table, and write the figures as JSON where asked."""
    parser = argparse.ArgumentParser(description="Time the page in Chromium on the seeds.")
    add_json(parser)
    given = parser.parse_args()
    figures = measure()
    tell(figures, given.json)


def measure() -> dict[str, float]:
    """All figures; milliseconds, kB and ratios as named."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with served(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        visits = [visit(browser, width) for width in (1280, 390) for _ in range(_VISITS)]
        browser.close()
        crowd = ten_at_once()
    wide, narrow = visits[:_VISITS], visits[_VISITS:]
    figures = {
        f"{name}, {label}": round(median(one[name] for one in those), 3)
        for label, those in (("1280 px", wide), ("390 px", narrow))
        for name in (
            "first paint, ms",
            "ready to ask, ms",
            "answer visible after Enter, ms",
            "layout shift, first answer",
            "layout shift, next answer",
        )
    }
    return {
        **figures,
        "page weight as sent, kB": round(median(one["kB"] for one in visits)),
        "requests": median(one["requests"] for one in visits),
        **crowd,
    }


def visit(browser: Browser, width: int) -> dict[str, float]:
    """One visit with an empty cache, and two questions."""
    context = browser.new_context(locale="it-IT", viewport={"width": width, "height": 850})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(URL)
    page.wait_for_selector("html[data-ready=yes]", timeout=120_000)
    ready = page.evaluate("performance.now()")
    # The stream of events stays open, and would never count as loaded.
    page.wait_for_timeout(500)
    weight, requests = sum(sizes) / 1000, len(sizes)
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    page.evaluate(_WATCH)
    page.wait_for_timeout(100)
    page.evaluate("window.shifts = []")
    waits, shifts = [], []
    for before, question in enumerate(QUESTIONS[:2]):
        waits.append(asked(page, question, before))
        page.wait_for_timeout(500)
        shifts.append(page.evaluate(_SHIFTED))
    context.close()
    return {
        "first paint, ms": paint,
        "ready to ask, ms": ready,
        "answer visible after Enter, ms": median(waits),
        "layout shift, first answer": shifts[0],
        "layout shift, next answer": shifts[1],
        "kB": weight,
        "requests": requests,
    }


def asked(page: Page, question: str, before: int) -> float:
    """Milliseconds from Enter until the answer is drawn."""
    page.fill("#question textarea", question)
    begun = page.evaluate("performance.now()")
    page.keyboard.press("Enter")
    return float(page.evaluate(_SHOWN, before)) - float(begun)


def ten_at_once() -> dict[str, float]:
    """Ten questions of ten clients, one after another, then all at once, over HTTP."""
    with httpx.Client(base_url=URL, timeout=300) as http:

        def seconds(question: str) -> float:
            begun = time.perf_counter()
            client = {"x-forwarded-for": f"198.51.100.{QUESTIONS.index(question) + 1}"}
            http.get("/api/ask", params={"q": question}, headers=client).raise_for_status()
            return time.perf_counter() - begun

        for question in QUESTIONS:
            seconds(question)
        single = [seconds(question) for question in QUESTIONS]
        longest = []
        for _ in range(_VISITS):
            with ThreadPoolExecutor(len(QUESTIONS)) as crowd:
                longest.append(max(crowd.map(seconds, QUESTIONS)))
    return {
        "single answer over HTTP, median, ms": round(1000 * median(single), 1),
        "ten at once: longest wait, median, ms": round(1000 * median(longest), 1),
        "ten at once: longest wait / ten single answers": round(median(longest) / sum(single), 2),
    }


@contextmanager
def served() -> Iterator[None]:
    """The program over a fresh archive of the seeds, behind a proxy that is this program, until it is not needed."""
    with tempfile.TemporaryDirectory() as folder:
        place = ["--archive", f"{folder}/archive", "--port", str(PORT), "--public", "--behind-proxy", "--rate", "0"]
        command = [sys.executable, "app.py", *place]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            try:
                if process.stdout is None or not process.stdout.readline():
                    raise SystemExit(f"the page did not start: is port {PORT} taken?")
                yield
            finally:
                process.terminate()


if __name__ == "__main__":
    main()
