"""The writers that trials interrupt, and the children they run in."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from index.archive import Archive
from index.build import add, build, remove
from index.encoder import HASHING
from index.mending import rebuild
from trials.state import SEEDS

_NEW = "Il ponte nuovo è costato 3 milioni, ha detto il sindaco Rossi: «Ne valeva la pena»."

Works = dict[str, Callable[[], object]]


def prepared(folder: Path) -> tuple[Path, Path, Path, Works]:
    """A sound archive in `folder`, the place of a copy of it, a folder of news, and what writes to the copy."""
    sound, archive, news = folder / "sound", folder / "archive", folder / "news"
    news.mkdir()
    (news / "new.txt").write_text(_NEW, encoding="utf-8")
    finished(lambda: build(sound, [SEEDS], HASHING))
    removed = str(finished(lambda: Archive.open(sound).store.article_ids()[0]))
    works: Works = {
        "build": lambda: build(archive, [news], HASHING),
        "add": lambda: add(archive, [news]),
        "remove": lambda: remove(archive, [removed]),
        "rebuild": lambda: rebuild(archive),
    }
    return sound, archive, news, works


def finished(work: Callable[[], object]) -> Any:
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
