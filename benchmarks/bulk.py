"""What workers bring to a build on one machine: ``python -m benchmarks.bulk TEXTS.jsonl [ARTICLES]``.

The same articles, of a paragraph each, are built by one process, by one worker with all the threads, and by as many
workers as there are processors, in turn. Times are without starting processes and loading the model, and ratios are to
one process. Run it on a machine that has nothing else to do.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.figures import add_json, tell
from benchmarks.growth import texts_of
from index.build import build
from index.crew import hired
from index.encoder import BUNDLED, Precision, open_encoder, processors


def main() -> None:
    """Measure, print a table, and write the figures as JSON where asked."""
    parser = argparse.ArgumentParser(description="Time a build by one process and by workers.")
    parser.add_argument("texts", type=Path, metavar="TEXTS.jsonl", help="lines with a «text»")
    parser.add_argument("articles", nargs="?", type=int, default=512, metavar="ARTICLES", help="default 512")
    parser.add_argument("--model", default=BUNDLED, help="default: bundled")
    add_json(parser)
    given = parser.parse_args()
    texts = texts_of(given.texts)[: given.articles]
    precision = open_encoder(given.model).fastest()
    rows = [("one process", None), ("1 worker", 1), (f"{processors()} workers", processors())]
    seconds = {}
    for name, workers in rows:
        with tempfile.TemporaryDirectory() as folder:
            seconds[name] = _measure(Path(folder), texts, workers, given.model, precision)
    alone = seconds["one process"]
    figures = {
        "articles": len(texts),
        "precision": precision.value,
        **{f"{name}, s": round(value, 1) for name, value in seconds.items()},
        **{f"{name} / one process": round(value / alone, 2) for name, value in list(seconds.items())[1:]},
    }
    tell(figures, given.json)


def _measure(folder: Path, texts: Sequence[str], workers: int | None, model: str, precision: Precision) -> float:
    # Short ones first, enough of them that each worker loads the model.
    warm = _dump(folder / "warm.jsonl", [f"Il numero {n} è stato estratto." for n in range(256 * (workers or 1))])
    source = _dump(folder / "texts.jsonl", texts)
    with contextlib.ExitStack() as stack:
        crew = None if workers is None else stack.enter_context(hired(workers, folder / "shards"))
        build(folder / "warm", [warm], model, precision=precision, crew=crew)
        begun = time.perf_counter()
        build(folder / "archive", [source], model, precision=precision, crew=crew)
        return time.perf_counter() - begun


def _dump(path: Path, texts: Sequence[str]) -> Path:
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
    return path


if __name__ == "__main__":
    main()
