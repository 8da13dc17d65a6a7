"""Trials of ``trials/`` run by tests."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter

from tests.conftest import ROOT


def output(trial: str, *arguments: str) -> str:
    """What a trial prints, which must end well."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", f"trials.{trial}", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert (done.returncode, "WRONG" in done.stdout) == (0, False), done.stdout + done.stderr
    return done.stdout


def trialled(trial: str, *arguments: str) -> Counter[str]:
    """How often each outcome came in a trial, which must end well."""
    rows = re.findall(r"^(\S.*?) +(\d+)$", output(trial, *arguments), re.MULTILINE)
    return Counter({name: int(count) for name, count in rows})
