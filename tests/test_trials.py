"""The trials of ``trials/``, shortened; at length they are run by hand, and docs/reliability.md has their figures."""

import subprocess
import sys

import pytest

from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("trial", "arguments"),
    [
        ("corruption", ["--times", "40"]),
        ("kills", ["--times", "20"]),
        ("full_disk", ["--times", "16"]),
        ("soak", ["--minutes", "0.2"]),
        ("fuzz", ["--times", "500"]),
    ],
)
def test_nothing_is_lost_and_no_slice_is_wrong(trial: str, arguments: list[str]) -> None:
    """Whatever is damaged, killed, refused or changed meanwhile: the trial ends well and has tried something."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", f"trials.{trial}", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )

    assert (done.returncode, "WRONG" in done.stdout) == (0, False), done.stdout + done.stderr
    assert any(character in "123456789" for character in done.stdout)
