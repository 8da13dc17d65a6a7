"""Writers killed at random moments: ``python -m trials.kills [--times N]``.

Children that build, add, remove, rebuild and watch die by SIGKILL after a random part of the time the work takes.
The archive must then answer as before or as after the work, word for word, and be sound; and the work, done again,
must bring it to the same end.
"""

from __future__ import annotations

import random
import shutil
import time
from collections import Counter
from pathlib import Path
from typing import Any

from index.watch import watch
from trials.command import run
from trials.state import damages, state
from trials.writers import finished, in_child, prepared

_SEED = 20_261_122


def main() -> None:
    """Kill as often as asked; see :func:`trials.command.run`."""
    run("Kill writers at random moments.", 500, kill)


def kill(folder: Path, times: int) -> tuple[Counter[str], list[str]]:
    """Kill writers of an archive in `folder` until `times` of them died at work; how each came out, what went wrong.

    Nothing that starts a thread runs in this process: every look at an archive is a child's as well.
    """
    chance = random.Random(_SEED)
    sound, archive, news, works = prepared(folder)
    works["watch"] = lambda: next(watch(archive, [news], every=0.1))
    before = finished(lambda: state(sound))
    ends: dict[str, tuple[Any, float]] = {}
    for name, work in works.items():
        shutil.copytree(sound, archive)
        begun = time.monotonic()
        finished(work)
        took = time.monotonic() - begun
        ends[name] = (finished(lambda: state(archive)), took)
        shutil.rmtree(archive)
    outcomes: Counter[str] = Counter()
    wrong: list[str] = []
    killed = 0
    while killed < times:
        name = chance.choice(sorted(works))
        after, took = ends[name]
        shutil.copytree(sound, archive)
        died = not in_child(works[name], chance.uniform(0, 1.2 * took))[0]
        killed += died
        _, seen = in_child(lambda: [state(archive), damages(archive)])
        if seen not in ([before, []], [after, []]):
            wrong.append(f"{name}: {str(seen)[:300]}")
        _, again = in_child(lambda work=works[name]: [work() is None, state(archive)])  # type: ignore[misc]
        if seen == [before, []] and again[1:] != [after]:
            wrong.append(f"{name}, done again: {str(again)[:300]}")
        outcomes[f"{name}, {'killed' if died else 'done before'}, {'old' if seen[0] == before else 'new'}"] += 1
        shutil.rmtree(archive)
    return outcomes, wrong


if __name__ == "__main__":
    main()
