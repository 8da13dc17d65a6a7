"""The commands of docs/operations.md do what it says, run as they stand there."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from index.build import add
from index.verify import verify
from tests.conftest import OFFLINE, ROOT
from trials.state import state

_DOC = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def blocks(section: str, kind: str) -> list[str]:
    """The code blocks of `kind` under the heading `section`."""
    part = re.split(r"^## ", _DOC.split(f"## {section}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    return re.findall(rf"^```{kind}\n(.*?)^```$", part, re.MULTILINE | re.DOTALL)


def done(script: str, archive: Path, backup: Path) -> str:
    """What a block printed, run by a shell that stops at the first error."""
    environment = {"ARCHIVE": str(archive), "BACKUP": str(backup), "PYTHONPATH": str(OFFLINE)}
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    ran = subprocess.run(
        ["sh", "-eu", "-c", script],
        cwd=ROOT,
        env={**os.environ, **environment, "PATH": path},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.fixture
def backup(hashing_path: Path, tmp_path: Path) -> Path:
    """A backup of the archive at `hashing_path`, made as the document says."""
    (script,) = blocks("Backup", "sh")
    assert done(script, hashing_path, tmp_path / "backup") == "sound\n"
    return tmp_path / "backup"


def test_a_backup_answers_as_the_archive(hashing_path: Path, backup: Path) -> None:
    """The copy of one generation is an archive of its own, sound, with the same texts and answers."""
    assert state(backup) == state(hashing_path)
    assert sorted(path.name for path in backup.iterdir()) == ["CURRENT", "generations"]


def test_a_damaged_archive_is_restored(hashing_path: Path, backup: Path, tmp_path: Path) -> None:
    """After changes and damage the restored archive answers as when it was copied, and can be changed again."""
    before = state(hashing_path)
    new = tmp_path / "new.txt"
    new.write_text("Il ponte di Frattaglie è aperto.", encoding="utf-8")
    add(hashing_path, [new])
    for path in hashing_path.rglob("archive.sqlite"):
        path.write_bytes(b"")
    assert verify(hashing_path) != []
    restore, _ = blocks("Restore", "sh")

    assert done(restore, hashing_path, backup) == "sound\nsound\n"

    assert state(hashing_path) == before
    assert hashing_path.with_name(f"{hashing_path.name}.damaged").is_dir()
    assert not hashing_path.with_name(f"{hashing_path.name}.restored").exists()
    add(hashing_path, [new])
    assert verify(hashing_path) == []


def test_indexes_are_derived_again(hashing_path: Path, tmp_path: Path) -> None:
    """Without its indexes an archive is mended by the command named, and answers as before."""
    before = state(hashing_path)
    for path in hashing_path.rglob("*.faiss"):
        path.unlink()
    for path in hashing_path.rglob("terms"):
        shutil.rmtree(path)
    _, mend = blocks("Restore", "sh")

    assert done(mend, hashing_path, tmp_path).startswith("rebuilt: 5 articles")
    assert state(hashing_path) == before


def test_an_archive_is_looked_at_before_an_upgrade(hashing_path: Path, tmp_path: Path) -> None:
    """What one looks at says that the archive is sound and what it holds."""
    (look,) = blocks("Upgrade", "sh")
    told = done(look, hashing_path, tmp_path).splitlines()

    assert told[0] == "sound"
    assert [line for line in told if line.startswith("contents  5 articles")] != []


def test_the_service_starts_the_program() -> None:
    """The unit can be read, starts ``app.py`` and may write nowhere but to its own folders."""
    (unit,) = blocks("As a service", "ini")
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(unit)
    service = parser["Service"]

    assert re.fullmatch(r"\S+/python app\.py( --[a-z-]+( [\w/]+)?)*", service["ExecStart"])
    assert (ROOT / "app.py").is_file()
    assert (service["ProtectSystem"], service["ReadWritePaths"]) == ("strict", "/var/lib/virgolettato")


def test_the_audit_log_is_moved_away_and_never_cut() -> None:
    """What is rotated is the log that the unit names, and the program makes the next one itself."""
    (rotation,) = blocks("The audit log", "logrotate")
    (unit,) = blocks("As a service", "ini")
    path, *rules = rotation.split()

    assert f" --audit {path}\n" in unit
    assert "nocreate" in rules
    assert not {"copytruncate", "copy", "create"} & set(rules)


def test_the_locked_packages_are_where_the_document_says() -> None:
    """The file that the upgrade installs is there, and pip is to take it by hash."""
    (upgrade,) = blocks("Upgrade", "console")

    assert "--require-hashes -r requirements.lock" in upgrade
    assert (ROOT / "requirements.lock").is_file()
