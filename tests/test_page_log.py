"""The log of the real program under whatever is sent to it: JSON lines alone, and nothing of what was sent."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import ROOT
from tests.visits import Server

MARKER = "Segretissimo"
HOSTILE = (
    MARKER,
    f'{MARKER}\n{{"event": "login", "outcome": "in", "user": "anna"}}',
    f"\x1b[31m{MARKER}\x1b]0;{MARKER}\x07",
    f"{MARKER}\r\u2028\u202e",
    f"{MARKER}\ud800",
    f"{MARKER} %s %(name)s {{0}}",
    MARKER * 200,
)
VALUES: tuple[Any, ...] = (
    *HOSTILE,
    None,
    True,
    -1,
    12345,
    10**18,
    2.5,
    [MARKER],
    {"path": MARKER, "meta": {"_type": "gradio.FileData"}},
    {MARKER: [None]},
)
FUNCTIONS = {"ask": 7, "quotes": 8, "check": 1}
MCP = {"accept": "application/json, text/event-stream", "content-type": "application/json"}


@pytest.fixture(scope="module")
def server(hashing_original: Path) -> Iterator[Server]:
    """The page, which assistants may ask as well."""
    running = Server(hashing_original, "--mcp")
    yield running
    running.stop()


def sent(content: Any) -> dict[str, Any]:
    """A body of JSON in which anything may stand, as a request takes it."""
    return {"content": json.dumps(content).encode(), "headers": MCP}


def requests(chance: random.Random) -> Iterator[tuple[str, Any]]:
    """Addresses and bodies: each function with each value in each place, and bodies of another shape."""
    for function, takes in FUNCTIONS.items():
        for value in VALUES:
            place = chance.randrange(takes)
            given = [{0: "Putin"}.get(number, "") for number in range(takes)]
            given[1:2] = [2] if function == "ask" else given[1:2]
            if function == "quotes":
                given[2:4] = [2, 0]
            given[place] = value
            for way in ("run", "call", "api"):
                yield f"/gradio_api/{way}/{function}", {"data": given}
            yield f"/gradio_api/call/v2/{function}", {"text": value, "question": value}
        for data in ([], [MARKER] * 20, MARKER, None, {MARKER: 1}):
            yield f"/gradio_api/run/{function}", {"data": data}
            yield f"/gradio_api/call/{function}", {"data": data, "fn_index": MARKER, "session_hash": MARKER}
    for number in (-1, 0, 1, 5, 20, 99_999, MARKER, None):
        body = {"data": [MARKER], "fn_index": number, "session_hash": MARKER, "event_data": MARKER, "trigger_id": 1}
        yield "/gradio_api/queue/join", body
    yield f"/gradio_api/run/{MARKER[:3]}", {"data": []}


def tool_calls() -> Iterator[dict[str, Any]]:
    """What assistants may send, and what they may not."""
    for text in HOSTILE:
        yield {"method": "tools/call", "params": {"name": text, "arguments": {}}}
        yield {"method": text, "params": {}}
        yield {"method": "resources/read", "params": {"uri": f"http://{MARKER}/{text}"}}
    for value in VALUES:
        for name, argument in (("ask", "question"), ("ask", "k"), ("ask", "since"), ("quotes", "limit")):
            yield {
                "method": "tools/call",
                "params": {"name": name, "arguments": {"question": "Putin", argument: value}},
            }
        yield {"method": "tools/call", "params": {"name": "check", "arguments": value}}


def test_whatever_is_sent_the_log_is_json_without_it(server: Server) -> None:
    """Wrong types, counts and names and hostile text, to the three functions by every way to them and to the queue: no
    answer is an error of the program, and each line of standard error is a JSON object of ASCII without their words.
    """
    statuses: dict[int, int] = {}
    with httpx.Client(base_url=server.url, timeout=60) as http:
        for address, body in requests(random.Random(9)):
            answer = http.post(address, **sent(body))
            statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1
            assert answer.status_code < 500, (address, body, answer.text)
            if answer.status_code == 200 and "/call/" in address:
                told = http.get(f"{address}/{answer.json()['event_id']}")
                assert told.status_code == 200
        for call in tool_calls():
            answer = http.post("/gradio_api/mcp/", **sent({"jsonrpc": "2.0", "id": 1, **call}))
            assert answer.status_code < 500, (call, answer.text)
    # After the last answer its line is awaited: all those before it are there then.
    server.logged(answer)
    lines = server.log().splitlines()[1:]

    assert {200, 400, 422} <= set(statuses) <= {200, 400, 404, 422}
    assert len(lines) > 300
    for line in lines:
        assert line.isascii()
        assert MARKER not in line
        assert isinstance(json.loads(line), dict)
    told = [json.loads(line) for line in lines]
    assert {line["event"] for line in told} == {"request", "printed", "library", "misread"}
    printed = [line for line in told if line["event"] == "printed"]
    assert {line["request_id"] for line in printed} <= {line["request_id"] for line in told if "status" in line}


@pytest.mark.parametrize(
    ("function", "data", "said"),
    [
        ("ask", ["Putin", "abc", "", "", "", "", ""], "k is not a whole number"),
        ("ask", ["Putin", 10**18, "", "", "", "", ""], "k is not a whole number"),
        ("ask", ["Putin", 3, ["2025-01-01"], "", "", "", ""], "since is not text"),
        ("ask", [{"q": "Putin"}, 3, "", "", "", "", ""], "question is not text"),
        ("ask", ["Putin", 3, "", "", "", "Put\ud800in", ""], "speaker is not valid UTF-8"),
        ("quotes", ["", "", "zz", 0, "", "", "", ""], "limit is not a whole number"),
        ("quotes", ["a" * 201, "", 2, 0, "", "", "", ""], "text has more than 200 characters"),
        ("check", [12345], "text is not text"),
        ("check", [None], "text is not text"),
        ("check", [" "], "there is nothing to check"),
    ],
)
def test_what_cannot_be_meant_is_told_in_words(server: Server, function: str, data: list[Any], said: str) -> None:
    """A value of another type is told as other usage errors are, whichever way it came; by a direct call as 400."""
    with httpx.Client(base_url=server.url, timeout=60) as http:
        direct = http.post(f"/gradio_api/run/{function}", **sent({"data": data}))
        event = http.post(f"/gradio_api/call/{function}", **sent({"data": data})).json()["event_id"]
        awaited = http.get(f"/gradio_api/call/{function}/{event}").text

    assert direct.status_code == 400
    assert set(direct.json()) == {"error", "hint", "request_id"}
    assert direct.json()["error"].startswith(said)
    assert json.loads(awaited.partition("data: ")[2])["error"].startswith(said)


def test_nothing_else_gets_out() -> None:
    """Prints, warnings, other libraries' loggers, and errors that nobody catches, in threads and in tasks, are JSON
    lines without their words, one for a whole traceback, which names the place in this program.
    """
    script = (
        "import asyncio, logging, sys, threading, traceback, warnings\n"
        "sys.path.insert(0, '.')\n"
        "from page.door.log import start_log\n"
        "start_log()\n"
        "print('Segreto', {'a': 'Segreto'})\n"
        "sys.stderr.write('Segreto\\n\\n')\n"
        "warnings.warn('Segreto')\n"
        "logging.getLogger('mcp.x').warning('%s\\n{}', 'Segreto')\n"
        "logging.getLogger('uvicorn.error').error('Segreto')\n"
        "def wrong(): raise ValueError('Segreto')\n"
        "try: wrong()\n"
        "except ValueError: traceback.print_exc()\n"
        "thread = threading.Thread(target=wrong); thread.start(); thread.join()\n"
        "async def task(): asyncio.get_running_loop().call_soon(wrong); await asyncio.sleep(0.01)\n"
        "asyncio.run(task())\n"
        "wrong()\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    lines = [json.loads(line) for line in done.stderr.splitlines()]

    assert (done.returncode, done.stdout) == (1, "")
    assert "Segreto" not in done.stderr
    assert [line["event"] for line in lines] == ["printed"] * 2 + ["library"] * 3 + [
        "printed",
        "failed",
        "library",
        "failed",
    ]
    assert [line["logger"] for line in lines if "logger" in line] == [
        "py.warnings",
        "mcp.x",
        "uvicorn.error",
        "asyncio",
    ]
    assert all(line["error"].endswith("ValueError") for line in lines[5:])
