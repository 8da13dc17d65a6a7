"""What the trials' commands have in common: how often, what came of it, and an exit status."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from trials.writers import small_segments


def run(description: str, times: int, trial: Callable[[Path, int], tuple[Counter[str], list[str]]]) -> None:
    """Run `trial` in a folder of its own as often as asked, `times` by default; status 1 where anything went wrong.

    It prints how often each outcome came and, a line each, what went wrong.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--times", type=int, default=times, help=f"default {times}")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, small_segments():
        outcomes, wrong = trial(Path(folder), given.times)
    for outcome, count in sorted(outcomes.items()):
        print(f"{outcome:<70}{count:>6}")
    for line in wrong:
        print(f"WRONG: {line}")
    sys.exit(bool(wrong))
