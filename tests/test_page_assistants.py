"""``app.py --mcp``: a real client of the Model Context Protocol against the real program."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from index.archive import Archive
from qa.answer import Engine
from qa.check.checker import Checker
from qa.check.report import check_json
from qa.quotations import find_quotations
from qa.records import Filters
from qa.render import answer_json, quotation_json
from tests.visits import Server

DRAFT = "«circa 12.000 soldati a combattere in Ucraina»"


@pytest.fixture(scope="module")
def server(hashing_original: Path) -> Iterator[Server]:
    """The page over it, with all that it can have."""
    running = Server(hashing_original, "--mcp", "--allow-upload")
    yield running
    assert "Traceback" not in running.stop()


def spoken(server: Server, calls: list[tuple[str, dict[str, Any]]]) -> tuple[list[Any], list[Any], list[Any]]:
    """The tools, whatever else is offered, and the result of each call."""
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    async def speak() -> tuple[list[Any], list[Any], list[Any]]:
        async with (
            streamable_http_client(f"{server.url}/gradio_api/mcp/") as (incoming, outgoing, _),
            ClientSession(incoming, outgoing) as session,
        ):
            await session.initialize()
            tools = (await session.list_tools()).tools
            others = [*(await session.list_resources()).resources, *(await session.list_prompts()).prompts]
            return tools, others, [await session.call_tool(name, given) for name, given in calls]

    # In a thread of its own: where browser tests ran before, this one has an event loop already.
    with ThreadPoolExecutor(1) as aside:
        return aside.submit(lambda: asyncio.run(speak())).result()


def plain(content: dict[str, Any]) -> dict[str, Any]:
    """`content` as it comes out of JSON, without timings."""
    return {name: value for name, value in json.loads(json.dumps(content)).items() if name != "timings_ms"}


def test_an_assistant_asks_lists_and_checks(server: Server, hashing_original: Path) -> None:
    """Each tool gives the very JSON of the command line; what cannot be asked is an error in words."""
    opened = Archive.open(hashing_original)
    _, _, results = spoken(
        server,
        [
            ("ask", {"question": "Putin Kursk", "k": 2, "since": "2025-01-01"}),
            ("quotes", {"speaker": "Putin", "until": "2025-05-01", "offset": 1, "limit": 2}),
            ("check", {"text": DRAFT}),
            ("ask", {"question": " "}),
            ("ask", {"question": "Putin", "until": "ieri"}),
        ],
    )
    asked, said, checked, empty, undated = [result.content[0].text for result in results]
    answer = answer_json(Engine(opened).ask("Putin Kursk", k=2, filters=Filters(since="2025-01-01")))
    spring = Filters(speaker="Putin", until="2025-05-01")
    known = [quotation_json(found) for found in find_quotations(opened, None, spring)]

    assert [result.isError for result in results] == [False, False, False, True, True]
    assert plain(json.loads(asked)) == plain(answer)
    assert len(known) > 1
    assert json.loads(said) == json.loads(json.dumps({"count": len(known), "withheld": 0, "quotes": known[1:3]}))
    assert json.loads(checked) == check_json(Checker(opened).check(DRAFT))
    assert empty == "the question is empty: ask something, in Italian or English"
    assert undated == "ieri is no day: write it as 2025-04-28"


def test_nothing_else_is_offered(server: Server) -> None:
    """Tools and endpoints are the three, each told with all that it takes; no event of the page is among them."""
    tools, others, _ = spoken(server, [])
    with httpx.Client(base_url=server.url) as http:
        listed = http.get("/gradio_api/info").json()
        schema = http.get("/gradio_api/mcp/schema").json()

    assert sorted(tool.name for tool in tools) == ["ask", "check", "quotes"]
    assert others == []
    assert all(len(tool.description) > 100 for tool in tools)
    assert [
        name for tool in tools for name, taken in tool.inputSchema["properties"].items() if not taken.get("description")
    ] == []
    assert sorted(listed["named_endpoints"]) == ["/ask", "/check", "/quotes"]
    assert listed["unnamed_endpoints"] == {}
    assert sorted(entry["name"] for entry in schema) == ["ask", "check", "quotes"]
