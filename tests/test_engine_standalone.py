"""The same contract and the same archive on the real standalone server of Milvus, with its users' passwords.

It listens on all interfaces, so it is started only where there is none but loopback: ``make standalone`` runs this in a
network namespace of its own. ``$MILVUS_PYTHON`` names a Python that has the package ``milvus``.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from index.archive import Archive
from index.build import add
from index.errors import ArchiveError
from index.opening import open_archive
from index.settings import Place
from index.shared.archive import SharedArchive
from index.shared.checking import problems
from index.shared.collections import pointed, ranks
from index.shared.engine import Milvus
from index.shared.publishing import share
from index.shared.settings import Reach
from qa.answer import Engine
from tests.servers import Server, free_port, running
from tests.test_engine_contract import *  # noqa: F403 the contract itself
from tests.test_shared_archive import QUESTIONS, answers, dated, texts

TOKEN = "root:Milvus"
_START = """
import contextlib, socket, sys, time
from milvus import MilvusServer, MilvusServerConfig

def bound(self, port):
    # As the server itself binds it; the package would take another port for a minute after a kill.
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    with contextlib.suppress(OSError):
        one.bind(('127.0.0.1', port))
        one.listen()
        return one

MilvusServerConfig.try_bind_port = bound
server = MilvusServer()
server.set_base_dir(sys.argv[1])
server.config.set('proxy_port', int(sys.argv[2]))
server.config.set('authorization_enabled', True)
server.start()
while True:
    time.sleep(1)
"""


def _interfaces() -> set[str]:
    lines = Path("/proc/net/dev").read_text(encoding="utf-8").splitlines()[2:]
    return {line.partition(":")[0].strip() for line in lines}


pytestmark = [
    pytest.mark.skipif("MILVUS_PYTHON" not in os.environ, reason="$MILVUS_PYTHON names no Python with the server"),
    pytest.mark.skipif(_interfaces() != {"lo"}, reason="the server listens on all interfaces: make standalone"),
]


@pytest.fixture(scope="module")
def standalone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server, running."""
    folder, port = tmp_path_factory.mktemp("standalone"), free_port()
    command = [os.environ["MILVUS_PYTHON"], "-c", _START, str(folder / "data"), str(port)]
    with running(Server(command, port, folder)) as server:
        yield server


@pytest.fixture(scope="module")
def engine_uri(standalone: Server) -> Iterator[str]:
    """Its address."""
    os.environ["ENGINE_TOKEN"] = TOKEN
    yield f"http://127.0.0.1:{standalone.port}"
    del os.environ["ENGINE_TOKEN"]


def test_a_wrong_token_is_told_at_once(engine_uri: str) -> None:
    """Without a token, or with a wrong one, nobody gets in, however patient, and the token is not told."""
    for token in (None, "root:not-the-one"):
        with pytest.raises(ArchiveError, match="refuses the credentials") as caught:
            Milvus(engine_uri, Reach(token), 3_600)
        assert "not-the-one" not in f"{caught.value} {caught.value.hint}"


def test_it_does_not_rank_by_words(milvus: Milvus) -> None:
    """The version tried here is from before that, and says so; then the words are ranked by each reader."""
    assert milvus.version.startswith("v2.3.5")
    assert not ranks(milvus, "virgolettato_prova")


def test_changes_are_published_and_read(place: Place, tmp_path: Path) -> None:
    """What the archive says, the engine's readers say; an alias names the collection that answers."""
    first = share(place).generation
    add(place.path, dated(tmp_path / "more", "Quarnasco"))
    assert share(place).new == 1
    here, there = Archive.open(place.path), open_archive(replace(place, path=Path("nowhere")))
    assert isinstance(there, SharedArchive)

    assert there.terms.engine == "tantivy"
    assert texts(there) == texts(here)
    assert answers(Engine(there)) == answers(Engine(here))
    assert list(problems(place)) == []
    anew = share(place, anew=True).generation
    alias = f"{anew.name}_passages"
    assert first.collection("passages") != anew.collection("passages")
    assert pointed(there.milvus, alias) == anew.collection("passages")
    assert answers(Engine(there), QUESTIONS[:1]) == answers(Engine(here), QUESTIONS[:1])


def test_nothing_is_lost_by_a_power_cut(place: Place, standalone: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed without a word, it answers as before once it runs again; a patient question waits for it."""
    monkeypatch.setenv("VIRGOLETTATO_ENGINE_PATIENCE", "180")
    share(place)
    archive = open_archive(place)
    expected = answers(Engine(Archive.open(place.path)), QUESTIONS[1:2])
    standalone.kill()
    starting = threading.Timer(1, standalone.start)
    starting.start()
    try:
        assert answers(Engine(archive), QUESTIONS[1:2]) == expected
    finally:
        starting.join()
    assert list(problems(place)) == []
