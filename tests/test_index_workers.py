"""Workers build what one process builds, whoever of them dies; real schedulers and workers on this machine."""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.archive import Archive
from index.build import build
from index.cli import main
from index.crew import hired
from index.encoder import HASHING, Precision, open_encoder, processors
from index.entries import embedded, passages_of
from index.errors import ClusterError
from index.identity import Identity, identify
from index.ingest import read_article
from index.orders import articles_embedded, embedding_order, files_read, fulfilled, reading_order, state_of
from index.publish import current_generation
from index.quantised import can_be_had
from index.shards import Shards
from qa.answer import Engine
from qa.render import answer_json
from tests.conftest import OFFLINE, ROOT, SEEDS, Run
from tests.test_index_segments import dump

pytest.importorskip("distributed", reason="what only big installations need is not installed")

_QUESTIONS = ("Quanto costano i lavori del ponte?", "Chi ha parlato del museo?", "Who spoke about the museum?")
_WATCHED = """
import hashlib, os, signal
from pathlib import Path
import index.crew

folder = Path({folder!r})
if not hasattr(index.crew, "unwatched"):  # this is loaded twice
    index.crew.unwatched = index.crew.fulfilled
done = []

def fulfilled(order, threads):
    if b'"task": "embed"' in order:
        done.append(order)
        if len(done) == {dies}:
            os.kill(os.getpid(), signal.SIGKILL)
        with (folder / "made").open("a") as log:
            log.write(hashlib.sha256(order).hexdigest() + "\\n")
    return index.crew.unwatched(order, threads)

index.crew.fulfilled = fulfilled

def dask_setup(worker):
    (folder / "ready-{name}").touch()
"""
"""Loaded by a worker: it says what it embeds, and dies by SIGKILL when it is given its `dies`-th order to embed."""
_DYING_COORDINATOR = """
import os, signal, sys
from index.shards import Shards
from index.cli import main
real, got = Shards.get, []

def get(self, name):
    made = real(self, name)
    if made is not None and b'"speech"' in made[:20]:
        got.append(name)
        if len(got) == 3:
            os.kill(os.getpid(), signal.SIGKILL)
    return made

Shards.get = get
main(sys.argv[1:])
"""
_LOSING_ITS_SCHEDULER = """
import os, signal, sys, time
from index.crew import Crew
from index.cli import main
real, sent = Crew._submit, []

def submit(self, *given):
    sent.append(given)
    if len(sent) == 3:
        os.kill(int(os.environ["SCHEDULER"]), signal.SIGKILL)
        time.sleep(float(os.environ["PAUSE"]))
    return real(self, *given)

Crew._submit = submit
sys.exit(main(sys.argv[1:]))
"""
_ENVIRONMENT = {**os.environ, "PYTHONPATH": str(OFFLINE), "PYTHONUTF8": "1", "OMP_WAIT_POLICY": "PASSIVE"}


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """380 articles that touch each other, the seeds, and files that cannot be read or are read twice."""
    folder = tmp_path_factory.mktemp("sources")
    chance = random.Random(8)
    for number in range(0, 380, 95):
        dump(folder / f"dump{number:03}.jsonl", chance, range(number, number + 95))
    for seed in SEEDS.iterdir():
        (folder / seed.name).write_bytes(seed.read_bytes())
    (folder / "again.txt").write_bytes(next(SEEDS.iterdir()).read_bytes())
    (folder / "broken.pdf").write_bytes(b"no")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "latin.txt").write_bytes("perché".encode("latin-1"))
    (folder / "nowhere.txt").symlink_to("nothing")
    (folder / "parts.jsonl").write_text('{"text": "Il ponte è chiuso.", "published": "presto"}\n{"no": 1}\n')
    return folder


@pytest.fixture(scope="module")
def alone(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of the sources that one process builds."""
    path = tmp_path_factory.mktemp("alone") / "archive"
    build(path, [sources], HASHING)
    return path


def holds(path: Path) -> dict[str, Any]:
    """What an archive holds: its manifest but for the day, its database and vectors to the byte, and its answers."""
    folder = current_generation(path)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest = {name: manifest[name] for name in manifest if name not in ("created", "files", "seal")}
    files = {f.relative_to(folder).as_posix(): f.read_bytes() for f in sorted(folder.glob("0*/*"))}
    engine = Engine(Archive.open(path))
    answers = [answer_json(engine.ask(question)) for question in _QUESTIONS]
    return {"manifest": manifest, "files": files, "answers": [{**a, "timings_ms": None} for a in answers]}


@contextlib.contextmanager
def scheduler(folder: Path) -> Iterator[tuple[str, Callable[..., subprocess.Popen[bytes]]]]:
    """The address of a scheduler, and what starts a worker that is ready when it is returned."""
    with contextlib.ExitStack() as ends:

        def started(*arguments: str) -> subprocess.Popen[bytes]:
            process = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                cwd=ROOT,
                env=_ENVIRONMENT,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            ends.callback(process.wait)
            ends.callback(process.kill)
            return process

        told = folder / "scheduler.json"
        process = started(
            "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
            "--dashboard-address", "127.0.0.1:0", "--scheduler-file", str(told),
        )  # fmt: skip
        awaited(told)
        (folder / "scheduler.pid").write_text(str(process.pid))
        address = json.loads(told.read_text())["address"]

        def worker(name: str, dies: int = 0) -> subprocess.Popen[bytes]:
            preload = folder / f"{name}.py"
            preload.write_text(_WATCHED.format(folder=str(folder), dies=dies, name=name))
            process = started(
                "distributed.cli.dask_worker", address, "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny",
                "--no-dashboard", "--dashboard-address", "127.0.0.1:0", "--preload", str(preload),
            )  # fmt: skip
            awaited(folder / f"ready-{name}")
            return process

        yield address, worker


def awaited(path: Path) -> None:
    """Wait until there is something at `path`."""
    end = time.monotonic() + 60
    while not (path.exists() and (path.stat().st_size or path.suffix != ".json")):
        assert time.monotonic() < end, path
        time.sleep(0.1)


def made(folder: Path) -> list[str]:
    """The orders that workers began to embed."""
    log = folder / "made"
    return log.read_text().split() if log.exists() else []


def test_two_processes_build_what_one_does(sources: Path, alone: Path, tmp_path: Path, run: Run) -> None:
    """The report is the same line by line, the archive to the byte, and no shard is left."""
    here = run("-m", "index", "build", str(sources), "--archive", str(tmp_path / "here"), "--model", HASHING)

    there = run(
        "-m", "index", "build", str(sources), "--archive", str(tmp_path / "a"), "--model", HASHING, "--workers", "2"
    )  # fmt: skip

    assert (there.stdout, there.stderr, there.returncode) == (here.stdout, here.stderr, here.returncode)
    assert "skipped         5" in there.stdout
    assert holds(tmp_path / "a") == holds(alone)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "here"]


def test_a_worker_killed_in_the_middle_is_done_without(sources: Path, alone: Path, tmp_path: Path, run: Run) -> None:
    """What the worker was at when SIGKILL took it another one does, and the archive is the same."""
    with scheduler(tmp_path) as (address, worker):
        doomed = worker("doomed", dies=1)
        worker("other")

        done = run(
            "-m", "index", "build", str(sources), "--archive", str(tmp_path / "a"), "--model", HASHING,
            "--workers", address, "--shards", str(tmp_path / "shared"),
        )  # fmt: skip

        assert doomed.wait(timeout=30) == -signal.SIGKILL
    assert (done.returncode, done.stderr) == (0, "")
    assert holds(tmp_path / "a") == holds(alone)
    assert len(made(tmp_path)) == len(set(made(tmp_path))) == 7
    assert not (tmp_path / "shared").exists()


def test_a_killed_build_goes_on_where_it_was(sources: Path, alone: Path, tmp_path: Path, run: Run) -> None:
    """Begun again, it makes what was not made and what was damaged meanwhile, and nothing else."""
    shards = tmp_path / "a.shards"
    arguments = ["build", str(sources), "--archive", str(tmp_path / "a"), "--model", HASHING]
    with scheduler(tmp_path) as (address, worker):
        worker("one")
        killed = run("-c", _DYING_COORDINATOR, *arguments, "--workers", address)
        begun = made(tmp_path)
        assert killed.returncode == -signal.SIGKILL
        deadline = time.monotonic() + 30
        while not all(Shards(shards).has(name) for name in begun):  # its worker ends what it was at
            assert time.monotonic() < deadline
            time.sleep(0.1)
        first, second, *whole = begun
        with (shards / f"{first}.shard").open("r+b") as file:
            file.seek(-1, os.SEEK_END)
            last = file.read(1)[0]
            file.seek(-1, os.SEEK_END)
            file.write(bytes([last ^ 1]))
        os.truncate(shards / f"{second}.shard", 1000)
        (shards / ".writing-half").write_bytes(b"half")

        resumed = run("-m", "index", *arguments, "--workers", address)

    assert (resumed.returncode, resumed.stderr) == (0, "")
    assert holds(tmp_path / "a") == holds(alone)
    assert len(whole) >= 1
    again = made(tmp_path)[len(begun) :]
    assert sorted([*again, *whole]) == sorted(set(made(tmp_path)))
    assert {first, second} <= set(again)
    assert not shards.exists()


@pytest.mark.parametrize("pause", ["0", "3"])
def test_a_scheduler_killed_in_the_middle_is_told(sources: Path, tmp_path: Path, run: Run, pause: str) -> None:
    """Whether its end is noticed at once or a while later, it is one line, and no archive is published."""
    with scheduler(tmp_path) as (address, worker):
        worker("one")

        done = run(
            "-c", _LOSING_ITS_SCHEDULER, "build", str(sources), "--archive", str(tmp_path / "a"), "--model", HASHING,
            "--workers", address, SCHEDULER=(tmp_path / "scheduler.pid").read_text(), PAUSE=pause,
        )  # fmt: skip

    mend = "run the same command again when that is mended: what is done is kept"
    assert (done.returncode, done.stderr) == (1, f"error: the scheduler went away — {mend}\n")
    assert not (tmp_path / "a").exists() or not list((tmp_path / "a").rglob("manifest.json"))


@pytest.mark.skipif(not can_be_had(), reason="openvino and nncf, which int8 takes, are not installed")
def test_the_real_model_makes_the_same_vectors(tmp_path: Path) -> None:
    """A worker of one thread embeds to the bit what a process with all threads does, in 32 bits and in 8."""
    texts = sorted(SEEDS.glob("*.txt"))[:4]

    with hired(processors(), tmp_path / "shards") as crew:
        for precision in (Precision.FP32, Precision.INT8):
            build(tmp_path / precision, texts, precision=precision, crew=crew)
            build(tmp_path / f"{precision}-alone", texts, precision=precision)
        crew.shards.clear()

    for precision in (Precision.FP32, Precision.INT8):
        assert Archive.open(tmp_path / precision).manifest.model.precision is precision
        assert holds(tmp_path / precision) == holds(tmp_path / f"{precision}-alone")
    assert holds(tmp_path / Precision.INT8) != holds(tmp_path / Precision.FP32)
    assert not (tmp_path / "shards").exists()


def identity() -> Identity:
    return identify(open_encoder(HASHING), Precision.FP32)


def test_an_order_is_fulfilled_as_it_is_here() -> None:
    """Through its bytes, direct speech and vectors of articles come back as they are."""
    articles = [read_article(path) for path in sorted(SEEDS.iterdir())]
    here = embedded([(a, passages_of(a)) for a in articles], open_encoder(HASHING), Precision.FP32)

    there = articles_embedded(fulfilled(embedding_order(articles, identity()), 1), 256)

    assert [speech for speech, _ in there] == [speech for speech, _ in here]
    assert all(np.array_equal(one, other) for (_, one), (_, other) in zip(there, here, strict=True))


def test_files_a_worker_does_not_reach_are_not_refused(tmp_path: Path) -> None:
    """A file that is not there as it was seen is left for others to read; one that is there is read."""
    one, other, gone = (tmp_path / name for name in ("one.txt", "other.txt", "gone.txt"))
    for path in (one, other, gone):
        path.write_text("Il ponte è chiuso.", encoding="utf-8")
    states = {path: state for path in (one, other, gone) if (state := state_of(path))}
    other.write_text("Il ponte è aperto da ieri.", encoding="utf-8")
    gone.unlink()

    order = reading_order(list(states.items()), datetime.date(2025, 1, 1))
    found = files_read(fulfilled(order, 1), list(states))

    assert found[0] == ([read_article(one)], [])
    assert found[1:] == [None, None]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"program": "0123456789abcdef"}, "another version of the program or of its libraries"),
        ({"model": {"probe": [0.0] * 255 + [1.0]}}, "another model called hashing"),
    ],
)
def test_another_version_or_model_is_refused(change: dict[str, Any], said: str) -> None:
    """A worker does not do what was meant for another program or model, and says so with a mend."""
    order = json.loads(embedding_order([read_article(next(SEEDS.iterdir()))], identity()))
    for name, value in change.items():
        order[name] = {**order[name], **value} if isinstance(value, dict) else value

    with pytest.raises(ClusterError, match=said) as refused:
        fulfilled(json.dumps(order).encode(), 1)

    assert refused.value.hint


def test_a_worker_that_refuses_ends_the_build_in_one_line(hashing_path: Path, tmp_path: Path, run: Run) -> None:
    """The worker is named with what is wrong and the mend; the former archive stays."""
    before = current_generation(hashing_path)
    (tmp_path / "new.txt").write_text("Il ponte è aperto da ieri.", encoding="utf-8")
    with scheduler(tmp_path) as (address, worker):
        worker("one")
        done = run(
            "-c", "import index.orders, sys; index.orders.program = lambda: 'newer'\n"
            "from index.cli import main; sys.exit(main(sys.argv[1:]))",
            "add", str(tmp_path / "new.txt"), "--archive", str(hashing_path), "--workers", address,
        )  # fmt: skip

    (line,) = done.stderr.splitlines()
    assert done.returncode == 1
    assert line.startswith("error: the worker tcp://127.0.0.1:")
    assert line.endswith(
        "cannot work: another version of the program or of its libraries — "
        "install the version that builds, and start it again"
    )
    assert current_generation(hashing_path) == before


@pytest.mark.parametrize("workers", ["0", "-1", "257", "two", "http://127.0.0.1:8786", "tcp://127.0.0.1", "tcp://:1"])
def test_nonsense_is_wrong_usage(workers: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What is neither a number of processes nor a scheduler's address is refused before anything is done."""
    with pytest.raises(SystemExit) as ended:
        main(["build", f"--workers={workers}"])

    assert ended.value.code == 2
    assert (
        capsys.readouterr()
        .err.splitlines()[-1]
        .endswith(f"argument --workers: {workers} is neither a number from 1 to 256 nor tcp:// or tls://HOST:PORT")
    )


def test_shards_without_workers_are_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder for workers' shards is of no use without workers."""
    status = main(["build", "--shards", str(tmp_path), "--archive", str(tmp_path / "a")])

    assert status == 2
    assert capsys.readouterr().err == "error: --shards says where workers write — name them as well: --workers\n"


def test_no_scheduler_and_no_library_are_one_line(tmp_path: Path, run: Run) -> None:
    """Where nobody answers, or what is needed is not installed, one line says what to do; nothing is written."""
    without = "import sys; sys.modules['distributed'] = None\nfrom index.cli import main; sys.exit(main(sys.argv[1:]))"
    arguments = ["build", "--archive", str(tmp_path / "a"), "--model", HASHING, "--workers", "tcp://127.0.0.1:9"]

    nobody, nothing = run("-m", "index", *arguments), run("-c", without, *arguments)

    assert (nobody.returncode, nothing.returncode) == (1, 1)
    (line,) = nobody.stderr.splitlines()
    assert line.startswith("error: no scheduler answers at tcp://127.0.0.1:9 (")
    assert line.endswith(") — start it, or leave --workers out")
    assert nothing.stderr == "error: --workers needs distributed — pip install -r requirements-scale.txt\n"
    assert list(tmp_path.iterdir()) == []
