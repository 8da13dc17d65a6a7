"""A crew: the workers of a Dask cluster, who read and embed for a build.

Tasks are given the name of an order and return it; everything else goes through the folder of the shards. Who is lost
has what they were at done again by others.
"""

from __future__ import annotations

import contextlib
import datetime
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.encoder import processors
from index.entries import Embedder, Made, Piece
from index.errors import ClusterError, VirgolettatoError
from index.identity import Identity
from index.ingest import Read, read_file
from index.orders import (
    Found,
    State,
    articles_embedded,
    embedding_order,
    files_read,
    fulfilled,
    reading_order,
    state_of,
)
from index.readers.source import UnreadableError
from index.shards import Shards

if TYPE_CHECKING:
    from distributed import Client, Future

_FILES, _BYTES = 64, 16_000_000
"""The most files, and bytes of them, in one order to read."""
_AHEAD = 4
"""Orders begun for each worker before the first of them must be done."""
_ATTEMPTS = 3
"""How often a shard may come out damaged."""
_CONNECT, _PATIENCE, _LOOK = 5, 60, 5
"""Seconds to wait for the scheduler, for a worker when there is none, and between two looks whether there is one."""
_AGAIN = "run the same command again when that is mended: what is done is kept"
_SILENT = logging.CRITICAL + 1
_one_at_a_time = threading.Lock()


class RefusedError(Exception):
    """A worker cannot do what is asked: what is wrong, and the mend. Crosses the wire."""


def fulfil(folder: str, name: str) -> str:
    """As a worker, make the shard of the order `name` in `folder`, if it is not there; returns the name.

    One at a time, with as many threads as the worker was started with.
    """
    from distributed import get_worker

    worker, shards = get_worker(), Shards(Path(folder))
    try:
        with _one_at_a_time:
            if shards.get(name) is None:
                shards.put(name, fulfilled(shards.order(name), worker.state.nthreads))
    except VirgolettatoError as error:
        raise RefusedError(f"the worker {worker.address} cannot work: {error}", error.hint) from None
    except OSError as error:
        raise RefusedError(
            f"the worker {worker.address} cannot use {folder} ({error.strerror})", "mend that, or name another --shards"
        ) from None
    except Exception as error:  # not every error can cross the wire
        raise RefusedError(
            f"the worker {worker.address} failed ({_told(error)})", "look at its log, and install what is here"
        ) from None
    return name


@contextlib.contextmanager
def hired(workers: int | str, folder: Path) -> Iterator[Crew]:
    """So many processes of this machine, or the workers of the scheduler at an address, with `folder` for shards.

    Raises:
        ClusterError: there is no such scheduler, it has no workers, or what is needed is not installed.
    """
    try:
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise ClusterError("--workers needs distributed", "pip install -r requirements-scale.txt") from error
    # What these have to say of workers coming and going is no error of ours.
    for name in ("distributed", "distributed.client", "tornado", "tornado.application"):
        logging.getLogger(name).setLevel(_SILENT)
    with contextlib.ExitStack() as stack:
        try:
            if isinstance(workers, int):
                cluster = LocalCluster(
                    n_workers=workers,
                    threads_per_worker=max(1, processors() // workers),
                    memory_limit=0,
                    security=True,
                    dashboard_address="127.0.0.1:0",
                    worker_dashboard_address="127.0.0.1:0",
                    silence_logs=_SILENT,
                )
                client = Client(stack.enter_context(cluster), timeout=_CONNECT)
            else:
                client = Client(workers, timeout=_CONNECT)
            stack.enter_context(client)
        except (OSError, ValueError, TypeError, RuntimeError) as error:
            where = "workers cannot be started" if isinstance(workers, int) else f"no scheduler answers at {workers}"
            raise ClusterError(f"{where} ({_told(error)})", "start it, or leave --workers out") from error
        crew = Crew(client, Shards(Path(os.path.abspath(folder))))
        crew.wait_for_anybody()
        yield crew


class Crew:
    """Workers behind `client`."""

    def __init__(self, client: Client, shards: Shards) -> None:
        self._client = client
        self.shards = shards

    def wait_for_anybody(self) -> None:
        """Wait until there is a worker.

        Raises:
            ClusterError: none has come for a minute.
        """
        try:
            self._client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError as error:
            raise self._nobody() from error

    def reading(self, files: Sequence[Path], today: datetime.date) -> Read:
        """What reads `files`, to be asked for each in turn; those that workers do not reach are read here."""
        seen = [(path, state) for path in files if (state := state_of(path)) is not None]
        parts = list(_parts(seen))
        made = self._made(reading_order(part, today) for part in parts)

        def results() -> Iterator[Found | None]:
            for part, shard in zip(parts, made, strict=True):
                yield from files_read(shard, [path for path, _ in part])

        sent, found = {path for path, _ in seen}, results()

        def read(path: Path, notes: list[str]) -> list:  # type: ignore[type-arg]
            told = next(found) if path in sent else None
            if told is None:
                return read_file(path, today, notes)
            if isinstance(told, UnreadableError):
                raise told
            notes += told[1]
            return told[0]

        return read

    def embedder(self, identity: Identity) -> Embedder:
        """What embeds as the model of `identity` does."""

        def embed(groups: Sequence[Sequence[Piece]], done: Callable[[int], object]) -> Iterator[Sequence[Made]]:
            orders = (embedding_order([article for article, _ in group], identity) for group in groups)
            for shard in self._made(orders):
                made = articles_embedded(shard, identity.dimension)
                done(sum(len(vectors) for _, vectors in made))
                yield made

        return embed

    def _made(self, orders: Iterable[bytes]) -> Iterator[bytes]:
        """What is made of `orders`, in their order."""
        begun: deque[tuple[str, Future | None]] = deque()
        for order in orders:
            name = self.shards.place(order)
            begun.append((name, None if self.shards.has(name) else self._submit(name, 1)))
            if len(begun) > _AHEAD * max(1, self._workers()):
                yield self._finished(*begun.popleft())
        while begun:
            yield self._finished(*begun.popleft())

    def _submit(self, name: str, attempt: int) -> Future:
        from distributed.client import ClosedClientError

        try:
            return self._client.submit(fulfil, str(self.shards.folder), name, key=f"{name}-{attempt}", pure=False)
        except ClosedClientError as error:
            raise _gone() from error

    def _finished(self, name: str, future: Future | None) -> bytes:
        for attempt in range(1, _ATTEMPTS + 1):
            if future is not None:
                self._await(future)
            made = self.shards.get(name)
            if made is not None:
                return made
            future = self._submit(name, attempt + 1)
        raise ClusterError(
            f"{self.shards.folder} does not give back what workers write there",
            "name a folder that all machines reach there, with --shards",
        )

    def _await(self, future: Future) -> None:
        from distributed import wait

        seen = time.monotonic()
        while future.status == "pending":
            with contextlib.suppress(TimeoutError):
                wait(future, timeout=_LOOK)
            if self._workers():
                seen = time.monotonic()
            elif time.monotonic() - seen > _PATIENCE:
                raise self._nobody()
        if future.status == "error":
            raise _failure(future.exception())
        if future.status != "finished":
            raise _gone()

    def _workers(self) -> int:
        # Of a scheduler that is lost the client knows nothing any more.
        return len(self._client.scheduler_info(n_workers=-1).get("workers", ()))

    def _nobody(self) -> ClusterError:
        return ClusterError(f"no worker has been there for {_PATIENCE} seconds", f"start workers; {_AGAIN}")


def _gone() -> ClusterError:
    return ClusterError("the scheduler went away", _AGAIN)


def _failure(error: BaseException | None) -> ClusterError:
    from distributed.scheduler import KilledWorker

    if isinstance(error, RefusedError):
        return ClusterError(*error.args)
    if isinstance(error, KilledWorker):
        what = f"{error.allowed_failures + 1} workers died one after another of the same work"
        return ClusterError(what, f"look whether they have memory enough; {_AGAIN}")
    return ClusterError(
        f"a worker failed ({_told(error)})",
        "start workers in the program's folder, with the same version of everything",
    )


def _told(error: BaseException | None) -> str:
    """An error that is not ours, in one line."""
    return f"{type(error).__name__}: {next(iter(str(error).splitlines()), '')}"[:300]


def _parts(files: Sequence[tuple[Path, State]]) -> Iterator[list[tuple[Path, State]]]:
    """Runs of `files`, no more of each than one order may hold."""
    part: list[tuple[Path, State]] = []
    held = 0
    for path, state in files:
        size = state[0][0]
        if part and (len(part) == _FILES or held + size > _BYTES):
            yield part
            part, held = [], 0
        part.append((path, state))
        held += size
    if part:
        yield part
