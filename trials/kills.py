"""Writers killed at random moments: ``python -m trials.kills [--times N]``.

Children that build, add, remove, compact, rebuild and watch die by SIGKILL after a random part of the time the work
takes, half of them in its last twentieth, around publication.
The archive must then answer as before or as after the work, word for word, and be sound; and the work, done again,
must bring it to the same end.
"""

from __future__ import annotations

import random
import shutil
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from trials.command import run
from trials.state import damages, state
from trials.writers import finished, in_child, prepared

_LATE = 0.5
"""Share of the kills that fall in the last part of the work."""
_END = (0.95, 1.0)
"""That part, of the time it takes."""


def main() -> None:
    """Kill as often as asked; see :func:`trials.command.run`."""
    run("Kill writers at random moments.", 500, kill)


def kill(folder: Path, times: int, chance: random.Random) -> tuple[Counter[str], list[str]]:
    """Kill writers of an archive in `folder` until `times` of them died at work; how each came out, what went wrong.

    Nothing that starts a thread runs in this process: every look at an archive is a child's as well.
    """
    sound, archive, _, works = prepared(folder)
    before = finished(lambda: state(sound))
    ends: dict[str, Any] = {}
    took: dict[str, float] = {}
    for name, work in works.items():
        shutil.copytree(sound, archive)
        took[name] = finished(lambda work=work: _timed(work))  # type: ignore[misc]
        ends[name] = finished(lambda: state(archive))
        shutil.rmtree(archive)
    outcomes: Counter[str] = Counter()
    wrong: list[str] = []
    killed = 0
    while killed < times:
        name = chance.choice(sorted(works))
        after = ends[name]
        shutil.copytree(sound, archive)
        late = chance.random() < _LATE
        moment = chance.uniform(*(_END if late else (0, 1.2))) * took[name]
        died = not in_child(works[name], moment)[0]
        killed += died
        _, seen = in_child(lambda: [state(archive), damages(archive)])
        if seen not in ([before, []], [after, []]):
            wrong.append(f"{name}: {str(seen)[:300]}")
        _, again = in_child(lambda work=works[name]: [_timed(work), state(archive)])  # type: ignore[misc]
        if seen == [before, []] and again[1:] != [after]:
            wrong.append(f"{name}, done again: {str(again)[:300]}")
        elif seen == [before, []]:
            # As long as it takes now: the machine may have other work than before.
            took[name] = (took[name] + again[0]) / 2
        outcomes[
            f"{name}, {'killed' if died else 'done before'}{', late' if late else ''},"
            f" {'old' if seen[0] == before else 'new'}"
        ] += 1
        shutil.rmtree(archive)
    return outcomes, wrong


def _timed(work: Callable[[], object]) -> float:
    """Seconds that `work` takes."""
    begun = time.monotonic()
    work()
    return time.monotonic() - begun


if __name__ == "__main__":
    main()
