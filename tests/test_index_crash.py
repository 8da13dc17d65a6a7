"""Real kills: whatever moment a writer dies at, the former archive answers, or the new one, whole."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

# Forked children die by SIGKILL at the n-th call that touches the disk; the parent has loaded everything but has
# started no thread. After each death another child opens the archive, checks it in full and says what it holds.
DRIVER = """
import json, os, signal, sys
from pathlib import Path

import index.build, index.verify
from index.archive import Archive
from index.errors import VirgolettatoError

archive, source, action = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]


def act():
    if action == "add":
        index.build.add(archive, [source])
    elif action == "remove":
        index.build.remove(archive, Archive.open(archive).store.article_ids()[:1])
    else:
        index.build.build(archive, [source], "hashing")


def dying_at(step):
    import builtins, pathlib, shutil, sqlite3
    import faiss

    left = [step]

    def deadly(owner, name):
        real = getattr(owner, name)

        def call(*args, **kwargs):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **kwargs)

        setattr(owner, name, call)

    for owner, names in (
        (os, ("fsync", "link", "rename", "replace", "mkdir", "unlink", "rmdir", "open")),
        (shutil, ("copyfile",)),
        (pathlib.Path, ("write_text", "rename", "replace", "chmod")),
        (faiss, ("write_index",)),
    ):
        for name in names:
            deadly(owner, name)


def in_child(work):
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            result = work()
        except VirgolettatoError as error:
            result = "error: " + str(error)
        os.write(write, json.dumps(result).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        said = pipe.read()
    _, status = os.waitpid(pid, 0)
    return os.WIFSIGNALED(status), said


def state():
    opened = Archive.open(archive)
    damages = index.verify.verify(archive)
    texts = [article.sha256 for article in opened.store.articles()]
    hits = opened.terms.search([["it:kursk", "en:kursk"], ["it:pont"]], 5)
    return [opened.manifest.index_id, [d.what for d in damages], texts, hits]


def step_work(step):
    dying_at(step)
    act()
    return "done"


before = json.loads(in_child(state)[1])
seen, kills, step = [], 0, 0
while True:
    step += 1
    killed, _ = in_child(lambda: step_work(step))
    kills += killed
    seen.append(json.loads(in_child(state)[1]))
    if not killed:
        break
    if seen[-1] != before:
        # Published before it died: from here on the action has nothing more to do.
        break
if seen[-1] == before:
    in_child(act)
print(json.dumps({"before": before, "seen": seen, "kills": kills, "after": json.loads(in_child(state)[1])}))
"""


@pytest.mark.parametrize("action", ["add", "remove", "build"])
def test_a_writer_killed_at_any_step_leaves_a_whole_archive(hashing_path: Path, tmp_path: Path, action: str) -> None:
    """Killed at each storage step in turn, the archive is the old one or the new one, sound."""
    source = tmp_path / "sources"
    source.mkdir()
    (source / "new.txt").write_text("Il ponte nuovo è costato 3 milioni.", encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", DRIVER, str(hashing_path), str(source), action],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    old, new = result["before"], result["after"]
    assert result["kills"] >= 20
    assert old[1] == new[1] == []
    assert len(new[2]) == {"add": 6, "remove": 4, "build": 1}[action]
    assert all(state == old for state in result["seen"][:-1])
    assert result["seen"][-1] in (old, new)


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
