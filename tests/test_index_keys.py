"""What a question looks for, and what it finds in a text of either language."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis import passage_terms
from index.keys import Key, question_keys

BOTH, ITALIAN, ENGLISH = ("it", "en"), ("it",), ("en",)


def key(named: bool, *terms: str) -> Key:
    """A key of these terms."""
    return Key(named, frozenset(terms))


@pytest.mark.parametrize(
    ("text", "languages", "keys"),
    [
        ("Kursk", ITALIAN, [key(True, "=kursk", "it:kursk", "en:kursk")]),
        ("Dove sono i russi?", ITALIAN, [key(False, "=russi", "it:russ", "en:russi", "en:russia", "en:russian")]),
        (
            "Where are the Russians?",
            ENGLISH,
            [key(True, "=russians", "en:russian", "en:russia", "it:russ", "it:russians")],
        ),
        (
            "Quanti soldati?",
            ITALIAN,
            [key(False, "=soldati", "it:sold", "en:soldati", "en:money", "en:soldier")],
        ),
        ("inflation", ENGLISH, [key(False, "=inflation", "en:inflat", "it:inflation", "it:inflazion")]),
        ("Is it 10,000?", ENGLISH, [key(True, "=10000")]),
    ],
)
def test_keys_of_a_question(text: str, languages: tuple[str, ...], keys: list[Key]) -> None:
    """A key is a word's form, its stem in each language, its translations and, of a people, its country's names."""
    assert list(question_keys(text, languages)) == keys


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("quanti soldati di kim? soldati 2.000, kim, 2000", ["=soldati", "=kim", "=2000"]),
        ("Kursk kursk", ["=kursk"]),
        ("due ponti e 2 musei, two bridges", ["=2", "=ponti", "=musei", "=bridges"]),
        ("10 mila o 10mila o 10.000", ["=10000"]),
    ],
)
def test_each_word_is_one_key_in_order(text: str, forms: list[str]) -> None:
    """The words of a question come once each, in order; figures written differently are one."""
    keys = question_keys(text, BOTH)

    assert [form for form in forms if form not in set().union(*(k.terms for k in keys))] == []
    assert [next(form for form in forms if form in k.terms) for k in keys] == forms


@pytest.mark.parametrize("text", ["", "?!", "«…»", "che cosa è stato", "What was it?"])
def test_question_without_a_topic_has_no_keys(text: str) -> None:
    """Marks and function words alone are nothing to look for."""
    assert question_keys(text, BOTH) == ()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("dove si trova hwasong", {"=trova": False, "=hwasong": False}),
        ("dove si trova Hwasong", {"=trova": False, "=hwasong": True}),
        ("museo Museo", {"=museo": False}),
        ("Museo museo", {"=museo": True}),
        ("due musei, 600 soldati", {"=2": True, "=musei": False, "=600": True, "=soldati": False}),
    ],
)
def test_named_are_figures_and_capitalised_words(text: str, named: dict[str, bool]) -> None:
    """A key is named where its word is a number or is first written with a capital."""
    keys = question_keys(text, ITALIAN)

    assert [{form: k.named for form in named if form in k.terms} for k in keys] == [
        {form: value} for form, value in named.items()
    ]


@pytest.mark.parametrize(
    ("text", "guessed"),
    [("tipografia", True), ("Tipografia", True), ("la Tipografia", False), ("la tipografia", True)],
)
def test_a_name_within_a_question_is_not_guessed_at(text: str, guessed: bool) -> None:
    """Only a word that the lexicon has not, and that is not written as a name, is guessed at by its ending."""
    (found,) = question_keys(text, ITALIAN)

    assert found.terms >= {"=tipografia", "it:tipograf", "en:tipografia"}
    assert ("en:tipographi" in found.terms) is guessed


@pytest.mark.parametrize(
    ("one", "other", "languages"),
    [
        ("10.000", "10,000", BOTH),
        ("10mila", "10.000", BOTH),
        ("10 mila", "10 thousand", BOTH),
        ("due", "two", BOTH),
        ("Quindici", "fifteen", ITALIAN),
        ("2", "two", ENGLISH),
    ],
)
def test_one_figure_is_one_key(one: str, other: str, languages: tuple[str, ...]) -> None:
    """Figures in digits, thousands in words and numerals of both languages are the same key."""
    assert question_keys(one, languages) == question_keys(other, languages) != ()


def test_kim_jong_un_however_written() -> None:
    """With hyphens or without, the name is the same three things to look for."""
    hyphenated, apart = question_keys("Kim Jong-un", BOTH), question_keys("Kim Jong Un", BOTH)

    assert [k.terms for k in hyphenated] == [k.terms for k in apart]
    assert [k.terms for k in apart[1:]] == [{"=jong", "it:jong", "en:jong"}, {"=un", "it:un", "en:un"}]


@pytest.mark.parametrize(
    ("question", "languages", "passage", "language", "held"),
    [
        ("quanti soldati?", ITALIAN, "I soldati sono partiti.", "it", 1),
        ("kim jong-un", BOTH, "Ha parlato Kim Jong Un.", "it", 3),
        ("Kim Jong Un", BOTH, "It was Kim Jong-un.", "en", 3),
        ("KIM", BOTH, "Ha parlato Kim.", "it", 1),
        ("How many in Kursk?", ENGLISH, "A Kursk sono in pochi.", "it", 1),
        ("10,000 soldiers", ENGLISH, "Sono 10 mila soldati in tutto.", "it", 2),
        ("museo di Hwasong", ITALIAN, "The museum in Hwasong.", "en", 2),
        ("universita", ITALIAN, "L’università è chiusa.", "it", 1),
        ("università", ITALIAN, "Universities are closed.", "en", 1),
        ("Russia", ITALIAN, "Il ministro russo.", "it", 1),
        ("russo", ITALIAN, "The Russian minister.", "en", 1),
        ("Russian", ENGLISH, "La Russia.", "it", 1),
        ("Corea del Nord", ITALIAN, "It is North Korea.", "en", 2),
        ("North Korea", ENGLISH, "È la Corea del Nord.", "it", 2),
        ("Korea", ENGLISH, "Il leader nordcoreano.", "it", 1),
        ("inflazione", ITALIAN, "Inflation rises.", "en", 1),
        ("inflation", ENGLISH, "Sale l’inflazione.", "it", 1),
        ("two bridges", ENGLISH, "Ha inaugurato due ponti.", "it", 2),
        ("soldats Choïgou", BOTH, "Les soldats de Choïgou", "fr", 2),
        ("Sergei Choïgou", BOTH, "Les soldats", "fr", 0),
        ("museo", ITALIAN, "The bridge of Kursk.", "en", 0),
    ],
)
def test_question_meets_passage(
    question: str, languages: tuple[str, ...], passage: str, language: str, held: int
) -> None:
    """Inflected, lower-case, unaccented and foreign questions share as many words with the text they are about."""
    terms = set(passage_terms(passage, language))

    assert sum(bool(k.terms & terms) for k in question_keys(question, languages)) == held


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60), st.sampled_from([BOTH, ITALIAN, ENGLISH]))
def test_keys_of_any_text(text: str, languages: tuple[str, ...]) -> None:
    """Of any text the keys are different, each has terms, and all terms have a language's mark or the common one."""
    keys = question_keys(text, languages)

    assert len({k.terms for k in keys}) == len(keys)
    assert all(k.terms for k in keys)
    assert all(term.startswith(("=", "it:", "en:")) for k in keys for term in k.terms)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from("Perché È Choïgou università papà-in Zürich 10.000 due russi".split()), max_size=8))
def test_decomposed_question_has_the_keys_of_the_composed(pieces: list[str]) -> None:
    """A question as macOS writes it (accents as characters of their own) looks for the same."""
    text = " ".join(pieces)

    assert question_keys(unicodedata.normalize("NFD", text), BOTH) == question_keys(text, BOTH)
