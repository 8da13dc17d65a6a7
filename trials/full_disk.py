"""A disk that fills up: ``python -m trials.full_disk [--times N]``.

Writers run with a random limit on the size of a file (RLIMIT_FSIZE), so that the system itself refuses a write in the
middle of the work: in SQLite, FAISS, tantivy or a file of ours, whichever comes to it. The work must then end with
an error of one line, and the archive answer as before; without the limit the work must succeed.
"""

from __future__ import annotations

import random
import resource
import shutil
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from index.errors import VirgolettatoError
from trials.command import run
from trials.state import damages, state
from trials.writers import finished, in_child, prepared


def main() -> None:
    """Fill the disk as often as asked; see :func:`trials.command.run`."""
    run("Let the system refuse writes.", 100, fill)


def fill(folder: Path, times: int, chance: random.Random) -> tuple[Counter[str], list[str]]:
    """Run writers of an archive in `folder` under `times` limits; how each came out, and what went wrong."""
    sound, archive, _, works = prepared(folder)
    before = finished(lambda: state(sound))
    largest = max(path.stat().st_size for path in sound.rglob("*") if path.is_file())
    outcomes: Counter[str] = Counter()
    wrong: list[str] = []
    for number in range(times):
        name = sorted(works)[number % len(works)]
        shutil.copytree(sound, archive)
        limit = int(largest ** chance.uniform(0, 1.05))
        told = in_child(lambda name=name, limit=limit: limited(works[name], limit))[1]  # type: ignore[misc]
        seen = in_child(lambda: [state(archive), damages(archive)])[1]
        if told not in ("done", "refused"):
            wrong.append(f"{name} under {limit} bytes: {told}")
        if told == "refused" and seen != [before, []]:
            wrong.append(f"{name} under {limit} bytes: refused, and the archive has changed: {str(seen)[:300]}")
        # What was removed once cannot be removed again.
        again = told == "done" or in_child(lambda name=name: limited(works[name], None))[1]  # type: ignore[misc]
        if again not in (True, "done"):
            wrong.append(f"{name}, with room again: {again}")
        outcomes[f"{name}, {told}"] += 1
        shutil.rmtree(archive)
    return outcomes, wrong


def limited(work: Callable[[], object], limit: int | None) -> str:
    """How `work` ends under a `limit` on the size of a file: done, refused with one line, or whatever else."""
    if limit is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        work()
    except VirgolettatoError as error:
        return "refused" if "\n" not in str(error) and error.hint else f"not one line: {error}"
    return "done"


if __name__ == "__main__":
    main()
