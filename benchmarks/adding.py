"""What adding one article costs by the size of the archive: ``python -m benchmarks.adding [ARTICLES ...]``.

Articles are made of the seeds' words; the hashing model stands in for the real one, whose time for one article does not
depend on the archive. Times are of the processor.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from pathlib import Path

from benchmarks.figures import add_json, tell
from index.build import add, build
from index.encoder import HASHING

ROOT = Path(__file__).parents[1]
_PARAGRAPHS, _WORDS = 8, 60


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description="Time adding one article to archives of several sizes.")
    parser.add_argument("articles", nargs="*", type=int, default=[250, 500, 1000], metavar="ARTICLES")
    add_json(parser)
    given = parser.parse_args()
    figures: dict[str, float] = {}
    added: dict[int, float] = {}
    for size in given.articles:
        with tempfile.TemporaryDirectory() as folder:
            built, added[size] = _measure(Path(folder), size)
        figures |= {f"{size} articles built, s": round(built, 2), f"one added to {size}, s": round(added[size], 2)}
    least, most = min(added), max(added)
    figures[f"one added to {most} / to {least}"] = round(added[most] / added[least], 2)
    tell(figures, given.json)


def _measure(folder: Path, size: int) -> tuple[float, float]:
    words = " ".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))).split()
    chance = random.Random(1)  # noqa: S311

    def line(number: int) -> str:
        paragraphs = [" ".join(chance.choices(words, k=_WORDS)) + "." for _ in range(_PARAGRAPHS)]
        text = "\n".join([*paragraphs, "Seguici ogni giorno sui nostri canali"])
        return json.dumps({"id": number, "text": text, "title": f"Titolo {number}", "outlet": f"O{number % 5}"}) + "\n"

    (folder / "many.jsonl").write_text("".join(map(line, range(size))), encoding="utf-8")
    (folder / "one.jsonl").write_text(line(size), encoding="utf-8")
    start = time.process_time()
    build(folder / "archive", [folder / "many.jsonl"], HASHING)
    built = time.process_time()
    add(folder / "archive", [folder / "one.jsonl"])
    return built - start, time.process_time() - built


if __name__ == "__main__":
    main()
