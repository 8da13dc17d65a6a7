"""The HTTP interface: the command line's JSON, fitting status codes, and nothing served but what it names."""

from __future__ import annotations

import html
import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from index.archive import Archive
from index.settings import Place
from page.api import build_api
from page.desk import Desk, Policy
from qa.answer import Engine
from qa.check.checker import Checker
from qa.check.report import check_json
from qa.excerpts import answer_excerpts, quotation_excerpts
from qa.export_command import Standing, standing
from qa.exports import read_export
from qa.quotations import find_quotations
from qa.records import Filters
from qa.render import answer_json, quotation_json

GOLD = Path(__file__).parent / "data" / "seeds_gold.jsonl"
STATED = "Quanti soldati ha inviato la Corea del Nord a combattere in Ucraina?"
MUSEUM = "215e78d6233f5f97"


@pytest.fixture(scope="module")
def archive(hashing_original: Path) -> Archive:
    """The seeds by the hashing model."""
    return Archive.open(hashing_original)


@pytest.fixture(scope="module")
def client(archive: Archive) -> Iterator[TestClient]:
    """The interface over it."""
    with TestClient(build_api(Desk(archive.place)), raise_server_exceptions=False) as client:
        yield client


def as_sent(content: Any) -> Any:
    """`content` as it comes out of JSON, without timings."""
    return {name: value for name, value in json.loads(json.dumps(content)).items() if name != "timings_ms"}


def test_an_answer_is_the_command_lines(client: TestClient, archive: Archive) -> None:
    """A question, its filters and number of quotes give the very JSON that the command line prints."""
    asked = client.get("/ask", params={"q": "Putin Kursk", "k": 2, "since": "2025-01-01", "speaker": "Putin"})
    filters = Filters(since="2025-01-01", speaker="Putin")

    assert asked.status_code == 200
    assert as_sent(asked.json()) == as_sent(answer_json(Engine(archive).ask("Putin Kursk", k=2, filters=filters)))


def test_quotations_are_those_of_the_archive(client: TestClient, archive: Archive) -> None:
    """Direct speech comes as the command line has it, counted, and in portions."""
    known = [quotation_json(quotation) for quotation in find_quotations(archive, None, Filters(speaker="Putin"))]
    found = client.get("/quotes", params={"speaker": "Putin", "offset": 1, "limit": 2})

    assert found.json() == {"count": len(known), "withheld": 0, "quotes": known[1:3]}


def test_a_check_is_the_command_lines(client: TestClient, archive: Archive) -> None:
    """A draft gets the very JSON that the command line prints."""
    draft = "«circa 12.000 soldati a combattere in Ucraina»"

    assert client.post("/check", json={"text": draft}).json() == check_json(Checker(archive).check(draft))


def test_an_article_comes_to_the_letter(client: TestClient, archive: Archive) -> None:
    """An article's text is the stored one, and the list of articles leads to it."""
    listed = client.get("/articles", params={"limit": 1}).json()

    assert (listed["count"], [row["id"] for row in listed["articles"]]) == (5, [MUSEUM])
    assert client.get(f"/articles/{MUSEUM}").json()["text"] == archive.store.article(MUSEUM).text


@pytest.mark.parametrize(
    ("method", "address", "body", "status"),
    [
        ("GET", "/ask", None, 400),
        ("GET", "/ask?q=%20%3F", None, 400),
        ("GET", "/ask?q=Chi&k=0", None, 400),
        ("GET", "/ask?q=Chi&since=ieri", None, 400),
        ("GET", "/ask?q=Chi&lang=fr", None, 400),
        ("GET", "/ask?q=" + "a" * 2001, None, 400),
        ("GET", "/quotes?limit=100000", None, 400),
        ("POST", "/check", b"{", 400),
        ("POST", "/check", b'{"text": " "}', 400),
        ("POST", "/check", b'{"text": 5}', 400),
        ("POST", "/check", b'{"text": "\\ud800 a b c"}', 400),
        ("POST", "/check", b"\x81O\xea*,\xffQ", 400),
        ("GET", "/check", None, 405),
        ("GET", "/articles/0123456789abcdef", None, 404),
        ("GET", "/articles/..%2f..%2fapp.py", None, 404),
        ("GET", "/app.py", None, 404),
    ],
)
def test_what_cannot_be_done_is_told_in_one_shape(
    client: TestClient, method: str, address: str, body: bytes | None, status: int
) -> None:
    """Whatever is wrong has a fitting status, one line that says what, and a hint; nothing of a traceback."""
    answer = client.request(method, address, content=body, headers={"content-type": "application/json"})

    assert answer.status_code == status
    assert set(answer.json()) == {"error", "hint"}
    assert all(value and "\n" not in value for value in answer.json().values())


def test_an_archive_that_cannot_be_read_is_unavailable(hashing_path: Path) -> None:
    """Where the archive is damaged while it is served, an answer is 503 with what to do, not a crash, and names no
    folder of the machine.
    """
    desk = Desk(Place(hashing_path))
    store = desk.engine().archive.store
    store.close()
    with TestClient(build_api(desk), raise_server_exceptions=False) as client:
        answer = client.get("/articles")

    assert answer.status_code == 503
    assert set(answer.json()) == {"error", "hint"}
    assert answer.json()["error"] == "The archive cannot be read at the moment."
    assert str(hashing_path) not in answer.text


def test_every_endpoint_is_described(client: TestClient) -> None:
    """The OpenAPI description names all endpoints with what they take, and the page made from it shows each."""
    schema = client.get("/openapi.json").json()
    page = client.get("/").text

    assert sorted(schema["paths"]) == [
        "/articles",
        "/articles/{article_id}",
        "/ask",
        "/check",
        "/export/answer",
        "/export/quotes",
        "/quotes",
    ]
    assert [given["name"] for given in schema["paths"]["/ask"]["get"]["parameters"]][:4] == ["q", "k", "lang", "former"]
    told = {path: set(way["responses"]) for path, ways in schema["paths"].items() for way in ways.values()}
    assert all({"200", "400", "401", "429", "4XX", "503"} <= codes and "422" not in codes for codes in told.values())
    assert "413" in told["/check"]
    assert {"403", "404"} <= told["/articles/{article_id}"]
    assert sorted(schema["components"]["schemas"]) == ["Draft", "Language", "Problem"]
    assert [path for path in schema["paths"] if f"/api{path}" not in html.unescape(page)] == []
    assert "src=" not in page


@pytest.mark.parametrize("form", ["csv", "json", "md", "docx"])
def test_exports_are_the_command_lines(client: TestClient, archive: Archive, tmp_path: Path, form: str) -> None:
    """An answer and direct speech are taken away in each format as files that stand when they are verified."""
    engine = Engine(archive)
    answer = engine.ask(STATED)
    found = find_quotations(archive, None, Filters(speaker="Putin"))
    for what, given, expected in (
        ("answer", {"q": STATED}, answer_excerpts(answer)),
        ("quotes", {"speaker": "Putin"}, quotation_excerpts(found, None, archive.manifest.index_id)),
    ):
        sent = client.get(f"/export/{what}", params={"format": form, **given})
        path = tmp_path / f"{what}.{form}"
        path.write_bytes(sent.content)

        assert sent.headers["content-disposition"] == f'attachment; filename="virgolettato.{form}"'
        assert len(expected) > 1
        assert read_export(path) == expected
        assert {standing(archive, excerpt)[0] for excerpt in expected} == {Standing.STANDS}


def test_a_cap_holds_everywhere(archive: Archive) -> None:
    """With a cap no more than so many characters of an article leave by answers, lists, exports, or whole articles."""
    limit = 120
    desk = Desk(archive.place, policy=Policy(max_quoted=limit))

    def quoted(rows: list[dict[str, Any]]) -> dict[str, int]:
        count: Counter[str] = Counter()
        for row in rows:
            count[row["article"]["id"]] += row["end"] - row["start"]
        return count

    with TestClient(build_api(desk), raise_server_exceptions=False) as client:
        answer = client.get("/ask", params={"q": STATED}).json()
        said = client.get("/quotes").json()
        taken = [
            client.get(f"/export/{what}", params={"format": "json", "q": STATED}).json()["quotations"]
            for what in ("answer", "quotes")
        ]
        whole = client.get(f"/articles/{MUSEUM}")

    uncapped = Engine(archive).ask(STATED)
    assert sum(len(citation.quote.span) for citation in uncapped.citations) > limit
    assert answer == {
        **json.loads(json.dumps(answer_json(Engine(archive, max_quoted=limit).ask(STATED)))),
        **timed(answer),
    }
    assert answer["withheld"] > 0
    assert all(cited["context"]["text"] == cited["text"] for cited in answer["citations"])
    assert said["withheld"] > 0
    assert said["count"] == len(said["quotes"])
    for rows in (answer["citations"], said["quotes"]):
        assert max(quoted(rows).values()) <= limit
    for rows in taken:
        assert max(quoted([{**row, "article": {"id": row["article_id"]}} for row in rows]).values()) <= limit
    assert whole.status_code == 403
    assert set(whole.json()) == {"error", "hint"}


def timed(answer: dict[str, Any]) -> dict[str, Any]:
    """The timings of `answer`, which differ from one to the next."""
    return {"timings_ms": answer["timings_ms"]}


def test_ten_people_at_once_get_their_own_answers(seeds_path: Path) -> None:
    """Ten that ask at the same time from one address, by the real model and reader, get just what each gets alone."""
    desk = Desk(Place(seeds_path))
    questions = [json.loads(line)["question"] for line in GOLD.read_text(encoding="utf-8").splitlines()[:10]]
    with TestClient(build_api(desk)) as client:

        def ask(question: str) -> dict[str, Any]:
            return as_sent(client.get("/ask", params={"q": question}).json())

        alone = [ask(question) for question in questions]
        with ThreadPoolExecutor(10) as crowd:
            together = list(crowd.map(ask, questions))

    assert [answer["question"] for answer in alone] == questions
    assert together == alone
