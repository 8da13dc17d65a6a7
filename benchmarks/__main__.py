"""All benchmarks that need no choice of data, one after another: ``python -m benchmarks [NAME ...] [--folder FOLDER]``.

Each prints its table; FOLDER gets the figures as ``NAME.json``. What needs the shared bench data is left out where that
is not there; one that fails does not stop the rest.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
BENCH = ROOT.parent / "shared" / "bench"
_TEXTS, _QUESTIONS = BENCH / "squad-it-dev" / "corpus.jsonl", BENCH / "squad-it-dev" / "queries.it.jsonl"
WORKS: dict[str, tuple[Path | str, ...]] = {
    "latency": (),
    "reading": (),
    "speech": (),
    "alterations": (),
    "adding": (),
    "collection": (),
    "engine": (),
    "page": (),
    "load": (),
    "embedding": (_TEXTS,),
    "translations": (BENCH / "ntrex-dev",),
    "bulk": (_TEXTS, "256"),
    "peers": (_TEXTS, _QUESTIONS),
    "growth": (_TEXTS, _QUESTIONS, "1000", "10000"),
}
"""By name: what each is given; files must be there."""


def main() -> int:
    """Run them; 1 where one failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(WORKS)}; default all")
    parser.add_argument("--folder", type=Path, default=ROOT / "bench", help="for the figures; default bench")
    given = parser.parse_args()
    if unknown := set(given.names) - WORKS.keys():
        parser.error(f"there is no benchmark {sorted(unknown)[0]}")
    given.folder.mkdir(parents=True, exist_ok=True)
    return max([_run(name, given.folder.resolve()) for name in given.names or WORKS])


def _run(name: str, folder: Path) -> int:
    print(f"── {name}", flush=True)
    if absent := [one for one in WORKS[name] if isinstance(one, Path) and not one.exists()]:
        print(f"left out: {absent[0].name} of the bench data is not there\n", flush=True)
        return 0
    given = (*WORKS[name], "--json", folder / f"{name}.json")
    command = [sys.executable, "-m", f"benchmarks.{name}", *map(str, given)]
    status = subprocess.run(command, cwd=ROOT, check=False).returncode
    print(f"{name} failed with status {status}\n" if status else "", flush=True)
    return int(status != 0)


if __name__ == "__main__":
    raise SystemExit(main())
