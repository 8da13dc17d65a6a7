"""Kills and refused writes: whenever a writer ends, the former archive answers, or the new one, whole."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from index.publish import building_folder, current_generation, publish
from tests.conftest import ROOT
from tests.trialled import trialled

WRITERS = ("add", "build", "compact", "rebuild", "remove", "watch")


def test_a_writer_killed_at_any_operation_leaves_a_whole_archive() -> None:
    """Killed before and after publication and while old generations are dropped, each writer leaves the old archive
    or the new one, sound, and the work done again succeeds.
    """
    counted = trialled("steps", "--times", "54")

    assert {
        name: counted[f"{name}, killed, old"] + counted[f"{name}, killed, new"] for name in WRITERS
    } == dict.fromkeys(WRITERS, 9)
    assert all(counted[f"{name}, killed, old"] >= 3 for name in WRITERS)
    assert all(counted[f"{name}, killed, new"] >= 1 for name in WRITERS)


def test_a_writer_refused_any_operation_leaves_the_archive() -> None:
    """Full disk, used quota, read-only file system, failing device: refused at any operation, each writer ends with a
    line and leaves the archive as it was, or says that it has changed; nothing lies about, and the next one succeeds.
    """
    counted = trialled("refusals", "--times", "54")

    assert sum(counted.values()) == 54
    for error in ("ENOSPC", "EDQUOT", "EROFS", "EIO"):
        for lasting in ("once", "from then on"):
            assert counted[f"{error}, {lasting}, refused"] >= 2
    assert sum(count for name, count in counted.items() if name.endswith("changed")) == len(WRITERS)


def test_what_never_answered_is_dropped(hashing_path: Path) -> None:
    """A generation of a writer that died between its two renames goes; the one that answered before stays."""
    former = current_generation(hashing_path)
    shutil.copytree(former, former.with_name(f"000099-{'0' * 16}"))
    with building_folder(hashing_path) as folder:
        shutil.copytree(former, folder, dirs_exist_ok=True)
        new = publish(hashing_path, folder, former.name[7:])

    assert current_generation(hashing_path) == new
    assert sorted(new.parent.iterdir()) == [former, new]


def test_a_first_build_killed_leaves_no_archive(tmp_path: Path) -> None:
    """Where there was nothing, a killed build leaves nothing that could be taken for an archive."""
    from index.archive import Archive
    from index.errors import ArchiveMissingError

    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "import index.build as b\n"
        "b.publish = lambda *a: os.kill(os.getpid(), signal.SIGKILL)\n"
        "b.build(Path(sys.argv[1]), [Path('seeds')], 'hashing')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "archive")],
        cwd=ROOT,
        capture_output=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == -9
    with pytest.raises(ArchiveMissingError):
        Archive.open(tmp_path / "archive")
