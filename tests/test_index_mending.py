"""``python -m index rebuild``: what follows from the database is derived from it again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from index.archive import Archive
from index.build import add
from index.errors import ArchiveDamagedError, ArchiveMismatchError, ArchiveMissingError
from index.manifest import Manifest
from index.mending import rebuild
from index.publish import current_generation
from index.verify import verify
from tests.conftest import Run
from trials.state import state


def test_indexes_are_derived_again(hashing_path: Path) -> None:
    """All that is not the database may go: after the mending the archive answers word for word as before."""
    before = state(hashing_path)
    folder = current_generation(hashing_path)
    (folder / "000001" / "passages.rows.npy").unlink()
    (folder / "000001" / "sentences.rows.npy").write_bytes(b"")
    shutil.rmtree(folder / "terms")

    manifest = rebuild(hashing_path)

    assert state(hashing_path) == before
    assert verify(hashing_path) == []
    assert manifest.index_id == before[0]


def test_no_model_is_opened(hashing_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mending works on a machine that cannot open the archive's model."""

    def refused(name: str) -> None:
        raise AssertionError(f"{name} was opened")

    monkeypatch.setattr("index.encoder.open_encoder", refused)
    monkeypatch.setattr("index.archive.open_encoder", refused)
    monkeypatch.setattr("index.build.open_encoder", refused)

    assert rebuild(hashing_path).articles == 5


def test_a_lost_pointer_leads_to_the_newest_generation(hashing_path: Path, tmp_path: Path) -> None:
    """Where CURRENT names nothing that is there, the generation that was published last answers again."""
    (tmp_path / "new.txt").write_text("Il ponte nuovo è costato 3 milioni.", encoding="utf-8")
    add(hashing_path, [tmp_path / "new.txt"])
    before = state(hashing_path)
    for content in (b"", b"000009-00ff\n", b"../../etc\n", b"\xff\xfe"):
        (hashing_path / "CURRENT").write_bytes(content)
        with pytest.raises(ArchiveDamagedError, match="names a generation that is not there") as refused:
            Archive.open(hashing_path)
        assert "index rebuild" in refused.value.hint

        rebuild(hashing_path)

        assert state(hashing_path) == before


@pytest.mark.parametrize("name", ["000001/archive.sqlite", "000001/sentences.npy", "invented.npy"])
def test_altered_texts_or_vectors_derive_nothing(hashing_path: Path, name: str) -> None:
    """What is not byte for byte what was published is not trusted; the archive stays as it is."""
    path = current_generation(hashing_path) / name
    good = path.read_bytes()
    path.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))

    with pytest.raises(ArchiveDamagedError, match=f"{name} was altered") as refused:
        rebuild(hashing_path)

    assert "index build" in refused.value.hint
    path.unlink()
    with pytest.raises(ArchiveDamagedError, match=f"{name} is missing"):
        rebuild(hashing_path)
    path.write_bytes(good)
    assert verify(hashing_path) == []


def test_where_there_is_no_archive(tmp_path: Path) -> None:
    """No folder is made where there was none, and an archive without generations cannot be mended."""
    with pytest.raises(ArchiveMissingError):
        rebuild(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()

    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "CURRENT").write_text("000001-00ff\n")
    with pytest.raises(ArchiveDamagedError, match="no generation left"):
        rebuild(tmp_path / "empty")


def test_passages_of_another_size_are_not_mixed(hashing_path: Path) -> None:
    """An archive cut by other settings is to be built anew."""
    import dataclasses

    folder = current_generation(hashing_path)
    dataclasses.replace(Manifest.read(folder), passage_size=600).write(folder)

    with pytest.raises(ArchiveMismatchError, match="passages of 600 characters"):
        rebuild(hashing_path)


def test_the_command(run: Run, hashing_path: Path) -> None:
    """``verify`` names the command, and the command mends."""
    (current_generation(hashing_path) / "000001" / "passages.rows.npy").write_bytes(b"x")

    told = run("-m", "index", "verify", "--archive", str(hashing_path))
    assert told.returncode == 1
    assert (
        "000001/passages.rows.npy was altered — derive it again from the archive's texts and vectors: "
        "python -m index rebuild" in told.stdout
    )

    done = run("-m", "index", "rebuild", "--archive", str(hashing_path))
    assert (done.returncode, done.stdout.startswith("rebuilt: 5 articles, ")) == (0, True)
    assert run("-m", "index", "verify", "--archive", str(hashing_path)).stdout == "sound\n"
