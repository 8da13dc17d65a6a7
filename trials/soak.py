"""Eight readers ask while a writer adds and removes: ``python -m trials.soak [--minutes M]``.

Readers are processes of their own that keep an archive open and move to a new generation when there is one, as the
page does. Every quote is compared with the file it came from; memory is read at the beginning and at the end.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import sys
import tempfile
import time
from pathlib import Path
from queue import Empty
from typing import Any

from index.archive import Archive
from index.build import add, build, remove
from index.encoder import HASHING
from index.errors import VirgolettatoError
from qa.answer import Engine
from qa.render import answer_json
from trials.state import QUESTIONS, SEEDS
from trials.writers import small_segments

_READERS = 8
_SETTLED = 0.2
"""Share of the time after which a reader's memory counts as its usual one."""


def main() -> None:
    """Soak for the minutes asked and print what came of it; exit status 1 where anything went wrong."""
    parser = argparse.ArgumentParser(description="Read and write for a while.")
    parser.add_argument("--minutes", type=float, default=10.0, help="how long; default 10")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, small_segments():
        told = soak(Path(folder), 60 * given.minutes)
    print(json.dumps(told, indent=1))
    sys.exit(bool(told["wrong"]))


def soak(folder: Path, seconds: float, readers: int = _READERS) -> dict[str, Any]:
    """Read with `readers` processes and write with this one for `seconds`; counts, MB, and what went wrong."""
    archive, news = folder / "archive", folder / "news"
    build(archive, [SEEDS], HASHING)
    news.mkdir()
    # Readers start fresh: tantivy and FAISS have threads by now, and these do not survive a fork.
    context = multiprocessing.get_context("spawn")
    results: multiprocessing.Queue[dict[str, Any]] = context.Queue()
    children = [context.Process(target=_read, args=(archive, news, seconds, n, results)) for n in range(readers)]
    for child in children:
        child.start()
    written = _write(archive, news, seconds)
    told = []
    for _ in children:
        try:
            told.append(results.get(timeout=60 + seconds))
        except Empty:
            told.append({"asked": 0, "generations": 0, "wrong": ["a reader did not report"], "memory": (0, 0)})
    for child in children:
        child.join()
    return {
        "written": written,
        "asked": sum(one["asked"] for one in told),
        "generations seen, fewest": min(one["generations"] for one in told),
        "memory settled and at the end, MB": [one["memory"] for one in told],
        "wrong": [line for one in told for line in one["wrong"]],
    }


def _write(archive: Path, news: Path, seconds: float) -> int:
    """Add and remove until `seconds` are over; how many generations were published."""
    chance, begun, published = random.Random(1), time.monotonic(), 0
    while time.monotonic() - begun < seconds:
        published += 1
        path = news / f"{published}.txt"
        amount = chance.randint(2, 90) * 1_000
        path.write_text(f"Soldati inviati a Kursk: {amount}, ha detto «Rossi {published}».", encoding="utf-8")
        added = add(archive, [path])
        if chance.random() < 0.7:
            remove(archive, [article.id for article in added.intake.articles] if added.intake else [])
            published += 1
    return published


def _read(
    archive: Path, news: Path, seconds: float, number: int, results: multiprocessing.Queue[dict[str, Any]]
) -> None:
    chance, begun = random.Random(number), time.monotonic()
    asked, wrong, settled = 0, [], 0.0
    seen = set()
    opened = Archive.open(archive)
    while time.monotonic() - begun < seconds:
        try:
            if not opened.is_current():
                opened = Archive.open(archive)
            seen.add(opened.folder)
            told = answer_json(Engine(opened).ask(chance.choice(QUESTIONS)))
            for citation in (*told["citations"], *told["nearest"]):
                name = citation["article"]["file"]
                path = next(folder / name for folder in (SEEDS, news) if (folder / name).is_file())
                with path.open(encoding="utf-8", newline="") as file:
                    if file.read()[citation["start"] : citation["end"]] != citation["text"]:
                        wrong.append(f"a wrong slice of {name}: {citation['text']}")
        except VirgolettatoError as error:
            wrong.append(f"{type(error).__name__}: {error}")
        asked += 1
        if not settled and time.monotonic() - begun > _SETTLED * seconds:
            settled = _megabytes()
    results.put({"asked": asked, "generations": len(seen), "wrong": wrong, "memory": (settled, _megabytes())})


def _megabytes() -> float:
    """Resident memory of this process."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return round(pages * 4096 / 1e6, 1)


if __name__ == "__main__":
    main()
