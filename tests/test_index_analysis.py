"""Words, stems and the terms a passage and a question meet in."""

from __future__ import annotations

import itertools
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis import Word, fold, is_function_word, passage_terms, question_terms, stem, words
from index.records import Span


def test_words_with_spans_and_forms() -> None:
    """Apostrophes and hyphens divide words, numbers stay whole, and each word keeps its place in the text."""
    text = "L’8 aprile Jong-un è all'ONU: 10.000, 3,5"

    found = [(word.span.of(text), word.form, word.capitalised, word.numeric) for word in words(text)]

    assert found == [
        ("L", "l", True, False),
        ("8", "8", False, True),
        ("aprile", "aprile", False, False),
        ("Jong", "jong", True, False),
        ("un", "un", False, False),
        ("è", "e", False, False),
        ("all", "all", False, False),
        ("ONU", "onu", True, False),
        ("10.000", "10000", False, True),
        ("3,5", "3,5", False, True),
    ]


@pytest.mark.parametrize(
    ("number", "form"),
    [
        ("10.000", "10000"),
        ("10,000", "10000"),
        ("1.234.567", "1234567"),
        ("10000", "10000"),
        ("1.5", "1.5"),
        ("28.04.2025", "28.04.2025"),
        ("28/04/2025", "28/04/2025"),
        ("11:00", "11:00"),
        ("1.000,50", "1.000,50"),
    ],
)
def test_thousands_are_one_form_in_both_languages(number: str, form: str) -> None:
    """Points and commas between thousands go; decimals, dates and times stay as written."""
    assert [word.form for word in words(f"sono {number}.")] == ["sono", form]


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_words_are_in_order_and_apart(text: str) -> None:
    """In any text the words' spans are sorted, disjoint and not empty, and no form is empty."""
    found = list(words(text))

    assert all(one.span.end <= other.span.start for one, other in itertools.pairwise(found))
    assert all(len(word.span) and word.form for word in found)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from("perché È Choïgou università Košice già naïve Zürich é 10.000 e".split()), max_size=8))
def test_decomposed_text_has_the_terms_of_the_composed(pieces: list[str]) -> None:
    """Text as macOS writes it (accents as characters of their own) is found like any other."""
    text = " ".join(pieces)
    decomposed = unicodedata.normalize("NFD", text)

    assert passage_terms(decomposed, "it") == passage_terms(text, "it")
    assert question_terms(decomposed, ("it", "en")) == question_terms(text, ("it", "en"))


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Città", "citta"),
        ("CHOÏGOU", "choigou"),
        ("Straße", "strasse"),
        ("ﬁne", "fine"),
        ("Łódź", "łodz"),
        ("\u0301", "\u0301"),
    ],
)
def test_fold(word: str, folded: str) -> None:
    """Case, accents and ligatures go; a word is never folded to nothing."""
    assert fold(word) == folded


@pytest.mark.parametrize(
    ("word", "language", "stemmed"),
    [
        ("soldati", "it", "sold"),
        ("soldato", "it", "sold"),
        ("Università", "it", "univers"),
        ("soldiers", "en", "soldier"),
        ("Running", "en", "run"),
        ("soldats", "fr", "soldat"),
        ("Città", None, "citta"),
        ("katonák", "hu", "katonak"),
    ],
)
def test_stem(word: str, language: str | None, stemmed: str) -> None:
    """A word's stem is its language's Snowball stem, folded; without a stemmer it is only folded."""
    assert stem(word, language) == stemmed


def test_passage_terms() -> None:
    """Stems carry the language, capitalised words and numbers a form for all; function words give none."""
    assert passage_terms("I soldati di Kim Jong Un: 10.000 soldati", "it") == [
        *("it:sold", "it:kim", "=kim", "it:jong", "=jong", "it:un", "=un", "=10000", "it:sold"),
    ]


def test_terms_of_a_language_that_is_not_known() -> None:
    """Without a language the words are folded only, and the function words of both languages give none."""
    assert passage_terms("the museo of Pyongyang è chiuso", None) == [":museo", ":pyongyang", "=pyongyang", ":chiuso"]


def test_question_terms_are_each_once_in_both_kinds() -> None:
    """Each word of a question is looked for as a stem in every language and as a form, once."""
    assert question_terms("quanti soldati di kim? soldati 2.000", ("it", "en")) == [
        *("it:sold", "en:soldati", "=soldati", "it:kim", "en:kim", "=kim", "=2000"),
    ]


@pytest.mark.parametrize("text", ["", "?!", "«…»", "che cosa è stato", "What was it?"])
def test_question_without_a_topic_has_no_terms(text: str) -> None:
    """Marks and function words alone are nothing to look for."""
    assert question_terms(text, ("it", "en")) == []


@pytest.mark.parametrize(
    ("question", "passage", "language"),
    [
        ("quanti soldati?", "I soldati sono partiti.", "it"),
        ("kim jong un", "Ha parlato Kim Jong Un.", "it"),
        ("KIM", "Ha parlato Kim.", "it"),
        ("How many in Kursk?", "A Kursk sono in pochi.", "it"),
        ("10,000 soldiers", "Sono 10.000 in tutto.", "it"),
        ("museo di Hwasong", "The museum in Hwasong.", "en"),
        ("universita", "L’università è chiusa.", "it"),
    ],
)
def test_question_meets_passage(question: str, passage: str, language: str) -> None:
    """Inflected, lower-case, unaccented and foreign questions share a term with the passage they are about."""
    assert set(question_terms(question, ("it", "en"))) & set(passage_terms(passage, language))


@pytest.mark.parametrize(("place", "function"), [(0, True), (1, False), (2, True), (3, False)])
def test_function_word_in_a_name_is_none(place: int, function: bool) -> None:
    """A capitalised function word is part of a name, unless it begins the text."""
    text = "«Un Un un museo"
    word = list(words(text))[place]

    assert word == Word(word.span, ["un", "un", "un", "museo"][place], place < 2)
    assert word.span == [Span(1, 3), Span(4, 6), Span(7, 9), Span(10, 15)][place]
    assert is_function_word(word, text, "it") is function
