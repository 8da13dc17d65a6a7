"""Fixtures: the real seeds, archives of them by the real model and by the hashing one, and the program as a process."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

# Read when huggingface_hub is first imported; app.py and the encoder set it before they import it, and so must tests,
# some of which import gradio themselves.
os.environ["HF_HUB_OFFLINE"] = "1"

from index.archive import Archive
from index.build import build
from index.encoder import HASHING, Encoder, open_encoder

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "seeds"
OFFLINE = Path(__file__).with_name("offline")
"""On a subprocess's path, it keeps the process from the network."""

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine reaches a test."""
    for name in ("VIRGOLETTATO_ARCHIVE", "VIRGOLETTATO_MAX_QUOTED"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def bundled_encoder() -> Encoder:
    """The real model, opened once."""
    return open_encoder("bundled")


@pytest.fixture(scope="session")
def seeds_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of the seeds by the real model; not to be changed."""
    path = tmp_path_factory.mktemp("seeds") / "archive"
    build(path, [SEEDS])
    return path


@pytest.fixture(scope="session")
def seeds_archive(seeds_path: Path, bundled_encoder: Encoder) -> Archive:
    """The opened archive of the seeds by the real model."""
    return Archive.open(seeds_path, lambda _: bundled_encoder)


@pytest.fixture(scope="session")
def hashing_original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of the seeds by the hashing model; not to be changed."""
    path = tmp_path_factory.mktemp("hashing") / "archive"
    build(path, [SEEDS], HASHING)
    return path


@pytest.fixture
def hashing_archive(hashing_original: Path) -> Archive:
    """The opened archive of the seeds by the hashing model; not to be changed."""
    return Archive.open(hashing_original)


@pytest.fixture
def hashing_path(hashing_original: Path, tmp_path: Path) -> Path:
    """A test's own archive of the seeds by the hashing model; it may be changed."""
    return shutil.copytree(hashing_original, tmp_path / "archive")


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run ``python ARGUMENTS`` in the repository, without network; text in and out."""

    def run_it(*arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(OFFLINE), "PYTHONUTF8": "1", **environment},
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=600,
            check=False,
        )

    return run_it


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, driven by Playwright."""
    from playwright.sync_api import sync_playwright

    from tests.visits import ARGUMENTS, CHROMIUM

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield chromium
        chromium.close()
