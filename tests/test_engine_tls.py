"""An engine under ``https://``: the light server behind a doorman who speaks TLS, with certificates made here."""

from __future__ import annotations

import contextlib
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.archive import Archive
from index.build import build
from index.encoder import HASHING
from index.errors import ArchiveError, ArchiveUnreachableError, UsageError
from index.opening import open_archive
from index.settings import Place
from index.shared.engine import Milvus
from index.shared.publishing import share
from index.shared.settings import Reach
from qa.answer import Engine
from tests.conftest import SEEDS
from tests.servers import MilvusLite, Postgres, running
from tests.test_shared_archive import QUESTIONS, answers

pytest.importorskip("pymilvus", reason="what only big installations need is not installed")
pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl, which makes certificates, is missing")


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the keys and certificates of ``doorman`` and of a ``stranger``, each its own authority."""
    folder = tmp_path_factory.mktemp("certificates")
    for name in ("doorman", "stranger"):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}",
             "-addext", "subjectAltName=DNS:localhost", "-keyout", f"{name}.key", "-out", f"{name}.pem"],
            cwd=folder, check=True, capture_output=True,
        )  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def address(certificates: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The light server's, behind TLS alone."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / "doorman.pem", certificates / "doorman.key")
    context.set_alpn_protocols(["h2"])
    with (
        running(MilvusLite(tmp_path_factory.mktemp("light"))) as server,
        socket.create_server(("127.0.0.1", 0)) as door,
    ):
        threading.Thread(target=_attend, args=(door, context, server.port), daemon=True).start()
        yield f"https://localhost:{door.getsockname()[1]}"


def _attend(door: socket.socket, context: ssl.SSLContext, port: int) -> None:
    """Let in who speaks TLS, and take what is said to the server at `port` and back."""
    with contextlib.suppress(OSError):
        while True:
            guest, _ = door.accept()
            threading.Thread(target=_accompany, args=(guest, context, port), daemon=True).start()


def _accompany(guest: socket.socket, context: ssl.SSLContext, port: int) -> None:
    with contextlib.suppress(OSError), contextlib.ExitStack() as ends:
        inside = ends.enter_context(context.wrap_socket(guest, server_side=True))
        server = ends.enter_context(socket.create_connection(("127.0.0.1", port)))
        threading.Thread(target=_passed, args=(server, inside), daemon=True).start()
        _passed(inside, server)


def _passed(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(1 << 16):
            target.sendall(data)


def test_an_archive_is_published_and_read(
    address: str, certificates: Path, tmp_path: Path, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its authority named, an engine behind TLS answers as the archive itself."""
    monkeypatch.setenv("VIRGOLETTATO_ENGINE_CA", str(certificates / "doorman.pem"))
    monkeypatch.setenv("VIRGOLETTATO_ENGINE_SHARDS", "2")
    build(tmp_path / "archive", [SEEDS], HASHING)
    place = Place(tmp_path / "archive", address, postgres.database("behind_tls"))

    share(place)

    there = open_archive(Place(Path("nowhere"), place.engine, place.database))
    assert answers(Engine(there), QUESTIONS[:2]) == answers(Engine(Archive.open(place.path)), QUESTIONS[:2])


@pytest.mark.parametrize("authority", [None, "stranger.pem"])
def test_who_is_not_known_is_not_spoken_to(address: str, certificates: Path, authority: str | None) -> None:
    """Without its authority, or with another's, it is one line that no patience would have changed."""
    begun = time.monotonic()

    with pytest.raises(
        ArchiveError, match=r"the certificate of the engine at https://localhost:\d+ is not trusted"
    ) as caught:
        Milvus(address, Reach(authority=None if authority is None else certificates / authority), 3_600)

    assert not isinstance(caught.value, ArchiveUnreachableError)
    assert "$VIRGOLETTATO_ENGINE_CA" in (caught.value.hint or "")
    assert time.monotonic() - begun < 1_800


def test_another_name_is_not_trusted(address: str, certificates: Path) -> None:
    """A certificate that is known and belongs to another name is refused as well."""
    elsewhere = address.replace("localhost", "127.0.0.1")

    with pytest.raises(ArchiveError, match=r"is not trusted here$"):
        Milvus(elsewhere, Reach(authority=certificates / "doorman.pem"), 60)


def test_an_engine_without_tls_is_told(engine_uri: str) -> None:
    """Asked for with https, what speaks none is one line."""
    with pytest.raises(ArchiveError, match=r"does not speak TLS$"):
        Milvus(engine_uri.replace("http://127.0.0.1", "https://localhost"), Reach(), 60)


def test_certificates_are_for_tls_alone(engine_uri: str, certificates: Path) -> None:
    """An authority that is named for an engine without TLS is wrong usage: the token would be there for all to read."""
    with pytest.raises(UsageError, match=r"spoken to without TLS: http://127"):
        Milvus(engine_uri, Reach(authority=certificates / "doorman.pem"), 60)


@pytest.mark.parametrize("content", [None, "", "no certificate"])
def test_certificates_that_are_none_are_told(
    content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is not there, is empty or holds something else is wrong usage."""
    path = tmp_path / "authority.pem"
    if content is not None:
        path.write_text(content)
    monkeypatch.setenv("VIRGOLETTATO_ENGINE_CA", str(path))

    with pytest.raises(UsageError, match=r"authority\.pem cannot be read$"):
        Reach.from_environment()
