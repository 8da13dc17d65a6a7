"""Real servers for tests, each a process of its own on this machine: PostgreSQL, and the light server of Milvus."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import pytest

_POSTGRES = Path("/usr/lib/postgresql")
_T = TypeVar("_T")


def until(ask: Callable[[], _T], good: Callable[[_T], bool], seconds: float = 100) -> _T:
    """What `ask` returns when that is `good`, or at last."""
    end = time.monotonic() + seconds
    while not good(found := ask()) and time.monotonic() < end:
        time.sleep(0.5)
    return found


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Server:
    """A process that can be killed and started again on the same data.

    Args:
        command: that starts it.
        port: that it listens on.
        user: whom it runs as, where that is not who runs the tests.
    """

    def __init__(self, command: Sequence[str], port: int, folder: Path, user: str | None = None) -> None:
        self.port = port
        self._command, self._folder, self._user = list(command), folder, user
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it listens."""
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command, stdout=log, stderr=log, cwd=self._folder, user=self._user, start_new_session=True
            )
        for _ in range(1_800):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            assert self._process.poll() is None, (self._folder / "log").read_text()[-2000:]
            time.sleep(0.1)
        raise AssertionError(f"{self._command[0]} does not listen")

    def pause(self) -> None:
        """Have it, and all its processes, stand still as on a machine that does."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Have it go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        assert self._process is not None
        for process in _family(self._process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None


def _family(process: int) -> list[int]:
    """`process` and all that descend from it."""
    own: list[int] = []
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            own += map(int, children.read_text(encoding="ascii").split())
    return [process, *(one for child in own for one in _family(child))]


class Postgres(Server):
    """Debian's PostgreSQL on data of its own."""

    def __init__(self, folder: Path) -> None:
        found = sorted(_POSTGRES.glob("*/bin/postgres"))
        if not found:
            pytest.skip("PostgreSQL is not installed")
        self._programs = found[-1].parent
        user = "postgres" if os.getuid() == 0 else None
        secret = folder / "secret"
        secret.write_text("secret")
        if user is not None:
            account = pwd.getpwnam(user)
            os.chown(folder, account.pw_uid, account.pw_gid)
        self._made = ["-D", str(folder / "data"), "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "-N"]
        subprocess.run(
            [str(self._programs / "initdb"), *self._made, "--auth=scram-sha-256", f"--pwfile={secret}"],
            check=True, capture_output=True, user=user, cwd=folder,
        )  # fmt: skip
        port = free_port()
        command = [str(self._programs / "postgres"), "-D", str(folder / "data"), "-p", str(port), "-k", str(folder)]
        super().__init__([*command, "-h", "127.0.0.1", "-c", "shared_buffers=16MB"], port, folder, user)

    def url(self, database: str = "postgres", password: str = "secret") -> str:
        """The address of a database."""
        return f"postgresql://postgres:{password}@127.0.0.1:{self.port}/{database}"

    def database(self, name: str) -> str:
        """The address of a new database."""
        self.run(f"CREATE DATABASE {name}")
        return self.url(name)

    def run(self, statements: str, url: str | None = None) -> None:
        """Have `statements` done, in the database `url` where one is named, as soon as it answers."""
        import sqlalchemy

        address = (url or self.url()).replace("://", "+psycopg://")
        engine = sqlalchemy.create_engine(address, isolation_level="AUTOCOMMIT")
        for _ in range(100):
            with contextlib.suppress(sqlalchemy.exc.OperationalError), engine.connect() as connection:
                connection.exec_driver_sql(statements)
                break
            time.sleep(0.1)
        engine.dispose()


class MilvusLite(Server):
    """The light server that speaks Milvus's protocol."""

    def __init__(self, folder: Path) -> None:
        pytest.importorskip("milvus_lite", reason="milvus-lite is not installed")
        port = free_port()
        program = str(Path(sys.executable).with_name("milvus-lite"))
        command = [program, "server", "--data-dir", str(folder / "data"), "--host", "127.0.0.1", "--port", str(port)]
        super().__init__(command, port, folder)

    @property
    def uri(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"


@contextlib.contextmanager
def running(server: Server) -> Iterator[Server]:
    """`server`, started; killed at the end."""
    server.start()
    try:
        yield server
    finally:
        server.kill()


@contextlib.contextmanager
def common_folder() -> Iterator[Path]:
    """A folder that other accounts reach, as pytest's own are not; removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="virgolettato-tests-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
