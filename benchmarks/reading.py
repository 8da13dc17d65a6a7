"""How fast pages are read, relative to trafilatura alone: ``python -m benchmarks.reading [FOLDER]``.

FOLDER holds ``.html`` files; without one, pages are made from the seeds. Both are timed in turn, page by page, in one
process; absolute times hold for the machine they were measured on, the ratio carries over.
"""

from __future__ import annotations

import argparse
import datetime
import html
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from benchmarks.figures import add_json, tell

ROOT = Path(__file__).parents[1]
_ROUNDS = 5
_COPIES = 20


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description="Time reading HTML pages against trafilatura alone.")
    parser.add_argument("folder", nargs="?", type=Path, metavar="FOLDER", help="of .html files; default: made of seeds")
    add_json(parser)
    given = parser.parse_args()
    tell(measure(_pages(given.folder)), given.json)


def _pages(folder: Path | None) -> list[str]:
    if folder is not None:
        return [path.read_text(encoding="utf-8", errors="replace") for path in sorted(folder.rglob("*.html"))]
    links = "".join(f'<li><a href="/{n}">Un’altra notizia di oggi, numero {n}</a></li>' for n in range(30))
    pages = []
    for path in sorted((ROOT / "seeds").glob("*.txt")):
        lines = path.read_text(encoding="utf-8").splitlines()
        body = "".join(f"<p>{html.escape(line)}</p>" for line in lines if line.strip())
        pages.append(
            "<!DOCTYPE html><html lang='it'><head><meta property='og:title' content='Una prova'></head><body>"
            f"<nav><ul>{links}</ul></nav><main><article><h1>Una prova</h1>{body}</article></main>"
            f"<aside><ul>{links}</ul></aside><footer>Chi siamo</footer></body></html>"
        )
    return pages * _COPIES


def measure(pages: list[str]) -> dict[str, float]:
    """Median times of a page, in milliseconds, by what reads it; and their ratio."""
    import trafilatura

    from index.knowledge import File, article_of
    from index.readers import web

    today = datetime.date.today()
    file = File("page.html", "page.html", "0")

    def alone(page: str) -> object:
        return trafilatura.bare_extraction(page, include_comments=False, with_metadata=False)

    def with_metadata(page: str) -> object:
        return trafilatura.bare_extraction(page, include_comments=False, with_metadata=True)

    def ours(page: str) -> object:
        return article_of(web.page(page), file, today)

    readers: dict[str, Callable[[str], object]] = {
        "trafilatura, text": alone,
        "trafilatura, text and metadata": with_metadata,
        "ours: text, metadata, furniture, language": ours,
    }
    for read in readers.values():
        read(pages[0])
    rounds: dict[str, list[float]] = {name: [] for name in readers}
    for _ in range(_ROUNDS):
        total = dict.fromkeys(readers, 0.0)
        for page in pages:
            for name, read in readers.items():
                start = time.process_time()
                read(page)
                total[name] += time.process_time() - start
        for name, seconds in total.items():
            rounds[name].append(seconds)
    times = {name: median(found) / len(pages) * 1000 for name, found in rounds.items()}
    figures = {f"{name} (ms a page)": round(value, 2) for name, value in times.items()}
    text, metadata, own = times.values()
    figures["ours to trafilatura's text"] = round(own / text, 2)
    figures["ours to trafilatura's text and metadata"] = round(own / metadata, 2)
    figures["pages a second"] = round(1000 / own)
    return figures


if __name__ == "__main__":
    main()
