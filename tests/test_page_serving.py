"""The real program behind its door: who comes in, what is refused, what is written down, and the headers."""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from index.errors import UsageError
from page.door.options import add_door, rules_from
from page.door.users import password_entry, token_entry
from tests.conftest import Run
from tests.visits import Server

PASSWORD = "una parola lunga"
HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
}
ADDRESSES = (
    "/",
    "/config",
    "/theme.css",
    "/api/",
    "/api/openapi.json",
    "/api/ask?q=Putin",
    "/api/articles",
    "/api/export/quotes?format=csv",
    "/metrics",
    "/gradio_api/info",
    "/gradio_api/queue/data?session_hash=abc",
    "/gradio_api/file=/etc/passwd",
    "/gradio_api/mcp/",
    "/static/img/logo.svg",
    "/assets/",
    "/nowhere",
    "/healthz/../api/articles",
    "//api/articles",
    "/login/../config",
)


@dataclass(frozen=True)
class Guarded:
    """A server at which one logs in."""

    server: Server
    token: str
    audit: Path

    def client(self, **options: Any) -> httpx.Client:
        """A client of it that brings nothing."""
        return httpx.Client(base_url=self.server.url, timeout=60, **options)

    def bearer(self) -> dict[str, str]:
        """The headers of the script."""
        return {"authorization": f"Bearer {self.token}"}


@pytest.fixture(scope="module")
def guarded(hashing_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """The page with all that it can have, for one person and one script."""
    folder = tmp_path_factory.mktemp("guarded")
    line, token = token_entry("robot")
    users = folder / "users"
    users.write_text(f"{password_entry('anna', PASSWORD)}\n{line}\n", encoding="utf-8")
    users.chmod(0o600)
    audit = folder / "audit.jsonl"
    options = ("--auth", str(users), "--audit", str(audit), "--mcp", "--rate", "0", "--behind-proxy")
    running = Server(hashing_original, *options)
    yield Guarded(running, token, audit)
    assert "Traceback" not in running.stop()


@pytest.fixture(scope="module")
def plain(hashing_original: Path) -> Iterator[Server]:
    """The page as it is served to this machine."""
    running = Server(hashing_original)
    yield running
    assert "Traceback" not in running.stop()


def log_in(http: httpx.Client, **headers: str) -> httpx.Response:
    """Log in as a browser does."""
    return http.post(
        "/login", data={"username": "anna", "password": PASSWORD}, headers={"accept": "text/html", **headers}
    )


@pytest.mark.parametrize(
    ("options", "let_in"),
    [
        ((), True),
        (("--host", "127.0.0.2"), True),
        (("--host", "::1"), True),
        (("--host", "localhost"), True),
        (("--host", "0.0.0.0"), False),
        (("--host", "::"), False),
        (("--host", "192.0.2.1"), False),
        (("--host", "example.org"), False),
        (("--behind-proxy",), False),
        (("--behind-proxy", "--public"), True),
        (("--host", "0.0.0.0", "--public"), True),
    ],
)
def test_the_archive_is_not_opened_to_others_by_accident(options: tuple[str, ...], let_in: bool) -> None:
    """Where others than this machine could come in, the program wants to be told who may; without a proxy it answers
    under this machine's names only, and on this machine alone it counts no questions.
    """
    if not let_in:
        with pytest.raises(UsageError, match="others than this machine could read the archive"):
            rules_from(given(*options))
        return
    rules = rules_from(given(*options))

    proxied = "--behind-proxy" in options
    assert (bool(rules.hosts), rules.per_minute) == (not proxied, 120 if "--public" in options else 0)
    assert rules_from(given(*options, "--name", "Archivio.example")).hosts >= {"archivio.example", "localhost"}


@pytest.mark.parametrize(
    "options",
    [
        ("--auth", "{folder}/missing"),
        ("--auth", "{folder}"),
        ("--auth", "{folder}/rubbish"),
        ("--auth", "{folder}/rubbish", "--public"),
        ("--audit-questions",),
    ],
)
def test_what_cannot_be_meant_is_told(tmp_path: Path, options: tuple[str, ...]) -> None:
    """A users file that is missing or rubbish, and options that make no sense, are one line and a hint."""
    (tmp_path / "rubbish").write_bytes(b"\x00\xffPK")
    (tmp_path / "rubbish").chmod(0o600)

    with pytest.raises(UsageError) as told:
        rules_from(given(*(option.format(folder=tmp_path) for option in options)))

    assert "\n" not in f"{told.value}{told.value.hint}"


@pytest.mark.parametrize(
    "options",
    [
        ("--host", "0.0.0.0", "--archive", "nowhere"),
        ("--audit", "nowhere/log", "--archive", "nowhere"),
        ("--rate", "-1"),
        ("--time-limit", "0"),
        ("make-token", "a:b"),
        ("anna",),
    ],
)
def test_the_program_tells_it_before_anything_is_opened(run: Run, options: tuple[str, ...]) -> None:
    """Such options end the program with status 2 and one line of error, and nothing is built."""
    done = run("app.py", *options)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].partition("error: ")[1]
    assert "Traceback" not in done.stderr
    assert not Path("nowhere").exists()


def given(*options: str) -> argparse.Namespace:
    """The options as the program reads them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.set_defaults(allow_upload=False)
    add_door(parser)
    return parser.parse_args(options)


def test_with_public_whoever_reaches_it_is_let_in(hashing_original: Path) -> None:
    """``--public`` serves on all addresses without logging in, under the names it is told; each client has its rate."""
    running = Server(hashing_original, "--host", "0.0.0.0", "--public", "--rate", "3", "--name", "archivio.example")
    try:
        with httpx.Client(base_url=running.url, headers={"host": "archivio.example"}) as http:
            other = http.get("/api/ask", params={"q": "Putin"}, headers={"host": "evil.example"})
            answers = [http.get("/api/ask", params={"q": "Putin"}) for _ in range(4)]
    finally:
        assert "Traceback" not in running.stop()

    assert other.status_code == 403
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert set(answers[3].json()) == {"error", "hint", "request_id"}
    assert 1 <= int(answers[3].headers["retry-after"]) <= 20


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_is_told_to_who_did_not_log_in(guarded: Guarded, address: str) -> None:
    """Every address but the form and the probes is refused, a browser is sent to the form, and no word leaks."""
    with guarded.client() as http:
        refused = http.get(address)
        browser = http.get(address, headers={"accept": "text/html"})
        forged = http.get(address, headers={"cookie": "virgolettato_session=AAAA"})
        strange = http.get(address, headers={"authorization": f"Bearer {token_entry('robot')[1]}"})
        basic = http.get(address, headers={"authorization": "Basic cm9ib3Q6eA=="})

    for answer in (refused, forged, strange, basic):
        assert answer.status_code == 401
        assert set(answer.json()) == {"error", "hint", "request_id"}
        assert answer.headers["www-authenticate"] == "Bearer"
    assert browser.status_code == 303
    assert browser.headers["location"].startswith("/login?next=%2F")


@pytest.mark.parametrize(
    "address", ["/api/check", "/gradio_api/queue/join", "/gradio_api/run/ask", "/gradio_api/upload"]
)
def test_nothing_is_taken_from_who_did_not_log_in(guarded: Guarded, address: str) -> None:
    """What is sent is refused as well."""
    with guarded.client() as http:
        assert http.post(address, json={"text": "a"}).status_code == 401


def test_a_browser_logs_in_and_out(guarded: Guarded) -> None:
    """The right password gives a cookie that no script reads and no other site sends, over https alone where the page
    came that way; with it all is open, and after logging out it is worth nothing.
    """
    with guarded.client() as http:
        came = log_in(http)
        cookie = came.headers["set-cookie"]
        kept = dict(http.cookies)
        opened = [http.get(address).status_code for address in ("/", "/api/articles", "/metrics", "/gradio_api/info")]
        left = http.post("/logout")
        after = httpx.get(f"{guarded.server.url}/api/articles", cookies=kept)
        safe = log_in(http, **{"x-forwarded-proto": "https"}).headers["set-cookie"]

    assert (came.status_code, came.headers["location"]) == (303, "/")
    assert re.fullmatch(r"virgolettato_session=[\w-]{43}; HttpOnly; Max-Age=43200; Path=/; SameSite=lax", cookie)
    assert opened == [200] * 4
    assert (left.status_code, left.headers["location"]) == (303, "/login")
    assert after.status_code == 401
    assert safe.endswith("; Secure")


@pytest.mark.parametrize(
    ("onward", "location"),
    [
        ("/?q=Chi%3F&lang=it", "/?q=Chi%3F&lang=it"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nset-cookie: x=1", "/"),
        ("", "/"),
    ],
)
def test_after_logging_in_one_stays_here(guarded: Guarded, onward: str, location: str) -> None:
    """The form leads on to an address of this page only."""
    with guarded.client() as http:
        form = {"username": "anna", "password": PASSWORD, "next": onward}
        came = http.post("/login", data=form, headers={"accept": "text/html"})

    assert came.headers["location"] == location


def test_guessing_is_slowed_down(hashing_original: Path, tmp_path: Path) -> None:
    """Wrong passwords are 401, told alike for names that are there and not, then 429; the form says so in the
    browser's language; nothing of what was typed stands in the log.
    """
    users = tmp_path / "users"
    users.write_text(password_entry("anna", PASSWORD), encoding="utf-8")
    users.chmod(0o600)
    running = Server(hashing_original, "--auth", str(users))
    guess = "parola-sbagliata"
    try:
        with httpx.Client(base_url=running.url, headers={"accept": "text/html", "accept-language": "it-IT"}) as http:
            answers = [
                http.post("/login", data={"username": name, "password": guess})
                for name in ("anna", "nessuno", "anna", "anna", "anna", "anna")
            ]
    finally:
        log = running.stop()

    assert [answer.status_code for answer in answers] == [401, 401, 401, 401, 401, 429]
    assert answers[0].text == answers[1].text
    assert "Nome utente o password non corretti." in answers[0].text
    seconds = int(answers[5].headers["retry-after"])
    assert seconds in (1, 2)
    assert "Troppi tentativi: questa password, giusta o sbagliata, non è stata controllata." in answers[5].text
    assert f"Riprova tra {seconds} second{'o' if seconds == 1 else 'i'}." in answers[5].text
    assert guess not in log
    assert '"outcome": "slowed"' in log


@pytest.mark.parametrize("body", [b"", b"username", b"username=anna&password=%ff%fe", b"a=1&" * 100, b"\x00" * 1000])
def test_a_form_filled_in_with_rubbish_is_no_error(hashing_original: Path, guarded: Guarded, body: bytes) -> None:
    """Whatever is sent to the form is a wrong password, or too many fields, and never an error of the program."""
    with guarded.client() as http:
        kind = {"content-type": "application/x-www-form-urlencoded", "x-forwarded-for": f"192.0.2.{len(body) % 250}"}
        assert http.post("/login", content=body, headers=kind).status_code in (400, 401, 429)


def test_scripts_and_assistants_come_in_with_a_token(guarded: Guarded) -> None:
    """With a token the HTTP interface, gradio_client and an assistant over MCP are answered, under the script's name
    in the audit log, where the question's words are not.
    """
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    async def speak() -> Any:
        async with (
            httpx.AsyncClient(headers=guarded.bearer(), timeout=60) as http,
            streamable_http_client(f"{guarded.server.url}/gradio_api/mcp/", http_client=http) as (
                incoming,
                outgoing,
                _,
            ),
            ClientSession(incoming, outgoing) as session,
        ):
            await session.initialize()
            return (await session.call_tool("ask", {"question": "Kursk"})).content[0]

    asked = httpx.get(f"{guarded.server.url}/api/ask", params={"q": "Kursk"}, headers=guarded.bearer()).json()
    client = Client(guarded.server.url, headers=guarded.bearer(), verbose=False)
    by_client = client.predict("Kursk", api_name="/ask")
    with pytest.raises(AppError, match="the question is empty: ask something"):
        client.predict(" ", api_name="/ask")
    by_password = Client(guarded.server.url, auth=("anna", PASSWORD), verbose=False).predict("Kursk", api_name="/ask")
    with ThreadPoolExecutor(1) as aside:
        by_assistant = json.loads(aside.submit(lambda: asyncio.run(speak())).result().text)
    lines = [json.loads(line) for line in guarded.audit.read_text(encoding="ascii").splitlines()]
    lines = [line for line in lines if line["kind"] == "ask"][-5:]

    assert len({json.dumps(one["citations"]) for one in (asked, by_client, by_password, by_assistant)}) == 1
    assert [(line["interface"], line["name"]) for line in lines] == [
        ("api", "robot"),
        ("client", "robot"),
        ("client", "robot"),
        ("client", "anna"),
        ("mcp", "robot"),
    ]
    assert len({line["hmac_sha256"] for line in lines}) == 2
    assert "Kursk" not in guarded.audit.read_text(encoding="ascii")


def test_the_audit_log_has_whatever_is_done(guarded: Guarded) -> None:
    """Reading, searching, exporting, checking, coming and going leave a line each, with who, the archive and the
    articles; words that were searched for are not in it, nor is what was typed as a name.
    """
    held = httpx.get(f"{guarded.server.url}/api/articles", headers=guarded.bearer()).json()["articles"][0]["id"]
    before = len(guarded.audit.read_text(encoding="ascii").splitlines())
    with guarded.client() as http:
        log_in(http)
        http.get(f"/api/articles/{held}")
        http.get("/api/quotes", params={"text": "Segretissimo"})
        said = http.get("/api/quotes", params={"limit": 2}).json()["quotes"]
        http.get("/api/export/quotes", params={"format": "csv", "text": "Segretissimo"})
        http.get("/api/export/answer", params={"format": "csv", "q": "Segretissimo"})
        http.post("/api/check", json={"text": "«circa 12.000 soldati»"})
        http.post("/gradio_api/run/quotes", json={"data": ["Segretissimo", "", 1, 0, "", "", "", ""]})
        http.post("/logout")
        wrong = {"username": "segretissimo", "password": "x", "next": "/"}
        http.post("/login", data=wrong, headers={"x-forwarded-for": "192.0.2.99"})
    text = guarded.audit.read_text(encoding="ascii")
    lines = [json.loads(line) for line in text.splitlines()[before:]]

    assert [(line["kind"], line["outcome"], line["interface"], line["name"]) for line in lines] == [
        ("login", "done", "page", "anna"),
        ("article", "done", "api", "anna"),
        ("quotes", "done", "api", "anna"),
        ("quotes", "done", "api", "anna"),
        ("export", "done", "api", "anna"),
        ("export", "not_found", "api", "anna"),
        ("check", "checked", "api", "anna"),
        ("quotes", "done", "client", "anna"),
        ("logout", "done", "page", "anna"),
        ("login", "wrong", "page", None),
    ]
    assert lines[1]["articles"] == [held]
    assert lines[3]["articles"] == list(dict.fromkeys(one["article"]["id"] for one in said))
    assert all(line["archive"] for line in lines[1:-2])
    assert lines[2]["hmac_sha256"] == lines[4]["hmac_sha256"] == lines[7]["hmac_sha256"] != lines[3]["hmac_sha256"]
    assert "egretissimo" not in text


def test_what_a_proxy_says_is_believed_only_of_it(guarded: Guarded, plain: Server) -> None:
    """Behind a proxy the client is the last address that the proxy itself did not give; else nothing forwarded is
    believed, and Gradio does not see it.
    """
    told = {"x-forwarded-for": "203.0.113.9, 198.51.100.7", "x-forwarded-host": "evil.example"}
    with guarded.client() as http:
        proxied = http.get("/healthz", headers=told)
    direct = httpx.get(f"{plain.url}/config", headers=told)

    assert guarded.server.logged(proxied)["client"] == "198.51.100.7"
    assert plain.logged(direct)["client"] == "127.0.0.1"
    assert "evil.example" not in direct.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example"}, 403),
        ({"host": "127.0.0.1.evil.example"}, 403),
        ({"host": ""}, 403),
        ({"host": "localhost:1"}, 200),
        ({"host": "[::1]:1"}, 200),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "same-origin"}, 200),
    ],
)
def test_another_site_cannot_ask_through_the_browser(plain: Server, headers: dict[str, str], status: int) -> None:
    """A name that was made to point here, and another site's page, are refused; no answer may be read from there."""
    body = {"text": "«circa 12.000 soldati»"}
    answer = httpx.post(f"{plain.url}/api/check", json=body, headers=headers)

    assert answer.status_code == status
    assert not any(name.startswith("access-control-allow-origin") for name in answer.headers)


def test_every_answer_has_the_headers(plain: Server) -> None:
    """Whatever is answered, pages, files, JSON, refusals and what is not there, says what may be loaded and framed,
    has a number, and does not name the server.
    """
    answers = [httpx.get(f"{plain.url}{address}") for address in ADDRESSES if "queue/data" not in address]
    answers.append(httpx.head(plain.url))
    answers.append(httpx.options(plain.url, headers={"origin": "http://a", "access-control-request-method": "GET"}))
    answers.append(httpx.post(f"{plain.url}/api/check", content=b"{"))
    answers.append(httpx.get(f"{plain.url}/api/ask", headers={"host": "evil.example"}))

    for answer in answers:
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
        assert "camera=()" in answer.headers["permissions-policy"]
        assert re.fullmatch("[0-9a-f]{16}", answer.headers["x-request-id"])
        assert "server" not in answer.headers
        policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
        assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
        assert "unsafe-inline" not in policy["script-src"]
        assert not re.search(r"https?:|\*", answer.headers["content-security-policy"])
    assert len({answer.headers["x-request-id"] for answer in answers}) == len(answers)
    assert len({answer.headers["content-security-policy"] for answer in answers}) == len(answers)


@pytest.mark.parametrize("told", [True, False])
def test_too_large_a_request_is_refused(plain: Server, told: bool) -> None:
    """More than 8,000,000 bytes are 413 in the one shape, whether their number is told before or not."""
    parts = (b" " * 100_000 for _ in range(81))
    body = b"".join(parts) if told else parts
    answer = httpx.post(f"{plain.url}/api/check", content=body, headers={"content-type": "application/json"})

    assert answer.status_code == 413
    assert set(answer.json()) == {"error", "hint", "request_id"}


def test_a_request_that_never_ends_is_ended(hashing_original: Path) -> None:
    """A body of which nothing more comes is refused after the time limit."""
    import socket

    running = Server(hashing_original, "--time-limit", "1")
    port = int(running.url.rpartition(":")[2])
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=60) as slow:
            slow.sendall(b"POST /api/check HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 1000\r\n\r\n{")
            answer = b"".join(iter(lambda: slow.recv(10_000), b""))
    finally:
        assert "Traceback" not in running.stop()

    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"The answer took too long" in answer


def test_a_check_nobody_waits_for_gives_its_place_back(hashing_original: Path) -> None:
    """A draft that takes longer than a request may is refused, and its work ends: the place is free again."""
    running = Server(hashing_original, "--time-limit", "1")
    draft = {"text": " ".join(f"«il generale numero {number} ha parlato a lungo ieri»" for number in range(4_000))}
    try:
        with httpx.Client(base_url=running.url, timeout=60) as http:
            answer = http.post("/api/check", json=draft)
            while "virgolettato_questions_working 0.0" not in (told := http.get("/metrics").text):
                time.sleep(0.05)
    finally:
        assert "Traceback" not in running.stop()

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert 'virgolettato_questions_total{interface="api",outcome="refused"} 1.0' in told
    assert 'outcome="checked"' not in told


def test_files_are_refused_in_the_one_shape(plain: Server) -> None:
    """Where none are taken, an upload is 403 with a reason."""
    answer = httpx.post(f"{plain.url}/gradio_api/upload", files={"files": ("a.txt", b"ciao")})

    assert answer.status_code == 403
    assert set(answer.json()) == {"error", "hint", "request_id"}


def test_probes_tell_whether_it_can_answer(hashing_path: Path) -> None:
    """It runs and is ready; with a newest generation that is not there it runs and is not: the log alone knows why."""
    running = Server(hashing_path)
    try:
        before = [httpx.get(f"{running.url}{probe}") for probe in ("/healthz", "/readyz")]
        (hashing_path / "CURRENT").write_text("000009-0123\n", encoding="utf-8")
        after = [httpx.get(f"{running.url}{probe}") for probe in ("/healthz", "/readyz")]
        shutil.rmtree(hashing_path)
        gone = httpx.get(f"{running.url}/readyz")
    finally:
        log = running.stop()

    assert [answer.status_code for answer in (*before, *after, gone)] == [200, 200, 200, 503, 503]
    for answer in (after[1], gone):
        assert answer.json() == {
            "status": "unready",
            "error": "The archive cannot be read at the moment.",
            "hint": "tell whoever runs the service the number of the request: the log has the reason",
            "request_id": answer.headers["x-request-id"],
        }
        assert [
            "verify" in line["hint"] or str(hashing_path) in line["reason"]
            for line in map(json.loads, log.splitlines()[1:])
            if line["event"] == "unreadable" and line["request_id"] == answer.headers["x-request-id"]
        ] == [True]


def test_prometheus_can_count(hashing_original: Path) -> None:
    """Questions by interface and outcome, their times, requests by status, and the generation are told; nothing of a
    question is.
    """
    running = Server(hashing_original)
    try:
        for question in ("Putin Kursk", "Putin Kursk", " "):
            httpx.get(f"{running.url}/api/ask", params={"q": question})
        httpx.post(f"{running.url}/api/check", json={"text": "«circa 12.000 soldati»"})
        told = httpx.get(f"{running.url}/metrics")
    finally:
        assert "Traceback" not in running.stop()
    outcomes = dict(re.findall(r'virgolettato_questions_total\{interface="api",outcome="(\w+)"\} (\d+)', told.text))

    assert told.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert outcomes == {"not_found": "2", "invalid": "1", "checked": "1"}
    assert 'virgolettato_question_seconds_count{interface="api"} 4.0' in told.text
    assert 'virgolettato_requests_total{status="200"} 3.0' in told.text
    assert 'virgolettato_requests_total{status="400"} 1.0' in told.text
    assert "virgolettato_archive_generation 1.0" in told.text
    assert "Putin" not in told.text


def test_the_log_has_a_line_for_each_request_and_no_question(plain: Server) -> None:
    """Each request is one JSON line of ASCII with its number, the route and status; addresses with control characters
    are escaped, and neither question nor article is in it.
    """
    asked = httpx.get(f"{plain.url}/api/ask", params={"q": "Segretissimo?"})
    odd = httpx.get(f"{plain.url}/%1b[31m%0a%e2%80%ae")
    wrong = httpx.get(f"{plain.url}/api/ask", params={"q": "Segretissimo?", "k": "0"})
    first = plain.logged(asked)

    assert (first["route"], first["method"], first["status"], first["event"]) == ("/api/ask", "GET", 200, "request")
    assert first["ms"] > 0
    assert plain.logged(wrong)["status"] == 400
    assert wrong.json()["request_id"] == wrong.headers["x-request-id"]
    assert plain.logged(odd)["status"] == 404
    log = plain.log()
    assert "Segretissimo" not in log
    assert log.split("\n", 1)[1].isascii()
    assert "\x1b" not in log
