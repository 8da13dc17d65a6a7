"""What a command writes appears together or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import UsageError
from qa.outputs import OutputError, Outputs


def names(folder: Path) -> list[str]:
    """What lies in `folder`."""
    return sorted(path.name for path in folder.iterdir())


def test_everything_appears_at_the_end(tmp_path: Path) -> None:
    """Files and folders take their places, and those of former ones, when the block ends; newlines stay as written."""
    (tmp_path / "a.txt").write_text("former")
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "old").touch()

    with Outputs() as outputs:
        outputs.file(tmp_path / "a.txt").write("così\r\n")
        (outputs.folder(tmp_path / "r") / "new").write_text("x")
        assert (tmp_path / "a.txt").read_text() == "former"
        assert names(tmp_path / "r") == ["old"]

    assert (tmp_path / "a.txt").read_bytes() == "così\r\n".encode()
    assert names(tmp_path / "r") == ["new"]
    assert names(tmp_path) == ["a.txt", "r"]
    assert ((tmp_path / "a.txt").stat().st_mode & 0o777, (tmp_path / "r").stat().st_mode & 0o777) == (0o644, 0o755)


@pytest.mark.parametrize(
    ("error", "told"), [(UsageError("no", "so"), UsageError), (OSError(28, "No space left on device"), OutputError)]
)
def test_nothing_appears_after_an_error(tmp_path: Path, error: Exception, told: type[Exception]) -> None:
    """What stood there stays, nothing is left beside it, and a full disk is told with every destination."""
    (tmp_path / "a.txt").write_text("former")

    def fail() -> None:
        with Outputs() as outputs:
            outputs.file(tmp_path / "a.txt").write("new")
            outputs.folder(tmp_path / "r")
            raise error

    with pytest.raises(told) as caught:
        fail()

    assert (tmp_path / "a.txt").read_text() == "former"
    assert names(tmp_path) == ["a.txt"]
    if told is OutputError:
        assert str(caught.value) == f"cannot write {tmp_path / 'a.txt'}, {tmp_path / 'r'}: No space left on device"


def test_a_former_folder_comes_back(tmp_path: Path) -> None:
    """Where a later step fails, the former folder stands in its place again."""
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "old").touch()

    def fail() -> None:
        with Outputs() as outputs:
            outputs.folder(tmp_path / "r")
            outputs.file(tmp_path / "a.txt")
            (tmp_path / "a.txt").mkdir()
            (tmp_path / "a.txt" / "busy").touch()

    with pytest.raises(OutputError):
        fail()

    assert names(tmp_path / "r") == ["old"]
    assert names(tmp_path) == ["a.txt", "r"]


@pytest.mark.parametrize("place", ["none/a.txt", "."])
def test_a_place_where_no_file_can_be(tmp_path: Path, place: str) -> None:
    """A folder, or a name in no folder, is refused at once."""
    with pytest.raises(OutputError, match="cannot write"), Outputs() as outputs:
        outputs.file(tmp_path / place)

    assert names(tmp_path) == []
