"""An answer as JSON and as text: the public contract, the file's own words, and nothing that steers a terminal."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.archive import Archive
from index.records import Article, Span
from index.terminal import json_line, printable
from qa.answer import Engine
from qa.records import Answer, Citation, Language, Question, Quote, Reason, Status
from qa.render import answer_json, answer_text
from tests.conftest import SEEDS

ANSWERED = "Che cosa ha detto Putin dei soldati nordcoreani?"
NOT_FOUND = "zxqv wkjh"
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"


@pytest.fixture
def engine(hashing_path: Path) -> Engine:
    """Answers over the seeds by the hashing model."""
    return Engine(Archive.open(hashing_path))


def made(text: str, *, title: str | None = None, question: str = "Dove?", searched: str | None = None) -> Answer:
    """An answer that quotes the whole of an article of these words, title and question."""
    sha256 = hashlib.sha256(text.encode("utf-8")).hexdigest()
    article = Article(
        sha256[:16], text, title, None, None, None, "it", None, "a.txt", "/a.txt", sha256, sha256, exclusions=()
    )
    quote = Quote(article, Span(0, len(text)))
    asked = Question(question, Language.ITALIAN, searched or question, (Language.ITALIAN,), searched)
    citation = Citation(1, quote, quote, 0.5, (), {"passage": 1})
    return Answer(asked, Status.ANSWERED, 0.75, (citation,), (), None, "0123456789abcdef", {"total": 1.26})


def check_citation(citation: dict[str, Any], number: int) -> None:
    """`citation` has the contract's keys, and its texts are the file's."""
    kinds = {key: type(value) for key, value in citation.items() if key != "speech"}
    assert kinds == {
        "number": int,
        "text": str,
        "start": int,
        "end": int,
        "answer": type(None),
        "score": float,
        "article": dict,
        "context": dict,
        "also_in": list,
        "reference": str,
        "links": dict,
        "found_by": dict,
    }
    speech, article, context = citation["speech"], citation["article"], citation["context"]
    assert speech is None or {"speaker", "reported_by"} <= set(speech)
    assert set(article) == {
        "id",
        "file",
        "sha256",
        "title",
        "outlet",
        "author",
        "published",
        "language",
        "url",
    }
    assert all(isinstance(article[key], str) for key in ("id", "file", "sha256"))
    assert all(article[key] is None or isinstance(article[key], str) for key in article)
    assert {key: type(value) for key, value in context.items()} == {"text": str, "start": int, "end": int}

    data = (SEEDS / article["file"]).read_bytes()
    assert article["sha256"] == hashlib.sha256(data).hexdigest()
    assert article["id"] == article["sha256"][:16]
    text = data.decode("utf-8")
    assert citation["text"] == text[citation["start"] : citation["end"]] != ""
    assert context["text"] == text[context["start"] : context["end"]]
    assert context["start"] <= citation["start"] < citation["end"] <= context["end"]
    assert citation["text"] in citation["reference"]
    assert citation["number"] == number
    assert 0 <= citation["score"] <= 1
    assert set(citation["found_by"]) <= {"passage", "sentence", "terms"}
    assert all(isinstance(rank, int) and rank >= 1 for rank in citation["found_by"].values())


@pytest.mark.parametrize(("question", "status"), [(ANSWERED, "answered"), (NOT_FOUND, "not_found")])
def test_the_json_is_the_contracts(engine: Engine, question: str, status: str) -> None:
    """An answer has the contract's keys, ``searched`` and ``reason``, and no other; every text is the file's slice."""
    content = json.loads(json_line(answer_json(engine.ask(question))))

    assert {key: type(value) for key, value in content.items() if key != "reason"} == {
        "question": str,
        "searched": str,
        "language": str,
        "status": str,
        "confidence": float,
        "citations": list,
        "nearest": list,
        "disagreements": list,
        "withheld": int,
        "index_id": str,
        "timings_ms": dict,
    }
    assert content["question"] == question
    assert content["language"] in ("it", "en")
    assert content["status"] == status
    assert 0 <= content["confidence"] <= 1
    assert content["reason"] == (None if status == "answered" else "unrelated")
    assert bool(content["citations"]) == (status == "answered")
    assert bool(content["nearest"]) == (status == "not_found")
    assert content["disagreements"] == []
    assert content["index_id"] == engine.archive.manifest.index_id
    assert set(content["timings_ms"]) == {"encode", "search", "read", "total"}
    assert all(isinstance(value, float) and value >= 0 for value in content["timings_ms"].values())
    for number, citation in enumerate(content["citations"] + content["nearest"], start=1):
        check_citation(citation, number)


def test_a_quote_from_a_printed_page_says_which() -> None:
    """Articles with pages give the page in JSON and on the terminal; the others have no such key."""
    answer = made("Prima. Il museo aprirà.", title="Un museo")
    (plain,) = answer.citations
    printed = replace(plain.quote.article, pages=(0, 7))
    citation = replace(plain, quote=Quote(printed, Span(7, 23)))

    content = answer_json(replace(answer, citations=(citation,)))["citations"][0]

    assert (content["page"], content["reference"]) == (2, "«Il museo aprirà.», Un museo, p. 2")
    assert "page" not in answer_json(answer)["citations"][0]
    assert "Un museo, p. 2, a.txt [7:23]" in answer_text(replace(answer, citations=(citation,)))


def test_the_json_word_for_word() -> None:
    """Of an answer made by hand, every value appears where the contract has it."""
    digest = hashlib.sha256("Sì, a «Hwasong».".encode()).hexdigest()

    assert answer_json(made("Sì, a «Hwasong».", title="Un museo")) == {
        "question": "Dove?",
        "searched": "Dove?",
        "language": "it",
        "status": "answered",
        "confidence": 0.75,
        "reason": None,
        "citations": [
            {
                "number": 1,
                "text": "Sì, a «Hwasong».",
                "start": 0,
                "end": 16,
                "answer": None,
                "score": 0.5,
                "article": {
                    "id": digest[:16],
                    "file": "a.txt",
                    "sha256": digest,
                    "title": "Un museo",
                    "outlet": None,
                    "author": None,
                    "published": None,
                    "language": "it",
                    "url": None,
                },
                "context": {"text": "Sì, a «Hwasong».", "start": 0, "end": 16},
                "speech": None,
                "also_in": [],
                "reference": "«Sì, a «Hwasong».», Un museo",
                "links": {"source": None, "page": f"?article={digest[:16]}&start=0&end=16"},
                "found_by": {"passage": 1},
            }
        ],
        "nearest": [],
        "disagreements": [],
        "withheld": 0,
        "index_id": "0123456789abcdef",
        "timings_ms": {"total": 1.3},
    }


@settings(max_examples=100, deadline=None)
@given(st.text(min_size=1), st.text())
def test_json_is_one_line_and_gives_every_text_back(text: str, title: str) -> None:
    """Any text and title survive JSON unchanged, on a single line."""
    line = json_line(answer_json(made(text, title=title)))

    assert "\n" not in line
    assert "\r" not in line
    (citation,) = json.loads(line)["citations"]
    assert (citation["text"], citation["context"]["text"], citation["article"]["title"]) == (text, text, title)


@pytest.mark.parametrize(("question", "language"), [(ANSWERED, Language.ITALIAN), (ANSWERED, Language.ENGLISH)])
def test_the_text_holds_each_quote_verbatim(engine: Engine, question: str, language: Language) -> None:
    """Each quote stands in the terminal's text to the letter, between its language's marks, with file and offsets."""
    answer = engine.ask(question, language=language)
    shown = answer_text(answer)
    left, right = "«»" if language is Language.ITALIAN else "“”"

    assert answer.citations
    for citation in answer.citations:
        span, file = citation.quote.span, citation.quote.article.source_file
        assert f"[{citation.number}] {left}{citation.quote.text}{right}\n" in shown
        assert f"{file} [{span.start}:{span.end}]\n" in shown


def test_the_text_word_for_word() -> None:
    """An answer, a follow-up and an answer that was not found are printed exactly so."""
    empty = Answer(
        Question("Where?", Language.ENGLISH, "Where?", (Language.ENGLISH,)),
        Status.NOT_FOUND,
        0.0,
        (),
        (),
        Reason.EMPTY_ARCHIVE,
        "0" * 16,
        {},
    )

    assert answer_text(made("A Hwasong.", title="Un museo")) == "[1] «A Hwasong.»\n    Un museo, a.txt [0:10]\n"
    assert answer_text(made("A Hwasong.", searched="Chi? Dove?")) == (
        "Ricerca effettuata: Chi? Dove?\n\n[1] «A Hwasong.»\n    a.txt [0:10]\n"
    )
    assert answer_text(empty) == "Not found in the archive. The archive holds no articles.\n"


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[2J\x1b[31mrosso\x1b[0m", "\\x1b[2J\\x1b[31mrosso\\x1b[0m"),
        ("\x1b]0;titolo\x07", "\\x1b]0;titolo\\x07"),
        ("\x9b31m", "\\x9b31m"),
        ("vero\rfalso", "vero\\rfalso"),
        ("vero\b\b\b\bfalso", "vero\\x08\\x08\\x08\\x08falso"),
        ("\u202eotallaerre\u202c", "\\u202eotallaerre\\u202c"),
        ("\u2067x\u2069\u200f", "\\u2067x\\u2069\\u200f"),
        ("a\u2028b\u2029c\x85d", "a\\u2028b\\u2029c\\x85d"),
        ("\ufefftab\t\x00", "\\ufefftab\\t\\x00"),
    ],
)
def test_nothing_steers_the_terminal(hostile: str, shown: str) -> None:
    """Escape sequences, carriage returns and direction marks in text, title or search are printed as escapes."""
    printed = answer_text(made(hostile, title=hostile, searched=f"Chi? {hostile}"))

    assert printed == f"Ricerca effettuata: Chi? {shown}\n\n[1] «{shown}»\n    {shown}, a.txt [0:{len(hostile)}]\n"


def test_a_title_cannot_pretend_to_be_another_line() -> None:
    """A line break in a title or a search is an escape; in the quoted words it stays, for they are the slice."""
    assert answer_text(made("uno\ndue", title="T\n[2] «finto»", searched="a\nb")) == (
        "Ricerca effettuata: a\\nb\n\n[1] «uno\ndue»\n    T\\n[2] «finto», a.txt [0:7]\n"
    )


@settings(max_examples=100, deadline=None)
@given(st.text(min_size=1), st.text(), st.text(min_size=1))
def test_no_control_character_is_printed(text: str, title: str, searched: str) -> None:
    """Whatever comes in, the printed text has no control but the newline, and no direction mark or line separator."""
    printed = answer_text(made(text, title=title, searched=searched))

    assert not [c for c in printed if unicodedata.category(c) in ("Cc", "Zl", "Zp", "Cs") and c != "\n"]
    assert not set(BIDI) & set(printed)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"])))
def test_ordinary_writing_is_printed_as_it_is(text: str) -> None:
    """Text without controls, of any script, is not altered; nor are joiners and soft hyphens."""
    assert printable(text) == text
    assert printable("👩\u200d🚀 می\u200cخواهم co\u00adoperare") == "👩\u200d🚀 می\u200cخواهم co\u00adoperare"
