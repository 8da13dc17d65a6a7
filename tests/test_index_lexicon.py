"""The lexicon's file, and what it and the endings make of words."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

import index.lexicon
from index.analysis import LANGUAGES, stem
from index.lexicon import counterparts, guesses, kin

FILE = Path(index.lexicon.__file__).with_name("lexicon.tsv")
LINES = FILE.read_bytes().decode("utf-8").splitlines()
ROWS = [line for line in LINES if not line.startswith("#")]


def test_the_file_is_two_columns_of_words() -> None:
    """Each line but the headings is English words, a tab, Italian words: letters, single spaces, _ in expressions."""
    for row in ROWS:
        columns = row.split("\t")
        assert len(columns) == 2, row
        for column in columns:
            expressions = column.split(" ")
            assert all(part.isalpha() for e in expressions for part in e.split("_")), row
            assert len(set(expressions)) == len(expressions), row
            assert column == column.lower(), row


def test_no_line_stands_twice() -> None:
    """No line is repeated, and the file ends with a newline."""
    assert [line for line, count in Counter(LINES).items() if count > 1] == []
    assert FILE.read_bytes().endswith(b"\n")
    assert b"\r" not in FILE.read_bytes()


def test_sections_have_names_and_words() -> None:
    """The peoples come first, under the heading the program looks for; every section has a name and some lines."""
    headings = [place for place, line in enumerate(LINES) if line.startswith("#")]

    assert LINES[0] == index.lexicon._PEOPLES == "# peoples"
    assert headings[0] == 0
    assert len(headings) == 11
    assert all(LINES[place].startswith("# ") and LINES[place][2:].strip() for place in headings)
    assert all(later - place > 10 for place, later in zip(headings, [*headings[1:], len(LINES)], strict=True))


def test_every_single_word_leads_to_the_other_column() -> None:
    """Each word of the file, by itself, has terms in the other language, and these are marked with it."""
    for row in ROWS:
        english, italian = row.split("\t")
        for own, source, other, target in ((english, "en", italian, "it"), (italian, "it", english, "en")):
            others = {f"{target}:{stem(part, target)}" for part in other.replace("_", " ").split()}
            for word in own.split():
                if "_" not in word:
                    assert counterparts(word, source, target) >= others


@pytest.mark.parametrize(
    ("word", "source", "target", "terms"),
    [
        ("Russia", "it", "en", {"en:russia", "en:russian"}),
        ("russi", "it", "en", {"en:russia", "en:russian"}),
        ("Russo", "it", "en", {"en:russia", "en:russian"}),
        ("Russian", "en", "it", {"it:russ"}),
        ("Russians", "en", "it", {"it:russ"}),
        ("Corea", "it", "en", {"en:korea", "en:korean"}),
        ("Korea", "en", "it", {"it:cor", "it:core", "it:nordcor", "it:sudcor"}),
        ("nord", "it", "en", {"en:north", "en:northern"}),
        ("North", "en", "it", {"it:nord", "it:settentrional"}),
        ("olandese", "it", "en", {"en:netherland", "en:dutch", "en:holland"}),
        ("Dutch", "en", "it", {"it:paes", "it:bass", "it:oland", "it:olandes"}),
        ("inflazione", "it", "en", {"en:inflat"}),
        ("inflation", "en", "it", {"it:inflazion"}),
        ("Hwasong", "it", "en", set()),
        ("Hwasong", "en", "it", set()),
        ("nord_coreano", "it", "en", set()),
        ("", "it", "en", set()),
    ],
)
def test_counterparts(word: str, source: str, target: str, terms: set[str]) -> None:
    """Any form of a word leads to the terms of its translations; of expressions to those of each word in them."""
    assert counterparts(word, source, target) == terms


@pytest.mark.parametrize(
    ("word", "language", "terms"),
    [
        ("russi", "it", {"it:russ"}),
        ("Russians", "en", {"en:russia", "en:russian"}),
        ("France", "en", {"en:franc", "en:french"}),
        ("francesi", "it", {"it:franc", "it:frances"}),
        ("olandesi", "it", {"it:oland", "it:olandes"}),
        ("museo", "it", set()),
        ("soldiers", "en", set()),
    ],
)
def test_kin(word: str, language: str, terms: set[str]) -> None:
    """A country leads to its people and back, in its own language; other words have no kin."""
    assert kin(word, language) == terms


@pytest.mark.parametrize(
    ("word", "source", "target", "term"),
    [
        ("inflazione", "it", "en", "en:inflat"),
        ("inflation", "en", "it", "it:inflazion"),
        ("deflazione", "it", "en", "en:deflat"),
        ("deflation", "en", "it", "it:deflazion"),
        ("manuale", "it", "en", "en:manual"),
        ("tipografia", "it", "en", "en:tipographi"),
        ("photography", "en", "it", "it:fotograf"),
        ("sismologia", "it", "en", "en:sismolog"),
        ("velocità", "it", "en", "en:veloc"),
        ("velocity", "en", "it", "it:veloc"),
        ("insect", "en", "it", "it:insett"),
        ("pacifista", "it", "en", "en:pacifist"),
        ("pacifist", "en", "it", "it:pacif"),
    ],
)
def test_endings_in_common(word: str, source: str, target: str, term: str) -> None:
    """What a word may look like in the other language is among the guesses."""
    assert term in guesses(word, source, target)


@pytest.mark.parametrize(
    ("word", "source", "target", "terms"),
    [
        ("zione", "it", "en", {"en:zion"}),
        ("tion", "en", "it", {"it:tion"}),
        ("nation", "en", "it", {"it:nat", "it:nation"}),
        ("idea", "it", "en", {"en:ide", "en:idea"}),
        ("via", "it", "en", {"en:via"}),
        ("ia", "it", "en", set()),
        ("a", "it", "en", set()),
        ("", "en", "it", set()),
    ],
)
def test_an_ending_needs_a_root(word: str, source: str, target: str, terms: set[str]) -> None:
    """Guesses keep at least three letters before the ending they replace; a word shorter than that has none."""
    assert guesses(word, source, target) == terms


def test_guesses_are_marked_with_the_target() -> None:
    """Whatever the word, no guess belongs to its own language."""
    for row in ROWS[::10]:
        for column, source, target in zip(row.split("\t"), reversed(LANGUAGES), LANGUAGES, strict=True):
            found = set().union(*(guesses(word, source, target) for word in column.split()))
            assert all(term.startswith(f"{target}:") for term in found)
