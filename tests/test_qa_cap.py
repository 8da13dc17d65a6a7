"""The cap on what is quoted from one article."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from index.archive import Archive
from index.errors import UsageError
from index.records import Span
from index.settings import Place
from page.desk import Desk
from qa.answer import Engine
from qa.cap import VARIABLE, capped_quotations, max_quoted
from qa.quotations import find_quotations
from qa.records import Answer, Filters, Reason, Status
from qa.render import answer_text
from tests.conftest import Run

QUESTION = "Quanti soldati ha inviato la Corea del Nord?"


def quoted(answer: Answer) -> Counter[str]:
    """Characters of each article that an answer holds, contexts included."""
    found: Counter[str] = Counter()
    for citation in answer.citations + answer.nearest:
        assert citation.context.span.covers(citation.quote.span)
        found[citation.quote.article.id] += len(citation.context.span)
    return found


@pytest.mark.parametrize("limit", [1, 150, 300, 600, 1_500, 10_000])
def test_no_article_is_quoted_beyond_the_cap(hashing_archive: Archive, limit: int) -> None:
    """An article's quotes with contexts stay under any cap, are sentences, and what is withheld is said."""
    free = Engine(hashing_archive).ask(QUESTION, k=20)
    bound = Engine(hashing_archive, max_quoted=limit).ask(QUESTION, k=20)
    whole = {(c.quote.article.id, c.quote.span) for c in free.citations}

    assert all(characters <= limit for characters in quoted(bound).values())
    kept = [c for c in bound.citations if (c.quote.article.id, c.quote.span) in whole]
    assert bound.withheld == len(free.citations) - len(kept)
    for citation in bound.citations:
        assert any(i == citation.quote.article.id and span.covers(citation.quote.span) for i, span in whole)
        assert citation.quote.text[-1] in '.”»"!?:' or citation.quote.text[0].isupper()
    for claim in (claim for d in bound.disagreements for claim in d.claims):
        assert claim.sentence == claim.quote
    assert ("limite di caratteri" in answer_text(bound)) == (bound.withheld > 0)


def test_a_cap_that_lets_nothing_through(hashing_archive: Archive) -> None:
    """Where no sentence fits, nothing is quoted, and the reason is the cap."""
    answer = Engine(hashing_archive, max_quoted=1).ask(QUESTION)

    assert (answer.status, answer.reason, answer.citations, answer.nearest) == (Status.NOT_FOUND, Reason.CAPPED, (), ())
    assert "--max-quoted" in answer_text(answer)


def test_without_a_cap_nothing_is_withheld(hashing_archive: Archive) -> None:
    """The cap is off by default."""
    assert Engine(hashing_archive).ask(QUESTION, k=20).withheld == 0


def test_direct_speech_is_capped_as_well(hashing_archive: Archive) -> None:
    """Quotations are left out whole, and those kept stay under the cap in each article."""
    found = find_quotations(hashing_archive, None, Filters())
    kept = capped_quotations(found, 200)
    lengths: Counter[str] = Counter()
    for quotation in kept:
        lengths[quotation.article.id] += len(quotation.text)

    assert 0 < len(kept) < len(found)
    assert max(lengths.values()) <= 200


def test_the_setting_is_read_from_flag_then_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The flag stands before the environment, and a value that is no number is an error that names the variable."""
    assert max_quoted(None) is None
    monkeypatch.setenv(VARIABLE, "500")
    assert (max_quoted(None), max_quoted(80)) == (500, 80)
    monkeypatch.setenv(VARIABLE, "molto")
    with pytest.raises(UsageError, match="VIRGOLETTATO_MAX_QUOTED"):
        max_quoted(None)


def test_the_command_caps(run: Run, hashing_path: object) -> None:
    """``ask --max-quoted`` and the environment give the same capped answer; a cap of no characters is wrong usage."""
    asked = ("-m", "qa", "ask", QUESTION, "--json", "--archive", str(hashing_path))
    flag = json.loads(run(*asked, "--max-quoted", "250").stdout)
    variable = json.loads(run(*asked, VIRGOLETTATO_MAX_QUOTED="250").stdout)

    assert flag["withheld"] > 0
    assert flag["citations"] == variable["citations"]
    assert run(*asked, "--max-quoted", "0").returncode == 2


@pytest.mark.parametrize(
    "query",
    [
        {"article": "nobody", "start": "0", "end": "5"},
        {"start": "5", "end": "5"},
        {"start": "9", "end": "5"},
        {"start": "-1", "end": "5"},
        {"start": "0", "end": "99999999"},
        {"start": "0", "end": "9" * 5_000},
        {"start": "٣", "end": "x"},
    ],
)
def test_a_link_opens_its_place_or_nothing(hashing_path: object, query: dict[str, str]) -> None:
    """A link into the page opens exactly the place it names; one that names none opens nothing."""
    desk = Desk(Place(hashing_path))  # type: ignore[arg-type]
    article_id = desk.engine().archive.store.article_ids()[0]
    right = {"article": article_id, "start": "3", "end": "20"}
    linked = desk.linked(right)

    assert linked is not None
    (citation,) = linked.citations
    assert (citation.quote.article.id, citation.quote.span) == (article_id, Span(3, 20))
    assert desk.linked({"article": article_id, **query}) is None
