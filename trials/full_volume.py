"""A small file system that is really full: ``python -m trials.full_volume [--times N]``.

Writers run on an archive in a tmpfs with a random room left, so that whatever comes to the end of it, SQLite, FAISS,
tantivy or a file of ours, is told so by the system. The work must then end with an error of one line, and the archive
answer as before; with room again the work must succeed. Only who may mount can try this (on Linux, root): elsewhere
it says so.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import random
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from index.publish import current_generation
from trials.command import run
from trials.full_disk import limited
from trials.state import damages, state
from trials.writers import answering, done_again, finished, in_child, lying, prepared

_BYTES = 32_000_000
_NEW_NAMESPACE, _PRIVATE = 0x20000, 0x44000
"""``CLONE_NEWNS``, and ``MS_REC | MS_PRIVATE``: nobody else sees what this process mounts, and it ends with it."""
NOT_HERE = "no file system can be mounted here: nothing was tried"


def main() -> None:
    """Fill the file system as often as asked; see :func:`trials.command.run`."""
    run("Let writers come to the end of a file system.", 100, fill_up)


def fill_up(folder: Path, times: int, chance: random.Random) -> tuple[Counter[str], list[str]]:
    """Run writers of an archive in a tmpfs with `times` rooms left; how each came out, and what went wrong."""
    outcomes: Counter[str] = Counter()
    wrong: list[str] = []
    volume = folder / "volume"
    volume.mkdir()
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(_mounted(volume))
        except OSError as error:
            return Counter({f"{NOT_HERE} ({error.strerror})": 0}), []
        sound, archive, _, works = prepared(volume)
        former, before = answering(sound), finished(lambda: state(sound))
        most = sum(path.stat().st_size for path in current_generation(sound).rglob("*")) // 2
        ends = {}
        for name, work in works.items():
            shutil.copytree(sound, archive)
            finished(work)
            ends[name] = finished(lambda: state(archive))
            shutil.rmtree(archive)
        for number in range(times):
            name = sorted(works)[number % len(works)]
            work, after = works[name], ends[name]
            shutil.copytree(sound, archive)
            room = chance.randint(0, most)
            filler = volume / "filler"
            with filler.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, max(1, shutil.disk_usage(volume).free - room))
            told = in_child(lambda work=work: limited(work, None))[1]  # type: ignore[misc]
            if told not in ("done", "refused"):
                wrong.append(f"{name} with room for {room} bytes: {told}")
            if told == "refused":
                left = lying(archive)
                if left or answering(archive) != former:
                    wrong.append(f"{name} with room for {room} bytes: refused, and the archive has changed: {left}")
                seen = in_child(lambda: [state(archive), damages(archive)])[1]
                if seen != [before, []]:
                    wrong.append(f"{name} with room for {room} bytes: refused, and then {str(seen)[:300]}")
            filler.unlink()
            if problem := done_again(archive, work, after):
                wrong.append(f"{name}, with room again: {problem}")
            outcomes[f"{name}, {told}"] += 1
            shutil.rmtree(archive)
    return outcomes, wrong


@contextlib.contextmanager
def _mounted(place: Path) -> Iterator[None]:
    """Have a small file system at `place`, which this process and its children alone see.

    Raises:
        OSError: it cannot be mounted.
    """
    system = ctypes.CDLL(None, use_errno=True)

    def done(status: int) -> None:
        if status:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

    done(system.unshare(_NEW_NAMESPACE))
    done(system.mount(b"none", b"/", None, ctypes.c_ulong(_PRIVATE), None))
    done(system.mount(b"tmpfs", os.fsencode(place), b"tmpfs", ctypes.c_ulong(0), f"size={_BYTES}".encode()))
    try:
        yield
    finally:
        done(system.umount2(os.fsencode(place), 0))


if __name__ == "__main__":
    main()
