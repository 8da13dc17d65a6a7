"""Commands run by a serving process: the same output, streams, settings and errors; nobody else is let in."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.build import add
from index.settings import Place
from qa.serving import address
from tests.conftest import ROOT

QUESTION = "In quale distretto di Pyongyang sorgerà il museo?"
COMMANDS = [
    ["ask", QUESTION, "--json"],
    ["ask", "Chi ha vinto il campionato di calcio?"],
    ["ask", "  "],
    ["ask", "-"],
    ["quotes", "--csv"],
    ["check", "--quote", "parole che nessuno ha detto"],
]
_MILLISECONDS = re.compile(rb'(?<="timings_ms": ){[^}]*}')


def run(archive: Path, *words: str, folder: Path = ROOT, **settings: str) -> tuple[int, bytes, bytes]:
    """Exit status, standard output and standard error of ``python -m qa``."""
    command = [sys.executable, "-m", "qa", words[0], "--archive", str(archive), *words[1:]]
    done = subprocess.run(
        command,
        input=QUESTION.encode(),
        capture_output=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **settings},
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


class Served:
    """``python -m qa serve`` over an archive, with a folder of its own for the socket."""

    def __init__(self, archive: Path, runtime: Path) -> None:
        runtime.mkdir(mode=0o700, exist_ok=True)
        self.settings = {"XDG_RUNTIME_DIR": str(runtime)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "qa", "serve", "--archive", str(archive)],
            cwd=ROOT,
            env={**os.environ, **self.settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.said = self.process.stdout.readline()

    def stop(self, how: int = signal.SIGTERM) -> int:
        """Its exit status."""
        self.process.send_signal(how)
        self.process.communicate(timeout=60)
        return self.process.returncode


@pytest.fixture(scope="module")
def archive(seeds_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the seeds' archive."""
    return shutil.copytree(seeds_path, tmp_path_factory.mktemp("served") / "archive")


@pytest.fixture(scope="module")
def served(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Somebody who serves it."""
    serving = Served(archive, tmp_path_factory.mktemp("runtime"))
    yield serving
    serving.stop()


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words)[:30])
def test_a_served_command_says_what_it_says_alone(archive: Path, served: Served, words: list[str]) -> None:
    """Status, standard output and standard error are those of the command run by itself, to the byte."""
    asked, alone = run(archive, *words, **served.settings), run(archive, *words, XDG_RUNTIME_DIR="/nowhere")

    assert (asked[0], _MILLISECONDS.sub(b"", asked[1]), asked[2]) == (
        alone[0],
        _MILLISECONDS.sub(b"", alone[1]),
        alone[2],
    )
    assert served.process.poll() is None


def test_a_served_command_loads_no_model(archive: Path, served: Served) -> None:
    """It is the serving process that answers: the other one has neither torch nor FAISS."""
    code = (
        "import sys; from qa.cli import main; main(sys.argv[1:]); "
        "print(sorted({'torch', 'faiss', 'numpy', 'transformers'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "ask", "--archive", str(archive), QUESTION],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, **served.settings},
        check=True,
    )

    assert "Hwasong" in done.stdout
    assert done.stderr == "[]\n"


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="what a process has mapped cannot be seen here")
def test_the_archive_stays_open(archive: Path, served: Served) -> None:
    """Between two commands the serving process has the archive's vectors mapped."""
    run(archive, "ask", QUESTION, **served.settings)

    assert str(archive.resolve()) in Path(f"/proc/{served.process.pid}/maps").read_text(encoding="utf-8")


def test_files_are_written_where_the_command_was_given(archive: Path, served: Served, tmp_path: Path) -> None:
    """A relative name is one of the asking process's folder, not of the serving one's."""
    assert run(archive.resolve(), "ask", QUESTION, "--export", "taken.md", folder=tmp_path, **served.settings)[0] == 0

    assert "Hwasong" in (tmp_path / "taken.md").read_text(encoding="utf-8")


def test_a_new_generation_is_served_at_once(archive: Path, served: Served, tmp_path: Path) -> None:
    """What is added while an archive is served is found by the next question."""
    article = tmp_path / "nuovo.txt"
    article.write_text("Il sindaco di Zagarolo ha inaugurato la biblioteca dei pompelmi.\n", encoding="utf-8")
    before = run(archive, "ask", "Chi ha inaugurato la biblioteca dei pompelmi?", **served.settings)

    add(archive, [article])

    after = run(archive, "ask", "Chi ha inaugurato la biblioteca dei pompelmi?", **served.settings)
    assert b"Zagarolo" not in before[1]
    assert b"Zagarolo" in after[1]


def test_only_one_serves(archive: Path, served: Served) -> None:
    """A second one is told so, and the first goes on."""
    status, _, said = run(archive, "serve", **served.settings)

    assert (status, said.decode()) == (
        1,
        "error: somebody serves this archive already — use it, or stop that process\n",
    )
    assert run(archive, "ask", QUESTION, **served.settings)[0] == 0


def test_rubbish_on_the_socket_does_no_harm(archive: Path, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever says nothing, too little, or something else is left; the next command runs."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", served.settings["XDG_RUNTIME_DIR"])
    for said in (b"", b"\0", b"\0\0\0\x05", b"\0\0\0\x02{}", b"\xff" * 64, b"GET / HTTP/1.1\r\n\r\n"):
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(address(Place(archive))))
            line.sendall(said)
    assert run(archive, "ask", QUESTION, **served.settings)[0] == 0


def test_who_has_ended_is_not_waited_for(hashing_path: Path, tmp_path: Path) -> None:
    """After a kill the socket that is left is passed over, and taken by the next who serves; SIGTERM ends in order."""
    archive = hashing_path
    killed = Served(archive, tmp_path / "runtime")
    killed.stop(signal.SIGKILL)
    assert run(archive, "ask", QUESTION, **killed.settings)[0] == 0

    again = Served(archive, tmp_path / "runtime")

    assert again.said == f"serving {archive}: commands over it no longer load the models\n"
    assert again.stop() == 0
    assert not list((tmp_path / "runtime").rglob("*-*/*"))


def test_a_command_whose_server_ends_says_so(hashing_path: Path, tmp_path: Path) -> None:
    """A kill while a command runs is one line, not a wrong answer."""
    archive = hashing_path
    served = Served(archive, tmp_path / "runtime")
    served.process.send_signal(signal.SIGSTOP)
    asking = subprocess.Popen(
        [sys.executable, "-m", "qa", "ask", "--archive", str(archive), QUESTION],
        cwd=ROOT,
        env={**os.environ, **served.settings},
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(3)
    served.stop(signal.SIGKILL)

    assert asking.communicate(timeout=60)[1] == (
        "error: the process that serves the archive ended — ask again: python -m qa serve is not needed\n"
    )
    assert asking.returncode == 1


def test_a_folder_that_others_can_write_is_not_trusted(hashing_path: Path, tmp_path: Path) -> None:
    """Sockets lie in a folder of the user's own, or there are none."""
    runtime = tmp_path / "runtime"
    (runtime / f"virgolettato-{os.getuid()}").mkdir(parents=True)
    (runtime / f"virgolettato-{os.getuid()}").chmod(0o777)

    status, _, said = run(hashing_path, "serve", XDG_RUNTIME_DIR=str(runtime))

    assert status == 1
    assert said.decode().startswith(
        f"error: others can write in {runtime}/virgolettato-{os.getuid()} — remove it: rm -r "
    )
