"""Folders that cannot be written: a line and nothing changed; and reading there, also as somebody else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.test_index_crash import WRITERS

# What is asked runs in forks of a process that has started no thread. Root writes anywhere: it gives that up first,
# for ever (PR_CAPBSET_DROP of CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH, which the next exec makes true).
SETUP = """
import ctypes, importlib, json, os, sys
from pathlib import Path

from index.build import add, build
from index.encoder import HASHING
from index.errors import VirgolettatoError
from trials.state import ROOT, damages, state
from trials.writers import finished, grown, in_child, prepared, small_segments

folder = Path(sys.argv[1])
if os.getuid() == 0 and "given-up" not in sys.argv:
    for capability in (1, 2):
        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)
    os.execv(sys.executable, [*sys.orig_argv, "given-up"])


def tree(root):
    return sorted(
        (str(path), path.stat().st_mode, path.is_file() and [path.stat().st_ino, path.read_bytes().hex()])
        for path in [root, *root.rglob("*")]
    )


def told(work):
    try:
        work()
    except VirgolettatoError as error:
        return [str(error), error.hint]
    return ["done", ""]
"""

WRITING = """
with small_segments():
    sound, archive, news, works = prepared(folder)
    sound.rename(archive)
    before = finished(lambda: state(archive))
    works["first build"] = lambda: build(folder / "closed" / "archive", [news], HASHING)
    (folder / "closed").mkdir()
    ends = {}
    for closed in (archive, archive / "generations", folder / "closed"):
        closed.chmod(0o555)
        was = tree(folder)
        for name, work in works.items():
            if (name == "first build") == (closed == folder / "closed"):
                ends[f"{name}, {closed.name}"] = [finished(lambda: told(work)), tree(folder) == was]
        if closed != folder / "closed":
            same = finished(lambda: [state(archive), damages(archive)]) == [before, []]
        closed.chmod(0o755)
    # A build of the news alone would leave nothing to remove: it comes after.
    again = {name: finished(lambda: told(works[name]))[0] for name in sorted(works, reverse=True)}
print(json.dumps({"ends": ends, "same": same, "again": again}))
"""

READING = """
with small_segments():
    finished(lambda: grown(folder / "archive", folder / "old") is None)
archive = folder / "archive"
before = finished(lambda: state(archive))
for path in [archive, *archive.rglob("*")]:
    path.chmod(0o555 if path.is_dir() else 0o444)
alone = finished(lambda: [state(archive), damages(archive)])
for path in archive.rglob(".tantivy-*.lock"):
    path.parent.chmod(0o755)
    path.unlink()
    path.parent.chmod(0o555)
unlocked = finished(lambda: [state(archive), damages(archive)])
print(json.dumps({"alone": alone == [before, []], "unlocked": unlocked == [before, []]}))
"""

SOMEBODY_ELSE = """
os.umask(0o022)
with small_segments():
    finished(lambda: grown(folder / "archive", folder / "old") is None)
archive = folder / "archive"


def look():
    return [state(archive), damages(archive)]


def other():
    os.setgid(65534)
    os.setuid(65534)
    return look()


for name in finished(lambda: [look() is None, sorted(sys.modules)])[1]:
    importlib.import_module(name)  # what nobody can read, the interpreter's own library may be among it
before = finished(look)
same = finished(other) == before
for path in (archive / "generations").rglob("archive.sqlite"):
    path.chmod(0o600)
closed = finished(lambda: (os.setgid(65534), os.setuid(65534), told(look))[2])
print(json.dumps({"same": same, "closed": closed}))
"""


def ran(script: str, folder: Path) -> dict[str, Any]:
    """What `script` prints."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SETUP + script, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_what_cannot_be_written_is_left_alone(tmp_path: Path) -> None:
    """In a read-only archive, folder of generations or parent folder each writer ends with a line and a hint, and
    changes nothing; the archive answers meanwhile, and can be written again afterwards.
    """
    told = ran(WRITING, tmp_path)

    ends = told["ends"]
    assert sorted(ends) == sorted(
        [f"{name}, {place}" for name in WRITERS for place in ("archive", "generations")] + ["first build, closed"]
    )
    for (message, hint), unchanged in ends.values():
        assert message.startswith("cannot write the archive at ")
        assert message.count("\n") == hint.count("\n") == 0
        assert "make the folder writable" in hint
        assert unchanged
    assert told["same"]
    assert told["again"] == dict.fromkeys([*WRITERS, "first build"], "done")


def test_an_archive_that_cannot_be_written_is_read(tmp_path: Path) -> None:
    """With every folder and file read-only, also without the lock files of tantivy, it answers as before, and is
    sound.
    """
    assert ran(READING, tmp_path) == {"alone": True, "unlocked": True}


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="only root can become somebody else")
def test_somebody_else_may_read_what_is_readable() -> None:
    """Another account reads an archive as far as its files' modes let it; beyond that there is one line."""
    # pytest's own folders are for their owner alone.
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        told = ran(SOMEBODY_ELSE, Path(folder))

    assert told["same"]
    message, hint = told["closed"]
    assert "Permission denied" in message
    assert hint == "check its permissions and the disk"
