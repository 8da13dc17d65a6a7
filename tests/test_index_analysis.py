"""Words, stems and the terms of a text."""

from __future__ import annotations

import itertools
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis import Word, fold, is_function_word, passage_terms, stem, term, word_term, words, words_among
from index.keys import question_keys
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
@given(
    st.lists(
        st.sampled_from("perché È Choïgou università Košice papà-in già naïve Zürich é 10.000 e".split()), max_size=8
    )
)
def test_decomposed_text_has_the_terms_of_the_composed(pieces: list[str]) -> None:
    """Text as macOS writes it (accents as characters of their own) is found like any other."""
    text = " ".join(pieces)
    decomposed = unicodedata.normalize("NFD", text)

    assert passage_terms(decomposed, "it") == passage_terms(text, "it")
    assert question_keys(decomposed, ("it", "en")) == question_keys(text, ("it", "en"))


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
        ("soldats", "fr", "soldats"),
        ("Città", None, "citta"),
        ("katonák", "hu", "katonak"),
    ],
)
def test_stem(word: str, language: str | None, stemmed: str) -> None:
    """A word's stem is its language's Snowball stem, folded; without a stemmer it is only folded."""
    assert stem(word, language) == stemmed


def test_passage_terms() -> None:
    """Each word gives one term, a stem with its language, or a number's form for all; function words give none."""
    assert passage_terms("I soldati di Kim Jong Un: 10.000 soldati", "it") == [
        *("it:sold", "it:kim", "it:jong", "it:un", "=10000", "it:sold"),
    ]


def test_terms_of_a_language_that_is_not_known() -> None:
    """Without a language the words are folded only, and the function words of both languages give none."""
    assert passage_terms("the museo of Pyongyang è chiuso", None) == ["=museo", "=pyongyang", "=chiuso"]


def test_terms_of_a_third_language() -> None:
    """In a language that is not stemmed the words are folded only, under no language's name."""
    assert passage_terms("Les soldats de Choïgou", "fr") == passage_terms("Les soldats de Choïgou", "hu")
    assert passage_terms("soldats Choïgou 1.000", "fr") == ["=soldats", "=choigou", "=1000"]


@pytest.mark.parametrize(
    ("word", "language", "expected"),
    [("Soldati", "it", "it:sold"), ("Soldiers", "en", "en:soldier"), ("Città", None, "=citta")],
)
def test_term_of_a_word(word: str, language: str | None, expected: str) -> None:
    """A word's term is its stem under its language, or its folded form where there is none."""
    assert term(word, language) == expected


@pytest.mark.parametrize(
    ("text", "language", "terms"),
    [
        ("10.000", "it", ["=10000"]),
        ("10,000", "en", ["=10000"]),
        ("10mila soldati", "it", ["=10000", "it:sold"]),
        ("10 mila soldati", "it", ["=10000", "it:sold"]),
        ("ten thousand", "en", ["=10", "en:thousand"]),
        ("10 thousand soldiers", "en", ["=10000", "en:soldier"]),
        ("1,5 mila", "it", ["=1,5"]),
        ("mila euro", "it", ["it:mil", "it:eur"]),
        ("due", "it", ["=2"]),
        ("Quindici", None, ["=15"]),
        ("two", "it", ["=2"]),
        ("fifteen", "en", ["=15"]),
        ("sei", "it", ["it:sei"]),
        ("six", "en", ["en:six"]),
    ],
)
def test_one_figure_has_one_term(text: str, language: str | None, terms: list[str]) -> None:
    """A figure gives the same term in digits, with *mila* or *thousand*, and as a numeral that means nothing else."""
    assert passage_terms(text, language) == terms


def test_an_endless_figure_is_a_term() -> None:
    """No number is too long to be one, with *mila* after it or without."""
    digits = "7" * 5000

    assert passage_terms(f"{digits} mila e {digits}", "it") == [f"={digits}000", f"={digits}"]


@pytest.mark.parametrize("text", ["10.000 soldati di Kim Jong-un: l’università è chiusa.", "two thousand Museums"])
@pytest.mark.parametrize("language", ["it", "en", "fr", None])
def test_a_word_by_itself_has_the_term_it_has_in_its_text(text: str, language: str | None) -> None:
    """Without *mila*, whose number needs its neighbour, words seen one by one give the terms of the text."""
    found = [word_term(w, text, language) for w in words(text) if not is_function_word(w, text, language)]

    assert found == passage_terms(text, language)


@pytest.mark.parametrize(("place", "function"), [(0, True), (1, False), (2, True), (3, False)])
def test_function_word_in_a_name_is_none(place: int, function: bool) -> None:
    """A capitalised function word is part of a name, unless it begins the text."""
    text = "«Un Un un museo"
    word = list(words(text))[place]

    assert word == Word(word.span, ["un", "un", "un", "museo"][place], place < 2)
    assert word.span == [Span(1, 3), Span(4, 6), Span(7, 9), Span(10, 15)][place]
    assert is_function_word(word, text, "it") is function


@pytest.mark.parametrize(
    ("text", "place", "function"),
    [
        ("ha visto Kim Jong-un", 4, False),
        ("ha visto Kim Jong\u2011un", 4, False),
        ("ha visto Kim Jong\u2010un", 4, False),
        ("ha visto Kim Jong un", 4, True),
        ("ha visto Kim Jong -un", 4, True),
        ("nel 2025-un anno", 2, True),
        ("-un anno", 0, True),
        ("papa\u0300-un", 1, False),
    ],
)
def test_second_half_of_a_compound_is_no_function_word(text: str, place: int, function: bool) -> None:
    """After a letter and a hyphen of any kind a function word is part of a name; after anything else it is none."""
    word = list(words(text))[place]

    assert word.form == "un"
    assert is_function_word(word, text, "it") is function


@given(
    st.text(alphabet=st.sampled_from("aàAÀeéÈ\u0300iyYuUqdtnsšßﬁŒ’ -127.,ñИ中５²①")),
    st.sampled_from(["it", "en", "de", None]),
)
@settings(max_examples=300, deadline=None)
def test_words_among_are_all_whose_term_is_wanted(text: str, language: str | None) -> None:
    """Looking at how words begin leaves out none: each word of a text is found by its own term, and by no other."""
    every = [word for word in words(f"x {text}") if not is_function_word(word, f"x {text}", language)]

    for one in every:
        wanted = word_term(one, f"x {text}", language)
        found = list(words_among(frozenset({wanted}), f"x {text}", language))
        assert found == [word for word in every if word_term(word, f"x {text}", language) == wanted]


@pytest.mark.parametrize(("number", "numeral"), [("7", "sette"), ("7", "Seven"), ("12", "twelve"), ("2", "DUE")])
def test_words_among_find_numerals(number: str, numeral: str) -> None:
    """A number is found where it stands as a word, which begins otherwise."""
    (found,) = words_among(frozenset({f"={number}"}), f"Ne hanno visti {numeral}.", "it")
    assert found.form == fold(numeral)
