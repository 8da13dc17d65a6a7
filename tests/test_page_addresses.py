"""What can be reached of the server: nothing but what is named, from nowhere but here, and only so much of it."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from page.door.addresses import PUBLIC, Addresses, is_upload, takes_a_draft
from page.uploads import MAX_REQUEST, make_room, private_folder
from tests.conftest import OFFLINE, ROOT
from tests.visits import Server

_NEEDED = {
    "GET": {
        "/", "/config", "/config/", "/theme.css", "/robots.txt", "/favicon.ico", "/manifest.json", "/static/x",
        "/assets/x", "/svelte/x", "/gradio_api/info", "/gradio_api/info/", "/gradio_api/theme.css",
        "/gradio_api/app_id", "/gradio_api/app_id/", "/gradio_api/startup-events", "/gradio_api/queue/data",
        "/gradio_api/queue/status", "/gradio_api/heartbeat/x",
    },
    "POST": {"/gradio_api/queue/join", "/gradio_api/cancel", "/gradio_api/reset", "/gradio_api/reset/"},
}  # fmt: skip
HEADERS = ("content-security-policy", "x-frame-options", "x-content-type-options", "x-request-id")


@pytest.fixture(scope="module")
def server(hashing_original: Path) -> Iterator[Server]:
    """The page, at which nobody logs in and no file is taken."""
    running = Server(hashing_original)
    yield running
    assert "Traceback" not in running.stop()


_LIST = """
import json, gradio as gr
from gradio.routes import App
with gr.Blocks() as page:
    gr.Textbox()
app = App.create_app(page)
routers = [app, *(one for route in app.routes if (one := getattr(route, "original_router", None)) is not None)]
routes = [route for router in routers for route in router.routes]
print(json.dumps([(method, route.path) for route in routes for method in getattr(route, "methods", None) or ()]))
"""


def gradio_routes() -> set[tuple[str, str]]:
    """Method and address of each route that Gradio itself has, ``x`` for what varies."""
    command = [sys.executable, "-c", _LIST]
    environment = {**os.environ, "GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1", "PYTHONPATH": str(OFFLINE)}
    listed = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout
    return {(method, re.sub(r"\{[^}]*\}", "x", path)) for method, path in json.loads(listed.splitlines()[-1])}


def test_of_gradio_only_what_the_page_needs_is_there() -> None:
    """Of all addresses that this version of Gradio has, those and no others can be reached that the page needs; a
    version with more changes nothing.
    """
    routes = gradio_routes()
    shut, taking = (Addresses(login=False, uploads=uploads, mcp=False) for uploads in (False, True))
    reached = {(method, path) for method, path in routes if shut.holds(method, path) and method != "HEAD"}
    more = {(method, path) for method, path in routes if taking.holds(method, path)} - reached

    assert len(routes) > 60
    assert reached == {(method, path) for method, paths in _NEEDED.items() for path in paths}
    assert {one for one in more if one[0] != "HEAD"} == {
        ("POST", "/gradio_api/upload"),
        ("GET", "/gradio_api/upload_progress"),
    }


@pytest.mark.parametrize("way", ["run", "api", "call", "call/v2"])
def test_programs_call_the_public_functions_alone(way: str) -> None:
    """Each public function has its addresses; a private one of the page, and Gradio's way round names, have none."""
    addresses = Addresses(login=True, uploads=True, mcp=True)

    assert all(addresses.holds("POST", f"/gradio_api/{way}/{name}") for name in PUBLIC)
    for name in ("predict", "_measured", "_looked", "said", "", "ask/../_measured", "ask%2f", "ask\n", "ASK"):
        assert not addresses.holds("POST", f"/gradio_api/{way}/{name}")


def test_the_door_is_there_where_one_logs_in() -> None:
    """Login, logout and tools have addresses only where they are wanted; a method that nothing takes has none."""
    shut, whole = Addresses(login=False, uploads=False, mcp=False), Addresses(login=True, uploads=True, mcp=True)
    for method, path in (("GET", "/login"), ("POST", "/login"), ("POST", "/logout"), ("POST", "/gradio_api/mcp/")):
        assert (shut.holds(method, path), whole.holds(method, path)) == (False, True)
    for method in ("PUT", "DELETE", "PATCH", "TRACE", "BREW"):
        assert not whole.holds(method, "/")
    assert not whole.holds("GET", "/logout")


def test_only_drafts_are_long() -> None:
    """Only an address that takes a draft takes much, and only one takes files."""
    assert takes_a_draft("/api/check")
    assert takes_a_draft("/gradio_api/queue/join")
    assert not takes_a_draft("/gradio_api/run/ask")
    assert not takes_a_draft("/gradio_api/cancel")
    assert is_upload("POST", "/gradio_api/upload/")
    assert not is_upload("POST", "/gradio_api/process_recording")
    assert not is_upload("GET", "/gradio_api/upload")


def test_what_is_not_named_is_not_there(server: Server) -> None:
    """A recording, an inner function past its queue, a file of the server: 404 in the one shape, and nothing stays."""
    with httpx.Client(base_url=server.url) as http:
        answers = [
            http.post("/gradio_api/process_recording", files={"file": ("a.webm", b"x" * 10_000)}),
            http.post("/gradio_api/run/_measured", json={"data": ["it"]}),
            http.post("/gradio_api/run/predict", json={"data": ["domanda"], "fn_index": 0}),
            http.post("/gradio_api/component_server", json={}),
            http.get("/monitoring"),
            http.get("/gradio_api/file=/etc/passwd"),
        ]
        asked = http.post("/gradio_api/run/ask", json={"data": ["Putin Kursk", 5, *[""] * 5]})

    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert {answer.json()["error"] for answer in answers} == {"There is nothing at this address."}
    assert asked.json()["data"][0]["question"] == "Putin Kursk"


def test_only_so_many_events_wait(server: Server) -> None:
    """Of a flood of slow events some are refused with 503, none is lost, and questions are answered meanwhile."""
    with httpx.Client(base_url=server.url, timeout=120) as http:
        parts = {part["props"].get("elem_id"): part["id"] for part in http.get("/config").json()["components"]}
        slow = next(
            one
            for one in http.get("/config").json()["dependencies"]
            if one["backend_fn"] and [parts["measure"], "click"] in [list(target) for target in one["targets"]]
        )
        body = {"fn_index": slow["id"], "data": ["it"] * len(slow["inputs"]), "trigger_id": None}
        statuses = [
            http.post("/gradio_api/queue/join", json={**body, "session_hash": f"visitor{number}"}).status_code
            for number in range(80)
        ]
        asked = http.get("/api/ask", params={"q": "Putin Kursk"})

    assert set(statuses) == {200, 503}
    assert 60 <= statuses.count(200) <= 70
    assert asked.status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "[bad"}, 403),
        ({"host": "[::1"}, 403),
        ({"host": "evil.example"}, 403),
        ({"origin": "http://[bad"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}, 403),
        ({"sec-fetch-site": "same-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}, 403),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"host": "127.0.0.9:1"}, 200),
    ],
)
def test_nobody_asks_from_elsewhere(server: Server, headers: dict[str, str], status: int) -> None:
    """Under another name, or by another site's page, nothing is answered; what cannot be read is refused as well, with
    all headers.
    """
    answer = httpx.get(f"{server.url}/api/ask", params={"q": "Putin"}, headers=headers)

    assert answer.status_code == status
    assert [name for name in HEADERS if name not in answer.headers] == []


@pytest.mark.parametrize(("path", "status"), [("/", 200), ("/?q=Putin", 200), ("/api/", 200), ("/api/ask?q=a", 403)])
def test_a_link_on_another_site_leads_to_the_page_alone(server: Server, path: str, status: int) -> None:
    """A visitor who follows a link comes to the page; an address that answers by itself is not reached so."""
    followed = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}

    assert httpx.get(f"{server.url}{path}", headers=followed).status_code == status
    assert httpx.get(f"{server.url}{path}", headers={**followed, "sec-fetch-dest": "iframe"}).status_code == 403


def test_a_long_body_has_no_place_but_a_draft(server: Server) -> None:
    """What holds no draft may have 100,000 bytes."""
    answer = httpx.post(f"{server.url}/gradio_api/run/ask", json={"data": ["a" * 100_000]})

    assert (answer.status_code, "0.1 MB" in answer.json()["error"]) == (413, True)


def test_whoever_says_nothing_is_let_go(hashing_original: Path) -> None:
    """A connection whose headers do not come is closed after the time limit; one that asked goes on."""
    running = Server(hashing_original, "--time-limit", "2")
    port = int(running.url.rpartition(":")[2])
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=60) as silent, httpx.Client() as http:
            http.get(f"{running.url}/healthz")
            silent.sendall(b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nx-slow: ")
            assert silent.recv(100) == b""
            assert http.get(f"{running.url}/healthz").status_code == 200
    finally:
        assert "Traceback" not in running.stop()


def test_behind_a_proxy_no_other_name_is_believed(hashing_original: Path) -> None:
    """Of what a proxy says its client's address and https are believed; not under which name it was asked."""
    running = Server(hashing_original, "--behind-proxy", "--public")
    forwarded = {"x-forwarded-host": "evil.example", "forwarded": "host=evil.example", "x-forwarded-proto": "https"}
    try:
        config = httpx.get(f"{running.url}/config", headers=forwarded)
        page = httpx.get(running.url, headers=forwarded)
    finally:
        assert "Traceback" not in running.stop()

    assert config.json()["root"].startswith("https://127.0.0.1:")
    assert "evil.example" not in page.text + config.text


def test_files_that_nobody_reads_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was sent ten minutes ago goes, what came just now stays, and beyond a bound there is no room for more."""
    monkeypatch.setenv("GRADIO_TEMP_DIR", "")
    with private_folder():
        folder = Path(os.environ["GRADIO_TEMP_DIR"])
        assert Path(tempfile.gettempdir()) == folder
        old, new, own = folder / "a" / "old.txt", folder / "b" / "new.txt", folder / "virgolettato-c" / "old.txt"
        for path in (old, new, own):
            path.parent.mkdir()
            path.write_text("x", encoding="utf-8")
        long_ago = time.time() - 700
        for path in (old, own):
            os.utime(path, (long_ago, long_ago))

        assert make_room()
        assert (old.exists(), new.exists(), own.exists()) == (False, True, True)
        with new.open("wb") as file:
            file.truncate(5 * MAX_REQUEST)  # sparse: it takes no place on the disk
        assert not make_room()
    assert tempfile.gettempdir() != str(folder)
