"""What the trials' commands have in common: how often, from which seed, what came of it, and an exit status."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from trials.writers import small_segments

_SEED = 20_261_122


def run(
    description: str,
    times: int,
    trial: Callable[[Path, int, random.Random], tuple[Counter[str], list[str]]],
    seed: int | None = _SEED,
) -> None:
    """Run `trial` in a folder of its own as often as asked, `times` by default; status 1 where anything went wrong.

    Its chances come from a `seed`, by default one that nobody had before where it is None. It prints that, how often
    each outcome came and, a line each, what went wrong.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--times", type=int, default=times, help=f"default {times}")
    parser.add_argument("--seed", type=int, default=seed, help=f"default {'a fresh one' if seed is None else seed}")
    given = parser.parse_args()
    seed = random.SystemRandom().randrange(1 << 32) if given.seed is None else given.seed
    print(f"--seed={seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder, small_segments():
        outcomes, wrong = trial(Path(folder), given.times, random.Random(seed))
    for outcome, count in sorted(outcomes.items()):
        print(f"{outcome:<70}{count:>6}")
    for line in wrong:
        print(f"WRONG: {line}")
    sys.exit(bool(wrong))
