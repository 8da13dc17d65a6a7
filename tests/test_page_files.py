"""The page serves itself alone: no file of the machine, of the archive or of another visitor, however it is asked."""

from __future__ import annotations

import json
import os
import socket
import stat
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from index.archive import Archive
from index.build import build
from index.encoder import HASHING
from tests.conftest import ROOT, SEEDS
from tests.visits import Server

NEWS = b"Il sindaco Ugo Prova ha inaugurato il ponte di Frattaglie."


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of one seed, with a link that leads out beside it."""
    folder = tmp_path_factory.mktemp("files")
    build(folder / "archive", [SEEDS / "003_1ef017ea2025330c.txt"], HASHING)
    (folder / "link").symlink_to("/etc/passwd")
    return folder / "archive"


@pytest.fixture(scope="module")
def server(archive: Path) -> Iterator[Server]:
    """The page over it, with all that it can have."""
    running = Server(archive, "--allow-upload")
    yield running
    running.stop()


def asked(server: Server, target: str, method: str = "GET") -> tuple[int, bytes]:
    """Status and body for a request line as it is: a client would mend the path first."""
    with socket.create_connection(("127.0.0.1", int(server.url.rsplit(":", 1)[1])), timeout=60) as connection:
        head = f"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        connection.sendall(head.encode("utf-8", "surrogateescape"))
        answer = b""
        while part := connection.recv(65_536):
            answer += part
    head_part, _, body = answer.partition(b"\r\n\r\n")
    return int(head_part.split()[1]), body


def spellings(path: str) -> list[str]:
    """A path as attackers write it."""
    up = "../" * 12
    bare = path.lstrip("/")
    return [
        path,
        f"/{path}",
        up + bare,
        quote(path, safe=""),
        quote(quote(path, safe=""), safe=""),
        quote(up, safe="") + bare,
        "..%2f" * 12 + bare,
        "%2e%2e/" * 12 + bare,
        "..%5c" * 12 + bare,
        "..%252f" * 12 + bare,
        "..%c0%af" * 12 + bare,
        "....//" * 12 + bare,
        f"file://{path}",
        f"{path}%00.png",
        f"{path}?x=.css",
        f".{path}",
    ]


PLACES = (
    "/gradio_api/file=", "/file=", "/gradio_api/file/", "/file/", "/gradio_api/proxy=", "/proxy=", "/static/",
    "/assets/", "/svelte/", "/gradio_api/stream/", "/gradio_api/custom_component/",
    "/gradio_api/deep_link?session_hash=", "/api/", "/api/articles/", "/", "/gradio_api/",
)  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_no_file_is_served(server: Server, archive: Path, place: str) -> None:
    """Archive, sources, ``.git``, environment, ``/etc`` and a link to it stay where they are, in every spelling."""
    generation = next((archive / "generations").iterdir())
    secrets = {
        "/etc/passwd": b"root:",
        "/proc/self/environ": b"PYTHONPATH",
        "/proc/self/cmdline": b"app.py",
        str(generation / "archive.sqlite"): b"SQLite format 3",
        str(generation / "manifest.json"): b"index_id",
        str(archive / "CURRENT"): generation.name.encode(),
        str(archive.parent / "link"): b"root:",
        str(ROOT / "app.py"): b"import argparse",
        str(ROOT / "requirements.txt"): b"torch==",
        str(ROOT / ".git"): b"gitdir",
        "app.py": b"import argparse",
        ".git/HEAD": b"ref:",
        "seeds/003_1ef017ea2025330c.txt": b"Hwasong",
    }
    leaked = []
    for path, sign in secrets.items():
        for spelling in spellings(path):
            for method in ("GET", "HEAD"):
                status, body = asked(server, f"{place}{spelling}", method)
                # The page itself may be what is asked for; it tells nothing of the file.
                if sign in body or (status == 200 and method == "GET" and b"<!doctype html" not in body[:200].lower()):
                    leaked.append((method, place, spelling, status, body[:60]))

    assert leaked == []


def test_an_upload_is_private_and_never_a_path(server: Server) -> None:
    """What is sent lies in a folder that is the process's alone, under a name without folders; nobody can fetch it
    again; and it goes with the process.
    """
    import httpx

    names = [
        "../../../evil.txt",
        "/etc/cron.d/evil.txt",
        "..\\..\\evil.txt",
        "a/b/c.txt",
        ".bashrc",
        "x" * 300 + ".txt",
    ]
    places = []
    with httpx.Client(base_url=server.url, timeout=60) as http:
        for name in names:
            sent = http.post("/gradio_api/upload", files={"files": (name, NEWS)})
            assert sent.status_code == 200, name
            places += [Path(place) for place in sent.json()]
    folder = places[0].parents[1]

    assert folder.name.startswith("virgolettato-")
    assert folder.parent == Path(tempfile.gettempdir())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [place for place in places if place.parents[1] != folder or not place.is_file()] == []
    assert [asked(server, f"/gradio_api/file={place}")[0] for place in places] == [404] * len(places)


def _config(server: Server) -> dict[str, object]:
    return dict(json.loads(asked(server, "/config")[1]))


def test_no_path_and_no_address_can_be_sent_for_a_file(server: Server, archive: Path, tmp_path: Path) -> None:
    """An event that names a file of the machine, or an address, in place of an uploaded one is refused: nothing is
    read, fetched or moved, and the archive stays as it is.
    """
    import httpx

    victim = tmp_path / "victim.txt"
    victim.write_bytes(NEWS)
    listener = socket.create_server(("127.0.0.1", 0))
    fetched: list[bytes] = []

    def listen() -> None:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        fetched.append(connection.recv(100))
        connection.close()

    waiting = threading.Thread(target=listen, daemon=True)
    waiting.start()
    config = _config(server)
    components = {one["id"]: one for one in config["components"]}  # type: ignore[attr-defined, index]
    takers = [
        one
        for one in config["dependencies"]  # type: ignore[attr-defined]
        if any(components[i]["type"] == "uploadbutton" for i in one["inputs"])
    ]
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/x.txt"
    files = [
        str(victim),
        "/etc/passwd",
        str(archive / "CURRENT"),
        f"../../../../../../{victim}",
        address,
        f"file://{victim}",
    ]
    assert takers
    with httpx.Client(base_url=server.url, timeout=60) as http:
        for number, path in enumerate(files):
            for url in (None, address):
                sent = [{"path": path, "url": url, "orig_name": "a.txt", "meta": {"_type": "gradio.FileData"}}]
                session = f"s{number}{url is None}"
                body = {"data": [sent, 100, "it"], "fn_index": takers[0]["id"], "session_hash": session}
                joined = http.post("/gradio_api/queue/join", json=body)
                if joined.status_code == 200:
                    with http.stream("GET", f"/gradio_api/queue/data?session_hash={session}") as told:
                        said = next(line for line in told.iter_lines() if "process_completed" in line)
                    assert '"success":false' in said.replace(" ", ""), (path, said[:300])
    listener.close()

    assert victim.read_bytes() == NEWS
    assert (archive / "CURRENT").is_file()
    assert fetched == []
    assert Archive.open(archive).manifest.articles == 1


def test_an_export_leaves_nothing_behind(server: Server) -> None:
    """Exports are made in memory and sent: after each no file is new in the folder for passing files."""
    import httpx

    before = {path.name for path in Path(tempfile.gettempdir()).iterdir()}
    with httpx.Client(base_url=server.url, timeout=60) as http:
        for form in ("csv", "json", "md", "docx"):
            sent = http.get("/api/export/quotes", params={"format": form})
            assert sent.status_code == 200
            assert sent.headers["content-disposition"] == f'attachment; filename="virgolettato.{form}"'
    new = {path.name for path in Path(tempfile.gettempdir()).iterdir()} - before

    assert [name for name in new if "virgolettato" in name or name.endswith((".csv", ".json", ".md", ".docx"))] == []


def test_the_folder_goes_with_the_process(archive: Path) -> None:
    """Ended as a service manager ends it, the process takes with it what was sent and not used."""
    import httpx

    running = Server(archive, "--allow-upload")
    sent = httpx.post(f"{running.url}/gradio_api/upload", files={"files": ("a.txt", NEWS)}, timeout=60)
    place = Path(sent.json()[0])
    assert place.is_file()

    errors = running.stop()

    assert running.process.returncode == 0
    assert "Traceback" not in errors
    assert not place.parents[1].exists()
    assert not os.path.lexists(place)
