"""What share of indexing the extraction of direct speech is: ``python -m benchmarks.speech [SOURCE ...]``.

Processor time of all threads: of a whole build, less that of loading the model, which would make the share of a small
collection look small; and of extraction alone from the same articles.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.figures import add_json, tell
from index.archive import Archive
from index.build import build
from index.encoder import BUNDLED, open_encoder
from index.speech import extract

_ROUNDS = 3


def main() -> None:
    """Measure, print a table, and write the figures as JSON where asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speech", description=__doc__.split("\n")[0])
    parser.add_argument("sources", nargs="*", type=Path, default=[Path("seeds")], metavar="SOURCE")
    parser.add_argument("--model", default=BUNDLED)
    add_json(parser)
    given = parser.parse_args()
    loading = _seconds(lambda: open_encoder(given.model).encode_questions(["?"]))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive"
        building = _seconds(lambda: build(path, given.sources, given.model)) - loading
        articles = list(Archive.open(path).store.articles())

    def extract_all() -> None:
        for article in articles:
            extract(article.id, article.text, article.language, [exclusion.span for exclusion in article.exclusions])

    extracting = min(_seconds(extract_all) for _ in range(_ROUNDS))
    figures = {
        "articles": len(articles),
        "characters": sum(len(article.text) for article in articles),
        "indexing, s": round(building, 2),
        "extraction, s": round(extracting, 2),
        "extraction / indexing": round(extracting / building, 4),
    }
    tell(figures, given.json)


def _seconds(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


if __name__ == "__main__":
    main()
