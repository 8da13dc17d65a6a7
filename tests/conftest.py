"""Fixtures: the real seeds, archives of them by the real model and by the hashing one, and the program as a process."""

from __future__ import annotations

import os
import secrets
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
from index.encoder import HASHING, Encoder, Precision, open_encoder
from index.settings import Place
from tests.servers import MilvusLite, Postgres, common_folder, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "seeds"
OFFLINE = Path(__file__).with_name("offline")
"""On a subprocess's path, it keeps the process from the network."""

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--engine-uri``: an engine to be tested instead of the light server that the tests start."""
    parser.addoption("--engine-uri", help="of a Milvus that may be written to; its token is in $ENGINE_TOKEN")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine reaches a test."""
    for name in [name for name in os.environ if name.startswith("VIRGOLETTATO_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def bundled_encoder() -> Encoder:
    """The real model, opened once."""
    return open_encoder("bundled")


@pytest.fixture(scope="session")
def seeds_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of the seeds by the real model, in the precision that every machine has; not to be changed."""
    path = tmp_path_factory.mktemp("seeds") / "archive"
    build(path, [SEEDS], precision=Precision.FP32)
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
def postgres() -> Iterator[Postgres]:
    """A running PostgreSQL."""
    with common_folder() as folder, running(server := Postgres(folder)):
        yield server


@pytest.fixture(scope="session")
def engine_uri(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running engine: the one that was named, or the light server."""
    named = request.config.getoption("--engine-uri")
    if named:
        yield str(named)
        return
    server = MilvusLite(tmp_path_factory.mktemp("lite"))
    with running(server):
        yield server.uri


@pytest.fixture
def engine_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """The token of the engine that was named, where it has one."""
    if token := os.environ.get("ENGINE_TOKEN"):
        monkeypatch.setenv("VIRGOLETTATO_ENGINE_TOKEN", token)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine is waited for."""
    monkeypatch.setenv("VIRGOLETTATO_ENGINE_PATIENCE", "60")


@pytest.fixture
def place(hashing_path: Path, engine_uri: str, postgres: Postgres, engine_token: None, patient: None) -> Place:
    """A test's own archive of the seeds by the hashing model, with an engine and a database that are empty."""
    return Place(hashing_path, engine_uri, postgres.database(f"archive_{secrets.token_hex(6)}"))


@pytest.fixture(scope="module")
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[MilvusLite, Postgres]]:
    """An engine and a database that tests may stop and kill; they start them again."""
    lite = MilvusLite(tmp_path_factory.mktemp("mortal"))
    with common_folder() as folder, running(lite), running(postgres := Postgres(folder)):
        yield lite, postgres


@pytest.fixture
def shared(
    hashing_path: Path, mortal: tuple[MilvusLite, Postgres], request: pytest.FixtureRequest, patient: None
) -> Place:
    """A test's own archive, published where things stand still and die."""
    from index.shared.publishing import share

    lite, postgres = mortal
    name = "".join(letter for letter in request.node.name.lower() if letter.isalnum())[:60]
    place = Place(hashing_path, lite.uri, postgres.database(name))
    share(place)
    return place


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, driven by Playwright."""
    from playwright.sync_api import sync_playwright

    from tests.visits import ARGUMENTS, CHROMIUM

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield chromium
        chromium.close()
