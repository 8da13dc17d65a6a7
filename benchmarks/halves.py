"""What is taken for an archive's words and is not: ``python -m benchmarks.halves SOURCE ...``.

Every other file makes an archive; the quotations and sentences of the others, which are not in it, are checked.
Translations of one article have to be in the same half, as they are where folders hold the same even number of files.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from pathlib import Path

from benchmarks.alterations import quotations
from benchmarks.figures import add_json, tell
from index.archive import Archive
from index.build import build
from qa.check.checker import Checker
from qa.check.records import Verdict


def main() -> None:
    """Print how many get which verdict, and those that were found though they do not stand there."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.halves", description=__doc__.split("\n")[0])
    parser.add_argument("sources", nargs="+", type=Path, metavar="SOURCE", help="folders of text files")
    parser.add_argument("--model", default="hashing", help="the verdicts by words do not depend on it")
    add_json(parser)
    given = parser.parse_args()
    figures: dict[str, int] = {}
    files = [path for source in given.sources for path in sorted(source.rglob("*.txt"))]
    with tempfile.TemporaryDirectory() as folder:
        halves = []
        for name, half in (("held", files[::2]), ("others", files[1::2])):
            build(Path(folder) / name, half, given.model)
            halves.append(Archive.open(Path(folder) / name))
        held, others = halves
        checker = Checker(held)
        for what, pool in zip(("quotations", "sentences"), quotations(others), strict=True):
            told = Counter[str]()
            for said in pool:
                checked = checker.check(f"«{said.text}»" if said.italian else f"“{said.text}”").quotations[0]
                told[checked.verdict] += 1
                if checked.verdict in (Verdict.EXACT, Verdict.ALTERED, Verdict.JOINED):
                    print(f"{checked.verdict.value}: {said.text}")
                    print("\n".join(f"   {source.quote.text}" for source in checked.sources[:3]))
            figures[what] = len(pool)
            figures |= {f"{what}, {verdict.value}": told[verdict] for verdict in Verdict}
    tell(figures, given.json)


if __name__ == "__main__":
    main()
