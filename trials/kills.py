"""Writers killed at random moments: ``python -m trials.kills [--times N]``.

Children that build, add, remove, rebuild and watch die by SIGKILL after a random part of the time the work takes.
The archive must then answer as before or as after the work, word for word, and be sound; and the work, done again,
must bring it to the same end.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from index.build import add, build, remove
from index.encoder import HASHING
from index.mending import rebuild
from index.watch import watch
from trials.state import SEEDS, damages, state

_SEED = 20_261_122
_NEW = "Il ponte nuovo è costato 3 milioni, ha detto il sindaco Rossi: «Ne valeva la pena»."


def main() -> None:
    """Kill as often as asked and print what came of it; exit status 1 where anything went wrong."""
    parser = argparse.ArgumentParser(description="Kill writers at random moments.")
    parser.add_argument("--times", type=int, default=500, help="kills; default 500")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcomes, wrong = kill(Path(folder), given.times)
    for outcome, count in sorted(outcomes.items()):
        print(f"{outcome:<40}{count:>6}")
    for line in wrong:
        print(f"WRONG: {line}")
    sys.exit(bool(wrong))


def kill(folder: Path, times: int) -> tuple[Counter[str], list[str]]:
    """Kill writers of an archive in `folder` until `times` of them died at work; how each came out, what went wrong.

    Nothing that starts a thread runs in this process: every look at an archive is a child's as well.
    """
    chance = random.Random(_SEED)
    sound, archive, news = folder / "sound", folder / "archive", folder / "news"
    news.mkdir()
    (news / "new.txt").write_text(_NEW, encoding="utf-8")
    _finished(lambda: build(sound, [SEEDS], HASHING))
    removed = str(_finished(lambda: _first_id(sound)))
    works: dict[str, Callable[[], object]] = {
        "build": lambda: build(archive, [news], HASHING),
        "add": lambda: add(archive, [news]),
        "remove": lambda: remove(archive, [removed]),
        "rebuild": lambda: rebuild(archive),
        "watch": lambda: next(watch(archive, [news], every=0.1)),
    }
    before = _finished(lambda: state(sound))
    ends: dict[str, tuple[Any, float]] = {}
    for name, work in works.items():
        shutil.copytree(sound, archive)
        begun = time.monotonic()
        _finished(work)
        took = time.monotonic() - begun
        ends[name] = (_finished(lambda: state(archive)), took)
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


def _first_id(archive: Path) -> str:
    from index.archive import Archive

    return Archive.open(archive).store.article_ids()[0]


def _finished(work: Callable[[], object]) -> Any:
    """What `work` brings, run in a child to its end."""
    done, result = in_child(work)
    if not done:
        raise RuntimeError("a child that nobody killed has died")
    return result


def in_child(work: Callable[[], object], seconds: float | None = None) -> tuple[bool, Any]:
    """Whether `work`, in a child, was done before it was killed after `seconds`, and what it brought, as JSON."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            said = json.dumps(work(), default=lambda _: None)
        except BaseException as error:  # told to the parent, which judges it
            said = json.dumps([f"{type(error).__name__}: {error}"])
        with os.fdopen(write, "w") as pipe:
            pipe.write(said)
        os._exit(0)
    os.close(write)
    if seconds is not None:
        time.sleep(seconds)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    with os.fdopen(read) as pipe:
        said = pipe.read()
    _, status = os.waitpid(pid, 0)
    return not os.WIFSIGNALED(status), json.loads(said) if said and not os.WIFSIGNALED(status) else None


if __name__ == "__main__":
    main()
