"""What is left of a program that was killed is gone when the next one starts; what lives is left alone."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from page.leftovers import held
from tests.visits import Server


def test_what_a_killed_program_left_goes(
    hashing_original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder of a program that was killed goes when another starts, and that of one that lives stays; the other's
    own goes with it.
    """
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    killed, living = Server(hashing_original, "--allow-upload"), None
    try:
        (left,) = tmp_path.glob("virgolettato-page-*")
        (left / "bozza.txt").write_text("riservata", encoding="utf-8")
        killed.process.kill()
        killed.process.wait()
        long_ago = time.time() - 3600
        os.utime(left, (long_ago, long_ago))
        living = Server(hashing_original)
        (kept,) = tmp_path.glob("virgolettato-page-*")
        os.utime(kept, (long_ago, long_ago))
        Server(hashing_original).stop()
        assert kept != left
        assert list(tmp_path.glob("virgolettato-page-*")) == [kept]
    finally:
        killed.stop()
        if living is not None:
            living.stop()

    assert list(tmp_path.glob("virgolettato-page-*")) == []


def test_nothing_else_is_taken_for_a_leftover(tmp_path: Path) -> None:
    """Fresh folders, folders and files of other names, and links to folders stay, and so does what those hold."""
    own = tmp_path / "virgolettato-page-abcdefgh"
    names = (
        "virgolettato-page-1234567",
        "virgolettato-abcdefgh",
        "virgolettato-shared-abcdefgh",
        "virgolettato-page-abc",
        "another-abcdefgh",
        "virgolettato-page-ABCDEFGH",
    )
    for name in names:
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (0, 0))
    (tmp_path / "virgolettato-page-afileold").write_text("")
    (tmp_path / "virgolettato-page-freshone").mkdir()
    (tmp_path / "virgolettato-page-alinkold").symlink_to(tmp_path / "another-abcdefgh")
    own.mkdir()
    before = sorted(tmp_path.iterdir())
    with held(own):
        assert sorted(tmp_path.iterdir()) == before
