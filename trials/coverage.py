"""The readers' own Python fed by atheris, which looks for inputs that reach new lines: ``python -m trials.coverage``.

It ends after the seconds asked for (``--seconds``, 300 by default), or at the first input that breaks a promise, which
it prints and keeps as ``crash-…``. Without atheris it says so.
"""

from __future__ import annotations

import argparse
import datetime
import io
import sys
import tempfile
from pathlib import Path

_DAY = datetime.date(2025, 6, 1)


def main() -> None:
    """Fuzz for a while; exit status 1 where something went wrong."""
    parser = argparse.ArgumentParser(description="Look for inputs that reach new lines of the readers.")
    parser.add_argument("--seconds", type=int, default=300, help="how long; default 300")
    given = parser.parse_args()
    try:
        import atheris
    except ImportError:
        print("atheris is not installed: nothing was fuzzed (make fuzz-coverage installs it where it can)")
        return
    # Only what is imported here for the first time is watched.
    with atheris.instrument_imports(include=["index"]):
        from index.knowledge import File, article_of
        from index.readers import formats
        from index.readers.source import Reading, Source, UnreadableError, parts_of
        from trials.samples import SAMPLES

    names = sorted(SAMPLES)

    def try_one(data: bytes) -> None:
        # The first byte says which format's name it goes by.
        name, data = names[data[0] % len(names)] if data else names[0], data[1:]
        try:
            form = formats.told(name, data[: formats.HEAD])
            parts = parts_of(formats.reader(form), Source(name, io.BytesIO(data)))
        except UnreadableError:
            return
        for part in parts:
            if isinstance(part, Reading) and part.text.strip():
                article, _ = article_of(part, File(name, name, "0" * 64), _DAY)
                assert article.text == part.text

    with tempfile.TemporaryDirectory() as corpus:
        for number, name in enumerate(names):
            (Path(corpus) / name).write_bytes(bytes([number]) + SAMPLES[name])
        options = [f"-max_total_time={given.seconds}", "-rss_limit_mb=4096", "-timeout=60", corpus]
        atheris.Setup([sys.argv[0], *options], try_one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
