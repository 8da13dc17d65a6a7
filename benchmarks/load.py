"""Many clients at once: ``python -m benchmarks.load [--seconds N] [--json FILE]``, against the real server on seeds.

Each client asks, reads the answer and asks again; refused, it waits as long as it is told, up to a second, as a
well-behaved script does. Over the HTTP interface, and over the page's queue as a browser uses it: a join, then the
stream of events. Each client comes from an address of its own, named as a proxy would; one case has a single greedy
one beyond its rate. Absolute figures hold for the machine they were measured on.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Any

import httpx

from benchmarks.figures import add_json, keep
from benchmarks.page import QUESTIONS

ROOT = Path(__file__).parents[1]
PORT = 7874
URL = f"http://127.0.0.1:{PORT}"
CLIENTS = (1, 4, 16, 64)
_RATE = 6
"""Questions a minute of one client, in the case of the greedy one."""
_LONGEST_PAUSE = 1.0
_JOIN, _DATA = "/gradio_api/queue/join", "/gradio_api/queue/data"

Ask = Callable[[httpx.AsyncClient, str], Awaitable[tuple[int, float]]]


@dataclass
class Tally:
    """What came back: seconds by status; a connection that broke has status 0."""

    seconds: dict[int, list[float]] = field(default_factory=dict)

    def add(self, status: int, taken: float) -> None:
        """One answer."""
        self.seconds.setdefault(status, []).append(taken)

    def figures(self, lasted: float) -> dict[str, Any]:
        """Answers a second, milliseconds at which 50, 95 and 99 of a hundred had come, refusals and errors."""
        answered = self.seconds.get(200, [])
        refused = [taken for status in (429, 503) for taken in self.seconds.get(status, [])]
        counts = Counter({status: len(taken) for status, taken in self.seconds.items()})
        return {
            "answers a second": round(len(answered) / lasted, 1),
            **{f"p{part}, ms": _percentile(answered, part) for part in (50, 95, 99)},
            "answered": counts[200],
            "429": counts[429],
            "503": counts[503],
            "errors": sum(count for status, count in counts.items() if status not in (200, 429, 503)),
            "refusals p50, ms": _percentile(refused, 50),
            "refusals p95, ms": _percentile(refused, 95),
        }


def main() -> None:
    """Measure, print a table, and write the figures as JSON where asked."""
    parser = argparse.ArgumentParser(description="Load the server with many clients at once.")
    parser.add_argument("--seconds", type=int, default=15, help="of each case; default 15")
    add_json(parser)
    given = parser.parse_args()
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        with served(folder, "--rate", "0") as page:
            for way, ask in (("API", by_api), ("page", page.ask)):
                for clients in CLIENTS:
                    rows.append(case(f"{way}, {clients}", ask, clients, given.seconds))
        with served(folder, "--rate", str(_RATE)):
            rows.append(case(f"API, 1 of {_RATE} a minute", by_api, 1, given.seconds))
    print(f"{'clients':<24}" + "".join(f"{name:>18}" for name in rows[0] if name != "clients"))
    for row in rows:
        print(f"{row['clients']:<24}" + "".join(f"{value!s:>18}" for name, value in row.items() if name != "clients"))
    keep(rows, given.json)


def case(name: str, ask: Ask, clients: int, seconds: int) -> dict[str, Any]:
    """The figures of so many clients for so long."""
    begun = time.perf_counter()
    tally = asyncio.run(crowd(ask, clients, seconds))
    # The last answers come after the time in which one may ask.
    row = {"clients": name, **tally.figures(time.perf_counter() - begun)}
    print(row, file=sys.stderr)
    return row


async def crowd(ask: Ask, clients: int, seconds: int) -> Tally:
    """Have so many ask for so long."""
    tally = Tally()
    end = time.perf_counter() + seconds

    async def client(number: int) -> None:
        headers = {"x-forwarded-for": f"198.51.100.{number + 1}"}
        async with httpx.AsyncClient(base_url=URL, timeout=120, headers=headers) as http:
            asked = number
            while time.perf_counter() < end:
                begun = time.perf_counter()
                status, pause = await ask(http, QUESTIONS[asked % len(QUESTIONS)])
                tally.add(status, time.perf_counter() - begun)
                asked += 1
                await asyncio.sleep(min(pause, _LONGEST_PAUSE))

    await asyncio.gather(*(client(number) for number in range(clients)))
    return tally


async def by_api(http: httpx.AsyncClient, question: str) -> tuple[int, float]:
    """Ask over ``/api/ask``; the status, and how long one is told to wait."""
    try:
        answer = await http.get("/api/ask", params={"q": question})
    except httpx.HTTPError:
        return 0, 0.0
    return answer.status_code, float(answer.headers.get("retry-after", 0))


class Page:
    """The page's queue: what a browser sends when one asks."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        parts = {part["props"].get("elem_id"): part["id"] for part in config["components"]}
        sent = [parts["question"], "submit"]
        events = [one for one in config["dependencies"] if sent in [list(target) for target in one["targets"]]]
        # Beside the one the server answers there is one that only makes room in the browser.
        [self._event] = [one for one in events if one["backend_fn"]]

    async def ask(self, http: httpx.AsyncClient, question: str) -> tuple[int, float]:
        """Ask as a new visitor; a notice on the page that too many wait counts as 503."""
        session = secrets.token_hex(6)
        data = [question, *[None] * (len(self._event["inputs"]) - 2), "it"]
        event = {"fn_index": self._event["id"], "session_hash": session, "data": data, "trigger_id": None}
        try:
            joined = await http.post(_JOIN, json=event)
            if joined.status_code != 200:
                return joined.status_code, float(joined.headers.get("retry-after", 0))
            async with http.stream("GET", _DATA, params={"session_hash": session}) as stream:
                async for line in stream.aiter_lines():
                    told = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
                    if told.get("msg") == "process_completed":
                        return _page_status(told)
        except httpx.HTTPError:
            pass
        return 0, 0.0


def _page_status(told: Mapping[str, Any]) -> tuple[int, float]:
    if not told["success"]:
        return 500, 0.0
    shown = json.dumps(told["output"]["data"], ensure_ascii=False)
    if "troppe domande in attesa" in shown:
        return 503, _LONGEST_PAUSE
    return (200 if 'class=\\"turn\\"' in shown else 500), 0.0


@contextmanager
def served(folder: str, *options: str) -> Iterator[Page]:
    """The program over an archive of the seeds, behind a proxy that is this program; yields its page."""
    place = ["--archive", f"{folder}/archive", "--port", str(PORT), "--public", "--behind-proxy"]
    command = [sys.executable, "app.py", *place, *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        try:
            if process.stdout is None or not process.stdout.readline():
                raise SystemExit(f"the page did not start: is port {PORT} taken?")
            with httpx.Client(base_url=URL, timeout=120) as http:
                for question in QUESTIONS:
                    http.get("/api/ask", params={"q": question})
                yield Page(http.get("/config").json())
        finally:
            process.terminate()


def _percentile(values: list[float], part: int) -> int | None:
    """Milliseconds; None of nothing."""
    if len(values) < 2:
        return round(1000 * values[0]) if values else None
    return round(1000 * quantiles(values, n=100, method="inclusive")[part - 1])


if __name__ == "__main__":
    main()
