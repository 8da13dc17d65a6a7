"""Watching folders and files: what appears or changes is added, while the archive goes on answering."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from index.build import add
from index.changes import Change
from index.errors import ArchiveBusyError, SourceError, VirgolettatoError
from index.sidefile import side_file
from index.sources import Choice, Walk

State = dict[Path, tuple[tuple[int, int], ...]]


def watch(
    archive: Path,
    sources: Sequence[Path],
    *,
    choice: Choice | None = None,
    every: float = 5.0,
    pause: Callable[[float], object] = time.sleep,
) -> Iterator[Change | VirgolettatoError]:
    """Add what is under `sources`, then whatever appears there or changes; yields each change as it is published.

    Looks every `every` seconds. A file is added when it was the same at two looks, so that one being written is waited
    for. What could not be added is yielded, and tried again when it changes; an archive that somebody else is writing
    is waited for. Runs until `pause` raises.

    Raises:
        VirgolettatoError: a source is not there, or there is no archive, when the watch begins.
    """
    done: State = {}
    former = _state(sources, choice, strict=True)
    while True:
        pause(every)
        now = _state(sources, choice)
        ready = {path: state for path, state in now.items() if former.get(path) == state and done.get(path) != state}
        former = now
        if not ready:
            continue
        try:
            change = add(archive, sorted(ready))
        except ArchiveBusyError:
            continue
        except SourceError as error:
            if not all(path.exists() for path in ready):
                continue  # one went meanwhile, and the others are not to wait for its coming back
            done |= ready
            yield error
            continue
        done |= ready
        yield change


def _state(sources: Sequence[Path], choice: Choice | None, *, strict: bool = False) -> State:
    """Size and time of change of every file to be read and of its side file; one that goes meanwhile is left out."""
    walk = Walk(choice or Choice())
    found = {}
    for path, _ in walk.files(sources):
        with contextlib.suppress(OSError):
            both = [path.stat(), *(side.stat() for side in [side_file(path)] if side.exists())]
            found[path] = tuple((state.st_size, state.st_mtime_ns) for state in both)
    if strict and walk.missing:
        raise SourceError(f"{walk.missing[0].path} {walk.missing[0].reason}", walk.missing[0].mend)
    return found
