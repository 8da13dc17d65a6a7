"""What the program says itself: complete in both languages, and well set."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from index.errors import QuestionProblem
from qa.messages import _TABLE, message
from qa.records import Language, Reason
from tests.conftest import ROOT

NAMES = sorted(_TABLE)


def placeholders(template: str) -> list[str]:
    """The names to be filled in, sorted."""
    return sorted(name for _, name, _, _ in Formatter().parse(template) if name is not None)


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_are_complete(name: str) -> None:
    """Every message has words in both languages, without stray space, and asks for the same values in both."""
    italian, english = _TABLE[name]

    for template in (italian, english):
        assert template
        assert template == template.strip()
        assert "  " not in template
    assert placeholders(italian) == placeholders(english)


@pytest.mark.parametrize("name", NAMES)
def test_apostrophes_and_quotation_marks_are_typographic(name: str) -> None:
    """No message holds a typewriter's apostrophe or quotation mark, and no Italian accent is an apostrophe."""
    italian, english = _TABLE[name]

    assert not set("'\"`´") & set(italian + english)
    assert not re.search(r"\b(?:e|perche|piu|puo|gia|cosi|citta)’(?!\w)", italian, re.IGNORECASE)
    assert not re.search(r"\b(?:perche|perchè|poichè|piu|puo|gia|cosi|sè)\b", italian, re.IGNORECASE)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", list(Language))
def test_values_are_filled_in_as_they_are(name: str, language: Language) -> None:
    """Every message can be said in each language, and a value with braces of its own is not read as a template."""
    values = dict.fromkeys(placeholders(_TABLE[name][0]), "{x} {0} {{")
    template = _TABLE[name][0 if language is Language.ITALIAN else 1]

    said = message(name, language, **values)

    assert said == re.sub(r"\{\w+\}", lambda _: "{x} {0} {{", template)


def test_one_message_word_for_word() -> None:
    """A message in Italian, the same in English, and one with a value."""
    assert message("not_found", Language.ITALIAN) == "Non trovato nell’archivio."
    assert message("not_found", Language.ENGLISH) == "Not found in the archive."
    assert message("searched", Language.ITALIAN, searched="{a}") == "Ricerca effettuata: {a}"


def test_an_unknown_message_is_an_error() -> None:
    """A name that is not in the table raises, rather than showing nothing."""
    with pytest.raises(KeyError):
        message("no_such_message", Language.ITALIAN)


def test_every_reason_and_problem_has_a_message() -> None:
    """Each reason for not finding, and each fault of a question, can be said."""
    wanted = {f"reason_{reason}" for reason in Reason} | {problem.value for problem in QuestionProblem}

    assert wanted <= set(_TABLE)


def test_every_message_named_in_the_source_exists() -> None:
    """Whatever name the program and the page ask for is in the table."""
    used: set[str] = set()
    for path in [*(ROOT / "qa").glob("*.py"), *(ROOT / "page").glob("*.py"), ROOT / "app.py"]:
        used |= set(re.findall(r"\bmessage\(\s*\"(\w+)\"", path.read_text(encoding="utf-8")))

    assert {"not_found", "page_hint", "searched"} <= used
    assert used <= set(_TABLE)
