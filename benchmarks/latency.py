"""How long an answer takes, cold and warm, and how much memory: ``python -m benchmarks.latency [--json FILE]``.

Absolute times hold for the machine they were measured on; the ratio of a warm answer to encoding its question alone
carries over. All are measured in turn, in changing order, question by question, in one process.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING

from benchmarks.figures import add_json, tell

if TYPE_CHECKING:
    from qa.answer import Engine

ROOT = Path(__file__).parents[1]
GOLD = ROOT / "tests" / "data" / "seeds_gold.jsonl"
QUESTION = "In quale distretto di Pyongyang sorgerà il museo?"
_COLD_RUNS = 5
_MOST_WINDOWS = 12
"""Windows whose reading is timed beside as many as are read by default."""


def main() -> None:
    """Measure, print a table, and write the figures as JSON where asked."""
    parser = argparse.ArgumentParser(description="Time cold and warm answers on the seeds.")
    add_json(parser)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder) / "archive")
    tell(figures, given.json)


def measure(archive: Path) -> dict[str, float]:
    """Build an archive of the seeds at `archive` and time answers from it; seconds, milliseconds, MB as named."""
    from index.archive import Archive
    from index.build import build
    from qa.answer import Engine
    from qa.reading.opening import open_engine
    from qa.reading.windows import WINDOWS

    helped = [seconds_of("qa", "--help") for _ in range(_COLD_RUNS)]
    begun = time.perf_counter()
    build(archive, [ROOT / "seeds"])
    built = time.perf_counter() - begun
    ask = ("qa", "ask", QUESTION, "--json", "--archive", str(archive))
    cold = [seconds_of(*ask) for _ in range(_COLD_RUNS)]
    engine = open_engine(Archive.open(archive))
    plain = Engine(engine.archive)
    questions = [json.loads(line)["question"] for line in GOLD.read_text(encoding="utf-8").splitlines()]
    engine.ask(QUESTION)
    taken: dict[str, list[float]] = defaultdict(list)
    chance = random.Random(1)  # noqa: S311
    for question in questions:
        works: dict[str, Callable[[], object]] = {
            "encoding": functools.partial(engine.archive.encoder.encode_questions, [question]),
            "answer": functools.partial(engine.ask, question),
            "unread": functools.partial(plain.ask, question),
        }
        works |= {f"reading {most}": reading(engine, question, most) for most in (WINDOWS, _MOST_WINDOWS)}
        # In another order each time: none always finds the processor as the same one left it.
        for name in chance.sample(list(works), len(works)):
            begun = time.perf_counter()
            works[name]()
            taken[name].append(1000 * (time.perf_counter() - begun))
    warm = taken["answer"]
    return {
        f"python -m qa --help, median of {_COLD_RUNS}, s": round(median(helped), 3),
        "first build with model loading, s": round(built, 2),
        f"cold answer, median of {_COLD_RUNS}, s": round(median(cold), 2),
        f"warm answer, median of {len(warm)}, ms": round(median(warm), 1),
        "warm answer, 95th percentile, ms": round(quantiles(warm, n=20)[-1], 1),
        "without a reader, median, ms": round(median(taken["unread"]), 1),
        "encoding the question alone, median, ms": round(median(taken["encoding"]), 1),
        **{
            f"reading {most} windows / encoding alone, median": round(to_encoding(taken, f"reading {most}"), 1)
            for most in (WINDOWS, _MOST_WINDOWS)
        },
        "no reader / encoding alone, median": round(to_encoding(taken, "unread"), 2),
        "resident memory after all that, MB": resident_megabytes(),
    }


def to_encoding(taken: Mapping[str, Sequence[float]], work: str) -> float:
    """The median, over questions, of what `work` took to what encoding took."""
    return median(one / alone for one, alone in zip(taken[work], taken["encoding"], strict=True))


def reading(engine: Engine, text: str, most: int) -> Callable[[], object]:
    """The reader's work on the best `most` windows of a question, which are found before."""
    from qa.answer import read_question
    from qa.reading.windows import windows_to_read
    from qa.records import Filters
    from qa.retrieve import retrieve

    question = read_question(text)
    vector = engine.archive.encoder.encode_questions([question.searched])[0]
    windows = [window for window, _ in windows_to_read(retrieve(engine.archive, question, vector, Filters()), most)]
    assert engine.reader is not None
    return functools.partial(engine.reader.read, question.searched, windows)


def seconds_of(*command: str) -> float:
    """Seconds from starting ``python -m`` with a `command` to its end."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-m", *command], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def resident_megabytes() -> float:
    """Resident memory of this process now; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 0)


if __name__ == "__main__":
    main()
