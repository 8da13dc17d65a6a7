"""Writers killed at each file operation in turn: ``python -m trials.steps [--times N]``.

Children that build, add, remove, compact, rebuild and watch die by SIGKILL just before an operation of theirs
(:mod:`trials.operations`), from the first one to the last, so before and after the moment of publication, and while
old generations are dropped. The generation that answers must then be, byte for byte, the one before, or it must be
sound and answer as it does after the work; and the work, done again, must bring the archive there and leave nothing
lying about.
"""

from __future__ import annotations

import os
import random
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from trials.command import run
from trials.operations import at_operation, chosen, each_operation
from trials.state import damages, state
from trials.writers import answering, done_again, fresh, in_child, prepared, rehearsed

_ALL = 10_000


def main() -> None:
    """Kill at all operations, or so many of them; see :func:`trials.command.run`."""
    run("Kill writers at each file operation.", _ALL, kill_in_turn)


def kill_in_turn(folder: Path, times: int, chance: random.Random) -> tuple[Counter[str], list[str]]:
    """Kill writers of an archive in `folder` at up to `times` operations; how each came out, and what went wrong."""
    sound, archive, _, works = prepared(folder)
    former = answering(sound)
    outcomes: Counter[str] = Counter()
    wrong: list[str] = []
    for name, work, operations, after in rehearsed(sound, archive, works):
        for number in chosen(operations, times // len(works), chance):
            fresh(sound, archive)
            where = f"{name}, before operation {number} ({operations[number]})"
            if in_child(lambda work=work, number=number: _dying(work, number))[0]:  # type: ignore[misc]
                wrong.append(f"{where}: not killed")
            published = answering(archive) != former
            if published and in_child(lambda: [state(archive), damages(archive)])[1] != [after, []]:
                wrong.append(f"{where}: neither the old archive nor the new one")
            outcomes[f"{name}, killed, {'new' if published else 'old'}"] += 1
            if told := done_again(archive, work, after):
                wrong.append(f"{where}, done again: {told}")
    return outcomes, wrong


def _dying(work: Callable[[], object], number: int) -> None:
    with each_operation(at_operation(number, lambda _: os.kill(os.getpid(), signal.SIGKILL))):
        work()


if __name__ == "__main__":
    main()
