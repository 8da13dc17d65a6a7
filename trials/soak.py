"""Eight readers ask while a writer adds and removes: ``python -m trials.soak [--minutes M]``.

Readers are processes of their own that keep an archive open and move to a new generation when there is one, as the
page does. Every quote is compared with the file it came from, and memory is read all the time. The archive gets no
larger in the end, so what a reader takes at the end may hardly be more than what it took when it had settled.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import sys
import tempfile
import time
from multiprocessing.synchronize import Barrier, Event
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
_KEPT = 12
"""Added articles that stay in the archive, the last ones, so that it grows no further."""
_GROWTH = 12.0
"""MB by which the most memory of a reader, settled, may be exceeded by the most at the end."""
_PATIENCE = 120
"""Seconds in which a reader has to report."""


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
    ready, over = context.Barrier(readers + 1), context.Event()
    children = [context.Process(target=_read, args=(archive, news, n, ready, over, results)) for n in range(readers)]
    for child in children:
        child.start()
    ready.wait()
    written = _write(archive, news, seconds)
    over.set()
    told = []
    for _ in children:
        try:
            told.append(results.get(timeout=_PATIENCE))
        except Empty:
            told.append(_report(-1, 0, 0, [], ["a reader did not report"]))
    for child in children:
        child.join()
    told.sort(key=lambda one: one["reader"])
    wrong = [line for one in told for line in one.pop("wrong")]
    wrong += [f"reader {one['reader']} asked nothing" for one in told if not one["asked"]]
    wrong += [f"reader {one['reader']} saw one generation alone" for one in told if one["generations"] < 2]
    wrong += [f"reader {one['reader']} takes ever more memory" for one in told if one["grown, MB"] > _GROWTH]
    return {"written": written, "asked": sum(one["asked"] for one in told), "readers": told, "wrong": wrong}


def _write(archive: Path, news: Path, seconds: float) -> int:
    """Add and remove until `seconds` are over; how many generations were published."""
    chance, begun, published = random.Random(1), time.monotonic(), 0
    held: list[str] = []
    while time.monotonic() - begun < seconds:
        published += 1
        path = news / f"{published}.txt"
        amount = chance.randint(2, 90) * 1_000
        path.write_text(f"Soldati inviati a Kursk: {amount}, ha detto «Rossi {published}».", encoding="utf-8")
        added = add(archive, [path])
        held += [article.id for article in added.intake.articles] if added.intake else []
        if len(held) > _KEPT or chance.random() < 0.3:
            remove(archive, [held.pop(chance.randrange(len(held)))])
            published += 1
    return published


def _read(
    archive: Path, news: Path, number: int, ready: Barrier, over: Event, results: multiprocessing.Queue[dict[str, Any]]
) -> None:
    """Read from before the first change until after the last one."""
    chance = random.Random(number)
    asked, wrong = 0, []
    memory: list[tuple[float, float]] = []
    seen = set()
    opened = Archive.open(archive)
    ready.wait()
    begun, last = time.monotonic(), False
    while not last:
        last = over.is_set()
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
        memory.append((time.monotonic() - begun, _megabytes()))
    results.put(_report(number, asked, len(seen), memory, wrong))


def _report(
    number: int, asked: int, generations: int, memory: list[tuple[float, float]], wrong: list[str]
) -> dict[str, Any]:
    """What a reader tells: the most memory it took while it settled and the fifth after, and in the last fifth."""
    seconds = memory[-1][0] if memory else 0.0
    settled = max((mb for at, mb in memory if at < 2 * _SETTLED * seconds), default=0.0)
    end = max((mb for at, mb in memory if at >= (1 - _SETTLED) * seconds), default=0.0)
    return {
        "reader": number,
        "asked": asked,
        "generations": generations,
        "settled, MB": settled,
        "at the end, MB": end,
        "grown, MB": round(end - settled, 1),
        "wrong": wrong,
    }


def _megabytes() -> float:
    """Resident memory of this process."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return round(pages * 4096 / 1e6, 1)


if __name__ == "__main__":
    main()
